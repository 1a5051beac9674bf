"""The arithmetic of the value calculator: an offer of one's own on a market, and the value hierarchy both ways.

The four meanings of value need more than the eight components of delivered value. From the components we take [EXT]:
price = `c_money`, quality = `v_product`, and as the wants met, of four, the values that reach the mean of the market.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from crmsim.errors import InputError
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS, check_offers, delivered_values
from crmsim.value.hierarchy import (
    HierarchySatisfaction,
    Importance,
    check_hierarchy,
    importance_topdown,
    satisfaction_bottomup,
)
from crmsim.value.meanings import MEANINGS, four_meanings

OWN = "yours 你的"
COMPONENTS = (*VALUE_COLUMNS, *COST_COLUMNS)
SCORES = MappingProxyType({
    "delivered value 客户让渡价值": "delivered_value",
    "1 a low price 低廉的价格": "low_price",
    "2 what I want 所需要的东西": "what_i_want",
    "3 quality for the price 付出所获得的质量": "quality_for_price",
    "4 all benefits for all I give 全部利益": "benefit_for_cost",
})
"""What offers can be ranked by: as it is called for people, and the column."""
MOST_OFFERS = 6


@dataclass(frozen=True, eq=False)
class TwoWays:
    """A hierarchy read in both directions."""

    weights: pd.Series[float]
    grades: pd.Series[float]
    down: Importance
    up: HierarchySatisfaction


def checked_offers(offers: pd.DataFrame) -> pd.DataFrame:
    """The eight components of the offers.

    Errors: `InputError` for more offers than can be read, none at all, a price of 0, or a bad table.
    """
    if isinstance(offers, pd.DataFrame) and not 1 <= len(offers) <= MOST_OFFERS:
        raise InputError(f"The calculator shows 1 to {MOST_OFFERS} offers, not {len(offers)}; choose some rows.")
    check_offers(offers)
    if (offers["c_money"] <= 0).any():
        raise InputError("Every offer of the calculator needs a price: column 'c_money' must be above 0.")
    if OWN in offers.index:
        raise InputError(f"The name {OWN!r} is that of the offer made by the sliders; call yours otherwise.")
    return offers[list(COMPONENTS)].astype(float)


def ranked(market: pd.DataFrame, score: str) -> pd.DataFrame:
    """The offers from the best to the worst under one meaning of value.

    Returns the totals of `delivered_values`, the `score`, and the `place` (1 is best; equal offers share the better).
    """
    table = delivered_values(market)
    told = pd.DataFrame({
        "price": market["c_money"], "quality": market["v_product"], "benefit": table["total_value"],
        "cost": table["total_cost"], "wants_met": _reached(market),
    })
    scores = four_meanings(told, n_wants=len(VALUE_COLUMNS)).assign(delivered_value=table["delivered_value"])
    table["score"] = scores[score]
    table["place"] = table["score"].round(9).rank(ascending=False, method="min").astype(int)
    return table.sort_values("place", kind="stable")


def _reached(market: pd.DataFrame) -> pd.Series[int]:
    """How many of the four values reach the mean of the market."""
    values = market[list(VALUE_COLUMNS)]
    return (values >= values.mean() - 1e-9).sum(axis=1)


def example_hierarchy() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Goals by consequences and consequences by attributes, for a rice cooker: invented."""
    uses = ["no waiting", "no burnt rice", "no worries"]
    goals = pd.DataFrame([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]], ["time for family", "feel safe"], uses)
    parts = ["timer", "sensor", "pot", "guarantee"]
    return goals, pd.DataFrame([[0.4, 0.4, 0.2, 0.0], [0.0, 0.5, 0.5, 0.0], [0.1, 0.0, 0.3, 0.6]], uses, parts)


def checked_hierarchy(goals: Any, consequences: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables, or those of the example; at least two goals, so that there is something to weigh."""
    if goals is None and consequences is None:
        return example_hierarchy()
    if not isinstance(goals, pd.DataFrame) or not isinstance(consequences, pd.DataFrame) or len(goals) < 2:
        raise InputError("Give both goals and consequences as tables with names, and at least two goals; or neither.")
    check_hierarchy(goals, consequences)
    return goals, consequences


def two_ways(goals: pd.DataFrame, consequences: pd.DataFrame, *, first: float, grades: dict[str, float]) -> TwoWays:
    """Importance from the goals down and satisfaction from the attributes up.

    `first` is the weight of the first goal; the others share the rest.

    >>> goals, consequences = example_hierarchy()
    >>> found = two_ways(goals, consequences, first=0.6, grades=dict(timer=0.2, sensor=-0.1, pot=0.5, guarantee=0))
    >>> round(found.up.overall, 4), round(float((found.down.attributes * found.grades).sum()), 4)
    (0.1688, 0.1688)
    """
    rest = [(1 - first) / (len(goals) - 1)] * (len(goals) - 1)
    weights = pd.Series([first, *rest], index=goals.index)
    given = pd.Series(grades, dtype=float).reindex(consequences.columns)
    down = importance_topdown(weights, goals, consequences)
    return TwoWays(weights, given, down, satisfaction_bottomup(given, consequences, goals, goal_weights=weights))


assert set(SCORES.values()) == {"delivered_value", *MEANINGS}
