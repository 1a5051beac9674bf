"""The table of results, which is also what an interrupted grading remembers.

``grading/<unit>.json`` holds one row per student, and ``grading/<unit>.csv`` shows it:

| Column | Meaning |
|---|---|
| student | id, as nbgrader knows it |
| status | graded; unreadable (no notebook could be found); stopped (a cell had to be); failed (the grader's fault) |
| points, max_points | what the gradebook has; points by hand included as far as they are given |
| by_hand | whether somebody still has to look at an answer |
| seconds | time of marking |
| reason | what was odd, in words; empty for most |
| checksum (JSON only) | of the submission and the assignment: a row is made anew when it changes |
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crmsim.course.batch.parcels import FAILED
from crmsim.course.csvcells import write_csv

FOLDER = "grading"
COLUMNS = ("student", "status", "points", "max_points", "by_hand", "seconds", "reason")


@dataclass(frozen=True)
class Row:
    """What came of one submission; see the module for the columns."""

    student: str
    status: str
    points: float | None
    max_points: float | None
    by_hand: bool
    seconds: float
    reason: str
    checksum: str = ""

    def cells(self) -> list[Any]:
        """The row as it is shown."""
        return [getattr(self, name) for name in COLUMNS]


class Results:
    """The rows of a unit, kept on disk after every change.

    Parameters
    ----------
    folder : Path
        The course folder.
    unit : str
    """

    def __init__(self, folder: Path, unit: str) -> None:
        self._base = folder / FOLDER / unit
        self.rows: dict[str, Row] = {}
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # no file yet, or not one of ours
            found = json.loads(self.json_path.read_text(encoding="utf-8"))
            self.rows = {row["student"]: Row(**row) for row in found["rows"]}

    @property
    def json_path(self) -> Path:
        """Where the rows are remembered."""
        return self._base.with_name(f"{self._base.name}.json")

    @property
    def csv_path(self) -> Path:
        """Where the rows are shown."""
        return self._base.with_name(f"{self._base.name}.csv")

    def is_done(self, student: str, checksum: str) -> bool:
        """Whether a submission was graded as it is now."""
        row = self.rows.get(student)
        return row is not None and row.checksum == checksum and row.status != FAILED

    def put(self, row: Row) -> None:
        """Remember a row."""
        self.rows[row.student] = row
        rows = [asdict(self.rows[student]) for student in sorted(self.rows)]
        text = json.dumps({"unit": self._base.name, "rows": rows}, indent=1, ensure_ascii=False)
        self.json_path.parent.mkdir(parents=True, exist_ok=True)
        new = self.json_path.with_suffix(".new")
        new.write_text(text + "\n", encoding="utf-8")
        os.replace(new, self.json_path)

    def keep_only(self, students: Iterable[str]) -> None:
        """Forget students whose submission is gone."""
        wanted = set(students)
        self.rows = {student: row for student, row in self.rows.items() if student in wanted}

    def show(self) -> Path:
        """Write the table for people; returns its path."""
        rows = (self.rows[student].cells() for student in sorted(self.rows))
        return write_csv(self.csv_path, COLUMNS, rows)
