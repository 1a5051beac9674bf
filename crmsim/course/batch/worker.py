"""A worker: a process of the grader that marks one submission after the other.

It is started with a socket (``python -m crmsim.course.batch.worker NUMBER PLACE``), gets a `Kit` and then jobs, and
returns outcomes. It holds the secret and the truth, and never runs a student's code; the sandbox it starts does.
A `Worker` is the other end: it can be killed, and another started in its place.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import crmsim
from crmsim.course.batch.parcels import FAILED, Job, Kit, Outcome
from crmsim.course.sandbox.keeper import Sandbox


class Worker:
    """A worker, seen from who gives it work.

    Parameters
    ----------
    kit : Kit
    place : int
        Its place in the pool.
    """

    def __init__(self, kit: Kit, *, place: int) -> None:
        ours, theirs = socket.socketpair()
        self.home = tempfile.mkdtemp(prefix="marking-")
        module = "crmsim.course.batch.worker"
        command = [sys.executable, "-P", "-m", module, str(theirs.fileno()), str(place), self.home]
        package = str(Path(crmsim.__file__).resolve().parents[1])
        paths = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"},
            )
        self.connection = Connection(ours.detach())
        self.connection.send_bytes(pickle.dumps(kit))

    def give(self, job: Job) -> None:
        """Let it mark a submission."""
        self.connection.send(job)

    def take(self) -> Outcome:
        """What came of it. Errors: `EOFError` when the worker is gone."""
        outcome = self.connection.recv()
        assert isinstance(outcome, Outcome)
        return outcome

    def close(self) -> None:
        """End it, and everything it has started."""
        self._process.kill()  # its sandbox ends with it
        self._process.wait()
        self.connection.close()
        shutil.rmtree(self.home, ignore_errors=True)


def main(number: int, place: int, home: str) -> None:
    """Serve until the other end is closed."""
    _end_with_parent()
    connection = Connection(number)
    kit: Kit = pickle.loads(connection.recv_bytes())  # noqa: S301 - from the process that has started this one
    os.chdir(home)
    with _sandbox(kit, place) as sandbox, contextlib.suppress(EOFError, OSError):
        mark = _marker(kit, Path(home), sandbox)
        while True:
            connection.send(mark(connection.recv()))


def _end_with_parent() -> None:
    """Leave Ctrl-C to the coordinator, but do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def _sandbox(kit: Kit, place: int) -> Iterator[Sandbox]:
    from crmsim.course.sandbox.caches import caches

    hide = [Path(kit.hide)] if kit.hide else []
    sandbox = Sandbox(kit.limits, place, kit.warm, hide, caches(), kit.walls)
    try:
        yield sandbox
    finally:
        sandbox.close()


def _marker(kit: Kit, home: Path, sandbox: Sandbox) -> Callable[[Job], Outcome]:
    """What marks; on a machine where nothing can be marked, something that says so."""
    try:
        sandbox.start()  # it warms up while this process imports nbgrader
        return _prepared(kit, home, sandbox)
    except Exception as error:
        reason = f"this machine cannot mark: {error}"
        return lambda job: Outcome(job.student, FAILED, notes=[reason])


def _prepared(kit: Kit, home: Path, sandbox: Sandbox) -> Callable[[Job], Outcome]:
    warnings.simplefilter("ignore")
    for name, content in kit.files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    from crmsim.course.batch.steps import Steps
    from crmsim.course.batch.work import Marker
    from crmsim.course.folders import config_of

    config = config_of(home)
    config.CourseDirectory.root = str(home)
    config.CourseDirectory.db_url = kit.database or f"sqlite:///{home / 'gradebook.db'}"
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    return Marker(kit, home, steps=Steps(config), sandbox=sandbox).mark


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
