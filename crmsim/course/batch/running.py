"""Executing a notebook in a sandbox, whatever its cells do.

A cell that runs too long is interrupted, and the next goes on. A cell that ends the whole program, or cannot be
interrupted, costs itself: a new program runs the earlier cells again, without the culprit, and goes on behind it.
A cell that never ran says so by an error, because nbgrader takes an empty cell for a right one.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmsim.course.sandbox.keeper import Sandbox
from crmsim.course.sandbox.outputs import Outputs, error
from crmsim.course.sandbox.visit import Lost, Message, OutOfTime, Unstoppable, Visit

MAX_STARTS = 4
NOT_RUN = "NotExecuted"


@dataclass
class Run:
    """One notebook being executed."""

    sandbox: Sandbox
    cells: list[Any]
    late: Mapping[str, Any]
    outputs: Outputs = field(default_factory=Outputs)
    notes: list[str] = field(default_factory=list)
    _finished: set[int] = field(default_factory=set)
    _culprits: set[int] = field(default_factory=set)

    def execute(self, archive: bytes, *, name: str, until: float) -> None:
        """Execute all cells, in as many programs as it takes."""
        for _ in range(MAX_STARTS):
            try:
                with self.sandbox.visit(archive, name=name, until=until) as visit:
                    self._go_through(visit)
                return
            except OutOfTime:
                break
            except Lost:
                if all(number in self._finished for number in range(len(self.cells))):
                    return
        self._give_up("Its turn never came, because the time or the number of attempts was used up.")

    def _go_through(self, visit: Visit) -> None:
        for number, cell in enumerate(self.cells):
            if number in self._culprits:
                continue
            messages: list[Message] = []
            try:
                in_time = visit.execute(cell.source, messages)
            except Lost as end:
                self._blame(number, cell, messages, end)
                raise
            if number not in self._finished:
                self._keep(number, cell, messages)
                if not in_time:
                    self._note_late(number, cell)

    def _keep(self, number: int, cell: Any, messages: list[Message]) -> None:
        self._finished.add(number)
        cell.outputs = self.outputs.of_cell(messages)
        cell.execution_count = number + 1

    def _note_late(self, number: int, cell: Any) -> None:
        """It must not take its time again, should the program have to be started anew."""
        self._culprits.add(number)
        cell.outputs.append(error(*(self.late.get(part) for part in ("ename", "evalue", "traceback"))))
        self.notes.append(f"{_called(cell, number)} was not finished in time")

    def _blame(self, number: int, cell: Any, messages: list[Message], end: Lost) -> None:
        self._culprits.add(number)
        self.notes.append(f"{_called(cell, number)} {end}")
        if number not in self._finished:
            self._keep(number, cell, messages)
            kind = "CellTimeoutError" if isinstance(end, (OutOfTime, Unstoppable)) else "ProgramEnded"
            cell.outputs.append(error(kind, f"This cell {end}."))

    def _give_up(self, why: str) -> None:
        for number, cell in enumerate(self.cells):
            if number not in self._finished:
                cell.outputs = [error(NOT_RUN, why)]
        self.notes.append("not all cells could be executed")


def run_notebook(
    sandbox: Sandbox, notebook: Any, folder: Path, *, name: str, until: float, late: Mapping[str, Any],
) -> list[str]:
    """Execute a notebook in place, beside the files of `folder`; returns what was odd about it."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    run = Run(sandbox, cells, late)
    try:
        run.execute(_packed(folder), name=name, until=until)
    except OSError as trouble:  # between grader and template: the template is gone, and the cells with it
        sandbox.close()
        raise RuntimeError(f"the sandbox broke: {trouble}") from trouble
    return run.notes


def refuse(notebook: Any, why: str) -> None:
    """Mark all cells as not executed."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [error(NOT_RUN, why)]


def _called(cell: Any, number: int) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return f"the cell {name}" if name else f"the {number + 1}. code cell"


def _packed(folder: Path) -> bytes:
    """The files of a folder as an archive, without notebooks."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb":
                about = tarfile.TarInfo(path.relative_to(folder).as_posix())
                about.size = path.stat().st_size
                with path.open("rb") as file:
                    archive.addfile(about, file)
    return content.getvalue()
