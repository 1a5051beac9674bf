"""`crmsim course lint`: what is wrong with an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from crmsim.course.commands.options import HERE, Course, with_bar


def lint(
    unit: Annotated[str, typer.Argument(metavar="[UNIT]", help="For instance u06; all units by default.")] = "",
    course: Course = HERE,
    ids: Annotated[int, typer.Option(min=2, help="So many invented students get a case.")] = 300,
    run: Annotated[bool, typer.Option(help="Run the notebook in a kernel.")] = True,
) -> None:
    """Look for everything that can be known to go wrong before a student sees it."""
    from crmsim.course.folders import course_folder, unit_in, units_in
    from crmsim.errors import InputError

    folder = course_folder(course)
    units = [unit_in(folder, unit)] if unit else units_in(folder)
    if not units:
        raise InputError(f"{folder} has no units: there is nothing in text/ or source/.")
    found = sum(show(folder, name, n_ids=ids, run=run) for name in units)
    if found:
        raise typer.Exit(1)


def show(folder: Path, unit: str, *, n_ids: int, run: bool) -> int:
    """Lint a unit and print what was found; returns how many findings there are."""
    from crmsim.course.linting import lint as findings_of

    findings = findings_of(
        folder, unit, n_ids=n_ids, run=run, bar=lambda ids: with_bar(ids, total=n_ids, doing=f"Cases of {unit}"),
    )
    _print(unit, findings, tried=f"{n_ids} cases" + (", model answers and blank release run" if run else ""))
    return len(findings)


def _print(unit: str, findings: Sequence[object], *, tried: str) -> None:
    if not findings:
        typer.echo(f"{unit}: nothing found ({tried}).")
        return
    typer.echo(f"{unit}: {len(findings)} {'finding' if len(findings) == 1 else 'findings'}")
    for finding in findings:
        typer.echo(f"  {finding}")
