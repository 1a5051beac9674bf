"""Memory does not grow with the number of customers when a run is written while it is lived."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FEW, MANY = 15_000, 120_000
LIMIT = 48 * 2**20
"""Bytes by which the peak may grow; the records of the added customers take several times as much."""
PROGRAM = """
import re, resource, sys
from pathlib import Path
import crmsim as crm
shop = crm.scenario("retail").replace(customers={customers}, periods=12, **{{"arrival.first_period_share": 1.0}})
how = dict(format={file_format!r}, part_size=2_500)
{way}
status = Path("/proc/self/status")  # where there is none, the system's own maximum, which counts the parent's on Linux
size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) if status.exists() else size)
"""
STREAMED = "crm.simulate_to(shop, {out!r}, threads=2, **how)"
IN_MEMORY = "crm.save(crm.simulate(shop, threads=2), {out!r}, **how)"


def peak(out: Path, way: str, customers: int, file_format: str) -> int:
    """Largest resident memory of a process that makes this run."""
    program = PROGRAM.format(customers=customers, file_format=file_format, way=way.format(out=str(out)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout) * 1024


@pytest.fixture(scope="module", autouse=True)
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compiling takes memory too, in the process that is the first."""
    peak(tmp_path_factory.mktemp("compiled") / "run", STREAMED, 10, "parquet")


@pytest.mark.parametrize("file_format", ["parquet", "duckdb"])
def test_eight_times_the_customers_need_no_more_memory(tmp_path: Path, file_format: str) -> None:
    few, many = (peak(tmp_path / f"{n}", STREAMED, n, file_format) for n in (FEW, MANY))
    assert many - few < LIMIT


def test_the_limit_would_notice_a_run_that_is_kept_in_memory(tmp_path: Path) -> None:
    few, many = (peak(tmp_path / f"{n}", IN_MEMORY, n, "parquet") for n in (FEW, MANY))
    assert many - few > 1.5 * LIMIT
