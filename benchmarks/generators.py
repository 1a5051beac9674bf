"""Making up customers of the BG/NBD model: ours beside the generator of the package lifetimes.

Run it with `python benchmarks/generators.py`. Both draw customers with the parameters published for CDNOW (Fader,
Hardie & Lee 2005) and follow each of them for 39 weeks; ours as the scenario `bg_nbd_cdnow`, with every purchase
dated and priced and every week's stage, lifetimes with the three numbers of its summary. They take turns; medians
of the time for one customer are compared. Mean repeat purchases must agree within 4.5 standard errors.
"""

from __future__ import annotations

import time

import numpy as np
from reporting import arguments, spread, table, write

import crmsim as crm
from crmsim.engine import blocks, kernel
from crmsim.engine.kernel import Clock
from crmsim.engine.room import Keep
from crmsim.engine.simulate import PARTITION_SIZE
from crmsim.engine.world import setting_of

WEEKS, LIMIT = 39, 4.5
PARAMETERS = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def ours(customers: int, threads: int) -> np.ndarray:
    """Repeat purchases of each customer; rows and stages are made and let go block by block."""
    world = crm.scenario("bg_nbd_cdnow").replace(customers=customers, periods=WEEKS, seed=7)
    setting = setting_of(world, n_periods=WEEKS)
    clock = Clock(stop=WEEKS, branch=0, past=0, replication=0, n_replications=1, count_from=0)

    def block(number: int) -> np.ndarray:
        roots = np.arange(number * PARTITION_SIZE, min((number + 1) * PARTITION_SIZE, customers), dtype=np.int64)
        lives = blocks.live_families(roots, setting, steps=(), clock=clock, keep=Keep(events=True))
        return np.bincount(lives.rows["customer"] - roots[0], minlength=len(roots)) - 1

    return np.concatenate(list(blocks.in_threads(block, -(-customers // PARTITION_SIZE), threads=threads)))


def theirs(customers: int) -> np.ndarray:
    """Repeat purchases of each customer by lifetimes."""
    from lifetimes.generate_data import beta_geometric_nbd_model

    return beta_geometric_nbd_model(float(WEEKS), size=customers, **PARAMETERS)["frequency"].to_numpy()


def main() -> None:
    """Measure, print, check, write."""
    options = arguments(
        "generators",
        __doc__.splitlines()[0],
        customers=(500_000, "customers of ours"),
        peers=(5_000, "customers of lifetimes"),
        repeats=(5, "turns"),
    )
    np.random.seed(7)  # noqa: NPY002 - lifetimes draws from the global generator
    ways = {
        "crmsim, 2 threads": (options.customers, lambda: ours(options.customers, 2)),
        "crmsim, 1 thread": (options.customers, lambda: ours(options.customers, 1)),
        "lifetimes": (options.peers, lambda: theirs(options.peers)),
    }
    ours(10, 1)  # compile
    assert len(kernel.live.signatures) == 1
    times: dict[str, list[float]] = {name: [] for name in ways}
    found = {}
    for _ in range(options.repeats):
        for name, (_, run) in ways.items():
            begin = time.perf_counter()
            found[name] = run()
            times[name].append(time.perf_counter() - begin)
    each = {name: 1e9 * spread(times[name])["median"] / ways[name][0] for name in ways}
    best = each["crmsim, 2 threads"]
    rows = [[name, f"{ways[name][0]:,}", f"{each[name]:,.0f}", f"{each[name] / best:,.1f}"] for name in ways]
    print(table(["way", "customers", "ns a customer", "times crmsim"], rows))
    mine, other = found["crmsim, 2 threads"], found["lifetimes"]
    z = (mine.mean() - other.mean()) / np.sqrt(mine.var() / len(mine) + other.var() / len(other))
    print(f"\nMean repeat purchases {mine.mean():.4f} and {other.mean():.4f}: {z:.1f} standard errors apart.")
    write(options.out, {"weeks": WEEKS, "ns_per_customer": each, "seconds": times, "z": float(z)})
    if abs(z) > LIMIT:
        raise SystemExit("The two do not make up the same customers; their times must not be compared.")


if __name__ == "__main__":
    main()
