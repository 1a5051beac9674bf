"""From a log of stages to the shares of customers that move.

Write n[i, j] for the number of times a customer in stage i stood in stage j one period later. If every
customer in stage i moves on by the same probabilities, whatever came before (a Markov chain), the best
estimate is the row share n[i, j] / n[i], where n[i] is the sum of row i, with standard error sqrt(p (1 - p) /
n[i]).

Real and simulated customers differ, so the pooled share is a mean over the customers who stood in the stage:
the less loyal leave a stage early, and long observation sees more and more of the loyal.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, told
from crmsim.lifecycle.models import STAGES


def count_moves(stage_log: pd.DataFrame) -> pd.DataFrame:
    """Count how often a customer in one stage stood in each stage one period later.

    Only two rows of one customer in periods that follow each other make a move; over a gap nothing is
    counted.

    Parameters
    ----------
    stage_log : DataFrame
        One row per customer and period, in any order: `customer_id`, `period` (whole numbers without
        gaps: 0, 1, 2 ..., not 202612, 202701), `stage` (name or category).

    Returns
    -------
    DataFrame
        Counts; rows `stage` (from), columns `next_stage` (to), in the order of the categories, else of the
        five-stage model, else of the alphabet.

    Raises
    ------
    InputError
        A column is missing or empty somewhere, or a customer stands twice in one period.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer_id": [1, 1, 1, 2, 2], "period": [0, 1, 2, 0, 1],
    ...                     "stage": ["growth", "growth", "churn", "growth", "growth"]})
    >>> count_moves(log).loc["growth"].to_dict()
    {'growth': 2, 'churn': 1}
    """
    require_columns(stage_log, {"customer_id": "id", "period": "count", "stage": "id"}, what="stage log")
    customer, period, stage, names = _in_order(stage_log)
    same = customer[1:] == customer[:-1]
    step = period[1:] - period[:-1]
    _refuse_twice(stage_log, customer, period, twice=same & (step == 0))
    moved = same & (step == 1)
    n = len(names)
    cells = stage[:-1][moved].astype(np.int64) * n + stage[1:][moved]
    counts = np.bincount(cells, minlength=n * n).reshape(n, n)
    return pd.DataFrame(counts, index=pd.Index(names, name="stage"), columns=pd.Index(names, name="next_stage"))


def estimate_moves(stage_log: pd.DataFrame) -> pd.DataFrame:
    """Share of customers that move from each stage to each stage in one period (row shares of the counts).

    A stage that nobody was seen to leave or stay in has an empty row.

    Parameters
    ----------
    stage_log : DataFrame
        As for `count_moves`.

    Returns
    -------
    DataFrame
        Shares, every row summing to 1; rows `stage`, columns `next_stage`. Fit for `occupancy` and
        `expected_life`.

    Raises
    ------
    InputError
        As for `count_moves`.

    Notes
    -----
    The row shares are the maximum-likelihood estimate: Anderson, T. W. & Goodman, L. A. (1957), Statistical
    inference about Markov chains.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"customer_id": [1, 1, 1, 1, 1], "period": [0, 1, 2, 3, 4],
    ...                     "stage": ["growth", "growth", "growth", "growth", "churn"]})
    >>> estimate_moves(log).loc["growth"].to_dict()
    {'growth': 0.75, 'churn': 0.25}
    """
    counts = count_moves(stage_log)
    return counts.div(counts.sum(axis=1), axis=0)


def move_intervals(counts: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Standard error and Wilson interval of every estimated move.

    The interval treats the moves out of a stage as independent, which they are not quite when customers
    differ.

    Parameters
    ----------
    counts : DataFrame
        From `count_moves`.
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    DataFrame
        Indexed by `stage` and `next_stage`: `n_moves` (out of the stage, staying included), `share`,
        `standard_error`, `low`, `high` (all shares; empty where `n_moves` is 0).

    Raises
    ------
    InputError
        `level` is not between 0 and 1, or this is no table of counts.

    Notes
    -----
    With p the share, n the moves and z the normal quantile: (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 +
    z²/n). Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame([[9, 1]], index=["growth"], columns=["growth", "churn"])
    >>> move_intervals(counts).loc[("growth", "churn"), ["share", "low", "high"]].round(4).tolist()
    [0.1, 0.0179, 0.4042]
    """
    if not is_number(level) or not 0 < level < 1:
        raise InputError(f"level={told(level)} must lie between 0 and 1; write level=0.95.")
    require_columns(counts, {}, what="counts")
    require_columns(counts, dict.fromkeys(counts.columns, "money"), what="counts")
    table = counts.to_numpy(dtype=float)
    n = np.broadcast_to(table.sum(axis=1, keepdims=True), table.shape)
    n = np.where(n > 0, n, np.nan)
    p = table / n
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre, scale = p + z**2 / (2 * n), 1 + z**2 / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    columns = {
        "n_moves": np.nan_to_num(n).astype(np.int64),
        "share": p,
        "standard_error": np.sqrt(p * (1 - p) / n),
        "low": np.clip((centre - half) / scale, 0, 1),
        "high": np.clip((centre + half) / scale, 0, 1),
    }
    index = pd.MultiIndex.from_product([counts.index, counts.columns], names=["stage", "next_stage"])
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index)


Ints = npt.NDArray[np.int64]


def _in_order(log: pd.DataFrame) -> tuple[Ints, Ints, Ints, list[Any]]:
    """Customer, period and stage as whole numbers, sorted by customer and period, and the stages' names."""
    ids = log["customer_id"]
    customer = ids.to_numpy() if pd.api.types.is_integer_dtype(ids.to_numpy()) else pd.factorize(ids)[0]
    period = log["period"].to_numpy(dtype=np.int64)
    names = _stage_names(log["stage"])
    stage = pd.Categorical(log["stage"], categories=pd.Index(names)).codes
    later = (customer[1:] > customer[:-1]) | ((customer[1:] == customer[:-1]) & (period[1:] >= period[:-1]))
    if not later.all():  # logs of the simulator are in order, and sorting is the slowest step
        order = np.lexsort((period, customer))
        customer, period, stage = customer[order], period[order], stage[order]
    return customer, period, stage, names


def _stage_names(stage: pd.Series[Any]) -> list[Any]:
    if isinstance(stage.dtype, pd.CategoricalDtype):
        return list(stage.cat.categories)
    found = set(stage.unique())
    return [name for name in STAGES if name in found] if found <= set(STAGES) else sorted(found, key=str)


def _refuse_twice(log: pd.DataFrame, customer: Ints, period: Ints, *, twice: npt.NDArray[np.bool_]) -> None:
    if twice.any():
        row = int(twice.argmax())
        named = pd.api.types.is_integer_dtype(log["customer_id"].to_numpy())
        name = customer[row] if named else pd.factorize(log["customer_id"])[1][customer[row]]
        raise InputError(
            f"stage log: customer {name} stands twice in period {period[row]}; a customer is in one stage "
            "at a time. Drop one row: log.drop_duplicates(['customer_id', 'period'])."
        )
