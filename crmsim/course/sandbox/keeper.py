"""The grader's hold on a template: starts it, opens a stay for each submission, and ends it.

A template that dies is started again. Where the system allows no namespaces inside the outer walls, every
submission gets a template of its own: slower, and just as safe.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmsim.course.sandbox import bubblewrap
from crmsim.course.sandbox.limits import Limits
from crmsim.course.sandbox.namespaces import HOME
from crmsim.course.sandbox.visit import Visit

START_SECONDS = 120.0
UNBOUND = 1_000
"""Places from here on are not bound to a processor."""
OWN, SHARED, NONE = "own", "shared", "none"


@dataclass
class Sandbox:
    """A template and its walls, for one submission after the other.

    Parameters
    ----------
    limits : Limits
    place : int
        Place in the pool: decides about account and processor.
    warm : sequence of str
        Modules that the template imports besides its own.
    hide : sequence of Path
        Folders that must stay out of sight wherever they lie: the course.
    caches : sequence of (Path, str)
        Folders of the grader whose content the template starts with, and where they are inside.
    walls : str
        `OWN`: bubblewrap, and namespaces for each submission where the system allows them, otherwise a template
        for each. `SHARED`: always the latter. `NONE`: no walls at all.
    """

    limits: Limits = field(default_factory=Limits)
    place: int = 0
    warm: Sequence[str] = ()
    hide: Sequence[Path] = ()
    caches: Sequence[tuple[Path, str]] = ()
    walls: str = OWN
    _template: _Template | None = None

    def start(self) -> None:
        """Start a template; it warms up while the grader does something else."""
        self.close()
        self._template = _Template(self)

    @property
    def found_walls(self) -> str:
        """What the system allows, `OWN` or `SHARED`, once it was started; otherwise what was asked for."""
        return self._template.walls if self._template is not None else self.walls

    def close(self) -> None:
        """End the template and everything behind its walls."""
        if self._template is not None:
            self._template.close()
        self._template = None

    @contextlib.contextmanager
    def visit(self, archive: bytes, *, name: str, until: float) -> Iterator[Visit]:
        """A submission's stay: its files (a tar archive) in a folder called `name`, until a moment at most."""
        if self._template is None or not self._template.is_alive():
            self.start()
        assert self._template is not None
        with contextlib.ExitStack() as stack:
            folder = f"{HOME}/{name}"
            if self.walls == NONE:
                folder = str(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unsafe-")), name))
            channel, command = self._template.order(archive, {"folder": folder, "limits": self.limits.as_data()})
            visit = Visit(channel, command, limits=self.limits, until=until)
            try:
                yield visit
            finally:
                if not visit.end() or self._template.walls == SHARED:
                    self.close()


class _Template:
    """A running template."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._control, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the template
        self._hello: dict[str, Any] = {}
        with theirs:
            settings = json.dumps(_settings(sandbox, theirs.fileno()))
            command = [sys.executable, "-P", "-m", "crmsim.course.sandbox.template", settings]
            how: dict[str, Any] = {
                "pass_fds": [theirs.fileno()], "stdin": subprocess.DEVNULL, "stdout": self._log,
                "stderr": self._log, "start_new_session": True,
            }
            if sandbox.walls == NONE:
                self._process = subprocess.Popen(command, env=_open_environment(), **how)  # noqa: S603 - our own
            else:
                paths = [path for path, _ in sandbox.caches]
                self._process = bubblewrap.start(
                    command, place=sandbox.place, hide=sandbox.hide, caches=paths, **how
                )

    @property
    def walls(self) -> str:
        """What it found possible, once it is ready."""
        if not self._hello:
            self._control.settimeout(START_SECONDS)
            with contextlib.suppress(OSError, ValueError):
                self._hello = json.loads(self._control.recv(1 << 12))
        if not self._hello:
            raise RuntimeError(f"The sandbox did not start. It said: {self._said() or 'nothing'}")
        return str(self._hello["walls"])

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def order(self, archive: bytes, order: dict[str, Any]) -> tuple[socket.socket, socket.socket]:
        """Let it serve a submission; returns the channel for cells and the socket of the supervisor."""
        assert self.walls
        ours, theirs = zip(*(socket.socketpair() for _ in range(2)), strict=True)
        with tempfile.TemporaryFile() as file, theirs[0], theirs[1]:
            file.write(archive)
            file.seek(0)
            descriptors = [theirs[0].fileno(), theirs[1].fileno(), file.fileno()]
            socket.send_fds(self._control, [json.dumps(order).encode()], descriptors)
        return ours

    def close(self) -> None:
        """Kill it, and with it everything it started."""
        self._process.kill()
        self._process.wait()
        self._control.close()
        self._log.close()

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read()[-2000:].decode(errors="replace").strip()


def _settings(sandbox: Sandbox, control: int) -> dict[str, Any]:
    is_open = sandbox.walls == NONE
    caches = [(bubblewrap.seed_path(number), inside) for number, (_, inside) in enumerate(sandbox.caches)]
    return {
        "control": control, "walls": sandbox.walls, "warm": list(sandbox.warm),
        "processor": None if is_open else _processor(sandbox.place), "caches": [] if is_open else caches,
    }


def _processor(place: int) -> int | None:
    """One processor for each place, so that nobody's swarm of processes takes another's time."""
    if not hasattr(os, "sched_getaffinity") or place >= UNBOUND:
        return None
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[place % len(allowed)]


def _open_environment() -> dict[str, str]:
    """The environment of a template without walls: the grader's, with what marking needs."""
    needed = ("PYTHONPATH", "PYTHONHASHSEED", "PYTHONWARNINGS", "NBGRADER_EXECUTION", "MPLBACKEND")
    inside = bubblewrap.environment()
    return {**os.environ, **{name: inside[name] for name in needed}}
