"""The kernel with all phenomena of `retail`: beside its floor and its peers, at growing sizes, and for true values.

Run it with `python benchmarks/phenomena.py`. Rows, contacts, answers and stages are kept in memory. The floor (see
`bare`) draws the same random numbers and writes the same bytes; the peers are the same shop as Python objects (see
`shop`) and as NumPy arrays (see `shop_numpy`). A *nominal* customer-month is customers x periods, a *lived* one lies
between arrival and churn: only then is there work to do. Ways take turns; medians are compared. Means over families
must agree within 4.5 standard errors: all have done the same. Growing sizes are lived and let go block by block, so
that memory does not decide.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import bare
import numpy as np
import shop_numpy
import shop_peers
from reporting import arguments, spread, table, write

import crmsim as crm
from crmsim.engine import blocks
from crmsim.engine.blocks import Block
from crmsim.engine.kernel import Clock
from crmsim.engine.room import Keep
from crmsim.engine.simulate import PARTITION_SIZE
from crmsim.engine.world import Setting, setting_of
from crmsim.settings.scenario import Scenario

PERIODS, LIMIT = 36, 4.5


def lived(setting: Setting, customers: int, *, threads: int, keep: Callable[[Block], Any]) -> list[Any]:
    """All customers through the kernel; what `keep` takes of each block."""
    clock = Clock(stop=PERIODS, branch=0, past=0, replication=0, n_replications=1, count_from=0)

    def block(number: int) -> Any:
        first = number * PARTITION_SIZE
        roots = np.arange(first, min(first + PARTITION_SIZE, customers), dtype=np.int64)
        return keep(blocks.live_families(roots, setting, steps=(), clock=clock, keep=Keep(events=True)))

    return list(blocks.in_threads(block, -(-customers // PARTITION_SIZE), threads=threads))


def seconds(run: Callable[[], Any]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def beside_the_floor(setting: Setting, customers: int, repeats: int, final: int) -> dict[str, Any]:
    """Kernel and floor in turns, with one thread and with two."""
    known = lived(setting, customers, threads=1, keep=lambda block: bare.counts_of(block, final))
    bare.floor(setting, known[:1], PERIODS, threads=1)  # compile
    ways: dict[str, Callable[[], Any]] = {
        f"{name}, {threads} thread{'s' * (threads > 1)}": way
        for threads in (1, 2)
        for name, way in (
            ("floor", lambda threads=threads: bare.floor(setting, known, PERIODS, threads=threads)),
            ("kernel", lambda threads=threads: lived(setting, customers, threads=threads, keep=lambda block: block)),
        )
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(repeats):
        for name in list(ways) if turn % 2 == 0 else reversed(list(ways)):
            times[name].append(seconds(ways[name]))
    found = {name: {"seconds": spread(taken)} for name, taken in times.items()}
    for name, numbers in found.items():
        median = numbers["seconds"]["median"]
        floor = found[name.replace("kernel", "floor")]["seconds"]["median"]
        numbers |= {"nominal_months_per_second": customers * PERIODS / median, "times_floor": median / floor}
    rows = []
    for name, n in found.items():
        speed = n["nominal_months_per_second"] / 1e6
        rows.append([name, f"{n['seconds']['median']:.3f}", f"{speed:.1f}", f"{n['times_floor']:.2f}"])
    print(table([f"{customers:,} customers, {PERIODS} months", "seconds", "nominal M/s", "times floor"], rows), "\n")
    return found


def beside_peers(shop: Scenario, customers: int, few: int, repeats: int) -> dict[str, Any]:
    """The kernel and the same shop by other means, in turns."""
    setting, final = setting_of(shop, n_periods=PERIODS), list(shop.stages).index("churn")
    small = shop.replace(customers=few)
    whole = shop_peers.totals_of(lived(setting, customers, threads=1, keep=lambda block: block), customers, final)
    ways: dict[str, Callable[[], Any]] = {
        "crmsim kernel, 2 threads": lambda: lived(setting, customers, threads=2, keep=lambda block: block),
        "NumPy, month by month": lambda: shop_numpy.numpy_months(shop.replace(customers=customers), 5),
        "plain Python": lambda: shop_peers.plain_python(small, 2),
        "SimPy": lambda: shop_peers.simpy_processes(small, 3),
        "Mesa": lambda: shop_peers.mesa_agents(small, 4),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    brought: dict[str, Any] = {}
    for _ in range(repeats):
        for name, run in ways.items():
            begin = time.perf_counter()
            brought[name] = run()
            times[name].append(time.perf_counter() - begin)
    brought["crmsim kernel, 2 threads"] = whole
    each = {name: 1e9 * spread(times[name])["median"] / brought[name]["months"].sum() for name in ways}
    best = each["crmsim kernel, 2 threads"]
    rows, checks = [], {}
    for name, ns in each.items():
        checks[name] = shop_peers.furthest(whole, brought[name])
        z = f"{checks[name][0]:.1f} ({checks[name][1]})" if name in list(ways)[1:] else ""
        rows.append([name, f"{len(brought[name]['months']):,}", f"{ns:,.0f}", f"{ns / best:,.1f}", z])
    print(table(["way", "customers", "ns/lived month", "times crmsim", "largest difference in SE"], rows), "\n")
    if max(z for z, _ in checks.values()) > LIMIT:
        raise SystemExit("The ways do not do the same work; their times must not be compared.")
    return {"ns_per_lived_month": each, "seconds": times, "checks": checks}


def linear(setting: Setting, largest: int) -> dict[int, float]:
    """Nanoseconds for each nominal customer-month at growing sizes, 2 threads."""
    cost = {}
    for customers in (10**power for power in range(4, 9) if 10**power <= largest):
        rounds = [
            seconds(lambda n=customers: lived(setting, n, threads=2, keep=lambda block: len(block.rows)))
            for _ in range(max(1, min(5, 10**6 // customers)))
        ]
        cost[customers] = 1e9 * spread(rounds)["median"] / (customers * PERIODS)
    print(table(["customers", "ns a customer-month"], [[f"{n:,}", f"{ns:.1f}"] for n, ns in cost.items()]), "\n")
    return cost


def true_values(customers: int, repeats: int) -> dict[str, Any]:
    """The true value of customers by 200 futures of 60 months."""
    run = crm.simulate(crm.scenario("retail").replace(customers=customers, periods=PERIODS, seed=7))
    taken = spread([seconds(lambda: run.truth.clv(at=PERIODS, horizon=60, replications=200)) for _ in range(repeats)])
    print(f"True value of {customers:,} customers, 200 futures of 60 months: {taken['median']:.1f} s")
    return taken


def main() -> None:
    """Measure, print, write."""
    options = arguments(
        "phenomena",
        __doc__.splitlines()[0],
        customers=(200_000, "customers beside the floor"),
        largest=(10_000_000, "customers of the largest size"),
        valued=(10_000, "customers whose true value is computed"),
        few=(2_000, "customers of the peers"),
        repeats=(5, "turns"),
    )
    shop = crm.scenario("retail").replace(periods=PERIODS, seed=7)
    setting = setting_of(shop, n_periods=PERIODS)
    beside = beside_the_floor(setting, options.customers, options.repeats, list(shop.stages).index("churn"))
    peers = beside_peers(shop, options.customers, options.few, options.repeats)
    cost, values = linear(setting, options.largest), true_values(options.valued, min(3, options.repeats))
    found = {"beside_the_floor": beside, "beside_peers": peers, "ns_by_customers": cost, "true_values": values}
    write(options.out, {"periods": PERIODS, **found})


if __name__ == "__main__":
    main()
