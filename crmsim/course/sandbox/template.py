"""The template: a Python that has imported what notebooks need, and forks for every submission.

It runs inside the outer walls, is started by the grader (``python -m crmsim.course.sandbox.template SETTINGS``),
reads orders from one socket, and never runs a student's code. An order is one JSON object with three file
descriptors: the channel for cells and outputs, the socket of the supervisor, and an archive of the files.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from crmsim.course.sandbox import linux
from crmsim.course.sandbox.limits import Limits
from crmsim.course.sandbox.namespaces import furnish, leave_shared_namespaces

ALWAYS = (
    "numpy", "pandas", "pyarrow.parquet", "crmsim.course.casefiles", "crmsim.course.checking",
    "crmsim.course.handing", "crmsim.course.recipes", "matplotlib_inline.backend_inline", "matplotlib.font_manager",
)
"""Imported by every template, where they are installed."""
ORDER_BYTES = 1 << 16


def main(settings: dict[str, Any]) -> None:
    """Warm up, say so, and serve until the grader is gone."""
    control = socket.socket(fileno=settings["control"])
    _take_place(settings.get("processor"))
    for source, target in settings.get("caches", []):
        with contextlib.suppress(OSError):
            shutil.copytree(source, target, dirs_exist_ok=True)
    from crmsim.course.sandbox.shell import make_shell

    shell = make_shell()
    _warm(settings.get("warm", []))
    _simulate_once(settings.get("warm", []))
    walls = settings["walls"]
    if walls == "own" and not _can_have_own_walls():
        walls = "shared"
    if walls == "shared":
        linux.hide_memory()
    gc.collect()
    gc.freeze()
    control.sendall(json.dumps({"walls": walls}).encode())
    _serve(control, shell, walls)


def _take_place(processor: int | None) -> None:
    """Yield to the grader, stay on one processor, and be the first to go when memory runs out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        os.nice(5)
        Path("/proc/self/oom_score_adj").write_text("1000")
        if processor is not None:
            os.sched_setaffinity(0, {processor})


def _warm(wanted: list[str]) -> None:
    """Import modules, and look up names of packages that load lazily (``crmsim:rfm``)."""
    for name in [*ALWAYS, *wanted]:
        module, _, attribute = name.partition(":")
        with contextlib.suppress(Exception):  # what is not there, a notebook will say
            loaded = importlib.import_module(module)
            if attribute:
                getattr(loaded, attribute)


def _simulate_once(wanted: list[str]) -> None:
    """Where a notebook simulates, load the compiled kernel: a submission's own cache is empty, and it would compile."""
    if not {"crmsim:simulate", "crmsim:compare"} & set(wanted):
        return
    with contextlib.suppress(Exception):
        import crmsim

        shop = crmsim.scenario("retail").replace(customers=2, periods=2)
        crmsim.compare(shop, {"nothing": []}, replications=2, threads=1, progress=False)
        crmsim.simulate(shop, threads=1, progress=False)


def _can_have_own_walls() -> bool:
    """Try it, in a copy."""
    tried = os.fork()
    if tried == 0:
        code = 1
        with contextlib.suppress(OSError):
            leave_shared_namespaces()
            first = os.fork()
            if first == 0:
                _try_to_furnish()
            code = os.waitstatus_to_exitcode(os.waitpid(first, 0)[1])
        os._exit(code)
    return os.waitpid(tried, 0)[1] == 0


def _try_to_furnish() -> None:
    try:
        furnish(1)
        linux.give_up_privileges()
        os._exit(0)
    except OSError as error:
        print(f"no walls of one's own: {error}", file=sys.stderr)
        os._exit(1)


def _serve(control: socket.socket, shell: Any, walls: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for supervisors
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, ORDER_BYTES, 3)
        if not order:
            return
        if os.fork() == 0:
            control.close()
            _obey(json.loads(order), descriptors, shell, walls)
        for descriptor in descriptors:
            os.close(descriptor)


def _obey(order: dict[str, Any], descriptors: list[int], shell: Any, walls: str) -> None:
    """In a copy of the template: supervise one submission, then end."""
    from crmsim.course.sandbox.runner import work
    from crmsim.course.sandbox.supervisor import supervise

    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        channel, command = (socket.socket(fileno=descriptor) for descriptor in descriptors[:2])
        limits = Limits(**order["limits"])
        supervise(
            command, channel, lambda: work(shell, channel, descriptors[2], folder=order["folder"], limits=limits),
            limits=limits, walls=walls,
        )
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
