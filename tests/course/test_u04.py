"""Unit 4: every invented student gets a fair case, slips can be seen, and visits are judged by what they bring."""

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
from crmsim.course.recipes import SealedCase, make_case, recipe_of, u04

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(400, 406)]
SCHEME = load_scheme(MARKING, "u04")
assert SCHEME is not None
market, decisions, hierarchy, meanings, perceived = (
    sys.modules[f"_marking_u04.{part}"] for part in ("market", "decisions", "hierarchy", "meanings", "perceived")
)


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u04"), "u04", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS[:4])
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student)) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_no_rounding_and_no_tie_decides(student: str) -> None:
    case = case_of(student)
    net = crm.value.delivered_values(case.offers)["delivered_value"]
    assert net.nlargest(2).diff().abs().iloc[1] >= 5
    assert net.is_unique
    assert case.offers["c_money"].is_unique
    assert meanings.places(case)["what_i_want"].duplicated().any(), "ties teach the rule for ties"
    assert perceived.savings(case).lt(0).any()
    assert perceived.savings(case).gt(0).any()
    now, then = decisions.lead(case)
    assert min((now >= 0).sum(), (then <= 0).sum(), ((now < 0) & (then > 0)).sum()) >= 45
    crm.value.check_hierarchy(case.goals, case.consequences)
    assert list(case.goals.columns) != list(case.consequences.index), "names matter, not places"


def test_the_case_holds_nothing_of_the_truth() -> None:
    case = case_of(STUDENTS[0])
    weights = u04._shoppers(case.seed).weights
    seen = case.customers[list(weights.columns)] / case.offers.loc[case.own_offer, list(weights.columns)].astype(float)
    for component in ("v_product", "c_money"):
        assert np.corrcoef(seen[component], weights[component])[0, 1] > 0.99, "the survey tells what people feel"
        assert not np.allclose(seen[component], weights[component], atol=1e-4), "but not exactly"
    assert not {"seed", "weights", "luck"} & set(case.public().facts)
    assert not any(str(case.seed) in str(fact) for fact in case.public().facts.values())


def test_neighbours_have_other_offers_other_people_and_another_best_way() -> None:
    first, second = (case_of(student) for student in STUDENTS[:2])
    assert not first.offers["c_money"].equals(second.offers["c_money"])
    assert decisions.reference(first) != decisions.reference(second)
    everybody = [case_of(student) for student in STUDENTS]
    assert len({decisions.improvement(case)["best_step"] for case in everybody}) >= 3
    assert len({market.market(case)["lead_component"] for case in everybody}) >= 2
    assert len({hierarchy.satisfaction(case)["repair_first"] for case in everybody}) >= 2


