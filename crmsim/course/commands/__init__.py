"""The commands behind `crmsim course`: one module each, registered here.

What the user gave and cannot be used ends in one sentence and exit code 2, as everywhere in `crmsim`; a linter that
found something ends in exit code 1.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from crmsim.course.commands.case import case
from crmsim.course.commands.export import export
from crmsim.course.commands.grade import grade
from crmsim.course.commands.init import init
from crmsim.course.commands.lint import lint
from crmsim.course.commands.release import release
from crmsim.course.commands.report import report
from crmsim.course.marking import MarkingError
from crmsim.errors import InputError


class CourseCommands(TyperGroup):
    """Commands for which a mistake in a marking scheme, or a missing package, is the instructor's to mend."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except MarkingError as error:
            raise InputError(f"The marking scheme is at fault: {error}") from error
        except ModuleNotFoundError as error:
            if not error.name or error.name.startswith("crmsim"):
                raise
            raise InputError(
                f"This needs the package {error.name!r}; install it with: pip install 'crmsim[instructor]'"
            ) from error


course_app = typer.Typer(
    cls=CourseCommands, no_args_is_help=True, add_completion=False,
    help="Prepare, mark and understand coursework, on top of nbgrader (for instructors).",
)
for command in (init, case, lint, release, grade, report, export):
    course_app.command()(command)

app = course_app
"""The name under which `crmsim.cli` looks for it."""
