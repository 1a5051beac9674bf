"""A scenario as the arrays that the compiled kernel reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.kernel import DESK, PERIOD, STAGE, People, World
from crmsim.engine.levers import Lever
from crmsim.engine.quantiles import beta_table, constant_table, gamma_table, normal_table
from crmsim.engine.rules import rules_of
from crmsim.settings.scenario import Scenario

GUIDE = 256
"""Cells of the guide to the categories."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """Everything the kernel needs to know of a scenario and of the firm's levers."""

    people: People
    world: World
    rules: npt.NDArray[Any]
    """One record of kernel.RULES."""


def setting_of(scenario: Scenario, *, n_periods: int, levers: Sequence[Lever] = ()) -> Setting:
    """The arrays of a scenario for periods 0 .. n_periods - 1, which may lie beyond the scenario's own end."""
    return Setting(_people(scenario, n_periods), _world(scenario, n_periods, levers), rules_of(scenario))


def period_starts(scenario: Scenario, n_periods: int) -> pd.DatetimeIndex:
    """First moment of periods 0 .. n_periods, so that the last entry is the end of the last period."""
    frequency = {"day": "D", "week": "7D", "month": "MS", "year": "YS"}[scenario.period]
    starts = pd.date_range(scenario.start, periods=n_periods + 1, freq=frequency, unit="s")
    return pd.DatetimeIndex(starts.to_numpy())


def _world(scenario: Scenario, n_periods: int, levers: Sequence[Lever]) -> World:
    target, target_cum, n_losses = _moves(scenario)
    return World(
        seed=np.uint64(scenario.seed),
        channel_cost=_cents(channel.cost for channel in scenario.arrival.channels.values()),
        amount_table=gamma_table(scenario.traits.spend.p),
        normal_table=normal_table(),
        target=target,
        target_cum=target_cum,
        stages=_stages(scenario, n_losses),
        periods=_periods(scenario, n_periods, levers),
        **_categories(scenario),
        **_desks(scenario),
    )


