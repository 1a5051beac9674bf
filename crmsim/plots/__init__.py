"""Pictures of a run: where customers stand, who stays, where the profit comes from.

Or what an offer gives and takes (`value_and_cost`).

Each function takes a run (or offers) and, if wished, the matplotlib axes to draw on, and returns the axes; `overview`
returns a figure. Colours can be told apart by colour-blind readers. Chinese is drawn with a font that comes with the
package, whatever the machine has; `use_chinese` switches it on for a notebook's own pictures.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "overview": "crmsim.plots.board",
    "profit_sources": "crmsim.plots.profit",
    "retention_by_cohort": "crmsim.plots.retention",
    "stages_over_time": "crmsim.plots.stages",
    "use_chinese": "crmsim.plots.canvas",
    "value_and_cost": "crmsim.plots.offers",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'crmsim.plots' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
