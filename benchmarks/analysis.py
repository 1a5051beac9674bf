"""How long the analyses of the course take on ten million purchases, and a model on a million customers.

Run it with `python benchmarks/analysis.py`. A firm is simulated (scenario `retail` without contacts, satisfaction and
word of mouth, 36 months) with about ten purchases per customer. RFM, ABC, cohorts and stage transitions are timed on
its tables, in the order in which the simulator gives them; the purchases shuffled are timed besides, because real
tables come in any order. The BG/NBD model is fitted to CDNOW and to the simulated firm's customers. Medians over
turns; reading the tables off the run is not counted. Limits that are missed are said so, and end the program with
code 1.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from reporting import arguments, spread, table, write

import crmsim as crm
from crmsim import lifecycle
from crmsim.value import BGNBD, summary

ONLY_PURCHASES = dict.fromkeys(["affinity", "service", "satisfaction", "surveys", "word_of_mouth"])
"""Left out of the scenario."""
LIMITS = {"all four together": 5.0, "BG/NBD fit, CDNOW": 1.0, "BG/NBD fit, firm": 60.0}
FOUR = ("RFM", "ABC", "cohort table", "stage transitions")


def measured(action: Callable[[], Any], turns: int) -> list[float]:
    """Seconds of each turn."""
    seconds = []
    for _ in range(turns):
        begin = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begin)
    return seconds


def analyses(run: Any) -> dict[str, tuple[int, Callable[[], Any]]]:
    """Name of each analysis, with the number of rows it reads."""
    sales, stages = run.transactions, run.truth.stages
    shuffled = sales.sample(frac=1, random_state=1).reset_index(drop=True)
    value = crm.rfm(run)["monetary"]
    return {
        "RFM": (len(sales), lambda: crm.rfm(run)),
        "ABC": (len(value), lambda: crm.abc(value)),
        "cohort table": (len(sales), lambda: lifecycle.cohort_table(run)),
        "stage transitions": (len(stages), lambda: lifecycle.move_intervals(lifecycle.count_moves(stages))),
        "RFM, shuffled": (len(sales), lambda: crm.rfm(shuffled, at=run.end)),
        "cohort table, shuffled": (len(sales), lambda: lifecycle.cohort_table(shuffled)),
    }


def fits(run: Any) -> dict[str, tuple[int, Callable[[], Any]]]:
    """The model on a small real table and on the firm."""
    cdnow, firm = summary(crm.dataset("cdnow"), at="1997-09-30"), summary(run)
    return {
        "summary of the firm": (len(run.transactions), lambda: summary(run)),
        "BG/NBD fit, CDNOW": (len(cdnow), lambda: BGNBD().fit(cdnow)),
        "BG/NBD fit, firm": (len(firm), lambda: BGNBD().fit(firm)),
    }


def take(found: dict[str, tuple[int, Callable[[], Any]]], turns: int) -> dict[str, dict[str, Any]]:
    """Time everything."""
    return {name: {"rows": rows, "seconds": spread(measured(action, turns))} for name, (rows, action) in found.items()}


def main() -> None:
    """Simulate, measure, print, write."""
    options = arguments(
        "analysis",
        __doc__.splitlines()[0],
        customers=(1_250_000, "customers of the firm"),
        turns=(3, "turns of each analysis"),
    )
    shop = crm.scenario("retail").replace(customers=options.customers, periods=36, seed=7, **ONLY_PURCHASES)
    run = crm.simulate(shop)
    results = take(analyses(run), options.turns) | take(fits(run), 1)
    together = sum(results[name]["seconds"]["median"] for name in FOUR)
    results["all four together"] = {"rows": len(run.transactions), "seconds": spread([together])}
    rows = []
    for name, found in results.items():
        limit = f"{LIMITS[name]:.0f}" if name in LIMITS else ""
        rows.append([name, f"{found['rows']:,}", f"{found['seconds']['median']:.2f}", limit])
    print(table(["analysis", "rows", "seconds", "limit"], rows))
    missed = [name for name, limit in LIMITS.items() if results[name]["seconds"]["median"] > limit]
    write(options.out, {"customers": options.customers, "results": results, "missed": missed})
    if missed:
        raise SystemExit(f"Slower than the limit: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