def _stages(scenario: Scenario, n_losses: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    stages = np.zeros(len(n_losses), dtype=STAGE)
    stages["rate"] = [stage.purchases for stage in scenario.stages.values()]
    stages["cents"] = _cents(stage.reward - stage.service_cost for stage in scenario.stages.values())
    stages["n_losses"] = n_losses
    stages["final"] = [_is_final(scenario, name) for name in scenario.stages]
    return stages


def _periods(scenario: Scenario, n_periods: int, levers: Sequence[Lever]) -> npt.NDArray[Any]:
    """Calendar, season and levers of each period; several levers at once multiply."""
    seconds = period_starts(scenario, n_periods).to_numpy().astype("datetime64[s]").astype(np.int64)
    periods = np.ones(n_periods, dtype=PERIOD)
    periods["start"], periods["length"] = seconds[:-1], np.diff(seconds)
    periods["season"] = _seasons(scenario, n_periods)
    periods["scheme"] = float(scenario.scheme is not None and scenario.scheme.running)
    periods["discount"] = (1 + scenario.discount_rate) ** -np.arange(n_periods, dtype=np.float64)
    for lever in levers:
        span = slice(lever.at, min(lever.at + lever.periods, n_periods))
        for name in ("price", "waiting", "skill", "reply"):
            periods[name][span] *= getattr(lever, name)
        if lever.scheme is not None:
            periods["scheme"][span] = float(lever.scheme)
    return periods


def _seasons(scenario: Scenario, n_periods: int) -> Floats:
    """The seasonal factor of each period by its calendar month or week; one factor stands for all.

    Weeks of a year are counted from January 1; the day or two beyond the 52nd have the factor of the first.
    """
    factors = np.array(scenario.season, dtype=np.float64)
    if len(factors) == 1:
        return np.full(n_periods, factors[0])
    starts = period_starts(scenario, n_periods)[:-1]
    if scenario.period == "month":
        return factors[starts.month.to_numpy() - 1]
    if scenario.period == "day":
        return factors[starts.day_of_week.to_numpy()]
    return factors[(starts.day_of_year.to_numpy() - 1) // 7 % len(factors)]


def _arrivals(scenario: Scenario, n_periods: int) -> Floats:
    """Share of customers who have arrived by the end of each period; independent of how long one looks."""
    arrival, n = scenario.arrival, max(n_periods, scenario.arrival.over_periods)
    passed = np.minimum(np.arange(n), arrival.over_periods - 1)
    if arrival.over_periods == 1 or arrival.pattern == "cohort":
        return np.ones(n_periods)
    if arrival.pattern == "seasonal":
        weight = np.cumsum(np.where(np.arange(n) < arrival.over_periods, _seasons(scenario, n), 0.0))
        share = (weight - weight[0]) / (weight[-1] - weight[0])
    elif arrival.pattern == "bass":
        curve = bass_curve(arrival.innovation, arrival.imitation, passed + 1)
        share = (curve - curve[0]) / (curve[-1] - curve[0])
    else:
        share = passed / (arrival.over_periods - 1)
    cumulative = arrival.first_period_share + (1 - arrival.first_period_share) * share
    return np.ascontiguousarray(cumulative[:n_periods])


def bass_curve(innovation: float, imitation: float, period: npt.ArrayLike) -> Floats:
    """Share of all eventual customers who have come by the end of a period: Bass (1969), with p and q."""
    decayed = np.exp(-(innovation + imitation) * np.asarray(period, dtype=np.float64))
    return (1 - decayed) / (1 + imitation / innovation * decayed)


def _cumulative(shares: Iterable[float]) -> Floats:
    total = np.cumsum(np.array(list(shares), dtype=np.float64))
    return total / total[-1]


def _cents(money: Iterable[float]) -> npt.NDArray[np.int64]:
    return np.array([round(amount * 100) for amount in money], dtype=np.int64)


def _people(scenario: Scenario, n_periods: int) -> People:
    traits, channels = scenario.traits, scenario.arrival.channels
    segments = list(traits.segments.values())
    spend_scale = traits.spend.mean * (traits.spend.q - 1 if traits.spend.q else 1.0) / traits.spend.p
    word = scenario.word_of_mouth
    return People(
        arrival_cum=_arrivals(scenario, n_periods),
        channel_cum=_cumulative(channel.share for channel in channels.values()),
        channel_loyalty=np.array([channel.loyalty for channel in channels.values()], dtype=np.float64),
        segment_cum=_cumulative(segment.share for segment in segments),
        segment_rate=np.array([s.purchase_rate * traits.purchase_rate.scale for s in segments], dtype=np.float64),
        segment_spend=np.array([segment.spend * spend_scale for segment in segments], dtype=np.float64),
        segment_loyalty=np.array([segment.loyalty for segment in segments], dtype=np.float64),
        segment_need=np.array([segment.need for segment in segments], dtype=np.float64),
        region_cum=_cumulative(group.share for group in scenario.regions.values()),
        age_cum=_cumulative(group.share for group in scenario.age_groups.values()),
        home_cum=_cumulative(category.share for category in scenario.categories.values()),
        rate_table=gamma_table(traits.purchase_rate.shape),
        spend_table=gamma_table(traits.spend.q) if traits.spend.q else constant_table(1.0),
        normal_table=normal_table(),
        leaving_table=_leaving(scenario),
        chance_table=_chance(scenario),
        loyalty=np.array([traits.loyalty.mean, traits.loyalty.sd]),
        elasticity=np.array([traits.price_elasticity.mean, traits.price_elasticity.sd]),
        sensitivity=np.array([traits.service_sensitivity.mean, traits.service_sensitivity.sd]),
        patience_minutes=float(traits.patience_minutes),
        company_share=float(traits.company_share),
        money=float(traits.qualified.money),
        authority=float(traits.qualified.authority),
        need=float(traits.qualified.need),
        people_mean=float(scenario.buying.people_mean),
        referral_channel=list(channels).index(word.channel) if word else 0,
        referral_loyalty=float(channels[word.channel].loyalty + word.loyalty) if word else 0.0,
    )


def _leaving(scenario: Scenario) -> Floats:
    """Quantiles of the drop-out probability, or of the drop-out rate."""
    dropout = scenario.traits.dropout
    if dropout is None:
        return constant_table(0.0)
    if dropout.kind == "hazard":
        return gamma_table(dropout.shape, 1 / dropout.alpha)
    return beta_table(dropout.a, dropout.b)


def _chance(scenario: Scenario) -> Floats:
    chance = scenario.traits.purchase_chance
    return beta_table(chance.a, chance.b) if chance is not None else constant_table(0.0)


def _is_final(scenario: Scenario, name: str) -> bool:
    stage = scenario.stages[name]
    stays = scenario.moves[name].get(name, 0.0) == 1.0
    return stays and stage.purchases == 0 and stage.service_cost == 0 and stage.reward == 0


def _categories(scenario: Scenario) -> dict[str, Any]:
    """Shares of categories by home category: the overall share times the affinity, rescaled."""
    names = list(scenario.categories)
    share = np.array([category.share for category in scenario.categories.values()])
    affinity = np.ones((len(names), len(names)))
    for row, near in (scenario.affinity or {}).items():
        for column, factor in near.items():
            affinity[names.index(row), names.index(column)] = factor
    cumulative = np.stack([_cumulative(share * factors) for factors in affinity])
    cells = np.arange(GUIDE) / GUIDE
    return {
        "category_cum": cumulative,
        "category_guide": np.stack([np.searchsorted(row, cells, side="right") for row in cumulative]),
        "category_margin": np.array([c.margin for c in scenario.categories.values()], dtype=np.float64),
    }


def _desks(scenario: Scenario) -> dict[str, Any]:
    """The service channels, the reasons for contacts, and what problems do."""
    service = scenario.service
    if service is None:
        one = np.ones(1)
        return {"reason_cum": one, "desk_cum": one, "desks": np.zeros(1, dtype=DESK), "recovery": np.zeros((2, 4))}
    channels, rates = service.channels.values(), [reason.rate for reason in service.reasons.values()]
    desks = [(c.waiting_minutes, c.handling_minutes, round(c.cost * 100)) for c in channels]
    ends = [service.problems.minor, service.problems.major]
    return {
        "reason_cum": _cumulative(rates if sum(rates) > 0 else [1.0]),
        "desk_cum": _cumulative(channel.share for channel in channels),
        "desks": np.array(desks, dtype=DESK),
        "recovery": np.array([[end.silent, end.unresolved, end.resolved, end.fast] for end in ends]),
    }


def _moves(scenario: Scenario) -> tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]]:
    """Rows of moves in drawing order (losses worst first, then the others), their shares, and how many are losses."""
    names = list(scenario.stages)
    standing = [stage.standing for stage in scenario.stages.values()]
    n = len(names)
    n_losses = np.zeros(n, dtype=np.int64)
    target, cumulative = np.zeros((n, n), dtype=np.int64), np.ones((n, n + 1))
    for s, name in enumerate(names):
        row = [scenario.moves[name].get(other, 0.0) for other in names]
        order = sorted(range(n), key=lambda j, s=s: (standing[j] >= standing[s], standing[j], j))  # type: ignore[misc]
        losing = [j for j in order if standing[j] < standing[s]]
        n_losses[s], target[s] = len(losing), order
        cumulative[s, : len(losing)] = _within(row, losing)
        cumulative[s, len(losing) : n] = _within(row, order[len(losing) :])
        cumulative[s, n] = min(sum(row[j] for j in losing), 1.0)
    return target, cumulative, n_losses


def _within(row: list[float], members: list[int]) -> Floats:
    """Cumulative share of each member's probability among these members."""
    running = np.cumsum([row[j] for j in members])
    return running / running[-1] if len(members) and running[-1] > 0 else np.ones(len(members))
