"""Simulated logs: the check finds exactly what was planted; a call followed event by event; the flow of a round."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmsim as crm
from crmsim.etiquette.calllog import COLUMNS
from crmsim.etiquette.logs import CODES, CallLogs

E = crm.etiquette


def found(logs: CallLogs) -> dict[str, set[str]]:
    """What the check finds, by call."""
    findings = E.check_calls(logs.events, industry=logs.prospects["industry"])
    return {call_id: set(codes) for call_id, codes in findings.groupby("call_id")["code"]}


def planted(logs: CallLogs) -> dict[str, set[str]]:
    """What was planted, by call; only calls with a fault."""
    return {call: set(row.index[row]) for call, row in logs.truth.iterrows() if row.any()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_exactly_the_planted_faults_are_found_in_500_logs(language: str) -> None:
    logs = E.call_logs(500, seed=20, language=language)
    assert found(logs) == planted(logs)
    last = logs.truth.loc[logs.prospects["call_id"]]
    assert last.any().all()
    assert last.sum().min() >= 20
    assert (~last.any(axis=1)).sum() >= 50
    assert len(logs.truth) > len(last)
    assert not logs.truth.drop(index=last.index).any().any()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_check_that_misses_a_rule_would_be_noticed(language: str) -> None:
    logs = E.call_logs(60, seed=3, language=language)
    silent = logs.events.assign(tone=logs.events["tone"].replace({"cold": "neutral", "rude": "neutral"}))
    seen = found(CallLogs(silent, logs.prospects, logs.truth))
    missed = {code for call, codes in planted(logs).items() for code in codes - seen.get(call, set())}
    assert missed == {"TE5", "TE9"}


@pytest.mark.parametrize("n", [1, 12, 13, 40])
def test_so_many_prospects_and_the_same_for_the_same_seed(n: int) -> None:
    logs, again, other = E.call_logs(n, seed=4), E.call_logs(n, seed=4), E.call_logs(n, seed=5)
    assert len(logs.prospects) == n
    assert list(logs.events.columns) == list(COLUMNS)
    pd.testing.assert_frame_equal(logs.events, again.events)
    assert not logs.events.equals(other.events)
    assert set(logs.truth.index) == set(logs.events["call_id"])
    if n >= 13:
        assert logs.truth.any().all()
        assert (~logs.truth.loc[logs.prospects["call_id"]].any(axis=1)).sum() >= 2


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sets(st.sampled_from(CODES)), min_size=1, max_size=6), st.integers(0, 99),
    st.sampled_from(["zh", "en"]),
)
def test_any_faults_can_be_planted_together(faults: list[set[str]], seed: int, language: str) -> None:
    faults = [codes - {"TE6"} if {"TE6", "TE8"} <= codes else codes for codes in faults]
    logs = E.call_logs(len(faults), seed=seed, language=language, faults=faults)
    seen = found(logs)
    assert seen == planted(logs)
    assert [seen.get(call, set()) for call in logs.prospects["call_id"]] == faults


def test_the_two_languages_are_the_same_calls() -> None:
    chinese, english = (E.call_logs(50, seed=8, language=language) for language in ("zh", "en"))
    pd.testing.assert_frame_equal(chinese.truth, english.truth)
    pd.testing.assert_frame_equal(chinese.events.drop(columns="text"), english.events.drop(columns="text"))
    lines = pd.DataFrame({"zh": chinese.events["text"], "en": english.events["text"]})
    lines = lines[lines["zh"].isin(["可以，说吧。", "行，什么事？"])].drop_duplicates().sort_values("en")
    assert lines["en"].tolist() == ["All right, what is it about?", "Yes, go on."]


def test_logs_by_other_hours() -> None:
    table = E.windows().query("industry == 'bank'").assign(to="18:00")
    logs = E.call_logs(60, seed=3, table=table, monday_earliest="11:00")
    limits = {"table": table, "monday_earliest": "11:00"}
    findings = E.check_calls(logs.events, industry=logs.prospects["industry"], limits=limits)
    seen = {call_id: set(codes) for call_id, codes in findings.groupby("call_id")["code"]}
    assert seen == planted(logs) != found(logs)
    all_day = table.assign(weekdays="mon tue wed thu fri sat sun", **{"from": "00:00", "to": "23:59"})
    with pytest.raises(crm.InputError, match="no call breaks TE7"):
        E.call_logs(1, seed=3, table=all_day, faults=[{"TE7"}])


@pytest.mark.parametrize("given_", [
    {"n": 0}, {"n": 1.5}, {"n": True}, {"n": 30_000}, {"n": 3, "seed": -1}, {"n": 3, "seed": "x"},
    {"n": 3, "language": "fr"}, {"n": 2, "faults": [set()]}, {"n": 1, "faults": [{"TE12"}]},
    {"n": 1, "faults": [{"TE6", "TE8"}]},
])
def test_wrong_wishes_for_logs(given_: dict[str, Any]) -> None:
    with pytest.raises(crm.InputError):
        E.call_logs(**{"seed": 1} | given_)


def test_one_call_is_judged_as_in_the_whole_table() -> None:
    logs = E.call_logs(40, seed=9, language="en")
    wanted = planted(logs)
    for prospect, row in logs.prospects.iterrows():
        events = logs.events[logs.events["prospect_id"] == prospect]
        alone = {finding.code for finding in E.check_call(events, industry=row["industry"])}
        assert alone == wanted.get(row["call_id"], set())
        parts = [*E.check_opening(events), *E.check_tone_and_close(events)]
        assert {finding.code for finding in parts} == alone - {"TE6", "TE7", "TE8"}
        places = [finding.place for finding in parts]
        assert all(place is None or place in events.index for place in places)


def test_other_limits_for_a_whole_table() -> None:
    logs = E.call_logs(80, seed=9)
    lax = {"monday_earliest": "00:00", "min_gap": 0, "cooldown": 0}
    assert set(E.check_calls(logs.events, limits=lax)["code"]).isdisjoint({"TE6", "TE7", "TE8"})
    strict = E.check_calls(logs.events, limits={"monday_earliest": "23:59"})
    is_monday = logs.events.groupby("call_id")["weekday"].first() == "mon"
    assert set(strict.loc[strict["code"] == "TE6", "call_id"]) == set(is_monday.index[is_monday])


def test_the_attempts_of_a_log_and_those_too_soon() -> None:
    logs = E.call_logs(150, seed=2)
    table = E.attempts_log(logs.events)
    assert table["call_id"].is_unique
    assert len(table) == len(logs.truth)
    first = table["attempt_no"] == 1
    assert table.loc[first, "gap_minutes"].isna().all()
    assert (table.loc[first, "n_unanswered_before"] == 0).all()
    silent = table["n_unanswered_before"]
    hasty = ((silent == 1) & (table["gap_minutes"] < 10)) | ((silent >= 2) & (table["gap_minutes"] < 60))
    assert set(table.loc[hasty, "call_id"]) == set(logs.truth.index[logs.truth["TE8"]])
    assert {10.0, 60.0} <= set(table.loc[~hasty, "gap_minutes"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_call_followed_shows_each_fault_once_and_states_in_order(language: str) -> None:
    logs, wanted = (every := E.call_logs(40, seed=6, language=language)), planted(every)
    order = ["ringing", "open", "matter", "over"]
    for prospect, row in logs.prospects.iterrows():
        events = logs.events[logs.events["prospect_id"] == prospect]
        played = E.follow(events, industry=row["industry"])
        shown = " ".join(played["broken"]).split()
        assert len(shown) == len(set(shown))
        assert set(shown) == wanted.get(row["call_id"], set())
        places = [order.index(state) for state in played["state"]]
        assert all(before <= after for before, after in pairwise(places))
        assert played.index.isin(logs.events.index).all()


# The flow of a round


@pytest.mark.parametrize(("steps", "places"), [
    (["order_data", "prepare", "call", "file_card"], []),
    (["order_data", "prepare"] + 3 * ["call", "file_card"], []),
    (["prepare", "order_data", "call", "file_card"], [1, 2, 3]),
    (["order_data", "prepare", "call", "call", "file_card", "file_card"], [4, 6]),
    (["order_data", "prepare", "call"], [None]),
    (["order_data", "prepare"], [None]),
    (["order_data", "prepare", "call", "prepare", "file_card"], [4]),
    (["call", "file_card"], [1]),
    ([], [None]),
])
def test_the_order_of_the_steps(steps: list[str], places: list[int | None]) -> None:
    assert [finding.place for finding in E.check_flow(steps)] == places


@given(st.lists(st.sampled_from(E.FLOW), max_size=12))
def test_a_round_that_follows_what_is_allowed_has_no_finding(steps: list[str]) -> None:
    visit = E.Round()
    for step in steps:
        was_allowed, before = step in visit.allowed, len(visit.findings)
        visit = visit.do(step)
        assert (len(visit.findings) == before) == was_allowed
    assert (visit.n_called, visit.n_filed) == (steps.count("call"), steps.count("file_card"))
    for _ in range(4):
        visit = visit.do(visit.allowed[0])
    assert visit.steps[: len(steps)] == tuple(steps)


def test_an_unknown_step_is_named() -> None:
    with pytest.raises(crm.InputError, match=r"step 2: 'calls' is no step\. Did you mean 'call'"):
        E.check_flow(["order_data", "calls"])


def test_every_firm_called_has_one_card() -> None:
    logs = E.call_logs(6, seed=1)
    firms = logs.prospects.index.tolist()
    assert E.check_cards(logs.events, firms[::-1]) == []
    wrong = E.check_cards(logs.events, [*firms[1:], firms[1], "P9999"])
    assert [finding.place for finding in wrong] == [firms[0], firms[1], "P9999"]
