"""Purchases, amounts, arrivals and traits against their distributions, for many customers at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

ALPHA = 1e-6


@pytest.fixture(scope="module")
def run(plain_shop: Scenario) -> Run:
    """A quarter of a million customers through the five stages."""
    return crm.simulate(plain_shop.replace(customers=250_000, periods=10))


@pytest.fixture(scope="module")
def faithful(plain_shop: Scenario) -> Scenario:
    """Nobody leaves and every stage buys alike: purchases are a Poisson process with a Gamma rate."""
    stages = {name: {"zh": "段", "standing": k, "purchases": 1.0} for k, name in enumerate(("one", "two"))}
    moves = {name: {"one": 0.5, "two": 0.5} for name in stages}
    changes = {"entry_stage": "one", "stages": stages, "moves": moves, "traits.purchase_rate.mean": 0.4}
    return plain_shop.replace(customers=300_000, periods=12, **changes)


def mean_z(values: Any, expected: float) -> float:
    return float((values.mean() - expected) / (values.std(ddof=1) / np.sqrt(len(values))))


def chi_square(counts: Any, shares: Any) -> float:
    """Chi-square over its critical value."""
    expected = counts.sum() * np.asarray(shares)
    return float(((counts - expected) ** 2 / expected).sum() / stats.chi2.isf(ALPHA, len(counts) - 1))


@pytest.mark.parametrize("stage", ["acquisition", "growth", "maturity", "decline"])
def test_purchases_in_a_stage(plain_shop: Scenario, run: Run, stage: str) -> None:
    """Purchases of a customer in a stage, less rate x factor x months there, are zero on average."""
    log, rows = run.lives.stage_log, run.lives.rows
    number = list(plain_shop.stages).index(stage)
    months = (log == number).sum(axis=1)
    bought = np.bincount(rows["customer"][log[rows["customer"], rows["period"]] == number], minlength=len(log))
    rate = plain_shop.traits.purchase_rate.mean * plain_shop.stages[stage].purchases
    been = months > 0
    assert abs(mean_z((bought - rate * months)[been], 0.0)) < 4
    assert abs(mean_z((bought - 1.03 * rate * months)[been], 0.0)) > 4


def test_nobody_buys_after_churn(run: Run) -> None:
    rows = run.lives.rows
    assert (run.lives.stage_log[rows["customer"], rows["period"]] < 4).all()


def test_counts_are_negative_binomial(faithful: Scenario) -> None:
    """Ehrenberg's model: mean rT, variance rT + (rT)^2 / shape, and the distribution itself."""
    found = crm.simulate(faithful)
    counts = np.bincount(found.transactions["customer_id"], minlength=faithful.customers)
    shape, mean = faithful.traits.purchase_rate.shape, 0.4 * 12
    exact = stats.nbinom(shape, shape / (shape + mean))
    assert abs(mean_z(counts, exact.mean())) < 4
    squares = (counts - mean) ** 2
    assert abs(mean_z(squares, exact.var())) < 4
    assert abs(mean_z(squares, mean)) > 4  # Poisson: everybody alike
    cells = np.bincount(np.minimum(counts, 40), minlength=41)
    shares = np.append(exact.pmf(np.arange(40)), exact.sf(39))
    assert chi_square(cells, shares) < 1
    wrong = stats.nbinom(1.05 * shape, 1.05 * shape / (1.05 * shape + mean))
    assert chi_square(cells, np.append(wrong.pmf(np.arange(40)), wrong.sf(39))) > 1


def test_months_of_one_customer_share_a_rate(faithful: Scenario) -> None:
    """Counts of two halves of a year: independent given the rate, so their covariance is (rT/2)^2 / shape."""
    table = crm.simulate(faithful).transactions
    halves = [
        np.bincount(table["customer_id"][chosen], minlength=faithful.customers)
        for chosen in (table["period"] < 6, table["period"] >= 6)
    ]
    products = (halves[0] - 2.4) * (halves[1] - 2.4)
    assert abs(mean_z(products, 2.4**2 / faithful.traits.purchase_rate.shape)) < 4
    assert abs(mean_z(products, 0.0)) > 4


def test_times_are_uniform_within_the_period(run: Run) -> None:
    starts = run.period_starts.to_numpy().astype(np.int64)
    rows = run.lives.rows
    share = (rows["second"] - starts[rows["period"]]) / np.diff(starts)[rows["period"]]
    assert stats.kstest(share[::5], "uniform").pvalue > ALPHA


def test_mean_spend(plain_shop: Scenario, run: Run) -> None:
    """Gamma-Gamma: amounts average the scenario's mean, and those of one customer his spend level."""
    rows, mean = run.lives.rows, plain_shop.traits.spend.mean
    counts = np.bincount(rows["customer"], minlength=250_000)
    sums = np.bincount(rows["customer"], rows["cents"] / 100, minlength=250_000)
    buyers = counts > 0
    assert abs(mean_z((sums - mean * counts)[buyers], 0.0)) < 4
    assert abs(mean_z((sums - 1.03 * mean * counts)[buyers], 0.0)) > 4
    level = run.truth.customers["spend_level"].to_numpy()
    assert abs(mean_z(((sums - level * counts) / level)[buyers], 0.0)) < 4
    assert abs(mean_z(level, mean)) < 4


