"""A run that is killed again and again, at random moments, ends with the bytes of one that nobody disturbed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import killing
import pytest

N_KILLS = 20


@pytest.mark.parametrize("seed", [1])
def test_killed_runs_end_with_the_same_bytes(tmp_path: Path, seed: int) -> None:
    words = [sys.executable, killing.__file__, str(tmp_path), str(N_KILLS), str(seed)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    killed = found.pop("killed", 0) + found.pop("killed after a resumption")
    complete, n_files = found.pop("complete"), found.pop("files")
    assert found == {"left beside": 0}, done.stderr
    assert (killed >= N_KILLS, complete >= 3, n_files > 100) == (True, True, True)
