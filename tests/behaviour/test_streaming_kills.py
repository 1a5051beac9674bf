"""A run that is killed again and again, at random moments, ends with the bytes of one that nobody disturbed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

N_KILLS = 20


@pytest.mark.parametrize("seed", [1])
def test_killed_runs_end_with_the_same_bytes(tmp_path: Path, seed: int) -> None:
    words = [sys.executable, str(Path(__file__).with_name("killing.py")), str(tmp_path), str(N_KILLS), str(seed)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    killed = found.pop("killed", 0) + found.pop("killed after a resumption")
    assert killed >= N_KILLS
    assert found.pop("complete") >= 3
    assert found.pop("files") > 100
    assert found == {"left beside": 0}, done.stderr
