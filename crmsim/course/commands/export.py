"""`crmsim course export`: points for a learning management system."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from crmsim.course.commands.options import HERE, Course, Unit


class Kind(str, Enum):  # noqa: UP042 - typer shows the members of str enums by their values
    """Where points can go."""

    canvas = "canvas"
    moodle = "moodle"
    csv = "csv"


def export(
    unit: Unit,
    course: Course = HERE,
    kind: Annotated[Kind, typer.Option("--format", help="What the file is for.")] = Kind.csv,
    out: Annotated[Path | None, typer.Option(help="The file; exports/UNIT-FORMAT.csv by default.")] = None,
    title: Annotated[str, typer.Option(help="The assignment's name there, in Canvas as 'Unit 6 (12345)'.")] = "",
) -> None:
    """Write the points of a unit for Canvas, for Moodle, or as a table with a column for each question."""
    from crmsim.course.exporting import export_grades, waiting
    from crmsim.course.folders import course_folder, unit_in
    from crmsim.course.grades import read_grades

    folder = course_folder(course)
    grades = read_grades(folder, unit_in(folder, unit))
    path = export_grades(grades, kind.value, out or folder / "exports" / f"{unit}-{kind.value}.csv", title=title)
    typer.echo(f"{path}: {len(grades.students)} students, {len(grades.points)} of them handed in.")
    late = waiting(grades)
    if late:
        named = ", ".join(late[:10]) + (" …" if len(late) > 10 else "")
        typer.echo(f"{len(late)} wait for a person to grade, so their total is {_left_out(kind)}: {named}")
    if kind is Kind.moodle:
        typer.echo(f"In Moodle, make a grade item with a maximum of {grades.max_points:g} before you import.")


def _left_out(kind: Kind) -> str:
    return "only what is graded so far" if kind is Kind.csv else "left out"
