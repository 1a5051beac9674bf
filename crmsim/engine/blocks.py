"""Blocks of customers: the unit of threads, of files, and of resuming.

A block is lived from its first to its last customer by the compiled kernel. What comes out does not depend
on where one block ends and the next begins, nor on how many run at once.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from crmsim.engine import kernel
from crmsim.engine.kernel import Clock, Rows, Traits, World
from crmsim.engine.policy import Offer, actions_for
from crmsim.errors import InputError

Ids = npt.NDArray[np.int64]
T = TypeVar("T")

NO_ROWS = Rows(*(np.empty(0, dtype=kind) for kind in (np.int64, np.int16, np.int64, np.int64, np.int64, np.int8)))
NO_STAGES = np.empty((0, 0), dtype=np.int8)
ROWS_PER_BUFFER = 200_000
"""First guess at a block's transactions; when it is too small, the kernel goes on in a further buffer."""


@dataclass(frozen=True)
class Block:
    """The lives of some customers."""

    customers: Ids
    traits: Traits
    rows: Rows
    stage_log: npt.NDArray[np.int8]
    """Stage by customer and period lived, -1 before arrival."""
    profit_cents: Ids
    value: npt.NDArray[np.float64]
    """Sum and sum of squares, over replications, of the discounted profit (money)."""


def traits_of(customers: Ids, world: World) -> Traits:
    """The traits of these customers."""
    n = len(customers)
    small, real = np.int16, np.float64
    traits = Traits(
        *(np.empty(n, dtype=kind) for kind in (small, np.int8, np.int8, np.int8, np.int8, real, real, real))
    )
    kernel.draw_traits(customers, world, traits)
    return traits


def take(traits: Traits, chosen: Any) -> Traits:
    """The traits of the chosen positions."""
    return Traits(*(column[chosen] for column in traits))


def live(
    customers: Ids,
    traits: Traits,
    world: World,
    *,
    offers: Sequence[Offer],
    clock: Clock,
    stages: npt.NDArray[np.int8] | None = None,
    keep_rows: bool = False,
) -> Block:
    """Live these customers (sorted ids) through the clock's periods; `stages`: where each stands before."""
    n = len(customers)
    before = np.full(n, -1, dtype=np.int8) if stages is None else stages
    log = np.full((n, clock.stop - clock.start), -1, dtype=np.int8) if keep_rows else NO_STAGES
    cents, value = np.zeros(n, dtype=np.int64), np.zeros((n, 2))
    actions = actions_for(offers, customers)
    buffers, begin, size = [], 0, min(ROWS_PER_BUFFER, 1_000 + 100 * n) if keep_rows else 0
    while True:
        rows = _buffer(size)
        reached, used = kernel.live(begin, customers, traits, before, world, actions, clock, rows, 0, log, cents, value)
        buffers.append(Rows(*(column[:used] for column in rows)))
        if reached == n:
            break
        size = size * 2 if reached == begin else size  # not even one customer fitted: a larger buffer
        _forget(value, reached)
        begin = reached
    gathered = (
        buffers[0] if len(buffers) == 1 else Rows(*(np.concatenate(parts) for parts in zip(*buffers, strict=True)))
    )
    return Block(customers, traits, gathered, log, cents, value)


def _forget(value: npt.NDArray[np.float64], reached: int) -> None:
    """The customer at whom a buffer ran out is lived again from the start: nothing of it may remain."""
    value[reached] = 0.0


def _buffer(size: int) -> Rows:
    return Rows(*(np.empty(size, dtype=column.dtype) for column in NO_ROWS)) if size else NO_ROWS


def in_threads(work: Callable[[int], T], n_blocks: int, *, threads: int) -> Iterator[T]:
    """`work(0)`, `work(1)`, ... in this order, some of them at once; at most twice `threads` wait in memory."""
    if threads == 1 or n_blocks == 1:
        yield from map(work, range(n_blocks))
        return
    pool = ThreadPoolExecutor(threads)
    try:
        waiting: list[Future[T]] = []
        for number in range(n_blocks):
            waiting.append(pool.submit(work, number))
            if len(waiting) >= 2 * threads:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def compile_once(world: World) -> None:
    """Compile the kernel, or load it from the disk cache, by living one customer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an unwritable cache only costs the compilation next time
        nobody = np.zeros(0, dtype=np.int64)
        live(nobody, traits_of(nobody, world), world, offers=(), clock=Clock(0, 1, 0, 0, 1), keep_rows=True)


def whole(value: Any, name: str, *, least: int, most: int = 2**62) -> int:
    """A whole number of at least `least`, or `InputError`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        limit = f"of at least {least}" if most == 2**62 else f"from {least} to {most}"
        raise InputError(f"{name}={value!r} is not possible; give a whole number {limit}.")
    return int(value)


def workers(threads: int | None) -> int:
    """How many blocks may be lived at once: one per processor unless said otherwise."""
    return whole(threads, "threads", least=1) if threads is not None else max(1, os.cpu_count() or 1)
