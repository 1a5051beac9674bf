"""Unit 12: every invented student gets a fair case, slips can be seen, and tools are judged by what they change."""

from __future__ import annotations

import functools
import itertools
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
from crmsim.course.recipes import SealedCase, _u12_words, make_case, recipe_of, u12

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(600, 604)]
SCHEME = load_scheme(MARKING, "u12")
assert SCHEME is not None
QUESTIONS = {question.id.removeprefix("u12_"): question for question in SCHEME.questions}
PARTS = ("answers", "features", "mouth", "staying", "tools", "words")
answers, features, mouth, staying, tools, words = (sys.modules[f"_marking_u12.{part}"] for part in PARTS)
MAY_BE_RIGHT = {  # slips that give the right value for some students
    "margin for money", "break_even: with confirmed", "told_satisfied: high score",
}
OWN = ("ex1", "ex3", "ex4b", "ex5", "ex6", "ex7a", "ex7b", "ex9")


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u12"), "u12", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student)) <= MAY_BE_RIGHT


def test_the_case_holds_what_the_firm_sees_and_nothing_else() -> None:
    case = case_of(STUDENTS[0]).public()
    assert list(case.statements.columns) == ["text"]
    assert list(case.trial.columns) == ["monthly", "group", *u12.TOOLS]
    assert list(case.tools.columns) == ["cost"]
    assert list(case.kano.columns) == ["customer_id", "feature", "functional", "dysfunctional"]
    assert not hasattr(case, "truth")
    assert case.transactions["time"].max() <= case.today
    assert len(case.answers) == u12.N_ASKED
    assert case.weights["weight"].sum() == pytest.approx(1)


def test_at_least_half_of_the_points_come_from_own_customers_and_at_most_a_quarter_from_words() -> None:
    points = {name: question.points for name, question in QUESTIONS.items()}
    assert sum(points.values()) == 31
    assert sum(points[name] for name in OWN) >= 40 / 2
    assert points["ex2"] + points["ex8a"] + points["ex8b"] <= 40 / 4


def test_the_numbers_in_the_text_are_those_of_the_recipe() -> None:
    text = (MARKING.parent / "text" / "u12.md").read_text(encoding="utf-8")
    for number, said in [
        (u12.N_ASKED, "{} of your customers answered the two questions"),
        (u12.N_ASKED, "Each of {} customers gave scores"), (u12.LOW_INDEX, "weighted index is below {} "),
        (u12.WINDOW_DAYS, "the two last **windows** of {} days"), (u12.ACTIVE_DAYS, "bought in the last {} days gets"),
        (u12.TRIALS, "Next year was lived {} times"), (u12.REPLICATIONS, "**your own** customers {} times"),
        (mouth.HALF, "by **at least** {} people"), (f"{u12.N_PEOPLE:,}", "spread in a town of {} people"),
        (QUESTIONS["ex9"].like.compare.keywords["full"], "all points from {} on"),
        (int(u12.CLASSES["big"][0]), "| {} CNY or more |"), (u12.CLASSES["small"][1], "| below {} CNY |"),
    ]:
        assert said.format(number) in text, said
        assert len(re.findall(re.escape(said).replace(r"\{\}", "[0-9,.]+"), text)) == 1


def test_lists_of_the_notebook_are_those_of_the_library() -> None:
    assert list(_u12_words.STATEMENTS) == list(crm.service.catalogue("facets").index)
    assert set(u12.TOOLS) == set(crm.service.catalogue("loyalty_tools").index)
    assert tuple(crm.service.catalogue("servqual").index) == answers.DIMENSIONS
    known = {entry for name in ("causes", "models") for entry in crm.service.catalogue(name).index}
    assert set(words.CARDS.values()) == known | {"true", "false"}
    texts = [text for each in _u12_words.STATEMENTS.values() for text in each]
    assert len(set(texts)) == len(texts) == 25


