"""Where the segmentation board cuts, and the tables that follow.

A `Cutting` says it in a few numbers, so that no choice of sliders is impossible: the cut points of all fifteen RFM
scores follow from four of them. At the start they are those of `crm.rfm` and `crm.abc`.

`board_at` looks back from the end of a period at everybody who has bought: RFM segments, ABC classes, the Pareto
curve, and who stands in another segment than some periods before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmsim.engine.records import Past
from crmsim.errors import InputError
from crmsim.segments.changes import Migration, migration
from crmsim.segments.pareto import abc, pareto_curve
from crmsim.segments.recency import rfm
from crmsim.segments.scores import N_SCORES, RFMCuts
from crmsim.widgets.changes import MOST_CUSTOMERS


@dataclass(frozen=True, kw_only=True)
class Cutting:
    """Where the board cuts.

    Attributes
    ----------
    lately_days : int
        Who bought within so many days, bought lately (recency score 4 or 5).
    gone_days : int
        Who has not bought for more days than this is taken for lost (score 1); more than `lately_days`.
    often : int
        Who bought so many times, buys often (frequency score 3 or more); 3 or more.
    much : float
        Who paid so much money in all, paid much (monetary score 4 or 5); above 0.
    large_share, medium_share : float
        ABC analysis: where class A ends and where class B ends; the first is smaller.

    Examples
    --------
    >>> Cutting().rfm_cuts() == RFMCuts()
    True
    """

    lately_days: int = 60
    gone_days: int = 180
    often: int = 4
    much: float = 2000
    large_share: float = 0.80
    medium_share: float = 0.95

    def rfm_cuts(self) -> RFMCuts:
        """All cut points; those between the chosen ones keep the proportions they have in `crm.rfm`."""
        lately, gone, often, much = self.lately_days, self.gone_days, self.often, self.much
        return RFMCuts(
            recency_days=(lately // 2, lately, lately + (gone - lately) // 4, gone),
            frequency=(3 * often, 2 * often, often, 2),
            monetary=(2.5 * much, much, 0.5 * much, 0.15 * much),
        )


@dataclass(frozen=True, eq=False)
class Board:
    """The tables behind the board.

    Attributes
    ----------
    customers : DataFrame
        `crm.rfm` of everybody who has bought, and `abc_class`.
    segments, classes : DataFrame
        By segment, and by ABC class: `n_customers`, `customer_share`, `money_share`; segments also `n_came` and
        `n_went`, the customers who moved in and out since the earlier moment.
    grid : DataFrame
        Number of customers by frequency score (rows, 5 first) and recency score (columns, 1 first).
    curve : DataFrame
        `crm.segments.pareto_curve` of the money.
    moves : Migration
        Segments at the earlier and at this moment.
    """

    customers: pd.DataFrame
    segments: pd.DataFrame
    classes: pd.DataFrame
    grid: pd.DataFrame
    curve: pd.DataFrame
    moves: Migration


def first_period(source: Past) -> int:
    """The first period at whose end somebody has bought.

    Errors: `InputError` for anything but a run or its past, without purchases, or with too many customers.
    """
    if not isinstance(source, Past):
        raise InputError(
            f"The board needs a run or its past, not a {type(source).__name__}; write "
            "segmentation_board(crm.simulate(shop))."
        )
    if len(source.customers) > MOST_CUSTOMERS:
        raise InputError(
            f"The board sorts every customer again at every touch; {len(source.customers):,} are too many. "
            f"Give it at most {MOST_CUSTOMERS:,}: scenario.replace(customers=2_000)."
        )
    paid = source.transactions[source.transactions["amount"] > 0]
    if paid.empty:
        raise InputError("Nobody has bought anything in this run, so there is nothing to sort; give it more periods.")
    return int(paid["period"].min()) + 1


def board_at(source: Past, *, period: int, back: int = 1, cutting: Cutting | None = None) -> Board:
    """Everybody who has bought by the end of a period, in segments and classes, and who moved.

    Parameters
    ----------
    source : run or its past
        At most 20,000 customers.
    period : int
        So many periods have passed; from the first in which somebody bought.
    back : int
        The earlier moment lies so many periods before; or at the first purchases, if that is later.
    cutting : Cutting, optional
        Where to cut.

    Returns
    -------
    Board

    Raises
    ------
    InputError
        As `first_period`, or there is no such period.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=12, seed=7))
    >>> board = board_at(run, period=12, back=3)
    >>> bool(board.segments["n_customers"].sum() == board.moves.n_customers + board.moves.n_joined)
    True
    """
    cuts = cutting or Cutting()
    earlier = max(first_period(source), period - back)
    customers = rfm(source.until(period), cuts=cuts.rfm_cuts())
    before = rfm(source.until(earlier), cuts=cuts.rfm_cuts())["segment"]
    customers["abc_class"] = abc(customers["monetary"], cuts=(cuts.large_share, cuts.medium_share))
    moves = migration(before, customers["segment"])
    stayed = pd.Series(moves.table.to_numpy().diagonal(), index=moves.table.index)
    segments = _sizes(customers, "segment")
    segments["n_came"] = moves.table.sum(axis=0) - stayed
    segments["n_went"] = moves.table.sum(axis=1) - stayed
    return Board(
        customers=customers,
        segments=segments,
        classes=_sizes(customers, "abc_class"),
        grid=_grid(customers),
        curve=pareto_curve(customers["monetary"]),
        moves=moves,
    )


def _sizes(customers: pd.DataFrame, column: str) -> pd.DataFrame:
    groups = customers.groupby(column, observed=False)["monetary"]
    sizes, money = groups.size(), groups.sum()
    columns: dict[str, Any] = {
        "n_customers": sizes, "customer_share": sizes / sizes.sum(), "money_share": money / money.sum(),
    }
    return pd.DataFrame(columns)


def _grid(customers: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(customers["f_score"], customers["r_score"])
    return counts.reindex(index=range(N_SCORES, 0, -1), columns=range(1, N_SCORES + 1), fill_value=0)
