"""Satisfaction (客户满意) and its degree (客户满意度): one customer, and a survey.

    satisfaction = perceived - expected

Above zero the experience exceeded the expectation, at zero it confirmed it, below zero it disappointed. Of a survey
with scores (5 is best) one reports the mean, the *index*, and the *top-two-box* share: scores of 4 and 5.

Sources: curriculum F01, F02; satisfaction as perceived less expected also Oliver 1980. Index and top-two-box: [EXT].
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, did_you_mean


@overload
def satisfaction(expected: float, perceived: float) -> float: ...
@overload
def satisfaction(expected: pd.Series[Any], perceived: pd.Series[Any]) -> pd.Series[float]: ...
def satisfaction(expected: Any, perceived: Any) -> Any:
    """How far what a customer perceived is above what the customer expected.

    Parameters
    ----------
    expected, perceived : float or Series
        On the same scale. Two Series have the same index.

    Returns
    -------
    float or Series
        perceived - expected: above 0 satisfied, 0 confirmed, below 0 dissatisfied.

    Raises
    ------
    InputError
        A value is not a finite number, or the two do not fit together.

    Notes
    -----
    Curriculum F01.

    Examples
    --------
    >>> satisfaction(4, 3.5)
    -0.5
    """
    if isinstance(expected, pd.Series) != isinstance(perceived, pd.Series):
        raise InputError("satisfaction: give two numbers or two Series, not one of each.")
    if isinstance(expected, pd.Series):
        if not expected.index.equals(perceived.index):
            raise InputError("satisfaction: expected and perceived have different row labels; bring them in one table.")
        checks.numbers("expected", expected), checks.numbers("perceived", perceived)
        return (perceived - expected).rename("satisfaction")
    return checks.number("perceived", perceived) - checks.number("expected", expected)


def judgement(difference: float) -> str:
    """What a difference between perceived and expected means, in a word.

    Examples
    --------
    >>> [judgement(d) for d in (0.5, 0, -0.1)]
    ['satisfied', 'confirmed', 'dissatisfied']
    """
    value = checks.number("difference", difference)
    return "satisfied" if value > 0 else "dissatisfied" if value < 0 else "confirmed"


def satisfaction_index(scores: Any) -> float:
    """The mean score of a survey.

    Parameters
    ----------
    scores : sequence of numbers
        At least one, finite.

    Returns
    -------
    float

    Raises
    ------
    InputError
        There are none, or one is not a number.

    Examples
    --------
    >>> satisfaction_index([5, 4, 3, 2])
    3.5
    """
    return float(checks.numbers("scores", scores).mean())


def top_two_box(scores: Any, *, best: int = 5) -> float:
    """The share of answers in the two best boxes of the scale.

    Parameters
    ----------
    scores : sequence of whole numbers
        From 1 to `best`.
    best : int
        The best score of the scale, 3 to 100.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    InputError
        A score is not on the scale.

    Examples
    --------
    >>> top_two_box([5, 4, 3, 2])
    0.5
    """
    most = checks.whole("best", best, low=3, high=100)
    found = checks.numbers("scores", scores, low=1, high=most)
    if (found % 1 != 0).any():
        raise InputError(f"scores holds {found[found % 1 != 0][0]:g}; boxes are whole numbers from 1 to {most}.")
    return float((found >= most - 1).mean())


def survey_summary(source: Any, *, by: str | None = None) -> pd.DataFrame:
    """Index and top-two-box share of a survey with their standard errors, for all or group by group.

    Parameters
    ----------
    source : run, its past, or DataFrame
        One row per answer: `satisfaction`, 1 to 5.
    by : str, optional
        A column to group by, for example "period".

    Returns
    -------
    DataFrame
        A row per group ("all" without `by`): `n_answers`, `satisfaction_index`, `index_se`, `top_two_box_share`,
        `share_se`; an error is missing after a single answer.

    Raises
    ------
    InputError
        A column is missing or a score is not from 1 to 5.

    Notes
    -----
    Curriculum F02. Standard errors of a mean and a share, for answers that do not depend on each other. [EXT]

    Examples
    --------
    >>> survey_summary(pd.DataFrame({"satisfaction": [5, 4, 3, 2]})).round(3).loc["all"].tolist()
    [4.0, 3.5, 0.645, 0.5, 0.289]
    """
    table = source if isinstance(source, pd.DataFrame) else getattr(source, "surveys", source)
    require_columns(table, {"satisfaction": "number"}, what="surveys")
    checks.numbers("surveys: satisfaction", table["satisfaction"], low=1, high=5)
    if by is not None and checks.label("by", by) not in table.columns:
        near = did_you_mean(str(by), table.columns)
        raise InputError(f"survey_summary: there is no column {by!r} to group by. {near}")
    key: Any = np.full(len(table), "all") if by is None else table[by].to_numpy()
    both = pd.DataFrame({"index": table["satisfaction"], "top": (table["satisfaction"] >= 4).astype(float)})
    groups = both.groupby(key, observed=True)
    means, errors = groups.mean(), groups.sem()
    found = {"n_answers": groups.size(), "satisfaction_index": means["index"], "index_se": errors["index"]}
    table = pd.DataFrame({**found, "top_two_box_share": means["top"], "share_se": errors["top"]})
    return table.rename_axis(by or "group")
