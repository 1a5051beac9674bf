"""`crmsim course grade`: mark what was handed in, safely and quickly."""

from __future__ import annotations

from typing import Annotated

import typer

from crmsim.course.commands.options import HERE, Course, Unit


def grade(
    unit: Unit,
    course: Course = HERE,
    jobs: Annotated[int, typer.Option(min=0, help="Submissions at a time; 0: one per processor.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, to mark on its workers.")] = "",
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Run students' code without a sandbox.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Mark again what was marked and has not changed.")] = False,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; can be given again.")] = None,
    minutes: Annotated[float, typer.Option(min=0.1, help="Time for one submission.")] = 5.0,
    memory: Annotated[int, typer.Option(min=256, help="Memory for one submission, in megabytes.")] = 2048,
) -> None:
    """Mark what was handed in, in sandboxes and in parallel, into nbgrader's gradebook."""
    from crmsim.course.batch.grade import Options, grade
    from crmsim.course.commands.grading_table import Progress, show
    from crmsim.course.sandbox.limits import Limits
    from crmsim.errors import Interrupted

    options = Options(
        jobs=jobs, scheduler=scheduler, unsafe=unsafe, force=force, students=student or (),
        limits=Limits(cell_seconds=0, seconds=60 * minutes, memory_mb=memory),
    )
    try:
        with Progress(unit) as progress:
            graded = grade(course, unit, options, begin=progress.begin, report=progress.report)
    except Interrupted as stop:
        typer.echo(f"crmsim: {stop}", err=True)
        raise typer.Exit(130) from None
    show(graded)
    if graded.n_failed:
        raise typer.Exit(1)
