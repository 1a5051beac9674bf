"""Errors that a person can act on.

Every mistake a user can make ends in one `InputError`: what is wrong, what was given and where, and what
to do. The command line prints the message and leaves with exit code 2; in Python it is an ordinary
`ValueError`, so nothing has to be learnt to catch it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class InputError(ValueError):
    """What the user gave cannot be used; the message says what, where and what to do."""


class Interrupted(Exception):  # noqa: N818 - the user stopped the work, nothing went wrong
    """The user stopped a run; what is on disk can be resumed (exit code 130)."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word, or all of them when none is near.

    >>> did_you_mean("maturty", ["growth", "maturity"])
    "Did you mean 'maturity'?"
    >>> did_you_mean("x", ["growth", "maturity"])
    "Known: 'growth', 'maturity'."
    """
    choices = [str(name) for name in known]
    near = difflib.get_close_matches(str(word), choices, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return "Known: " + ", ".join(repr(name) for name in choices) + "."


def told(value: Any) -> str:
    """What was given, in a few words for a message: a table or a column is not written out.

    >>> told("x"), told([0] * 99)
    ("'x'", '[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,...')
    """
    kind = type(value).__name__  # by name: this module needs no pandas
    if kind == "DataFrame":
        shown = ", ".join(repr(name) for name in value.columns[:5])
        return f"a table with the columns {shown}" if shown else "a table without columns"
    if kind in ("Series", "ndarray", "Index"):
        return f"a column of {len(value)} values" if value.ndim == 1 else "an array"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
