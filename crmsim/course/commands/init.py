"""`crmsim course init`: a ready nbgrader course."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the course.")],
    units: Annotated[str, typer.Option(help="Units to take, with commas: u06,u07. All of them by default.")] = "",
    name: Annotated[str, typer.Option(help="nbgrader's name of the course.")] = "crm",
    year: Annotated[str, typer.Option(help="Students of another year get other cases. This year by default.")] = "",
) -> None:
    """Make a ready nbgrader course with the chosen units, and its secret."""
    from crmsim.course.folders import units_in
    from crmsim.course.identity import SECRET_FILE
    from crmsim.course.shipped import make_course

    made = make_course(folder, units=[unit.strip() for unit in units.split(",") if unit.strip()], name=name, year=year)
    first = units_in(made)[0]
    typer.echo(f"The course is in {made}: {', '.join(units_in(made))}.")
    typer.echo(f"{SECRET_FILE} is yours alone: all cases depend on it. Keep a copy, and never hand it out.")
    typer.echo("Next, in that folder:")
    typer.echo(f"  crmsim course release {first}                      the notebook for the students")
    typer.echo(f"  crmsim course case {first} --roster roster.csv     the case files for the students")
