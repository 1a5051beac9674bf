"""`crmsim course release`: the notebook of a unit, for the students."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmsim.course.commands.options import HERE, Course, Unit


def release(
    unit: Unit,
    course: Course = HERE,
    ids: Annotated[int, typer.Option(min=2, help="So many invented students get a case in the linter.")] = 20,
    lint: Annotated[bool, typer.Option(help="Lint first, and release nothing that has findings.")] = True,
    exchange: Annotated[bool, typer.Option(help="Put it into nbgrader's exchange.")] = True,
    again: Annotated[bool, typer.Option("--again", help="Replace what is in the exchange.")] = False,
) -> None:
    """Make the students' version of a unit and put it into the exchange."""
    from crmsim.course.commands.lint import show
    from crmsim.course.folders import course_folder, unit_in
    from crmsim.course.releasing import generate, to_exchange, write_source

    folder = course_folder(course)
    unit_in(folder, unit)
    write_source(folder, unit)
    if lint and show(folder, unit, n_ids=ids, run=True):
        typer.echo("Nothing was released.")
        raise typer.Exit(1)
    made = generate(folder, unit)
    typer.echo(f"The students' version is in {made}: {_files(made)}.")
    if exchange:
        typer.echo(f"Students can fetch it from {to_exchange(folder, unit, again=again)}.")


def _files(folder: Path) -> str:
    return ", ".join(sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()))
