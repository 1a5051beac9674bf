"""Who the customers are worth looking at apart: RFM, ABC and Pareto, index options, moves between segments.

Segmentation (客户细分) here means a rule that puts every customer into exactly one named group by what a firm
can record. Groups are not fixed for ever: `migration` counts who changed.
"""

from __future__ import annotations

from crmsim.segments.changes import Migration, migration
from crmsim.segments.index import make_options
from crmsim.segments.pareto import abc, gini, pareto_curve, pareto_share
from crmsim.segments.purchases import purchase_summary
from crmsim.segments.recency import purchase_interval_days, rfm
from crmsim.segments.scores import RFM_SEGMENTS, RFMCuts, SegmentRule

__all__ = [
    "RFM_SEGMENTS",
    "Migration",
    "RFMCuts",
    "SegmentRule",
    "abc",
    "gini",
    "make_options",
    "migration",
    "pareto_curve",
    "pareto_share",
    "purchase_interval_days",
    "purchase_summary",
    "rfm",
]
