"""Reading what a user says about an outfit, a piece of jewellery, a person: complete, of the right type, or refused.

A record is a dict, a row of a table (a Series), or anything else with keys. Every message names the record, the
field, what stood there and what may stand there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.errors import InputError, did_you_mean


def record(given: Any, needed: Iterable[str], *, what: str) -> dict[str, Any]:
    """Return the needed fields of a record as a dict.

    Errors: `InputError` when it is no record, or a field is missing.
    """
    if not isinstance(given, (Mapping, pd.Series)):
        raise InputError(f"{what}: a dict or a row of a table is needed, but a {type(given).__name__} was given.")
    names = list(needed)
    for name in names:
        if name not in given:
            raise InputError(
                f"{what}: the field {name!r} is missing. {did_you_mean(name, map(str, given.keys()))} "
                f"Needed: {', '.join(names)}."
            )
    return {name: given[name] for name in names}


def word(value: Any, *, what: str, among: Collection[str] | None = None) -> str:
    """Return a text, one of `among` if that is given.

    Errors: `InputError` for anything else.
    """
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{what}: a text is needed, but {value!r} was given.")
    if among is not None and value not in among:
        raise InputError(f"{what}: {value!r} is not known. {did_you_mean(value, among)}")
    return value


def flag(value: Any, *, what: str) -> bool:
    """Return True or False.

    Errors: `InputError` for anything else, also for the texts "True" and "no" and for 0 and 1.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise InputError(f"{what}: True or False is needed, but {value!r} was given.")
    return bool(value)


def number(value: Any, *, what: str) -> float | None:
    """Return a finite number, or None where nothing is known (None or NaN).

    Errors: `InputError` for anything else.
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InputError(f"{what}: a number is needed, or None where it is not known, but {value!r} was given.")
    if np.isinf(value):
        raise InputError(f"{what}: {value!r} is not finite; give a number, or None where it is not known.")
    return None if np.isnan(value) else float(value)


def whole(value: Any, *, what: str, low: int = 0) -> int:
    """Return a whole number of at least `low`.

    Errors: `InputError` for anything else.
    """
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
    if not is_whole or value < low:
        raise InputError(f"{what}: a whole number of {low} or more is needed, but {value!r} was given.")
    return int(value)


def listed(value: Any, *, what: str) -> list[Any]:
    """Return the members of a list, tuple, set, array or column.

    Errors: `InputError` for anything else; a text is no list.
    """
    if not isinstance(value, (list, tuple, set, frozenset, np.ndarray, pd.Series, pd.Index)):
        raise InputError(f"{what}: a list is needed, but a {type(value).__name__} was given.")
    return list(value)
