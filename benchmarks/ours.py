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
from crmsim.engine.simulate import PARTITION_SIZE
from crmsim.engine.world import world_of
from crmsim.settings.scenario import Scenario


def engine(s: Scenario, *, threads: int) -> Callable[[], Outcome]:
    """All customers through the kernel, rows and stages in memory, not yet made into tables."""
    world, clock = world_of(s, n_periods=s.periods), Clock(0, s.periods, 0, 0, 1)

    def block(number: int) -> Block:
        first = number * PARTITION_SIZE
        ids = np.arange(first, min(first + PARTITION_SIZE, s.customers), dtype=np.int64)
        return blocks.live(ids, blocks.traits_of(ids, world), world, offers=(), clock=clock, keep_rows=True)

    n_blocks = -(-s.customers // PARTITION_SIZE)
    done = list(blocks.in_threads(block, n_blocks, threads=threads))
    return lambda: outcome(s, done)


def outcome(s: Scenario, done: list[Block]) -> Outcome:
    """The blocks as one outcome."""
    final = list(s.stages).index("churn")
    log = np.concatenate([block.stage_log for block in done])
    rows = {name: np.concatenate([getattr(block.rows, name) for block in done]) for name in COLUMNS}
    profit = np.concatenate([block.profit_cents for block in done])
    return Outcome(rows, ((log >= 0) & (log != final)).sum(axis=1), log[:, -1] == final, profit)


@njit(nogil=True, error_model="numpy")
def draw_and_write(first, stop, months, purchases, log, rows, profit):  # type: ignore[no-untyped-def]
    """For each customer eight draws of traits, two for each month lived, two for each purchase; every byte written."""
    row, total = 0, np.uint64(0)
    for customer in range(first, stop):
        key = kernel.luck(np.uint64(7), kernel.FOR_LIFE, customer)
        for purpose in range(8):
            total += kernel.bits(key, np.uint64(purpose), kernel.FIRST, kernel.FIRST)
        key = kernel.luck(np.uint64(7), kernel.FIRST, customer)
        for period in range(months[customer]):
            total += kernel.bits(key, kernel.MOVE, period, kernel.FIRST)
            total += kernel.bits(key, kernel.COUNT, period, kernel.FIRST)
        for period in range(log.shape[1]):
            log[customer - first, period] = period
        for item in range(purchases[customer]):
            event = kernel.bits(key, kernel.EVENT, kernel.FIRST, item)
            amount = kernel.bits(key, kernel.AMOUNT, kernel.FIRST, item)
            rows.customer[row], rows.period[row], rows.category[row] = customer, item, event
            rows.second[row], rows.cents[row], rows.margin[row] = event, amount, amount
            row += 1
        profit[customer - first] = np.int64(total)


def floor(s: Scenario, known: Outcome, *, threads: int) -> None:
    """The draws and the bytes of a known outcome."""
    months = known.months
    purchases = np.bincount(known.rows["customer"], minlength=s.customers)

    def block(number: int) -> Any:
        first = number * PARTITION_SIZE
        stop = min(first + PARTITION_SIZE, s.customers)
        log = np.empty((stop - first, s.periods), dtype=np.int8)
        size = int(purchases[first:stop].sum())
        rows = kernel.Rows(*(np.empty(size, dtype=column.dtype) for column in blocks.NO_ROWS))
        profit = np.empty(stop - first, dtype=np.int64)
        draw_and_write(first, stop, months, purchases, log, rows, profit)
        return log, rows, profit

    list(blocks.in_threads(block, -(-s.customers // PARTITION_SIZE), threads=threads))
