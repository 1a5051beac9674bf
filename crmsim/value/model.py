"""What all the models share: they are fitted to a table or made from known parameters, and then asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, did_you_mean, told
from crmsim.value.likelihood import Array, Fit, Problem, Rows, maximise

STEP = 0.01
"""Length of a step to a neighbour, in standard errors: slopes need it small, rounding needs it not too small."""


class Model:
    """A model with positive parameters, fitted by maximum likelihood or made from known parameters."""

    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        self._params: dict[str, float] | None = None
        self._found: Fit | None = None

    @classmethod
    def from_params(cls, **params: float) -> Self:
        """The model with these parameters, named as in the literature; all are positive numbers.

        Raises `InputError` when one is missing, unknown, or not a positive number. The class says what they are called.
        """
        for name in params:
            if name not in cls.names:
                raise InputError(f"{cls.__name__} has no parameter {name!r}. {did_you_mean(name, cls.names)}")
        for name in cls.names:
            if name not in params:
                raise InputError(f"{cls.__name__}: {name} is missing; give {', '.join(cls.names)}.")
        model = cls()
        model._params = {name: _positive(params[name], f"{cls.__name__}: {name}") for name in cls.names}
        return model

    @property
    def params(self) -> Mapping[str, float]:
        """Parameter name, as in the literature, to value; read-only."""
        if self._params is None:
            raise InputError(
                f"This {type(self).__name__} has no parameters yet: call .fit(...) first, "
                f"or make it with .from_params({', '.join(n + '=...' for n in self.names)})."
            )
        return MappingProxyType(self._params)

    @property
    def standard_errors(self) -> Mapping[str, float]:
        """Parameter name to the standard error of its estimate; read-only."""
        return MappingProxyType(self._fitted.standard_errors)

    @property
    def log_likelihood(self) -> float:
        """Logarithm of the likelihood of the data at the estimates."""
        return self._fitted.log_likelihood

    @property
    def converged(self) -> bool:
        """True after a fit: a search that does not arrive raises `FitError` instead of returning."""
        return self._fitted.converged

    @property
    def n_customers(self) -> int:
        """Number of customers the model was fitted to."""
        return self._fitted.n_customers

    def neighbours(self) -> Iterator[tuple[Self, Self, float]]:
        """Pairs of models a small step to both sides of this one, for `crm.value.with_errors` (the delta method).

        The steps are the columns of a root of the covariance matrix of the estimates, so that the sum of the squared
        slopes along them is the variance of whatever is asked.
        """
        logs = np.log(list(self._values()))
        for step in np.linalg.cholesky(self._fitted.log_covariance).T * STEP:
            ends = (dict(zip(self.names, np.exp(logs + sign * step).tolist(), strict=True)) for sign in (1, -1))
            yield (*(type(self).from_params(**end) for end in ends), 1 / (2 * STEP))  # type: ignore[misc]

    def __repr__(self) -> str:
        if self._params is None:
            return f"{type(self).__name__}(not fitted)"
        return f"{type(self).__name__}({', '.join(f'{k}={v:.4g}' for k, v in self._params.items())})"

    @property
    def _fitted(self) -> Fit:
        if self._found is None:
            raise InputError(
                f"This {type(self).__name__} was not fitted to data, so this is not known; call .fit(...)."
            )
        return self._found

    def _values(self) -> tuple[float, ...]:
        return tuple(self.params[name] for name in self.names)

    def _maximise(self, problem: Problem, prior_weight: Any) -> Self:
        if not is_number(prior_weight) or prior_weight < 0:
            raise InputError(
                f"prior_weight={prior_weight!r}: give a number, 0 or more; 0 uses the data alone."
            )
        self._found = maximise(replace(problem, prior_weight=float(prior_weight)))
        self._params = self._found.params
        return self


def purchase_history(summary: pd.DataFrame) -> tuple[npt.NDArray[np.int64], Array, Array]:
    """Arrays x, t_x and T of a summary table, or `InputError` where they contradict each other."""
    kinds = {"frequency": "count", "recency_at_last": "money", "age": "money"}
    require_columns(summary, kinds, what="summary")
    x = summary["frequency"].to_numpy("int64")
    last, age = (summary[name].to_numpy("float64") for name in ("recency_at_last", "age"))
    _refuse(summary, last > age, "recency_at_last is greater than age: the last purchase lies in the future")
    _refuse(summary, (x == 0) & (last > 0), "recency_at_last is not 0 although there is no repeat purchase")
    return x, last, age


def frequency_and_spend(summary: pd.DataFrame) -> tuple[Array, Array]:
    """Frequency, and mean spend with 0 where there is no repeat purchase."""
    require_columns(summary, {"frequency": "count"}, what="summary")
    x = summary["frequency"].to_numpy("float64")
    repeat = summary[x > 0]
    spend = np.zeros(len(summary))
    if len(repeat):
        require_columns(repeat, {"mean_spend": "money"}, what="summary (customers with repeat purchases)")
        spend[x > 0] = repeat["mean_spend"].to_numpy("float64")
    return x, spend


def distinct(*columns: npt.NDArray[Any]) -> tuple[tuple[Array, ...], Array]:
    """The distinct rows of equally long columns, and how often each occurs."""
    order = np.lexsort(columns[::-1])
    ordered = [column[order] for column in columns]
    new = np.concatenate([[True], np.any([column[1:] != column[:-1] for column in ordered], axis=0)])
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(order)))
    return tuple(column[starts] for column in ordered), counts.astype(np.float64)


def mean_age(rows: Rows, weights: Array) -> float:
    """Mean age of the customers, where the search for a scale of time begins."""
    return max(float(weights @ rows[2] / weights.sum()), 1e-6)


def log_rising(r: float, n: int) -> Array:
    """Logarithm of Gamma(r + x) / Gamma(r) for x = 0 ... n, exact also for a large r."""
    from scipy.special import betaln, gammaln

    x = np.arange(1.0, n + 1)
    return np.concatenate([[0.0], gammaln(x) - betaln(r, x)])


def times(t: Any, name: str = "t") -> Array:
    """`t` as an array of lengths of time: numbers that are 0 or more."""
    try:
        lengths = np.asarray(t, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}={told(t)} is not a number of units of time, such as {name}=52.") from error
    if not np.all(lengths >= 0) or not np.all(np.isfinite(lengths)):
        raise InputError(f"{name}={told(t)}: a length of time is a finite number, 0 or more.")
    return lengths


def one_time(t: Any, name: str = "t") -> float:
    """`t` as one length of time."""
    lengths = times(t, name)
    if lengths.ndim:
        raise InputError(f"{name}={told(t)}: one length of time is needed here, such as {name}=52.")
    return float(lengths)


def rows_of(summary: Any) -> pd.Index[Any]:
    """The row labels of a summary of which nothing else is needed, or `InputError`."""
    if not isinstance(summary, pd.DataFrame):
        raise InputError(f"summary: a table is needed, but {told(summary)} was given; make it with crm.value.summary.")
    return summary.index


def like(values: Array, t: Any) -> Any:
    """A float where `t` was a number, the array otherwise."""
    return float(values) if np.ndim(t) == 0 else values


def _refuse(summary: pd.DataFrame, bad: npt.NDArray[np.bool_], why: str) -> None:
    if bad.any():
        row = int(bad.argmax())
        raise InputError(
            f"summary: {why}, in row {row} (index {summary.index[row]}) and {int(bad.sum()) - 1} more; "
            "make the table with crm.value.summary(transactions, at=...)."
        )


def _positive(value: Any, what: str) -> float:
    if not is_number(value):
        raise InputError(f"{what}={value!r} is not a number; it must be a positive number.")
    if value <= 0:
        raise InputError(f"{what}={value!r} must be greater than 0.")
    return float(value)
