"""Answers read as the kind of thing a question asks for.

The visible check and the marking read an answer with the same functions, so that whatever the check accepts
can be marked. Each reader takes a decoded value and gives one plain form, however the answer was written: a
one-element Series is a number, an Index is a list, a one-column table is a Series. What cannot be read so
raises `Unreadable` with a sentence that says what to do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from crmsim.course.describing import describe
from crmsim.course.values import Problem, Results, Word, is_missing, key_of, quoted

Keyed = dict[Any, Any]


class Unreadable(ValueError):  # noqa: N818 - the answer is at fault, not the program
    """The answer is not of the kind that was asked for; the message says what it is instead."""


def _refuse(value: Any, needed: str, *, hint: str = "") -> Unreadable:
    if isinstance(value, Problem):
        return Unreadable(value.text)
    return Unreadable(f"{needed} is needed, but this is {describe(value)}.{' ' + hint if hint else ''}")


def _single(value: Any) -> Any:
    """The one element of a Series, array, list or table that holds only one."""
    if isinstance(value, pd.DataFrame) and value.shape == (1, 1):
        return value.iloc[0].tolist()[0]
    if isinstance(value, (pd.Series, pd.Index, np.ndarray, list, tuple)) and len(value) == 1:
        only = value.tolist()[0] if hasattr(value, "tolist") else value[0]
        return only if not isinstance(only, list) else value
    return value


def as_number(value: Any) -> float:
    """A finite number."""
    only = _single(value)
    if isinstance(only, pd.Timedelta):
        raise _refuse(only, "A number", hint="Turn a time span into days with .days (a Series: .dt.days).")
    if isinstance(only, bool) or not isinstance(only, (int, float)):
        raise _refuse(only, "A number")
    if not math.isfinite(only):
        raise Unreadable(f"A finite number is needed, but this is {only}. Was something divided by 0, or missing?")
    return only


def as_text(value: Any) -> Word:
    """A text, without differences of case, spaces and width."""
    only = _single(value)
    if not isinstance(only, str):
        raise _refuse(only, "A text")
    return Word(only)


def as_value(value: Any) -> Any:
    """A single value of any kind: True or False, a moment, a number, a text."""
    only = _single(value)
    if isinstance(only, (Problem, Results, pd.DataFrame, pd.Series, pd.Index, np.ndarray, list, dict, frozenset)):
        raise _refuse(only, "A single value")
    return only


def as_list(value: Any) -> list[Any]:
    """A list in which the order counts."""
    if isinstance(value, (pd.Series, pd.Index, np.ndarray)):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        hint = "A set has no order." if isinstance(value, frozenset) else "Write it as [first, second, ...]."
        raise _refuse(value, "A list", hint=hint)
    return [key_of(item) for item in value]


def as_set(value: Any) -> frozenset[Any]:
    """A collection in which neither order nor repetition counts."""
    if isinstance(value, frozenset):
        return frozenset(key_of(item) for item in value)
    if isinstance(value, pd.Series) and value.dtype == bool and len(value) > 2:
        raise _refuse(value, "A list or set", hint="Take the labels where it is True: mask[mask].index.")
    if isinstance(value, (pd.DataFrame, dict)):
        raise _refuse(value, "A list or set", hint="Hand in the labels alone, for instance list(table.index).")
    return frozenset(as_list(value))


def as_mapping(value: Any) -> Keyed:
    """A value for each key: a dict or a Series."""
    if isinstance(value, dict):
        return _unique((key_of(key), item) for key, item in value.items())
    if isinstance(value, (pd.Series, pd.DataFrame)):
        return as_series(value)
    raise _refuse(value, "A dict", hint="Write it as {key: value, ...}.")


def as_series(value: Any, *, key: Any = None) -> Keyed:
    """A value for each row label; `key` names the labels, should they stand in a column."""
    if isinstance(value, pd.DataFrame):
        value = _only_column(_keyed(value, key))
    if isinstance(value, dict):
        return as_mapping(value)
    if not isinstance(value, pd.Series):
        hint = "Keep the pandas Series; its index says which value belongs to whom."
        raise _refuse(value, "A Series", hint=hint if not isinstance(value, Problem) else "")
    return _unique(zip(map(key_of, value.index.tolist()), value.tolist(), strict=True))


def as_table(value: Any, *, key: Any = None) -> dict[Any, Keyed]:
    """Columns, each with a value for each row label."""
    if isinstance(value, pd.Series):
        value = value.to_frame()
    if not isinstance(value, pd.DataFrame):
        raise _refuse(value, "A table (DataFrame)")
    table = _keyed(value, key)
    if not table.columns.is_unique:
        raise Unreadable("The table has two columns of the same name; rename or drop one.")
    return {key_of(name): as_series(column) for name, column in table.items()}


def as_results(value: Any) -> Results:
    """The results of a function."""
    if not isinstance(value, Results):
        raise _refuse(value, "A function", hint="Define it with def, and hand in its name without brackets.")
    return value


def _keyed(table: pd.DataFrame, key: Any) -> pd.DataFrame:
    """The table with its row labels in the index, where a reset index had put them into a column."""
    if key is None or table.index.name == key:
        return table
    names = [key] if not isinstance(key, (list, tuple)) else list(key)
    return table.set_index(names) if set(names) <= set(table.columns) else table


def _only_column(table: pd.DataFrame) -> pd.Series[Any]:
    if table.shape[1] != 1:
        raise Unreadable(
            f"A Series is needed, but this is {describe(table)}. Choose one column: table['name']."
        )
    return table.iloc[:, 0]


def _unique(pairs: Iterable[tuple[Any, Any]]) -> Keyed:
    keyed: Keyed = {}
    for key, item in pairs:
        if key in keyed:
            shown = "a missing label" if is_missing(key) else quoted(key)
            raise Unreadable(f"There are two rows for {shown}; one row for each is needed.")
        keyed[key] = item
    return keyed


READERS: dict[str, Callable[..., Any]] = {
    "number": as_number, "text": as_text, "value": as_value, "list": as_list, "set": as_set,
    "mapping": as_mapping, "series": as_series, "table": as_table, "function": as_results,
}
