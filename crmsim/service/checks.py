"""Checks of single arguments, with messages that say what was given and what is possible."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.errors import InputError, did_you_mean
from crmsim.value.cashflows import is_number

Numbers = npt.NDArray[np.float64]


def number(name: str, value: Any, *, low: float = -np.inf, high: float = np.inf, above: bool = False) -> float:
    """`value` as a number from `low` (above it, if `above`) to `high`, or `InputError`."""
    if not is_number(value) or not low <= value <= high or (above and value == low):
        least = f"above {low:g}" if above else f"from {low:g}"
        bounds = least if high == np.inf else f"{least} to {high:g}"
        raise InputError(f"{name}={value!r} is not possible: give a number{'' if low == -np.inf else f' {bounds}'}.")
    return float(value)


def whole(name: str, value: Any, *, low: int, high: int = 10_000_000) -> int:
    """`value` as a whole number from `low` to `high`, or `InputError`."""
    if not is_number(value) or value != int(value) or not low <= value <= high:
        raise InputError(f"{name}={value!r} is not possible: give a whole number from {low:,} to {high:,}.")
    return int(value)


def one_of(name: str, value: Any, known: Collection[str]) -> str:
    """`value` if it is one of `known`, or `InputError`."""
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name}={value!r} is not known. {did_you_mean(str(value), known)}")
    return value


def numbers(name: str, values: Any, *, low: float = -np.inf, high: float = np.inf) -> Numbers:
    """`values` as an array of finite numbers from `low` to `high`, not empty, or `InputError` with the first bad."""
    try:
        found: Numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: numbers are needed, but {_short(values)} was given.") from error
    if found.size == 0:
        raise InputError(f"{name} is empty; give at least one number.")
    bad = ~(np.isfinite(found) & (found >= low) & (found <= high))
    if bad.any():
        place = int(bad.ravel().argmax())
        bounds = "" if low == -np.inf else f" from {low:g}" + (f" to {high:g}" if high < np.inf else "")
        raise InputError(f"{name} holds {found.ravel()[place]:g} at place {place}; finite numbers{bounds} are needed.")
    return found


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
