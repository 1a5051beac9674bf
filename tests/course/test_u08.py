"""Unit 8: every invented student gets a fair case, slips can be seen, and visits are judged by what they bring."""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from slips import like_the_truth

import crmsim as crm
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import SealedCase, make_case, recipe_of, u08

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(500, 508)]
SCHEME = load_scheme(MARKING, "u08")
assert SCHEME is not None
PARTS = ("advice", "calls", "circle", "decisions", "leads", "qualified")
advice, calls, circle, decisions, leads, qualified = (sys.modules[f"_marking_u08.{part}"] for part in PARTS)
FIRM_ONLY = {"u08_ex6"}  # the worth of visits takes a second


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u08"), "u08", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student), without=FIRM_ONLY) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_no_group_is_nearly_empty_and_cheap_names_are_not_the_best(student: str) -> None:
    case = case_of(student)
    rows = crm.prospecting.qualify(case.visited)["man"].value_counts()
    assert len(rows) == 8
    assert rows.min() >= 20
    table = leads.by_method(case)
    assert table["n_effective"].min() >= 8
    cost = case.costs.set_index("method")["cost_per_lead"]
    assert cost.idxmin() != table["cost_per_effective"].idxmin()
    assert 0 < len(calls.visited_more_often(case)) < case.visits["prospect_id"].nunique()


def test_the_case_holds_what_the_firm_sees_and_nothing_else() -> None:
    case = case_of(STUDENTS[0]).public()
    assert list(case.prospects.columns) == ["method", "premium", *u08.GUESSES]
    assert not set(case.prospects.index) & set(case.visited.index)
    assert not hasattr(case, "truth")
    assert (len(case.prospects), case.n_visits) == (600, 50)
    wrong = [float((case.visited[has] != case.visited[guess]).mean())
             for has, guess in zip(u08.HAS, u08.GUESSES, strict=True)]
    for found, share in zip(sorted(wrong), u08.ERRORS, strict=True):
        assert abs(found - share) < 5 * np.sqrt(share * (1 - share) / len(case.visited))


def test_at_least_half_of_the_points_come_from_own_people_and_at_most_a_quarter_from_words() -> None:
    points = {question.id.removeprefix("u08_"): question.points for question in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 37
    assert sum(points[name] for name in ("ex3", "ex4", "ex5", "ex6", "ex7", "ex8", "ex9", "ex10b")) >= 40 / 2
    assert points["ex1"] <= 40 / 4


def test_the_numbers_in_the_text_are_those_of_the_recipe() -> None:
    text = (MARKING.parent / "text" / "u08.md").read_text(encoding="utf-8")
    question = next(question for question in SCHEME.questions if question.id == "u08_ex6")  # type: ignore[union-attr]
    for number, words in [
        (u08.N_VISITS, "**{} visits**"), (u08.N_PROSPECTS, "holds {} people"), (u08.PERIODS, "next {} months"),
        (u08.REPLICATIONS, "this time {} times"), (f"{question.like.compare.keywords['full']:.0%}", "4 points for {}"),
    ]:
        assert words.format(number) in text
        assert len(re.findall(re.escape(words).replace(r"\{\}", "[0-9]+"), text)) == 1


# The truths of the scheme and the library agree


def test_the_profit_of_policies_is_that_of_the_library() -> None:
    case = case_of(STUDENTS[0])
    found = crm.prospecting.qualify(case.visited)["man"].astype(str)
    shares = case.visited["bought"].groupby(found).mean()
    for name, numbers in qualified.POLICIES.items():
        profit = crm.prospecting.contact_profit(
            found.value_counts(), shares, margin=case.sale_margin, cost=case.visit_cost,
            contacted=[f"MAN{number}" for number in numbers],
        )
        assert qualified.profits(case)[name] == pytest.approx(profit)


def test_a_block_is_audited_as_the_library_does_it() -> None:
    neglected = calls.audited()(None)
    for (block,) in calls.blocks(case_of(STUDENTS[0])):
        n, mean = block["n_calls"], block["mean_call_minutes"]
        logged = pd.DataFrame({"start_minute": np.arange(n) * (mean + 0.01), "minutes": mean})
        kept = crm.prospecting.BlockLimits(min_minutes=0, idle_minutes=1e9)
        whole = crm.prospecting.CallBlock(
            minutes=n * (mean + 0.01) + 1, calls=logged, has_list=block["has_list"],
            n_interruptions=block["n_interruptions"], n_cards=block["n_cards"], goal=block["goal"],
        )
        wanted = set(crm.prospecting.audit_block(whole, limits=kept))
        wanted |= {"PK1"} if block["minutes"] < crm.prospecting.BlockLimits().min_minutes else set()
        wanted |= {"PK8"} if block["longest_pause_minutes"] > crm.prospecting.BlockLimits().idle_minutes else set()
        assert set(neglected(block)) == wanted
    assert neglected(calls.GOOD) == []
    assert len(neglected(calls.BAD)) == 8


def test_visits_are_checked_as_the_library_does_it() -> None:
    case = case_of(STUDENTS[0])
    kept = set()
    for who, days in calls.days(case).items():
        try:
            crm.prospecting.check_visits(days)
        except crm.InputError:
            continue
        kept.add(who)
    assert calls.visited_more_often(case) == kept


def test_the_function_of_question_2_follows_the_eight_rows() -> None:
    man_advice = advice.advised()(None)
    assert sorted(man_advice(*flags)[0] for flags in advice.EIGHT) == [f"MAN{number}" for number in range(1, 9)]
    assert man_advice(True, False, True) == ["MAN3", "find_decider"]
    assert man_advice(False, False, False) == ["MAN8", "stop"]


def test_the_central_person_is_found_by_people_and_not_by_rows() -> None:
    case = case_of(STUDENTS[0])
    known: dict[str, set[str]] = {}
    for one, other in circle.links(case):
        known.setdefault(one, set()).add(other)
        known.setdefault(other, set()).add(one)
    first, second = sorted(known, key=lambda who: len(known[who]), reverse=True)[:2]
    found = circle.found(case)
    assert (found["centre"], found["n_known"]) == (first, len(known[first]))
    assert len(known[first]) >= len(known[second]) + 2
    assert circle.rows_of(case).idxmax() != first


# The decision


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_sensible_visits_bring_much_and_tempting_ones_little(student: str) -> None:
    case = case_of(student)
    prospects, worth = case.prospects, case.truth["worth"]
    reference = float(worth[list(decisions.reference(case))].sum())
    rates = case.visited.groupby(u08.GUESSES)["bought"].mean().rename("rate")
    rated = prospects.join(rates, on=u08.GUESSES)

    def brings(ranked: pd.Series[float]) -> float:
        return float(worth[ranked.nlargest(case.n_visits).index].sum()) / reference

    assert reference > 2_000
    assert brings(rated["rate"] * rated["premium"]) > 0.75
    assert brings(prospects["premium"]) < 0.75
    assert brings(prospects.loc[~prospects[u08.GUESSES].any(axis=1), "premium"]) < 0
    assert float(worth[prospects.index[: case.n_visits]].sum()) < 0.4 * reference
    assert worth.index.equals(prospects.index)
    assert worth.nlargest(case.n_visits).sum() > reference  # nobody can know who truly has what


def test_the_worth_of_a_visit_is_chance_times_what_a_customer_brings_less_the_cost() -> None:
    case = case_of(STUDENTS[0])
    lives = [u08._life(case.seed, k).truth.customers["profit"].to_numpy() for k in range(u08.REPLICATIONS)]
    _, people, _ = u08._parts(case.seed)
    mine = np.mean(lives, axis=0)[u08.N_VISITED:u08.N_VISITED + u08.N_PROSPECTS]
    rows = crm.prospecting.qualify(people[u08.HAS])["man"].astype(str)
    chance = rows.map({f"MAN{k}": share for k, share in enumerate(u08.WINS, start=1)})
    assert case.truth["worth"].to_numpy() == pytest.approx(chance.to_numpy() * mine - case.visit_cost, abs=0.01)


def test_the_chances_of_bayes_rule_come_true_and_trust_in_guesses_does_not() -> None:
    """Of those with a high chance so many are won, within four standard errors; trusting each guess promises more."""
    differences, trusting = [], []
    for seed in range(5):
        _, people, _ = u08._parts(seed)
        chance = u08._chances(people, u08._errors(seed))
        best = chance > np.quantile(chance, 0.85)
        differences.append((u08._wins(people) - chance)[best])
        trusting.append((u08._wins(people) - u08._chances(people, np.full(3, 1e-9)))[best])
    found, wrong = np.concatenate(differences), np.concatenate(trusting)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean()) < 4 * error
    assert wrong.mean() < -4 * error


