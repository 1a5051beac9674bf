"""`crmsim course case`: the case files of a unit, to hand out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmsim.course.commands.options import HERE, Course, Unit, with_bar


def case(
    unit: Unit,
    roster: Annotated[Path, typer.Option(help="CSV file of the students: id, first_name, last_name, email.")],
    course: Course = HERE,
    gradebook: Annotated[bool, typer.Option(help="Tell the gradebook who the students are.")] = True,
) -> None:
    """Make the case files of all students on a roster."""
    from crmsim.course.folders import course_folder, unit_in
    from crmsim.course.identity import SECRET_FILE
    from crmsim.course.roster import make_case_files, write_list
    from crmsim.course.students import add_to_gradebook, read_roster

    folder = course_folder(course)
    unit_in(folder, unit)
    students = read_roster(roster)
    if not (folder / SECRET_FILE).exists():
        typer.echo(f"Note: there is no {SECRET_FILE}, so everybody could make everybody's case.", err=True)
    ids = [student["id"] for student in students]
    paths = make_case_files(folder, unit, with_bar(ids, total=len(ids), doing=f"Cases of {unit}"))
    listed = write_list(dict(zip(ids, paths, strict=True)), folder / "cases" / f"{unit}.csv")
    if gradebook:
        add_to_gradebook(folder, students)
    typer.echo(f"{len(paths)} case files are in {paths[0].parent}; {listed} says which is whose.")
    typer.echo("Each student gets one of them, to be put beside the notebook.")
