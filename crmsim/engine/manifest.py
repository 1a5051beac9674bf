"""The manifest: what a folder of results is, and how to check and repeat it.

It holds no time, no machine and no path from elsewhere, so the same seed gives the same bytes. Whoever has
scenario and seed can make the truth again: a manifest for students (`truth=False`) names neither.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Any

import crmsim
from crmsim.engine.folder import MADE_BY
from crmsim.engine.levers import Lever
from crmsim.engine.parts import Layout
from crmsim.engine.policy import Plan
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run


def manifest_of(
    run: Past,
    layout: Layout,
    *,
    rows: dict[str, int],
    totals: dict[str, dict[str, int]],
    files: dict[str, dict[str, Any]],
) -> bytes:
    """The manifest.json of a result.

    Parameters
    ----------
    run : Past
        Whose calendar, scenario and policy count; its tables may be empty.
    rows, totals : dict
        Of every table; totals in whole cents.
    files : dict
        Size and checksum of every file.
    """
    content: dict[str, Any] = {
        "made_by": MADE_BY,
        "version": crmsim.__version__,
        "currency": run.currency,
        "periods": run.periods,
        "start": f"{run.period_starts[0]:%Y-%m-%d}",
        "end": f"{run.end:%Y-%m-%d}",
        "customers_per_part": layout.part_size,
        "rows": rows,
        "totals": {name: {c: money_text(v) for c, v in sums.items()} for name, sums in totals.items() if sums},
    }
    if layout.truth and isinstance(run, Run):
        content |= how_to_repeat(run)
    # DuckDB puts a random identifier into every file, so its bytes differ although its content does not.
    content["files"] = {name: {} if name.endswith(".duckdb") else files[name] for name in sorted(files)}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def how_to_repeat(run: Run) -> dict[str, Any]:
    """What the run is a function of."""
    return {
        "seed": run.scenario.seed,
        "replication": run.replication,
        "policy": policy_summary(run.plan),
        "scenario_sha256": run.scenario.fingerprint(),
        "scenario": json.loads(run.scenario.to_json()),
    }


def policy_summary(plan: Plan) -> list[dict[str, Any]]:
    """What each action does; of an offer also to how many, and a checksum of whom (their ids as 64-bit numbers)."""
    counts, numbers = ("at", "periods"), ("lift", "discount", "retention", "satisfaction", "cost")
    offers = [
        {
            "name": str(offer.name),
            **{name: int(getattr(offer, name)) for name in counts},
            **{name: float(getattr(offer, name)) for name in numbers},
            "n_customers": len(offer.customers),
            "customers_sha256": hashlib.sha256(offer.customers.astype("<i8").tobytes()).hexdigest(),
        }
        for offer in (step.offer for step in plan.steps)
    ]
    return offers + [_lever_summary(lever) for lever in plan.levers]


def _lever_summary(lever: Lever) -> dict[str, Any]:
    return {field.name: getattr(lever, field.name) for field in fields(lever)}


def money_text(cents: int) -> str:
    """Whole cents as money with two decimals, exactly.

    >>> money_text(-1205), money_text(7)
    ('-12.05', '0.07')
    """
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
