"""The values that a column can have, and whether two conditions on one column can hold for one customer.

Satisfaction is a score from 1 to 5, months since the last purchase are not negative, the others are yes or no, a
language, a kind, or a word.
"""

from __future__ import annotations

import math
from typing import Any

from crmsim.phone.conditions import Range

Wanted = Range | tuple[Any, ...]
VALUES: dict[str, frozenset[Any]] = {
    "satisfaction": frozenset(range(1, 6)),
    "open_complaint": frozenset((False, True)),
    "member": frozenset((False, True)),
    "do_not_call": frozenset((False, True)),
    "kind": frozenset(("individual", "company")),
    "language": frozenset(("zh", "en")),
}
"""Columns with few values; the others are numbers from 0 on, or words."""


def nobody(column: str, wanted: Wanted) -> bool:
    """Whether no customer can have such a value.

    >>> nobody("satisfaction", Range(at_least=6)), nobody("satisfaction", Range(at_least=5))
    (True, False)
    """
    if column in VALUES:
        return not _possible(column, wanted)
    if isinstance(wanted, Range):
        low, high = _limits(wanted)
        return low >= high
    return column == "months_since_purchase" and all(value < 0 for value in wanted)


def always(column: str, wanted: Wanted) -> bool:
    """Whether every customer has such a value."""
    if column in VALUES:
        return _possible(column, wanted) == VALUES[column]
    return isinstance(wanted, Range) and _limits(wanted) == (0, math.inf)


def meet(column: str, one: Wanted, other: Wanted) -> bool:
    """Whether one value can meet both."""
    if column in VALUES:
        return bool(_possible(column, one) & _possible(column, other))
    if isinstance(one, tuple):
        return any(holds(other, value) for value in one)
    if isinstance(other, tuple):
        return any(holds(one, value) for value in other)
    (low, high), (least, most) = _limits(one), _limits(other)
    return max(low, least) < min(high, most)


def contains(column: str, outer: Wanted, inner: Wanted) -> bool:
    """Whether every value that meets `inner` meets `outer`."""
    if column in VALUES:
        return _possible(column, outer) >= _possible(column, inner)
    if isinstance(inner, tuple):
        return all(holds(outer, value) for value in inner)
    if isinstance(outer, tuple):
        return False
    (low, high), (least, most) = _limits(outer), _limits(inner)
    return low <= least and most <= high


def _possible(column: str, wanted: Wanted) -> frozenset[Any]:
    return frozenset(value for value in VALUES[column] if holds(wanted, value))


def holds(wanted: Wanted, value: Any) -> bool:
    """Whether a value of a column is one that is wanted."""
    return wanted.holds(float(value)) if isinstance(wanted, Range) else value in wanted


def _limits(wanted: Range) -> tuple[float, float]:
    low = max(0.0, wanted.at_least) if wanted.at_least is not None else 0.0
    return low, math.inf if wanted.below is None else wanted.below
