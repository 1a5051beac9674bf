"""The compiled engine, and the floor below it: the same random numbers and the same bytes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from firm import COLUMNS, Outcome
from numba import njit

from crmsim.engine import blocks, kernel
from crmsim.engine.blocks import Block
from crmsim.engine.kernel import Clock
from crmsim.engine.room import Keep
from crmsim.engine.simulate import PARTITION_SIZE
from crmsim.engine.world import setting_of
from crmsim.settings.scenario import Scenario

ONLY_PURCHASES = dict.fromkeys(["affinity", "service", "satisfaction", "surveys", "word_of_mouth", "scheme"])
"""What a scenario leaves out so that `firm.Firm` describes all of it."""


def engine(s: Scenario, *, threads: int) -> Callable[[], Outcome]:
    """All customers through the kernel, rows and stages in memory, not yet made into tables."""
    setting = setting_of(s, n_periods=s.periods)
    clock = Clock(stop=s.periods, branch=0, past=0, replication=0, n_replications=1, count_from=0)

    def block(number: int) -> Block:
        first = number * PARTITION_SIZE
        roots = np.arange(first, min(first + PARTITION_SIZE, s.customers), dtype=np.int64)
        return blocks.live_families(roots, setting, steps=(), clock=clock, keep=Keep(events=True))

    n_blocks = -(-s.customers // PARTITION_SIZE)
    done = list(blocks.in_threads(block, n_blocks, threads=threads))
    return lambda: outcome(s, done)


def outcome(s: Scenario, done: list[Block]) -> Outcome:
    """The blocks as one outcome; nobody has been referred, so ids run from 0 without a gap."""
    final = list(s.stages).index("churn")
    log = np.concatenate([block.stage_log for block in done])
    rows = {name: np.concatenate([block.rows[name] for block in done]) for name in COLUMNS}
    profit = np.concatenate([block.sums["cents"] for block in done])
    return Outcome(rows, ((log >= 0) & (log != final)).sum(axis=1), log[:, -1] == final, profit)


N_TRAITS = 19
"""Draws of traits for each customer."""


@njit(nogil=True, error_model="numpy")
def draw_and_write(first, stop, months, purchases, traits, stages, causes, rows, sums):  # type: ignore[no-untyped-def]
    """For each customer its traits, two draws for each month lived, two for each purchase; every byte written."""
    row, total = 0, np.uint64(0)
    for customer in range(first, stop):
        key = kernel.luck(np.uint64(7), kernel.FOR_LIFE, np.uint64(customer))
        for purpose in range(N_TRAITS):
            total += kernel.bits(key, np.uint64(purpose), kernel.FIRST, kernel.FIRST)
        who = traits[customer - first]
        who.rate, who.spend, who.loyalty, who.arrival = total, total, total, total
        key = kernel.luck(np.uint64(7), kernel.FIRST, np.uint64(customer))
        for period in range(months[customer]):
            total += kernel.bits(key, kernel.MOVE, period, kernel.FIRST)
            total += kernel.bits(key, kernel.COUNT, period, kernel.FIRST)
        for period in range(stages.shape[1]):
            stages[customer - first, period], causes[customer - first, period] = period, period
        for item in range(purchases[customer]):
            event = kernel.bits(key, kernel.EVENT, kernel.FIRST, np.int64(item))
            amount = kernel.bits(key, kernel.AMOUNT, kernel.FIRST, np.int64(item))
            entry = rows[row]
            entry.customer, entry.period, entry.category, entry.second = customer, item, event, event
            entry.cents, entry.margin, entry.given = amount, amount, amount
            row += 1
        sums[customer - first].cents = np.int64(total)


def floor(s: Scenario, known: Outcome, *, threads: int) -> None:
    """The draws and the bytes of a known outcome."""
    months = known.months
    purchases = np.bincount(known.rows["customer"], minlength=s.customers)

    def block(number: int) -> Any:
        first = number * PARTITION_SIZE
        n = min(first + PARTITION_SIZE, s.customers) - first
        stages, causes = np.empty((n, s.periods), dtype=np.int8), np.empty((n, s.periods), dtype=np.int8)
        rows = np.empty(int(purchases[first : first + n].sum()), dtype=kernel.ROW)
        traits, sums = np.empty(n, dtype=kernel.TRAITS), np.zeros(n, dtype=kernel.SUMS)
        draw_and_write(first, first + n, months, purchases, traits, stages, causes, rows, sums)
        return stages, causes, rows, sums

    list(blocks.in_threads(block, -(-s.customers // PARTITION_SIZE), threads=threads))