def test_amounts_are_gamma_gamma(plain_shop: Scenario, run: Run) -> None:
    """First purchases are independent: their amounts are p and q in a beta prime distribution."""
    rows, spend = run.lives.rows, plain_shop.traits.spend
    first = np.unique(rows["customer"], return_index=True)[1][:60_000]
    scale = spend.mean * (spend.q - 1) / spend.p
    amounts = rows["cents"][first] / 100
    assert stats.kstest(amounts, stats.betaprime(spend.p, spend.q, scale=scale).cdf).pvalue > ALPHA
    assert stats.kstest(amounts, stats.betaprime(spend.p * 1.3, spend.q, scale=scale / 1.3).cdf).pvalue < ALPHA


def test_spread_of_amounts_of_one_customer(plain_shop: Scenario, run: Run) -> None:
    """Given the spend level, an amount is Gamma(p): its squared relative deviation averages 1 / p."""
    rows, p = run.lives.rows, plain_shop.traits.spend.p
    first = np.unique(rows["customer"], return_index=True)[1]
    level = run.truth.customers["spend_level"].to_numpy()[rows["customer"][first]]
    squares = (rows["cents"][first] / 100 / level - 1) ** 2
    assert abs(mean_z(squares, 1 / p)) < 4
    assert abs(mean_z(squares, 1.05 / p)) > 4


def test_hidden_rates_and_loyalties_follow_their_settings(shop: Scenario) -> None:
    hidden = crm.simulate(shop.replace(customers=100_000, periods=1, **{"arrival.over_periods": 1})).truth.customers
    traits, channels = shop.traits, shop.arrival.channels
    shares = {name: segment.share for name, segment in traits.segments.items()}
    assert chi_square(hidden["segment"].value_counts()[list(shares)].to_numpy(), list(shares.values())) < 1
    by_channel = sum(channel.share * channel.loyalty for channel in channels.values())
    for name, segment in traits.segments.items():
        mine = hidden[hidden["segment"] == name]
        scale = traits.purchase_rate.mean * segment.purchase_rate / traits.purchase_rate.shape
        rate = stats.gamma(traits.purchase_rate.shape, scale=scale)
        assert stats.kstest(mine["purchase_rate"], rate.cdf).pvalue > ALPHA
        assert abs(mean_z(mine["spend_level"], traits.spend.mean * segment.spend)) < 4
        assert abs(mean_z(mine["loyalty"], segment.loyalty + by_channel)) < 4


def test_what_the_firm_sees_follows_its_shares(bare_shop: Scenario) -> None:
    wide = bare_shop.replace(customers=200_000, periods=36, **{"traits.purchase_rate.mean": 0.0})
    customers = crm.simulate(wide).customers
    tables = {"channel": wide.arrival.channels, "region": wide.regions, "age_group": wide.age_groups}
    for column, groups in tables.items():
        counts = customers[column].value_counts()[list(groups)].to_numpy()
        assert chi_square(counts, [group.share for group in groups.values()]) < 1
        assert chi_square(counts, np.full(len(groups), 1 / len(groups))) > 1
    arrivals = customers["acquired_period"].value_counts().sort_index().to_numpy()
    assert chi_square(arrivals, [0.30, *[0.70 / 35] * 35]) < 1
    assert len(customers) == 200_000  # over_periods is 36: everybody has come


def test_seasons_scale_purchases(faithful: Scenario) -> None:
    season = (0.5, 1.5, 1.0, 2.0, *[1.0] * 8)
    counts = crm.simulate(faithful.replace(season=season)).transactions.groupby("period").size()
    ratio = counts / (faithful.customers * 0.4 * np.array(season))
    shape, mean = faithful.traits.purchase_rate.shape, 0.4 * np.array(season)
    se = np.sqrt((1 / mean + 1 / shape) / faithful.customers)
    assert (abs(ratio - 1) < 4 * se).all()
    assert (abs(ratio * np.array(season) - 1)[[0, 1, 3]] > 4 * se[[0, 1, 3]]).all()


def test_categories_and_margins(shop: Scenario, plain_shop: Scenario) -> None:
    found = crm.simulate(
        plain_shop.replace(customers=100_000, periods=3, categories=dict(shop.categories))
    ).transactions
    counts = found["category"].value_counts()[list(shop.categories)].to_numpy()
    assert chi_square(counts, [category.share for category in shop.categories.values()]) < 1
    for name, category in shop.categories.items():
        mine = found[found["category"] == name]
        error = mine["margin"] - category.margin * mine["amount"]
        assert abs(error).max() < 0.0101  # amount and cost of goods are each rounded to the cent
        assert abs(error.sum()) < 4 * 0.0041 * np.sqrt(len(mine))  # and rounding favours nobody
