"""`crmsim course report`: a unit in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crmsim.course.commands.options import HERE, Course, Unit, waiting_for


def report(
    unit: Unit,
    course: Course = HERE,
    out: Annotated[Path | None, typer.Option(help="Folder for page and tables; reports/UNIT by default.")] = None,
) -> None:
    """Show scores, questions, typical mistakes, similar answers, and students to talk to."""
    from crmsim.course.folders import course_folder, unit_in
    from crmsim.course.report import make_report, write_report
    from crmsim.course.report.printing import print_report

    folder = course_folder(course)
    with waiting_for("Reading the gradebook and comparing answers"):
        made = make_report(folder, unit_in(folder, unit))
    written = write_report(made, out or folder / "reports" / unit)
    print_report(made)
    typer.echo(f"\nOpen {written[0]} for pictures; beside it lie {', '.join(path.name for path in written[1:])}.")
