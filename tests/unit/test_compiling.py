"""What is known of the kernel's compilation, and the process that helps with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba
import pytest
from typer.testing import CliRunner

import crmsim as crm
from crmsim.cli.commands import app
from crmsim.engine import compiling, kernel
from crmsim.engine.compiling import compile_traits, compiled_before, mark_compiled, traits_compiled_beside

SAYS = "Compiling once"


def test_the_helper_compiles_for_the_same_arrays() -> None:
    """Another kind of array would be a second compilation, which nobody would ever use."""
    crm.simulate(crm.scenario("retail").replace(customers=5, periods=2))
    compile_traits()
    assert len(kernel.draw_traits.signatures) == 1


def test_it_is_known_that_the_kernel_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.simulate(crm.scenario("retail").replace(customers=5, periods=2))
    mark_compiled()
    assert compiled_before()
    changed = tmp_path / "kernel.py"
    changed.write_bytes(Path(kernel.__file__).read_bytes() + b"# changed\n")
    with monkeypatch.context() as patch:
        patch.setattr(kernel, "__file__", str(changed))
        assert not compiled_before(), "the compiler would work again"
    monkeypatch.setattr(numba, "__version__", "0.0")
    assert not compiled_before(), "another compiler would work again"


def test_a_mark_that_cannot_be_left_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_mark", lambda: tmp_path / "nowhere" / "mark")
    mark_compiled()
    assert not compiled_before()


@pytest.mark.parametrize("before", [True, False])
def test_the_user_is_told_when_it_takes_long(before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helped = []

    @contextmanager
    def beside() -> Iterator[None]:
        helped.append(True)
        yield

    monkeypatch.setattr(compiling, "compiled_before", lambda: before)
    monkeypatch.setattr(compiling, "traits_compiled_beside", beside)
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
    with traits_compiled_beside():
        assert started[0].poll() is None
    assert started[0].poll() is not None


def test_without_a_second_process_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    reached = []
    with traits_compiled_beside():
        reached.append(True)
    assert reached
