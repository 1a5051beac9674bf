"""Where the compiled simulator is kept: the user's choice, the user's cache, or a folder that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import crmsim as crm
from crmsim.engine import quantiles
from crmsim.engine.caching import VARIABLE

SAY = (
    "from crmsim.engine import kernel; import os;"
    f"print(os.environ['{VARIABLE}'], kernel.live.stats.cache_path, sep='|')"
)


def kept_in(**environment: str) -> tuple[str, str]:
    """The chosen folder and the one that the compiler uses, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in (VARIABLE, *environment)}
    done = subprocess.run(
        [sys.executable, "-c", SAY], capture_output=True, text=True, check=False, env={**kept, **environment}
    )
    assert done.returncode == 0, done.stderr
    chosen, used = done.stdout.strip().split("|")
    return chosen, used


def test_the_users_own_choice_is_left_alone(tmp_path: Path) -> None:
    chosen, used = kept_in(**{VARIABLE: str(tmp_path / "mine")})
    assert chosen == str(tmp_path / "mine")
    assert used.startswith(chosen)


def test_the_users_cache_names_the_version(tmp_path: Path) -> None:
    chosen, used = kept_in(XDG_CACHE_HOME=str(tmp_path), HOME=str(tmp_path))
    assert Path(chosen).is_relative_to(tmp_path)
    assert crm.__version__ in chosen
    assert used.startswith(chosen)


def test_without_a_writable_cache_a_temporary_folder_is_used_and_removed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder can be made below a file")
    home = str(tmp_path / "file" / "below")
    chosen, used = kept_in(XDG_CACHE_HOME=home, HOME=home, TMPDIR=str(tmp_path))
    assert Path(chosen).parent == tmp_path
    assert used.startswith(chosen)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_tables_are_kept_and_a_broken_one_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        return np.full(quantiles.SHAPE, 0.5)

    for _ in range(2):
        assert (quantiles.kept("half", make) == 0.5).all()
    assert len(made) == 1
    (file,) = (tmp_path / "tables").iterdir()
    for broken in (b"", b"no table", file.read_bytes()[:500]):
        file.write_bytes(broken)
        quantiles.kept("half", make)
    np.save(file, np.full(quantiles.SHAPE, np.nan))
    assert (quantiles.kept("half", make) == 0.5).all()
    assert len(made) == 5
    assert [path.name for path in (tmp_path / "tables").iterdir()] == [file.name]


def test_no_more_tables_are_kept_than_a_few_scenarios_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(quantiles, "MOST_KEPT", 3)
    for number in range(5):
        assert (quantiles.kept(f"table-{number}", lambda: np.ones(quantiles.SHAPE)) == 1).all()
    assert len(list((tmp_path / "tables").iterdir())) == 3


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    assert (quantiles.kept("one", lambda: np.ones(quantiles.SHAPE)) == 1).all()
