"""What can be changed in a simulated firm by a slider, and how it stays a possible firm.

Two things can be changed. **Moves**: the share of customers who go from one stage to another in a period. Only one
share in each row can be chosen; the others keep their proportions and fill the row up to one. So no choice is
impossible. **Care**: looking after customers, which lowers the logit of losing ground, at a cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crmsim.errors import InputError, told
from crmsim.lifecycle.models import STAGES
from crmsim.settings.scenario import Scenario

Move = tuple[str, str]
MOVES: tuple[Move, ...] = (
    ("acquisition", "churn"),
    ("growth", "maturity"),
    ("maturity", "decline"),
    ("decline", "churn"),
)
"""The moves that can be changed: one in each row, so that no two of them can contradict each other."""
LOWEST, HIGHEST = 0.01, 0.90
"""Shares that can be chosen: at 0 a stage might become unreachable, at 1 the rest of the row would vanish."""
MOST_CUSTOMERS = 20_000


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the second world does differently.

    Attributes
    ----------
    moves : mapping of (stage, next stage) to float
        New shares a period, `LOWEST` to `HIGHEST`; moves not named stay as they are.
    retention : float
        Strength of the care; it is taken off the logit of losing ground (0: none).
    cost : float
        Money for each customer who is cared for, once.
    """

    moves: Mapping[Move, float] = field(default_factory=lambda: MappingProxyType({}))
    retention: float = 0.0
    cost: float = 0.0


def check_scenario(scenario: Scenario) -> Scenario:
    """The scenario without word of mouth, so that both worlds hold the same customers.

    Errors: `InputError` when the five stages with their moves are missing, or it is too large.
    """
    if not isinstance(scenario, Scenario):
        given = told(scenario)
        raise InputError(f"The explorer needs a scenario, but {given} was given; use crm.scenario('retail').")
    if set(STAGES) != set(scenario.stages):
        raise InputError(
            f"The explorer shows the five stages {', '.join(STAGES)}; scenario {scenario.scenario!r} has "
            f"{', '.join(scenario.stages)}. Choose another scenario."
        )
    for stage, target in MOVES:
        if not 0 < share_of(scenario, (stage, target)) < 1:
            raise InputError(
                f"The explorer changes the move from {stage} to {target}, but in scenario "
                f"{scenario.scenario!r} its share is {share_of(scenario, (stage, target)):g}. "
                "Give it one between 0 and 1."
            )
    if scenario.customers > MOST_CUSTOMERS:
        raise InputError(
            f"The explorer lives every customer again at every touch; {scenario.customers:,} are too many. "
            f"Give it at most {MOST_CUSTOMERS:,}: scenario.replace(customers=2_000)."
        )
    return scenario.replace(word_of_mouth=None)


def share_of(scenario: Scenario, move: Move) -> float:
    """The share of customers who make this move in a period."""
    return float(scenario.moves[move[0]].get(move[1], 0.0))


def row_with(row: Mapping[str, float], target: str, share: float) -> dict[str, float]:
    """A row of moves in which `target` has this share and the others keep their proportions.

    >>> row_with({"growth": 0.6, "maturity": 0.2, "churn": 0.2}, "maturity", 0.6)
    {'growth': 0.3, 'maturity': 0.6, 'churn': 0.1}
    """
    rest = 1 - row.get(target, 0.0)
    scale = (1 - share) / rest
    changed = {stage: value * scale for stage, value in row.items()}
    # The last decimals: whatever rounding left over goes to the largest of the others.
    changed[target] = share
    largest = max((stage for stage in changed if stage != target), key=lambda stage: changed[stage])
    changed[largest] = round(1 - sum(v for stage, v in changed.items() if stage != largest), 15)
    return {stage: round(value, 15) for stage, value in changed.items()}


def changed_scenario(scenario: Scenario, moves: Mapping[Move, float]) -> Scenario:
    """The scenario with these shares; every row still sums to one."""
    table = {stage: dict(row) for stage, row in scenario.moves.items()}
    for (stage, target), share in moves.items():
        if share != share_of(scenario, (stage, target)):
            table[stage] = row_with(table[stage], target, min(max(share, LOWEST), HIGHEST))
    return scenario.replace(moves=table)
