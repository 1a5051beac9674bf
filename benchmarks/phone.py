"""Calls of a script: how long a thousand simulated callees take.

Run it with `python benchmarks/phone.py`. Customers of the retailer after a year answer the shipped baseline, 15 lines
of an agent and 8 ends; dialogue acts are found once per line. Reported are the first time, with the reading of all
tables, and the median of the others, beside what every call is made of.
"""

from __future__ import annotations

import time
from pathlib import Path

from reporting import arguments, spread, table, write

import crmsim as crm
from crmsim.phone.prepared import acts_in

TARGET_SECONDS = 2.0


def main() -> None:
    """Measure, print, write."""
    options = arguments(
        "phone", __doc__.splitlines()[0], calls=(1_000, "callees who are dialled"), repeats=(7, "turns")
    )
    run = crm.simulate(crm.scenario("retail").replace(customers=max(4 * options.calls, 1_000), periods=12, seed=7))
    people = crm.phone.callees(run, seed=1).head(options.calls)
    script = crm.phone.load(Path(crm.__file__).parent / "phone" / "baseline.yaml")
    times = []
    for turn in range(options.repeats + 1):
        acts_in.cache_clear()
        begin = time.perf_counter()
        calls = crm.phone.call(script, people, seed=turn, n_dials=20)
        times.append(time.perf_counter() - begin)
    later = spread(times[1:])
    answered, lines = int(calls.results["answered"].sum()), len(calls.steps)
    rows = [
        ["the first time", f"{len(people):,}", f"{times[0]:.3f}", f"{1e6 * times[0] / len(people):,.0f}"],
        ["median of the others", f"{len(people):,}", f"{later['median']:.3f}",
         f"{1e6 * later['median'] / len(people):,.0f}"],
    ]  # fmt: skip
    print(table(["calls of 15 nodes", "callees", "seconds", "microseconds a call"], rows))
    print(f"\n{answered:,} answered, {lines:,} lines of the agent heard; the target is {TARGET_SECONDS:g} s for 1,000.")
    found = {"calls": len(people), "answered": answered, "lines": lines, "first": times[0], "seconds": later}
    write(options.out, found)


if __name__ == "__main__":
    main()
