"""The Pareto rule for prospects (帕累托法则): rank by expected value and lock on to the best fifth.

The expected value of a prospect is the probability that he buys times what he then brings. The rule says that a fifth
of the prospects carry most of it; how much they do carry is computed, not believed.

Source: curriculum I04 (and D10). Ranking by expected value is [EXT].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, told


@dataclass(frozen=True, eq=False)
class TopProspects:
    """The best prospects: a table with the best first, and the share of all expected value they carry."""

    table: pd.DataFrame
    captured_share: float


def top_prospects(prospects: pd.DataFrame, *, top: float = 0.20) -> TopProspects:
    """The best share of the prospects by expected value, and how much of all expected value they carry.

    Parameters
    ----------
    prospects : DataFrame
        One row per prospect, named by the index: `probability` (of buying, 0 to 1) and `value` (money, 0 or more).
    top : float
        Share of the prospects to keep, above 0 up to 1; counted up to a whole prospect.

    Returns
    -------
    TopProspects
        `.table` with `expected_value`, best first, ties by index; `.captured_share` from `top` to 1.

    Raises
    ------
    InputError
        A column is missing, a probability is above 1, a prospect stands twice, or nobody has any expected value.

    Notes
    -----
    probability * value. Curriculum I04.

    Examples
    --------
    >>> list_ = pd.DataFrame({"probability": [0.5, 0.1, 0.2, 0.1, 0.1], "value": [100, 100, 50, 100, 200]})
    >>> best = top_prospects(list_)
    >>> best.table.index.tolist(), best.captured_share
    ([0], 0.5)
    """
    require_columns(prospects, {"probability": "money", "value": "money"}, what="prospects")
    if prospects.index.has_duplicates:
        twice = prospects.index[prospects.index.duplicated()][0]
        raise InputError(f"prospects: {twice} stands twice in the index; keep one row for each.")
    high = prospects["probability"] > 1
    if high.any():
        who = prospects.index[high.to_numpy()][0]
        raise InputError(f"prospects: the probability of {who} is above 1; write 0.2 for 20%.")
    if not is_number(top) or not 0 < top <= 1:
        raise InputError(f"top={told(top)} must be a share above 0, up to 1; write top=0.20 for the best 20%.")
    return _best(prospects, _expected(prospects), top)


def _expected(prospects: pd.DataFrame) -> pd.Series[Any]:
    expected: pd.Series[Any] = prospects["probability"] * prospects["value"]
    if expected.sum() == 0:
        raise InputError("prospects: every expected value is 0, so nobody is best; check probability and value.")
    return expected


def _best(prospects: pd.DataFrame, expected: pd.Series[Any], top: float) -> TopProspects:
    ranked = prospects.assign(expected_value=expected).sort_index().sort_values(
        "expected_value", ascending=False, kind="stable"
    )  # fmt: skip
    n_kept = int(np.ceil(top * len(ranked) - 1e-9))
    best = ranked.head(n_kept)
    return TopProspects(table=best, captured_share=float(best["expected_value"].sum() / expected.sum()))
