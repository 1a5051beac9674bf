"""Unit 7: every invented student gets a fair case, slips can be seen, and care is judged by what it brings."""

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
from crmsim.course.encoding import encode
from crmsim.course.judging import judge
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import SealedCase, make_case, recipe_of, u07

COURSE = Path(__file__).resolve().parents[2] / "assignments"
STUDENTS = [f"2026{number:04d}" for number in range(300, 306)]
SCHEME = load_scheme(COURSE / "marking", "u07")
assert SCHEME is not None
ahead, classes, decisions, lives, moving, plan, words = (
    sys.modules[f"_marking_u07.{part}"]
    for part in ("ahead", "classes", "decisions", "lives", "moving", "plan", "words")
)
CARE = "u07_ex9"  # the worth of care takes seconds


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u07"), "u07", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student), without={CARE}) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_the_case_holds_what_the_questions_need(student: str) -> None:
    case = case_of(student)
    assert len(case.panel) == u07.N_PANEL
    assert case.panel["stage"].value_counts().min() >= 10
    assert case.panel["customer_class"].value_counts().min() >= 8
    assert not set(case.panel.index) & set(case.others.index)
    assert len(case.others) >= 4 * case.n_care
    assert 0.2 < case.files["last_settled"].isna().mean() < 0.65
    np.testing.assert_allclose(case.moves.sum(axis=1), 1, atol=1e-12)
    assert 9 < crm.lifecycle.expected_life(case.moves)["acquisition"] < 18


def test_nothing_hidden_of_the_others_is_in_the_case() -> None:
    case = case_of(STUDENTS[0]).public()
    assert "stage" not in {*case.others, *case.customers, *case.transactions}
    assert set(case.stage_log["customer_id"]) == set(case.panel.index)
    assert case.transactions["period"].max() == u07.PERIODS - 1
    assert not set(case.facts) & {"seed", "secret", "worth"}


def test_the_log_has_gaps_and_ends_with_the_stage_of_the_panel() -> None:
    case = case_of(STUDENTS[0])
    log = case.stage_log
    steps = log.groupby("customer_id")["period"].diff().dropna()
    assert 0.03 < (steps > 1).mean() < 0.15
    last = log[log["period"] == u07.PERIODS - 1].set_index("customer_id")["stage"]
    assert last.to_dict() == case.panel["stage"].to_dict()


def test_the_panel_moves_as_the_shop_does() -> None:
    """Shares of the panel agree with those of everybody else, within their errors."""
    case = case_of(STUDENTS[0])
    found = crm.lifecycle.move_intervals(crm.lifecycle.count_moves(case.stage_log))
    errors = np.hypot(found["standard_error"], found["standard_error"])
    other = case.moves.stack().reindex(found.index)  # noqa: PD013 - a table of moves is no measurements
    assert ((found["share"] - other).abs() <= 5 * errors + 0.001).all()
    assert not ((moving.survivors(case).loc["decline"] - case.moves.loc["decline"]).abs() < 0.1).all()


