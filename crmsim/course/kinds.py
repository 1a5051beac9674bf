"""What each entry of a dict, or each column of a table, should be: for the visible check.

A dict can have the right keys and a table the right columns, and still hold a set where a number is asked for, or
time spans where days are. Missing values in a column are left to other limits: an interval may have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crmsim.course.describing import describe
from crmsim.course.values import is_missing, is_number, key_of

KINDS: dict[str, Callable[[Any], bool]] = {
    "number": is_number,
    "whole number": lambda value: is_number(value) and value == value // 1,
    "number from 0 to 1": lambda value: is_number(value) and 0 <= value <= 1,
    "True/False value": lambda value: isinstance(value, bool) or (is_number(value) and value in (0, 1)),
    "text": lambda value: isinstance(value, str),
    "list": lambda value: isinstance(value, (list, tuple)),
    "list or set": lambda value: isinstance(value, (list, tuple, frozenset)),
}
"""What can be asked for, as it is called in messages."""


def complaint_about_kinds(answer: Mapping[Any, Any], wanted: Mapping[str, str]) -> str | None:
    """What is wrong with the first entry or column that is not of its kind, or None.

    Parameters
    ----------
    answer : mapping
        A dict as read by `as_mapping`, or a table as read by `as_table`.
    wanted : mapping of str to str
        By entry or column, one of `KINDS`.

    Examples
    --------
    >>> complaint_about_kinds({"n_people": frozenset({1, 2})}, {"n_people": "whole number"})
    "'n_people' should be a whole number, but this is a set of 2 numbers from 1 to 2."
    >>> complaint_about_kinds({"share": 78.5}, {"share": "number from 0 to 1"})
    "'share' should be a number from 0 to 1, but this is the number 78.5."
    >>> complaint_about_kinds({"frequency": {7: 3, 8: 1}}, {"frequency": "whole number"})
    """
    for name, kind in wanted.items():
        found = answer.get(key_of(name))
        complaint = _about_column(found, kind) if isinstance(found, dict) else _about_entry(found, kind)
        if complaint:
            return f"{name!r} {complaint}"
    return None


def _about_entry(value: Any, kind: str) -> str | None:
    if KINDS[kind](value):
        return None
    return f"should be a {kind}, but this is {describe(value)}.{_hint([value])}"


def _about_column(column: Mapping[Any, Any], kind: str) -> str | None:
    values = [value for value in column.values() if not is_missing(value)]
    if all(map(KINDS[kind], values)):
        return None
    many = kind.replace("number", "numbers") if "number" in kind else f"{kind}s"
    return f"should hold {many}, but these are {describe(values).removeprefix('a list of ')}.{_hint(values)}"


def _hint(values: list[Any]) -> str:
    return " Turn time spans into days with .dt.days." if "time span" in describe(values) else ""
