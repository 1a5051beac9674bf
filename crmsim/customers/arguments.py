"""Checks of single arguments, with messages that say what was given and what is possible.

Each takes the name of the argument and what was given, and returns it ready for use or raises `InputError`. Tables are
checked by `crmsim.customers.tables.require_columns`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.errors import InputError, did_you_mean, told

Numbers = npt.NDArray[np.float64]
Kind = TypeVar("Kind")
LARGEST_SEED = 2**62


def is_number(value: Any) -> bool:
    """Whether `value` is one finite number; True and False are not."""
    if not isinstance(value, int | float | np.number) or isinstance(value, bool | np.complexfloating | np.timedelta64):
        return False
    return isinstance(value, int) or math.isfinite(value)


def number(name: str, value: Any, *, low: float = -np.inf, high: float = np.inf, above: bool = False) -> float:
    """`value` as a number from `low` (above it, if `above`) to `high`, or `InputError`."""
    if not is_number(value) or not low <= value <= high or (above and value == low):
        least = f"above {low:g}" if above else f"from {low:g}"
        bounds = least if high == np.inf else f"{least} to {high:g}"
        wanted = f"give a number{'' if low == -np.inf else f' {bounds}'}"
        raise InputError(f"{name}={told(value)} is not possible: {wanted}.")
    return float(value)


def whole(name: str, value: Any, *, low: int, high: int = 10_000_000) -> int:
    """`value` as a whole number from `low` to `high`, or `InputError`."""
    if not is_number(value) or value != int(value) or not low <= value <= high:
        raise InputError(f"{name}={told(value)} is not possible: give a whole number from {low:,} to {high:,}.")
    return int(value)


def seed_of(value: Any) -> int:
    """`value` as the seed of random numbers, or `InputError`."""
    if not is_number(value) or value != int(value) or not 0 <= value <= LARGEST_SEED:
        raise InputError(f"seed={told(value)} is not possible: give a whole number of 0 or more.")
    return int(value)


def flag(name: str, value: Any) -> bool:
    """`value` if it is True or False, or `InputError`."""
    if not isinstance(value, bool | np.bool_):
        raise InputError(f"{name}={told(value)} is not possible: give True or False.")
    return bool(value)


def one_of(name: str, value: Any, known: Collection[str]) -> str:
    """`value` if it is one of `known`, or `InputError`."""
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name}={told(value)} is not known. {did_you_mean(str(value), known)}")
    return value


def label(name: str, value: Any) -> Any:
    """`value` if it can be the name of a row, column or person, or `InputError`."""
    try:
        hash(value)
    except TypeError:
        raise InputError(f"{name}={told(value)} is not possible: give one name or number.") from None
    return value


def numbers(name: str, values: Any, *, low: float = -np.inf, high: float = np.inf) -> Numbers:
    """`values` as an array of finite numbers from `low` to `high`, not empty, or `InputError` with the first bad."""
    try:
        found: Numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: numbers are needed, but {told(values)} was given.") from error
    if found.size == 0:
        raise InputError(f"{name} is empty; give at least one number.")
    bad = ~(np.isfinite(found) & (found >= low) & (found <= high))
    if bad.any():
        place = int(bad.ravel().argmax())
        bounds = "" if low == -np.inf else f" from {low:g}" + (f" to {high:g}" if high < np.inf else "")
        raise InputError(f"{name} holds {found.ravel()[place]:g} at place {place}; finite numbers{bounds} are needed.")
    return found


def entries(name: str, values: Any, *, example: str) -> list[Any]:
    """The entries of a list, column or other row of values, or `InputError`; a text or a table is none."""
    if isinstance(values, str | bytes | Mapping | pd.DataFrame) or not isinstance(values, Iterable):
        raise InputError(f"{name}: a list is needed, such as {example}, but {told(values)} was given.")
    return list(values)


def names_of(name: str, values: Any, *, example: str) -> list[Any]:
    """Like `entries`, and each entry can be a name of a row, column or person."""
    found = entries(name, values, example=example)
    return [label(f"{name}[{place}]", value) for place, value in enumerate(found)]


def pairs_of(name: str, values: Any, *, example: str) -> dict[Any, Any]:
    """A dict, or a column with an index, as a dict; or `InputError`."""
    if isinstance(values, pd.Series):
        return dict(values.items())
    if not isinstance(values, Mapping):
        raise InputError(f"{name}: a dict is needed, such as {example}, but {told(values)} was given.")
    return dict(values)


def instance(name: str, value: Any, kind: type[Kind], *, made_by: str) -> Kind:
    """`value` if it is of this kind, or `InputError` that says how one is made."""
    if not isinstance(value, kind):
        raise InputError(f"{name}: a {kind.__name__} is needed, but {told(value)} was given; use {made_by}.")
    return value


def column(name: str, values: Any) -> pd.Series[Any]:
    """A column with an index, as it is, or `InputError`."""
    if isinstance(values, pd.DataFrame):
        raise InputError(f"{name}: one column is needed, but {told(values)} was given; {_choose(values)}.")
    if not isinstance(values, pd.Series):
        raise InputError(
            f"{name}: a column indexed by customer_id is needed, but {told(values)} was given; take one of a table, "
            "for example table['segment'], or make one with pandas.Series."
        )
    return values


def _choose(table: pd.DataFrame) -> str:
    """Advice to give one column, by a name that the table has."""
    chosen = [*table.select_dtypes("number").columns, *table.columns, "amount"][0]
    return f"give one column, for example table[{chosen!r}]"


def value_column(name: str, values: Any) -> pd.Series[Any]:
    """A column as it is, or a list of values as the column of customers 0, 1, 2 ..., or `InputError`."""
    if isinstance(values, pd.Series | pd.DataFrame):
        return column(name, values)
    found = entries(name, values, example="[500, 300, 80]")
    if isinstance(values, np.ndarray) and values.ndim != 1:
        raise InputError(f"{name}: one column is needed, but an array of {values.ndim} dimensions was given.")
    return pd.Series(found, dtype=None if found else float)
