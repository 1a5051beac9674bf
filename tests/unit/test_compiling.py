"""What is known of the kernel's compilation, and the process that helps with it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

import crmsim as crm
from crmsim.cli import running
from crmsim.cli.commands import app
from crmsim.engine import caching, kernel
from crmsim.engine.caching import compiled_before, mark_compiled
from crmsim.engine.compiling import compiled_beside, types_of

SAYS = "Compiling once"
COUNTED = """
import json
from numba.core.dispatcher import Dispatcher
import crmsim as crm
from crmsim.engine import compiling, kernel

def compiled():
    return {name: len(one.overloads) for name, one in vars(kernel).items() if isinstance(one, Dispatcher)}

compiling.compile_parts()
before = compiled()
crm.simulate(crm.scenario("retail").replace(customers=5, periods=2))
print(json.dumps([before, compiled()]))
"""


def test_the_helper_compiles_all_that_is_needed_and_nothing_else(tmp_path: Path) -> None:
    """A function for other types would be a compilation that nobody would ever use."""
    done = subprocess.run(
        [sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
    )  # fmt: skip
    before, after = json.loads(done.stdout)
    assert after == dict.fromkeys(before, 1)
    assert before == {**after, "live": 0}


def test_the_types_are_those_that_the_kernel_uses() -> None:
    crm.simulate(crm.scenario("retail").replace(customers=5, periods=2))
    assert list(kernel.draw_traits.overloads) == [types_of("draw_traits")]


def test_it_is_known_that_the_kernel_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.simulate(crm.scenario("retail").replace(customers=5, periods=2))
    assert compiled_before()
    monkeypatch.setattr(caching, "choose_cache", lambda: str(tmp_path))
    source = tmp_path / "kernel.py"
    source.write_bytes(Path(kernel.__file__).read_bytes())
    monkeypatch.setattr(caching, "KERNEL", source)
    assert not compiled_before(), "the compiler keeps what it makes by folder"
    mark_compiled()
    assert compiled_before()
    source.write_bytes(source.read_bytes() + b"# changed\n")
    assert not compiled_before(), "the compiler would work again"
    mark_compiled()
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "0.0")
    assert not compiled_before(), "another compiler would work again"


def test_a_mark_that_cannot_be_left_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "_mark", lambda: tmp_path / "nowhere" / "mark")
    mark_compiled()
    assert not compiled_before()


@pytest.mark.parametrize("before", [True, False])
def test_the_user_is_told_when_it_takes_long(before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helped = []

    @contextmanager
    def beside() -> Iterator[None]:
        helped.append(True)
        yield

    monkeypatch.setattr(running, "compiled_before", lambda: before)
    monkeypatch.setattr(running, "compiled_beside", beside)
    done = CliRunner().invoke(app, ["simulate", "retail", "--customers", "5", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (SAYS in done.stderr) is not before
    assert len(helped) == int(not before)


def test_the_helper_ends_with_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    popen = subprocess.Popen

    def noted(command: list[str], **how: int) -> subprocess.Popen[bytes]:
        started.append(popen(command, **how))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    with compiled_beside():
        assert started[0].poll() is None
    assert started[0].poll() is not None


def test_without_a_second_process_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    reached = []
    with compiled_beside():
        reached.append(True)
    assert reached
