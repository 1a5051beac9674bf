"""What a contact does to satisfaction, actions that turn into offers when their time comes, and what is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.customers.streaming import simulate_to
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

AT, TOUCH = 5, 0.8
EVERYBODY = range(600)


@pytest.fixture(scope="module")
def unmoved(shop: Scenario) -> Scenario:
    """Satisfaction is felt, and moves nothing."""
    still = {"satisfaction.on_loyalty": 0.0, "satisfaction.on_purchases": 0.0, "word_of_mouth.on_referrals": 0.0}
    return shop.replace(customers=600, periods=AT + 3, **still)


@dataclass(frozen=True)
class Visits:
    """A campaign for tests: a visit to everybody who is a customer by then, cheered or annoyed by their number."""

    at: int
    name: str = "visits"
    start: int | None = None

    def offers(self, run: Any) -> Sequence[crm.Offer]:
        assert run.periods == self.at
        here = run.truth.stages.query("period == @run.periods - 1 and stage != 'churn'").customer_id
        start = self.at if self.start is None else self.start
        cheered = crm.Offer(at=start, customers=here[here % 2 == 0], satisfaction=TOUCH, cost=2, name="visits: glad")
        return [cheered, crm.Offer(at=start, customers=here[here % 2 == 1], satisfaction=-TOUCH, cost=2, name="sad")]


def moods(scenario: Scenario, policy: Any) -> pd.Series:
    return crm.simulate(scenario, policy=policy).truth.customers["satisfaction"]


def test_a_contact_is_remembered_and_wears_off(unmoved: Scenario) -> None:
    """Each later period with an experience leaves the share `memory` of it: never less, never more."""
    offer = crm.Offer(at=AT, customers=EVERYBODY, satisfaction=TOUCH)
    for periods in (AT + 1, AT + 3):
        s = unmoved.replace(periods=periods)
        change = (moods(s, [offer]) - moods(s, [])).loc[lambda column: column.index < 600]
        arrived = crm.simulate(s).customers["acquired_period"].reindex(change.index)
        assert (change[arrived > AT] == 0).all()
        memory = s.satisfaction.memory
        possible = [TOUCH * memory**k for k in range(periods - AT + 1)]
        found = change[arrived <= AT].to_numpy()
        nearest = np.abs(found[:, None] - np.array(possible)).argmin(axis=1)
        np.testing.assert_allclose(found, np.array(possible)[nearest], atol=1e-12)
        assert len(set(nearest)) == len(possible)


def test_what_is_remembered_moves_customers(shop: Scenario) -> None:
    shop = shop.replace(customers=3_000, periods=18)
    glad = crm.Offer(at=6, customers=range(3_000), satisfaction=TOUCH)
    sad = crm.Offer(at=6, customers=range(3_000), satisfaction=-TOUCH)
    table = crm.compare(shop, {"nothing": [], "glad": [glad], "sad": [sad]}, replications=6)
    for measure, error, sign in (
        ("profit_difference", "se", 1),
        ("equity_difference", "equity_se", 1),
        ("satisfaction_difference", "satisfaction_se", 1),
        ("churned_difference", "churned_se", -1),
    ):
        for name, direction in (("glad", 1), ("sad", -1)):
            z = table.loc[name, measure] / table.loc[name, error]
            assert z * sign * direction > 4, (name, measure, z)
    assert (table.loc["nothing", ["equity_difference", "satisfaction_difference", "churned_difference"]] == 0).all()


def test_where_nothing_is_felt_nothing_is_touched(bare_shop: Scenario) -> None:
    bare = bare_shop.replace(customers=300, periods=10)
    one, two = (crm.simulate(bare, policy=p) for p in ([], [crm.Offer(at=3, customers=range(300), satisfaction=5)]))
    pd.testing.assert_frame_equal(one.transactions, two.transactions)


def test_compared_are_the_sums_of_two_runs(shop: Scenario) -> None:
    """Replication r is run r where the first action is in period 0; equity is discounted from there."""
    shop = shop.replace(customers=500, periods=8)
    offer = crm.Offer(at=0, customers=range(250), satisfaction=1.0, lift=0.3, cost=2)
    lever = crm.Lever(at=2, reply=0.2, cost=30)
    policies = {"nothing": [], "both": [offer, lever]}
    table = crm.compare(shop, policies, replications=2)
    runs = {name: [crm.simulate(shop, policy=p, replication=r) for r in range(2)] for name, p in policies.items()}
    for name, pair in runs.items():
        hidden = [run.truth.customers for run in pair]
        assert table.loc[name, "satisfaction"] == pytest.approx(np.mean([h["satisfaction"].mean() for h in hidden]))
        last = [run.truth.stages.groupby("customer_id").stage.last() for run in pair]
        assert table.loc[name, "churned"] == pytest.approx(np.mean([(stage == "churn").mean() for stage in last]))
        cost = 30 * 6 if name == "both" else 0
        assert table.loc[name, "profit"] == pytest.approx(np.mean([h["profit"].sum() for h in hidden]) - cost)
        assert table.loc[name, "equity"] < table.loc[name, "profit"]
    no_discount = crm.compare(shop.replace(discount_rate=0.0), policies, replications=2)
    for column in ("profit", "profit_difference"):
        equity = no_discount[column.replace("profit", "equity")]
        np.testing.assert_allclose(no_discount[column], equity)


def test_equity_begins_with_the_first_action(shop: Scenario) -> None:
    """Money before it is past, and is the same under all policies."""
    shop = shop.replace(customers=400, periods=12, discount_rate=0.0)
    late = crm.Offer(at=9, customers=range(400), lift=0.5, cost=1)
    table = crm.compare(shop, {"nothing": [], "late": [late]}, replications=2)
    np.testing.assert_allclose(table["equity_difference"], table["profit_difference"])
    past = crm.simulate(shop.replace(periods=9)).truth.customers["profit"].sum()
    assert table.loc["nothing", "profit"] - table.loc["nothing", "equity"] == pytest.approx(past)


def test_a_campaign_turns_into_offers(shop: Scenario, tmp_path: Any) -> None:
    shop = shop.replace(customers=600, periods=10)
    run = crm.simulate(shop, policy=[Visits(4), Visits(7)])
    found = run.campaigns.groupby(["period", "offer"], observed=True).size()
    assert found.index.tolist() == [(4, "sad"), (4, "visits: glad"), (7, "sad"), (7, "visits: glad")]
    assert found.min() > 50
    again = crm.simulate(shop.replace(periods=7), policy=Visits(4).offers(crm.simulate(shop.replace(periods=4))))
    before = run.transactions[run.transactions["period"] < 7].reset_index(drop=True)
    pd.testing.assert_frame_equal(again.transactions, before)
    simulate_to(shop, tmp_path / "run", policy=[Visits(4), Visits(7)], progress=False)
    written = pd.read_parquet(tmp_path / "run" / "campaigns")
    assert len(written) == len(run.campaigns)


@pytest.mark.parametrize("start", [3, 6], ids=["earlier", "later"])
def test_a_campaign_acts_in_its_own_period(shop: Scenario, start: int) -> None:
    with pytest.raises(InputError, match="its own period 5"):
        crm.simulate(shop.replace(customers=100, periods=9), policy=[Visits(5, start=start)])


@pytest.mark.parametrize("policy", [Visits(3), [Visits], [object()], [3]], ids=["alone", "class", "object", "number"])
def test_what_is_no_action_is_refused(shop: Scenario, policy: Any) -> None:
    with pytest.raises(InputError, match="A policy is a list of offers"):
        crm.simulate(shop.replace(customers=100, periods=5), policy=policy)