def test_at_least_half_of_the_points_come_from_own_customers_and_at_most_a_quarter_from_words() -> None:
    points = {question.id.removeprefix("u04_"): question.points for question in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 33
    own = ("ex1b", "ex3", "ex4a", "ex4b", "ex5b", "ex7a", "ex7b")
    assert sum(points[name] for name in own) >= 40 / 2
    assert points["ex2"] + points["ex6"] <= 40 / 4


def test_the_published_vectors_come_out() -> None:
    """TV01, TV02 and TV03; a function with the costs left out, or without goals' weights, does not give them."""
    case = case_of(STUDENTS[0])
    right, price_alone = market.delivered()(case), market.delivered(cost_names=["money"])(case)
    (first, second, *_) = market.pairs(case)
    assert [right(*first), right(*second)] == [64, 70]
    assert price_alone(*first) == 100
    down = hierarchy.importance(*hierarchy.named(*hierarchy.TV03))
    assert down.tolist() == pytest.approx([0.172, 0.286, 0.326, 0.216])
    assert hierarchy.equal_goals(*hierarchy.named(*hierarchy.TV03)).iloc[0] != pytest.approx(0.172)
    rows = {"P": (40, 2, 3, 60, 55), "Q": (90, 5, 6, 130, 120), "R": (50, 3, 5, 80, 68), "S": (70, 4, 6, 120, 90)}
    names = ["price", "wants_met", "quality", "benefit", "cost"]
    offers = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    assert crm.value.rank_by_meaning(offers, n_wants=5).eq(1).idxmax().tolist() == ["P", "Q", "R", "S"]
    assert meanings.ratio(offers).round(4).tolist() == [0.075, 0.0667, 0.1, 0.0857]


def test_the_scheme_agrees_with_the_library() -> None:
    """The scheme computes on its own, for speed; a step that ignores the floor at 0 differs."""
    case = case_of(STUDENTS[0])
    own, steps = case.own_offer, decisions.gains(case)
    for name, row in case.steps.iterrows():
        found = crm.value.improvements(case.offers, offer=own, step_costs={name: row["step_cost"]}, step=row["step"])
        assert found.loc[name, "gain"] == steps.loc[name, "gain"]
        assert found.loc[name, "gain_per_money"] == pytest.approx(decisions.per_money(case)[name])
    assert steps.loc["c_physical", "gain"] < case.steps.loc["c_physical", "step"]
    assert crm.value.best_offer(case.offers) == market.market(case)["best_offer"]
    assert market.net(case).equals(crm.value.delivered_values(case.offers)["delivered_value"].astype(int))


@pytest.mark.parametrize("student", STUDENTS)
def test_both_directions_of_the_hierarchy_end_in_the_same_number(student: str) -> None:
    case = case_of(student)
    down = float((hierarchy.own_importance(case) * case.ratings.mean()).sum())
    assert hierarchy.satisfaction(case)["overall"] == pytest.approx(down, abs=1e-12)
    assert down != pytest.approx(case.ratings.mean().mean(), abs=0.002)


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_sensible_visits_bring_much_and_tempting_ones_a_loss(student: str) -> None:
    case = case_of(student)
    worth = case.truth
    now, then = decisions.lead(case)

    def brings(score: pd.Series[float]) -> float:
        return float(worth[list(decisions.first(score, case))].sum())

    reference = float(worth[list(decisions.reference(case))].sum())
    assert reference > 0.85 * brings(worth) > 4_000
    won = (now < 0) & (then > 0)
    assert brings((then - now)[won]) > 0.75 * reference
    assert brings(now) < 0
    assert brings(then) < 0.2 * reference
    assert brings(-now) < 0.2 * reference
    assert 0 < brings(then - now) < 0.8 * reference
    assert worth.index.equals(case.customers.index)
    assert worth.min() >= -case.visit_cost
    assert worth.max() <= case.margin - case.visit_cost


def test_a_visit_is_worth_what_it_changes_with_the_same_luck() -> None:
    """By hand, purchase by purchase: nobody who took the phone before the visit leaves it after."""
    case = case_of(STUDENTS[0])
    shoppers, two = u04._shoppers(case.seed), u04._two(case.offers, case.own_offer)
    visited = two.copy()
    visited.loc[case.own_offer, decisions.SAVED] = 0
    n_won = pd.Series(0, index=case.customers.index)
    for luck in range(u04.REPLICATIONS):
        before, after = (shoppers.choices(offers, replication=luck) == case.own_offer for offers in (two, visited))
        assert not (before & ~after).any()
        n_won += after & ~before
    by_hand = n_won / u04.REPLICATIONS * case.margin - case.visit_cost
    assert case.truth.to_numpy() == pytest.approx(by_hand.to_numpy(), abs=0.006)
    other = shoppers.choices(two, replication=0) == shoppers.choices(two, replication=1)
    assert not other.all(), "another luck is another purchase"


KEYED = 'market = {"best_offer": "P01", "n_below_zero": 2.5, "place_of_cheapest": 3, "lead_component": "c_time"}'


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u04_ex1a", "def delivered_value(values, costs):\n    return [1, 2]", "A number is needed, but this is a list"),
    ("u04_ex1b", KEYED, "'n_below_zero' should be a whole number, but this is the number 2.5"),
    ("u04_ex3", "places = case.offers[['c_money']]", "These columns are missing: low_price"),
    ("u04_ex4b", "economic_value = case.interviews['function_level']", "Numbers are needed, but these are 120 texts"),
    ("u04_ex5a", "def attribute_importance(w, g, c):\n    return 0.5", "A Series is needed, but this is the number"),
    ("u04_ex5b", "satisfaction = {'overall': case.ratings}", "It has 1 entries where 4 are expected"),
    ("u04_ex7b", "visit = case.customers.head(50)", "Hand in the labels alone"),
    ("u04_ex7b", "visit = range(40)", "It has 40 entries, but 50 are expected"),
])
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u04").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(re.escape(says), check), check
    assert "Traceback" not in check
