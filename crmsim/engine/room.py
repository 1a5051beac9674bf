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


class Crowd:
    """Where the customers of a block stand, one generation below the other: traits, stages, causes, sums.

    Room is made once for those that are expected; putting generations together later would copy everything. Without
    `n_periods` no stages and causes are kept.
    """

    def __init__(self, n: int, *, n_periods: int | None) -> None:
        self._n, self._n_periods = 0, n_periods
        self._tables = self._made(n + n // 8 + 64)

    def _made(self, n: int) -> list[Table]:
        shape = (0, 0) if self._n_periods is None else (n, self._n_periods)
        logs = [np.empty(shape, dtype=np.int8) for _ in range(2)]
        return [np.empty(n, dtype=kernel.TRAITS), *logs, np.empty(n, dtype=kernel.SUMS)]

    def more(self, n: int) -> list[Table]:
        """Room for `n` more customers: traits (not filled), stage_log of -1, cause_log and sums of 0."""
        begin, self._n = self._n, self._n + n
        if self._n > len(self._tables[0]):
            old, self._tables = self._tables, self._made(2 * self._n)
            for table, larger in zip(old, self._tables, strict=True):
                whole_rows(larger)[:begin] = whole_rows(table)[:begin]
        traits, stages, causes, sums = (table[begin : self._n] for table in self._tables)
        stages.fill(-1)
        causes.fill(0)
        sums[:] = np.zeros((), dtype=kernel.SUMS)
        return [traits, stages, causes, sums]

    def all(self) -> list[Table]:
        """Everybody so far."""
        return [table[: self._n] for table in self._tables]


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
