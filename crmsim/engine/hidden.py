"""The columns that only the simulator knows: stages, the causes of moves, traits. `Truth` explains them."""

from __future__ import annotations

import numpy as np

from crmsim.engine import kernel
from crmsim.engine.blocks import Block
from crmsim.engine.families import arrived
from crmsim.engine.tables import Columns, Named
from crmsim.settings.scenario import Scenario

CAUSES = ("chance", "satisfaction", "firm", "drop_out")
assert CAUSES[kernel.BY_DROPOUT] == "drop_out"


def stage_columns(scenario: Scenario, lives: Block) -> Columns:
    """One row per customer and period since arrival."""
    log = lives.stage_log
    known = log >= 0
    n_periods = known.sum(axis=1)
    return {
        "customer_id": np.repeat(lives.customers, n_periods),
        "period": np.flatnonzero(known) % log.shape[1],
        "stage": Named(log[known], tuple(scenario.stages), ordered=True),
    }


def move_columns(scenario: Scenario, lives: Block) -> Columns:
    """One row per change of stage."""
    log = lives.stage_log
    changed = log[:, 1:] != log[:, :-1]
    changed &= log[:, :-1] >= 0
    row, column = np.divmod(np.flatnonzero(changed), max(log.shape[1] - 1, 1))
    names = tuple(scenario.stages)
    return {
        "customer_id": lives.customers[row],
        "period": column + 1,
        "before": Named(log[row, column], names, ordered=True),
        "after": Named(log[row, column + 1], names, ordered=True),
        "cause": Named(lives.cause_log[row, column + 1], CAUSES),
    }


def trait_columns(scenario: Scenario, lives: Block) -> Columns:
    """One row per customer who has arrived by the end of the run."""
    lives = arrived(lives, scenario.periods)
    traits, sums = lives.traits, lives.sums
    return {
        "customer_id": lives.customers,
        "segment": Named(traits["segment"], tuple(scenario.traits.segments)),
        "purchase_rate": traits["rate"].copy(),
        "spend_level": traits["spend"] * scenario.traits.spend.p,
        "loyalty": traits["loyalty"].copy(),
        "leaving": traits["leaving"].copy(),
        "price_elasticity": traits["elasticity"].copy(),
        "service_sensitivity": traits["sensitivity"].copy(),
        "patience_minutes": traits["patience"].copy(),
        "has_money": traits["money"].astype(bool),
        "has_authority": traits["authority"].astype(bool),
        "has_need": traits["need"].astype(bool),
        "favourite": Named(traits["home"], tuple(scenario.categories)),
        "satisfaction": sums["mood"].copy(),
        "told_good": sums["told_good"].copy(),
        "told_bad": sums["told_bad"].copy(),
        "profit": sums["cents"] / 100,
    }
