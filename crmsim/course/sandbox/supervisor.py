"""Who watches one submission from outside its walls, and ends it.

Two processes without any work of their own stand between the template and a student's code:

* the *supervisor* sees all processes of the sandbox. It passes interrupts on, measures memory, turns a swarm of
  processes down, and kills everything when told to, when the memory is used up, or when the grader is gone;
* the *first* process of the new process namespace starts the one that runs the cells, waits for it, and by its
  end lets the kernel kill what is left.

Commands of the grader come over a socket: ``I`` interrupts, ``K`` (or the end of the socket) kills. At the end
the supervisor reports in JSON what happened: ``{"end": "exit", "status": n}``, where the end may also be
``"memory"``, ``"disk"``, ``"files"`` or ``"killed"``.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from crmsim.course.sandbox import linux
from crmsim.course.sandbox.limits import MAX_FILES, MEGABYTE, Limits
from crmsim.course.sandbox.namespaces import furnish, leave_shared_namespaces, writable_places
from crmsim.course.sandbox.seccomp import refuse_odd_calls

TICK_SECONDS = 0.1
SWARM = 12
"""So many processes and threads are turned down to the lowest priority."""
MAX_OPEN = 1_000
"""So many files and sockets may be open in all processes together: the kernel's memory for them has no other limit."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


def supervise(
    command: socket.socket, channel: socket.socket, run: Callable[[], None], *, limits: Limits, walls: str,
) -> None:
    """Fork, let the new process `run`, and watch it until it ends; reports over `command`.

    `walls` says what stands around it: ``"own"`` namespaces, the ``"shared"`` ones of a sandbox that serves this
    submission alone, or ``"none"``. Only the new process keeps `channel`.
    """
    processes = os.open("/proc", os.O_RDONLY) if walls != "none" else None
    known = _numbers(processes)
    if walls == "own":
        leave_shared_namespaces()
        linux.hide_memory()
    first = os.fork()
    if first == 0:
        command.close()
        _be_first(channel, run, limits=limits, walls=walls)
    channel.close()
    end, status = _watch(first, command, _Watch(processes, known | {os.getpid()}, limits, walls))
    if walls != "own":  # there is no namespace whose end would do it
        with contextlib.suppress(OSError):
            os.killpg(first, signal.SIGKILL)
    with contextlib.suppress(OSError):
        command.sendall(json.dumps({"end": end, "status": status}).encode())


def _be_first(channel: socket.socket, run: Callable[[], None], *, limits: Limits, walls: str) -> None:
    """The first process of a new namespace: starts the one that works, and waits for it."""
    try:
        if walls != "none":
            linux.die_with_parent()
        if walls == "own":
            furnish(limits.disk_mb)
            linux.give_up_privileges()
        os.setsid()
        status = _parent_of(run, channel, is_open=walls == "none")
    except BaseException:  # whatever it is, this copy must never go on as the template
        traceback.print_exc(file=sys.__stderr__)
        status = 120
    os._exit(status)


def _parent_of(run: Callable[[], None], channel: socket.socket, *, is_open: bool) -> int:
    worker = os.fork()
    if worker == 0:
        _work(run, is_open=is_open)
    channel.close()
    signal.signal(signal.SIGINT, lambda *_: _interrupt(worker))
    return _wait_for(worker)


def _work(run: Callable[[], None], *, is_open: bool) -> None:
    with contextlib.suppress(OSError, AttributeError):
        linux.show_memory()
    try:
        if not is_open:
            refuse_odd_calls()  # before there is a second thread, for which it would not hold
        run()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        os._exit(121)
    os._exit(0)


