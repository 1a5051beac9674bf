"""Kano's classes of features (卡诺模型): two questions for each feature, and a table.

How would you feel if the product had it (functional), and if it had it not (dysfunctional)? Five answers: like,
must-be, neutral, live-with, dislike. The pair gives the class:

    A attractive (its presence pleases)            O one-dimensional (more is better)
    M must-be (its absence hurts)                  I indifferent
    R reverse (rather not)                         Q questionable (the answers contradict each other)

Of many customers the class named most often decides; between equals the more urgent one: M, O, A, I, then R, Q.

The handout names the model and gives no details: table and rules are [EXT]. Source: Kano et al. 1984; TV09; the order
between equals: Matzler & Hinterhuber 1998.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError

ANSWERS = ("like", "must-be", "neutral", "live-with", "dislike")
CLASSES = ("M", "O", "A", "I", "R", "Q")
"""In the order that decides between equals."""
_ROWS = {"like": "QAAAO", "must-be": "RIIIM", "neutral": "RIIIM", "live-with": "RIIIM", "dislike": "RRRRQ"}


def kano_table() -> pd.DataFrame:
    """The 25 pairs of answers and their classes.

    Returns
    -------
    DataFrame
        Rows `functional`, columns `dysfunctional`: a letter.

    Examples
    --------
    >>> kano_table().loc["like"].to_list()
    ['Q', 'A', 'A', 'A', 'O']
    """
    rows = {functional: list(letters) for functional, letters in _ROWS.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(ANSWERS))
    return table.rename_axis(index="functional", columns="dysfunctional")


def kano_class(functional: str, dysfunctional: str) -> str:
    """The class of a feature for one customer.

    Parameters
    ----------
    functional, dysfunctional : str
        "like", "must-be", "neutral", "live-with" or "dislike".

    Returns
    -------
    str
        A, O, M, I, R or Q.

    Raises
    ------
    InputError
        It is none of the five answers.

    Examples
    --------
    >>> kano_class("like", "dislike"), kano_class("neutral", "dislike"), kano_class("like", "neutral")
    ('O', 'M', 'A')
    """
    row = checks.one_of("functional", functional, ANSWERS)
    return _ROWS[row][ANSWERS.index(checks.one_of("dysfunctional", dysfunctional, ANSWERS))]


def kano_majority(answers: pd.DataFrame) -> pd.DataFrame:
    """The class that most customers give to each feature.

    Parameters
    ----------
    answers : DataFrame
        One row per customer and feature: `feature`, `functional`, `dysfunctional`.

    Returns
    -------
    DataFrame
        Indexed by `feature`, in the order of appearance: `kano` (the class named most often), `share` of it, and the
        number of answers in M, O, A, I, R, Q.

    Raises
    ------
    InputError
        A column is missing, or an answer is none of the five.

    Examples
    --------
    >>> table = pd.DataFrame({"feature": "gift", "functional": ["like", "like", "neutral"], "dysfunctional": "neutral"})
    >>> kano_majority(table)[["kano", "A", "I"]].values.tolist()
    [['A', 2, 1]]
    """
    require_columns(answers, {"feature": "id", "functional": "id", "dysfunctional": "id"}, what="answers")
    for column in ("functional", "dysfunctional"):
        unknown = answers.loc[~answers[column].isin(ANSWERS), column]
        if len(unknown):
            raise InputError(
                f"answers: row {unknown.index[0]!r}, column {column!r} holds {unknown.iloc[0]!r}; write one of "
                f"{', '.join(ANSWERS)}."
            )
    letters = {(row, answer): letter for row, part in _ROWS.items() for answer, letter in _cells(part)}
    kinds = [letters[pair] for pair in zip(answers["functional"], answers["dysfunctional"], strict=True)]
    counts = pd.crosstab(answers["feature"].to_numpy(), pd.Series(kinds, name="kano").to_numpy())
    counts = counts.reindex(index=answers["feature"].unique(), columns=list(CLASSES), fill_value=0)
    counts = counts.rename_axis(index="feature", columns=None)
    counts.insert(0, "share", counts.max(axis=1) / counts.sum(axis=1))
    counts.insert(0, "kano", counts[list(CLASSES)].idxmax(axis=1))
    return counts


def _cells(letters: str) -> Iterator[tuple[str, str]]:
    return zip(ANSWERS, letters, strict=True)
