"""The commands, and how they end: 0 done, 2 the user's input is wrong, 130 interrupted."""

from __future__ import annotations

import importlib
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import crmsim
from crmsim.errors import InputError, Interrupted

COURSE = "crmsim.course.commands"
"""The module whose `app` holds the commands behind `crmsim course`; loaded when they are asked for."""
NOTHING = "Nothing half-written was left behind."
DEMO_FOLDER = Path("crmsim-demo")


class Commands(TyperGroup):
    """Commands whose errors are sentences."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what went wrong becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            self._leave(str(error), 2)
        except MemoryError as error:
            advice = "There is not enough memory for this run; use fewer threads or simulate fewer periods."
            self._leave(" ".join([advice, *getattr(error, "__notes__", [])]), 2)
        except (KeyboardInterrupt, Interrupted) as stopped:
            self._leave(f"Interrupted. {stopped if isinstance(stopped, Interrupted) else NOTHING}", 130)

    @staticmethod
    def _leave(message: str, code: int) -> None:
        typer.echo(f"crmsim: {message}", err=True)
        raise typer.Exit(code)


class Format(str, Enum):  # noqa: UP042 - typer shows the members of str enums by their values
    """Kinds of files."""

    parquet = "parquet"
    csv = "csv"
    duckdb = "duckdb"


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Simulated customers with known truth, for coursework in customer relationship management (客户关系管理).",
)
scenarios = typer.Typer(help="List the scenarios that come with the package, or explain one.")
app.add_typer(scenarios, name="scenarios")


@app.callback(invoke_without_command=True)
def _about(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"crmsim {crmsim.__version__}")
        raise typer.Exit


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = DEMO_FOLDER,
) -> None:
    """Simulate a city retailer with 10,000 customers, and show what came out."""
    from crmsim.cli.demonstration import show_demo

    show_demo(out)


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO|FILE", help="A scenario's name, or a YAML file.")],
    out: Annotated[str, typer.Option(help="Folder for the results, or an address: s3://bucket/run ...")],
    customers: Annotated[int | None, typer.Option(help="Number of customers.")] = None,
    periods: Annotated[int | None, typer.Option(help="Number of periods.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed: the same one gives the same customers.")] = None,
    replication: Annotated[int, typer.Option(help="Other luck for the same customers: 0, 1, 2 ...")] = 0,
    file_format: Annotated[Format, typer.Option("--format", help="Kind of files.")] = Format.parquet,
    warehouse: Annotated[bool, typer.Option(help="Write a DuckDB warehouse besides.")] = False,
    truth: Annotated[bool, typer.Option(help="Write what only the simulator knows.")] = True,
    threads: Annotated[int | None, typer.Option(help="At most so many parts at once, each in memory.")] = None,
    partition_size: Annotated[int | None, typer.Option(help="Customers lived at once by a thread.")] = None,
    part_size: Annotated[int | None, typer.Option(help="Customers in a file; by default 131072.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")] = False,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler whose workers do it.")] = None,
) -> None:
    """Simulate a scenario and write its tables into a folder, in memory that does not grow with the customers."""
    from crmsim.cli.running import simulate_into

    changes = {"customers": customers, "periods": periods, "seed": seed}
    simulate_into(
        out,
        scenario,
        changes={name: value for name, value in changes.items() if value is not None},
        scheduler=scheduler,
        how={
            **{"replication": replication, "threads": threads, "partition_size": partition_size, "resume": resume},
            **{"format": file_format.value, "warehouse": warehouse, "truth": truth, "part_size": part_size},
        },
    )


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario in a YAML file.")],
) -> None:
    """Say whether a scenario file is valid, and if not, what is wrong in which line."""
    from crmsim.settings.scenario import scenario

    found = scenario(file)
    typer.echo(
        f"{file} is a valid scenario: {found.title.en} {found.title.zh}, {found.customers:,} customers, "
        f"{found.periods} {found.period}s, {len(found.stages)} stages."
    )


@scenarios.callback(invoke_without_command=True)
def _list_scenarios(ctx: typer.Context) -> None:
    """List the scenarios that come with the package, or explain one."""
    if ctx.invoked_subcommand is None:
        from crmsim.settings.scenario import scenarios as shipped

        for name, title in shipped().items():
            typer.echo(f"{name:<14} {title}")


@scenarios.command("show")
def show_scenario(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A scenario's name, or a YAML file.")],
) -> None:
    """Explain every number of a scenario, with its source."""
    from crmsim.cli.explaining import show

    show(name)


_PASSED_ON: dict[str, Any] = {
    "add_help_option": False,
    "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True},
}
"""Settings of a command whose words and options another app reads, which is loaded when it is asked for."""


@app.command(**_PASSED_ON)
def course(ctx: typer.Context) -> None:
    """Prepare and mark coursework (for instructors)."""
    try:
        commands = importlib.import_module(COURSE)
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("crmsim"):
            raise InputError("This version of crmsim has no course commands.") from None
        raise InputError(
            f"The course commands need the package {error.name!r}; install it with: pip install 'crmsim[instructor]'"
        ) from None
    _hand_over(ctx, commands.app, "crmsim course")


@app.command(**_PASSED_ON)
def phone(ctx: typer.Context) -> None:
    """Check, play, score and draw call scripts (话术脚本)."""
    from crmsim.cli.phone import app as commands

    _hand_over(ctx, commands, "crmsim phone")


def _hand_over(ctx: typer.Context, commands: Any, name: str) -> None:
    code = commands(args=ctx.args, prog_name=name, standalone_mode=False)
    raise typer.Exit(code if isinstance(code, int) else 0)
