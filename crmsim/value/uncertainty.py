"""How sure an estimate is: standard errors of whatever one asks a fitted model.

Any answer q of a model depends on estimates, so it has a standard error. All estimators of this package give it in one
way, through *neighbours*: pairs of models that differ from the fitted one as the estimates may differ from the truth.

    variance of q = sum over pairs of (weight * (q(one) - q(other)))**2

* Models fitted by maximum likelihood (`BGNBD`, `ParetoNBD`, `GammaGamma`, `ShiftedBetaGeometric`): the delta method.
  The pairs lie a small step to both sides along the columns of a root of the covariance matrix; weight 1 / (2 * step).
* `Cohort`: the delete-a-group jackknife. Customers are dealt into 50 groups; each pair is the estimate without one
  group and the estimate from all; weight sqrt((groups - 1) / groups).
* `Historic`: the delta method, with the variance of a count of random purchases and of a mean amount.

It is the error of the *expected* value, from having seen too few customers. What a single customer then does scatters
far more; and no standard error knows that a model is wrong (for that see `score_clv`).

Sources: Casella & Berger 2002, section 5.5.4 (delta method); Kott 2001, Journal of Official Statistics 17(4)
(jackknife).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import pandas as pd

from crmsim.errors import InputError, told


class Estimator(Protocol):
    """Whatever can say how else it might have come out."""

    def neighbours(self) -> Iterator[tuple[Any, Any, float]]:
        """Pairs of models, and the weight of the difference of their answers."""


class Estimate(NamedTuple):
    """An answer and its standard error, both of the same kind and shape."""

    value: Any
    se: Any


def with_errors(model: Estimator, question: Callable[[Any], Any]) -> Estimate:
    """The answer of a fitted model to a question, with its standard error.

    Parameters
    ----------
    model : fitted model
        BGNBD, ParetoNBD, GammaGamma, ShiftedBetaGeometric, Cohort or Historic.
    question : function
        Takes a model and returns a number, an array, a Series or a DataFrame of numbers.

    Returns
    -------
    Estimate
        `.value` and `.se`; a Series or table keeps its index.

    Raises
    ------
    InputError
        The model was made from known parameters, and has no error; this is not a model; or the question is no function,
        or its answer holds no numbers.

    Notes
    -----
    See the formula at the top of this module.

    Examples
    --------
    >>> import crmsim as crm
    >>> table = crm.value.summary(crm.dataset("cdnow"), at="1997-09-30")
    >>> model = crm.value.BGNBD().fit(table)
    >>> found = with_errors(model, lambda m: m.expected_purchases(52))
    >>> round(found.value, 3), round(found.se, 3)
    (1.444, 0.07)
    """
    if not hasattr(model, "neighbours"):
        raise InputError(f"with_errors: a fitted model is needed, such as crm.value.BGNBD, but {model!r} was given.")
    if not callable(question):
        raise InputError(
            f"question: a function of a model is needed, such as lambda m: m.expected_purchases(52), but "
            f"{told(question)} was given."
        )
    value = _answer(model, question)
    variance = value * 0.0
    for one, other, weight in model.neighbours():
        variance = variance + ((question(one) - question(other)) * weight) ** 2
    se = variance**0.5
    if isinstance(se, pd.Series):
        se = se.rename(f"{value.name}_se")
    return Estimate(value, se)


def _answer(model: Any, question: Callable[[Any], Any]) -> Any:
    """The answer, or `InputError` when the function fails or gives no numbers."""
    try:
        value = question(model)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"question: the function fails with this model, {type(error).__name__}: {error}") from error
    try:
        value * 0.0 - value
    except TypeError as error:
        raise InputError(
            f"question: its answer is {told(value)}, but a number, an array, a Series or a table of numbers is needed."
        ) from error
    return value
