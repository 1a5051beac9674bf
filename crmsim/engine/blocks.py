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
from crmsim.engine.caching import collection_paused
from crmsim.engine.kernel import Clock
from crmsim.engine.policy import FAMILY, Step, actions_for
from crmsim.engine.world import Setting
from crmsim.errors import InputError

Ids = npt.NDArray[np.int64]
Names = npt.NDArray[np.uint64]
T = TypeVar("T")
Table = npt.NDArray[Any]
"""An array of records, one row each."""

ROOM = {kernel.ROW: 200_000, kernel.CONTACT_ROW: 60_000, kernel.ANSWER: 30_000, kernel.BIRTH: 8_000}
"""First guess at what happens in a block; when it is too small, the kernel goes on in further room."""


@dataclass(frozen=True)
class Keep:
    """What to keep of the lives: events (transactions, contacts, answers) with stages, families."""

    events: bool = False
    families: bool = True


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


Lives = tuple[Table, Table, Table, npt.NDArray[np.int8], npt.NDArray[np.int8], Table]
"""Rows, contacts, answers, stage_log, cause_log, sums of one generation."""


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
    lived: list[Lives] = []
    while len(names) or not lived:
        traits = traits_of(names, setting, arrivals)
        lives, births = _generation(ids, names, traits, setting, steps, clock, keep)
        lived.append(lives)
        people.append((names, root_of, parent_of, traits))
        births = births[births["period"] + 1 < clock.stop]
        parent_of, root_of = births["parent"] + start, root_of[births["parent"]]
        # (a column of rows has gaps between its numbers, for which the kernel would be compiled once more)
        names, arrivals = births["name"].copy(), births["period"].astype(np.int64) + 1
        start += len(ids)
        ids = np.arange(start, start + len(names), dtype=np.int64)  # until all are known: their places in the block
    return _numbered(people, lived)


def _numbered(people: list[tuple[Any, ...]], lived: list[Lives]) -> Block:
    """Give ids within each family in the order of arrival."""
    names, roots, parents, traits = (joined(column) for column in zip(*people, strict=True))
    if len(people) == 1:
        return Block(roots, names, parents, traits, *lived[0])
    n_roots = len(people[0][0])
    order = n_roots + np.lexsort((names[n_roots:], traits["arrival"][n_roots:], roots[n_roots:]))
    ids = roots.copy()
    rank = np.arange(len(order)) - np.searchsorted(roots[order], roots[order])
    ids[order] += (rank + 1) * FAMILY
    parent_ids = np.where(parents >= 0, ids[np.maximum(parents, 0)], -1)
    for generation in lived[1:]:
        for events in generation[:3]:
            events["customer"] = ids[events["customer"]]
    return Block(ids, names, parent_ids, traits, *(joined(column) for column in zip(*lived, strict=True)))


def joined(tables: Sequence[Table]) -> Table:
    """Tables one below the other. Rows are copied whole: column by column takes several times as long."""
    if len(tables) == 1:
        return tables[0]
    kind = tables[0].dtype
    if kind.names is None:
        return np.concatenate(tables)
    return np.concatenate([_whole_rows(table) for table in tables]).view(kind)


def _whole_rows(table: Table) -> Table:
    return table.view(f"V{table.dtype.itemsize}") if table.dtype.names else table


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
        if not columns[0].size:
            cuts, others = [len(column) for column in columns], others[:0]
        rest = _whole_rows(joined([column[cut:] for column, cut in zip(columns, cuts, strict=True)]))
        rest = rest[np.argsort(others, kind="stable")].view(columns[0].dtype) if len(others) > 1 else rest
        heads = [column[:cut] for column, cut in zip(columns, cuts, strict=True)]
        found[field.name] = joined([*heads, rest.view(columns[0].dtype)])
    return Block(**found)


def _ids_of(block: Block, name: str) -> Ids:
    """The customer of each row of a table."""
    table: Table = getattr(block, name)
    return table["customer"] if name in ("rows", "contacts", "answers") else block.customers


def _generation(
    ids: Ids, names: Names, traits: Table, setting: Setting, steps: Sequence[Step], clock: Clock, keep: Keep
) -> tuple[Lives, Table]:
    """The lives and the referrals of one generation, in as much room as it takes."""
    shape = (len(names), clock.stop) if keep.events else (0, 0)
    stage_log, cause_log = np.full(shape, -1, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    sums = np.zeros(len(names), dtype=kernel.SUMS)
    first, actions = actions_for(steps, names)
    clocks, scratch = np.array([tuple(clock)], dtype=kernel.CLOCK), np.zeros(2, dtype=kernel.LIFE)
    when, item_of = np.empty(kernel.MOST_ITEMS, dtype=np.int64), np.empty(kernel.MOST_ITEMS, dtype=np.int64)
    gathered: list[list[Table]] = []
    begin, factor, used = 0, 1, np.zeros(4, dtype=np.int64)
    while True:
        room = [np.empty(_size(kind, keep) * factor, dtype=kind) for kind in ROOM]
        used[:] = 0
        reached = kernel.live(
            begin, ids, names, traits, setting.rules, setting.numbers, setting.world.stages, setting.world.periods,
            first, actions, clocks, *room, used, stage_log, cause_log, sums, scratch, when, item_of,
        )  # fmt: skip
        gathered.append([table[:n] for table, n in zip(room, used, strict=True)])
        if reached == len(names):
            break
        factor = factor * 2 if reached == begin else factor  # not even one customer fitted: more room
        begin = reached
    rows, contacts, answers, births = (joined(tables) for tables in zip(*gathered, strict=True))
    return (rows, contacts, answers, stage_log, cause_log, sums), births


def futures(names: Names, traits: Table, setting: Setting, *, steps: Sequence[Step], clock: Clock) -> Table:
    """Live these customers through all futures of the clock; what comes of each (kernel.SUMS)."""
    ids = np.arange(len(names), dtype=np.int64)
    return _generation(ids, names, traits, setting, steps, clock, Keep(families=False))[0][-1]


def _size(kind: np.dtype[Any], keep: Keep) -> int:
    wanted = keep.families if kind is kernel.BIRTH else keep.events
    return ROOM[kind] if wanted else 0


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
        _generation(nobody.astype(np.int64), nobody, traits_of(nobody, setting), setting, (), clock, Keep(events=True))


def whole(value: Any, name: str, *, least: int, most: int = 2**62) -> int:
    """A whole number of at least `least`, or `InputError`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        limit = f"of at least {least}" if most == 2**62 else f"from {least} to {most}"
        raise InputError(f"{name}={value!r} is not possible; give a whole number {limit}.")
    return int(value)


def workers(threads: int | None) -> int:
    """How many blocks may be lived at once: one per processor unless said otherwise."""
    return whole(threads, "threads", least=1) if threads is not None else max(1, os.cpu_count() or 1)
