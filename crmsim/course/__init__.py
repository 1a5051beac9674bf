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

from crmsim.lazily import lazily

_HOMES = {
    "Case": "cases",
    "case": "cases",
    "check": "checking",
    "glossary": "wordlist",
    "hand_in": "handing",
    "how_far": "guessing",
    "make_case_files": "roster",
    "make_secret": "identity",
    "read_secret": "identity",
}

__all__ = [*_HOMES]
__getattr__, __dir__ = lazily(__name__, _HOMES)
