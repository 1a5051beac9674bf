"""The visible check after every question: whether there is an answer, of the right kind.

A check says whether the answer exists, its type, size and range, and never its value. It reads the answer as
the marking does, after a round trip through the same data, so that what passes here can be marked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from crmsim.course.decoding import decode
from crmsim.course.describing import describe
from crmsim.course.encoding import encode
from crmsim.course.kinds import KINDS, complaint_about_kinds
from crmsim.course.reading import READERS, Unreadable
from crmsim.course.session import complaints, find, tell
from crmsim.course.values import Problem, is_missing, is_number, key_of, quoted, spelled
from crmsim.errors import InputError, did_you_mean, told


@dataclass(frozen=True)
class Limits:
    """What a check may ask of an answer.

    Parameters
    ----------
    index : iterable, optional
        The row labels (or keys) that a series, mapping or table must have, in any order.
    columns : iterable of str, optional
        The columns that a table must have.
    kinds : mapping of str to str, optional
        For a mapping or table: entry or column to what it should be, one of `crmsim.course.kinds.KINDS`.
    among : iterable, optional
        The values that may occur; with `distinct`, none of them twice.
    length : int, optional
        The number of entries of a list or set.
    low, high : number, optional
        The range of the numbers, both ends included.
    unit : str
        The unit of the numbers, for the message.
    on : tuple, optional
        For a function: example arguments to call it on; `returns` is the kind of its result, which must then keep
        the other limits.
    returns : str
        See `on`.
    """

    index: Iterable[Any] | None = None
    columns: Iterable[str] | None = None
    kinds: Mapping[str, str] | None = None
    among: Iterable[Any] | None = None
    distinct: bool = False
    length: int | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    on: tuple[Any, ...] | None = None
    returns: str = "value"


def check(name: str, kind: str, **limits: Any) -> None:
    """Say whether the answer called `name` exists and has the right type, size and range.

    Parameters
    ----------
    name : str
        The name of the answer in the notebook, as text.
    kind : str
        ``"number"``, ``"text"``, ``"value"``, ``"list"``, ``"set"``, ``"mapping"``, ``"series"``, ``"table"`` or
        ``"function"``.
    **limits
        See `Limits`: index, columns, kinds, among, distinct, length, low, high, unit, on, returns.

    Prints one line. Under nbgrader's *Validate* a complaint is an error. Errors: `InputError` for a kind or a
    limit that does not exist.

    Examples
    --------
    >>> churn_share = 0.25
    >>> check("churn_share", "number", low=0, high=1)
    ✔ churn_share is the number 0.25. Its form is right.
    """
    if not isinstance(kind, str) or kind not in READERS:
        raise InputError(f"check({told(name)}): there is no kind {told(kind)}. {did_you_mean(str(kind), READERS)}")
    for limit in limits:
        if limit not in {field.name for field in fields(Limits)}:
            known = [field.name for field in fields(Limits)]
            raise InputError(f"check({name!r}): there is no limit {limit!r}. {did_you_mean(limit, known)}")
    for asked in set((limits.get("kinds") or {}).values()) - set(KINDS):
        raise InputError(f"check({name!r}): there is no kind {asked!r} of entry. {did_you_mean(asked, KINDS)}")
    value = find(name, sys._getframe(1).f_globals)
    complaint, shown = _look_at(value, kind, Limits(**limits))
    complaints.pop(name, None)
    if complaint is not None:
        complaints[name] = complaint
    tell(name, complaint, praise=f"{name} is {shown}. Its form is right.")


def _look_at(value: Any, kind: str, limits: Limits) -> tuple[str | None, str]:
    """A complaint, if there is one, and a description."""
    if isinstance(value, Problem):
        return value.text, ""
    if kind == "function":
        return _look_at_function(value, limits)
    plain = decode(encode(value))
    unit = f" ({limits.unit})" if limits.unit else ""
    return complaint_about(plain, kind, limits), describe(plain) + unit


def _look_at_function(function: Any, limits: Limits) -> tuple[str | None, str]:
    if not callable(function):
        return f"A function is needed, but this is {describe(decode(encode(function)))}.", ""
    if limits.on is None:
        return None, "a function"
    try:
        result = function(*[decode(encode(argument)) for argument in limits.on])
    except Exception as error:  # the student's function may raise anything
        return f"On an example it stopped with {type(error).__name__}: {error}", ""
    complaint, shown = _look_at(result, limits.returns, limits)
    return complaint and f"Its result for an example: {complaint}", f"a function; for an example it returns {shown}"


def complaint_about(value: Any, kind: str, limits: Limits) -> str | None:
    """What is wrong with the form of a decoded answer, or None."""
    try:
        answer = READERS[kind](value, **_key_name(kind, limits))
        for look in (_blanks, _columns, _keys, _kinds, _length, _values):
            complaint = look(answer, kind, limits)
            if complaint:
                return complaint + _labels_instead(value, kind, limits) * (look is _values)
    except Unreadable as unreadable:
        return str(unreadable)
    return None


def _key_name(kind: str, limits: Limits) -> dict[str, Any]:
    return {"key": getattr(limits.index, "name", None)} if kind in ("series", "table") else {}


def _blanks(answer: Any, kind: str, limits: Limits) -> str | None:
    """Entries of a dict or list that still hold the three dots, or what cannot be handed in."""
    entries = answer.items() if isinstance(answer, dict) and kind != "table" else (
        enumerate(answer, start=1) if isinstance(answer, list) else ()
    )
    problems = [(key, entry) for key, entry in entries if isinstance(entry, Problem)]
    if not problems:
        return None
    more = f" The same goes for {len(problems) - 1} more." if len(problems) > 1 else ""
    return f"The entry {spelled(problems[0][0])!r} is not an answer yet: {problems[0][1].text}{more}"


def _columns(answer: Any, kind: str, limits: Limits) -> str | None:
    if kind != "table" or limits.columns is None:
        return None
    lacking = [name for name in limits.columns if key_of(name) not in answer]
    return f"These columns are missing: {', '.join(lacking)}." if lacking else None


def _keys(answer: Any, kind: str, limits: Limits) -> str | None:
    if limits.index is None or kind not in ("series", "mapping", "table"):
        return None
    wanted = {key_of(label) for label in limits.index}
    found = set(next(iter(answer.values()), {}) if kind == "table" else answer)
    if found == wanted:
        return None
    if not found & wanted:
        mine, theirs = (describe(min(labels, key=str, default=None)) for labels in (found, wanted))
        return (f"None of its {len(found)} row labels is among the {len(wanted)} expected ones; look at its index. "
                f"One of them is {mine}, one expected is {theirs}.")
    lacking, extra = wanted - found, found - wanted
    parts = [
        f"{len(labels)} {what} (for instance {quoted(min(labels, key=str))})"
        for labels, what in ((lacking, "missing"), (extra, "too many")) if labels
    ]
    return f"It has {len(found)} entries where {len(wanted)} are expected: {' and '.join(parts)}."


def _kinds(answer: Any, kind: str, limits: Limits) -> str | None:
    return complaint_about_kinds(answer, limits.kinds) if limits.kinds and isinstance(answer, dict) else None


def _length(answer: Any, kind: str, limits: Limits) -> str | None:
    if limits.length is None or len(answer) == limits.length:
        return None
    return f"It has {len(answer)} entries, but {limits.length} are expected."


def _values(answer: Any, kind: str, limits: Limits) -> str | None:
    if kind == "table":
        return None
    values = list(answer.values()) if isinstance(answer, dict) else answer
    values = list(values) if isinstance(values, (list, frozenset)) else [values]
    return _choices(values, limits) or _range(values, limits)


def _labels_instead(value: Any, kind: str, limits: Limits) -> str:
    """A hint for the one who hands in the values of a Series where its row labels are asked for."""
    if kind != "set" or limits.among is None or not isinstance(value, pd.Series):
        return ""
    labels = {key_of(label) for label in value.index}
    fits = labels <= {key_of(choice) for choice in limits.among}
    return " Its row labels are possible: hand in its .index." if fits else ""


def _choices(values: list[Any], limits: Limits) -> str | None:
    if limits.among is None:
        return None
    allowed = list(limits.among)
    odd = [value for value in values if key_of(value) not in {key_of(choice) for choice in allowed}]
    if not odd:
        twice = [value for value in values if limits.distinct and values.count(value) > 1]
        return f"{spelled(twice[0])[:40]!r} stands more than once." if twice else None
    known = f" Possible: {', '.join(map(str, allowed))}." if len(allowed) <= 12 else ""
    return f"{spelled(odd[0])[:40]!r} is none of the possible values.{known}"


def _shown(values: list[Any]) -> str:
    """What is there instead, whether the values stood in a list, a dict or a Series."""
    if len(values) == 1:
        return f"this is {describe(values[0])}"
    return f"these are {describe(values).removeprefix('a list of ')}"


def _range(values: list[Any], limits: Limits) -> str | None:
    if limits.low is None and limits.high is None:
        return None
    gaps = sum(map(is_missing, values))
    if gaps:
        return f"{gaps} of {len(values)} values are missing (nan)."
    if not all(map(is_number, values)):
        spans = " Turn time spans into days with .dt.days." if "time span" in describe(values) else ""
        return f"Numbers are needed, but {_shown(values)}.{spans}"
    low = limits.low if limits.low is not None else float("-inf")
    high = limits.high if limits.high is not None else float("inf")
    if all(low <= value <= high for value in values):
        return None
    bounds = f"from {low:g} to {high:g}" if limits.low is not None and limits.high is not None else (
        f"{low:g} or more" if limits.low is not None else f"{high:g} or less"
    )
    return f"The numbers should be {bounds} {limits.unit}".rstrip() + f", but {_shown(values)}."
