"""Phone campaigns: who is called, what the calls become for the engine, and what one sentence does to customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.campaign import PhoneCampaign, _effects
from crmsim.phone.model import Script
from crmsim.phone.wishes import CalledOffer, who_wished

RUDE = "你别废话，少废话，闭嘴听我说。你平时怎么买日用品？"


@pytest.fixture(scope="module")
def half_year(phone_run):
    """The first six periods of the run, which a campaign at period 6 looks at."""
    return crm.simulate(phone_run.scenario.replace(periods=6))


def campaign(script, **change):
    return PhoneCampaign(**{"at": 6, "customers": range(600), "script": script, "cost": 4, "seed": 1, **change})


def selling(script: Script, purpose: str) -> Script:
    content = script.model_dump(by_alias=True)
    content["purpose"] = purpose
    content["ends"][0]["disposition"] = "sale"
    return Script.model_validate(content)


# Who is called


def test_only_those_who_have_come_are_called(half_year, baseline):
    dialled = campaign(baseline).dialled(half_year)
    assert dialled.tolist() == half_year.customers.index[half_year.customers.index < 600].tolist()
    assert 0 < len(dialled) < 600


def test_capacity_and_budget_take_the_best_first(half_year, baseline):
    best = half_year.customers.index[::-1][:100]
    assert campaign(baseline, customers=best, at_most=7).dialled(half_year).tolist() == best[:7].tolist()
    assert campaign(baseline, customers=best, budget=41).dialled(half_year).tolist() == best[:10].tolist()
    assert campaign(baseline, customers=best, cost=0, budget=0).dialled(half_year).tolist() == best.tolist()


def test_a_rule_sees_records_and_no_truth(half_year, baseline):
    seen = []

    def lately(past):
        seen.append(past)
        return past.transactions["customer_id"].unique()[:50]

    assert len(campaign(baseline, customers=lately).dialled(half_year)) == 50
    assert not hasattr(seen[0], "truth")
    assert seen[0].periods == 6


def test_a_longer_run_is_cut_to_the_campaigns_time(phone_run, half_year, baseline):
    pd.testing.assert_frame_equal(
        campaign(baseline).calls(phone_run).results, campaign(baseline).calls(half_year).results
    )


@pytest.mark.parametrize(("month", "called"), [(11, False), (12, True)])
def test_do_not_call_holds_for_six_months(phone_run, baseline, month, called):
    """Written down at the beginning of period 6: left alone before period 12."""
    wish = crm.Offer(at=6, customers=[2, 3], name="calls: do_not_call")
    run = crm.simulate(phone_run.scenario.replace(customers=200, periods=month), policy=[wish])
    here = run.customers.index.intersection([2, 3])
    assert len(here)
    dialled = campaign(baseline, at=month).dialled(run)
    assert np.isin(here, dialled).all() == called
    assert np.isin(here, dialled).any() == called


# What the calls become


def test_offers_hold_what_came_of_the_calls(half_year, baseline):
    action = campaign(baseline)
    results, offers = action.calls(half_year).results, action.offers(half_year)
    reached = np.concatenate([offer.customers for offer in offers])
    assert sorted(reached) == results.index.tolist()
    for offer in offers:
        rows = results.loc[offer.customers]
        assert set(rows["disposition"]) == {offer.name.removeprefix("calls: ")}
        assert offer.satisfaction == pytest.approx(rows["satisfaction_change"].mean(), abs=1e-6)
        assert np.ptp(rows["satisfaction_change"]) <= 0.1 + 1e-9
        assert (offer.at, offer.cost) == (6, 4)
        assert (offer.lift > 0) == (offer.retention > 0) == bool(rows["accepted"].all())
    assert 3 <= len(offers) <= 30


@pytest.mark.parametrize("purpose", ["win_back", "cross_sell", "welcome", "complaint"])
def test_what_a_yes_brings_hangs_on_the_purpose(half_year, baseline, purpose):
    offers = campaign(selling(baseline, purpose)).offers(half_year)
    found = {(offer.lift, offer.retention, offer.periods) for offer in offers if offer.name == "calls: sale"}
    wanted = _effects()["effects"][purpose]
    assert (wanted["lift"], wanted["retention"], wanted["periods"]) in found


def test_a_campaign_is_an_action_of_a_policy(half_year, baseline):
    scenario = half_year.scenario.replace(periods=8)
    run = crm.simulate(scenario, policy=[campaign(baseline)])
    called = run.campaigns
    assert set(called["period"]) == {6}
    expected = campaign(baseline).calls(half_year).results["disposition"]
    noted = called.set_index("customer_id")["offer"].sort_index()
    assert noted.tolist() == ("calls: " + expected.astype(str)).tolist()
    assert (called["cost"] == 4).all()


def test_a_second_campaign_leaves_alone_who_asked_for_it_and_knows_the_others(half_year, baseline):
    scenario = half_year.scenario.replace(periods=9)
    angry = campaign(baseline, name="first")
    run = crm.simulate(scenario, policy=[angry, campaign(baseline, at=8, name="second")])
    told = run.campaigns.pivot_table(index="customer_id", columns="period", values="offer", aggfunc="first")
    wished = told.index[told[6] == "first: do_not_call"]
    assert told.loc[wished, 8].isna().all()
    later = crm.phone.callees(crm.simulate(scenario.replace(periods=8), policy=[angry]))
    answered = told.index[told[6].notna() & (told[6] != "first: no_answer")]
    assert (later.loc[answered, "n_contacts"] == 1).all()
    assert (later.drop(answered)["n_contacts"] == 0).all()


def test_other_replications_have_other_luck(half_year, baseline):
    again = crm.simulate(half_year.scenario, replication=1)
    one, other = (campaign(baseline).calls(run).results["answered"] for run in (half_year, again))
    both = one.index.intersection(other.index)
    assert not one[both].equals(other[both])


# The loop closes


@pytest.fixture(scope="module")
def compared(half_year, baseline, changed):
    scenario = half_year.scenario.replace(customers=1_500, periods=12)
    policies = {
        "rude sentence": [campaign(changed(need=RUDE), customers=range(1_500), cost=1)],
        "good script": [campaign(baseline, customers=range(1_500), cost=1)],
        "the same": [campaign(changed(), customers=range(1_500), cost=1)],
    }
    return crm.compare(scenario, policies, replications=6)


def test_one_sentence_moves_satisfaction_churn_and_profit(compared):
    good = compared.loc["good script"]
    assert good["satisfaction_difference"] > 4 * good["satisfaction_se"] > 0
    assert good["profit_difference"] > 3 * good["se"] > 0
    assert good["churned_difference"] < -2 * good["churned_se"] < 0


def test_the_same_script_makes_no_difference(compared):
    assert (compared.loc["good script"] == compared.loc["the same"]).all()


# The wish not to be called again


@pytest.fixture(scope="module")
def ignoring(baseline):
    """The baseline, but whoever asks not to be called hears the offer once more and is written down as refused."""
    content = baseline.model_dump(by_alias=True)
    offer = next(node["id"] for node in content["nodes"] if node["stage"] == "pitch")
    refused = next(end["id"] for end in content["ends"] if end["disposition"] == "refused")
    for node in content["nodes"]:
        for reply in node["replies"]:
            if reply["intent"] == "opt_out":
                reply["to"] = refused if node["id"] == offer else offer
    return Script.model_validate(content)


@pytest.fixture(scope="module")
def two_calls(phone_run, baseline, ignoring):
    """Two campaigns two periods apart, by each script, with the same luck."""
    scenario = phone_run.scenario.replace(periods=10)
    runs = {}
    for name, script in {"kept": baseline, "ignored": ignoring}.items():
        actions = [campaign(script, customers=range(6_000), **when) for when in ({}, {"at": 8, "seed": 2})]
        before = crm.simulate(scenario.replace(periods=8), policy=actions[:1])
        runs[name] = crm.simulate(scenario, policy=actions), before
    return runs


def test_going_on_after_do_not_call_angers_in_the_same_call(half_year, baseline, ignoring):
    kept, ignored = (campaign(s, customers=range(6_000)).calls(half_year).results for s in (baseline, ignoring))
    wished = kept["opted_out"]
    assert wished.sum() >= 10
    assert (wished & ignored["opted_out"]).sum() == wished.sum(), "the same luck up to the wish"
    change = ignored["satisfaction_change"] - kept["satisfaction_change"]
    assert (change[~wished] == 0).all()
    assert change[wished].mean() < -4 * change[wished].std() / np.sqrt(wished.sum()) < 0
    assert ignored.loc[wished, "complained"].mean() >= kept.loc[wished, "complained"].mean()


def test_who_wished_it_and_is_called_again_is_angry_once_more(two_calls, baseline, ignoring):
    run, before = two_calls["ignored"]
    again = campaign(ignoring, customers=range(6_000), at=8, seed=2)
    results, wished = again.calls(before).results, who_wished(before, months=6)
    moved = pd.concat([pd.Series(offer.satisfaction, offer.customers) for offer in again.offers(before)])
    extra = (moved - results["satisfaction_change"]).reindex(results.index)
    ignored = results["answered"] & results.index.isin(wished)
    assert ignored.sum() >= 5
    step = _effects()["satisfaction_step"]
    assert (abs(extra[ignored] - _effects()["called_again"]["satisfaction"]) <= step + 1e-9).all()
    assert (abs(extra[~ignored]) <= step + 1e-9).all()
    assert run.campaigns.query("period == 8")["customer_id"].isin(wished).any()
    kept, before_kept = two_calls["kept"]
    assert set(who_wished(before_kept, months=6)) == set(wished)
    assert not kept.campaigns.query("period == 8")["customer_id"].isin(wished).any()


def test_a_wish_ignored_twice_shows_in_remembered_satisfaction(two_calls):
    """The same customers with the same luck; the two scripts differ in what follows the wish alone."""
    wished = who_wished(two_calls["kept"][1], months=6)
    kept, ignored = (
        run.truth.customers["satisfaction"].reindex(wished) for run, _ in (two_calls["kept"], two_calls["ignored"])
    )
    change = ignored - kept
    assert change.mean() < -3 * change.std() / np.sqrt(len(change)) < 0
    assert change.mean() < -0.05


def test_a_wish_is_forgotten_after_half_a_year_and_is_the_customers_own(two_calls):
    _, before = two_calls["ignored"]
    assert len(who_wished(before, months=6)) > 0 == len(who_wished(before, months=0))
    wish = CalledOffer(at=2, customers=[2, 3], wishes=np.array([3]), name="calls: refused")
    for periods, expected in ((7, [3]), (8, [])):
        run = crm.simulate(before.scenario.replace(customers=200, periods=periods), policy=[wish])
        assert who_wished(run, months=6).tolist() == expected
        assert run.campaigns["offer"].eq("calls: refused").all(), "no record tells the firm"


# What calls cost


def test_calls_cost_by_the_dial_and_by_the_minute(half_year, baseline):
    talk = campaign(baseline, cost=0.5, cost_per_minute=3)
    results = talk.calls(half_year).results
    paid = sum(offer.cost * len(offer.customers) for offer in talk.offers(half_year))
    assert paid == pytest.approx((0.5 + 3 * results["seconds"] / 60).sum(), abs=0.005 * len(results))
    by_name = {offer.name: offer.cost for offer in talk.offers(half_year)}
    assert by_name["calls: no_answer"] == 0.5 < by_name["calls: appointment"]


@pytest.mark.parametrize(("given", "costs"), [
    ({"cost": None}, (0.5, 1.5)), ({"cost": 2}, (2, 0)), ({"cost": None, "cost_per_minute": 2}, (0, 2)),
    ({"cost": 0}, (0, 0)), ({"cost": 1, "cost_per_minute": 2}, (1, 2)),
])  # fmt: skip
def test_costs_that_are_left_out(baseline, given, costs):
    assert campaign(baseline, **given).costs == costs


def test_a_budget_pays_for_minutes_too(half_year, baseline):
    best = half_year.customers.index[::-1][:100]
    action = campaign(baseline, customers=best, cost=1, cost_per_minute=2, budget=60)
    called = action.dialled(half_year)
    seconds = campaign(baseline, customers=best).calls(half_year).results["seconds"].reindex(best)
    spent = (1 + 2 * seconds / 60).cumsum()
    assert called.tolist() == best[: int((spent <= 60).sum())].tolist()
    assert 0 < len(called) < 60
    assert spent.iloc[len(called)] > 60


# Bad input


@pytest.mark.parametrize(("change", "says"), [
    ({"at": 0}, "at=0"), ({"cost": -1}, "cost=-1"), ({"cost_per_minute": -1}, "cost_per_minute=-1"),
 ({"script": "calls.yaml"}, r"crm\.phone\.load"),
    ({"customers": [1, 1]}, "named twice"), ({"at_most": -2}, "at_most=-2"), ({"budget": -2.0}, "budget=-2"),
    ({"name": 3}, "name=3"), ({"seed": 0.5}, "seed=0.5"),
])  # fmt: skip
def test_impossible_campaigns_are_refused(baseline, change, says):
    with pytest.raises(InputError, match=says):
        PhoneCampaign(**{"at": 6, "customers": range(9), "script": baseline, **change})


def test_a_generator_of_ids_and_a_repr(baseline):
    action = campaign(baseline, customers=(n for n in (9, 4)))
    assert action.customers.tolist() == [9, 4]
    assert repr(action) == "PhoneCampaign 'calls': at period 6 to 2 customers, script baseline"
