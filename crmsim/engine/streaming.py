"""Living and writing a run part by part, so that memory does not grow with the number of customers.

A worker (a thread here, or one of a Dask cluster) takes a part, lives it block by block, writes it and keeps nothing
but its record. In memory there is at most one part for each worker.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

import crmsim
from crmsim.engine import blocks
from crmsim.engine.blocks import Block, in_threads
from crmsim.engine.calendar import period_starts
from crmsim.engine.folder import RUN
from crmsim.engine.manifest import how_to_repeat
from crmsim.engine.parts import Layout, Record, makers_of, write_part
from crmsim.engine.place import Place
from crmsim.engine.policy import Plan
from crmsim.engine.room import Keep
from crmsim.engine.simulate import Run, clock_of, nobody
from crmsim.engine.world import Setting, setting_of
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

LABELS = {
    "version": "version of crmsim",
    "seed": "seed",
    "customers": "number of customers",
    "periods": "number of periods",
    "replication": "replication",
    "format": "format",
    "truth": "choice of truth",
    "warehouse": "choice of a warehouse",
    "part_size": "part size",
    "policy": "policy",
    "scenario_sha256": "scenario",
}
"""What a run must have in common with the unfinished one that it continues."""


@dataclass(frozen=True)
class Job:
    """A run to be written."""

    scenario: Scenario
    plan: Plan
    replication: int
    layout: Layout
    block_size: int
    version: str = crmsim.__version__

    @cached_property
    def setting(self) -> Setting:
        """What the kernel reads."""
        return setting_of(self.scenario, n_periods=self.scenario.periods, levers=self.plan.levers)

    @cached_property
    def starts(self) -> pd.DatetimeIndex:
        """The calendar."""
        return period_starts(self.scenario, self.scenario.periods)

    @cached_property
    def shape(self) -> Run:
        """The run without customers."""
        return nobody(self.scenario, self.plan, self.replication)

    @property
    def n_parts(self) -> int:
        """How many parts it has."""
        return self.layout.n_parts(self.scenario.customers)

    def identity(self) -> dict[str, Any]:
        """What the bytes depend on."""
        known = how_to_repeat(self.shape) | {"customers": self.scenario.customers, "periods": self.scenario.periods}
        known |= {"version": self.version, **vars(self.layout)}
        return {name: known[name] for name in LABELS}

    def customers_in(self, number: int) -> int:
        """Families of a part."""
        size = self.layout.part_size
        return min(size, self.scenario.customers - number * size)


def make_part(job: Job, place: Place, number: int, *, threads: int = 1) -> Record:
    """Live a part and write it."""
    lives = live_part(job, number, threads=threads)
    makers = makers_of(job.scenario, job.plan, lives, starts=job.starts, truth=job.layout.truth)
    return write_part(place, number, makers, job.layout)


def live_part(job: Job, number: int, *, threads: int) -> Block:
    """The lives of a part, block by block."""
    begin, size = number * job.layout.part_size, job.block_size
    stop = begin + job.customers_in(number)
    clock = clock_of(job.scenario.periods, job.replication, 0)

    def block(k: int) -> Block:
        roots = np.arange(begin + k * size, min(begin + (k + 1) * size, stop), dtype=np.int64)
        return blocks.live_families(roots, job.setting, steps=job.plan.steps, clock=clock, keep=Keep(events=True))

    return blocks.in_order(list(in_threads(block, -(-(stop - begin) // size), threads=threads)))


def in_these_threads(job: Job, place: Place, numbers: list[int], *, threads: int) -> Iterator[tuple[int, Record]]:
    """Make these parts, several at once; when they are fewer than the threads, their blocks are lived at once."""
    blocks.compile_once(job.setting)
    inner = max(1, threads // max(1, len(numbers)))

    def make(k: int) -> tuple[int, Record]:
        return numbers[k], make_part(job, place, numbers[k], threads=inner)

    yield from in_threads(make, len(numbers), threads=threads)


def write_identity(job: Job, place: Place) -> None:
    """Say in the work folder which run it belongs to."""
    place.put(RUN, json.dumps(job.identity(), ensure_ascii=False).encode())


def check_identity(job: Job, place: Place, where: object) -> None:
    """Whether the unfinished run there is the same; otherwise `InputError` says in what it differs."""
    try:
        found = dict(json.loads(place.get(RUN)))
    except (FileNotFoundError, ValueError, TypeError):
        raise InputError(
            f"{where}: what is left of the unfinished run cannot be read; run without --resume to start anew."
        ) from None
    for name, wanted in json.loads(json.dumps(job.identity())).items():
        if found.get(name) != wanted:
            short = isinstance(wanted, (int, str)) and name != "scenario_sha256"
            values = f": {found.get(name)!r} there, {wanted!r} now" if short else ""
            raise InputError(
                f"{where}: the unfinished run there has another {LABELS[name]}{values}. "
                "Give the same to go on with it, or run without --resume to start anew."
            )


Workers = Callable[[list[int]], Iterator[tuple[int, Record]]]
"""Makes these parts, and hands back each one's number and record as it is finished, in any order."""
