"""The commands behind `crmsim phone`: lint, play, score and draw a call script.

Exit code 0: done, and for `lint` no errors; 1: `lint` found errors; 2: the file or an option cannot be used.
"""

from __future__ import annotations

import json as json_text
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crmsim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from crmsim.phone.findings import Finding
    from crmsim.phone.model import Script

Script_ = Annotated[
    Path, typer.Argument(metavar="FILE|NAME", help="A call script in a YAML file, or the name of an example.")
]
Firm = Annotated[str, typer.Option(metavar="NAME|FILE", help="The firm whose customers are called.")]
Language = Annotated[str | None, typer.Option(help="zh or en; by default that of the script.")]
MOST_CALLS = 10_000
N_PERIODS = 12


class Drawing(str, Enum):  # noqa: UP042 - typer shows the members of str enums by their values
    """Kinds of drawings."""

    mermaid = "mermaid"
    twee = "twee"
    svg = "svg"


app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Check, play, score and draw call scripts (话术脚本).",
)


@app.command()
def lint(
    file: Script_,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say what is wrong with a script; exit code 1 when there are errors."""
    from crmsim.phone.linting import lint as findings_of

    found = findings_of(_read(file))
    if json:
        typer.echo(json_text.dumps([finding.to_dict() for finding in found], ensure_ascii=False, indent=1))
    else:
        _print_findings(file, found)
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(1)


@app.command()
def play(
    file: Script_,
    seed: Annotated[int | None, typer.Option(help="Print one call with this luck, without waiting.")] = None,
    calls: Annotated[int | None, typer.Option(help="Call so many customers and count what comes of it.")] = None,
    answer: Annotated[bool, typer.Option("--answer", help="Be the customer: choose every answer yourself.")] = False,
    scenario: Firm = "retail",
    language: Language = None,
) -> None:
    """Call a simulated customer, and read the call turn by turn; Enter goes on, q leaves."""
    from crmsim.cli import playing

    script = _read(file)
    _check(language, calls)
    if answer:
        playing.answer_yourself(script, language or script.language)
    elif calls is not None:
        playing.show_many(script, people(scenario, calls), seed=seed or 0, language=language)
    else:
        playing.show_one(script, people(scenario, 200), seed=seed, language=language)


@app.command()
def score(
    file: Script_,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE|NAME", help="A script to compare with.")] = None,
    calls: Annotated[int, typer.Option(help="So many customers are called.")] = 300,
    replications: Annotated[int, typer.Option(help="So often, with other luck each time.")] = 5,
    seed: Annotated[int, typer.Option(help="Which luck.")] = 0,
    scenario: Firm = "retail",
) -> None:
    """Judge a script: quality with its evidence, what is fatal, and the outcome beside a baseline."""
    from crmsim.cli.scoring import show_score
    from crmsim.phone.scorecard import score as scored

    script, other = _read(file), _read(baseline) if baseline is not None else None
    _check(None, calls)
    show_score(scored(script, people(scenario, calls), other, seed=seed, replications=replications))


@app.command()
def draw(
    file: Script_,
    kind: Annotated[Drawing, typer.Option("--format", help="Kind of drawing.")] = Drawing.mermaid,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; else on the screen.")] = None,
    language: Language = None,
) -> None:
    """Draw a script: as Mermaid for notebooks, as Twee 3 for Twine, or as a picture."""
    from crmsim.phone import drawing, picture

    _check(language, None)
    drawn = _drawn(_read(file), kind, language, {"mermaid": drawing.mermaid, "twee": drawing.twee, "svg": picture.svg})
    if out is None:
        typer.echo(drawn, nl=False)
        return
    try:
        out.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: the drawing cannot be written ({error.strerror}). Check the folder.") from None


@app.command()
def examples(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Print this example.")] = None,
) -> None:
    """List the example scripts, good ones and instructive bad ones, or print one to start from."""
    from crmsim.phone import shipped

    if name is not None:
        typer.echo(shipped.text_of(name), nl=False)
        return
    for label, row in shipped.examples().to_dict("index").items():
        kind = "good" if row["good"] else f"bad on purpose: {', '.join(row['faults'])}"
        typer.echo(f"{label:<16}{row['title']} ({row['n_nodes']} nodes; {kind})")


def _read(file: Path) -> Script:
    """The script of a file, or an example where there is no such file."""
    from crmsim.phone.reading import load
    from crmsim.phone.shipped import example, names

    return example(str(file)) if str(file) in names() and not file.exists() else load(file)


def _drawn(script: Script, kind: Drawing, language: str | None, ways: dict[str, Any]) -> str:
    drawn: str = ways[kind.value](script, language=language)
    return drawn


def people(scenario: str, n: int) -> pd.DataFrame:
    """`n` customers of a firm after a year, as callees."""
    from crmsim.engine.simulate import simulate
    from crmsim.phone.people import callees
    from crmsim.settings.scenario import scenario as scenario_of

    firm = scenario_of(scenario).replace(customers=2 * n, periods=N_PERIODS)
    return callees(simulate(firm)).head(n)


def _check(language: str | None, calls: int | None) -> None:
    if language not in (None, "zh", "en"):
        raise InputError(f"--language {language} is not known. Use zh or en.")
    if calls is not None and not 2 <= calls <= MOST_CALLS:
        raise InputError(f"--calls {calls} is not possible. Give a number from 2 to {MOST_CALLS:,}.")


def _print_findings(file: Path, found: list[Finding]) -> None:
    for one in found:
        place = ":".join(str(part) for part in (file, one.line, one.column) if part is not None)
        at = f" [{one.node}]" if one.node else ""
        typer.echo(f"{place}: {one.severity} {one.code}{at}: {one.evidence}\n    {one.advice} {one.advice_zh}")
    n_errors = sum(one.severity == "error" for one in found)
    typer.echo(f"{n_errors} error{'s' * (n_errors != 1)}, {len(found) - n_errors} other findings."
               if found else f"{file}: nothing found.")  # fmt: skip
