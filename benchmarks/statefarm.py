"""A run at the size of State Farm, 60 million customers, straight to Parquet: seconds, bytes, memory.

Run it with `python benchmarks/statefarm.py`, for a trial with `--customers 1000000`. A process of its own lives the
scenario `insurance` and writes it part by part, with the truth; its peak memory is that of it and its children, looked
at twenty times a second and asked of the system at the end. Starting it, which costs the same whatever the number of
customers, is measured beside. Then one part is taken to pieces in this process: living
it, making Arrow tables of the kernel's records, and packing them as Parquet, beside what pyarrow alone takes to
write the same tables with its own settings. Nanoseconds per row are of one thread.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from reporting import arguments, table, write

import crmsim as crm
from crmsim.engine.arrow import parquet_of
from crmsim.engine.blocks import compile_once
from crmsim.engine.parts import Layout, makers_of
from crmsim.engine.policy import Plan
from crmsim.engine.simulate import PARTITION_SIZE
from crmsim.engine.streaming import Job, live_part

FULL = 60_000_000
SIZES = ("customers", "periods", "threads")


def run_to_disk(sizes: dict[str, int], out: Path) -> dict[str, Any]:
    """Simulate in a process of its own; what it took, and what it left."""
    words = [f"--{name}={value}" for name, value in sizes.items()]
    command = [sys.executable, "-m", "crmsim.cli", "simulate", "insurance", *words, "--out", str(out)]
    begin, peak = time.perf_counter(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, memory_of(process.pid))
        time.sleep(0.05)
    seconds = time.perf_counter() - begin
    if process.returncode:
        raise SystemExit(f"The run has failed with exit code {process.returncode}.")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    n_rows, n_bytes = sum(manifest["rows"].values()), sum(file["bytes"] for file in manifest["files"].values())
    found = {"seconds": seconds, "rows": n_rows, "bytes": n_bytes, "rows_of": manifest["rows"]}
    return {**found, "peak_bytes": max(peak, largest_child()), "ns_per_row": 1e9 * seconds / max(n_rows, 1)}


def memory_of(pid: int) -> int:
    """Resident memory of a process and its children."""
    total = 0
    try:
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def largest_child() -> int:
    """The largest memory that the finished process ever had, where the system says so."""
    if os.name == "nt":
        return 0
    import resource

    size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def taken_to_pieces(customers: int, periods: int) -> dict[str, Any]:
    """One part: seconds of living it, and of every table's making and writing."""
    shop = crm.scenario("insurance").replace(customers=customers, periods=periods)
    job = Job(shop, Plan(), 0, Layout(), PARTITION_SIZE)
    compile_once(job.setting)
    living, lives = timed(lambda: live_part(job, 0, threads=1))
    found: dict[str, Any] = {"seconds_living": living, "tables": {}}
    for name, make in makers_of(shop, job.plan, lives, starts=job.starts, truth=True).items():
        making, content = timed(make)
        packing, packed = timed(lambda content=content: parquet_of(content))
        alone, own = timed(lambda content=content: by_pyarrow(content))
        found["tables"][name] = {
            "rows": content.num_rows,
            **{"making": making, "packing": packing, "pyarrow_alone": alone},
            **{"bytes": len(packed), "bytes_by_pyarrow": len(own)},
        }
    return found


def by_pyarrow(content: pa.Table) -> pa.Buffer:
    """The same table as pyarrow writes it when it is told nothing."""
    sink = pa.BufferOutputStream()
    pq.write_table(content, sink)
    return sink.getvalue()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Least seconds of three, and the result."""
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), result


def lines(tables: dict[str, dict[str, Any]]) -> list[list[str]]:
    """The printed table of one part."""
    rows = []
    total = {key: sum(found[key] for found in tables.values()) for key in next(iter(tables.values()))}
    for name, found in [*tables.items(), ("all tables", total)]:
        n = max(found["rows"], 1)
        times = [f"{1e9 * found[key] / n:,.0f}" for key in ("making", "packing", "pyarrow_alone")]
        sizes = [f"{found[key] / n:.1f}" for key in ("bytes", "bytes_by_pyarrow")]
        rows.append([name, f"{found['rows']:,}", *times, *sizes])
    return rows


HEAD = ["table of one part", "rows", "making ns", "packing ns", "pyarrow alone ns", "bytes/row", "by pyarrow"]


def main() -> None:
    """Measure, print, write."""
    options = arguments(
        "statefarm",
        __doc__.splitlines()[0],
        customers=(FULL, "customers"),
        periods=(12, "months"),
        threads=(2, "threads"),
    )
    with tempfile.TemporaryDirectory(dir=os.environ.get("CRMSIM_BENCHMARK_FOLDER")) as folder:
        sizes = {name: getattr(options, name) for name in SIZES}
        run_to_disk({**sizes, "customers": 10}, Path(folder) / "compiled")
        start = run_to_disk({**sizes, "customers": 10}, Path(folder) / "start")["seconds"]
        found = run_to_disk(sizes, Path(folder) / "run") | {"seconds_to_start": start}
    found["pieces"] = taken_to_pieces(min(options.customers, Layout().part_size), options.periods)
    found["seconds_at_full_size"] = start + (found["seconds"] - start) * FULL / options.customers
    print(f"insurance, {options.customers:,} customers, {options.periods} months, {options.threads} threads, Parquet:")
    print(f"  {found['seconds']:,.1f} s, of them {start:,.1f} s to start; ", end="")
    print(f"{found['rows']:,} rows, {found['bytes'] / 1e6:,.1f} MB, ", end="")
    print(f"{found['ns_per_row']:,.0f} ns a row, peak memory {found['peak_bytes'] / 2**20:,.0f} MiB")
    if options.customers != FULL:
        print(f"  {FULL:,} customers at this rate: {found['seconds_at_full_size'] / 60:,.1f} minutes", end="")
        print(f", {found['bytes'] / options.customers * FULL / 1e9:,.1f} GB")
    print(f"  one part: {found['pieces']['seconds_living']:.2f} s living\n")
    print(table(HEAD, lines(found["pieces"]["tables"])))
    write(options.out, {**sizes, **found})


if __name__ == "__main__":
    main()