@pytest.mark.parametrize("student", STUDENTS)
def test_every_facet_is_meant_twice_in_an_order_of_ones_own(student: str) -> None:
    facets = words.facets(case_of(student))
    assert sorted(facets.values()) == sorted(2 * list(_u12_words.STATEMENTS))
    assert list(facets) == list("abcdefghij")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_moment_has_three_touch_points_and_a_clear_worst_one(student: str) -> None:
    case = case_of(student)
    moments = words.moments(case)
    assert sorted(moments.values()) == sorted(3 * list(_u12_words.TOUCH_POINTS))
    means = case.touches.groupby("point")["score"].mean()
    for moment, worst in words.worst(case).items():
        others = [point for point, of in moments.items() if of == moment and point != worst]
        assert means[worst] < means[others].min() - 0.05
    assert set(means.nsmallest(3).index) != set(words.worst(case).values())


@pytest.mark.parametrize("student", STUDENTS)
def test_one_tool_brings_more_than_it_costs_and_may_still_be_luck(student: str) -> None:
    table = tools.effects(case_of(student))
    gain = table["extra"] - case_of(student).tools["cost"]
    assert ((gain > 0) & ~table["pays"]).sum() == 1


def test_kanos_table_in_the_text_is_that_of_the_library() -> None:
    text = (MARKING.parent / "text" / "u12.md").read_text(encoding="utf-8")
    for answer, letters in crm.service.kano_table().iterrows():
        assert f"| **{answer}** | {' | '.join(letters)} |" in text


# The truths of the scheme agree with a count of their own


def test_facets_gaps_and_words_are_those_counted_by_hand() -> None:
    case = case_of(STUDENTS[0])
    weights = case.weights["weight"]
    index = sum(case.answers[name] * weight for name, weight in weights.items())
    found = answers.facets(case)
    assert found["mean_index"] == pytest.approx(index.mean())
    assert found["low_share"] == pytest.approx((index < 60).mean())
    gap = case.answers["perceived_empathy"].mean() - case.answers["expected_empathy"].mean()
    assert answers.gaps(case).loc["empathy", "gap"] == pytest.approx(gap)
    below = (case.answers["perceived_empathy"] < case.answers["expected_empathy"]).mean()
    assert answers.gaps(case).loc["empathy", "disappointed"] == pytest.approx(below)
    assert answers.gaps(case).sort_values("rank")["gap"].is_monotonic_increasing
    told = mouth.mouth(case)
    happy = case.experiences.query("perceived > expected")["n_told"].mean()
    angry = case.experiences.query("perceived < expected")["n_told"].mean()
    assert told["break_even"] == pytest.approx(angry / (happy + angry))
    assert told["steps_later"] == u12.steps_to_half(case.heard["heard_good"]) - u12.steps_to_half(
        case.heard["heard_bad"])


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_most_features_get_the_class_that_most_customers_truly_give(student: str) -> None:
    case = case_of(student)
    run, seed = u12._life(case.seed), u12.hashed(f"questions of {case.seed}") % 2**31
    asked = crm.service.questionnaire(run, n_customers=u12.N_ASKED, seed=seed)
    found = features.majority(case)["kano"]
    assert (found == asked.kano_classes[found.index]).sum() >= 5


# The decision


def judged(answer: Any, case: SealedCase) -> float:
    key = _key(QUESTIONS["ex9"], case)
    return key.outcome(QUESTIONS["ex9"], QUESTIONS["ex9"].like.read(answer)).share


@pytest.mark.parametrize("student", STUDENTS)
def test_who_reads_the_trial_decides_well_and_no_simple_rule_does(student: str) -> None:
    case = case_of(student)
    assert judged(u12.nets(case).idxmax(axis=1).to_dict(), case) > 0.85
    assert judged(tools.best(case), case) == 1
    for slip in tools.CHOSEN:
        choice = slip.value(case)
        if slip.name != "margin for money":
            assert judged(choice, case) < 1, slip.name


def test_every_decision_is_judged_by_what_it_brings() -> None:
    case = case_of(STUDENTS[0])
    worth, best = case.truth, case.truth.max(axis=1).sum()
    for choice in itertools.product(["nothing", *u12.TOOLS], repeat=3):
        answer = dict(zip(worth.index, choice, strict=True))
        share = max(0.0, sum(worth.loc[group, tool] for group, tool in answer.items()) / best)
        assert judged(answer, case) == pytest.approx(1.0 if share >= 0.9 else share / 0.9)


