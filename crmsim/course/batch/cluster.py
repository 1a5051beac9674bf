"""The same marking on the machines of a Dask cluster.

Every thread of a Dask worker keeps one `Pool` of one worker process: the same code as on one machine, with the
same sandbox and the same deadline, so the results are the same. The kit, and with it the secret and the marking
scheme, travels to the workers: use a cluster that you trust, and an encrypted connection where others listen.
The workers need crmsim with its extra ``instructor``, and bubblewrap.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Generator, Iterator
from typing import Any

from crmsim.course.batch.parcels import Job, Kit, Outcome
from crmsim.course.batch.pool import Pool
from crmsim.course.sandbox.keeper import UNBOUND
from crmsim.engine.cluster import client_at
from crmsim.errors import InputError

_pools: dict[int, tuple[Kit, Pool]] = {}
_lock = threading.Lock()


def mark_on_cluster(address: str, kit: Kit, jobs: Iterator[Job]) -> Generator[Outcome]:
    """Mark submissions on the cluster of a scheduler; outcomes come in the order in which they are ready.

    Errors: `InputError` when Dask is not installed, no scheduler answers, or it has no workers.
    """
    with client_at(address) as client:
        from distributed import as_completed

        n_threads = sum(client.nthreads().values())
        if not n_threads:
            raise InputError(f"The Dask scheduler at {address!r} has no workers.")
        shared = client.scatter(kit, broadcast=True, hash=False)
        running = as_completed(loop=client.loop)
        for job in _first(jobs, n_threads + 1):
            running.add(client.submit(mark_one, shared, job, pure=False))
        try:
            for future in running:
                yield future.result()
                for job in _first(jobs, 1):
                    running.add(client.submit(mark_one, shared, job, pure=False))
        finally:
            with contextlib.suppress(Exception):  # workers that are gone have nothing to close
                client.run(close_pools)


def mark_one(kit: Kit, job: Job) -> Outcome:
    """Mark one submission, in a thread of a Dask worker."""
    (outcome,) = _pool(kit).mark(iter([job]))
    return outcome


def close_pools() -> None:
    """End the worker processes of this Dask worker."""
    with _lock:
        for _, pool in _pools.values():
            pool.close()
        _pools.clear()


def _pool(kit: Kit) -> Pool:
    """The pool of this thread; made anew for another kit."""
    number = threading.get_ident()
    known, pool = _pools.get(number, (None, None))
    if pool is not None and known is kit:
        return pool
    with _lock:
        if pool is not None:
            pool.close()
        # not bound to a processor: a Dask worker does not know its neighbours
        place = UNBOUND + (os.getpid() * 8 + len(_pools)) % 300
        _pools[number] = (kit, Pool(kit, size=1, first=place))
    return _pools[number][1]


def _first(jobs: Iterator[Job], n: int) -> list[Any]:
    return [job for _, job in zip(range(n), jobs, strict=False)]
