"""The expected value of customers in closed form, where there is one.

With nothing but stages, Poisson purchases and seasons, a customer's expected profit of period t is the distribution
over stages at t times the expected profit per stage; the distribution moves on by the customer's own matrix:
value = sum over k of q_k m_k / (1 + d)^k with q_k = q_0 P^(k+1) (finite-horizon form of (I - P/(1+d))^-1 m).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crmsim.engine import kernel
from crmsim.engine.policy import Plan
from crmsim.engine.room import Table
from crmsim.engine.world import World, setting_of
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

Floats = npt.NDArray[np.float64]


def exact_values(
    scenario: Scenario, plan: Plan, traits: Table, stage: npt.NDArray[np.int8], *, at: int, horizon: int
) -> Floats:
    """Expected discounted profit of periods at .. at + horizon - 1 for customers in these stages before `at`.

    Errors: `InputError` names the part of the scenario or policy for which there is no closed form.
    """
    _refuse(scenario, plan)
    setting = setting_of(scenario, n_periods=at + horizon)
    world = setting.world
    moves = own_moves(world, traits["loyalty"])
    margin = _margin(scenario, world, traits)
    distribution = np.eye(len(world.stages))[stage]
    value = np.zeros(len(stage))
    for k in range(horizon):
        distribution = np.einsum("ns,nst->nt", distribution, moves)
        profit = margin[:, None] * world.stages["rate"] * world.periods["season"][at + k] + world.stages["cents"] / 100
        value += (distribution * profit).sum(axis=1) * world.periods["discount"][k]
    return value


def own_moves(world: World, loyalty: Floats) -> Floats:
    """Each customer's own matrix of moves, shape (n, S, S): the base rows with the odds of losing ground shifted."""
    n_stages = len(world.stages)
    push = np.exp(-np.clip(loyalty, -kernel.MOST_PUSH, kernel.MOST_PUSH))
    moves = np.zeros((len(loyalty), n_stages, n_stages))
    for s in range(n_stages):
        n_losses, base = world.stages["n_losses"][s], world.loss[s]
        loss = push * base / (1 - base + push * base)
        for index, share in enumerate(_shares(world, s)):
            weight = loss if index < n_losses else 1 - loss
            moves[:, s, world.target[s, index]] = weight * share
    return moves


def _shares(world: World, s: int) -> Floats:
    """Share of each target within the losses, then within the other moves."""
    n = int(world.stages["n_losses"][s])
    cumulative = world.target_cum[s]
    return np.concatenate([np.diff(cumulative[:n], prepend=0.0), np.diff(cumulative[n:], prepend=0.0)])


def _margin(scenario: Scenario, world: World, traits: Table) -> Floats:
    """Expected margin per period of each customer at stage factor and season 1."""
    shares = np.diff(world.category_cum, prepend=0.0, axis=1)
    per_money = shares @ world.category_margin
    return traits["rate"] * traits["spend"] * scenario.traits.spend.p * per_money[traits["home"]]


def _refuse(scenario: Scenario, plan: Plan) -> None:
    reasons = {
        "an offer or a lever acts": bool(plan.steps or plan.levers),
        "customers drop out": scenario.traits.dropout is not None,
        "purchases are not Poisson": scenario.buying.kind != "poisson",
        "satisfaction moves customers": scenario.satisfaction is not None,
        "service has costs": scenario.service is not None,
        "there is a loyalty scheme": scenario.scheme is not None,
    }
    for reason, holds in reasons.items():
        if holds:
            raise InputError(f"exact_clv: there is no closed form here, because {reason}; use truth.clv(...).")
