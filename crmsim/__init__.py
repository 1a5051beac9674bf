"""crmsim: simulated customers with known truth, for coursework in customer relationship management.

>>> import crmsim as crm
>>> shop = crm.scenario("retail").replace(customers=200, periods=12, seed=7)
>>> run = crm.simulate(shop)
>>> len(run.truth.stages.columns)
3

Names are loaded when first used: importing the package is quick, whatever it can do.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# Public name -> module that holds it. A name that stands in no module here is not public.
_HOMES: dict[str, str] = {
    "InputError": "crmsim.errors",
    "Lever": "crmsim.engine.levers",
    "Offer": "crmsim.engine.offers",
    "Scenario": "crmsim.settings.scenario",
    "abc": "crmsim.segments",
    "compare": "crmsim.engine.compare",
    "dataset": "crmsim.customers.datasets",
    "estimate_clv": "crmsim.value",
    "rfm": "crmsim.segments",
    "save": "crmsim.customers.saving",
    "scenario": "crmsim.settings.scenario",
    "scenarios": "crmsim.settings.scenario",
    "score_clv": "crmsim.value",
    "score_policy": "crmsim.value",
    "score_segments": "crmsim.segments",
    "simulate": "crmsim.engine.simulate",
    "simulate_to": "crmsim.customers.streaming",
}
_MODULES = (
    *("course", "customers", "engine", "etiquette", "lifecycle", "phone", "plots", "prospecting"),
    *("segments", "service", "value", "widgets"),
)

__all__ = [*_HOMES, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"crmsim.{name}")
    raise AttributeError(f"module 'crmsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
