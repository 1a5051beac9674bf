"""Unit 5: every invented student gets a fair case, slips can be seen, and the truth marks what it should."""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from slips import like_the_truth

import crmsim as crm
from crmsim.course.estimating import skill
from crmsim.course.judging import _key
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import SealedCase, _u05_plans, make_case, recipe_of, u05

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(300, 306)]
SCHEME = load_scheme(MARKING, "u05")
assert SCHEME is not None
flows, states, equity, decisions, estimates, forecasts = (
    sys.modules[f"_marking_u05.{part}"]
    for part in ("flows", "states", "equity", "decisions", "estimates", "forecasts")
)
FIRM_ONLY = {"u05_ex9", "u05_ex10"}  # the truth takes seconds
TV04 = ([100, 120, 90], [80, 60], 0.10)


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u05"), "u05", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student), without=FIRM_ONLY) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_the_case_holds_what_the_text_says_and_only_what_a_firm_sees(student: str) -> None:
    case = case_of(student).public()
    assert case.forecast.groupby("customer_id")["quarter"].agg(["min", "max"]).isin(range(9)).all(axis=None)
    sizes = case.forecast.groupby("customer_id").size()
    assert len(sizes) == 12
    assert sizes.between(5, 8).all()
    assert not case.forecast["quarter"].is_monotonic_increasing
    assert np.allclose(case.moves.sum(axis=1), 1)
    assert (case.moves.loc["gone"] == [0, 0, 0, 1]).all()
    assert case.members["loyal_quarters"].between(1, 20).all()
    assert case.transactions["time"].max() < case.today
    visible = {column for table in case.tables.values() for column in table.columns}
    assert not visible & {"stage", "loyalty", "purchase_rate", "spend_level", "seed", "worth"}


@pytest.mark.parametrize("student", STUDENTS)
def test_each_meaning_puts_another_of_the_three_first(student: str) -> None:
    worth = _u05_plans.three_ways(case_of(student).three, rate=0.03)
    assert worth.idxmax().nunique() == 3
    past_star = worth["broad"].idxmax()
    assert (worth[["narrow", "current_potential"]].idxmin() == past_star).all()
    for customer, (past, future) in zip(worth.index, flows.own_flows(case_of(student)), strict=True):
        assert worth.loc[customer, "broad"] == pytest.approx(crm.value.clv_broad(past, future, rate=0.03))


