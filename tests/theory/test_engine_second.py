"""A second engine: the same model written plainly with NumPy, customer by customer in arrays, with its own luck.

It shares no code with the compiled kernel, neither tables nor tilt nor hash, so the two agree in distribution only
if both are right. Every total is compared in its standard error over customers; with about two hundred
comparisons, 4.9 is passed by chance once in five thousand times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import crmsim as crm
from crmsim.settings.scenario import Scenario

N, PERIODS, LIMIT = 60_000, 18, 4.9
Floats = npt.NDArray[np.float64]


@dataclass
class Lives:
    """What both engines must agree on: one row for each customer."""

    stages: npt.NDArray[np.int64]
    purchases: Floats
    revenue: Floats
    profit: Floats
    channel: npt.NDArray[np.int64]
    segment: npt.NDArray[np.int64]


def choose(luck: np.random.Generator, shares: Any, n: int) -> npt.NDArray[np.int64]:
    return luck.choice(len(shares), size=n, p=np.array(shares) / sum(shares))


def rows_of(scenario: Scenario, stage: str, loyalty: Floats) -> Floats:
    """Where customers of these loyalties go from here: one row of probabilities for each."""
    standing = {name: part.standing for name, part in scenario.stages.items()}
    row = {name: scenario.moves[stage].get(name, 0.0) for name in scenario.stages}
    worse = {name for name in row if standing[name] < standing[stage]}
    loss = sum(row[name] for name in worse)
    if not 0 < loss < 1:
        return np.tile(list(row.values()), (len(loyalty), 1))
    odds = loss / (1 - loss) * np.exp(-loyalty)
    shift = odds / (1 + odds)
    factors = [shift / loss if name in worse else (1 - shift) / (1 - loss) for name in row]
    return np.stack([p * factor for p, factor in zip(row.values(), factors, strict=True)], axis=1)


def second_engine(s: Scenario, seed: int) -> Lives:
    """The model of `crmsim.engine.kernel`, said again."""
    luck, names, n = np.random.default_rng(seed), list(s.stages), s.customers
    channels, segments = list(s.arrival.channels.values()), list(s.traits.segments.values())
    channel, segment = choose(luck, [c.share for c in channels], n), choose(luck, [g.share for g in segments], n)
    first = luck.random(n) < s.arrival.first_period_share
    arrival = np.where(first, 0, luck.integers(1, s.arrival.over_periods, n))
    rate = luck.gamma(s.traits.purchase_rate.shape, s.traits.purchase_rate.mean / s.traits.purchase_rate.shape, n)
    spend = s.traits.spend.mean * (s.traits.spend.q - 1) / luck.gamma(s.traits.spend.q, 1.0, n)
    loyalty = luck.normal(0, s.traits.loyalty.sd, n)
    for k, c in enumerate(channels):
        loyalty[channel == k] += c.loyalty
    for k, g in enumerate(segments):
        rate[segment == k] *= g.purchase_rate
        spend[segment == k] *= g.spend
        loyalty[segment == k] += g.loyalty
    stages = stages_of(s, luck, arrival, loyalty)
    lives = Lives(stages, np.zeros((n, s.periods)), np.zeros(n), np.zeros(n), channel, segment)
    lives.profit -= np.where(arrival < s.periods, np.array([c.cost for c in channels])[channel], 0)
    margins = np.array([c.margin for c in s.categories.values()])
    for t in range(s.periods):
        for k, name in enumerate(names):
            here = np.nonzero(stages[:, t] == k)[0]
            lives.profit[here] -= s.stages[name].service_cost
            counts = luck.poisson(rate[here] * s.stages[name].purchases * s.season[t % 12])
            who = np.repeat(here, counts)
            amounts = spend[who] * luck.gamma(s.traits.spend.p, 1 / s.traits.spend.p, len(who))
            kinds = choose(luck, [c.share for c in s.categories.values()], len(who))
            lives.purchases[here, t] = counts
            np.add.at(lives.revenue, who, amounts)
            np.add.at(lives.profit, who, amounts * margins[kinds])
    return lives


def stages_of(s: Scenario, luck: np.random.Generator, arrival: Any, loyalty: Floats) -> npt.NDArray[np.int64]:
    names, n = list(s.stages), len(arrival)
    stages = np.full((n, s.periods), -1)
    for t in range(s.periods):
        stages[arrival == t, t] = names.index(s.entry_stage)
        for k, name in enumerate(names):
            here = np.nonzero((arrival < t) & (stages[:, t - 1] == k))[0]
            edges = rows_of(s, name, loyalty[here]).cumsum(axis=1)
            stages[here, t] = (luck.random(len(here))[:, None] >= edges[:, :-1]).sum(axis=1)
    return stages


def engine(scenario: Scenario) -> Lives:
    """The same, from the tables of a run."""
    run = crm.simulate(scenario)
    ids, rows = run.customers.index, run.transactions
    n = scenario.customers
    purchases = np.zeros((n, scenario.periods))
    np.add.at(purchases, (rows["customer_id"].to_numpy(), rows["period"].to_numpy()), 1)
    revenue, profit = np.bincount(rows["customer_id"], rows["amount"], minlength=n), np.zeros(n)
    profit[ids] = run.truth.customers["profit"]
    channel, segment = np.full(n, -1), np.full(n, -1)
    channel[ids], segment[ids] = run.customers["channel"].cat.codes, run.truth.customers["segment"].cat.codes
    stages = run.truth.stages
    log = np.full((n, scenario.periods), -1)
    log[stages["customer_id"], stages["period"]] = stages["stage"].cat.codes
    return Lives(log, purchases, revenue, profit, channel, segment)


def z_scores(one: Floats, two: Floats) -> Floats:
    """Difference of the column means in standard errors; customers are independent, whatever happens within one."""
    se = np.sqrt((one.var(axis=0) + two.var(axis=0)) / len(one))
    difference = one.mean(axis=0) - two.mean(axis=0)
    return np.atleast_1d(np.divide(difference, se, out=np.zeros_like(difference), where=se > 0))


def differences(one: Lives, two: Lives, scenario: Scenario) -> dict[str, float]:
    """The largest |z| of each kind of total."""
    n_stages, groups = len(scenario.stages), {}
    groups["purchases by period"] = z_scores(one.purchases, two.purchases)
    for stage in range(-1, n_stages):
        groups[f"stage {stage} by period"] = z_scores((one.stages == stage) * 1.0, (two.stages == stage) * 1.0)
    for what in ("revenue", "profit"):
        groups[what] = z_scores(getattr(one, what), getattr(two, what))
        for by, n_groups in (("channel", len(scenario.arrival.channels)), ("segment", len(scenario.traits.segments))):
            for k in range(n_groups):
                mine = [
                    np.where((getattr(x, by) == k) & (x.stages[:, -1] >= 0), getattr(x, what), 0) for x in (one, two)
                ]
                groups[f"{what} of {by} {k}"] = z_scores(*mine)
        groups[f"squared {what}"] = z_scores(getattr(one, what) ** 2, getattr(two, what) ** 2)
    bought = [x.purchases.sum(axis=1) for x in (one, two)]
    groups["squared purchases"] = z_scores(bought[0] ** 2, bought[1] ** 2)
    return {name: float(abs(z).max()) for name, z in groups.items()}


@pytest.fixture(scope="module")
def world(bare_shop: Scenario) -> Scenario:
    """The shop without service and satisfaction, with loyalties that differ more, and variances that exist."""
    return bare_shop.replace(
        customers=N, periods=PERIODS, **{"arrival.over_periods": 15, "traits.spend.q": 5.0, "traits.loyalty.sd": 1.0}
    )


@pytest.fixture(scope="module")
def plain_lives(world: Scenario) -> Lives:
    return second_engine(world, seed=20_240_101)


def test_both_engines_agree(world: Scenario, plain_lives: Lives) -> None:
    found = differences(engine(world), plain_lives, world)
    assert len(found) > 25
    assert {name: z for name, z in found.items() if z > LIMIT} == {}


@pytest.mark.parametrize(
    ("slip", "noticed_by"),
    [
        ({"traits.loyalty.sd": 0.0}, "stage"),
        ({"season": (1.0,)}, "purchases by period"),
        ({"arrival.channels.telemarketing.cost": 0.0}, "profit of channel 4"),
        ({"traits.segments.occasion.spend": 1.0}, "revenue of segment 1"),
        ({"traits.purchase_rate.shape": 3.0}, "squared purchases"),
        ({"arrival.first_period_share": 0.2}, "stage -1"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_a_slip_in_either_engine_would_be_noticed(
    world: Scenario, plain_lives: Lives, slip: dict[str, Any], noticed_by: str
) -> None:
    found = differences(engine(world.replace(**slip)), plain_lives, world)
    assert any(z > LIMIT for name, z in found.items() if name.startswith(noticed_by))
