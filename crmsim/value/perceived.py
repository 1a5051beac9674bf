"""Customer value as customers perceive it: realised less paid, benefits against sacrifices, money saved.

* Customer value (客户价值) is what a customer realises - how well nature, quality, brand and after-sales service of
  the good satisfy - less what he pays: the price and additional costs (附加成本).
* Its core is a trade-off (权衡) between perceived benefits (感知利得) and perceived sacrifices (感知利失).
* One kind of it, economic value (经济价值), is the cost saved for the same function.

The handout gives the words. Weights, scales and sums are [EXT] (curriculum C01-C03).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from crmsim.customers.arguments import is_number, pairs_of
from crmsim.errors import InputError, did_you_mean
from crmsim.value.cashflows import numbers

FACETS: Mapping[str, str] = MappingProxyType(
    {"nature": "性质", "quality": "质量", "brand": "品牌", "after_sales": "售后服务"}
)


def realised_minus_paid(
    realised: Mapping[str, float], *, price: float, extra: float = 0.0, weights: Mapping[str, float] | None = None
) -> float:
    """Customer value (客户价值): what the customer realises less what he pays.

    Parameters
    ----------
    realised : mapping
        What `nature`, `quality`, `brand` and `after_sales` each are worth to the customer: money, 0 or more.
    price : float
        Purchase price, 0 or more.
    extra : float
        Additional costs (附加成本), 0 or more.
    weights : mapping, optional
        How much each of the four counts, 0 or more; without it, 1 each.

    Returns
    -------
    float
        Money.

    Raises
    ------
    InputError
        One of the four is missing or unknown, or a number is negative.

    Notes
    -----
    sum of weight * realised - (price + extra). Curriculum C01; the weights and the unit are [EXT].

    Examples
    --------
    >>> got = {"nature": 40, "quality": 50, "brand": 10, "after_sales": 20}
    >>> realised_minus_paid(got, price=90, extra=12)      # 120 - 102
    18.0
    """
    counted = dict.fromkeys(FACETS, 1.0) if weights is None else _four(weights, "weights")
    worth = _four(realised, "realised")
    total = sum(counted[name] * worth[name] for name in FACETS)
    return total - (_not_negative(price, "price") + _not_negative(extra, "extra"))


def tradeoff(benefits: Sequence[float], sacrifices: Sequence[float]) -> float:
    """Perceived benefits (感知利得) less perceived sacrifices (感知利失).

    Parameters
    ----------
    benefits, sacrifices : sequences of float
        Each 0 or more, all in one unit; may be empty.

    Returns
    -------
    float
        In that unit.

    Raises
    ------
    InputError
        A number is missing or negative.

    Notes
    -----
    Curriculum C02. The handout speaks of a balance; that it is a difference of sums is [EXT].

    Examples
    --------
    >>> tradeoff([30, 12], [20, 5])
    17.0
    """
    totals = []
    for given, what in ((benefits, "benefits"), (sacrifices, "sacrifices")):
        row = numbers(given, what)
        if (row < 0).any():
            place = int((row < 0).argmax())
            raise InputError(
                f"{what}[{place}] is {row[place]:g}; it must be 0 or more: losses stand on the other side."
            )
        totals.append(float(row.sum()))
    return totals[0] - totals[1]


def economic_value(reference_cost: float, cost: float) -> float:
    """Economic value (经济价值): the cost saved for the same function.

    Parameters
    ----------
    reference_cost : float
        What the customer pays now, or for the next best offer of the same function: money, 0 or more.
    cost : float
        What this offer costs, all in: money, 0 or more.

    Returns
    -------
    float
        Money saved; negative if this offer is the dearer one.

    Raises
    ------
    InputError
        A cost is negative or not a number.

    Notes
    -----
    Curriculum C03. Better functions are functional value (功能价值) and do not belong here.

    Examples
    --------
    >>> economic_value(100, 80)
    20.0
    """
    return _not_negative(reference_cost, "reference_cost") - _not_negative(cost, "cost")


def _four(given: Any, what: str) -> dict[str, float]:
    """Numbers of 0 or more for the four facets."""
    found = pairs_of(what, given, example="{'nature': 40, 'quality': 50, 'brand': 10, 'after_sales': 20}")
    for name in found:
        if name not in FACETS:
            raise InputError(f"{what}: there is no {name!r}. {did_you_mean(str(name), FACETS)}")
    for name in FACETS:
        if name not in found:
            raise InputError(f"{what}: {name!r} is missing; give all of {', '.join(FACETS)} (0 if there is none).")
    return {name: _not_negative(found[name], f"{what}: {name}") for name in FACETS}


def _not_negative(value: Any, what: str) -> float:
    if not is_number(value) or value < 0:
        raise InputError(f"{what}={value!r} must be a number of 0 or more.")
    return float(value)
