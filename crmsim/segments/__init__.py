"""Who the customers are worth looking at apart: RFM, ABC and Pareto, index systems, clusters, moves between segments.

Segmentation (客户细分) here means a rule that puts every customer into exactly one named group by what a firm
can record. Groups are not fixed for ever: `migration` counts who changed. In a simulation they can be held against the
hidden ones: `score_segments`.
"""

from __future__ import annotations

from crmsim.segments.agreement import SegmentScore, adjusted_rand, score_segments
from crmsim.segments.changes import Migration, migration
from crmsim.segments.clusters import Clusters, cluster, compare_clusters
from crmsim.segments.identification import identify, knowledge_profile, short_list
from crmsim.segments.index import make_options
from crmsim.segments.pareto import abc, gini, pareto_curve, pareto_share
from crmsim.segments.purchases import purchase_summary
from crmsim.segments.recency import purchase_interval_days, rfm
from crmsim.segments.scores import RFM_SEGMENTS, RFMCuts, SegmentRule
from crmsim.segments.systems import INDEX_SYSTEMS, evaluation_table, index_columns, trade_trend

__all__ = [
    "INDEX_SYSTEMS",
    "RFM_SEGMENTS",
    "Clusters",
    "Migration",
    "RFMCuts",
    "SegmentRule",
    "SegmentScore",
    "abc",
    "adjusted_rand",
    "cluster",
    "compare_clusters",
    "evaluation_table",
    "gini",
    "identify",
    "index_columns",
    "knowledge_profile",
    "make_options",
    "migration",
    "pareto_curve",
    "pareto_share",
    "purchase_interval_days",
    "purchase_summary",
    "rfm",
    "score_segments",
    "short_list",
    "trade_trend",
]
