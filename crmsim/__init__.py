"""crmsim: simulated customers with known truth, for coursework in customer relationship management.

>>> import crmsim as crm
>>> shop = crm.scenario("retail").replace(customers=200, periods=12, seed=7)
>>> run = crm.simulate(shop)
>>> len(run.truth.stages.columns)
3

Names are loaded when first used: importing the package is quick, whatever it can do.
"""

from __future__ import annotations

from crmsim.lazily import lazily

__version__ = "0.1.0"

# Public name -> module of the package that holds it. A name that does not stand here is not public.
_HOMES: dict[str, str] = {
    "InputError": "errors",
    "Lever": "engine.levers",
    "Offer": "engine.offers",
    "Scenario": "settings.scenario",
    "abc": "segments",
    "compare": "engine.compare",
    "dataset": "customers.datasets",
    "estimate_clv": "value",
    "rfm": "segments",
    "save": "customers.saving",
    "scenario": "settings.scenario",
    "scenarios": "settings.scenario",
    "score_clv": "value",
    "score_policy": "value",
    "score_segments": "segments",
    "simulate": "engine.simulate",
    "simulate_to": "customers.streaming",
}
_MODULES = (
    *("course", "customers", "engine", "etiquette", "lifecycle", "phone", "plots", "prospecting"),
    *("segments", "service", "value", "widgets"),
)

__all__ = [*_HOMES, *_MODULES]
__getattr__, __dir__ = lazily(__name__, {**_HOMES, **dict.fromkeys(_MODULES, "")})
