"""What policies are compared by: profit, customer equity, satisfaction, churn.

Each is a sum over customers, or a quotient of two, so that what a policy changes for some is all that it changes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from crmsim.engine import blocks
from crmsim.engine.kernel import Clock
from crmsim.engine.levers import Lever
from crmsim.engine.policy import FAMILY, Plan
from crmsim.engine.room import Keep
from crmsim.engine.simulate import PARTITION_SIZE
from crmsim.engine.world import setting_of
from crmsim.settings.scenario import Scenario

Ids = npt.NDArray[np.int64]
Outcomes = npt.NDArray[np.float64]
PROFIT, EQUITY, MOOD, GONE, COME = range(5)
"""Columns of outcomes: money; discounted money; sum of satisfaction; in the lowest stage; all who have come."""


def outcomes(scenario: Scenario, roots: Ids, plan: Plan, clock: Clock, threads: int) -> Outcomes:
    """What comes of each of these customers' families, (n, 5)."""
    setting = setting_of(scenario, n_periods=scenario.periods, levers=plan.levers)
    lowest = int(setting.rules["gone"][0])
    parts = [roots[i : i + PARTITION_SIZE] for i in range(0, len(roots), PARTITION_SIZE)]

    def block(number: int) -> Outcomes:
        lives = blocks.live_families(parts[number], setting, steps=plan.steps, clock=clock, keep=Keep())
        family, stage = np.searchsorted(parts[number], lives.customers % FAMILY), lives.sums["stage"]
        come = stage >= 0
        each = [lives.sums["cents"] / 100, lives.sums["value"], lives.sums["mood"] * come, stage == lowest, come]
        return np.stack([np.bincount(family, weights=one, minlength=len(parts[number])) for one in each], axis=1)

    found = list(blocks.in_threads(block, len(parts), threads=threads))
    return np.concatenate([np.empty((0, COME + 1)), *found])


def lever_costs(levers: Sequence[Lever], scenario: Scenario, branch: int) -> Outcomes:
    """What levers cost, as outcomes: money of all periods, and discounted to the start of period `branch`."""
    costs = np.zeros(COME + 1)
    for lever in levers:
        paid = np.arange(lever.at, min(lever.at + lever.periods, scenario.periods))
        costs[PROFIT] += lever.cost * len(paid)
        costs[EQUITY] += lever.cost * ((1 + scenario.discount_rate) ** -(paid - branch).astype(float)).sum()
    return costs


def measures(totals: Outcomes) -> dict[str, Outcomes]:
    """The measures of each row of totals: profit, equity, mean satisfaction, share in the lowest stage."""
    come = np.maximum(totals[:, COME], 1.0)
    return {
        "profit": totals[:, PROFIT],
        "equity": totals[:, EQUITY],
        "satisfaction": totals[:, MOOD] / come,
        "churned": totals[:, GONE] / come,
    }
