"""Blocks of customers: the unit of threads, of files, and of resuming.

A block holds some consecutive customers and everybody whom they refer, directly or not: whole families, so that a
block depends on no other. Its generations are lived one after the other by the compiled kernel. What comes out does
not depend on where one block ends and the next begins, nor on how many run at once.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from crmsim.engine import kernel
from crmsim.engine.caching import collection_paused, mark_compiled
from crmsim.engine.kernel import Clock
from crmsim.engine.policy import FAMILY, Step, actions_for
from crmsim.engine.room import Crowd, Keep, Room, Table, joined, whole_rows
from crmsim.engine.world import Setting
from crmsim.errors import InputError, told

Ids = npt.NDArray[np.int64]
Names = npt.NDArray[np.uint64]
T = TypeVar("T")

@dataclass(frozen=True)
class Block:
    """Some customers and those whom they referred, and their lives."""

    customers: Ids
    names: Names
    referred_by: Ids
    """Id of the customer who referred each, -1 for nobody."""
    traits: Table
    rows: Table
    contacts: Table
    answers: Table
    stage_log: npt.NDArray[np.int8]
    """Stage by customer and period, -1 before arrival."""
    cause_log: npt.NDArray[np.int8]
    sums: Table


def traits_of(names: Names, setting: Setting, arrivals: Ids | None = None) -> Table:
    """The traits of these customers; `arrivals`: the period in which each arrives, where it was referred."""
    traits = np.empty(len(names), dtype=kernel.TRAITS)
    given = np.full(len(names), -1, dtype=np.int64) if arrivals is None else arrivals
    kernel.draw_traits(names, given, setting.people, setting.numbers, traits)
    return traits


def live_block(roots: Ids, setting: Setting, *, steps: Sequence[Step], clock: Clock, keep: Keep) -> Block:
    """Live these customers (not referred by anybody) and all whom they refer; sorted by id."""
    return in_order([live_families(roots, setting, steps=steps, clock=clock, keep=keep)])


def live_families(roots: Ids, setting: Setting, *, steps: Sequence[Step], clock: Clock, keep: Keep) -> Block:
    """Live these customers (not referred by anybody) and, generation by generation, whom they refer.

    They and what they did stand first, in order of their ids; those whom they referred stand in no order (`in_order`).
    """
    names, arrivals = roots.astype(np.uint64), np.full(len(roots), -1, dtype=np.int64)
    ids, root_of, parent_of, start = roots, roots, np.full(len(roots), -1, dtype=np.int64), 0
    people: list[tuple[Any, ...]] = []
    room, n_of_roots = Room(keep), [0, 0, 0, 0]
    crowd = Crowd(len(roots), n_periods=clock.stop if keep.events else None)
    while len(names) or not people:
        lives = crowd.more(len(names))
        kernel.draw_traits(names, arrivals, setting.people, setting.numbers, lives[0])
        births = _generation(ids, names, lives, setting, steps=steps, clock=clock, room=room)
        people.append((names, root_of, parent_of))
        if ids is roots:
            n_of_roots = [len(events) for events in room.all()]
        births = births[births["period"] + 1 < clock.stop]
        parent_of, root_of = births["parent"] + start, root_of[births["parent"]]
        # (a column of rows has gaps between its numbers, for which the kernel would be compiled once more)
        names, arrivals = births["name"].copy(), births["period"].astype(np.int64) + 1
        start += len(ids)
        ids = np.arange(start, start + len(names), dtype=np.int64)  # until all are known: their places in the block
    names, roots, parents = (joined(column) for column in zip(*people, strict=True))
    traits, stages, causes, sums = crowd.all()
    ids, parents = _numbered(names, roots, parents, traits["arrival"])
    rows, contacts, answers, _ = room.all()
    for table, n in zip((rows, contacts, answers), n_of_roots, strict=False):
        table["customer"][n:] = ids[table["customer"][n:]]
    return Block(ids, names, parents, traits, rows, contacts, answers, stages, causes, sums)


def _numbered(names: Names, roots: Ids, parents: Ids, arrivals: Ids) -> tuple[Ids, Ids]:
    """Ids within each family in the order of arrival; everybody's, and those of who referred them."""
    n_roots = int(np.searchsorted(parents >= 0, True))
    order = n_roots + np.lexsort((names[n_roots:], arrivals[n_roots:], roots[n_roots:]))
    ids = roots.copy()
    rank = np.arange(len(order)) - np.searchsorted(roots[order], roots[order])
    ids[order] += (rank + 1) * FAMILY
    return ids, np.where(parents >= 0, ids[np.maximum(parents, 0)], -1)


