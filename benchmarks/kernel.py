"""Customer-months per second of the compiled kernel, beside the same firm by other means.

Run it with `python benchmarks/kernel.py`. All ways live the same firm (scenario `retail` without contacts,
satisfaction and word of mouth, 36 months) with rows in memory, each with as many customers as suit it. They take
turns, so that a busy moment of the machine hits all of them; medians are compared. A *nominal* customer-month is
customers x periods, whether or not the customer has arrived or already left; a *lived* one lies between arrival and
churn, and only then is there work to do, so ratios are of lived months. Beside the time on the clock stands the
processor time (of all threads together), which a busy machine disturbs less. Afterwards each way's mean purchases,
revenue, profit, months and churn are compared with ours in standard errors: all have done the same work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import ours
import peers
from firm import Firm, Outcome, firm_of
from reporting import arguments, spread, table, write

import crmsim as crm
from crmsim.settings.scenario import Scenario

LIMIT = 4.5
"""Standard errors by which a mean may differ; with 25 means, once in six thousand times by chance."""


@dataclass
class Way:
    """A way of simulating: how it is started, and what has been measured of it."""

    name: str
    customers: int
    start: Callable[[], Any]
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    outcome: Outcome | None = None

    def take_turn(self) -> None:
        """Run once, timed; what comes back is only made into arrays afterwards."""
        begin, begin_cpu = time.perf_counter(), time.process_time()
        found = self.start()
        self.seconds.append(time.perf_counter() - begin)
        self.cpu_seconds.append(time.process_time() - begin_cpu)
        if self.outcome is None and callable(found):
            self.outcome = found()


def ways_of(shop: Scenario, firm: Firm, known: Outcome, sizes: dict[str, int]) -> list[Way]:
    """All ways, each with its own number of customers."""
    n = shop.customers
    return [
        Way("floor, 1 thread", n, lambda: ours.floor(shop, known, threads=1)),
        Way("floor, 2 threads", n, lambda: ours.floor(shop, known, threads=2)),
        Way("crmsim kernel, 1 thread", n, lambda: ours.engine(shop, threads=1)),
        Way("crmsim kernel, 2 threads", n, lambda: ours.engine(shop, threads=2)),
        Way("crm.simulate with tables, 2 threads", n, lambda: not crm.simulate(shop, threads=2)),
        Way("NumPy, month by month", sizes["numpy"], lambda: peers.numpy_months(firm, sizes["numpy"], 1)),
        Way("plain Python", sizes["python"], lambda: peers.plain_python(firm, sizes["python"], 2)),
        Way("SimPy", sizes["simpy"], lambda: peers.simpy_processes(firm, sizes["simpy"], 3)),
        Way("Mesa", sizes["mesa"], lambda: peers.mesa_agents(firm, sizes["mesa"], 4)),
    ]


def disagreements(one: Outcome, two: Outcome) -> dict[str, float]:
    """Difference of the means over customers, in standard errors."""
    mine, other = one.per_customer(), two.per_customer()
    z = {}
    for name in mine:
        se = np.sqrt(mine[name].var() / len(mine[name]) + other[name].var() / len(other[name]))
        z[name] = float((other[name].mean() - mine[name].mean()) / se)
    return z


def measured(way: Way, known: Outcome) -> dict[str, Any]:
    """The numbers of one way; without an outcome of its own it has lived ours."""
    outcome = way.outcome or known
    median = spread(way.seconds)["median"]
    lived, purchases = int(outcome.months.sum()), len(outcome.rows["customer"])
    return {
        "customers": way.customers,
        "lived_months": lived,
        "purchases": purchases,
        "seconds": spread(way.seconds),
        "cpu_seconds": spread(way.cpu_seconds),
        "lived_months_per_second": lived / median,
        "ns_per_lived_month": 1e9 * median / lived,
        "ns_per_purchase": 1e9 * median / purchases,
        "cpu_ns_per_lived_month": 1e9 * spread(way.cpu_seconds)["median"] / lived,
    }


def lines(results: dict[str, dict[str, Any]], periods: int) -> list[list[str]]:
    """The printed table."""
    best = results["crmsim kernel, 2 threads"]
    rows = []
    for name, found in results.items():
        nominal = found["customers"] * periods / found["seconds"]["median"]
        found["nominal_months_per_second"] = nominal
        found["times_crmsim"] = found["ns_per_lived_month"] / best["ns_per_lived_month"]
        numbers = [f"{found['customers']:,}", f"{found['seconds']['median']:.3f}"]
        numbers += [f"{value / 1e6:,.3f}" for value in (nominal, found["lived_months_per_second"])]
        numbers += [f"{found[key]:,.0f}" for key in ("ns_per_lived_month", "cpu_ns_per_lived_month")]
        rows.append([name, *numbers, f"{found['times_crmsim']:,.2f}"])
    return rows


HEAD = ["way", "customers", "seconds", "nominal M/s", "lived M/s", "ns/lived month", "CPU ns/lived", "times crmsim"]


def main() -> None:
    """Measure, print, check, write."""
    options = arguments(
        "kernel",
        __doc__.splitlines()[0],
        customers=(200_000, "customers of the compiled ways"),
        numpy=(50_000, "customers of NumPy"),
        python=(4_000, "customers of plain Python"),
        simpy=(4_000, "customers of SimPy"),
        mesa=(4_000, "customers of Mesa"),
        repeats=(5, "turns"),
    )
    shop = crm.scenario("retail").replace(customers=options.customers, periods=36, seed=7, **ours.ONLY_PURCHASES)
    known = ours.engine(shop, threads=1)()
    ours.floor(shop.replace(customers=10), known, threads=1)  # compile
    ways = ways_of(shop, firm_of(shop), known, vars(options))
    for turn in range(options.repeats):
        for way in ways if turn % 2 == 0 else reversed(ways):
            way.take_turn()
    results = {way.name: measured(way, known) for way in ways}
    print(table(HEAD, lines(results, shop.periods)))
    checks = {way.name: disagreements(known, way.outcome) for way in ways if way.outcome is not None}
    worst = max(abs(z) for found in checks.values() for z in found.values())
    print(f"\nMeans of all ways agree with ours: largest difference {worst:.1f} standard errors (limit {LIMIT}).")
    write(options.out, {"periods": shop.periods, "ways": results, "checks": checks})
    if worst > LIMIT:
        raise SystemExit("The ways do not do the same work; their times must not be compared.")


if __name__ == "__main__":
    main()
