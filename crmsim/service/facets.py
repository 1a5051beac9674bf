"""The five facets of satisfaction (顾客满意的五个方面), and a gap for every dimension of service (差距模型).

A weighted index puts the facets together: sum of weight times score, the weights summing to one. The gap of a dimension
is what customers perceived less what they expected, on average; the lowest gap hurts most.

Sources: curriculum F03, F04, TV08; weights are [EXT]. The five dimensions of SERVQUAL (reliability, responsiveness,
assurance, empathy, tangibles): Parasuraman, Zeithaml & Berry 1988, [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, did_you_mean
from crmsim.service.lists import catalogue


def facet_index(scores: Any, weights: Mapping[str, float]) -> Any:
    """The weighted index of the five facets.

    Parameters
    ----------
    scores : mapping or DataFrame
        `idea`, `behaviour`, `audiovisual`, `product`, `service`: 0 to 100; a table has a row per customer.
    weights : mapping
        The same five: 0 or more, summing to 1.

    Returns
    -------
    float or Series
        0 to 100; for a table, `facet_index` for each row.

    Raises
    ------
    InputError
        A facet is missing or unknown, a score is not from 0 to 100, or the weights do not sum to 1.

    Notes
    -----
    Curriculum F03, TV08.

    Examples
    --------
    >>> weights = dict(idea=0.15, behaviour=0.20, audiovisual=0.10, product=0.30, service=0.25)
    >>> round(facet_index(dict(idea=80, behaviour=70, audiovisual=90, product=60, service=75), weights), 6)
    71.75
    """
    names = list(catalogue("facets").index)
    factors = _row(weights, names, "weights")
    if (factors < 0).any() or abs(factors.sum() - 1) > 1e-9:
        raise InputError(f"weights sum to {factors.sum():g}; give five numbers, 0 or more, that sum to 1.")
    if isinstance(scores, pd.DataFrame):
        require_columns(scores, dict.fromkeys(names, "number"), what="scores")
        found = checks.numbers("scores", scores[names].to_numpy(), low=0, high=100)
        return pd.Series(found @ factors, index=scores.index, name="facet_index")
    row = checks.numbers("scores", _row(scores, names, "scores"), low=0, high=100)
    return float(row @ factors)


def gaps(answers: pd.DataFrame, dimensions: Sequence[str] | None = None) -> pd.DataFrame:
    """Perceived less expected for each dimension of a survey, with its standard error; the worst first.

    Parameters
    ----------
    answers : DataFrame
        One row per customer: `expected_<dimension>` and `perceived_<dimension>`.
    dimensions : sequence of str, optional
        By default SERVQUAL's five.

    Returns
    -------
    DataFrame
        Indexed by `dimension`: `expected`, `perceived`, `gap` (means), `gap_se`; the lowest gap first, ties in the
        order given. The error is missing after a single answer.

    Raises
    ------
    InputError
        A column is missing or spoilt, or there are no dimensions.

    Notes
    -----
    Curriculum F04; gap model and dimensions are [EXT].

    Examples
    --------
    >>> table = pd.DataFrame({"expected_price": [3, 5], "perceived_price": [4, 5]})
    >>> table = table.assign(expected_staff=4, perceived_staff=3)
    >>> gaps(table, ["price", "staff"])["gap"].to_dict()
    {'staff': -1.0, 'price': 0.5}
    """
    given = catalogue("servqual").index if dimensions is None else dimensions
    names = checks.names_of("dimensions", given, example="['price', 'staff']")
    if not names:
        raise InputError("gaps: give at least one dimension.")
    sides = [f"{side}_{name}" for name in names for side in ("expected", "perceived")]
    require_columns(answers, dict.fromkeys(sides, "number"), what="answers")
    expected, perceived = answers[sides[0::2]].to_numpy(float), answers[sides[1::2]].to_numpy(float)
    each = perceived - expected
    error = each.std(axis=0, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.full(len(names), np.nan)
    found = {"expected": expected.mean(axis=0), "perceived": perceived.mean(axis=0), "gap": each.mean(axis=0)}
    table = pd.DataFrame({**found, "gap_se": error}, index=pd.Index(names, name="dimension"))
    return table.sort_values("gap", kind="stable")


def _row(values: Any, names: list[str], what: str) -> Any:
    if not isinstance(values, (Mapping, pd.Series)):
        raise InputError(f"{what}: a dict with {', '.join(names)} is needed, but a {type(values).__name__} was given.")
    given = dict(values)
    for name in [*names, *given]:
        if name not in given:
            raise InputError(f"{what}: {name!r} is missing. {did_you_mean(name, given)}")
        if name not in names:
            raise InputError(f"{what}: {name!r} is not a facet. {did_you_mean(str(name), names)}")
    return checks.numbers(what, [given[name] for name in names])
