"""What the traits of a scenario's customers are drawn from, for the compiled kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.engine.calendar import seasons
from crmsim.engine.kernel import PEOPLE
from crmsim.engine.numbers import Floats, Numbers
from crmsim.engine.quantiles import beta_table, constant_table, gamma_table
from crmsim.settings.scenario import Scenario


def people_of(scenario: Scenario, numbers: Numbers, *, n_periods: int, at_normal: int) -> npt.NDArray[Any]:
    """One record of kernel.PEOPLE; its tables are put into `numbers`, where that of the normal already begins."""
    people = np.zeros(1, dtype=PEOPLE)
    found = {
        "seed": np.uint64(scenario.seed),
        "at_normal": at_normal,
        **_arriving(scenario, numbers, n_periods),
        **_segments(scenario, numbers),
        **_groups(scenario, numbers),
        **_quantiles(scenario, numbers),
        **_single(scenario),
    }
    for name, value in found.items():
        people[name] = value
    return people


def _arriving(scenario: Scenario, numbers: Numbers, n_periods: int) -> dict[str, Any]:
    channels, word = scenario.arrival.channels, scenario.word_of_mouth
    return {
        "n_arrivals": n_periods,
        "at_arrival": numbers.put(arrivals(scenario, n_periods)),
        "n_channels": len(channels),
        "at_channel": numbers.put(cumulative([channel.share for channel in channels.values()])),
        "at_channel_loyalty": numbers.put([channel.loyalty for channel in channels.values()]),
        "referral_channel": list(channels).index(word.channel) if word else 0,
        "referral_loyalty": float(channels[word.channel].loyalty + word.loyalty) if word else 0.0,
    }


def _segments(scenario: Scenario, numbers: Numbers) -> dict[str, Any]:
    traits = scenario.traits
    segments = list(traits.segments.values())
    spend_scale = traits.spend.mean * (traits.spend.q - 1 if traits.spend.q else 1.0) / traits.spend.p
    return {
        "n_segments": len(segments),
        "at_segment": numbers.put(cumulative([segment.share for segment in segments])),
        "at_segment_rate": numbers.put([s.purchase_rate * traits.purchase_rate.scale for s in segments]),
        "at_segment_spend": numbers.put([segment.spend * spend_scale for segment in segments]),
        "at_segment_loyalty": numbers.put([segment.loyalty for segment in segments]),
        "at_segment_need": numbers.put([segment.need for segment in segments]),
    }


def _groups(scenario: Scenario, numbers: Numbers) -> dict[str, Any]:
    regions, ages, categories = scenario.regions, scenario.age_groups, scenario.categories
    return {
        "n_regions": len(regions),
        "at_region": numbers.put(cumulative([group.share for group in regions.values()])),
        "n_ages": len(ages),
        "at_age": numbers.put(cumulative([group.share for group in ages.values()])),
        "n_categories": len(categories),
        "at_home": numbers.put(cumulative([category.share for category in categories.values()])),
    }


def _quantiles(scenario: Scenario, numbers: Numbers) -> dict[str, Any]:
    traits = scenario.traits
    return {
        "at_rate": numbers.put(gamma_table(traits.purchase_rate.shape)),
        "at_spend": numbers.put(gamma_table(traits.spend.q) if traits.spend.q else constant_table(1.0)),
        "at_leaving": numbers.put(_leaving(scenario)),
        "at_chance": numbers.put(_chance(scenario)),
    }


def _single(scenario: Scenario) -> dict[str, Any]:
    traits = scenario.traits
    return {
        "loyalty_mean": traits.loyalty.mean,
        "loyalty_sd": traits.loyalty.sd,
        "elasticity_mean": traits.price_elasticity.mean,
        "elasticity_sd": traits.price_elasticity.sd,
        "sensitivity_mean": traits.service_sensitivity.mean,
        "sensitivity_sd": traits.service_sensitivity.sd,
        "patience_minutes": traits.patience_minutes,
        "company_share": traits.company_share,
        "money": traits.qualified.money,
        "authority": traits.qualified.authority,
        "need": traits.qualified.need,
        "people_mean": scenario.buying.people_mean,
    }


def arrivals(scenario: Scenario, n_periods: int) -> Floats:
    """Share of customers who have arrived by the end of each period; independent of how long one looks."""
    arrival, n = scenario.arrival, max(n_periods, scenario.arrival.over_periods)
    passed = np.minimum(np.arange(n), arrival.over_periods - 1)
    if arrival.over_periods == 1 or arrival.pattern == "cohort":
        return np.ones(n_periods)
    if arrival.pattern == "seasonal":
        weight = np.cumsum(np.where(np.arange(n) < arrival.over_periods, seasons(scenario, n), 0.0))
        share = (weight - weight[0]) / (weight[-1] - weight[0])
    elif arrival.pattern == "bass":
        curve = bass_curve(arrival.innovation, arrival.imitation, passed + 1)
        share = (curve - curve[0]) / (curve[-1] - curve[0])
    else:
        share = passed / (arrival.over_periods - 1)
    together = arrival.first_period_share + (1 - arrival.first_period_share) * share
    return np.ascontiguousarray(together[:n_periods])


def bass_curve(innovation: float, imitation: float, period: npt.ArrayLike) -> Floats:
    """Share of all eventual customers who have come by the end of a period: Bass (1969), with p and q."""
    decayed = np.exp(-(innovation + imitation) * np.asarray(period, dtype=np.float64))
    return (1 - decayed) / (1 + imitation / innovation * decayed)


def cumulative(shares: npt.ArrayLike) -> Floats:
    """Cumulative shares, of which the last is exactly 1."""
    total = np.cumsum(np.asarray(shares, dtype=np.float64))
    return total / total[-1]


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
