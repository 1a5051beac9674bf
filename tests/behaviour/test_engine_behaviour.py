"""What any sane firm's customers must do, whatever the numbers: each setting pulls in its own direction."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario


@pytest.fixture(scope="module")
def base(bare_shop: Scenario) -> Scenario:
    return bare_shop.replace(customers=3_000, periods=18)


def final_share(run: Run, stage: str) -> float:
    """Share of the arrived customers who stand in a stage in the last period."""
    stages = run.truth.stages
    last = stages[stages["period"] == run.periods - 1]
    return float((last["stage"] == stage).mean())


def moved(scenario: Scenario, stage: str, *, to_churn: float) -> Mapping[str, Any]:
    """A row with this much more churn, taken from staying."""
    row = dict(scenario.moves[stage])
    row["churn"] += to_churn
    row[stage] -= to_churn
    return {f"moves.{stage}": row}


def test_more_churn_fewer_customers(base: Scenario) -> None:
    shares = [
        final_share(crm.simulate(base.replace(**moved(base, "maturity", to_churn=x))), "churn") for x in (-0.02, 0, 0.1)
    ]
    assert shares == sorted(shares)
    assert len(set(shares)) == 3


def test_loyal_customers_stay_and_disloyal_ones_go(base: Scenario) -> None:
    run = crm.simulate(base.replace(**{"traits.loyalty.sd": 1.5}))
    stages = run.truth.stages
    lived = stages[stages["stage"] != "churn"].groupby("customer_id").size()
    early = run.customers.index[run.customers["acquired_period"] == 0]
    loyalty = run.truth.customers["loyalty"].loc[early]
    months = lived.reindex(early)
    assert months[loyalty > 1].mean() > months[loyalty.abs() < 0.5].mean() > months[loyalty < -1].mean()


@pytest.mark.parametrize(
    ("setting", "low", "high", "measure"),
    [
        ("traits.purchase_rate.mean", 0.5, 2.0, len),
        ("traits.spend.mean", 60.0, 200.0, lambda rows: rows["amount"].mean()),
        ("categories", 0.1, 0.5, lambda rows: rows["margin"].sum() / rows["amount"].sum()),
        ("traits.purchase_rate.shape", 50.0, 0.3, lambda rows: rows.groupby("customer_id").size().std()),
        ("traits.spend.q", 60.0, 2.5, lambda rows: rows.groupby("customer_id")["amount"].mean().std()),
    ],
)
def test_each_setting_pulls_its_own_way(base: Scenario, setting: str, low: Any, high: Any, measure: Any) -> None:
    if setting == "categories":
        low, high = ({"all": {"zh": "全", "share": 1.0, "margin": margin}} for margin in (low, high))
    found = [float(measure(crm.simulate(base.replace(**{setting: value})).transactions)) for value in (low, high)]
    assert found[1] > 1.3 * found[0]


def test_a_season_moves_purchases_and_nothing_else(base: Scenario) -> None:
    flat = crm.simulate(base.replace(season=(1.0,)))
    spring = crm.simulate(base.replace(season=(0.5, 0.5, 3.0, *[1.0] * 9)))
    pd.testing.assert_frame_equal(flat.truth.stages, spring.truth.stages)
    counts = [run.transactions.groupby("period").size() for run in (flat, spring)]
    change = counts[1] / counts[0]
    assert (change[[2, 14]] > 2.5).all()
    assert (change[[0, 1, 12, 13]] < 0.7).all()
    untouched = [2 + k for k in range(1, 10)]
    assert (change[untouched] == 1).all()


def test_zero_lift_zero_difference(base: Scenario) -> None:
    nothing = crm.Offer(at=6, customers=range(1_000), periods=4)
    table = crm.compare(base, {"none": [], "empty offer": [nothing]}, replications=3)
    assert (table[["profit_difference", "se"]] == 0).all(axis=None)
    assert (table.customers == 0).all(axis=None)
    one, two = crm.simulate(base), crm.simulate(base, policy=[nothing])
    pd.testing.assert_frame_equal(one.transactions, two.transactions, check_exact=True)


def test_only_the_cost_of_an_idle_offer_counts(base: Scenario) -> None:
    """An offer without effect costs exactly its price for each customer whom it reaches, with no luck in it."""
    reached = (crm.simulate(base).customers.loc[:999, "acquired_period"] <= 6).sum()
    table = crm.compare(base, {"none": [], "idle": [crm.Offer(at=6, customers=range(1_000), cost=2.5)]}, replications=3)
    assert table.loc["idle", "profit_difference"] == pytest.approx(-2.5 * reached, abs=1e-6)
    assert table.loc["idle", "se"] == pytest.approx(0, abs=1e-9)


def test_more_lift_adds_purchases_and_moves_none(base: Scenario) -> None:
    rows = []
    for lift in (-1.0, 0.0, 0.4, 2.0):
        run = crm.simulate(base, policy=[crm.Offer(at=4, customers=range(1_000), lift=lift, periods=5)])
        rows.append(set(run.transactions.drop(columns="category").itertuples(index=False, name=None)))
    for fewer, more in pairwise(rows):
        assert fewer < more
    named = {row[0] for row in rows[-1] - rows[0]}
    assert named <= set(range(1_000))


def test_more_lift_more_profit_before_cost(base: Scenario) -> None:
    offers = {f"{x}": [crm.Offer(at=4, customers=range(1_000), lift=x, periods=5)] for x in (0.0, 0.2, 0.5, 1.0)}
    table = crm.compare(base, offers, replications=3)
    assert (np.diff(table["profit"]) > 0).all()
    assert (table.customers.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)  # for every single customer


def test_a_discount_costs_margin_and_changes_no_purchase(base: Scenario) -> None:
    """The firm gives away the share; nobody buys more for it unless the offer also has a lift."""
    offer = crm.Offer(at=4, customers=range(3_000), discount=0.2, periods=14)
    full, cheap = crm.simulate(base).transactions, crm.simulate(base, policy=[offer]).transactions
    assert full[["customer_id", "time", "category"]].equals(cheap[["customer_id", "time", "category"]])
    arrival = crm.simulate(base).customers["acquired_period"]
    cut = (full["period"] >= 4) & (full["customer_id"].map(arrival) <= 4)
    ratio = cheap["amount"] / full["amount"]
    assert (abs(ratio[cut] - 0.8) * full["amount"][cut] < 0.0101).all()  # to the cent
    assert (ratio[~cut] == 1).all()
    lost = (full["amount"] - cheap["amount"]) - (full["margin"] - cheap["margin"])
    assert (abs(lost) < 1e-9).all()


def test_more_retention_fewer_leave(base: Scenario) -> None:
    shares = []
    for retention in (-2.0, 0.0, 1.0, 20.0):
        offer = crm.Offer(at=0, customers=range(3_000), retention=retention, periods=18)
        run = crm.simulate(base.replace(**{"arrival.first_period_share": 1.0}), policy=[offer])
        shares.append(final_share(run, "churn"))
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0  # nobody loses ground against odds of e to the 20
    assert shares[0] > 1.3 * shares[1]


def test_opposite_offers_cancel(base: Scenario) -> None:
    """Retention efforts of several offers add up on the logit scale; lifts multiply."""
    both = [
        crm.Offer(at=3, customers=range(500), retention=1.5, lift=1.0, periods=6),
        crm.Offer(at=3, customers=range(500), retention=-1.5, lift=-0.5, periods=6),
    ]
    one, two = crm.simulate(base), crm.simulate(base, policy=both)
    pd.testing.assert_frame_equal(one.truth.stages, two.truth.stages)
    pd.testing.assert_frame_equal(one.transactions, two.transactions)


def test_the_past_of_an_offer_does_not_change(base: Scenario) -> None:
    offer = crm.Offer(at=9, customers=range(3_000), lift=1.0, retention=1.0)
    one, two = crm.simulate(base).until(9), crm.simulate(base, policy=[offer]).until(9)
    pd.testing.assert_frame_equal(one.transactions, two.transactions)


def test_another_replication_is_other_luck_for_the_same_customers(base: Scenario) -> None:
    one, two = crm.simulate(base), crm.simulate(base, replication=1)
    pd.testing.assert_frame_equal(one.customers, two.customers)
    pd.testing.assert_frame_equal(
        one.truth.customers.drop(columns=["profit", "satisfaction"]),
        two.truth.customers.drop(columns=["profit", "satisfaction"]),
    )
    assert not one.transactions.equals(two.transactions)
    other = crm.simulate(base.replace(seed=8))
    assert not one.customers.equals(other.customers)


EXTREMES = [
    {"traits.purchase_rate.mean": 0.0},
    {"traits.purchase_rate.shape": 0.05},
    {"traits.purchase_rate.mean": 900.0, "customers": 20},
    {"traits.spend.mean": 1e-9},
    {"traits.spend.mean": 7e8, "traits.spend.q": 1.0001, "traits.spend.p": 0.05},
    {"traits.loyalty.sd": 5.0},
    {"traits.segments": {"away": {"zh": "走", "share": 1.0, "loyalty": -20.0}}},
    {"traits.segments": {"here": {"zh": "留", "share": 1.0, "loyalty": 20.0}}},
    {"season": (0.0,)},
    {"discount_rate": 1.0},
    {"categories": {"gift": {"zh": "赠", "share": 1.0, "margin": -1.0}}},
    {"start": "1900-01-01", "periods": 1200, "customers": 30},
    {"period": "week", "season": (1.0,), "start": "2100-12-31"},
    {"arrival.over_periods": 1200, "arrival.first_period_share": 0.0},
]


@pytest.mark.parametrize("changes", EXTREMES, ids=lambda changes: " ".join(changes))
def test_extremes_stay_sane(shop: Scenario, changes: dict[str, Any]) -> None:
    changes = {"affinity": None, **changes}
    run = crm.simulate(shop.replace(**{"customers": 200, **changes}))
    money = run.transactions[["amount", "margin"]].to_numpy()
    assert np.isfinite(money).all()
    assert (run.transactions["amount"] >= 0.01).all()
    assert np.isfinite(run.truth.customers.select_dtypes("number").to_numpy()).all()
    clv = run.truth.clv(at=2, horizon=3, replications=3).to_numpy()
    assert np.isfinite(clv).all()
    assert (clv[:, 1] >= 0).all()


def test_extreme_offers_stay_sane(shop: Scenario) -> None:
    """Forty offers at once, each at its limit: odds and purchases stop at their bounds, and stay numbers."""
    everyone = range(20)
    holds = [crm.Offer(at=1, customers=everyone, retention=20, periods=12) for _ in range(40)]
    drops = [crm.Offer(at=1, customers=everyone, retention=-20, periods=12) for _ in range(40)]
    small = shop.replace(customers=20, periods=4, **{"arrival.over_periods": 1})
    kept, lost = (crm.simulate(small, policy=policy).truth.stages for policy in (holds, drops))
    assert not kept["stage"].isin(["decline", "churn"]).any()
    assert (lost.loc[lost["period"] == 1, "stage"].isin(["decline", "churn"])).all()
    rush = [crm.Offer(at=1, customers=[0], lift=1000, cost=1e9) for _ in range(3)]
    assert 10_000 < len(crm.simulate(small, policy=rush).transactions) < 150_000
