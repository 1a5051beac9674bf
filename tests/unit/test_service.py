"""Complaints, channels, lists, staffing: small tables whose answers one can count, and what is refused."""

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

DAY = pd.Timedelta(days=1)
AGENTS = pd.DataFrame(60, index=pd.RangeIndex(3, name="agent"), columns=service.competencies().index)


def tickets(*rows: tuple[str, str | None, str | None, bool]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["opened", "first_reply", "closed", "resolved"])
    for name in ("opened", "first_reply", "closed"):
        table[name] = pd.to_datetime(table[name])
    return table


FOUR = tickets(
    ("2026-01-05 08:00", "2026-01-05 10:00", "2026-01-05 11:00", True),
    ("2026-01-05 09:00", "2026-01-06 09:00", "2026-01-07 09:00", False),
    ("2026-01-06 09:00", "2026-01-07 09:01", "2026-01-07 10:00", True),
    ("2026-01-07 23:00", None, None, False),
)


# Lists


@pytest.mark.parametrize(
    ("name", "size"),
    [("chain", 6), ("phases", 3), ("parts", 4), ("strategies", 2), ("needs", 5), ("findings", 4), ("channels", 4),
     ("facets", 5), ("causes", 3), ("models", 3), ("servqual", 5), ("loyalty_tools", 5), ("moments", 3)],
)  # fmt: skip
def test_lists_have_as_many_entries_as_the_handout(name: str, size: int) -> None:
    table = service.catalogue(name)
    assert len(table) == size
    assert not table.index.has_duplicates
    texts = table[["english", "chinese", "meaning"]]
    assert texts.map(lambda text: isinstance(text, str) and len(text) > 1).all(axis=None)
    assert table["ext"].all() == (name == "servqual")


def test_the_competencies_are_23_in_four_groups_and_each_kind_of_ticket_asks_for_known_ones() -> None:
    table = service.competencies()
    assert table.groupby("group_zh", sort=False).size().to_list() == [5, 6, 8, 4]
    assert list(table.index) == sorted(table.index)
    assert set(itertools.chain(*service.KINDS.values())) <= set(table.index)
    assert set(table["drives"]) == {"speed", "resolution", "stress", "none"}


@pytest.mark.parametrize(
    ("call", "words"),
    [(lambda: service.catalogue("need"), "Did you mean 'needs'"), (lambda: service.catalogue(3), "no list 3"),
     (lambda: service.competencies("skills"), "Did you mean 'skill'")],
)  # fmt: skip
def test_unknown_lists_are_named(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_every_name_of_the_package_is_there() -> None:
    assert all(getattr(service, name) is not None for name in service.__all__)
    assert not any(inspect_module(name) for name in service.__all__)
    with pytest.raises(AttributeError, match="no attribute 'backlogs'"):
        _ = service.backlogs


def inspect_module(name: str) -> bool:
    return type(getattr(service, name)).__name__ == "module"


# Complaints


def test_the_measures_of_four_tickets() -> None:
    found = service.complaint_metrics(FOUR, at="2026-01-08").loc["all"]
    assert found["n_tickets"] == 4
    assert found["first_reply_hours"] == pytest.approx((2 + 24 + 24 + 1 / 60) / 3)
    assert found["overdue_share"] == pytest.approx(1 / 3)  # exactly 24 hours is in time; the last one is too young
    assert found["resolved_share"] == pytest.approx(2 / 3)
    assert found["n_open"] == 1


@pytest.mark.parametrize(
    ("at", "late"), [("2026-01-08 22:59", 1 / 3), ("2026-01-08 23:00", 1 / 3), ("2026-01-08 23:01", 2 / 4)]
)
def test_an_unanswered_ticket_counts_when_its_limit_has_passed(at: str, late: float) -> None:
    assert service.complaint_metrics(FOUR, at=at).loc["all", "overdue_share"] == pytest.approx(late)


def test_what_comes_later_has_not_happened() -> None:
    found = service.complaint_metrics(FOUR, at="2026-01-06 12:00").loc["all"]
    assert found[["n_tickets", "n_open"]].tolist() == [3, 2]
    assert found["first_reply_hours"] == pytest.approx(13)
    assert found["resolved_share"] == 1


def test_backlog_by_day() -> None:
    assert service.backlog(FOUR, at="2026-01-09").to_list() == [1, 2, 1, 1]
    at_midnight = tickets(("2026-01-05", "2026-01-06", "2026-01-06", True))
    assert service.backlog(at_midnight, at="2026-01-07").to_list() == [1, 0]
    assert service.backlog(FOUR).index.freq == "D"


def test_groups_add_up_to_all(shop_run: Run) -> None:
    whole = service.complaint_metrics(shop_run).loc["all"]
    parts = service.complaint_metrics(shop_run, by="channel")
    assert parts["n_tickets"].sum() == whole["n_tickets"] == (shop_run.contacts["reason"] == "complaint").sum()
    for name in ("first_reply_hours", "resolved_share", "overdue_share"):
        assert np.average(parts[name], weights=parts["n_tickets"]) == pytest.approx(whole[name])


def test_a_run_its_past_its_contacts_and_its_tickets_tell_the_same(shop_run: Run) -> None:
    whole = service.complaint_metrics(shop_run)
    pd.testing.assert_frame_equal(service.complaint_metrics(shop_run.contacts), whole)
    tickets_alone = service.tickets_of(shop_run)[["opened", "first_reply", "closed", "resolved"]]
    pd.testing.assert_frame_equal(service.complaint_metrics(tickets_alone), whole)
    past = service.complaint_metrics(shop_run.until(6))
    assert past.loc["all", "n_tickets"] < whole.loc["all", "n_tickets"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: service.complaint_metrics(FOUR, limit_hours=0), "limit_hours=0"),
        (lambda: service.complaint_metrics(FOUR, at="soon"), "not a date"),
        (lambda: service.complaint_metrics(FOUR, at="2025-01-01"), "no ticket was opened"),
        (lambda: service.complaint_metrics(FOUR, by="agnet"), "no column 'agnet'"),
        (lambda: service.complaint_metrics(FOUR.drop(columns="closed")), "'closed' is missing"),
        (lambda: service.complaint_metrics(FOUR.iloc[:0]), "no rows"),
        (lambda: service.complaint_metrics(FOUR.assign(closed="later")), "dates are needed"),
        (lambda: service.complaint_metrics(FOUR.assign(first_reply=FOUR["opened"] - DAY)), "before 'opened'"),
        (lambda: service.complaint_metrics(7), "a int was given"),
        (lambda: service.channel_metrics(FOUR), "'channel' is missing"),
        (lambda: service.two_way(pd.DataFrame({"conversation": [1], "sender": ["agent"]})), "write 'customer'"),
    ],
)
def test_bad_tickets_are_refused(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_nobody_complained(shop_run: Run) -> None:
    with pytest.raises(InputError, match="nobody complained"):
        service.complaint_metrics(shop_run.contacts[shop_run.contacts["reason"] == "enquiry"])


def test_channels_of_a_run(shop_run: Run) -> None:
    found = service.channel_metrics(shop_run)
    assert found["n_contacts"].sum() == len(shop_run.contacts)
    assert found["share"].sum() == pytest.approx(1)
    assert set(found.index) == set(service.catalogue("channels").index)


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
