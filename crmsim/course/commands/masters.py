"""`python -m crmsim.course.masters`: the notebooks of a repository or a course, written anew from their texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

FOLDERS = (Path("assignments"), Path("notebooks"))

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)


@app.command()
def masters(
    units: Annotated[
        list[str] | None,
        typer.Argument(metavar="UNIT", help="Names of texts, for instance u06 or 06_rfm; all by default."),
    ] = None,
    folder: Annotated[
        list[Path] | None,
        typer.Option("--folder", help="A folder with text/; by default assignments and notebooks, or this folder."),
    ] = None,
) -> None:
    """Write notebooks anew from their texts (text/*.md). A notebook is never edited by hand."""
    from crmsim.errors import InputError

    try:
        for made in written(units or [], folder or []):
            typer.echo(made)
    except InputError as error:
        typer.echo(f"crmsim: {error}", err=True)
        raise typer.Exit(2) from None


def written(units: Sequence[str], folders: Sequence[Path]) -> list[Path]:
    """Write the notebooks of these texts, and return their paths.

    Errors: `InputError` for a folder without texts, an unknown unit, or a text that makes no notebook; then nothing
    is written.
    """
    from crmsim.course.masters import masters_in, write
    from crmsim.errors import InputError, did_you_mean

    places = folders or [place for place in FOLDERS if (place / "text").is_dir()] or [Path(".")]
    known = [(text, target) for place in places for text, target in masters_in(place)]
    if not known:
        raise InputError(f"There is no text/*.md in {', '.join(map(str, places))}; say where with --folder.")
    names = [text.stem for text, _ in known]
    for unit in units:
        if unit not in names:
            raise InputError(f"There is no text {unit}.md. {did_you_mean(unit, names)}")
    return write((text, target) for text, target in known if not units or text.stem in units)


def main() -> None:
    """Run the command."""
    app(prog_name="python -m crmsim.course.masters")