def _interrupt(worker: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(worker, signal.SIGINT)


def _wait_for(worker: int) -> int:
    """Collect whatever ends, until the one that works has."""
    while True:
        ended, status = os.wait()
        if ended == worker:
            return _as_code(status)


def _as_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


class _Watch:
    """Measures all processes of a submission together."""

    def __init__(self, processes: int | None, known: set[int], limits: Limits, walls: str) -> None:
        self._processes, self._known, self._limits, self._walls = processes, known, limits, walls
        self._start = _resident(processes, os.getpid())

    def objection(self) -> str | None:
        """Why the submission must end now: ``"memory"``, ``"disk"``, ``"files"``, or nothing."""
        if self._processes is None:
            return None
        most = self._limits.memory_mb * MEGABYTE
        members = _numbers(self._processes) - self._known
        threads = sum(self._threads(member) for member in members)
        if threads > SWARM:
            for member in members:
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, member, 19)
        roughly = sum(max(0, _resident(self._processes, member) - self._start) for member in members)
        if roughly > most and sum(_exactly(self._processes, member) for member in members) > most:
            return "memory"
        if sum(_n_open(self._processes, member) for member in members) > MAX_OPEN:
            return "files"
        return "disk" if self._walls == "shared" and self._disk() > self._limits.disk_mb * MEGABYTE else None

    def _threads(self, member: int) -> int:
        try:
            return int(_read(self._processes, f"{member}/stat").rpartition(")")[2].split()[17])
        except (OSError, IndexError, ValueError):  # it has just ended
            return 0

    @staticmethod
    def _disk() -> int:
        seen = {os.stat(place).st_dev: os.statvfs(place) for place in writable_places()}
        return sum((found.f_blocks - found.f_bfree) * found.f_frsize for found in seen.values())


def _watch(first: int, command: socket.socket, watch: _Watch) -> tuple[str, int]:
    handle = [os.pidfd_open(first)] if hasattr(os, "pidfd_open") else []
    while True:
        ended, status = os.waitpid(first, os.WNOHANG)
        if ended:
            return "exit", _as_code(status)
        for order in _orders(command, handle):
            if order == "I":
                with contextlib.suppress(OSError):
                    os.kill(first, signal.SIGINT)
            else:
                return "killed", _kill(first)
        objection = watch.objection()
        if objection:
            return objection, _kill(first)


def _orders(command: socket.socket, handle: list[int]) -> Iterator[str]:
    """Wait for a tick, or until something happens; what the grader wants then."""
    ready, _, _ = select.select([command.fileno(), *handle], [], [], TICK_SECONDS)
    if command.fileno() in ready:
        orders = command.recv(16).decode("ascii", "replace")
        yield from orders or "K"


def _kill(first: int) -> int:
    with contextlib.suppress(OSError):
        os.kill(first, signal.SIGKILL)
    _, status = os.waitpid(first, 0)
    return _as_code(status)


def _numbers(processes: int | None) -> set[int]:
    if processes is None:
        return set()
    return {int(name) for name in os.listdir(processes) if name.isdigit()}


def _read(processes: int | None, name: str) -> str:
    with open(os.open(name, os.O_RDONLY, dir_fd=processes), encoding="ascii") as file:
        return file.read()


def _n_open(processes: int | None, member: int) -> int:
    """How many descriptors a process has; as many as it may have, should it hide them."""
    try:
        folder = os.open(f"{member}/fd", os.O_RDONLY, dir_fd=processes)
    except PermissionError:  # it hides, unless it has ended: then it has no memory either
        return MAX_FILES if _resident(processes, member) else 0
    except OSError:
        return 0
    try:
        return len(os.listdir(folder))
    except OSError:
        return 0
    finally:
        os.close(folder)


def _resident(processes: int | None, member: int) -> int:
    """Bytes of memory that a process has in use, shared ones included."""
    try:
        return int(_read(processes, f"{member}/statm").split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):  # it has just ended
        return 0


def _exactly(processes: int | None, member: int) -> int:
    """The same, with shared memory divided among those who share it."""
    try:
        lines: Any = (line.split() for line in _read(processes, f"{member}/smaps_rollup").splitlines())
        return sum(int(words[1]) << 10 for words in lines if words[0] == "Pss:")
    except (OSError, IndexError, ValueError):
        return _resident(processes, member)
