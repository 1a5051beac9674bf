"""Kill runs at random moments and resume them, until so many were killed: `python killing.py FOLDER KILLS SEED`.

One process loads and compiles everything once; each attempt is a fork of it, which starts in milliseconds. A kill is
SIGKILL: nothing in the attempt can tidy up. Attempts of a round go on with one unfinished run until it is complete.
What was found is printed as JSON.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet  # noqa: F401 - loaded before the forks
from streams import sums

import crmsim as crm
from crmsim.engine.blocks import compile_once
from crmsim.engine.world import setting_of

SHOP = crm.scenario("retail").replace(customers=600, periods=6, seed=7)
LAYOUTS: list[dict[str, Any]] = [{"format": "parquet"}, {"format": "csv"}, {"format": "duckdb"}]


def attempt(out: Path, **how: Any) -> int:
    """Start a run in a fork; its process id."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            crm.simulate_to(SHOP, out, part_size=30, threads=2, progress=False, **how)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def finishes(child: int, within: float) -> bool | None:
    """Whether it ends well within so many seconds; None: it had to be killed."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def leftover(out: Path) -> bool:
    """Whether an attempt came so far that there is something to go on with."""
    places = (out.parent / f".{out.name}.crmsim-unfinished", out / ".crmsim-unfinished")
    return any((place / "run.json").is_file() for place in places)


def round_of(
    out: Path, how: dict[str, Any], wanted: dict[str, str], seconds: float, luck: random.Random,
) -> Iterator[str]:
    """Attempts until the run is complete; what came of each."""
    while True:
        resumed = leftover(out)
        ended = finishes(attempt(out, resume=resumed, **how), luck.uniform(0, seconds))
        is_there = sums(out)
        if (out / "manifest.json").exists() and is_there != wanted:
            tell(f"Resumed: {resumed}, ended well: {ended}, {how}.", is_there, wanted)
            yield "a manifest stands beside something that is not complete"
        if ended is None:
            yield "killed after a resumption" if resumed else "killed"
        else:
            yield "complete" if ended and is_there == wanted else "failed"
            return


def tell(what: str, found: dict[str, str], wanted: dict[str, str]) -> None:
    """Say which files are missing, too many, or different."""
    print(what, sorted(name for name, _ in found.items() ^ wanted.items()), file=sys.stderr)


def main() -> None:
    """Measure how long a run takes undisturbed, then disturb it."""
    folder, n_kills, luck = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    compile_once(setting_of(SHOP, n_periods=SHOP.periods))
    wanted, seconds = [], []
    for number, how in enumerate(LAYOUTS):
        begin = time.monotonic()
        assert finishes(attempt(folder / f"whole-{number}", **how), 60.0)
        seconds.append(time.monotonic() - begin)
        wanted.append(sums(folder / f"whole-{number}"))
    found: dict[str, int] = {}
    for number in itertools.count():
        kind, out = number % len(LAYOUTS), folder / "run"
        if number % 2:
            out.mkdir()
        for what in round_of(out, LAYOUTS[kind], wanted[kind], seconds[kind], luck):
            found[what] = found.get(what, 0) + 1
        shutil.rmtree(out)
        if number >= 2 and sum(n for what, n in found.items() if what.startswith("killed")) >= n_kills:
            break
    found["files"] = sum(len(files) for files in wanted)
    found["left beside"] = len(list(folder.iterdir())) - len(LAYOUTS)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
