"""What a table of moves implies: where customers will be, and how long they stay.

Let P[i, j] be the share of customers in stage i that stand in stage j one period later (a Markov chain; rows
sum to 1). Shares x of customers over the stages become x P after one period and x P^k after k.

Let Q be P without the final stage (churn). The **fundamental matrix** N = I + Q + Q² + ... = (I - Q)^-1 holds
the expected number of periods that a customer who starts in stage i spends in stage j before leaving, *the
present period counted as one*. Its row sums are the expected life.

Kemeny, J. G. & Snell, J. L. (1960), *Finite Markov Chains*, chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import label, pairs_of
from crmsim.errors import InputError, did_you_mean, told
from crmsim.lifecycle.moves import check_moves


def occupancy(
    moves: pd.DataFrame, *, start: str | Mapping[str, float] | pd.Series[Any], n_periods: int
) -> pd.DataFrame:
    """Expected customers in each stage after 0, 1, ... `n_periods` periods.

    Parameters
    ----------
    moves : DataFrame
        Shares that move in one period, as from `estimate_moves`.
    start : str, mapping or Series
        The stage in which all customers start, or customers by stage (numbers or shares, 0 or more; stages
        not named have none).
    n_periods : int
        How far to look ahead, 0 or more.

    Returns
    -------
    DataFrame
        Rows `n_periods` (0, 1, ...), columns the stages; in the unit of `start` (shares for a single stage).

    Raises
    ------
    InputError
        The table of moves is refused (see `check_moves`), or `start` names an unknown stage.

    Examples
    --------
    >>> from crmsim.lifecycle import reference_moves
    >>> occupancy(reference_moves(), start="acquisition", n_periods=2)["churn"].round(6).tolist()
    [0.0, 0.1, 0.179]
    """
    table = check_moves(moves)
    if isinstance(n_periods, bool) or not isinstance(n_periods, int | np.integer) or n_periods < 0:
        raise InputError(f"n_periods={n_periods!r} must be a whole number of 0 or more.")
    rows = [_start_shares(start, table)]
    for _ in range(int(n_periods)):
        rows.append(rows[-1] @ table.to_numpy())
    return pd.DataFrame(rows, columns=table.columns).rename_axis("n_periods")


def _start_shares(start: Any, table: pd.DataFrame) -> npt.NDArray[np.float64]:
    given = {start: 1.0} if isinstance(start, str) else pairs_of("start", start, example="{'growth': 100}")
    try:
        shares = pd.Series(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"start={told(start)}: customers by stage must be numbers of 0 or more.") from error
    for stage in shares.index:
        _known(stage, table, argument="start")
    values = np.asarray(shares.reindex(table.index).fillna(0.0), dtype=np.float64)
    if (values < 0).any() or not np.isfinite(values).all():
        raise InputError(f"start={shares.to_dict()}: customers by stage must be finite and 0 or more.")
    return values


def expected_visits(moves: pd.DataFrame, *, absorbing: str = "churn") -> pd.DataFrame:
    """Expected periods in each stage before the final one is first reached (the fundamental matrix).

    The row of the final stage is not used, so it makes no difference whether customers can be won back.

    Parameters
    ----------
    moves : DataFrame
        Shares that move in one period, as from `estimate_moves`.
    absorbing : str
        The final stage.

    Returns
    -------
    DataFrame
        Rows: the stage now; columns: the stage visited; periods, the present one counted as one.

    Raises
    ------
    InputError
        The table of moves is refused, the final stage is unknown, or it cannot be reached from some stage (a
        life without end).

    Examples
    --------
    >>> from crmsim.lifecycle import reference_moves
    >>> expected_visits(reference_moves()).loc["acquisition"].round(4).to_dict()
    {'acquisition': 2.0, 'growth': 1.9922, 'maturity': 6.9457, 'decline': 1.938}
    """
    if isinstance(moves, pd.DataFrame):
        _known(absorbing, moves, argument="absorbing")
        moves = moves.astype(float)
        moves.loc[absorbing] = [float(stage == absorbing) for stage in moves.columns]
    table = check_moves(moves)
    _check_reachable(table, absorbing)
    staying = table.drop(index=absorbing, columns=absorbing)
    visits = np.linalg.inv(np.eye(len(staying)) - staying.to_numpy())
    return pd.DataFrame(visits, index=staying.index, columns=staying.columns)


def expected_life(moves: pd.DataFrame, *, absorbing: str = "churn") -> pd.Series[Any]:
    """Expected number of periods before the final stage, by present stage; the present period counts as one.

    Parameters
    ----------
    moves : DataFrame
        Shares that move in one period, as from `estimate_moves`.
    absorbing : str
        The final stage; its own row is not used.

    Returns
    -------
    Series
        `expected_life_periods` (1 or more), indexed by stage, without the final one.

    Raises
    ------
    InputError
        As for `expected_visits`.

    Examples
    --------
    >>> from crmsim.lifecycle import reference_moves
    >>> expected_life(reference_moves()).round(4).to_dict()
    {'acquisition': 12.876, 'growth': 14.6512, 'maturity': 14.9612, 'decline': 6.2016}
    """
    visits = expected_visits(moves, absorbing=absorbing)
    return visits.sum(axis=1).rename("expected_life_periods")


def _known(stage: Any, table: pd.DataFrame, *, argument: str) -> None:
    if label(argument, stage) not in table.index:
        raise InputError(f"{argument}: there is no stage {told(stage)}. {did_you_mean(str(stage), table.index)}")


def _check_reachable(table: pd.DataFrame, absorbing: str) -> None:
    """Refuse stages from which no chain of moves leads to the final stage."""
    linked = table.to_numpy() > 0
    reaches = np.asarray(table.index == absorbing)
    for _ in range(len(table)):
        reaches = reaches | (linked @ reaches)
    if not reaches.all():
        stuck = [str(stage) for stage in table.index[~reaches]]
        raise InputError(
            f"moves: {absorbing!r} cannot be reached from {stuck}: life there has no end. Check these rows."
        )
