"""The four meanings of perceived value (感知价值的四种含义), each with a winner of its own.

Asked what value is, customers mean one of four things: a low price; whatever I want in a product or service; the
quality I get for what I pay; all the benefits I get for everything I give.

The handout gives the words (curriculum C06). The scales, and reading the third meaning as a ratio and the fourth as a
difference, are [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "low_price": "价值就是低廉的价格",
        "what_i_want": "价值就是我在产品或服务中所需要的东西",
        "quality_for_price": "价值就是我付出所获得的质量",
        "benefit_for_cost": "价值就是我的全部付出所能得到的全部利益",
    }
)
"""In the order of the handout."""
OFFER_COLUMNS = {"price": "money", "wants_met": "money", "quality": "money", "benefit": "money", "cost": "money"}


def four_meanings(offers: pd.DataFrame, *, n_wants: int) -> pd.DataFrame:
    """Score of every offer under each of the four meanings of value (感知价值的四种含义); higher is better.

    Parameters
    ----------
    offers : DataFrame
        One row per offer, named by the index: `price` (money, above 0), `wants_met` (how many of the customer's wants,
        0 to `n_wants`), `quality` (grade, 0 or more), `benefit` and `cost` (all benefits and all costs, money).
    n_wants : int
        Number of wants the customer has, 1 or more.

    Returns
    -------
    DataFrame
        Indexed as `offers`: `low_price` (minus the price), `what_i_want` (share of wants met), `quality_for_price`
        (quality / price), `benefit_for_cost` (benefit - cost).

    Raises
    ------
    InputError
        A column is missing, a number is negative, a price is 0, more wants are met than there are, or an offer stands
        twice.

    Notes
    -----
    Curriculum C06. Ratio in the third, difference in the fourth meaning: [EXT].

    Examples
    --------
    >>> offers = pd.DataFrame({"P": [40, 2, 3, 60, 55], "S": [70, 4, 6, 120, 90]}, index=list(OFFER_COLUMNS)).T
    >>> four_meanings(offers, n_wants=5).loc["S"].round(4).to_dict()
    {'low_price': -70.0, 'what_i_want': 0.8, 'quality_for_price': 0.0857, 'benefit_for_cost': 30.0}
    """
    require_columns(offers, OFFER_COLUMNS, what="offers")
    _check_meanings(offers, n_wants)
    columns = {
        "low_price": 0.0 - offers["price"],
        "what_i_want": offers["wants_met"] / n_wants,
        "quality_for_price": offers["quality"] / offers["price"],
        "benefit_for_cost": offers["benefit"] - offers["cost"],
    }
    return pd.DataFrame(columns).astype(float)


def rank_by_meaning(offers: pd.DataFrame, *, n_wants: int) -> pd.DataFrame:
    """Rank of every offer under each of the four meanings: 1 is best, equal offers share the better rank.

    Parameters
    ----------
    offers, n_wants
        As for `four_meanings`.

    Returns
    -------
    DataFrame
        Whole numbers from 1, indexed as `offers`, one column per meaning.

    Raises
    ------
    InputError
        As for `four_meanings`.

    Notes
    -----
    Curriculum C06.

    Examples
    --------
    >>> offers = pd.DataFrame({"P": [40, 2, 3, 60, 55], "S": [70, 4, 6, 120, 90]}, index=list(OFFER_COLUMNS)).T
    >>> rank_by_meaning(offers, n_wants=5).loc["P"].to_list()
    [1, 2, 2, 2]
    """
    scores = four_meanings(offers, n_wants=n_wants)
    return scores.round(12).rank(ascending=False, method="min").astype("int64")


def _check_meanings(offers: pd.DataFrame, n_wants: int) -> None:
    if not is_number(n_wants) or n_wants < 1 or n_wants % 1 != 0:
        raise InputError(f"n_wants={n_wants!r} must be the number of wants, a whole number of 1 or more.")
    if offers.index.has_duplicates:
        raise InputError(f"offers: {offers.index[offers.index.duplicated()][0]} stands twice; name every offer once.")
    for bad, why in (
        (offers["price"] == 0, "column 'price' is 0, so quality for the price means nothing"),
        (offers["wants_met"] > n_wants, f"column 'wants_met' is above n_wants={n_wants}"),
    ):
        if bad.any():
            raise InputError(f"offers: {why} in row {offers.index[bad.to_numpy()][0]}; correct it or drop the row.")
