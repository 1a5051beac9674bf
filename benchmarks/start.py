"""How long a person waits before anything happens: the import, the first run, the demo.

Run it with `python benchmarks/start.py`. Every time is that of a fresh process, less nothing. *Cold* starts with an
empty folder for compiled code, as after the installation; *warm* finds it filled. The demo writes into a temporary
folder; beside it stands the loading of the libraries that it needs, because machines differ.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from reporting import arguments, spread, table, write

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import numba, pandas, pyarrow.parquet, duckdb, pydantic, ruamel.yaml, typer, rich, matplotlib.figure"
"""What the demo loads before it has done anything."""
COLD_STARTS = 3
FIRST_RUN = "import crmsim as crm; crm.simulate(crm.scenario('retail').replace(customers=2000))"


def seconds(command: list[str], *, cache: Path, folder: Path) -> float:
    """The time of a fresh process."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    # As installed: Python keeps what it has read of a module, whatever this shell says.
    setting = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], env=setting, cwd=folder, capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - begin
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return taken


def demo(folder: Path, number: int) -> list[str]:
    """The command of the demo, writing into a folder of its own."""
    return ["-m", "crmsim.cli", "demo", "--out", str(folder / f"demo-{number}")]


def measure(repeats: int) -> dict[str, Any]:
    """All times, warm ones interleaved."""
    times: dict[str, list[float]] = {}
    has_demo = importlib.util.find_spec("crmsim.cli") is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def take(what: str, command: list[str], cache: str) -> None:
            times.setdefault(what, []).append(seconds(command, cache=folder / cache, folder=folder))

        for turn in range(repeats):
            take("Python alone", ["-c", "pass"], "warm")
            take("import crmsim", ["-c", "import crmsim"], "warm")
            take("import numpy, pandas", ["-c", "import numpy, pandas"], "warm")
            take("first run, warm" if turn else "first run, cold", ["-c", FIRST_RUN], "warm")
            if has_demo:
                take("libraries of the demo", ["-c", LIBRARIES], "warm")
                take("crmsim demo, warm", demo(folder, turn), "warm")
        for turn in range(COLD_STARTS if has_demo else 0):
            take("crmsim demo, cold", demo(folder, repeats + turn), f"cold-{turn}")
    return {what: spread(found) for what, found in times.items()}


def main() -> None:
    """Measure, print, write."""
    options = arguments("start", __doc__.splitlines()[0], repeats=(7, "processes of each kind"))
    found = measure(max(options.repeats, 2))
    found["import crmsim, above Python alone"] = {
        "median": found["import crmsim"]["median"] - found["Python alone"]["median"]
    }
    if "crmsim demo, warm" in found:
        ratio = found["crmsim demo, warm"]["median"] / found["libraries of the demo"]["median"]
        found["crmsim demo, warm, beside loading its libraries (times)"] = {"median": ratio}
    print(table(["what", "seconds (median)"], [[what, f"{times['median']:.3f}"] for what, times in found.items()]))
    write(options.out, {"seconds": found})


if __name__ == "__main__":
    main()
