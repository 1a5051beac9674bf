"""The manifest: what a folder of results is, and how to check and repeat it.

It holds no time, no machine and no path from elsewhere, so the same seed gives the same bytes. Whoever has
scenario and seed can make the truth again: a manifest for students (`truth=False`) names neither.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import crmsim
from crmsim.engine.folder import MADE_BY, MANIFEST
from crmsim.engine.levers import Lever
from crmsim.engine.policy import Plan
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run

NOT_REPEATABLE = (".duckdb",)
"""DuckDB puts a random identifier into every file, so its bytes differ although its content does not."""


def write_manifest(
    folder: Path, run: Past, *, rows: dict[str, int], totals: dict[str, dict[str, int]], truth: bool
) -> None:
    """Write manifest.json for the files that lie in this folder; `totals` are in whole cents."""
    content: dict[str, Any] = {
        "made_by": MADE_BY,
        "version": crmsim.__version__,
        "currency": run.currency,
        "periods": run.periods,
        "start": f"{run.period_starts[0]:%Y-%m-%d}",
        "end": f"{run.end:%Y-%m-%d}",
        "rows": rows,
        "totals": {name: {c: money_text(v) for c, v in sums.items()} for name, sums in totals.items() if sums},
    }
    if truth and isinstance(run, Run):
        content |= _how_to_repeat(run)
    content["files"] = dict(sorted(_files(folder)))
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def _how_to_repeat(run: Run) -> dict[str, Any]:
    return {
        "seed": run.scenario.seed,
        "replication": run.replication,
        "policy": policy_summary(run.plan),
        "scenario_sha256": run.scenario.fingerprint(),
        "scenario": json.loads(run.scenario.to_json()),
    }


def policy_summary(plan: Plan) -> list[dict[str, Any]]:
    """What each action does; of an offer also to how many, and a checksum of whom (their ids as 64-bit numbers)."""
    counts, numbers = ("at", "periods"), ("lift", "discount", "retention", "cost")
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


def _files(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST]
    return [(path.relative_to(folder).as_posix(), _checks(path)) for path in found]


def _checks(path: Path) -> dict[str, Any]:
    if path.suffix in NOT_REPEATABLE:
        return {}
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
