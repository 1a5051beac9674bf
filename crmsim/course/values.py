"""Answers as plain values: what is the same, what serves as a key, and what is no answer at all.

A student may write the customer 17 as ``17``, ``17.0`` or ``numpy.int64(17)``, and the segment "at risk" as
``"at_risk"`` or ``"At risk "``. Two answers are the same when a reader would call them the same; these
functions say when that is.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

_SLACK = 1e-9
"""Computers cannot hold 0.13 - 0.125 exactly: so much more than the tolerance is still the tolerance."""

BIGGEST_INTEGER = 2**63
"""A whole number beyond this is no answer: no table of this course holds one."""


@dataclass(frozen=True)
class Problem:
    """Something that stands where an answer should be: `kind` for programs, `text` for people."""

    kind: str
    text: str


@dataclass(frozen=True)
class Failure:
    """A function that did not return: what it raised."""

    message: str


@dataclass(frozen=True)
class Results:
    """What a student's function returned for each hidden input: values, `Problem` or `Failure`."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """The share of an answer that is right, and a note about the rest."""

    share: float
    note: str = ""


def normalised(text: str) -> str:
    """A text without the differences that carry no meaning: width, case, spaces, hyphens, full stop.

    >>> normalised(" At-Risk. ") == normalised("at_risk")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip().rstrip("。.!！ ")
    return "_".join(folded.replace("-", " ").replace("_", " ").split())


class Word(str):
    """A text in its `normalised` form, which alone counts when two are compared, that knows how it was written.

    >>> Word("Not-MAN8") == "not_man8", Word("Not-MAN8").written
    (True, 'Not-MAN8')
    """

    written: str

    def __new__(cls, text: str) -> Word:
        """The word of a text."""
        word = super().__new__(cls, normalised(text))
        word.written = text.written if isinstance(text, Word) else text.strip()
        return word


def spelled(key: Any) -> str:
    """A key as somebody wrote it, for messages.

    >>> spelled(key_of("G01")), spelled(key_of(("A", 3.0)))
    ('G01', 'A, 3')
    """
    if isinstance(key, tuple):
        return ", ".join(map(spelled, key))
    return key.written if isinstance(key, Word) else str(key)


def quoted(key: Any) -> str:
    """Like `spelled`, a text in quotation marks, and not too long."""
    return repr(spelled(key)[:40]) if isinstance(key, str) else spelled(key)[:40]


def is_number(value: Any) -> bool:
    """Whether a plain value is a number (True and False are not)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_missing(value: Any) -> bool:
    """Whether a plain value stands for "no value": None, NaN, NaT."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def key_of(value: Any) -> Any:
    """A hashable key: the same for ``17`` and ``17.0``, for ``"A "`` and ``"a"``; None for a missing value."""
    if isinstance(value, (list, tuple)):
        return tuple(key_of(item) for item in value)
    if is_missing(value):
        return None
    if isinstance(value, str):
        return value if isinstance(value, Word) else Word(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, Hashable) else f"a {type(value).__name__}"


def same(answer: Any, truth: Any, *, rel: float = 1e-9, abs: float = 1e-6) -> bool:
    """Whether two plain values are the same; numbers within the larger of the two tolerances.

    >>> same(0.1 + 0.2, 0.3), same("A", "a "), same(None, float("nan")), same(True, 1), same("1", 1)
    (True, True, True, True, False)

    A number that is off by just the tolerance is the same; 0.125, say, rounded to two places.

    >>> same(0.13, 0.125, abs=0.005), same(0.131, 0.125, abs=0.005)
    (True, False)
    """
    if is_missing(answer) or is_missing(truth):
        return is_missing(answer) and is_missing(truth)
    if isinstance(answer, (int, float)) and isinstance(truth, (int, float)):
        return math.isclose(answer, truth, rel_tol=0, abs_tol=max(abs, rel * math.fabs(truth)) * (1 + _SLACK))
    if isinstance(answer, (list, tuple)) and isinstance(truth, (list, tuple)):
        return len(answer) == len(truth) and all(
            same(a, t, rel=rel, abs=abs) for a, t in zip(answer, truth, strict=True)
        )
    if isinstance(answer, timedelta) or isinstance(truth, timedelta):
        return type(answer) is type(truth) and bool(answer == truth)
    if isinstance(answer, pd.Timestamp) and isinstance(truth, pd.Timestamp):
        return bool(answer == truth)
    return bool(key_of(answer) == key_of(truth))
