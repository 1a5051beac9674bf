"""Agents, staffing and the desk: small tables whose answers one can count, luck that stays, and what is refused."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim import service
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.service.agents import checked_agents
from crmsim.settings.scenario import Scenario

AGENTS = pd.DataFrame(60, index=pd.RangeIndex(3, name="agent"), columns=service.competencies().index)


# Agents and staffing


def test_agents_of_60_are_the_measure_of_all() -> None:
    able = service.abilities(AGENTS)
    assert able.loc[0].to_list() == [1, 0, 3]
    better = AGENTS.copy()
    better.loc[0] = 80
    assert (service.abilities(better).loc[0] > able.loc[0]).all()
    both = pd.DataFrame({"kind": ["angry", "angry"], "severity": ["minor", "major"]})
    chances = service.success_chances(both, better)
    assert chances.loc[0, 1] == pytest.approx(0.7)
    assert chances.loc[0, 0] > chances.loc[0, 1] > chances.loc[1, 1]


def test_a_kind_asks_for_its_competencies() -> None:
    listener = AGENTS.copy()
    listener.loc[0, list(service.KINDS["angry"])] = 90
    listener.loc[1, "L03.4"] = 100  # body language, which nobody sees
    asked = pd.DataFrame({"kind": list(service.KINDS), "severity": "minor"}, index=list(service.KINDS))
    chances = service.success_chances(asked, listener)
    assert chances[0].idxmax() == "angry"
    assert chances[1].equals(chances[2].rename(1))
    assert service.group_means(listener).loc[2].to_list() == [60] * 4


@pytest.mark.parametrize(
    ("change", "words"),
    [(lambda a: a.drop(columns="L01.1"), "'L01.1' is missing"), (lambda a: a.assign(**{"L02.3": 101}), "101"),
     (lambda a: pd.concat([a, a]), "stands twice"), (lambda a: a.assign(**{"L02.3": "good"}), "numbers are needed")],
)  # fmt: skip
def test_bad_scores_are_refused(change: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        checked_agents(change(AGENTS))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'angry'"):
        service.success_chances(pd.DataFrame({"kind": ["angri"], "severity": ["minor"]}), AGENTS)
    with pytest.raises(InputError, match="severity='huge'"):
        service.success_chances(pd.DataFrame({"kind": ["angry"], "severity": ["huge"]}), AGENTS)


def test_the_best_assignment_is_the_best_of_all_orders() -> None:
    for seed in range(5):
        chances = pd.DataFrame(np.random.default_rng(seed).random((6, 6)), index=list("abcdef"))
        best = service.best_assignment(chances)
        every = [sum(chances.to_numpy()[range(6), order]) for order in itertools.permutations(range(6))]
        assert service.total_success(chances, best) == pytest.approx(max(every))
        greedy = chances.idxmax(axis=1)
        assert greedy.nunique() < 6 or service.total_success(chances, greedy) == pytest.approx(max(every))


def test_more_tickets_than_agents_leave_some_out() -> None:
    found = service.best_assignment(pd.DataFrame([[0.2], [0.9], [0.5]], columns=["Li"]))
    assert found.to_dict() == {1: "Li"}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: service.best_assignment(pd.DataFrame([[1.2]])), "1.2 at place 0"),
        (lambda: service.best_assignment(pd.DataFrame([[0.2, 0.1]], columns=["a", "a"])), "stands twice"),
        (lambda: service.best_assignment([[0.1]]), "a list was given"),
        (lambda: service.total_success(pd.DataFrame([[0.2], [0.3]]), {0: 0, 1: 0}), "an agent stands twice"),
        (lambda: service.total_success(pd.DataFrame([[0.2]]), {0: 7}), "stands not in the table"),
        (lambda: service.expected_wait_minutes(0, per_hour=1, work_minutes=1), "n_agents=0"),
        (lambda: service.expected_wait_minutes(1, per_hour=-1, work_minutes=1), "per_hour=-1"),
        (lambda: service.expected_wait_minutes(True, per_hour=1, work_minutes=1), "n_agents=True"),
        (lambda: service.draw_agents(0), "n_agents=0"),
        (lambda: service.draw_tickets(n_days=1, per_day=0), "per_day=0"),
        (lambda: service.draw_tickets(n_days=3_000, per_day=9_000), "too many"),
        (lambda: service.DeskRules(order="last_come"), "order='last_come'"),
        (lambda: service.DeskRules(opens=9, closes=9), "closes=9"),
    ],
)
def test_impossible_staffing_is_refused(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


# The desk


@pytest.fixture(scope="module")
def week() -> pd.DataFrame:
    return service.draw_tickets(n_days=7, per_day=30, seed=1)


def test_a_desk_keeps_its_hours_and_its_order(week: pd.DataFrame) -> None:
    desk = service.simulate_desk(week, AGENTS, seed=3)
    found = desk.tickets
    for name in ("first_reply", "closed"):
        assert found[name].dt.hour.between(9, 18).all()
    assert (found["first_reply"] >= found["opened"]).all()
    assert (found["closed"] >= found["first_reply"]).all()
    assert found.sort_values("opened", kind="stable")["first_reply"].is_monotonic_increasing
    assert desk.agents["n_tickets"].sum() == len(week)
    assert desk.agents["busy_share"].between(0, 1.000001).all()
    for _, own in found.groupby("agent"):
        own = own.sort_values("first_reply")
        begins, ends = own["first_reply"].iloc[1:].to_numpy(), own["closed"].iloc[:-1].to_numpy()
        assert (begins >= ends - np.timedelta64(1, "s")).all()
    assert f"{len(week)} tickets" in repr(desk)


def test_major_tickets_overtake(week: pd.DataFrame) -> None:
    waits = {}
    for order in ("first_come", "major_first"):
        rules = service.DeskRules(order=order, stress=False, work_minutes=70)
        found = service.simulate_desk(week, AGENTS.iloc[:2], rules=rules, seed=3).tickets
        waits[order] = (found["first_reply"] - found["opened"]).groupby(found["severity"]).mean()
    assert waits["major_first"]["major"] < waits["first_come"]["major"] < waits["first_come"]["minor"] * 3
    assert waits["major_first"]["minor"] > waits["first_come"]["minor"]


def test_a_ticket_keeps_its_luck_whoever_works_and_whoever_else_complains(week: pd.DataFrame) -> None:
    many = service.simulate_desk(week, AGENTS, seed=3)
    few = service.simulate_desk(week.iloc[::2], AGENTS.iloc[:1], seed=3)
    pd.testing.assert_series_equal(few.truth["work_minutes"], many.truth["work_minutes"].iloc[::2])
    other = service.simulate_desk(week, AGENTS, seed=3, replication=1)
    assert not other.truth["work_minutes"].equals(many.truth["work_minutes"])
    pd.testing.assert_frame_equal(service.simulate_desk(week, AGENTS, seed=3).tickets, many.tickets)


def test_stress_only_hurts_where_tickets_wait(week: pd.DataFrame) -> None:
    one = service.simulate_desk(week, AGENTS.iloc[:1], rules=service.DeskRules(work_minutes=120), seed=3)
    waiting = one.truth["load"] > 3
    assert waiting.any()
    assert (one.truth.loc[waiting, "chance"] < one.truth.loc[waiting, "calm_chance"]).all()
    assert one.truth.loc[~waiting, "chance"].to_numpy() == pytest.approx(one.truth.loc[~waiting, "calm_chance"])
    calm = service.simulate_desk(week, AGENTS.iloc[:1], rules=service.DeskRules(work_minutes=120, stress=False), seed=3)
    assert calm.tickets["closed"].max() < one.tickets["closed"].max()


def test_complaints_of_a_run_can_be_sent_to_a_desk(shop_run: Run) -> None:
    found = service.tickets_of(shop_run)[["opened"]].reset_index(drop=True).assign(kind="angry", severity="minor")
    desk = service.simulate_desk(found, AGENTS)
    assert len(service.complaint_metrics(desk)) == 1
    assert service.backlog(desk).iloc[-1] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [(lambda t: t.set_axis(list("ab"), axis=0), "whole numbers"), (lambda t: t.set_axis([0, 0], axis=0), "different"),
     (lambda t: t.assign(opened=1), "dates are needed"), (lambda t: t.drop(columns="kind"), "'kind' is missing"),
     (lambda t: t.set_axis([0, -1], axis=0), "whole numbers")],
)  # fmt: skip
def test_bad_tickets_do_not_reach_the_desk(change: Any, words: str, week: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=words):
        service.simulate_desk(change(week.iloc[:2]), AGENTS)


# What a measure of the firm changes


def test_a_day_earlier_is_a_lever(shop: Scenario) -> None:
    slow = shop.replace(**{"service.problems.reply_hours": 36})
    lever = service.faster_reply(slow, at=3, hours=24, cost=10)
    assert (lever.reply, lever.cost, lever.at) == (pytest.approx(1 / 3), 10, 3)
    table = crm.compare(slow, {"as it is": [], "sooner": [lever]}, replications=2)
    assert table.loc["sooner", "profit_difference"] != 0
    with pytest.raises(InputError, match="replies come after 20 hours"):
        service.faster_reply(shop, at=3)
    with pytest.raises(InputError, match="hours=0"):
        service.faster_reply(shop, at=3, hours=0)


def test_impossible_effects_are_refused(shop: Scenario, bare_shop: Scenario) -> None:
    with pytest.raises(InputError, match="no service"):
        service.faster_reply(bare_shop, at=3, hours=1)
    for call, words in [
        (lambda: service.effect(bare_shop, {"a": []}), "no satisfaction"),
        (lambda: service.effect(shop, {}), "at least one named policy"),
        (lambda: service.effect("retail", {"a": []}), "a scenario is needed"),  # type: ignore[arg-type]
        (lambda: service.effect(shop, {"a": []}, replications=1), "replications=1"),
    ]:
        with pytest.raises(InputError, match=words):
            call()
