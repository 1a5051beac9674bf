"""Comparing what has a value for each key: dicts, Series and tables.

Everything here is in plain form (`crmsim.course.reading`): a dict of values, or, for a table, a dict of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial as bound
from typing import Any

from crmsim.course.values import Outcome, key_of, spelled

Same = Callable[[Any, Any], bool]
_NAMED = 8
"""So many wrong keys are named in a message; more would say nothing."""


def by_pair(
    answer: Any, truth: Any, *, alike: Callable[..., bool], partial_from: float | None,
    limits: Mapping[Any, float] | None = None,
) -> Outcome:
    """Pairs of key and value; `limits` are tolerances of single keys."""
    slips = [key for key in truth if key not in answer or not _at(key, alike, limits)(answer[key], truth[key])]
    right, n = len(truth) - len(slips), len(answer.keys() | truth.keys())
    if right == n:
        return Outcome(1.0)
    note = _so_many(right, n)
    if len(slips) <= _NAMED:
        named = ", ".join(map(_in_brackets, slips))
        note += f" Look again at: {named}." if slips else " The others were not asked for."
    return Outcome(_from(right / n, partial_from), note)


def by_column(answer: Any, truth: Any, *, alike: Same, columns: Sequence[str] | None) -> Outcome:
    """Columns of a table, each in every row; other columns do not matter."""
    asked = [key_of(name) for name in columns] if columns else list(truth)
    found = {name: answer[name] for name in asked if name in answer}
    return by_pair(found, {name: truth[name] for name in asked}, alike=alike, partial_from=0.0)


def holds(
    answer: Any, mistake: Any, *, alike: Callable[..., bool], limits: Mapping[Any, float] | None = None,
) -> bool:
    """Whether an answer has every pair of a mistake."""
    return all(key in answer and _at(key, alike, limits)(answer[key], value) for key, value in mistake.items())


def _at(key: Any, alike: Callable[..., bool], limits: Mapping[Any, float] | None) -> Same:
    return bound(alike, abs=limits[key]) if limits and key in limits else alike


def _in_brackets(key: Any) -> str:
    """A key in a list of keys: one of several parts keeps them together."""
    return f"({spelled(key)})" if isinstance(key, tuple) else spelled(key)


def _so_many(right: int, n: int) -> str:
    return f"{right} of {n} entries {'is' if right == 1 else 'are'} right."


def same_column(answer: Any, truth: Any, *, alike: Same) -> bool:
    """Whether two columns are the same in every row."""
    return answer.keys() == truth.keys() and all(alike(answer[row], value) for row, value in truth.items())


def by_key(answer: Any, truth: Any, *, alike: Same, partial_from: float | None) -> Outcome:
    """Rows of a Series."""
    right = sum(key in answer and alike(answer[key], truth[key]) for key in truth)
    return _share_of_rows(right, answer.keys(), truth.keys(), partial_from=partial_from)


def by_row(
    answer: Any, truth: Any, *, columns: Sequence[str] | None, alike: Same, partial_from: float | None,
) -> Outcome:
    """Rows of a table, each with all its columns."""
    asked = [key_of(name) for name in columns] if columns else list(truth)
    lacking = [spelled(name) for name in asked if name not in answer]
    if lacking:
        return Outcome(0.0, f"Columns not found: {', '.join(lacking)}.")
    rows, found = truth[asked[0]].keys(), answer[asked[0]].keys()
    right = sum(row in found and all(alike(answer[name][row], truth[name][row]) for name in asked) for row in rows)
    return _share_of_rows(right, found, rows, partial_from=partial_from)


def _share_of_rows(right: int, answer: Any, truth: Any, *, partial_from: float | None) -> Outcome:
    n = len(answer | truth)
    if right == n:
        return Outcome(1.0)
    share = right / n
    note = _so_many(right, n)
    if answer != truth:
        note = f"There are {len(answer)} entries; {difference(answer, truth)}."
    return Outcome(_from(share, partial_from), note)


def _from(share: float, partial_from: float | None) -> float:
    """Partial credit, where there is any."""
    return share if partial_from is not None and share >= partial_from else 0.0


def difference(answer: Any, truth: Any) -> str:
    """How many members an answer has too many and too few, in words."""
    extra, lacking = len(answer - truth), len(truth - answer)
    return " and ".join([f"{extra} are too many"] * bool(extra) + [f"{lacking} are missing"] * bool(lacking))
