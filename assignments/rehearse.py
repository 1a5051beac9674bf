"""Rehearse an assignment: three students, from the master to the export, in a throw-away copy of the course.

``python rehearse.py u06`` prints points by question for

* `right`: hands in the master's own solutions,
* `mistaken`: hands in the first wrong answer of every question in ``reference/<unit>.yaml``,
* `blank`: hands in the release as it is.

The copy goes through nbgrader's own generate, release, submit, collect, autograde, feedback and export.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

COURSE = Path(__file__).resolve().parent
MADE_BY_NBGRADER = (
    "release", "submitted", "autograded", "feedback", "exchange", "cases", "gradebook.db*", "course-secret.txt",
    "__pycache__", "*.csv",
)
Change = Callable[[Any], None]


@dataclass(frozen=True)
class Rehearsal:
    """What came of a rehearsal.

    Attributes
    ----------
    points : DataFrame
        One row per question: a column for each student, and `max_points`.
    folder : Path
        The copy of the course, with everything that nbgrader made.
    seconds : dict of str to float
        Duration of each step; `autograde` is the mean of one submission.
    """

    points: pd.DataFrame
    folder: Path
    seconds: dict[str, float]


def rehearse(
    course: Path | str, unit: str, *, folder: Path | str, students: dict[str, Change] | None = None,
) -> Rehearsal:
    """Rehearse a unit of a course in `folder`, which is created.

    Parameters
    ----------
    course : path
        A course folder; its ``text/`` is generated anew in the copy.
    unit : str
    folder : path
        Where the copy goes.
    students : dict of str to callable, optional
        Other students: each gets the released notebook and changes it.

    Errors: `RuntimeError` with nbgrader's log when a step fails.
    """
    folder = Path(folder).resolve()
    shutil.copytree(course, folder, ignore=shutil.ignore_patterns(*MADE_BY_NBGRADER))
    students = students or typical_students(folder, unit)
    with _quietly(folder):
        return _through_nbgrader(folder, unit, students)


def typical_students(course: Path, unit: str) -> dict[str, Change]:
    """The three students of a rehearsal."""
    from crmsim.course.masters import to_notebook
    from crmsim.course.reference import load_reference

    master = to_notebook(course / "text" / f"{unit}.md")
    solutions = {cell.id: cell.source for cell in master.cells}
    reference = load_reference(course / "reference" / f"{unit}.yaml")
    mistakes = {question: answers.wrong[0].code for question, answers in reference.items()}
    return {"right": answers(solutions), "mistaken": answers(solutions | mistakes), "blank": answers({})}


def answers(sources: dict[str, str]) -> Change:
    """A student who writes these sources into the answer cells, by `grade_id`."""

    def change(notebook: Any) -> None:
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("solution") and meta.get("grade_id") in sources:
                cell.source = sources[meta["grade_id"]]

    return change


def _through_nbgrader(folder: Path, unit: str, students: dict[str, Change]) -> Rehearsal:
    from nbgrader.apps import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    from crmsim.course import make_case_files, make_secret
    from crmsim.course.masters import write_all

    make_secret(folder)
    write_all(folder)
    api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config())
    clock = _Clock()
    with clock("generate and release"):
        _done(api.generate_assignment(unit))
        _done(api.release_assignment(unit))
    with clock("case files, submit and collect"):
        cases = make_case_files(folder, unit, students)
        for (student, change), case in zip(students.items(), cases, strict=True):
            _submit(api, unit, student, change=change, case=case)
        _done(api.collect(unit))
    with clock("autograde"):
        for student in students:
            _done(api.autograde(unit, student))
    clock.seconds["autograde"] /= len(students)
    with clock("feedback and export"):
        for student in students:
            _done(api.generate_feedback(unit, student))
        _export(api, folder)
    return Rehearsal(_points(api, unit, list(students)), folder, clock.seconds)


def _submit(api: Any, unit: str, student: str, *, change: Change, case: Path) -> None:
    """Fetch the release, put the case file beside it, work, and submit."""
    import nbformat
    from nbgrader.exchange.default import ExchangeSubmit
    from nbgrader.utils import temp_attrs

    home = Path(api.coursedir.root) / "homes" / student
    shutil.copytree(Path(api.coursedir.root) / "exchange" / api.coursedir.course_id / "outbound" / unit, home / unit)
    shutil.copy(case, home / unit)
    for path in (home / unit).glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)
    with temp_attrs(api.coursedir, assignment_id=unit, student_id=student):
        submit = ExchangeSubmit(coursedir=api.coursedir, authenticator=api.authenticator, parent=api)
        submit.assignment_dir, submit.cache = str(home), str(home / "cache")
        submit.start()


def _export(api: Any, folder: Path) -> None:
    from nbgrader.api import Gradebook
    from nbgrader.plugins import CsvExportPlugin

    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        plugin = CsvExportPlugin(parent=api)
        plugin.to = str(folder / "grades.csv")
        plugin.export(gradebook)


def _points(api: Any, unit: str, students: list[str]) -> pd.DataFrame:
    from nbgrader.api import Gradebook

    rows: dict[str, dict[str, float]] = {}
    with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
        for student in students:
            for notebook in gradebook.find_submission(unit, student).notebooks:
                for grade in notebook.grades:
                    row = rows.setdefault(grade.name.removesuffix("_test"), {"max_points": grade.max_score})
                    row[student] = grade.score
    return pd.DataFrame.from_dict(rows, orient="index").sort_index()[[*students, "max_points"]].rename_axis("question")


def _done(result: dict[str, Any]) -> None:
    if not result["success"]:
        raise RuntimeError(f"nbgrader stopped: {result.get('error')}\n{result.get('log')}")


class _Clock:
    """Seconds of named steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


@contextlib.contextmanager
def _quietly(folder: Path) -> Iterator[None]:
    """In the copy, without warnings, with this crmsim for the kernels; everything is put back afterwards."""
    import crmsim

    package = str(Path(crmsim.__file__).resolve().parents[1])
    paths = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # for alembic
    settings = {
        "PYTHONPATH": paths, "PATH": programs, "PYTHONWARNINGS": "ignore", "CRMSIM_EXCHANGE": str(folder / "exchange"),
    }
    with contextlib.chdir(folder), mock.patch.dict(os.environ, settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python rehearse.py UNIT")
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as temporary:
        rehearsal = rehearse(COURSE, sys.argv[1], folder=Path(temporary) / "course")
    print(rehearsal.points.to_string())
    print(", ".join(f"{step} {seconds:.1f} s" for step, seconds in rehearsal.seconds.items()))
