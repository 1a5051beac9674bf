"""The process in which a student's code runs: takes cells from a channel, one at a time, and executes them.

Everything in this process belongs to the student's code as soon as the first cell runs: nothing here is a secret
or a defence. Outputs are cut early only to be kind; the grader measures them again.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import random
import signal
import socket
import sys
import tarfile
from pathlib import Path
from types import FrameType
from typing import Any

from crmsim.course.sandbox.frames import Closed, Reader, send
from crmsim.course.sandbox.limits import Limits, confine


def work(shell: Any, channel: socket.socket, archive: int, *, folder: str, limits: Limits) -> None:
    """Unpack the files, accept the limits, and execute cells until the channel is closed."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with os.fdopen(archive, "rb") as file, tarfile.open(fileobj=io.BytesIO(file.read())) as files:
        files.extractall(place, filter="data")
    os.chdir(place)
    sys.path.insert(0, "")
    _keep_only(channel.fileno())
    shell.take_channel(channel)
    _start_luck()
    confine(limits)
    _serve(shell, channel)


def _serve(shell: Any, channel: socket.socket) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with contextlib.suppress(Closed):
        while True:
            try:
                loop.run_until_complete(_execute_all(shell, channel))
            except KeyboardInterrupt:  # it came between two steps of a cell that awaits
                shell.send({"kind": "error", "ename": "KeyboardInterrupt", "evalue": "", "traceback": []})
                _end_cell(shell, channel)


def _keep_only(descriptor: int) -> None:
    """Close whatever else was inherited; read from nothing."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 4096)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _start_luck() -> None:
    """The same luck for everybody who sets no seed, so that marking twice gives the same points."""
    random.seed(1)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(1)


async def _execute_all(shell: Any, channel: socket.socket) -> None:
    reader = Reader(channel)
    while True:
        await _something_to_read(channel)
        source = reader.next()["source"]
        await _execute(shell, source)
        _end_cell(shell, channel)


def _end_cell(shell: Any, channel: socket.socket) -> None:
    if not shell.speaks:  # a process that the cell has forked ends with the cell
        os._exit(0)
    shell.flush()
    send(channel, {"kind": "done", "count": shell.execution_count - 1})


async def _something_to_read(channel: socket.socket) -> None:
    """Wait, and let tasks that a cell has left behind go on meanwhile, as in a kernel."""
    loop = asyncio.get_running_loop()
    waiting = loop.create_future()

    def wake() -> None:
        if not waiting.done():
            waiting.set_result(None)

    loop.add_reader(channel, wake)
    try:
        await waiting
    finally:
        loop.remove_reader(channel)


async def _execute(shell: Any, source: str) -> None:
    """Execute a cell; an interrupt reaches its code, and nothing else."""
    prepared = _prepared(shell, source)
    if not shell.should_run_async(source, **prepared):
        with _interrupts(None):
            shell.run_cell(source, store_history=True)
        return
    task = asyncio.ensure_future(shell.run_cell_async(source, store_history=True, **prepared))
    with _interrupts(task), contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        await task


def _prepared(shell: Any, source: str) -> dict[str, Any]:
    try:
        return {"transformed_cell": shell.transform_cell(source), "preprocessing_exc_tuple": None}
    except Exception:  # IPython shows a syntax error when the cell is executed
        return {"transformed_cell": source, "preprocessing_exc_tuple": sys.exc_info()}


@contextlib.contextmanager
def _interrupts(task: asyncio.Future[Any] | None) -> Any:
    """While this lasts, the first interrupt cancels the task, if there is one; any other is an exception."""

    def cancel(number: int, frame: FrameType | None) -> None:
        assert task is not None
        signal.signal(signal.SIGINT, signal.default_int_handler)
        asyncio.get_running_loop().call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGINT, signal.default_int_handler if task is None else cancel)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, TypeError):  # a cell may have replaced the module's functions
            signal.signal(signal.SIGINT, signal.SIG_IGN)
