"""Unit 6: every invented student gets a fair case, slips can be seen, and decisions are judged by what they bring."""

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
from crmsim.course.recipes import SealedCase, make_case, recipe_of, u06

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(300, 308)]
SCHEME = load_scheme(MARKING, "u06")
assert SCHEME is not None
scales, shares, measures = (sys.modules[f"_marking_u06.{part}"] for part in ("scales", "shares", "measures"))
FIRM_ONLY = {"u06_ex6c"}  # the worth of packages takes seconds


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u06"), "u06", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student), without=FIRM_ONLY) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_no_group_is_nearly_empty_and_no_rounding_decides(student: str) -> None:
    case = case_of(student)
    spent = case.transactions.groupby("customer_id")["amount"].sum()
    sizes = crm.abc(spent).value_counts()
    assert sizes.min() >= 20
    for change in (0.999999, 1.000001):
        cuts = (0.80 * change, 0.95 * change)
        pd.testing.assert_series_equal(crm.abc(spent, cuts=cuts), crm.abc(spent))
    assert case.branch["segment"].nunique() == case.branch["segment_before"].nunique() == 7
    assert case.branch["segment"].value_counts().min() >= 5
    found = shares.pareto(case)
    assert 0.4 < found["revenue"] < 0.95
    assert 0.02 < found["for_80"] < 0.6


def test_people_stand_in_several_lists_inside_and_outside_the_crm_system() -> None:
    case = case_of(STUDENTS[0])
    inside = set(case.customers.index)
    for name in ("social_media", "market_research", "feedback"):
        people = case.tables[name]["customer_id"]
        assert 30 < len(set(people) - inside) < len(set(people))
        assert people.is_unique == (name == "market_research")
    assert set(case.social_media["customer_id"]) & set(case.feedback["customer_id"])


def test_at_least_half_of_the_points_come_from_own_customers_and_at_most_a_quarter_from_words() -> None:
    points = {question.id.removeprefix("u06_"): question.points for question in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 35
    assert sum(points[name] for name in ("ex1", "ex4", "ex5", "ex6a", "ex6c", "ex7")) >= 40 / 2
    assert points["ex2"] + points["ex8"] <= 40 / 4


def ways_to_add_up(values: pd.Series[float]) -> dict[str, Any]:
    """The share that the customers before bring, as different people compute it."""
    total, share = values.sum(), values / values.sum()
    running = np.add.accumulate([0.0, *values])[:-1]
    return {
        "sums": (values.cumsum() - values) / total, "shares": share.cumsum() - share,
        "shifted": share.cumsum().shift(fill_value=0.0), "loop": running / total,
        "loop of shares": np.add.accumulate([0.0, *share])[:-1], "rest": 1 - (total - values.cumsum() + values) / total,
    }


def test_the_hidden_classes_do_not_depend_on_the_way_of_adding_up() -> None:
    """A share of exactly 0.80 is a rounding away from the wrong class; the prompt advises to round, but no one must."""
    exact = 0
    for (values,) in scales.abc_inputs(case_of(STUDENTS[0])):
        ranked = values.sort_index().sort_values(ascending=False, kind="stable")
        right = crm.abc(values).loc[ranked.index].astype(str).tolist()
        for way, before in ways_to_add_up(ranked).items():
            classes = np.where(np.asarray(before) < 0.80, "A", np.where(np.asarray(before) < 0.95, "B", "C"))
            assert classes.tolist() == right, way
        exact += int(np.isclose(ways_to_add_up(ranked)["sums"], 0.80, atol=1e-12).sum())
    assert exact == 1


def test_the_slips_of_functions_begin_with_functions_that_are_right() -> None:
    """Without a slip, the builders of slips agree with the library, and TV06 and TV07 come out."""
    case = case_of(STUDENTS[0])
    for (values,) in scales.abc_inputs(case):
        found, wanted = scales.classes()(case)(values), scales.abc(values)
        assert found.astype(str).sort_index().to_dict() == wanted.astype(str).sort_index().to_dict()
    vector = scales.by_customer(range(10), [500, 300, 80, 50, 30, 20, 10, 5, 3, 2])
    assert "".join(label[0] for label in scales.abc(vector)) == "llmmmsssss"
    scores = measures.scored()(case)
    assert [scores(30, 12, 5000), scores(31, 11, 4999), scores(181, 1, 299)] == [[5, 5, 5], [4, 4, 4], [1, 1, 1]]
    table = crm.rfm(case)
    own = [scores(*row) for row in table[["recency_days", "frequency", "monetary"]].itertuples(index=False)]
    assert own == table[["r_score", "f_score", "m_score"]].to_numpy().tolist()


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_sensible_decisions_bring_much_and_tempting_ones_a_loss(student: str) -> None:
    case = case_of(student)
    branch, worth = case.branch, case.truth

    def brings(rows: pd.DataFrame, column: str = "monetary") -> float:
        return float(worth[rows.nlargest(case.n_packages, column).index].sum())

    reference = brings(branch[branch["recency_days"] <= 60])
    assert reference > 500
    assert brings(branch[branch["segment"].isin(["champions", "regulars"])]) > 0.8 * reference
    assert brings(branch, "frequency") < 0.75 * reference
    assert brings(branch[branch["segment"] == "at_risk"]) < 0
    assert brings(branch, "recency_days") < 0
    assert worth.index.equals(branch.index)
    assert worth.min() == -case.package_cost


def test_a_choice_is_worth_what_its_members_are_worth_together() -> None:
    """Packages for some customers alone change profit by the sum of their worth, not by that of their neighbours."""
    case = case_of(STUDENTS[0])
    chosen = case.branch.nlargest(case.n_packages, "frequency").index
    seed = u06._branch_seed(case.seed)
    offer = crm.Offer(at=u06.PERIODS, customers=chosen, lift=u06.PACKAGE_LIFT, cost=case.package_cost,
                      periods=u06.PERIODS_AHEAD)
    found = crm.compare(u06._shop(seed), {"nothing": [], "package": [offer]}, replications=u06.REPLICATIONS,
                        progress=False)
    together = float(found.loc["package", "profit_difference"])
    assert together == pytest.approx(case.truth[chosen].sum(), abs=0.01 * len(chosen))
    assert together != pytest.approx(case.truth[case.branch.index.difference(chosen)[:60]].sum(), abs=50)


SPANS = """
bought = case.transactions.groupby("customer_id").agg(
    last=("time", "max"), frequency=("time", "count"), monetary=("amount", "sum"))
rfm_table = bought.assign(recency_days=case.today - bought["last"], interval_days=None)
"""
FOUND = 'found = {"n_people": {7, 8}, "n_potential": 3, "top_need": "advice", "best_customer": 7}'


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u06_ex1", FOUND, "'n_people' should be a whole number, but this is a set of 2 numbers from 7 to 8."),
    ("u06_ex1", FOUND.replace("{7, 8}", "2.5"), "'n_people' should be a whole number, but this is the number 2.5."),
    ("u06_ex1", FOUND.replace("{7, 8}", "9").replace('"advice"', "5"), "'top_need' should be a text, but this is"),
    ("u06_ex6a", SPANS, r"'recency_days' should hold whole numbers, but these are \d+ time spans .*\.dt\.days"),
])
def test_the_visible_check_sees_entries_of_a_wrong_type(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u06").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(says, check), check
