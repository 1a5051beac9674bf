"""How long a customer's life lasts, by three definitions that the course's handouts give.

Four dates describe one relation: the first interest (the customer begins to learn about the firm, or the firm
wants the customer), the first order, the last order, and the day on which the last open matter (a claim, a
payment) was settled. The definitions differ in where life begins and ends:

* `business`: from the start of business relations to their end, so first to last order;
* `whole`: from the first interest until business has ended *and all related matters are settled*;
* `relation`: the length of time for which a relation can be kept up. The handout gives no dates; we read it
  [INF] as first order to last matter settled, because before an order nobody is a customer, and an open claim
  keeps the relation up.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import isnan
from types import MappingProxyType
from typing import Any

import pandas as pd

from crmsim.customers.arguments import pairs_of
from crmsim.customers.tables import date_of
from crmsim.errors import InputError, did_you_mean, told

DATES = ("first_interest", "first_order", "last_order", "last_settled")
LIFETIMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "business": ("first_order", "last_order"),
        "whole": ("first_interest", "last_settled"),
        "relation": ("first_order", "last_settled"),
    }
)


def lifetime(dates: Mapping[str, Any] | pd.Series[Any], *, definition: str) -> int:
    """Days of one customer's life, from its first to its last day, by one of three definitions.

    A life that begins and ends on one day has 0 days. For a table with a row per customer use
    `table.apply(lifetime, axis=1, definition="business")`.

    Parameters
    ----------
    dates : mapping or Series
        One customer: `first_interest`, `first_order`, `last_order`, `last_settled`, as dates in this order.
    definition : str
        "business", "whole" or "relation"; see the module.

    Returns
    -------
    int
        Full days, 0 or more.

    Raises
    ------
    InputError
        The definition is unknown, or a date is missing, unreadable or earlier than the one before it.

    Examples
    --------
    >>> dates = {"first_interest": "2025-01-01", "first_order": "2025-01-11", "last_order": "2025-03-12",
    ...          "last_settled": "2025-04-01"}
    >>> [lifetime(dates, definition=name) for name in ("business", "whole", "relation")]
    [60, 90, 80]
    """
    if not isinstance(definition, str) or definition not in LIFETIMES:
        raise InputError(f"definition: there is no {told(definition)}. {did_you_mean(str(definition), LIFETIMES)}")
    known = pairs_of("dates", dates, example="{'first_order': '2026-01-31', ...}")
    days = {name: _day(known, name) for name in DATES}
    _check_clocks(days)
    for earlier, later in pairwise(DATES):
        if days[later] < days[earlier]:
            raise InputError(
                f"{later} ({days[later]:%Y-%m-%d}) lies before {earlier} ({days[earlier]:%Y-%m-%d}); "
                f"the order must be {', '.join(DATES)}."
            )
    start, end = LIFETIMES[definition]
    return (days[end] - days[start]).days


def _check_clocks(days: Mapping[str, pd.Timestamp]) -> None:
    """Raise `InputError` unless all dates, or none, have a time zone."""
    first, *others = DATES
    for name in others:
        if (days[name].tz is None) != (days[first].tz is None):
            raise InputError(
                f"{first}={days[first]} and {name}={days[name]}: only one of them has a time zone; give all or none, "
                "for example with .tz_localize(None)."
            )


def _day(dates: Mapping[str, Any], name: str) -> pd.Timestamp:
    if name not in dates:
        raise InputError(f"dates: {name!r} is missing; needed are {', '.join(DATES)}.")
    value = dates[name]
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and isnan(value)):
        raise InputError(f"{name} is empty; a life that still goes on has no length yet.")
    return date_of(name, value)
