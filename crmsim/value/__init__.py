"""Customer value (客户价值): what a customer is worth to the firm, looking back and looking forward.

By hand: `present_value`, `clv_narrow`, `clv_broad`, `clv_current_potential`, `customer_equity`,
`clv_within_plan`, `customer_profit`, `stage_values`. From data: `summary`, the models `BGNBD`, `ParetoNBD`,
`GammaGamma` and `ShiftedBetaGeometric`, and `estimate_clv`, which puts them together. Against the truth of
a simulated firm: `score_clv`. Names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES: dict[str, str] = {
    "BGNBD": "bgnbd",
    "ClvScore": "score",
    "FitError": "likelihood",
    "FitWarning": "likelihood",
    "GammaGamma": "gammagamma",
    "ParetoNBD": "paretonbd",
    "ShiftedBetaGeometric": "sbg",
    "clv_broad": "cashflows",
    "clv_current_potential": "cashflows",
    "clv_narrow": "cashflows",
    "clv_within_plan": "equity",
    "customer_equity": "equity",
    "customer_profit": "equity",
    "estimate_clv": "clv",
    "present_value": "cashflows",
    "score_clv": "score",
    "stage_values": "stagevalues",
    "summary": "history",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"crmsim.value.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'crmsim.value' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
