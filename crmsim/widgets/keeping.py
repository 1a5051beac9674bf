"""What the loyalty explorer shows: a shop without and with a loyalty tool, on the same luck, as tables; no widgets.

The shop has lived a year. Then a tool reaches some of the customers who have bought lately, and another year passes:
several times without it and several times with it. A customer whom the tool does not reach lives the same life twice.

What a tool of strength x does is ours [EXT]: care, membership and gifts lower the logit of losing ground, more than was
expected raises satisfaction for a while, coupons lower the price.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine.compare import compare
from crmsim.engine.offers import Offer
from crmsim.engine.simulate import simulate
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

AT, MONTHS, REPLICATIONS, ACTIVE_MONTHS = 12, 12, 6, 3
MOST_CUSTOMERS = 20_000
CLASSES = ("small", "middle", "big")
CUTS = (60.0, 150.0)
"""Money a month: where the class middle and the class big begin."""
MEASURES = ("profit", "equity", "satisfaction", "churned")
_WORKS: Mapping[str, Callable[[float], dict[str, float]]] = MappingProxyType(
    {
        "care": lambda x: {"retention": x},
        "exceed": lambda x: {"satisfaction": 1.2 * x},
        "membership": lambda x: {"retention": 0.6 * x, "lift": 0.06 * x},
        "coupon": lambda x: {"discount": 0.05 * x, "lift": 0.10 * x},
        "gift": lambda x: {"retention": 0.3 * x, "satisfaction": 0.4 * x},
    }
)
TOOLS = tuple(_WORKS)
_WHO = "loyalty_explorer:"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the controls say: which tool, for whom ("all" or a class), how strong, at which cost a customer."""

    tool: str = "care"
    group: str = "all"
    strength: float = 1.0
    cost: float = 30.0


@dataclass(frozen=True, eq=False)
class TwoYears:
    """The next year without and with a tool.

    Attributes
    ----------
    summary : DataFrame
        Rows `profit`, `equity` (money), `satisfaction`, `churned`; columns `without`, `with`, `difference`, `se`.
    gains : DataFrame
        A row per class of customers: `n_customers` reached, `gain` (mean difference in profit for one of them, its cost
        taken off), `se`; 0 where nobody is reached.
    """

    summary: pd.DataFrame
    gains: pd.DataFrame


def checked_shop(scenario: Scenario) -> Scenario:
    """The shop with as many periods as are needed; nobody brings a friend, so that gains belong to who is reached.

    Errors: `InputError` for no scenario, one without satisfaction, or one that is too large.
    """
    if not isinstance(scenario, Scenario):
        raise InputError(f"{_WHO} a scenario is needed, but {scenario!r} was given; use crm.scenario('retail').")
    if scenario.satisfaction is None:
        raise InputError(f"{_WHO} this scenario has no satisfaction; take crm.scenario('retail'), for example.")
    if scenario.customers > MOST_CUSTOMERS:
        raise InputError(
            f"{_WHO} {scenario.customers:,} customers are too many for a change to show at once; take at most "
            f"{MOST_CUSTOMERS:,}: scenario.replace(customers=2_000)."
        )
    return scenario.replace(periods=AT + MONTHS, word_of_mouth=None)


def classes(shop: Scenario) -> pd.Series[Any]:
    """The class of everybody who has bought in the last three months of the first year, indexed by `customer_id`."""
    run = simulate(shop.replace(periods=AT), progress=False)
    sales = run.transactions
    spent = sales.groupby("customer_id").agg(money=("amount", "sum"), last=("period", "max"))
    spent = spent[spent["last"] >= AT - ACTIVE_MONTHS]
    monthly = spent["money"] / (AT - run.customers["acquired_period"].reindex(spent.index))
    return pd.cut(monthly, [0, *CUTS, np.inf], right=False, labels=list(CLASSES)).astype(object).rename("group")


def two_years(shop: Scenario, group: pd.Series[Any], how: Setting) -> TwoYears:
    """Live the next year without and with the tool.

    Parameters
    ----------
    shop : Scenario
        As from `checked_shop`.
    group : Series
        As from `classes`.
    how : Setting

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = checked_shop(crm.scenario("retail").replace(customers=400, seed=7))
    >>> found = two_years(shop, classes(shop), Setting(cost=0))
    >>> bool(found.summary.loc["churned", "difference"] < 0)
    True
    """
    reached = group if how.group == "all" else group[group == how.group]
    plans: dict[str, list[Offer]] = {"without": [], "with": [_offer(how, reached.index)] if len(reached) else []}
    found = compare(shop, plans, replications=REPLICATIONS, progress=False)
    return TwoYears(_summary(found), _gains(found, reached))


def _offer(how: Setting, customers: pd.Index[Any]) -> Offer:
    does = _WORKS[how.tool](how.strength)
    return Offer(at=AT, customers=customers, periods=MONTHS, cost=how.cost, name=how.tool, **does)  # type: ignore[arg-type]


def _summary(found: Any) -> pd.DataFrame:
    last = found.loc["with"]
    rows = {
        name: {
            "without": found.loc["without", name], "with": last[name], "difference": last[f"{name}_difference"],
            "se": last["se" if name == "profit" else f"{name}_se"],
        }
        for name in MEASURES
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").astype(float)


def _gains(found: Any, reached: pd.Series[Any]) -> pd.DataFrame:
    each, error = (table["with"].reindex(reached.index).fillna(0.0) for table in (found.customers, found.customers_se))
    n = reached.value_counts().reindex(list(CLASSES), fill_value=0)
    squares = (error**2).groupby(reached).sum().reindex(list(CLASSES))
    gains = {"n_customers": n, "gain": each.groupby(reached).mean().reindex(list(CLASSES)), "se": squares**0.5 / n}
    return pd.DataFrame(gains).fillna(0.0).rename_axis("group")
