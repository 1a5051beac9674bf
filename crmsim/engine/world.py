"""A scenario as the arrays that the compiled kernel reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.engine.calendar import periods_of
from crmsim.engine.kernel import GUIDE, STAGE
from crmsim.engine.levers import Lever
from crmsim.engine.numbers import Floats, Numbers
from crmsim.engine.people import cumulative, people_of
from crmsim.engine.quantiles import gamma_table, normal_table
from crmsim.engine.rules import rules_of
from crmsim.settings.scenario import Scenario


@dataclass(frozen=True)
class World:
    """The tables of a scenario. Stages S, categories K, periods T (with those beyond its end, for futures)."""

    target: npt.NDArray[np.int64]
    """(S, S) stages in the order of drawing: losses worst first, then the others worst first."""
    target_cum: Floats
    """(S, S) cumulative base share within the losses, then within the others."""
    loss: Floats
    """(S,) base probability of a loss."""
    stages: npt.NDArray[Any]
    """(S,) of kernel.STAGE."""
    periods: npt.NDArray[Any]
    """(T,) of kernel.PERIOD."""
    category_cum: Floats
    """(K, K) cumulative shares by home category."""
    category_margin: Floats
    """(K,)."""


@dataclass(frozen=True)
class Setting:
    """Everything the kernel needs to know of a scenario and of the firm's levers."""

    world: World
    people: npt.NDArray[Any]
    """One record of kernel.PEOPLE."""
    rules: npt.NDArray[Any]
    """One record of kernel.RULES."""
    numbers: Floats
    """The tables that both point into."""


def setting_of(scenario: Scenario, *, n_periods: int, levers: Sequence[Lever] = ()) -> Setting:
    """The arrays of a scenario for periods 0 .. n_periods - 1, which may lie beyond the scenario's own end."""
    world, numbers = _world(scenario, n_periods, levers), Numbers()
    rules = rules_of(scenario)
    for name, place in _places(scenario, world, numbers).items():
        rules[name] = place
    people = people_of(scenario, numbers, n_periods=n_periods, at_normal=int(rules["at_normal"][0]))
    return Setting(world, people, rules, numbers.together())


def _world(scenario: Scenario, n_periods: int, levers: Sequence[Lever]) -> World:
    target, target_cum, loss, n_losses = _moves(scenario)
    return World(
        target=target,
        target_cum=target_cum,
        loss=loss,
        stages=_stages(scenario, n_losses),
        periods=periods_of(scenario, n_periods, levers),
        category_cum=_categories(scenario),
        category_margin=np.array([c.margin for c in scenario.categories.values()], dtype=np.float64),
    )


def _places(scenario: Scenario, world: World, numbers: Numbers) -> dict[str, Any]:
    """Put the tables of the world into `numbers`; sizes and places, by their names in kernel.RULES."""
    channels = scenario.arrival.channels.values()
    return {
        "seed": np.uint64(scenario.seed),
        "n_stages": len(world.stages),
        "at_moves": numbers.put(np.column_stack([world.target_cum, world.target, world.loss])),
        "at_channel_cost": numbers.put(_cents(channel.cost for channel in channels)),
        "at_amount": numbers.put(gamma_table(scenario.traits.spend.p)),
        "at_normal": numbers.put(normal_table()),
        "n_categories": len(world.category_margin),
        "at_category": numbers.put(world.category_cum),
        "at_guide": numbers.put(_guide(world.category_cum)),
        "at_category_cost": numbers.put(1.0 - world.category_margin),
        **_service(scenario, numbers),
    }


def _service(scenario: Scenario, numbers: Numbers) -> dict[str, int]:
    """Service channels, reasons for contacts, and what problems do; one neutral entry each without service."""
    service = scenario.service
    desks, rates, shares, ends = [(0.0, 0.0, 0)], [1.0], [1.0], np.zeros((2, 4)).tolist()
    if service is not None:
        desks = [(c.waiting_minutes, c.handling_minutes, round(c.cost * 100)) for c in service.channels.values()]
        shares = [channel.share for channel in service.channels.values()]
        found = [reason.rate for reason in service.reasons.values()]
        rates = found if sum(found) > 0 else rates
        kinds = (service.problems.minor, service.problems.major)
        ends = [[end.silent, end.unresolved, end.resolved, end.fast] for end in kinds]
    return {
        "n_reasons": len(rates),
        "at_reason": numbers.put(cumulative(rates)),
        "n_desks": len(desks),
        "at_desk": numbers.put(cumulative(shares)),
        "at_desk_cost": numbers.put(desks),
        "at_recovery": numbers.put(ends),
    }


def _stages(scenario: Scenario, n_losses: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    stages = np.zeros(len(n_losses), dtype=STAGE)
    stages["rate"] = [stage.purchases for stage in scenario.stages.values()]
    stages["cents"] = _cents(stage.reward - stage.service_cost for stage in scenario.stages.values())
    stages["n_losses"] = n_losses
    stages["final"] = [_is_final(scenario, name) for name in scenario.stages]
    return stages


def _is_final(scenario: Scenario, name: str) -> bool:
    stage = scenario.stages[name]
    stays = scenario.moves[name].get(name, 0.0) == 1.0
    return stays and stage.purchases == 0 and stage.service_cost == 0 and stage.reward == 0


def _cents(money: Iterable[float]) -> npt.NDArray[np.int64]:
    return np.array([round(amount * 100) for amount in money], dtype=np.int64)


def _categories(scenario: Scenario) -> Floats:
    """Cumulative shares of categories by home category: the overall share times the affinity, rescaled."""
    names = list(scenario.categories)
    share = np.array([category.share for category in scenario.categories.values()])
    affinity = np.ones((len(names), len(names)))
    for row, near in (scenario.affinity or {}).items():
        for column, factor in near.items():
            affinity[names.index(row), names.index(column)] = factor
    return np.stack([cumulative(share * factors) for factors in affinity])


def _guide(category_cum: Floats) -> npt.NDArray[np.int64]:
    """For each row and each 256th: the category to which the first share of the cell belongs."""
    cells = np.arange(GUIDE) / GUIDE
    return np.stack([np.searchsorted(row, cells, side="right") for row in category_cum])


def _moves(scenario: Scenario) -> tuple[npt.NDArray[np.int64], Floats, Floats, npt.NDArray[np.int64]]:
    """Rows of moves in drawing order, their cumulative shares, the probability of a loss, how many are losses."""
    names = list(scenario.stages)
    standing = [stage.standing for stage in scenario.stages.values()]
    n = len(names)
    n_losses, loss = np.zeros(n, dtype=np.int64), np.zeros(n)
    target, shares = np.zeros((n, n), dtype=np.int64), np.ones((n, n))
    for s, name in enumerate(names):
        row = [scenario.moves[name].get(other, 0.0) for other in names]
        order = sorted(range(n), key=lambda j, s=s: (standing[j] >= standing[s], standing[j], j))  # type: ignore[misc]
        losing = [j for j in order if standing[j] < standing[s]]
        n_losses[s], target[s] = len(losing), order
        shares[s, : len(losing)] = _within(row, losing)
        shares[s, len(losing) :] = _within(row, order[len(losing) :])
        loss[s] = min(sum(row[j] for j in losing), 1.0)
    return target, shares, loss, n_losses


def _within(row: list[float], members: list[int]) -> Floats:
    """Cumulative share of each member's probability among these members."""
    running = np.cumsum([row[j] for j in members])
    return running / running[-1] if len(members) and running[-1] > 0 else np.ones(len(members))
