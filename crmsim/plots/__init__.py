"""Pictures of a run: where customers stand, who stays, where the profit comes from.

Or what an offer gives and takes (`value_and_cost`).

Each function takes a run (or offers) and, if wished, the matplotlib axes to draw on, and returns the axes; `overview`
returns a figure. Colours can be told apart by colour-blind readers. Chinese is drawn with a font that comes with the
package, whatever the machine has; `use_chinese` switches it on for a notebook's own pictures.
"""

from __future__ import annotations

from crmsim.lazily import lazily

_HOMES = {
    "overview": "board",
    "profit_sources": "profit",
    "retention_by_cohort": "retention",
    "stages_over_time": "stages",
    "use_chinese": "canvas",
    "value_and_cost": "offers",
}

__all__ = [*_HOMES]
__getattr__, __dir__ = lazily(__name__, _HOMES)
