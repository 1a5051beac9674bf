"""Marking schemes: what is right, what is typically wrong, and what to say about it.

A scheme lives in ``assignments/marking/<assignment>.py`` under the name ``SCHEME``. It is read by the grader's
own process only: it is never released, never copied beside a submission, never imported in a kernel.

::

    from crmsim.course.marking import Mistake, Question, Scheme, series

    def recency(case):
        return (case.today - case.transactions.groupby("customer_id")["time"].max()).dt.days

    def from_first_purchase(case):
        return (case.today - case.transactions.groupby("customer_id")["time"].min()).dt.days

    SCHEME = Scheme("u06", [
        Question("u06_ex3", points=2, truth=recency, like=series(),
                 expected="for each customer the whole days since the last purchase",
                 mistakes=[Mistake("first purchase", from_first_purchase, share=0.4,
                                   message="These are the days since the first purchase.")]),
    ])

Every callable gets the student's case as a `crmsim.course.recipes.SealedCase`: the tables of the notebook and,
for marking alone, ``case.truth`` (what only the simulator knows) and ``case.rng(name)``.
For a question whose answer is a function, `truth` and the values of the mistakes are called with the case and
return functions, and `inputs` returns the arguments to try them on.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.course.comparing import (
    Comparer,
    exactly,
    function,
    mapping,
    members,
    number,
    ordered,
    series,
    table,
    text,
)
from crmsim.course.deciding import choice
from crmsim.course.estimating import estimate
from crmsim.course.recipes import Recipe
from crmsim.errors import InputError

__all__ = [
    "MarkingError", "Mistake", "Question", "Recipe", "Scheme", "choice", "estimate", "exactly", "function",
    "load_scheme", "mapping", "members", "number", "ordered", "series", "slip", "table", "text",
]

Make = Callable[[Any], Any]


class MarkingError(Exception):
    """The marking scheme is at fault, not the student; the message names the question."""


@dataclass(frozen=True)
class Mistake:
    """A typical slip: the value it leads to, the share of the points it still earns, what to tell the student.

    Without a share (None) the answer keeps the partial credit of its comparison, and the message is added. On a
    case where the slip happens to give the right value, it is passed over.
    """

    name: str
    value: Make
    share: float | None
    message: str


def slip(key: str, name: str, value: Make, message: str) -> Mistake:
    """A typical mistake in one entry of a dict or one column of a table; the others keep their credit.

    ``value(case)`` is what stands in that entry, for a column a Series. The mistake is called ``<key>: <name>``.
    """

    def alone(case: Any) -> Any:
        found = value(case)
        return found.rename(key).to_frame() if isinstance(found, pd.Series) else {key: found}

    return Mistake(f"{key}: {name}", alone, None, f"{key}: {message}")


@dataclass(frozen=True)
class Question:
    """One graded question of an assignment.

    Parameters
    ----------
    id : str
        As in the notebook: the cell ``<id>_test`` hands it in.
    points : float
        Full marks; the same as in the cell's metadata.
    truth : callable
        ``truth(case)`` returns the right answer, of any type a student might use.
    like : Comparer
        How answers are compared: `number`, `text`, `exactly`, `ordered`, `members`, `mapping`,
        `series`, `table`, `function`, `choice`, `estimate`.
    mistakes : sequence of Mistake
        Tried in this order on an answer that is not right; the first that fits decides.
    expected : str
        What was asked for, in words, for the feedback on a wrong answer. Never the value.
    inputs : callable, optional
        For functions: ``inputs(case)`` returns a list of argument tuples, of which the student sees none.
    worth : callable, optional
        For decisions: what every possible choice brings, as a Series, dict or table (see `choice`). For estimates:
        the true values, as a Series or dict.
    """

    id: str
    points: float
    truth: Make
    like: Comparer
    mistakes: Sequence[Mistake] = ()
    expected: str = ""
    inputs: Make | None = None
    worth: Make | None = None

    def __post_init__(self) -> None:
        if not self.points > 0:
            raise MarkingError(f"{self.id}: points must be above 0, not {self.points!r}.")
        if self.like.is_function != (self.inputs is not None):
            raise MarkingError(f"{self.id}: like=function(...) and inputs=... belong together; give both or neither.")
        if self.like.is_decision != (self.worth is not None):
            raise MarkingError(f"{self.id}: like=choice/estimate(...) and worth=... belong together; both or neither.")
        for mistake in self.mistakes:
            if mistake.share is not None and not 0 <= mistake.share < 1:
                raise MarkingError(f"{self.id}, mistake {mistake.name!r}: share must be from 0 to below 1.")


@dataclass(frozen=True)
class Scheme:
    """The marking scheme of an assignment; `recipe` only where the package has none of that name."""

    assignment: str
    questions: Sequence[Question]
    recipe: Recipe | None = None

    def __post_init__(self) -> None:
        ids = [question.id for question in self.questions]
        if len(set(ids)) < len(ids):
            raise MarkingError(f"{self.assignment}: two questions have the same id among {ids}.")

    def question(self, question_id: str) -> Question | None:
        """The question of this id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)


def load_scheme(folder: Path | str, assignment: str) -> Scheme | None:
    """The scheme in ``<folder>/<assignment>.py``, or None when there is no such file.

    A long scheme can have parts, ``<folder>/<assignment>/<part>.py``: ``from .part import ...``.
    """
    path = Path(folder) / f"{assignment}.py"
    if not path.is_file():
        return None
    name = f"_marking_{assignment}"
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=[str(path.with_suffix(""))])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    for old in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
        del sys.modules[old]
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise MarkingError(f"{path.name} cannot be loaded: {type(error).__name__}: {error}") from error
    scheme = getattr(module, "SCHEME", None)
    if not isinstance(scheme, Scheme) or scheme.assignment != assignment:
        raise InputError(f"{path} must define SCHEME = Scheme({assignment!r}, [...]).")
    return scheme


def scheme_changed(folder: Path | str, assignment: str) -> int:
    """When a scheme or a part of it last changed, in nanoseconds; 0 when there is none."""
    path = Path(folder) / f"{assignment}.py"
    files = [path, *path.with_suffix("").glob("*.py")] if path.is_file() else []
    return max((file.stat().st_mtime_ns for file in files), default=0)
