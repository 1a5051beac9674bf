"""Simulated callees: who they are, that luck is shared between scripts, and what the results and transcripts hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone import luck
from crmsim.phone.callee import call, callees
from crmsim.phone.tables import INTENTS

FEELINGS = ["trust", "interest", "irritation"]


@pytest.fixture(scope="module")
def calls(people, baseline):
    return call(baseline, people, seed=1)


# Luck


def test_the_luck_is_that_of_the_engine():
    """The vectorised hash is the compiled one, at the same address (item 0)."""
    for name in (0, 5, 3 * 10**11 + 7):
        keys = luck.keys(7, 2, [name])
        assert luck.uniforms(keys, luck.INTENT, 3)[0] == by_hand(7, 2, name, address=(luck.INTENT << 56) | (3 << 40))


def by_hand(seed, replication, name, *, address):
    """The formula of the engine, one number at a time, in Python's whole numbers."""
    most, golden = (1 << 64) - 1, 0x9E3779B97F4A7C15

    def mix(z):
        z &= most
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & most
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & most
        return z ^ (z >> 31)

    key = mix(mix(mix(seed + golden) + golden * (replication + 2)) + golden * (name + 1))
    return ((mix(key + golden * (address + 1)) >> 12) + 0.5) * 2.0**-52


def test_draws_are_uniform_and_uncorrelated():
    keys = luck.keys(1, 0, range(40_000))
    one, other = (luck.uniforms(keys, purpose, 0) for purpose in (luck.INTENT, luck.HANG_UP))
    error = (1 / 12 / len(keys)) ** 0.5
    assert abs(one.mean() - 0.5) < 4 * error
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / len(keys) ** 0.5
    assert abs(luck.uniforms(keys, luck.INTENT, 1).mean() - one.mean()) > 0


# Who is called


def test_callees_are_the_customers_of_the_engine(phone_run, people):
    truth = phone_run.truth.customers
    assert people.index.equals(truth.index)
    for name in ("money", "authority", "need"):
        assert (people[name] == truth[f"has_{name}"]).all()
    assert people["patience"].between(0, 1).all()
    assert people["mood"].corr(truth["satisfaction"]) > 0.99
    assert set(people["stage"]) <= set(phone_run.scenario.stages)
    asked = phone_run.surveys.groupby("customer_id")["satisfaction"].last()
    assert people["satisfaction"].dropna().astype(int).equals(asked.reindex(people.index).dropna().astype(int))


def test_callees_of_an_earlier_period_know_nothing_of_what_comes(phone_run):
    early = callees(phone_run, at=6)
    shorter = crm.simulate(phone_run.scenario.replace(periods=6))
    pd.testing.assert_frame_equal(early, callees(shorter))
    assert len(early) < len(phone_run.customers)


def test_a_callee_is_the_same_in_every_company(phone_run, people):
    few = callees(phone_run, customers=people.index[10:20], seed=3)
    pd.testing.assert_frame_equal(few, people.loc[few.index])


def test_open_complaints_are_recent_and_unresolved(phone_run, people):
    complaints = phone_run.contacts[phone_run.contacts["reason"] == "complaint"].groupby("customer_id").last()
    open_ = complaints.index[~complaints["resolved"] & (complaints["period"] >= 12 - 3)]
    assert people.index[people["open_complaint"]].tolist() == sorted(open_)
    assert len(open_) > 0


@pytest.mark.parametrize(("arguments", "says"), [
    ({"at": 0}, "at=0"), ({"at": 13}, "from 1 to 12"), ({"customers": "all"}, "table.index"),
    ({"customers": [0.5]}, "whole numbers"),
])  # fmt: skip
def test_impossible_callees_are_refused(phone_run, arguments, says):
    with pytest.raises(InputError, match=says):
        callees(phone_run, **arguments)


def test_a_past_without_truth_cannot_be_called(phone_run):
    with pytest.raises(InputError, match="with its truth"):
        callees(phone_run.until(6))


# What comes of calls


def test_results_are_whole(calls, people):
    found = calls.results
    assert found.index.equals(people.index)
    assert ((found[FEELINGS] >= 0) & (found[FEELINGS] <= 1)).all(axis=None)
    assert found["talk_share"].between(0, 1).all()
    silent = found[~found["answered"]]
    assert (silent["disposition"] == "no_answer").all()
    assert (silent[["seconds", "turns", "satisfaction_change"]] == 0).all().all()
    assert set(found["hung_up_by"]) <= {"customer", "agent", "nobody"}
    assert found["ended"].all()
    assert (found.loc[found["accepted"], "disposition"] == "appointment").all()


def test_steps_lead_from_line_to_line(calls, baseline):
    steps = calls.steps
    following = steps.groupby("customer_id")["node"].shift(-1)
    goes_on = following.notna()
    assert (steps.loc[goes_on, "to"] == following[goes_on]).all()
    nodes = steps[steps["node"].isin(baseline.nodes_by_id)]
    expected = [baseline.nodes_by_id[row.node].reply_to(row.intent) for row in nodes.itertuples()]
    assert nodes["to"].tolist() == [reply.to for reply in expected]
    assert set(nodes["intent"]) <= set(INTENTS)


