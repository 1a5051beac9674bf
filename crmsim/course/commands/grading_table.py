"""What `crmsim course grade` shows: a bar while it works, then one line per student."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from crmsim.course.batch.grade import Graded
from crmsim.course.batch.results import Row

NUMBERS = ("points", "of", "seconds")


class Progress:
    """A progress bar on stderr, where that is a terminal."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._bar: Any = None

    def begin(self, total: int) -> None:
        """Show it."""
        from tqdm import tqdm

        self._bar = tqdm(total=total, desc=f"Grading {self._unit}", unit="student", disable=None, file=sys.stderr)

    def report(self, row: Row, is_new: bool) -> None:
        """One more is done."""
        self._bar.update()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()


def show(graded: Graded) -> None:
    """Print the table of results, and a summary."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    rows = [graded.results.rows[student] for student in sorted(graded.results.rows)]
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("student", "points", "of", "seconds", ""):
        table.add_column(name, justify="right" if name in NUMBERS else "left", overflow="fold")
    for row in rows:
        numbers = [_number(row.points), _number(row.max_points), f"{row.seconds:.1f}"]
        table.add_row(_plain(row.student), *numbers, _remark(row))
    console = Console(markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160)
    console.print(table)
    by_hand = sum(row.by_hand for row in rows)
    parts = [f"{len(rows)} submissions", f"{graded.n_new} marked now", f"{by_hand} to be looked at by hand"]
    console.print(", ".join([*parts, *[f"{graded.n_failed} FAILED"] * bool(graded.n_failed)]) + ".")
    console.print(f"The table is in {graded.results.csv_path}.")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _remark(row: Row) -> str:
    said = [row.status] * (row.status != "graded") + [row.reason] * bool(row.reason)
    return _plain(": ".join(said) or "to be looked at by hand" * row.by_hand)


def _plain(text: str) -> str:
    """A text without characters that a terminal would obey."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
