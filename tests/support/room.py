"""A room to grade in: a released course with the tiny assignment, and submissions of every kind.

A submission is a notebook (changed from the release), or files as they are. Small limits keep the tests short.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from crmsim.course import make_case_files
from crmsim.course.batch.grade import Graded, Options, grade
from crmsim.course.batch.results import Row
from crmsim.course.casefiles import file_name
from crmsim.course.identity import SECRET_FILE
from crmsim.course.masters import to_notebook, write_all
from crmsim.course.releasing import generate
from crmsim.course.sandbox.limits import Limits

UNIT = "t01"
FULL = {"t01_ex1": 2.0, "t01_ex2": 3.0, "t01_ex3": 2.0, "t01_ex4": 4.0}
LIMITS = Limits(cell_seconds=3, seconds=40, memory_mb=400, processes=40, disk_mb=30, file_mb=20, output_mb=24)
OPTIONS = Options(jobs=2, limits=LIMITS)


def open_course(course: Path, folder: Path) -> Path:
    """A course folder with a secret, always the same, and the released assignment."""
    shutil.copytree(course, folder)
    (folder / SECRET_FILE).write_text(f"{'0123456789abcdef' * 4}\n", encoding="ascii")
    write_all(folder)
    generate(folder, UNIT)
    return folder


class Room:
    """A copy of a released course.

    Parameters
    ----------
    released : Path
        The course to copy.
    folder : Path
        Where the copy goes.
    """

    def __init__(self, released: Path, folder: Path) -> None:
        shutil.copytree(released, folder)
        self.folder = folder
        self.solutions = {cell.id: cell.source for cell in to_notebook(folder / "text" / f"{UNIT}.md").cells}
        self.release = nbformat.read(folder / "release" / UNIT / f"{UNIT}.ipynb", as_version=4)

    def place(self, student: str) -> Path:
        """The folder of a submission, with the student's case file."""
        place = self.folder / "submitted" / student / UNIT
        if not place.exists():
            place.mkdir(parents=True)
            (made,) = make_case_files(self.folder, UNIT, [student])
            shutil.copy(made, place / file_name(UNIT, student))
        return place

    def hand_in(self, student: str, answers: Mapping[str, str] | None = None, *,
                change: Callable[[Any], None] | None = None, name: str = f"{UNIT}.ipynb") -> Path:
        """Hand in the release with these answers; `change` may do more to the notebook."""
        path = self.place(student) / name
        path.write_text(json.dumps(self.notebook(answers or {}, change=change)), encoding="utf-8")
        return path

    def hand_in_files(self, student: str, files: Mapping[str, bytes]) -> Path:
        """Hand in files."""
        place = self.place(student)
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        return place

    def notebook(self, answers: Mapping[str, str], *, change: Callable[[Any], None] | None = None) -> Any:
        """The release with these answers."""
        notebook = copy.deepcopy(self.release)
        for cell in notebook.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("solution") and marks["grade_id"] in answers:
                cell.source = answers[marks["grade_id"]]
        if change is not None:
            change(notebook)
        return notebook

    def grade(self, **changes: Any) -> Graded:
        """Grade what was handed in."""
        return grade(self.folder, UNIT, replace(OPTIONS, **changes))

    def rows(self, **changes: Any) -> dict[str, Row]:
        """Grade, and return the table."""
        return self.grade(**changes).results.rows

    def points(self, student: str) -> dict[str, float]:
        """The points in nbgrader's gradebook, by question."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", "crm") as gradebook:
            (notebook,) = gradebook.find_submission(UNIT, student).notebooks
            return {grade.name.removesuffix("_test"): float(grade.score) for grade in notebook.grades}

    def graded(self, student: str) -> Any:
        """The notebook as graded."""
        return nbformat.read(self.folder / "autograded" / student / UNIT / f"{UNIT}.ipynb", as_version=4)

    def shown(self, student: str) -> str:
        """All outputs of the graded notebook as text."""
        return "\n".join(json.dumps(cell.outputs) for cell in self.graded(student).cells if cell.cell_type == "code")