def test_two_identical_scripts_give_identical_calls(calls, people, changed):
    again = call(changed(), people, seed=1)
    pd.testing.assert_frame_equal(again.results, calls.results)
    pd.testing.assert_frame_equal(again.steps, calls.steps)


def test_a_call_does_not_hang_on_who_else_is_called(calls, people, baseline):
    some = call(baseline, people.iloc[100:150], seed=1)
    pd.testing.assert_frame_equal(some.results, calls.results.loc[some.results.index])


def test_other_luck_gives_other_calls(calls, people, baseline):
    for arguments in ({"seed": 2}, {"seed": 1, "replication": 1}):
        assert not call(baseline, people, **arguments).results["disposition"].equals(calls.results["disposition"])


def test_a_late_sentence_changes_nothing_before_it(calls, people, changed):
    other = call(changed(recap="听好了，不许反悔，闭嘴，{date}{time}到，行吗？"), people, seed=1).steps
    reached = calls.steps[calls.steps["node"] == "recap"].groupby("customer_id")["turn"].first()
    for steps in (calls.steps, other):
        steps["before"] = steps["turn"] < steps["customer_id"].map(reached).fillna(np.inf)
    pd.testing.assert_frame_equal(
        calls.steps[calls.steps["before"]].drop(columns="before").reset_index(drop=True),
        other[other["before"]].drop(columns="before").reset_index(drop=True),
    )
    assert not calls.steps.drop(columns="before").equals(other.drop(columns="before"))


def test_a_condition_is_asked_of_each_callee(people, baseline):
    content = baseline.model_dump(by_alias=True)
    first = content["nodes"][0]
    first["replies"] = [{"else": True, "to": "no", "when": {"language": ["en"]}}, {"else": True, "to": "never"}]
    steps = call(type(baseline).model_validate(content), people, seed=1).steps
    opened = steps[(steps["node"] == "open") & (steps["intent"] != "hang_up")]
    speaks = people["language"].reindex(opened["customer_id"])
    assert (opened["to"].to_numpy() == np.where(speaks == "en", "no", "never")).all()


def test_a_script_that_never_ends_is_broken_off(people, baseline):
    content = baseline.model_dump(by_alias=True)
    content["nodes"] = [{**content["nodes"][0], "replies": [{"else": True, "to": "open"}]}]
    found = call(type(baseline).model_validate(content), people, seed=1).results
    going = found[found["answered"] & (found["hung_up_by"] == "nobody")]
    assert len(going) > 0
    assert not going["ended"].any()
    assert (going["disposition"] == "lost").all()


def test_a_target_that_does_not_exist_ends_the_call(people, baseline):
    content = baseline.model_dump(by_alias=True)
    content["nodes"][0]["replies"] = [{"intent": "busy", "to": "nowhere"}]
    found = call(type(baseline).model_validate(content), people, seed=1).results
    assert (found.loc[found["answered"], "disposition"] == "lost").all()
    assert not found["accepted"].any()


SCRIPTS = sorted((Path(crm.__file__).parent / "phone" / "scripts").glob("*.yaml"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_example_script_can_be_called(people, path):
    calls = call(crm.phone.load(path), people.head(300), seed=1, n_dials=3)
    assert calls.results["ended"].all()
    assert calls.results["disposition"].nunique() >= 3
    assert len(calls.transcript(calls.results.index[calls.results["answered"]][0])) >= 2


@pytest.mark.parametrize("name", sorted(crm.scenarios()))
def test_customers_of_every_scenario_can_be_called(baseline, name):
    found = callees(crm.simulate(crm.scenario(name).replace(customers=40, periods=3)))
    assert found[["patience", "mood", "rudeness", "time_budget_seconds"]].notna().all(axis=None)
    assert len(call(baseline, found).results) == len(found)


def test_nobody_can_be_called_too(people, baseline):
    nobody = call(baseline, people.head(0))
    assert nobody.results.shape[0] == nobody.steps.shape[0] == 0


# Transcripts


def test_a_transcript_retells_the_call(calls):
    chosen = calls.results.index[calls.results["accepted"]][0]
    told, row = calls.transcript(chosen), calls.results.loc[chosen]
    agent = told[told["who"] == "agent"]
    assert len(agent) == row["turns"]
    np.testing.assert_allclose(told[FEELINGS].iloc[-1].astype(float), row[FEELINGS].astype(float), atol=6e-4)
    steps = calls.steps[calls.steps["customer_id"] == chosen]
    assert told.loc[told["who"] == "customer", "intent"].tolist() == [name for name in steps["intent"] if name]
    assert not told["text"].str.contains("{", regex=False).any()


def test_why_adds_up_to_what_moved(calls, people):
    """From a line to the next, trust moves by what `why` says, and by nothing else."""
    chosen = calls.results.index[calls.results["accepted"]][0]
    agent = calls.transcript(chosen)
    agent = agent[agent["who"] == "agent"]
    said = agent["why"].str.findall(r"trust ([+-][0-9.]+)").map(lambda found: sum(map(float, found)))
    moved = agent["trust"].astype(float).diff().iloc[1:]
    assert (abs(said.iloc[1:] - moved) < 0.01 + 1e-9).all()
    assert "TE3" in " ".join(agent["why"])


def test_a_stranger_has_no_transcript(calls):
    with pytest.raises(InputError, match="was not called"):
        calls.transcript(-1)
