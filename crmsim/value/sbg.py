"""The shifted-beta-geometric model (sBG, 移位贝塔几何模型): how long contracts last.

At the end of every period a customer cancels with a probability theta of his own, the same every time. Over
the customers, theta follows a Beta distribution with parameters alpha and beta. The longer a group has been
with the firm, the higher its retention rate (保留率) becomes: not because anybody grows loyal, but because
those with a high theta are gone.

Source: Fader & Hardie 2007, How to project customer retention, Journal of Interactive Marketing 21(1), 76-90.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.value.likelihood import Array, Problem, Rows
from crmsim.value.model import Model, distinct, like, one_time, times


class ShiftedBetaGeometric(Model):
    """The shifted-beta-geometric model: how many of a group still have their contract after t renewals.

    For contracts in whole periods, where the firm sees when a customer leaves.

    Notes
    -----
    Parameters alpha, beta; mean probability of leaving alpha / (alpha + beta); source: Fader & Hardie 2007.

    Examples
    --------
    >>> model = ShiftedBetaGeometric.from_params(alpha=1, beta=1)
    >>> model.probability_alive([0, 1, 2, 3]).round(4).tolist()      # 1 / (t + 1)
    [1.0, 0.5, 0.3333, 0.25]
    """

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")

    def fit(self, customers: Any, *, prior_weight: float = 0.0) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        customers : array, Series or DataFrame
            Either the number of customers at the start and after renewal 1, 2, ...: never rising; or one
            row per customer with `age` (renewals decided so far, whole) and `churned` (True: left at the
            last of them). Shares give the same parameters as counts, but standard errors need counts.
        prior_weight : float
            0 is maximum likelihood. With w > 0 the logarithm of every parameter is pulled towards a usual
            size as by w observations: for small tables that do not determine the model.

        Returns
        -------
        ShiftedBetaGeometric
            The model itself.

        Raises
        ------
        InputError
            The numbers rise, are negative, or there are fewer than two; a column is missing or wrong.
        FitError
            Nobody left, everybody left at once, or the data do not determine the parameters.

        Notes
        -----
        P(T = t) = B(alpha + 1, beta + t - 1) / B(alpha, beta), S(t) = B(alpha, beta + t) / B(alpha, beta).

        Examples
        --------
        >>> ShiftedBetaGeometric().fit([1000, 869, 743, 653, 593, 551, 517, 491])
        ShiftedBetaGeometric(alpha=0.6681, beta=3.806)
        """
        table = customers if isinstance(customers, pd.DataFrame) else None
        rows, weights = _from_survivors(customers) if table is None else _from_customers(table)
        start = {"alpha": 1.0, "beta": 1.0}
        return self._maximise(Problem(_log_likelihood, rows, weights, start, "sBG"), prior_weight)

    def probability_alive(self, t: Any) -> Any:
        """Probability S(t) that a new customer still has the contract after t renewals.

        Parameters
        ----------
        t : float or array
            Number of renewals, 0 or more.

        Returns
        -------
        float or array

        Raises
        ------
        InputError
            `t` is negative or not a number.

        Notes
        -----
        S(t) = B(alpha, beta + t) / B(alpha, beta): Fader & Hardie 2007.

        Examples
        --------
        >>> round(ShiftedBetaGeometric.from_params(alpha=0.668, beta=3.806).probability_alive(12), 3)
        0.378
        """
        alpha, beta = self._values()
        return like(np.exp(_log_survival(alpha, beta, times(t))), t)

    def retention_rate(self, t: Any) -> Any:
        """Share of those still there after t - 1 renewals who renew the t-th time.

        Parameters
        ----------
        t : float or array
            Which renewal, 1 or more.

        Returns
        -------
        float or array

        Raises
        ------
        InputError
            `t` is below 1 or not a number.

        Notes
        -----
        S(t) / S(t - 1) = (beta + t - 1) / (alpha + beta + t - 1): Fader & Hardie 2007.

        Examples
        --------
        >>> ShiftedBetaGeometric.from_params(alpha=1, beta=3).retention_rate([1, 2, 6]).round(3).tolist()
        [0.75, 0.8, 0.889]
        """
        alpha, beta = self._values()
        which = times(t)
        if np.any(which < 1):
            raise InputError(f"t={t!r}: renewals are counted from 1.")
        return like((beta + which - 1) / (alpha + beta + which - 1), t)

    def expected_purchases(self, t: int, *, age: int = 0) -> float:
        """Expected number of renewals among the next t, for a customer who has already renewed `age` times.

        Parameters
        ----------
        t : int
            Number of coming renewals, 0 or more.
        age : int
            Renewals made so far, 0 or more.

        Returns
        -------
        float

        Raises
        ------
        InputError
            `t` or `age` is negative or not a number.

        Notes
        -----
        The sum of S(age + k) / S(age) for k = 1 ... t.

        Examples
        --------
        >>> model = ShiftedBetaGeometric.from_params(alpha=1, beta=1)
        >>> round(model.expected_purchases(3), 4)      # 1/2 + 1/3 + 1/4
        1.0833
        """
        alpha, beta = self._values()
        n_renewals, made = int(one_time(t)), one_time(age, "age")
        return float(np.exp(_log_survival(alpha, beta + made, np.arange(1.0, n_renewals + 1))).sum())


def _log_survival(alpha: float, beta: float, t: Array) -> Array:
    from scipy.special import betaln

    return np.asarray(betaln(alpha, beta + t) - betaln(alpha, beta))


def _log_likelihood(params: Array, rows: Rows) -> Array:
    """Left at renewal `age`, or still there after it."""
    alpha, beta = params
    age, churned = rows
    before = _log_survival(alpha, beta, age - churned)
    return np.asarray(before + churned * (np.log(alpha) - np.log(alpha + beta + age - 1)))


def _from_survivors(survivors: Any) -> tuple[Rows, Array]:
    try:
        left = np.asarray(survivors, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"survivors: numbers of customers are needed, not {survivors!r}.") from error
    if left.ndim != 1 or len(left) < 2 or not np.all(np.isfinite(left)) or np.any(left < 0):
        raise InputError(
            "survivors: give at least two numbers, 0 or more: customers at the start and after each renewal."
        )
    lost = -np.diff(left)
    if np.any(lost < 0):
        worst = int(lost.argmin()) + 1
        raise InputError(
            f"survivors: the number rises from {left[worst - 1]:g} to {left[worst]:g} at renewal {worst}; "
            "customers who join later belong to a group of their own."
        )
    renewals = np.arange(1.0, len(left))
    ages = np.append(renewals, renewals[-1])
    churned = np.append(np.ones(len(lost)), 0.0)
    weights = np.append(lost, left[-1])
    return (ages[weights > 0], churned[weights > 0]), weights[weights > 0]


def _from_customers(table: pd.DataFrame) -> tuple[Rows, Array]:
    require_columns(table, {"age": "count", "churned": "id"}, what="customers")
    churned: npt.NDArray[Any] = table["churned"].to_numpy()
    if churned.dtype != np.bool_:
        raise InputError(f"customers: column 'churned' holds {churned.dtype}, but True or False is needed.")
    age = table["age"].to_numpy("float64")
    if np.any(churned & (age < 1)):
        raise InputError("customers: somebody has churned at age 0; the first renewal is age 1.")
    return distinct(age, churned.astype(np.float64))
