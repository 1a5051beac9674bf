"""Room for what the compiled kernel writes down, and tables put together without taking them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.engine import kernel

Table = npt.NDArray[Any]
"""An array of records, one row each."""

ROOM = {kernel.ROW: 200_000, kernel.CONTACT_ROW: 60_000, kernel.ANSWER: 30_000, kernel.BIRTH: 8_000}
"""First guess at what happens in a block; when it is too small, the kernel goes on in further room."""


@dataclass(frozen=True)
class Keep:
    """What to keep of the lives: events (transactions, contacts, answers) with stages, families."""

    events: bool = False
    families: bool = True


class Room:
    """Where the kernel writes what happens: rows, contacts, answers, births. Room that is full is put aside."""

    def __init__(self, keep: Keep) -> None:
        self._keep, self._factor = keep, 1
        self._full: list[list[Table]] = []
        self._open()

    def _open(self) -> None:
        self.used = np.zeros(len(ROOM), dtype=np.int64)
        self.tables = [np.empty(_size(kind, self._keep) * self._factor, dtype=kind) for kind in ROOM]

    def _taken(self) -> list[Table]:
        return [table[:n] for table, n in zip(self.tables, self.used, strict=True)]

    def more(self, *, larger: bool) -> None:
        """Further room, twice as large if what there was is too small for a single customer."""
        self._full.append(self._taken())
        self._factor *= 2 if larger else 1
        self._open()

    def all(self) -> list[Table]:
        """Everything written so far."""
        return [joined(pieces) for pieces in zip(*self._full, self._taken(), strict=True)]


def _size(kind: np.dtype[Any], keep: Keep) -> int:
    wanted = keep.families if kind is kernel.BIRTH else keep.events
    return ROOM[kind] if wanted else 0


def joined(tables: Sequence[Table]) -> Table:
    """Tables one below the other. Rows are copied whole: column by column takes several times as long."""
    if len(tables) == 1:
        return tables[0]
    kind = tables[0].dtype
    if kind.names is None:
        return np.concatenate(tables)
    return np.concatenate([whole_rows(table) for table in tables]).view(kind)


def whole_rows(table: Table) -> Table:
    """Its rows as bytes without columns."""
    return table.view(f"V{table.dtype.itemsize}") if table.dtype.names else table
