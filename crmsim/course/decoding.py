"""Data that came out of a student's notebook, read back as values.

The notebook may have been made by anybody, so nothing here trusts it: sizes and depth are measured before
anything is built, kinds and dtypes come from a fixed list, and whatever does not fit becomes a `Problem`.
`decode` never raises and never runs anything. The way back makes pandas objects, because hidden inputs travel
to a student's function in the same form.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.course.encoding import MAX_DEPTH, MAX_TEXT, MAX_VALUES
from crmsim.course.values import BIGGEST_INTEGER, Failure, Problem, Results

_NODES = 4 * MAX_VALUES
_LEVELS = 4 * MAX_DEPTH
_DTYPE = re.compile(r"u?int(8|16|32|64)|float(32|64)|bool|boolean|U?Int(8|16|32|64)|Float(32|64)|str(ing)?"
                    r"|(datetime64|timedelta64)\[(s|ms|us|ns)\]")
_FALLBACK = {
    "missing": "There is no answer.", "blank": "It is still empty.", "unsupported": "It cannot be handed in.",
    "too_large": "It is too large to hand in.",
}


class MalformedError(ValueError):
    """These data were not written by `encode`."""


def decode(data: Any) -> Any:
    """The value that `encode` wrote, or a `Problem` when the data are not an answer.

    >>> decode({"kind": "set", "items": [1, 2]}) == frozenset({1, 2})
    True
    >>> decode({"kind": "python", "code": "exit()"}).kind
    'unreadable'
    """
    if not within_limits(data):
        return Problem("too_large", "It is larger than any answer may be.")
    try:
        return _decode(data)
    except Exception:  # hostile data find every way to fail, and all of them mean the same
        return Problem("unreadable", "It could not be read.")


def within_limits(data: Any) -> bool:
    """Whether JSON data are small and flat enough to be read at all."""
    stack = [(data, 0)]
    nodes = text = 0
    while stack:
        node, level = stack.pop()
        nodes += 1
        text += len(node) if isinstance(node, str) else 0
        if nodes > _NODES or text > MAX_TEXT or level > _LEVELS:
            return False
        if isinstance(node, Mapping):
            text += sum(len(str(key)) for key in node)
            stack.extend((child, level + 1) for child in node.values())
        elif isinstance(node, list):
            stack.extend((child, level + 1) for child in node)
    return True


def _decode(data: Any) -> Any:
    if data is None or isinstance(data, (bool, str)):
        return data
    if isinstance(data, (int, float)):
        return _finite(data)
    if isinstance(data, Mapping) and data.get("kind") in _READERS:
        return _READERS[data["kind"]](data)
    raise MalformedError


def _finite(number: float) -> float:
    if isinstance(number, int) and abs(number) >= BIGGEST_INTEGER:
        raise MalformedError
    if isinstance(number, float) and not math.isfinite(number):
        raise MalformedError
    return number


def _number(data: Mapping[str, Any]) -> float:
    return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[data["value"]]


def _span(data: Mapping[str, Any]) -> pd.Timedelta:
    return pd.Timedelta(seconds=float(data["value"]))


def _time(data: Mapping[str, Any]) -> pd.Timestamp:
    if not isinstance(data["value"], str) or len(data["value"]) > 40:
        raise MalformedError
    moment = pd.Timestamp(data["value"])
    if pd.isna(moment):
        raise MalformedError
    return moment


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise MalformedError
    return [_decode(item) for item in data]


def _set(data: Mapping[str, Any]) -> frozenset[Any]:
    return frozenset(_hashable(item) for item in _list(data["items"]))


def _hashable(value: Any) -> Any:
    return tuple(_hashable(item) for item in value) if isinstance(value, (list, tuple)) else value


def _dict(data: Mapping[str, Any]) -> dict[Any, Any]:
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in data["items"]):
        raise MalformedError
    return {_hashable(_decode(key)): _decode(value) for key, value in data["items"]}


def _typed(values: list[Any], dtype: Any, *, index: pd.Index[Any] | None = None) -> pd.Series[Any]:
    """A Series of a dtype from the fixed list; plain objects when the values do not fit it."""
    if isinstance(dtype, str) and _DTYPE.fullmatch(dtype):
        try:
            return pd.Series(values, dtype=dtype, index=index)
        except (ValueError, TypeError, OverflowError):
            pass
    return pd.Series(values, dtype=object, index=index)


def _array(data: Mapping[str, Any]) -> Any:
    items = _list(data["items"])
    if any(isinstance(item, list) for item in items):
        return np.array(items)
    return _typed(items, data.get("dtype")).to_numpy(copy=True)


def _index(data: Mapping[str, Any]) -> pd.Index[Any]:
    items, names = _list(data["items"]), [_hashable(name) for name in _list(data["names"])]
    if len(names) > 1:
        return pd.MultiIndex.from_tuples([tuple(item) for item in items], names=names)
    labels = _typed([_hashable(item) for item in items], data.get("dtype"))
    index: pd.Index[Any] = pd.Index(labels, name=names[0])
    return index


def _values(data: Mapping[str, Any], index: pd.Index[Any]) -> pd.Series[Any]:
    values = _list(data["values"])
    if len(values) != len(index):
        raise MalformedError
    return _typed(values, data.get("dtype"), index=index)


def _series(data: Mapping[str, Any]) -> pd.Series[Any]:
    return _values(data, _index(data["index"])).rename(_hashable(_decode(data["name"])))


def _table(data: Mapping[str, Any]) -> pd.DataFrame:
    index = _index(data["index"])
    columns = [_values(column, index).rename(None) for column in data["columns"]]
    table = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    table.columns = pd.Index([_hashable(_decode(column["name"])) for column in data["columns"]])
    return table


def _results(data: Mapping[str, Any]) -> Results:
    return Results(tuple(
        decode(item["value"]) if "value" in item else Failure(str(item["error"])[:200]) for item in data["items"]
    ))


def _problem(data: Mapping[str, Any]) -> Problem:
    text = data.get("text")
    return Problem(data["kind"], text[:300] if isinstance(text, str) else _FALLBACK[data["kind"]])


_READERS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "number": _number, "time": _time, "span": _span, "list": lambda data: _list(data["items"]),
    "tuple": lambda data: tuple(_list(data["items"])), "set": _set, "array": _array, "index": _index,
    "dict": _dict, "series": _series, "table": _table, "results": _results,
} | dict.fromkeys(_FALLBACK, _problem)
