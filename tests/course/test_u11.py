"""Unit 11: every invented student gets a fair case, slips can be seen, and decisions are judged by what they change."""

from __future__ import annotations

import functools
import itertools
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from slips import like_the_truth

import crmsim as crm
from crmsim.course.judging import _key
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import SealedCase, _u11_words, make_case, recipe_of, u11

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(500, 504)]
SCHEME = load_scheme(MARKING, "u11")
assert SCHEME is not None
QUESTIONS = {question.id.removeprefix("u11_"): question for question in SCHEME.questions}
PARTS = ("backlog", "channels", "decisions", "reports", "staff", "words")
backlog, channels, decisions, reports, staff, words = (sys.modules[f"_marking_u11.{part}"] for part in PARTS)
MAY_BE_RIGHT = {"ex9"}  # a number of agents that only follows the growth is right for some


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u11"), "u11", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student), without={f"u11_{name}" for name in MAY_BE_RIGHT}) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_tickets_lie_open_and_the_log_knows_nothing_of_tomorrow(student: str) -> None:
    case = case_of(student)
    log = case.tickets
    for name in ("opened", "first_reply", "closed"):
        assert (log[name].dropna() <= case.today).all()
    assert not log.loc[log["closed"].isna(), "resolved"].any()
    assert (log["agent"].isna() == log["first_reply"].isna()).all()
    assert log["agent"].dropna().nunique() == case.n_now
    assert log["closed"].isna().sum() >= u11.MIN_OPEN


def test_the_case_holds_what_the_firm_sees_and_nothing_else() -> None:
    case = case_of(STUDENTS[0]).public()
    assert list(case.applicants.columns) == ["english", "chinese", "A", "B", "C"]
    assert list(case.tickets.columns) == ["opened", "kind", "severity", "first_reply", "closed", "agent", "resolved"]
    assert list(case.notes.columns) == ["text"]
    assert not hasattr(case, "truth")
    assert len(case.agents) == u11.N_STAFF >= case.n_most
    assert case.messages["contact"].nunique() == u11.N_CONVERSATIONS


def test_at_least_half_of_the_points_come_from_own_data_and_at_most_a_quarter_from_words() -> None:
    points = {name: question.points for name, question in QUESTIONS.items()}
    assert sum(points.values()) == 35
    assert sum(points[name] for name in ("ex4", "ex5", "ex6", "ex7", "ex8", "ex9")) >= 40 / 2
    assert sum(points[name] for name in ("ex1", "ex2", "ex3")) <= 40 / 4


def test_the_numbers_in_the_text_are_those_of_the_recipe() -> None:
    text = (MARKING.parent / "text" / "u11.md").read_text(encoding="utf-8")
    for number, words in [
        (u11.N_DAYS, "of the last {} days"), (u11.REPLICATIONS, "next 28 days {} times"),
        (u11.N_CONVERSATIONS, "messages of {} contacts"), (u11.LIMIT_HOURS, "takes more than {} hours"),
        (f"{QUESTIONS['ex9'].like.compare.keywords['full']:.0%}", "saves at least {} of"),
        (f"{QUESTIONS['ex9'].like.compare.keywords['above']:.0%}", "if it saves {} or less"),
    ]:
        assert words.format(number) in text
        assert len(re.findall(re.escape(words).replace(r"\{\}", "[0-9]+%?"), text)) == 1


def test_lists_of_the_notebook_are_those_of_the_library() -> None:
    assert list(crm.service.catalogue("chain").index) == words.CHAIN
    assert set(crm.service.catalogue("needs").index) == set(_u11_words.KINDS) == set(words.needs(case_of("a")).values())
    lists = ("phases", "parts", "strategies", "findings")
    known = {entry for name in lists for entry in crm.service.catalogue(name).index}
    assert set(words.CARDS.values()) <= known | {"pre_sale", "in_sale", "after_sale"}
    texts = list(itertools.chain(*_u11_words.NOTES.values()))
    assert len(set(texts)) == len(texts) == 5 * len(_u11_words.NOTES)