def test_at_least_half_of_the_points_come_from_own_customers_and_at_most_a_quarter_from_words() -> None:
    points = {question.id.removeprefix("u07_"): question.points for question in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 36
    assert sum(points[name] for name in ("ex2", "ex3", "ex4b", "ex6", "ex7", "ex9")) >= 40 / 2
    assert points["ex1"] + points["ex8"] <= 40 / 4


def test_the_textbook_numbers_come_out() -> None:
    """TV10, TV15 and the lifetimes of the docstring; 0.22 after two months would be wrong."""
    course = crm.lifecycle.reference_moves()
    gone = [ahead.gone_share(course, "acquisition", n) for n in (1, 2, 3, 6, 12)]
    assert gone == pytest.approx([0.1, 0.179, 0.24445, 0.398999, 0.619692], abs=1e-6)
    assert gone[1] != pytest.approx(0.22, abs=0.01)
    for slipless in (ahead.by_power(), ahead.by_power(months=lambda n: n)):
        assert slipless(None)(course, "acquisition", 12) == pytest.approx(gone[-1], abs=1e-12)
    assert crm.lifecycle.ladder(1_000, p_member=0.2, p_advocate=0.25) == 50


def test_the_class_function_agrees_with_the_library_on_the_panel_at_the_limits_and_for_two_limits() -> None:
    case = case_of(STUDENTS[0])
    right = classes.labelled()(case)
    for who, row in case.panel.iterrows():
        numbers = [None if pd.isna(row[name]) else int(row[name]) for name in ("first_days", "recency_days", "grade")]
        n_purchases = 0 if pd.isna(row["frequency"]) else int(row["frequency"])
        assert right(n_purchases, *numbers, 180) == row["customer_class"], who
    limits = {label: sum(right(*trial) == label for trial in classes.inputs(case)) for label in crm.lifecycle.CLASSES}
    assert min(limits.values()) >= 2


def test_the_spread_of_advocates_is_that_of_many_climbs() -> None:
    """The formula of the truth against 20,000 climbs: the error of a standard deviation is sd / sqrt(2 n)."""
    case = case_of(STUDENTS[0])
    chances = {"p_member": plan.p_member(case), "p_advocate": plan.p_advocate(case)}
    climbs = crm.lifecycle.simulate_ladder(case.n_next, **chances, replications=20_000, seed=3)["n_advocates"]
    assert abs(climbs.std() - plan.spread(case)) < 5 * plan.spread(case) / np.sqrt(40_000)
    assert abs(climbs.mean() - plan.n_advocates(case)) < 5 * plan.spread(case) / np.sqrt(20_000)


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_sensible_decisions_bring_much_and_tempting_ones_little_or_a_loss(student: str) -> None:
    case = case_of(student)
    worth = case.truth["worth"]

    def share(chosen: Any) -> float:
        return float(worth[list(chosen(case))].sum() / worth[list(decisions.best_known(case))].sum())

    assert worth[list(decisions.best_known(case))].sum() > 1_500
    assert share(decisions.top(decisions.a_month, decisions.bought_within(60))) > 0.85
    assert 0.4 < share(decisions.top("monetary", decisions.bought_within(60))) <= 1
    for tempting in ("money alone", "frequency alone", "new", "loyal"):
        assert share(next(slip.value for slip in decisions.CHOSEN if slip.name == tempting)) < 0.8
    for loss in ("lapsed", "long absent", "oldest"):
        assert share(next(slip.value for slip in decisions.CHOSEN if slip.name == loss)) < 0
    assert worth.index.equals(case.others.index)
    gone = worth == -case.care_cost  # to keep somebody may cost more in service than it brings
    assert 0.2 < gone.mean() < 0.8
    assert worth.min() > -1.5 * case.care_cost


def test_a_decision_is_told_its_place_on_the_scale_and_its_slip() -> None:
    case, question = case_of(STUDENTS[0]), SCHEME.question(CARE)  # type: ignore[union-attr]
    verdict = judge(question, encode(decisions.top("monetary")(case)), case)  # type: ignore[arg-type]
    assert verdict.mistake == "money alone"
    assert re.search(r"your choice stands at 0\.\d\d \(standard error 0\.\d\d\)", verdict.message)
    assert 0 < verdict.points < 0.9 * 4


def test_the_prompt_tells_what_a_larger_trial_of_care_finds() -> None:
    """The table of the prompt is the one of the recipe, and the mean over the buyers of many shops has it."""
    text = (COURSE / "text" / "u07.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| Care brings"))
    told = [int(cell.replace("−", "-")) for cell in row.split("|")[2:-1]]
    assert told == list(u07.CARE_GAIN.values())
    shop = u07._retail().replace(seed=77, customers=8_000)
    run = crm.simulate(shop, progress=False)
    now = run.truth.stages.query("period == @u07.PERIODS - 1").set_index("customer_id")["stage"]
    buyers = pd.Index(run.transactions["customer_id"].unique())
    care = crm.Offer(at=u07.PERIODS, customers=buyers, retention=u07.CARE_RETENTION, cost=u07.CARE_COST,
                     periods=u07.PERIODS_AHEAD)
    found = crm.compare(shop.replace(periods=u07.PERIODS + u07.PERIODS_AHEAD), {"nothing": [], "care": [care]},
                        replications=4, progress=False).customers["care"]
    means, errors = (getattr(found.groupby(now.reindex(found.index).astype(str)), name)() for name in ("mean", "sem"))
    for stage, gain in u07.CARE_GAIN.items():
        assert abs(means[stage] - gain) < 4 * errors[stage] + 3, stage
    assert abs(means["acquisition"] - u07.CARE_GAIN["churn"]) > 10 * errors["acquisition"]


SPANS = """
files = case.files
lives = pd.DataFrame({"business_days": files["last_order"] - files["first_order"], "whole_days": 1, "relation_days": 1})
"""
MODELS = 'models = {"development": "attract", "relationship": [], "management": [], "cycle": []}'


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u07_ex1", MODELS, "'development' should be a list, but this is the text 'attract'."),
    ("u07_ex1", "models = [1, 2]", "A dict is needed"),
    ("u07_ex2", SPANS, r"'business_days' should hold numbers, but these are \d+ time spans .*\.dt\.days"),
    ("u07_ex3", "move_shares = case.stage_log", "Its form|missing|row labels|two rows"),
    ("u07_ex4a", "def gone_share(moves, stage, n_months):\n    return 75", "from 0 to 1"),
    ("u07_ex4b", "months_left = {'acquisition': 3}", "4 are expected"),
    ("u07_ex5", "def customer_class(*numbers):\n    return 'happy'", "'happy' is none of the possible values"),
    ("u07_ex6", "agreement = dict(agreement_share=1, found_share=1, right_share=1, n_loyal_gone=0.5)", "whole number"),
    ("u07_ex7", "climb = dict(p_member='20%', p_advocate=1, n_advocates=1, spread=1)", "a number from 0 to 1"),
    ("u07_ex6", "agreement = dict(agreement_share=81.5, found_share=0.9, right_share=0.9, n_loyal_gone=3)", "0 to 1"),
    ("u07_ex9", "care_for = case.panel.index[:60]", "is none of the possible values"),
])
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(COURSE, "u07").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(says, check), check
