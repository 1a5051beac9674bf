"""What a course knows about a graded unit: points from nbgrader's gradebook, verdicts and answers from the notebooks.

Points come from the gradebook alone, because people change them there; a question that still waits for a person
has none (nan). Verdicts are read from test cells only, for any other cell a student may have filled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.course.folders import at_work, nbgrader_in
from crmsim.course.judging import VERDICT_MIME
from crmsim.course.linting.subject import grade_id, is_answer, is_essay, is_test, read_subject
from crmsim.errors import InputError

STUDENT_FIELDS = ("first_name", "last_name", "email", "lms_user_id")


@dataclass(frozen=True)
class Sheet:
    """One student's graded notebooks: verdicts by question, and the text of every answer cell by its id."""

    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grades:
    """A graded unit.

    Attributes
    ----------
    unit : str
    students : DataFrame
        One row per student of the gradebook, indexed by `student`: `STUDENT_FIELDS`, `submitted` (bool),
        `late_penalty` (points).
    questions : DataFrame
        One row per question in the order of the notebook, indexed by `question`: `max_points`, `by_hand` (bool).
    points : DataFrame
        A row for each student who submitted, a column for each question; nan where a person has yet to grade.
    sheets : dict of str to Sheet
        By student; only of those whose notebook was graded.
    """

    unit: str
    students: pd.DataFrame
    questions: pd.DataFrame
    points: pd.DataFrame
    sheets: dict[str, Sheet]

    @property
    def max_points(self) -> float:
        """Full marks of the unit."""
        return float(self.questions["max_points"].sum())

    @property
    def totals(self) -> pd.Series[float]:
        """The points of each student who submitted, late penalties taken off, never below 0."""
        penalty = self.students["late_penalty"].reindex(self.points.index).fillna(0.0)
        return (self.points.sum(axis=1) - penalty).clip(lower=0.0).rename("points")


def read_grades(course: Path, unit: str) -> Grades:
    """Read a unit's points and verdicts.

    Errors: `InputError` when the unit was never released, or nobody's work was graded.
    """
    students, rows, max_points = _from_gradebook(course, unit)
    subject, _ = read_subject(course, unit)
    order = [name.removesuffix("_test") for name, cell in subject.named.items() if is_test(cell) or is_essay(cell)]
    by_hand = {name for name, cell in subject.named.items() if is_essay(cell)}
    names = sorted(max_points, key=lambda name: (order.index(name) if name in order else len(order), name))
    questions = pd.DataFrame(
        {"max_points": [max_points[name] for name in names], "by_hand": [name in by_hand for name in names]},
        index=pd.Index(names, name="question"),
    )
    table = pd.DataFrame(rows, columns=["student", "question", "points"])
    points = table.set_index(["student", "question"])["points"].unstack("question").reindex(columns=names)  # noqa: PD010
    return Grades(unit, students, questions, points.astype(float), read_sheets(course, unit))


def _from_gradebook(course: Path, unit: str) -> tuple[pd.DataFrame, list[tuple[str, str, float]], dict[str, float]]:
    """Students, (student, question, points), and full marks by question."""
    from nbgrader.api import Gradebook, MissingEntry

    with at_work(course):
        where = nbgrader_in(course).coursedir
        with Gradebook(where.db_url, where.course_id) as gradebook:
            try:
                assignment = gradebook.find_assignment(unit)
            except MissingEntry as missing:
                raise InputError(f"{unit} is not in the gradebook; release it with: crmsim course release") from missing
            full = {
                cell.name.removesuffix("_test"): float(cell.max_score)
                for notebook in assignment.notebooks for cell in [*notebook.grade_cells, *notebook.task_cells]
            }
            rows = list(_points(gradebook, unit))
            if not rows:
                raise InputError(f"No work on {unit} has been graded yet; do that with: crmsim course grade {unit}")
            return _students(gradebook, unit), rows, full


def _points(gradebook: Any, unit: str) -> Iterator[tuple[str, str, float]]:
    from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook

    query = (
        gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Grade.score, Grade.needs_manual_grade)
        .select_from(Grade)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .filter(Assignment.name == unit)
    )
    for student, cell, score, is_open in query:
        yield student, cell.removesuffix("_test"), float("nan") if is_open else float(score or 0.0)


def _students(gradebook: Any, unit: str) -> pd.DataFrame:
    penalties: dict[str, float] = {}
    for submission in gradebook.assignment_submissions(unit):
        late = [notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks]
        penalties[submission.student_id] = sum(late)
    rows = [
        {"student": who.id, "submitted": who.id in penalties, "late_penalty": penalties.get(who.id, 0.0)}
        | {name: getattr(who, name) or "" for name in STUDENT_FIELDS}
        for who in gradebook.students
    ]
    return pd.DataFrame(rows).set_index("student").sort_index()


def read_sheets(course: Path, unit: str) -> dict[str, Sheet]:
    """Verdicts and answers of everybody whose notebook was graded."""
    folders = sorted(path for path in (course / "autograded").glob(f"*/{unit}") if path.is_dir())
    return {folder.parent.name: _sheet(folder) for folder in folders}


def _sheet(folder: Path) -> Sheet:
    from nbformat.v4 import reads

    sheet = Sheet()
    for path in sorted(folder.glob("*.ipynb")):
        notebook = reads(path.read_text(encoding="utf-8"))
        for cell in notebook.cells:
            if is_answer(cell):
                sheet.answers[grade_id(cell)] = str(cell.source)
            elif is_test(cell):
                sheet.verdicts.update(_verdict(cell))
    return sheet


def _verdict(cell: Any) -> dict[str, dict[str, Any]]:
    data = (output["data"].get(VERDICT_MIME) for output in cell.get("outputs", []) if "data" in output)
    return {found["question"]: dict(found) for found in data if found}
