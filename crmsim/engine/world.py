"""A scenario as the arrays that the compiled kernel reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.kernel import OCTAVES, STEPS, World
from crmsim.settings.scenario import Scenario

GUIDE = 256
"""Cells of the guide to the categories."""
Floats = npt.NDArray[np.float64]


def world_of(scenario: Scenario, *, n_periods: int) -> World:
    """The arrays of a scenario for periods 0 .. n_periods - 1, which may lie beyond the scenario's own end."""
    tables = _tables(scenario.traits.purchase_rate.shape, scenario.traits.spend.p, scenario.traits.spend.q)
    second = _seconds(scenario, n_periods)
    return World(
        seed=np.uint64(scenario.seed),
        arrival_cum=_arrivals(scenario, n_periods),
        season=_seasons(scenario, n_periods),
        second=second,
        discount=(1 + scenario.discount_rate) ** -np.arange(n_periods, dtype=np.float64),
        entry=list(scenario.stages).index(scenario.entry_stage),
        loyalty_sd=float(scenario.traits.loyalty.sd),
        **tables,
        **_customer_arrays(scenario),
        **_move_arrays(scenario),
        **_stage_and_category_arrays(scenario),
    )


def period_starts(scenario: Scenario, n_periods: int) -> pd.DatetimeIndex:
    """First moment of periods 0 .. n_periods, so that the last entry is the end of the last period."""
    frequency = {"month": "MS", "week": "7D"}[scenario.period]
    starts = pd.date_range(scenario.start, periods=n_periods + 1, freq=frequency, unit="s")
    return pd.DatetimeIndex(starts.to_numpy())


def _seconds(scenario: Scenario, n_periods: int) -> npt.NDArray[np.int64]:
    starts = period_starts(scenario, n_periods)
    return starts.to_numpy().astype("datetime64[s]").astype(np.int64)


def _arrivals(scenario: Scenario, n_periods: int) -> Floats:
    """Share of customers who have arrived by the end of each period; independent of how long one looks."""
    arrival = scenario.arrival
    first = arrival.first_period_share
    passed = np.minimum(np.arange(n_periods), arrival.over_periods - 1)
    if arrival.over_periods == 1:
        return np.ones(n_periods)
    return first + (1 - first) * passed / (arrival.over_periods - 1)


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
    return factors[(starts.day_of_year.to_numpy() - 1) // 7 % len(factors)]


def _cumulative(shares: Any) -> Floats:
    total = np.cumsum(np.array(list(shares), dtype=np.float64))
    return total / total[-1]


def _customer_arrays(scenario: Scenario) -> dict[str, Floats]:
    traits, channels = scenario.traits, scenario.arrival.channels.values()
    segments = list(traits.segments.values())
    rate_scale = traits.purchase_rate.mean / traits.purchase_rate.shape
    spend_scale = traits.spend.mean * (traits.spend.q - 1) / traits.spend.p
    return {
        "channel_cum": _cumulative(c.share for c in channels),
        "channel_cost": np.array([round(c.cost * 100) for c in channels], dtype=np.int64),
        "channel_loyalty": np.array([c.loyalty for c in channels], dtype=np.float64),
        "segment_cum": _cumulative(g.share for g in segments),
        "segment_rate": np.array([g.purchase_rate * rate_scale for g in segments], dtype=np.float64),
        "segment_spend": np.array([g.spend * spend_scale for g in segments], dtype=np.float64),
        "segment_loyalty": np.array([g.loyalty for g in segments], dtype=np.float64),
        "region_cum": _cumulative(g.share for g in scenario.regions.values()),
        "age_cum": _cumulative(g.share for g in scenario.age_groups.values()),
    }


def _stage_and_category_arrays(scenario: Scenario) -> dict[str, Any]:
    stages, categories = scenario.stages.values(), scenario.categories.values()
    shares = _cumulative(c.share for c in categories)
    return {
        "final": np.array([_is_final(scenario, name) for name in scenario.stages]),
        "stage_rate": np.array([s.purchases for s in stages], dtype=np.float64),
        "stage_cost": np.array([round(s.service_cost * 100) for s in stages], dtype=np.int64),
        "category_cum": shares,
        "category_guide": np.searchsorted(shares, np.arange(GUIDE) / GUIDE, side="right"),
        "category_margin": np.array([c.margin for c in categories], dtype=np.float64),
    }


def _is_final(scenario: Scenario, name: str) -> bool:
    stage = scenario.stages[name]
    stays = scenario.moves[name].get(name, 0.0) == 1.0
    return stays and stage.purchases == 0 and stage.service_cost == 0


def _move_arrays(scenario: Scenario) -> dict[str, Any]:
    """Rows of moves in drawing order: losses worst first, then the other moves worst first."""
    names = list(scenario.stages)
    standing = [stage.standing for stage in scenario.stages.values()]
    n = len(names)
    n_losses = np.zeros(n, dtype=np.int64)
    target, cumulative = np.zeros((n, n), dtype=np.int64), np.ones((n, n + 1))
    for s, name in enumerate(names):
        row = [scenario.moves[name].get(other, 0.0) for other in names]
        order = sorted(range(n), key=lambda j, s=s: (standing[j] >= standing[s], standing[j], j))  # type: ignore[misc]
        losing = [j for j in order if standing[j] < standing[s]]
        staying = order[len(losing) :]
        n_losses[s], target[s] = len(losing), order
        cumulative[s, : len(losing)] = _within(row, losing)
        cumulative[s, len(losing) : n] = _within(row, staying)
        cumulative[s, n] = min(sum(row[j] for j in losing), 1.0)
    return {"n_losses": n_losses, "target": target, "target_cum": cumulative}


def _within(row: list[float], members: list[int]) -> Floats:
    """Cumulative share of each member's probability among these members."""
    running = np.cumsum([row[j] for j in members])
    return running / running[-1] if len(members) and running[-1] > 0 else np.ones(len(members))


@lru_cache(maxsize=32)
def _tables(shape: float, p: float, q: float) -> Mapping[str, Floats]:
    from scipy import special

    return {
        "rate_table": _gamma_table(shape),
        "spend_table": _gamma_table(q),
        "amount_table": _gamma_table(p),
        "normal_table": quantile_table(special.ndtri, lambda tail: -special.ndtri(tail)),
    }


def _gamma_table(shape: float) -> Floats:
    from scipy import special

    return quantile_table(lambda u: special.gammaincinv(shape, u), lambda u: special.gammainccinv(shape, u))


def quantile_table(lower: Callable[[Floats], Floats], upper: Callable[[Floats], Floats]) -> Floats:
    """Quantiles at tail probabilities that get finer towards both ends, for `kernel.quantile`.

    Row 0 holds the quantiles at tail mass m below, row 1 those at mass m above; m falls from 0.5 (entries 0 and 1,
    because nothing lies between 0.5 and 0.5) to 2^-33. Linear interpolation between them is off by less than
    2e-4 of the value for Gamma shapes from 0.2 on.

    Parameters
    ----------
    lower, upper : callable
        Quantile function and inverse survival function, over arrays.
    """
    octave, step = np.divmod(np.arange(OCTAVES * STEPS + 1), STEPS)
    # Within an octave the steps are equal: a double's leading bits count them.
    mass = 0.5 ** (octave + 1) * (1 - 0.5 * step / STEPS)
    mass = np.concatenate([[0.5], mass])
    return np.stack([lower(mass), upper(mass)])