# The truths of the scheme and the library agree


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_reports_and_backlogs_are_those_of_the_library(student: str) -> None:
    case = case_of(student)
    desk_report = reports.report()(case)
    assert [len(tickets) for tickets, _, _ in reports.desks(case)] == [90, 50, 50, 7, 40]
    for tickets, now, limit in reports.desks(case):
        found = crm.service.complaint_metrics(tickets, at=now, limit_hours=limit).loc["all"]
        wanted = found.rename({"first_reply_hours": "reply_hours"}).drop("n_tickets").to_dict()
        assert desk_report(tickets, now, limit) == pytest.approx(wanted)
    counted = backlog.counted(case, lambda table, day: backlog.still(table, day + backlog.DAY))
    assert backlog.by_day(case).to_list() == counted.to_list()
    assert backlog.by_day(case).index.equals(backlog.days(case))


def test_channels_are_those_of_the_library() -> None:
    case = case_of(STUDENTS[0])
    own, library = channels.by_channel(case), crm.service.channel_metrics(case.contacts)
    pd.testing.assert_series_equal(own["n_contacts"], library["n_contacts"], check_names=False)
    pd.testing.assert_series_equal(own["waiting_minutes"], library["waiting_minutes"], check_names=False)
    talks = case.messages.rename(columns={"contact": "conversation"})
    assert own["n_exchanges"].sum() == crm.service.two_way(talks).sum()


def test_means_of_applicants_are_those_of_the_library() -> None:
    case = case_of(STUDENTS[0])
    codes = crm.service.competencies().reset_index().set_index("english")["id"]
    scores = case.applicants.set_index(case.applicants["english"].map(codes))[["A", "B", "C"]].T
    wanted = crm.service.group_means(scores)
    pd.testing.assert_frame_equal(staff.means(case), wanted, check_names=False)


# Decisions


def judged(name: str, answer: Any, case: SealedCase) -> float:
    question = QUESTIONS[name]
    key = _key(question, case)
    return key.outcome(question, question.like.read(answer)).share


@pytest.mark.parametrize("student", STUDENTS)
def test_assignments_are_judged_by_what_they_gain(student: str) -> None:
    case = case_of(student)
    orders = itertools.permutations(case.chances.columns)
    every = [dict(zip(case.chances.index, order, strict=True)) for order in orders]
    sums = [crm.service.total_success(case.chances, pairs) for pairs in every]
    assert judged("ex8", every[int(np.argmax(sums))], case) == 1
    listed = sum(np.diag(case.chances))
    for place in range(0, 720, 90):
        share = max(0.0, (sums[place] - listed) / (max(sums) - listed))
        assert judged("ex8", every[place], case) == pytest.approx(share)
    assert 0 <= judged("ex8", decisions.in_turn(case), case) < 0.95
    assert judged("ex8", case.chances.idxmax(axis=1).to_dict(), case) == 0


def test_a_number_of_agents_is_judged_by_what_it_saves() -> None:
    case = case_of(STUDENTS[0])
    cost, now = case.truth, case.n_now
    assert list(cost.index) == list(range(now, case.n_most + 1))
    best = decisions.cheapest(case)
    assert best > now
    saved = cost[now] - cost
    for n, gain in saved.items():
        share = gain / saved.max()
        expected = 1.0 if share >= 0.85 else max(0.0, (share - 0.75) / 0.1)
        assert judged("ex9", int(n), case) == pytest.approx(expected)
    assert judged("ex9", now - 1, case) == judged("ex9", best + 0.5, case) == judged("ex9", now, case) == 0


def test_who_guesses_a_number_of_agents_or_only_follows_the_growth_earns_less() -> None:
    cases = [case_of(student) for student in STUDENTS]
    blind = [np.mean([judged("ex9", int(n), case) for n in case.truth.index]) for case in cases]
    assert max(blind) < 0.5
    three_more = [judged("ex9", case.n_now + 3, case) for case in cases]
    assert np.mean(three_more) < 0.4
    followed = [judged("ex9", math.ceil(case.n_now * case.growth), case) for case in cases]
    assert min(followed) < 0.6


