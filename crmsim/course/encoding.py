"""Answers as data: what leaves the notebook when a student hands in.

An answer is written as JSON with tags: numbers, texts, True/False and None as they are; everything else as an
object with a ``kind``. Nothing is pickled, and nothing that comes back is ever run.

| kind | fields |
|---|---|
| number | value: "nan", "inf" or "-inf" |
| time / span | value: ISO text / seconds |
| list, tuple, set | items |
| array, index | dtype, items (and names) |
| dict | items: pairs of key and value |
| series | name, dtype, index, values |
| table | index, columns: name, dtype, values |
| results | items: value or error of every hidden input |
| missing, blank, unsupported, too_large | text: what to say about it |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from crmsim.course.values import BIGGEST_INTEGER

MIME = "application/vnd.crmsim.answer+json"
MAX_DEPTH = 10
MAX_VALUES = 200_000
MAX_TEXT = 2_000_000


class CannotEncode(Exception):  # noqa: N818 - the answer is at fault, not the program
    """A value is no answer; the arguments are a kind and a sentence."""


def record(kind: str, text: str) -> dict[str, Any]:
    """The data for something that stands where an answer should be."""
    return {"kind": kind, "text": text}


def encode(value: Any) -> Any:
    """The data for any value a student can compute; never raises because of the value.

    >>> encode({"a": (1, 2.5)})
    {'kind': 'dict', 'items': [['a', {'kind': 'tuple', 'items': [1, 2.5]}]]}
    >>> encode(print)["kind"]
    'unsupported'
    """
    budget = [MAX_VALUES, MAX_TEXT]
    try:
        return _encode(value, depth=0, budget=budget)
    except CannotEncode as refusal:
        return record(*refusal.args)
    except Exception as error:  # a student's own class may raise whatever it likes
        return record("unsupported", f"A {type(value).__name__} cannot be handed in ({type(error).__name__}).")


def _encode(value: Any, *, depth: int, budget: list[int]) -> Any:
    if depth > MAX_DEPTH:
        raise CannotEncode("too_large", f"It is nested more than {MAX_DEPTH} levels deep.")
    for types, write in _CONTAINERS:
        if isinstance(value, types):
            return write(value, lambda inner: _encode(inner, depth=depth + 1, budget=budget))
    budget[0] -= 1
    plain = _scalar(value)
    if isinstance(plain, str):
        budget[1] -= len(plain)
    if min(budget) < 0:
        raise CannotEncode("too_large", f"It holds more than {MAX_VALUES:,} values or {MAX_TEXT:,} characters.")
    return plain


def _scalar(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if value is Ellipsis:
        return record("blank", "It still holds the three dots (...).")
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (str, pd.Period, pd.Interval)):
        return str(value).encode("utf-8", "replace").decode()
    if isinstance(value, (int, np.integer)):
        if abs(int(value)) >= BIGGEST_INTEGER:
            raise CannotEncode("unsupported", "A whole number of more than 18 digits cannot be handed in.")
        return int(value)
    if isinstance(value, (float, np.floating, Decimal, Fraction)):
        number = float(value)
        return number if math.isfinite(number) else {"kind": "number", "value": str(number)}
    return _moment(value)


def _moment(value: Any) -> Any:
    if isinstance(value, (timedelta, np.timedelta64)):
        span = pd.Timedelta(value)
        return None if pd.isna(span) else {"kind": "span", "value": span.total_seconds()}
    if isinstance(value, (datetime, date, np.datetime64)):
        moment = pd.Timestamp(value)
        return None if pd.isna(moment) else {"kind": "time", "value": moment.isoformat()}
    raise CannotEncode("unsupported", f"A {type(value).__name__} cannot be handed in.")


Inner = Callable[[Any], Any]


def _items(kind: str) -> Callable[[Iterable[Any], Inner], dict[str, Any]]:
    return lambda value, inner: {"kind": kind, "items": [inner(item) for item in value]}


def _mapping(value: Mapping[Any, Any], inner: Inner) -> dict[str, Any]:
    return {"kind": "dict", "items": [[inner(key), inner(item)] for key, item in value.items()]}


def _array(value: Any, inner: Inner) -> Any:
    if value.ndim == 0:
        return inner(value.item() if value.dtype.kind not in "mM" else value[()])
    return {"kind": "array", "dtype": str(value.dtype), "items": [inner(item) for item in _listed(value)]}


def _listed(values: Any) -> list[Any]:
    """The elements as Python objects; whole days and seconds would turn into bare numbers otherwise."""
    if getattr(values.dtype, "kind", "O") in "mM":
        return list(values)
    listed: list[Any] = values.tolist()
    return listed


def _index(value: pd.Index[Any], inner: Inner) -> dict[str, Any]:
    return {
        "kind": "index", "names": [inner(name) for name in value.names], "dtype": str(value.dtype),
        "items": [inner(item) for item in value.tolist()],
    }


def _series(value: pd.Series[Any], inner: Inner) -> dict[str, Any]:
    return {
        "kind": "series", "name": inner(value.name), "dtype": str(value.dtype),
        "index": _index(value.index, inner), "values": [inner(item) for item in value.tolist()],
    }


def _table(value: pd.DataFrame, inner: Inner) -> dict[str, Any]:
    columns = [
        {"name": inner(name), "dtype": str(column.dtype), "values": [inner(item) for item in column.tolist()]}
        for name, column in value.items()
    ]
    return {"kind": "table", "index": _index(value.index, inner), "columns": columns}


_VIEWS: tuple[Any, ...] = (list, range, type({}.keys()), type({}.values()), pd.api.extensions.ExtensionArray)
_CONTAINERS: tuple[tuple[Any, Callable[[Any, Inner], Any]], ...] = (
    (pd.Series, _series),
    (pd.DataFrame, _table),
    (pd.Index, _index),
    (np.ndarray, _array),
    (Mapping, _mapping),
    ((set, frozenset), _items("set")),
    (tuple, _items("tuple")),
    (_VIEWS, _items("list")),
)