# The visible check

SETS = 'qualified = {"n_effective": {1, 2}, "n_prospects": 3, "n_may_contact": 4, "n_disagree": 5}'
CENTRE = 'circle = {"centre": 7, "n_known": 3, "names_per_visit": 1.2, "n_visited": 40.0}'
TABLE = """
methods = case.costs.assign(n_leads="many", n_effective=1, effective_share=0.2, cost_per_effective=3.0)
"""


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u08_ex1", 'cards = dict.fromkeys("abcdefghijkl", 3)', "'3' is none of the possible values"),
    ("u08_ex2", "def man_advice(money, authority, need):\n    return 'MAN3'", "A list is needed"),
    ("u08_ex2", "def man_advice(money, authority, need):\n    return 1 / 0", "stopped with ZeroDivisionError"),
    ("u08_ex3", SETS, "'n_effective' should be a whole number, but this is a set of 2 numbers from 1 to 2."),
    ("u08_ex4", "policies = dict.fromkeys(['everybody', 'not_MAN8', 'MAN1_to_MAN4', 'MAN1'], 'a lot')",
     "'everybody' should be a number, but this is the text 'a lot'."),
    ("u08_ex5", "guesses = dict.fromkeys(['wrong_money', 'wrong_authority', 'wrong_need', 'hit'], 20.0)",
     "should be from 0 to 1"),
    ("u08_ex6", "visit = case.prospects.index[:49]", "It has 49 entries, but 50 are expected."),
    ("u08_ex6", "visit = case.visited.index[:50]", "none of the possible values"),
    ("u08_ex7", 'top = {"n_top": 22.4, "captured_share": 0.5, "by_chance_share": 0.4}', "'n_top' should be a whole"),
    ("u08_ex8", TABLE, "'n_leads' should hold whole numbers"),
    ("u08_ex9", CENTRE, "'centre' should be a text, but this is the number 7."),
    ("u08_ex10a", "def neglected(block):\n    return ['calls']", "'calls' is none of the possible values"),
    ("u08_ex10b", "step_by_step = case.visits", "A list or set is needed"),
])
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u08").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(re.escape(says), check), check
