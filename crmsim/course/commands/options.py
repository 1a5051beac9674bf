"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

Item = TypeVar("Item")
Course = Annotated[Path, typer.Option("--course", help="The course folder.")]
Unit = Annotated[str, typer.Argument(metavar="UNIT", help="For instance u06.")]
HERE = Path(".")


def with_bar(items: Iterable[Item], *, total: int, doing: str) -> Iterator[Item]:
    """The items, one after the other, with a progress bar on stderr where that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return iter(track(items, description=doing, total=total, console=console, disable=not console.is_terminal))


def waiting_for(doing: str) -> AbstractContextManager[Any]:
    """Says on stderr what takes its time, where that is a terminal."""
    from rich.console import Console

    return Console(stderr=True).status(f"{doing} ...")