def test_the_worth_of_a_tool_is_a_difference_of_profits_on_the_same_luck() -> None:
    """One class, one tool: what `compare` gives for the shop as a whole is the sum over its customers."""
    case = case_of(STUDENTS[0])
    group = u12.active(u12._life(case.seed))["group"]
    big = group.index[group == "big"]
    plans = u12._offers(case.seed, big, at_cost=True)
    shop = u12._retail().replace(seed=case.seed, periods=u12.PERIODS + u12.PERIODS_AHEAD)
    alone = {"nothing": [], "care": plans["care"]}
    found = crm.compare(shop, alone, replications=u12.REPLICATIONS, progress=False)
    assert found.loc["care", "profit_difference"] == pytest.approx(case.truth.loc["big", "care"], abs=0.01 * len(big))
    assert case.truth.loc["big", "care"] != pytest.approx(case.truth.loc["big", "exceed"], abs=0.01 * len(big))


def test_trial_and_own_shop_are_other_customers_but_the_same_tools() -> None:
    """Mean gains by class differ by less than five standard errors of both, but are not the same."""
    case = case_of(STUDENTS[1])
    group = u12.active(u12._life(case.seed))["group"]
    n = group.value_counts()
    own = case.truth.div(n, axis=0)[list(u12.TOOLS)] + case.tools["cost"]
    trial = case.trial.groupby("group")[list(u12.TOOLS)]
    spread = trial.std() * np.sqrt(1 / trial.size().to_numpy()[:, None] + 1 / n.reindex(trial.size().index).to_numpy()[
        :, None])
    distance = (own - trial.mean()).abs()
    assert (distance < 5 * spread).all(axis=None)
    assert (distance > 0).all(axis=None)


# The visible check


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u12_ex1", 'survey = {"index": 3}', "It has 1 entries where 4 are expected"),
    ("u12_ex2", 'facet_of = dict.fromkeys("abcdefghij", "price")', "'price' is none of the possible values"),
    ("u12_ex3", 'facets = {"mean_index": 1, "lowest_facet": 3, "low_share": 0.1}', "should be a text"),
    ("u12_ex3", 'facets = {"mean_index": 1, "lowest_facet": "idea", "low_share": 10}', "a number from 0 to 1"),
    ("u12_ex4a", "def kano(functional, dysfunctional):\n    return 'X'", "is none of the possible values. Possible: A"),
    ("u12_ex4a", "def kano(functional, dysfunctional):\n    return 1 / 0", "stopped with ZeroDivisionError"),
    ("u12_ex4b", "features = case.kano", "There are two rows for 'answer_in_a_day'"),
    ("u12_ex4b", "features = case.kano.drop_duplicates('feature')", "These columns are missing"),
    ("u12_ex5", 'gaps = {"empathy": -1}', "A table (DataFrame) is needed"),
    ("u12_ex6", "mouth = [1, 2, 3, 4]", "A dict is needed"),
    ("u12_ex7a", 'loyal = {"retention_rate": 50, "repeat_rate": 0.5, "tenure_days": 3}', "a number from 0 to 1"),
    ("u12_ex7b", "effects = case.tools", "These columns are missing"),
    ("u12_ex8b", 'journey = dict.fromkeys("abcdefghi", "using")', "It has 9 entries where 12 are expected"),
    ("u12_ex8a", 'cards = dict.fromkeys("abcdefgh", True)', "none of the possible values"),
    ("u12_ex9", 'tool_for = {"small": "gift"}', "It has 1 entries where 3 are expected"),
    ("u12_ex9", 'tool_for = dict.fromkeys(["small", "middle", "big"], "money")', "'money' is none of the possible"),
])
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u12").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(re.escape(says), check), check


def test_a_case_that_hangs_on_a_tie_is_refused() -> None:
    case = case_of(STUDENTS[0])
    assert u12.unfair(case) == []
    same = case.trial.assign(**dict.fromkeys(u12.TOOLS, 50.0))
    tied = crm.course.cases.Case("u12", case.today, {**case.tables, "trial": same}, case.facts)
    assert any("same best tool" in reason for reason in u12.unfair(tied))
    heard = pd.DataFrame({"heard_good": [500] * 31, "heard_bad": [500] * 31})
    half = crm.course.cases.Case("u12", case.today, {**case.tables, "heard": heard}, case.facts)
    assert any("exactly half" in reason for reason in u12.unfair(half))
