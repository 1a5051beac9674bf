"""Sitting an assignment without a kernel: hundreds of answers in seconds.

The cells of a master run in this process, one after the other. Then any answer cell can be replaced, and what
its question hands in is judged as nbgrader's preprocessors would. Only for trusted answers: test data.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

from crmsim.course import handing
from crmsim.course.casefiles import file_name, write_case
from crmsim.course.judging import Verdict, hidden_inputs, judge
from crmsim.course.marking import Scheme, load_scheme
from crmsim.course.masters import to_notebook
from crmsim.course.recipes import make_case, recipe_of

MARKING = {"NBGRADER_EXECUTION": "autograde", "MPLBACKEND": "Agg"}


@dataclass(frozen=True)
class Sat:
    """What came of one answer: the verdict, what the visible check printed, and what the answer raised."""

    verdict: Verdict
    check: str
    error: Exception | None


class Sitting:
    """One student's sitting of an assignment of a course folder.

    Parameters
    ----------
    course : Path
        With ``text/<unit>.md`` and ``marking/<unit>.py``.
    unit : str
    folder : Path
        Where the student works; the case file is put there.
    """

    def __init__(self, course: Path, unit: str, *, folder: Path, student: str = "sitter") -> None:
        scheme = load_scheme(course / "marking", unit)
        assert scheme is not None, f"{course} has no marking scheme for {unit}"
        self.scheme: Scheme = scheme
        self.folder = folder
        self.recipe = scheme.recipe or recipe_of(unit)
        self.case = make_case(self.recipe, unit, student)
        write_case(self.case, folder / file_name(unit, student))
        self.cells = to_notebook(course / "text" / f"{unit}.md").cells
        self._before: dict[str, dict[str, Any]] = {}
        self._walk()

    def answer(self, question: str, code: str | None = None) -> Sat:
        """Answer a question with `code`, or with the master's solution."""
        source = self._source(question) if code is None else code
        names = _copy(self._before[question])
        with self._at_work():
            _, error = _run(source, names)
            check, _ = _run(self._source(f"{question}_check"), names)
            data = self._hand_in(question, names)
        asked = self.scheme.question(question)
        assert asked is not None
        return Sat(judge(asked, data, self.case), check, error)

    def _hand_in(self, question: str, names: dict[str, Any]) -> Any:
        asked = self.scheme.question(question)
        assert asked is not None, f"the scheme has no {question}"
        if asked.inputs is not None:
            handing.take_inputs(question, json.dumps(hidden_inputs(asked, self.case)))
        with handing.captured() as records:
            _, error = _run(self._source(f"{question}_test"), names)
        assert error is None, error
        return json.loads(json.dumps(records[-1], allow_nan=False))["answer"]

    def _source(self, grade_id: str) -> str:
        return next(cell.source for cell in self.cells if cell.id == grade_id)

    def _walk(self) -> None:
        """Run every cell of the master, and keep what was known before each answer."""
        names: dict[str, Any] = {"__name__": "__main__"}
        with self._at_work():
            for cell in self.cells:
                self._before[cell.id] = _copy(names)
                if cell.cell_type == "code" and not cell.id.endswith("_test"):
                    _, error = _run(cell.source, names)
                    assert error is None, f"{cell.id}: {error!r}"

    @contextlib.contextmanager
    def _at_work(self) -> Any:
        with contextlib.chdir(self.folder), mock.patch.dict(os.environ, MARKING), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield


def _copy(names: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.copy() if isinstance(value, (pd.DataFrame, pd.Series, list, dict, set)) else value
        for name, value in names.items()
    }


def _run(source: str, names: dict[str, Any]) -> tuple[str, Exception | None]:
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "<cell>", "exec"), names)
    except Exception as error:
        return printed.getvalue(), error
    return printed.getvalue(), None
