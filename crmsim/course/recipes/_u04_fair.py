"""When a case of unit 4 is fair: no tie decides, no class is nearly empty, no typical slip gives the right value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from crmsim.course.cases import Case
from crmsim.value.choosing import COMPONENTS
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS

SAVED = ("c_time", "c_energy", "c_physical")
"""The costs that a home visit takes away."""
SOFT = tuple(name for name in COMPONENTS if name not in ("v_product", "c_money"))
"""All components but the product and its price, which nearly cancel out: better phones cost more."""
SURE = 80
"""A lead at which neither luck nor an error of the survey is likely to turn a choice: CNY."""
NEAR, FAR = 40, 320
"""How far behind the best offer the student's may be: CNY of delivered value."""


def lead(numbers: pd.Series[float]) -> float:
    """How far the largest is ahead of the second."""
    first, second = np.sort(numbers.to_numpy(dtype=float))[-1:-3:-1]
    return float(first - second)


def parts(offers: pd.DataFrame, name: str) -> pd.Series[float]:
    """The eight components of an offer."""
    return pd.Series({column: float(offers[column][name]) for column in COMPONENTS})


def net_of(offers: pd.DataFrame) -> pd.Series[float]:
    """Delivered value of every row; quicker than `delivered_values`, which checks the table first."""
    return offers[list(VALUE_COLUMNS)].sum(axis=1) - offers[list(COST_COLUMNS)].sum(axis=1)


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case."""
    return [
        *market(case.offers, case.own_offer, case.customers), *interviewed(case.interviews, case.offers),
        *levels(case.ratings, case.goals, case.consequences, case.goal_weights["weight"]),
        *improving(case.steps, parts(case.offers, case.own_offer)),
    ]


def on_sale(offers: pd.DataFrame) -> Iterator[str]:
    """Questions 1 and 3, as far as all offers are concerned."""
    net, total = net_of(offers), offers[list(VALUE_COLUMNS)].sum(axis=1)
    best, cheapest = str(net.idxmax()), str(offers["c_money"].idxmin())
    if lead(net) < 5 or best in (total.idxmax(), (total - net).idxmin(), cheapest):
        yield "the best offer is not clear, or clear by any measure"
    if offers["c_money"].duplicated().any() or net.duplicated().any():
        yield "two offers have the same price or the same delivered value"
    if not 3 <= (net > net[cheapest]).sum() + 1 <= 28:
        yield "the cheapest offer is nearly the best or the worst"
    n_below = (net < 0).sum()
    if not 3 <= n_below <= 24 or n_below in (len(net) / 2, (total < offers["c_money"]).sum()) or (net == 0).any():
        yield "hardly any or nearly all offers are worth less than they cost"
    solid = (offers["quality"] / offers["c_money"]).idxmax()
    if len({best, cheapest, solid}) < 3 or offers["wants_met"].max() < 6 or offers["wants_met"].nunique() < 4:
        yield "the meanings of value agree on the best offer"
    by_level = offers.groupby("function_level")
    if (offers["two_year_cost"].loc[by_level["c_money"].idxmin()].to_numpy() == by_level["two_year_cost"].min()).all():
        yield "the cheapest phones to buy are the cheapest in two years"


def market(offers: pd.DataFrame, own: str, customers: pd.DataFrame) -> Iterator[str]:
    """Questions 1, 3 and 7b."""
    yield from on_sale(offers)
    net = net_of(offers)
    if not NEAR < net.max() - net[own] < FAR:
        yield "the student's offer is nearly the best, or far behind"
    if led_by(offers)[own] == "":
        yield "no component explains the lead, or any way of looking finds it"
    yield from _visits(customers)


def led_by(offers: pd.DataFrame) -> pd.Series[str]:
    """For each offer: the soft component that speaks most for the best offer; "" if unclear, or found by naive ways."""
    table = offers[list(SOFT)].to_numpy(dtype=float)
    best = table[net_of(offers).to_numpy().argmax()]
    signed = (best - table) * [1 if name in VALUE_COLUMNS else -1 for name in SOFT]
    top, first, second = signed.argmax(axis=1), *np.sort(signed)[:, :-3:-1].T
    naive = [(best - table).argmax(axis=1), best.argmax(), signed.argmin(axis=1)]
    clear = (first - second >= 5) & np.all([top != other for other in naive], axis=0)
    return pd.Series([SOFT[place] if sure else "" for place, sure in zip(top, clear, strict=True)], index=offers.index)


def interviewed(asked: pd.DataFrame, offers: pd.DataFrame) -> Iterator[str]:
    """Question 4."""
    realised = asked[["nature", "quality", "brand", "after_sales"]].sum(axis=1)
    price_only, value = realised - asked["price"], realised - asked["price"] - asked["extra"]
    turned = ((price_only >= 0) & (value < 0)).sum()
    if min(turned, (value < 0).sum(), (price_only < 0).sum(), (value > 0).sum()) < 5 or (value == 0).any():
        yield "hardly anybody, or nearly everybody, got less than he paid for"
    n_price, n_paid = (price_only < 0).sum(), (value < 0).sum()
    if turned == n_price or n_paid == len(asked) / 2 or turned + n_price != n_paid:
        yield "a slip gives the right number of customers"
    if abs(asked["brand"].sum() / realised.sum() - (asked["brand"] / realised).mean()) < 0.005:
        yield "a slip gives the right share of the brand"
    by_level = offers.groupby("function_level")
    if by_level.size().min() < 5 or asked["function_level"].value_counts().min() < 10:
        yield "a level of function is nearly empty"
    saved = asked["two_year_cost"] - asked["function_level"].map(by_level["two_year_cost"].min())
    if (saved < 0).sum() < 5 or (saved > 0).sum() < 20:
        yield "nobody, or everybody, would save"


def levels(
    ratings: pd.DataFrame, goals: pd.DataFrame, means: pd.DataFrame, weights: pd.Series[float],
) -> Iterator[str]:
    """Question 5."""
    if (means.sum() == 0).any() or (goals.sum() == 0).any() or weights.duplicated().any():
        yield "an attribute or consequence leads nowhere, or two goals weigh the same"
    mean, blank_as_0 = ratings.mean(), ratings.fillna(0).mean()
    down, up = means.loc[goals.columns], goals @ means
    importance = weights @ up
    overall = float((importance * mean).sum())
    others = [mean.mean(), (up @ mean).mean(), (importance * blank_as_0).sum(), (down @ mean).mean()]
    if min(abs(overall - float(other)) for other in others) < 0.003:
        yield "a slip gives the right overall satisfaction"
    if lead(-(up @ mean)) < 0.003 or lead(-(down @ mean)) < 0.003 or mean.abs().min() < 0.03:
        yield "no goal or consequence is clearly the weakest"
    negative = mean[mean < 0].index
    if len(negative) < 2 or lead(importance) < 0.005:
        yield "customers are content with nearly every attribute, or two are equally important"
    elif lead(importance[negative]) < 0.005 or importance[negative].idxmax() in (mean.idxmin(), importance.idxmax()):
        yield "the attribute to be repaired first is not clear, or clear by any measure"


def improving(steps: pd.DataFrame, own: pd.Series[float]) -> Iterator[str]:
    """Question 7, part a."""
    most = own.where(own.index.isin(COST_COLUMNS), np.inf)
    gain = steps["step"].astype(float).clip(upper=most)
    cost = steps["step_cost"]
    rate: pd.Series[float] = gain / cost
    tempting = (gain.idxmax(), steps["step"].idxmax(), cost.idxmin(), (steps["step"] / cost).idxmax())
    if lead(rate) < 0.05 * rate.max() or rate.idxmax() in tempting or tempting[2] == tempting[3]:
        yield "no improvement pays best, or the best is seen by any measure"
    if ((gain - cost).abs() < 0.2).any() or not 2 <= (gain > cost).sum() <= 6:
        yield "hardly any, or nearly every, improvement gives more than it costs"


def _visits(seen: pd.DataFrame) -> Iterator[str]:
    gap = net_of(seen) - seen["rival_value"] + seen["rival_cost"]
    after = gap + seen[list(SAVED)].sum(axis=1)
    n_anyway, n_won, n_never = ((gap > SURE).sum(), ((gap < 0) & (after > 0)).sum(), (after < -SURE).sum())
    if min(n_anyway, n_never) < 45 or n_won < 80:
        yield f"{n_anyway} customers buy anyway, {n_won} can be won by a visit, {n_never} never"
