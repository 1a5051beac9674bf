"""Comparing on paired luck: it is what two runs would give, only cheaper, and its standard error is honest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.settings.scenario import Scenario


@pytest.fixture(scope="module")
def base(bare_shop: Scenario) -> Scenario:
    return bare_shop.replace(customers=800, periods=10)


def profit(scenario: Scenario, policy: list[crm.Offer], replication: int) -> pd.Series:
    """Profit of each customer by an ordinary run."""
    return crm.simulate(scenario, policy=policy, replication=replication).truth.customers["profit"]


def test_it_is_the_difference_of_two_runs(base: Scenario) -> None:
    """With an action in period 0 nothing is shared but the traits, so replication r is run r."""
    offer = crm.Offer(at=0, customers=range(0, 800, 2), lift=0.6, retention=0.5, cost=3, periods=6)
    table = crm.compare(base, {"nothing": [], "offer": [offer]}, replications=4)
    pairs = [(profit(base, [], r), profit(base, [offer], r)) for r in range(4)]
    totals = np.array([(with_offer - without).sum() for without, with_offer in pairs])
    assert table.index.name == "policy"
    assert table.loc["nothing", "profit"] == pytest.approx(np.mean([without.sum() for without, _ in pairs]))
    assert table.loc["offer", "profit"] == pytest.approx(np.mean([with_offer.sum() for _, with_offer in pairs]))
    assert table.loc["offer", "profit_difference"] == pytest.approx(totals.mean())
    assert table.loc["offer", "se"] == pytest.approx(totals.std(ddof=1) / 2)
    each = sum(with_offer - without for without, with_offer in pairs) / 4
    mine = table.customers["offer"]
    assert mine.index.tolist() == list(range(0, 800, 2))
    pd.testing.assert_series_equal(
        mine[mine.index.isin(each.index)], each.reindex(mine.index).dropna(), check_names=False
    )
    assert (each.drop(mine.index, errors="ignore") == 0).all()
    spread = pd.concat([with_offer - without for without, with_offer in pairs], axis=1).std(axis=1) / 2
    found = table.customers_se["offer"].reindex(spread.index).dropna()
    pd.testing.assert_series_equal(found, spread[found.index], check_names=False)
    assert (table.customers_se["nothing"] == 0).all()
    assert found.max() > 0


def test_replications_share_the_past(base: Scenario) -> None:
    """The first replication is the run itself; the others leave it only where the first policy acts."""
    late = crm.Offer(at=9, customers=range(800), lift=1.0)
    table = crm.compare(base, {"offer": [late], "nothing": []}, replications=2)
    whole = profit(base, [late], 0).sum()
    past = base.replace(periods=9)
    luck_of_one_period = abs(table.loc["offer", "profit"] - whole)
    assert luck_of_one_period < 0.2 * abs(profit(past, [], 0).sum() - profit(past, [], 1).sum()) + 1e4
    assert table.index.tolist() == ["offer", "nothing"]
    assert table.loc["nothing", "profit_difference"] < 0


def test_every_policy_is_compared_with_the_first(base: Scenario) -> None:
    offers = {f"{x}": [crm.Offer(at=5, customers=range(100), lift=x)] for x in (0.5, 0.0, 1.0)}
    table = crm.compare(base, offers, replications=3)
    assert table["profit_difference"].iloc[0] == 0
    assert np.allclose(table["profit"] - table["profit"].iloc[0], table["profit_difference"])
    assert table.loc["0.0", "profit_difference"] < 0 < table.loc["1.0", "profit_difference"]
    assert np.allclose(table.customers.sum(), table["profit_difference"])


def test_threads_change_nothing(base: Scenario) -> None:
    policies = {"nothing": [], "offer": [crm.Offer(at=5, customers=range(800), lift=0.3, cost=1)]}
    one, two = (crm.compare(base, policies, replications=3, threads=threads) for threads in (1, 4))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    pd.testing.assert_frame_equal(one.customers, two.customers, check_exact=True)


def test_large_bases_are_cut_into_blocks(base: Scenario) -> None:
    """More customers than a block holds: nobody is lost between two blocks."""
    large = base.replace(customers=9_000, periods=3)
    offer = crm.Offer(at=1, customers=range(9_000), cost=1)
    reached = (crm.simulate(large).customers["acquired_period"] <= 1).sum()
    table = crm.compare(large, {"nothing": [], "offer": [offer]}, replications=2)
    assert table.loc["offer", "profit_difference"] == pytest.approx(-reached)


def test_paired_luck_is_far_cheaper_than_independent_luck(base: Scenario) -> None:
    """Both estimate the same effect; the paired standard error is the smaller one by far."""
    n = 24
    offer = crm.Offer(at=0, customers=range(800), lift=0.3, cost=2, periods=10)
    table = crm.compare(base, {"nothing": [], "offer": [offer]}, replications=n)
    without = np.array([profit(base, [], r).sum() for r in range(100, 100 + n)])
    with_offer = np.array([profit(base, [offer], r).sum() for r in range(200, 200 + n)])
    effect, se = with_offer.mean() - without.mean(), np.sqrt((without.var(ddof=1) + with_offer.var(ddof=1)) / n)
    paired, paired_se = table.loc["offer", "profit_difference"], table.loc["offer", "se"]
    assert abs(paired - effect) < 4 * np.hypot(se, paired_se)
    assert paired_se < se / 2
    assert paired > 10 * paired_se  # a clear result, where independent luck leaves it in doubt


def test_the_standard_error_is_honest(base: Scenario) -> None:
    """Many comparisons with few replications: their errors spread as their standard errors say."""
    offer = [crm.Offer(at=0, customers=range(300), lift=0.5, retention=0.5, periods=10)]
    n_groups, n = 40, 5
    effects = np.array([(profit(base, offer, r) - profit(base, [], r)).sum() for r in range(n_groups * n)])
    groups = effects.reshape(n_groups, n)
    claimed = groups.var(axis=1, ddof=1).mean() / n  # what `se` squared estimates
    actual = groups.mean(axis=1).var(ddof=1)
    tolerance = 4 * actual * np.sqrt(2 / (n_groups - 1) + 2 / (n_groups * (n - 1)))
    assert abs(actual - claimed) < tolerance
    assert abs(actual - n * claimed) > tolerance  # the standard deviation in its place would be noticed
    table = crm.compare(base, {"nothing": [], "offer": offer}, replications=n)
    assert table.loc["offer", "se"] == pytest.approx(groups[0].std(ddof=1) / np.sqrt(n))


def test_present_prices_of_retail_are_about_the_best(shop: Scenario) -> None:
    """As its scenario says: five per cent up or down, for everybody and for good, costs profit."""
    world = shop.replace(customers=3_000, periods=24, seed=3)
    policies = {"nothing": [], **{f"{p}": [crm.Lever(at=6, periods=18, price=p)] for p in (0.95, 1.05)}}
    found = crm.compare(world, policies, replications=4)
    assert (found["profit_difference"][1:] < -2 * found["se"][1:]).all()