def test_at_least_half_of_the_points_come_from_own_customers_and_at_most_a_quarter_from_words() -> None:
    points = {question.id.removeprefix("u05_"): question.points for question in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 35
    assert sum(points[name] for name in ("ex4", "ex5", "ex6", "ex8", "ex9", "ex10")) >= 40 / 2
    assert points["ex2"] <= 40 / 4


def test_the_slips_of_functions_begin_with_functions_that_are_right() -> None:
    """Without a slip, the builders of slips agree with the library; the published vectors come out."""
    case = case_of(STUDENTS[0])
    assert flows.lifetime()(case)(*TV04) == pytest.approx({"narrow": 122.3140, "broad": 465.3140}, abs=1e-4)
    for row, rate in flows.present_value_inputs(case):
        plain = flows.weighted(lambda k, rate: (1 + rate) ** -k)(case)
        assert plain(row, rate) == pytest.approx(flows.present_value(row, rate))
    for moves, profit, rate in states.inputs(case):
        assert np.allclose(states.solved()(case)(moves, profit, rate), states.values(moves, profit, rate))
    textbook = states.values(*states.inputs(case)[1]).round(4).tolist()
    assert textbook == [338.8686, 526.8533, 584.5356, 172.4865, 0]


def test_equity_is_that_of_the_library() -> None:
    case = case_of(STUDENTS[0])

    def worth(row: pd.Series[float]) -> float:
        return crm.value.clv_within_plan(
            [row["profit_per_quarter"]] * 20, rate=case.rate_quarter, plan_periods=case.plan_quarters,
            loyal_periods=int(row["loyal_quarters"]),
        )

    chances = zip(case.prospects["probability"], case.prospects.apply(worth, axis=1), strict=True)
    whole = crm.value.customer_equity(case.members.apply(worth, axis=1), chances)
    found = equity.equity(case)
    assert found["equity"] == pytest.approx(whole)
    assert found["equity_1_year"] < found["current"] < found["equity"]


def test_a_higher_rate_and_fewer_who_stay_lower_the_value() -> None:
    table = forecasts.sensitivity()(case_of(STUDENTS[0]))
    assert (table.diff().dropna() < 0).all(axis=None)
    assert (table.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_a_good_method_comes_close_to_the_truth_and_a_naive_one_does_not(student: str) -> None:
    case = case_of(student)
    true = estimates.true_values(case).to_dict()
    assert not any(np.isnan(value) for value in true.values())
    found = {model: skill(estimates.by(model)(case).to_dict(), true) for model in ("bg_nbd", "pareto_nbd", "historic")}
    assert min(found["bg_nbd"], found["pareto_nbd"]) > 0.4
    assert found["pareto_nbd"] > 0.8 * found["bg_nbd"]
    assert found["historic"] < 0.8 * found["bg_nbd"]
    own_error = (case.truth["clv"]["clv_se"] ** 2).mean() / np.var(list(true.values()))
    assert own_error < 0.05, "the truth itself would be too uncertain to mark by"


@pytest.mark.parametrize("student", STUDENTS[:2])
def test_sensible_offers_bring_much_and_tempting_ones_a_loss(student: str) -> None:
    case = case_of(student)
    worth = case.truth["worth"]["worth"]
    gain = {
        mistake.name: worth[list(mistake.value(case))].sum() for mistake in decisions.CHOSEN
    } | {"best": worth[list(decisions.best_known(case))].sum(), "clv": worth[list(decisions.top("clv")(case))].sum()}
    assert gain["best"] > 2_000
    assert gain["clv"] > 0.85 * gain["best"]
    assert max(gain[name] for name in ("most in danger", "surest", "long absent")) < 0
    assert gain["half gone"] < 0.2 * gain["best"]
    assert gain["frequency alone"] < 0.85 * gain["best"]
    assert worth.index.equals(case.branch.index)


def test_the_standard_error_on_the_scale_is_that_of_a_ratio_over_replications() -> None:
    """From the errors of single customers, the same as from whole policies, replication by replication."""
    case = case_of(STUDENTS[0])
    chosen, best = decisions.top("monetary")(case), decisions.best_known(case)
    question = SCHEME.question("u05_ex10")  # type: ignore[union-attr]
    note = _key(question, case).outcome(question, frozenset(chosen)).note
    error = float(note.split("standard error ")[1].split(")")[0])
    seed = u05._branch_seed(case.seed)
    offer = functools.partial(
        crm.Offer, at=u05.PERIODS, retention=u05.RETENTION, cost=u05.OFFER_COST, periods=u05.PERIODS_AHEAD,
    )
    shop = u05._shop(seed, periods=u05.PERIODS + u05.PERIODS_AHEAD)
    score = crm.score_policy(
        shop, [offer(customers=list(chosen))], best=[offer(customers=list(best))], replications=u05.REPLICATIONS,
    )
    assert f"stands at {score.share:.2f} " in note
    assert error == pytest.approx(score.se, abs=0.005 + 0.35 * score.se)


def test_a_longer_future_leaves_the_past_as_it_was() -> None:
    """The worth of offers is computed in a firm that lives a year longer than the one the student sees."""
    longer = crm.simulate(u05._shop(5, periods=u05.PERIODS + 3), progress=False).until(u05.PERIODS)
    pd.testing.assert_frame_equal(longer.transactions, crm.simulate(u05._shop(5), progress=False).transactions)


def test_the_text_says_how_much_is_simulated_and_what_an_offer_costs() -> None:
    text = (MARKING.parent / "text" / "u05.md").read_text(encoding="utf-8")
    for said in (
        f"lived the next year {u05.FUTURES} times", f"lives the next year {u05.REPLICATIONS} times",
        f"{u05.N_OFFERS * u05.OFFER_COST:,} CNY", f"costs {u05.OFFER_COST} CNY", f"**{u05.N_OFFERS} customers**",
        f"for a quarter, {u05.RATE_QUARTER}", f"the one for a month, {u05.RATE_MONTH}",
    ):
        assert said in text


def test_the_teachers_model_answer_can_be_computed() -> None:
    """The code in the hand-graded question gives the values that its words are about."""
    text = (MARKING.parent / "text" / "u05.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0].replace("print(", "found = (")
    names: dict[str, pd.DataFrame] = {}
    exec(code, {"case": case_of(STUDENTS[0]), "pd": pd}, names)
    wanted = _u05_plans.three_ways(case_of(STUDENTS[0]).three, rate=u05.RATE_QUARTER)
    pd.testing.assert_frame_equal(names["found"], wanted, check_names=False)
