"""How a relation with a customer develops: stages and moves, customer classes, life spans, cohorts.

The course knows several lifecycle models (`MODELS`). The simulator lives by the one with five stages:
acquisition, growth, maturity, decline, churn. What a firm can see, its records, gives `classify` and
`cohort_table`; the hidden stages of a simulated run give `estimate_moves`.
"""

from __future__ import annotations

from crmsim.lifecycle.chains import expected_life, expected_visits, occupancy
from crmsim.lifecycle.classes import CLASSES, ClassParams, classify
from crmsim.lifecycle.cohorts import cohort_table, retention
from crmsim.lifecycle.ladder import ladder, simulate_ladder
from crmsim.lifecycle.models import MODELS, STAGES, LifecycleModel
from crmsim.lifecycle.moves import check_moves, reference_moves
from crmsim.lifecycle.score import ClassScore, score_classes
from crmsim.lifecycle.spans import LIFETIMES, lifetime
from crmsim.lifecycle.stages import count_moves, estimate_moves, move_intervals

__all__ = [
    "CLASSES",
    "LIFETIMES",
    "MODELS",
    "STAGES",
    "ClassParams",
    "ClassScore",
    "LifecycleModel",
    "check_moves",
    "classify",
    "cohort_table",
    "count_moves",
    "estimate_moves",
    "expected_life",
    "expected_visits",
    "ladder",
    "lifetime",
    "move_intervals",
    "occupancy",
    "reference_moves",
    "retention",
    "score_classes",
    "simulate_ladder",
]
