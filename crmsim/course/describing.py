"""One line about a value: type, size and range, never more than a student can see anyway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmsim.course.values import Failure, Problem, Results, is_missing, is_number, spelled


def describe(value: Any) -> str:
    """What kind of thing a decoded value is, in words.

    >>> describe([3, 1, 2])
    'a list of 3 numbers from 1 to 3'
    >>> describe([7, 100000001218])
    'a list of 2 numbers from 7 to 100000001218'
    >>> describe({"A": "large"})
    'a dict of 1 entry: a text'
    """
    try:
        return _describe(value)
    except Exception:  # moments with and without a time zone cannot be compared, and so on
        return f"a {type(value).__name__}"


def _describe(value: Any) -> str:
    if isinstance(value, Problem):
        return value.text
    if isinstance(value, pd.DataFrame):
        return f"a table of {len(value)} rows with the columns {_few(value.columns)}"
    if isinstance(value, Results):
        failed = sum(isinstance(item, (Failure, Problem)) for item in value.items)
        return f"a function tried {len(value.items)} times" + (f", {failed} times without a result" if failed else "")
    if isinstance(value, dict):
        return f"a dict of {len(value)} {'entry' if len(value) == 1 else 'entries'}: {_items(list(value.values()))}"
    named = _NAMES.get(type(value)) or ("an index" if isinstance(value, pd.Index) else None)
    return f"{named} of {_items(_listed(value))}" if named else _one(value)


_NAMES = {
    list: "a list", tuple: "a tuple", frozenset: "a set", np.ndarray: "an array", pd.Series: "a Series",
}


def _listed(value: Any) -> list[Any]:
    return value.tolist() if hasattr(value, "tolist") else list(value)


def _few(names: Iterable[Any]) -> str:
    listed = [str(name)[:30] for name in names]
    return ", ".join(listed[:6]) + (f" and {len(listed) - 6} more" if len(listed) > 6 else "")


def _one(value: Any) -> str:
    if is_missing(value):
        return "None (empty)" if value is None else "a missing value (nan)"
    if is_number(value):
        return f"the number {_number(value)}"
    if isinstance(value, str):
        return f"the text {spelled(value)[:40]!r}" + ("…" if len(value) > 40 else "")
    if isinstance(value, pd.Timedelta):
        return f"a time span ({value})"
    if isinstance(value, pd.Timestamp):
        return f"the moment {value}"
    return f"the value {value!r}" if isinstance(value, bool) else f"a {type(value).__name__}"


def _number(value: float) -> str:
    """Whole numbers in full, for they may be somebody's id; six digits of others."""
    return str(value) if isinstance(value, int) else f"{value:g}"


_KINDS = (
    ("number", is_number), ("text", lambda item: isinstance(item, str)),
    ("time span", lambda item: isinstance(item, pd.Timedelta)),
    ("moment", lambda item: isinstance(item, pd.Timestamp)),
    ("True/False value", lambda item: isinstance(item, bool)), ("list", lambda item: isinstance(item, (list, tuple))),
)


def _items(items: Sequence[Any]) -> str:
    present = [item for item in items if not is_missing(item)]
    gaps = f", {len(items) - len(present)} of {len(items)} missing" if len(present) < len(items) else ""
    for name, is_kind in _KINDS:
        if present and all(is_kind(item) for item in present):
            return _counted(present, name) + gaps
    return f"{len(items)} mixed values{gaps}" if items else "0 values"


def _counted(items: Sequence[Any], name: str) -> str:
    if len(items) == 1:
        return f"1 {name}" if name != "text" else "a text"
    text = f"{len(items)} {name}s"
    if name in ("number", "time span", "moment"):
        low, high = min(items), max(items)
        text += f" from {_number(low)} to {_number(high)}" if name == "number" else f" from {low} to {high}"
    return text
