"""Points for a learning management system: Canvas, Moodle, or a plain table with a column for each question.

*Canvas* (gradebook import; Canvas Instructor Guide, "How do I import grades in the Gradebook?"; the rules are those
of its importer, ``lib/gradebook_importer.rb``): the header starts with `Student, ID, SIS User ID, SIS Login ID,
Section`, then one column per assignment, named by its title, or by title and number as in ``Unit 6 (12345)``. The
next line starts with ``Points Possible``. A student is found by the Canvas number in `ID`, else by `SIS User ID`,
`SIS Login ID`, or name. An empty cell changes nothing.

*Moodle* (Moodle Docs 4.5, "Grade import"; ``grade/import/csv/classes/load_data.php``): any header; the instructor
says on import which column identifies the student (ID number, email address, user name) and which grade item gets
which column. ``-`` is no grade. A grade item made while importing has a maximum of 100, so make the item first.

In both, a student whose work waits for a person gets no points yet, rather than too few.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.course.csvcells import write_csv
from crmsim.course.grades import Grades
from crmsim.errors import InputError, did_you_mean

POINTS_POSSIBLE = "    Points Possible"
NO_GRADE = "-"
Row = list[Any]


@dataclass(frozen=True)
class _Format:
    header: Callable[[Grades, str], Row]
    rows: Callable[[Grades], Iterator[Row]]
    encoding: str


def export_grades(grades: Grades, kind: str, path: Path, *, title: str = "") -> Path:
    """Write the points of a unit.

    Parameters
    ----------
    grades : Grades
    kind : str
        ``"canvas"``, ``"moodle"`` or ``"csv"``.
    path : Path
        The CSV file to write.
    title : str
        The assignment's name in the learning management system; the unit when empty.

    Returns the path. Errors: `InputError` for an unknown kind.
    """
    if kind not in FORMATS:
        raise InputError(f"There is no format {kind!r}. {did_you_mean(kind, FORMATS)}")
    form = FORMATS[kind]
    return write_csv(path, form.header(grades, title or grades.unit), form.rows(grades), encoding=form.encoding)


def final_points(grades: Grades) -> pd.Series[float]:
    """Total points of every student of the gradebook; nan for who handed in nothing or waits for a person."""
    is_complete = grades.points.notna().all(axis=1)
    return grades.totals[is_complete].round(2).reindex(grades.students.index)


def waiting(grades: Grades) -> list[str]:
    """Students whose work waits for a person."""
    return [str(student) for student in grades.points.index[grades.points.isna().any(axis=1)]]


def _canvas_header(grades: Grades, title: str) -> Row:
    return ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]


def _canvas_rows(grades: Grades) -> Iterator[Row]:
    yield [POINTS_POSSIBLE, "", "", "", "", grades.max_points]
    points = final_points(grades)
    for student, who in grades.students.iterrows():
        name = ", ".join(part for part in (who["last_name"], who["first_name"]) if part) or str(student)
        number = who["lms_user_id"] if who["lms_user_id"].isdecimal() else ""
        yield [name, number, student, student, "", points[str(student)]]


def _moodle_header(grades: Grades, title: str) -> Row:
    return ["First name", "Last name", "ID number", "Email address", f"{title} (Real)"]


def _moodle_rows(grades: Grades) -> Iterator[Row]:
    for student, points in final_points(grades).items():
        who = grades.students.loc[str(student)]
        shown = NO_GRADE if math.isnan(points) else points
        yield [who["first_name"], who["last_name"], student, who["email"], shown]


def _plain_header(grades: Grades, title: str) -> Row:
    questions = [f"{name} ({full:g})" for name, full in grades.questions["max_points"].items()]
    return ["student", "first_name", "last_name", "email", "submitted", *questions, "late_penalty",
            f"total ({grades.max_points:g})"]


def _plain_rows(grades: Grades) -> Iterator[Row]:
    totals, points = grades.totals, grades.points.reindex(grades.students.index).round(2)
    for student, who in grades.students.iterrows():
        names = [who["first_name"], who["last_name"], who["email"], who["submitted"]]
        total = round(float(totals.get(str(student), math.nan)), 2)
        yield [student, *names, *points.loc[[str(student)]].to_numpy()[0].tolist(), who["late_penalty"], total]


FORMATS = {
    "canvas": _Format(_canvas_header, _canvas_rows, "utf-8"),
    "moodle": _Format(_moodle_header, _moodle_rows, "utf-8"),
    "csv": _Format(_plain_header, _plain_rows, "utf-8-sig"),
}