def in_order(parts: Sequence[Block]) -> Block:
    """Several blocks, each with its roots in order before all others, as one, sorted by id.

    Most customers are roots, which stand in order already; only the others and what they did have to be sorted.
    """
    if len(parts) == 1 and len(parts[0].customers) and parts[0].customers[-1] < FAMILY:
        return parts[0]
    found = {}
    for field in fields(Block):
        columns = [getattr(part, field.name) for part in parts]
        keys = [_ids_of(part, field.name) for part in parts]
        cuts = [int(np.searchsorted(ids >= FAMILY, True)) for ids in keys]
        others = joined([ids[cut:] for ids, cut in zip(keys, cuts, strict=True)])
        if not any(column.size for column in columns):
            cuts, others = [len(column) for column in columns], others[:0]
        rest = whole_rows(joined([column[cut:] for column, cut in zip(columns, cuts, strict=True)]))
        rest = rest[np.argsort(others, kind="stable")].view(columns[0].dtype) if len(others) > 1 else rest
        heads = [column[:cut] for column, cut in zip(columns, cuts, strict=True)]
        found[field.name] = joined([*heads, rest.view(columns[0].dtype)])
    return Block(**found)


def _ids_of(block: Block, name: str) -> Ids:
    """The customer of each row of a table."""
    table: Table = getattr(block, name)
    return table["customer"] if name in ("rows", "contacts", "answers") else block.customers


def _generation(
    ids: Ids, names: Names, lives: Sequence[Table], setting: Setting, *, steps: Sequence[Step], clock: Clock,
    room: Room,
) -> Table:  # fmt: skip
    """Fill the lives (traits are there, stages, causes and sums not yet) and the room; return the referrals."""
    traits, stage_log, cause_log, sums = lives
    first, actions = actions_for(steps, names)
    clocks, scratch = np.array([tuple(clock)], dtype=kernel.CLOCK), np.zeros(2, dtype=kernel.LIFE)
    when, item_of = np.empty(kernel.MOST_ITEMS, dtype=np.int64), np.empty(kernel.MOST_ITEMS, dtype=np.int64)
    begin, births = 0, []
    while True:
        born, fresh = room.used[-1], not room.used.any()
        reached = kernel.live(
            begin, ids, names, traits, setting.rules, setting.numbers, setting.world.stages, setting.world.periods,
            first, actions, clocks, *room.tables, room.used, stage_log, cause_log, sums, scratch, when, item_of,
        )  # fmt: skip
        births.append(room.tables[-1][born : room.used[-1]])
        if reached == len(names):
            return joined(births)
        room.more(larger=reached == begin and fresh)
        begin = reached


def futures(names: Names, traits: Table, setting: Setting, *, steps: Sequence[Step], clock: Clock) -> Table:
    """Live these customers through all futures of the clock; what comes of each (kernel.SUMS)."""
    ids, nothing = np.arange(len(names), dtype=np.int64), np.empty((0, 0), dtype=np.int8)
    sums = np.zeros(len(names), dtype=kernel.SUMS)
    lives, room = (traits, nothing, nothing, sums), Room(Keep(families=False))
    _generation(ids, names, lives, setting, steps=steps, clock=clock, room=room)
    return sums


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


def compile_once(setting: Setting) -> None:
    """Compile the kernel, or load it from the disk cache, by living nobody; at once when that has been done."""
    if kernel.live.signatures:
        return
    with warnings.catch_warnings(), collection_paused():
        warnings.simplefilter("ignore")  # an unwritable cache only costs the compilation next time
        nobody = np.zeros(0, dtype=np.uint64)
        clock = Clock(stop=1, branch=0, past=0, replication=0, n_replications=1, count_from=0)
        futures(nobody, np.empty(0, dtype=kernel.TRAITS), setting, steps=(), clock=clock)
        traits_of(nobody, setting)  # last, so that another process (`compiling`) has time to leave it on the disk
    mark_compiled()


def whole(value: Any, name: str, *, least: int, most: int = 2**62) -> int:
    """A whole number of at least `least`, or `InputError`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        limit = f"of at least {least}" if most == 2**62 else f"from {least} to {most}"
        raise InputError(f"{name}={told(value)} is not possible; give a whole number {limit}.")
    return int(value)


def workers(threads: int | None) -> int:
    """How many blocks may be lived at once: one per processor unless said otherwise."""
    return whole(threads, "threads", least=1) if threads is not None else max(1, os.cpu_count() or 1)
