"""A table of moves: the share of customers in each stage that stand in each stage one period later.

Rows are the stages now, columns the stages one period later. Everybody goes somewhere, staying included, so
every row sums to 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.errors import InputError
from crmsim.lifecycle.models import STAGES

TOLERANCE = 1e-9


def reference_moves() -> pd.DataFrame:
    """The table of monthly moves used throughout the course; its numbers are invented [EXT].

    Returns
    -------
    DataFrame
        Shares; rows `stage`, columns `next_stage`; churn is never left.

    Examples
    --------
    >>> reference_moves().loc["decline"].to_dict()
    {'acquisition': 0.0, 'growth': 0.05, 'maturity': 0.05, 'decline': 0.6, 'churn': 0.3}
    """
    rows = [
        [0.50, 0.35, 0.00, 0.05, 0.10],
        [0.00, 0.60, 0.30, 0.06, 0.04],
        [0.00, 0.00, 0.90, 0.08, 0.02],
        [0.00, 0.05, 0.05, 0.60, 0.30],
        [0.00, 0.00, 0.00, 0.00, 1.00],
    ]
    names = list(STAGES)
    return pd.DataFrame(rows, index=pd.Index(names, name="stage"), columns=pd.Index(names, name="next_stage"))


def check_moves(moves: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its columns in the order of its rows, or refuse it.

    Parameters
    ----------
    moves : DataFrame
        Shares that move; the same stages as rows (from) and columns (to), in any order.

    Returns
    -------
    DataFrame
        The same shares as floats.

    Raises
    ------
    InputError
        Rows and columns name different stages, a share is missing or negative, or a row does not sum to 1
        (within 1e-9). The message names the row.

    Examples
    --------
    >>> moves = reference_moves()
    >>> moves.loc["growth", "churn"] = 0.14
    >>> check_moves(moves)
    Traceback (most recent call last):
    ...
    crmsim.errors.InputError: moves: row 'growth' sums to 1.1, but all who are in a stage must go somewhere: 1. Correct the row, or divide it by its sum.
    """  # noqa: E501 - the message is shown as it is printed
    if not isinstance(moves, pd.DataFrame):
        raise InputError(f"moves: a pandas table with named stages is needed, but a {type(moves).__name__} was given.")
    _check_labels(moves)
    table = moves.loc[:, list(moves.index)].astype(float)
    for stage, row in table.iterrows():
        _check_row(str(stage), row.to_numpy())
    return table


def _check_labels(moves: pd.DataFrame) -> None:
    rows, columns = list(moves.index), list(moves.columns)
    if len(set(rows)) != len(rows) or len(set(columns)) != len(columns) or set(rows) != set(columns):
        raise InputError(
            f"moves: the rows are {rows} and the columns {columns}; both must name the same stages, each "
            "once. Add the missing one, with zeros for moves that do not occur."
        )


def _check_row(stage: str, row: npt.NDArray[np.float64]) -> None:
    if np.isnan(row).all():
        raise InputError(
            f"moves: row {stage!r} is empty: no move out of this stage was observed. If it is final, write "
            f"moves.loc[{stage!r}] = 0; moves.loc[{stage!r}, {stage!r}] = 1."
        )
    if not np.isfinite(row).all() or (row < 0).any():
        raise InputError(f"moves: row {stage!r} is {row.tolist()}; every share must be a number of 0 or more.")
    if abs(row.sum() - 1) > TOLERANCE:
        raise InputError(
            f"moves: row {stage!r} sums to {row.sum():.10g}, but all who are in a stage must go somewhere: 1."
            " Correct the row, or divide it by its sum."
        )
