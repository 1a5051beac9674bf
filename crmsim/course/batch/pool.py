"""Several workers on this machine, none of which can hold up the others.

A worker is started when there is something for it to do. One that does not answer in time, or dies, is replaced;
its submission is tried once more, and then recorded as failed.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import wait
from typing import Any

from crmsim.course.batch.parcels import FAILED, Job, Kit, Outcome
from crmsim.course.batch.worker import Worker

MARGIN_SECONDS = 90.0
"""Beyond the time of a submission itself: for starting, mending and judging."""
MAX_ATTEMPTS = 2


class Pool:
    """A pool of workers.

    Parameters
    ----------
    kit : Kit
    size : int
        Number of workers, at most.
    first : int
        Place of the first one; see `crmsim.course.sandbox.keeper.Sandbox`.
    """

    def __init__(self, kit: Kit, *, size: int, first: int = 0) -> None:
        self._kit, self._size, self._first = kit, size, first
        self._workers: dict[int, Worker] = {}
        self._busy: dict[int, tuple[Job, float]] = {}
        self._attempts: dict[str, int] = {}

    def mark(self, jobs: Iterator[Job]) -> Iterator[Outcome]:
        """Mark submissions; outcomes come in the order in which they are ready."""
        again: deque[Job] = deque()
        while True:
            for place in range(self._size):
                job = None if place in self._busy else (again.popleft() if again else next(jobs, None))
                if job is not None:
                    self._start(place, job)
            if not self._busy:
                return
            for place in self._ready():
                outcome, job = self._finish(place)
                if outcome is not None:
                    yield outcome
                else:
                    again.append(job)

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()

    def _start(self, place: int, job: Job) -> None:
        if place not in self._workers:
            self._workers[place] = Worker(self._kit, place=self._first + place)
        self._busy[place] = (job, time.monotonic() + self._kit.limits.seconds + MARGIN_SECONDS)
        with contextlib.suppress(OSError):  # it has died; `_finish` will notice
            self._workers[place].give(job)

    def _ready(self) -> list[int]:
        """Workers that have something to say, are dead, or late."""
        by_connection: dict[Any, int] = {self._workers[place].connection: place for place in self._busy}
        first = min(until for _, until in self._busy.values())
        ready = wait(list(by_connection), timeout=max(0.0, first - time.monotonic()))
        late = [place for place, (_, until) in self._busy.items() if until <= time.monotonic()]
        return sorted({by_connection[connection] for connection in ready} | set(late))

    def _finish(self, place: int) -> tuple[Outcome | None, Job]:
        job, _ = self._busy.pop(place)
        try:
            if self._workers[place].connection.poll():
                return self._workers[place].take(), job
            reason = "took too long to be marked"
        except (EOFError, OSError):
            reason = "ended the process that marked it"
        self._workers.pop(place).close()
        self._attempts[job.student] = self._attempts.get(job.student, 0) + 1
        if self._attempts[job.student] < MAX_ATTEMPTS:
            return None, job
        return Outcome(job.student, FAILED, notes=[f"this submission {reason}"]), job
