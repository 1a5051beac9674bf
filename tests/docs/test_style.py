"""The house style that machines can check: ruff for all of the repository, mypy for the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [("ruff", "check", "."), ("mypy", "crmsim")], ids=["ruff", "mypy"])
def test_the_repository_keeps_the_house_style(command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]


@pytest.mark.parametrize(("command", "line"), [
    (("ruff", "check"), "import os\n"), (("mypy", "--strict", "--config-file="), "def f(x): return x\n"),
], ids=["ruff", "mypy"])
def test_these_programs_do_find_something(command: tuple[str, ...], line: str, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(line, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", *command, "bad.py"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1, done.stdout