def test_a_chain_in_any_order_earns_next_to_nothing() -> None:
    case = case_of(STUDENTS[0])
    shares = [judged("ex1", list(order), case) for order in itertools.permutations(words.CHAIN)]
    assert {share: shares.count(share) for share in set(shares)} == {1.0: 1, 0.5: 5, 0.0: 714}


def test_two_words_that_differ_by_one_letter_are_the_same_on_their_cards() -> None:
    case, mixed = case_of(STUDENTS[0]), words.CARDS | {"c": "after_sales", "g": "After_sale "}
    assert judged("ex2", mixed, case) == 1
    assert judged("ex2", mixed | {"b": "after_sale"}, case) == judged("ex2", mixed | {"c": "in_sale"}, case) == 11 / 12


def test_the_cost_of_a_month_adds_up() -> None:
    case = case_of(STUDENTS[0])
    desk = u11._desk(case.seed)
    opened = pd.to_datetime(["2026-03-02 09:00"] * 3)
    reply = pd.to_datetime(["2026-03-03 09:00", "2026-03-03 09:01", "2026-03-02 09:01"])
    log = pd.DataFrame({"opened": opened, "first_reply": reply, "resolved": [True, False, False]})
    assert desk.cost(log, 4) == 4 * case.wage + case.overdue_cost + 2 * case.unresolved_cost


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_one_who_tries_numbers_out_on_other_luck_finds_a_good_one(student: str) -> None:
    """As the hint says: two months like the next one, every number of agents, the cheapest."""
    case = case_of(student)
    rules = crm.service.DeskRules(work_minutes=case.work_minutes)
    cost = pd.Series(0.0, index=case.truth.index)
    for seed in (1, 2):
        per_day = len(case.tickets) / 28 * case.growth
        month = crm.service.draw_tickets(n_days=28, per_day=per_day, seed=seed)
        for n in cost.index:
            log = crm.service.simulate_desk(month, case.agents.head(n), rules=rules, seed=seed).tickets
            cost[n] += u11._desk(case.seed).cost(log, n)
    assert judged("ex9", int(cost.idxmin()), case) > 0.7


# The visible check


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u11_ex1", 'chain = ["collect"] * 5', "It has 5 entries, but 6 are expected."),
    ("u11_ex1", 'chain = "collect"', "A list is needed"),
    ("u11_ex2", 'cards = dict.fromkeys("abcdefghijkl", "service")', "'service' is none of the possible values"),
    ("u11_ex3", 'needs = {"a": "real"}', "It has 1 entries where 10 are expected"),
    ("u11_ex4", "group_means = case.applicants", "These columns are missing"),
    ("u11_ex5", "def desk_report(tickets, now, limit_hours):\n    return 1 / 0", "stopped with ZeroDivisionError"),
    ("u11_ex5", "def desk_report(tickets, now, limit_hours):\n    return [1, 2, 3, 4]", "A dict is needed"),
    ("u11_ex6", "backlog = pd.Series([1, 2, 3])", "None of its 3 row labels"),
    ("u11_ex7", "channels = case.contacts.groupby('channel').size()", "These columns are missing"),
    ("u11_ex8", 'takes = {"T1": "A1"}', "It has 1 entries where 6 are expected"),
    ("u11_ex8", "takes = dict.fromkeys(case.chances.index, 'A1')", "'A1' stands more than once."),
    ("u11_ex8", "takes = {agent: 'A1' for agent in case.chances}", "the text 'A1', one expected is the text 'T1'."),
    ("u11_ex8", 'takes = ["A1"] * 6', "A dict is needed"),
    ("u11_ex9", "n_agents = 1", "The numbers should be from"),
    ("u11_ex9", 'n_agents = "five"', "A number is needed"),
])
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u11").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(re.escape(says), check), check
