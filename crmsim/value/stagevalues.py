"""What a customer in each stage of the lifecycle (客户生命周期) is worth: a Markov chain with rewards.

A customer in stage i brings m_i in the present period and moves to stage j with probability P_ij; churned
customers bring nothing. The value of a stage is its own profit plus the discounted values of the stages
reached from it: v = m + P v / (1 + rate), so v = (I - P / (1 + rate))^-1 m. The present period counts in
full.

Source: Pfeifer & Carraway 2000, Modeling customer relationships as Markov chains, Journal of Interactive
Marketing 14(2), 43-55.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.errors import InputError
from crmsim.value.cashflows import checked_rate, numbers

Array = npt.NDArray[np.float64]


def stage_values(moves: Any, profit: Any, *, rate: float) -> pd.Series[float]:
    """Expected discounted profit of a customer who is now in each stage, the present period in full.

    Parameters
    ----------
    moves : DataFrame or array
        One row per stage: probabilities of moving to each stage next period, in the order of the rows. A
        row may sum to less than one (the rest churns), one last column without a row may hold the churn,
        or churn may be a stage of its own.
    profit : Series or sequence of float
        Money a period in each stage, in the order of the rows; a Series is matched by name, and a stage
        that nobody leaves may be missing in it (0).
    rate : float
        Discount rate a period, above -1. With ``rate=0`` and a profit of 1 everywhere, the result is the
        expected number of periods before churn, the present one included.

    Returns
    -------
    Series
        Named value, indexed by stage.

    Raises
    ------
    InputError
        A probability is outside 0 to 1, a row sums to more than one, the shapes do not fit, or the value
        is infinite because nobody leaves and nothing is discounted.

    Notes
    -----
    v = (I - P / (1 + rate))^-1 m: Pfeifer & Carraway 2000.

    Examples
    --------
    Half of the members leave every month, the others bring 10: 10 + 5 + 2.5 + ... = 20.

    >>> float(stage_values([[0.5]], [10], rate=0).iloc[0])
    20.0
    """
    growth = 1 + checked_rate(rate)
    names, matrix = _moves(moves)
    money = _profit(profit, names, names[np.diag(matrix) == 1])
    # A stage nobody leaves and that brings nothing is worth nothing; without it, churn needs no discounting.
    counts = ~((np.diag(matrix) == 1) & (money == 0))
    kept = matrix[np.ix_(counts, counts)] / growth
    if len(kept) and np.abs(np.linalg.eigvals(kept)).max() >= 1 - 1e-12:
        raise InputError(
            f"stage_values: with rate={rate!r} the value is infinite: too few customers leave. "
            "Let every stage lead to churn in the end, or give a higher rate."
        )
    values = np.zeros(len(matrix))
    values[counts] = np.linalg.solve(np.eye(len(kept)) - kept, money[counts])
    return pd.Series(values, index=names, name="value")


def _moves(moves: Any) -> tuple[pd.Index[Any], Array]:
    names = moves.index if isinstance(moves, pd.DataFrame) else None
    try:
        matrix = np.asarray(moves, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError("moves: a table of probabilities is needed, one row per stage.") from error
    if matrix.ndim != 2 or matrix.shape[1] - matrix.shape[0] not in (0, 1):
        raise InputError(
            f"moves: its shape is {matrix.shape}; give as many columns as rows, or one more, for churn."
        )
    names = pd.RangeIndex(len(matrix)) if names is None else names
    if isinstance(moves, pd.DataFrame) and list(moves.columns[: len(names)]) != list(names):
        raise InputError(f"moves: the columns {list(moves.columns)} are not in the order of the rows.")
    if not np.all((matrix >= 0) & (matrix <= 1)):
        raise InputError("moves: a probability is missing or outside 0 to 1.")
    sums = matrix.sum(axis=1)
    if np.any(sums > 1 + 1e-9):
        worst = int(sums.argmax())
        raise InputError(f"moves: the row of stage {names[worst]!r} sums to {sums[worst]:g}, more than 1.")
    if matrix.shape[1] > len(matrix) and np.any(sums < 1 - 1e-9):
        worst = int(sums.argmin())
        raise InputError(f"moves: the row of stage {names[worst]!r} sums to {sums[worst]:g}, not to 1.")
    return names, matrix[:, : len(matrix)]


def _profit(profit: Any, names: pd.Index[Any], final: pd.Index[Any]) -> Array:
    if isinstance(profit, pd.Series) and not isinstance(names, pd.RangeIndex):
        missing = [name for name in names if name not in profit.index and name not in final]
        if missing:
            raise InputError(f"profit: nothing is given for the stage {missing[0]!r}.")
        profit = profit.reindex(names, fill_value=0.0)
    money = numbers(profit, "profit")
    if len(money) != len(names):
        raise InputError(f"profit: {len(money)} numbers for {len(names)} stages; give one for each stage.")
    return money
