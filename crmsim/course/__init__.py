"""What notebooks and instructors use: an individual case, a visible check, handing in, and marking.

In a notebook (nothing here needs nbgrader):

* `case` - the tables of one's own simulated customers,
* `check` - whether an answer exists and is of the right kind, never whether it is right,
* `hand_in` - the answer leaves the notebook as data,
* `glossary` - the terms of the course in English and Chinese.

For instructors: `make_secret`, `make_case_files`, `crmsim.course.marking` (the vocabulary of marking schemes),
`crmsim.course.grading` (the preprocessors that nbgrader runs), `crmsim.course.masters` (notebooks from text).

Points are decided outside the notebook: the truth is computed in the grader's own process from the student's
own data, and compared with what was handed in.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "Case": "crmsim.course.cases",
    "case": "crmsim.course.cases",
    "check": "crmsim.course.checking",
    "glossary": "crmsim.course.wordlist",
    "hand_in": "crmsim.course.handing",
    "how_far": "crmsim.course.guessing",
    "make_case_files": "crmsim.course.roster",
    "make_secret": "crmsim.course.identity",
    "read_secret": "crmsim.course.identity",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'crmsim.course' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
