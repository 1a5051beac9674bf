"""Customer delivered value (客户让渡价值): what a customer gets from an offer less what it costs him.

    delivered value = total customer value (总客户价值) - total customer cost (总客户成本)

Value has four components: product, service, personnel and image value. Cost has four: money, time, energy (mental
effort, 精力) and physical effort (体力). Total value is the bundle of benefits a customer *expects*, total cost what
he *anticipates* in getting and using the offer, so all eight are known before the purchase. The same sum over what
was *perceived* afterwards is a second, different number: keep the two in two tables.

All eight components are in one unit, money. The handout names them and gives no numbers and no unit: [EXT].

Source: customer delivered value after Kotler (curriculum C05).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, did_you_mean

VALUES: Mapping[str, str] = MappingProxyType(
    {"product": "产品价值", "service": "服务价值", "personnel": "人员价值", "image": "形象价值"}
)
COSTS: Mapping[str, str] = MappingProxyType(
    {"money": "货币价格", "time": "时间成本", "energy": "精力成本", "physical": "体力成本"}
)
VALUE_COLUMNS = tuple(f"v_{name}" for name in VALUES)
COST_COLUMNS = tuple(f"c_{name}" for name in COSTS)

Parts: TypeAlias = "Mapping[str, float] | Sequence[float]"


def delivered_value(values: Parts, costs: Parts) -> float:
    """Total customer value less total customer cost of one offer.

    Parameters
    ----------
    values : mapping or sequence of 4 numbers
        `product`, `service`, `personnel`, `image`: money, 0 or more. A sequence stands in this order.
    costs : mapping or sequence of 4 numbers
        `money`, `time`, `energy`, `physical`: money, 0 or more.

    Returns
    -------
    float
        Money; negative when the offer costs more than it gives.

    Raises
    ------
    InputError
        A component is missing, unknown, negative or not a number.

    Notes
    -----
    Curriculum C05. The handout does not say that components are measured in money, nor that none is negative: [EXT].

    Examples
    --------
    >>> delivered_value([120, 45, 20, 15], [100, 20, 10, 6])      # 200 - 136
    64.0
    >>> delivered_value(dict(product=90, service=60, personnel=30, image=20), [110, 10, 5, 5])
    70.0
    """
    return sum(_parts(values, VALUES, "values").values()) - sum(_parts(costs, COSTS, "costs").values())


def decompose(values: Parts, costs: Parts) -> pd.Series[float]:
    """What each of the eight components adds to the delivered value: values positive, costs negative.

    Parameters
    ----------
    values, costs : mapping or sequence of 4 numbers
        As for `delivered_value`.

    Returns
    -------
    Series
        `contribution` (money), indexed by `component`; its sum is the delivered value.

    Raises
    ------
    InputError
        As for `delivered_value`.

    Notes
    -----
    Curriculum C05.

    Examples
    --------
    >>> parts = decompose([120, 45, 20, 15], [100, 20, 10, 6])
    >>> parts[["service", "time"]].to_dict(), float(parts.sum())
    ({'service': 45.0, 'time': -20.0}, 64.0)
    """
    gains = _parts(values, VALUES, "values")
    losses = {name: 0.0 - cost for name, cost in _parts(costs, COSTS, "costs").items()}
    parts = pd.Series(gains | losses, name="contribution")
    return parts.rename_axis("component")


def delivered_values(offers: pd.DataFrame) -> pd.DataFrame:
    """Total value, total cost and delivered value of every offer of a table.

    Parameters
    ----------
    offers : DataFrame
        One row per offer, named by the index: `v_product`, `v_service`, `v_personnel`, `v_image`, `c_money`,
        `c_time`, `c_energy`, `c_physical`; money, 0 or more. Other columns do not matter.

    Returns
    -------
    DataFrame
        Indexed as `offers`: `total_value`, `total_cost`, `delivered_value` (money).

    Raises
    ------
    InputError
        A column is missing, a value is negative or not a number, an offer stands twice.

    Notes
    -----
    Curriculum C05.

    Examples
    --------
    >>> offers = pd.DataFrame([[120, 45, 20, 15, 100, 20, 10, 6]], index=["A"], columns=VALUE_COLUMNS + COST_COLUMNS)
    >>> delivered_values(offers).loc["A"].to_dict()
    {'total_value': 200.0, 'total_cost': 136.0, 'delivered_value': 64.0}
    """
    check_offers(offers)
    value = offers[list(VALUE_COLUMNS)].sum(axis=1).astype(float)
    cost = offers[list(COST_COLUMNS)].sum(axis=1).astype(float)
    return pd.DataFrame({"total_value": value, "total_cost": cost, "delivered_value": value - cost})


def best_offer(offers: pd.DataFrame) -> Any:
    """Name of the offer with the highest delivered value; of equal ones the first in the table.

    Sums that differ by less than a billionth count as equal, so that the order of adding decides nothing.

    Parameters
    ----------
    offers : DataFrame
        As for `delivered_values`.

    Returns
    -------
    label
        The index label of the best row.

    Raises
    ------
    InputError
        As for `delivered_values`.

    Notes
    -----
    Curriculum C05. That the customer takes the offer with the highest delivered value is Kotler's reading; the rule
    for equal offers is [EXT].

    Examples
    --------
    >>> rows = [[120, 45, 20, 15, 100, 20, 10, 6], [90, 60, 30, 20, 110, 10, 5, 5], [150, 10, 10, 30, 80, 40, 30, 20]]
    >>> best_offer(pd.DataFrame(rows, index=list("ABC"), columns=VALUE_COLUMNS + COST_COLUMNS))
    'B'
    """
    table = delivered_values(offers)
    net = table["delivered_value"]
    size = max(float(table[["total_value", "total_cost"]].to_numpy().max()), 1.0)
    return net.index[int((net >= net.max() - 1e-9 * size).to_numpy().argmax())]


def check_offers(offers: pd.DataFrame) -> None:
    """Raise `InputError` unless these are offers with eight components each."""
    require_columns(offers, dict.fromkeys((*VALUE_COLUMNS, *COST_COLUMNS), "money"), what="offers")
    if offers.index.has_duplicates:
        twice = offers.index[offers.index.duplicated()][0]
        raise InputError(f"offers: the offer {twice} stands twice in the index; give every offer a name of its own.")


def _parts(given: Parts, names: Mapping[str, str], what: str) -> dict[str, float]:
    """The four components by name, as numbers of 0 or more."""
    if isinstance(given, Mapping | pd.Series):
        found = dict(given)
    elif isinstance(given, str) or not hasattr(given, "__len__") or len(given) != len(names):
        raise InputError(f"{what}={given!r}: give four numbers, in this order: {', '.join(names)}.")
    else:
        found = dict(zip(names, given, strict=True))
    for name in found:
        if name not in names:
            raise InputError(f"{what}: there is no component {name!r}. {did_you_mean(name, names)}")
    return {name: _amount(found, name, what) for name in names}


def _amount(found: Mapping[str, Any], name: str, what: str) -> float:
    if name not in found:
        raise InputError(f"{what}: the component {name!r} is missing; write {name}=0 if there is none.")
    if not is_number(found[name]) or found[name] < 0:
        raise InputError(f"{what}: {name}={found[name]!r} must be a number of 0 or more, in money.")
    return float(found[name])
