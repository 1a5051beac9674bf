"""Present value, the three lifetime values, equity and stage values against the course's verified numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crmsim as crm
from crmsim.errors import InputError

value = crm.value
PAST, FUTURE = [100, 120, 90], [80, 60]
MOVES = pd.DataFrame(
    [
        [0.50, 0.35, 0.00, 0.05, 0.10],
        [0, 0.60, 0.30, 0.06, 0.04],
        [0, 0, 0.90, 0.08, 0.02],
        [0, 0.05, 0.05, 0.60, 0.30],
    ],
    index=["acquisition", "growth", "maturity", "decline"],
    columns=["acquisition", "growth", "maturity", "decline", "churn"],
)
PROFIT = [-20, 30, 50, 15]
flows = st.lists(st.floats(-1e4, 1e4), max_size=8)
rates = st.floats(-0.5, 1.0)


def test_tv04_lifetime_values() -> None:
    assert round(value.clv_narrow(PAST, FUTURE, rate=0.10), 4) == 122.3140
    assert round(value.clv_broad(PAST, FUTURE, rate=0.10), 4) == 465.3140
    assert round(value.clv_broad(PAST, FUTURE, rate=0.10, valued="start"), 4) == 384.5571
    # the slips: the first future flow taken for today's, the past left as it is, the past discounted
    assert round(value.present_value(FUTURE, rate=0.10, first_period=0), 4) == 134.5455 != 122.3140
    assert round(sum(PAST) + value.clv_narrow(PAST, FUTURE, rate=0.10), 4) == 432.3140 != 465.3140


def test_tv05_customer_equity() -> None:
    current, potential = [122.3140, 300, 50], [(0.2, 200), (0.05, 1000)]
    assert round(value.customer_equity(current, potential), 4) == 562.3140
    certain = [(1, clv) for _, clv in potential]
    assert round(value.customer_equity(current, certain), 4) == 1672.3140 != 562.3140


def test_equity_ends_with_the_plan_or_with_loyalty() -> None:
    ten = [10] * 10
    assert value.clv_within_plan(ten, rate=0, plan_periods=4, loyal_periods=7) == 40
    assert value.clv_within_plan(ten, rate=0, plan_periods=7, loyal_periods=4) == 40
    assert value.clv_within_plan(ten, rate=0, plan_periods=70) == 100
    assert value.clv_within_plan(ten, rate=0, plan_periods=4, loyal_periods=7) != 70


def test_tv10_stage_values() -> None:
    undiscounted = value.stage_values(MOVES, PROFIT, rate=0)
    assert undiscounted.round(4).tolist() == [396.1240, 595.3488, 655.0388, 193.7984]
    discounted = value.stage_values(MOVES, PROFIT, rate=0.01)
    assert discounted.round(4).tolist() == [338.8686, 526.8533, 584.5356, 172.4865]
    assert value.stage_values(MOVES, [1] * 4, rate=0).round(4).tolist() == [12.8760, 14.6512, 14.9612, 6.2016]
    from_next_month = discounted - PROFIT  # the slip: the present month left out
    assert not np.isclose(from_next_month, [338.8686, 526.8533, 584.5356, 172.4865]).any()


def test_stage_values_are_the_sum_over_months() -> None:
    """Second way: follow the shares of customers month by month."""
    shares, total = np.eye(4), np.zeros(4)
    for month in range(2_000):
        total += shares @ PROFIT / 1.01**month
        shares = shares @ MOVES.to_numpy()[:, :4]
    np.testing.assert_allclose(value.stage_values(MOVES, PROFIT, rate=0.01), total, rtol=1e-9)


@pytest.mark.parametrize("form", ["without churn", "churn column", "churn stage"])
def test_churn_may_be_left_out_a_column_or_a_stage(form: str) -> None:
    stage = pd.concat([MOVES, pd.DataFrame([[0, 0, 0, 0, 1.0]], index=["churn"], columns=MOVES.columns)])
    moves = {"without churn": MOVES.iloc[:, :4], "churn column": MOVES, "churn stage": stage}[form]
    profit = pd.Series(PROFIT, index=MOVES.index)
    for rate in (0, 0.01):
        found = value.stage_values(moves, profit, rate=rate)
        np.testing.assert_allclose(found[:4], value.stage_values(MOVES, PROFIT, rate=rate))
        assert (found[4:] == 0).all()


@given(flows, flows, flows, rates)
def test_past_and_future_add_up(past: list[float], future: list[float], other: list[float], rate: float) -> None:
    def past_part(later: list[float]) -> float:
        return value.clv_broad(past, later, rate=rate) - value.clv_narrow(past, later, rate=rate)

    scale = 1 + sum(map(abs, past + future + other)) * 2.0**9
    assert abs(past_part(future) - past_part(other)) <= 1e-9 * scale
    at_start = value.clv_broad(past, future, rate=rate, valued="start")
    compounded = at_start * (1 + rate) ** max(len(past) - 1, 0)
    assert abs(compounded - value.clv_broad(past, future, rate=rate)) <= 1e-9 * scale * 2**7


@given(flows, flows)
def test_without_discounting_values_are_sums(past: list[float], future: list[float]) -> None:
    assert value.present_value(future, rate=0) == pytest.approx(sum(future), abs=1e-6)
    assert value.clv_broad(past, future, rate=0) == pytest.approx(sum(past) + sum(future), abs=1e-6)
    assert value.clv_current_potential(past, future, rate=0) == pytest.approx(sum(past) + sum(future), abs=1e-6)


def test_a_perpetuity_is_worth_its_payment_over_the_rate() -> None:
    assert value.present_value(np.full(5_000, 7.0), rate=0.05) == pytest.approx(140)
    assert value.stage_values([[1.0]], [7.0], rate=0.05).iloc[0] == pytest.approx(147)  # the present period as well


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: value.present_value([1], rate=-1), "must be above -1"),
        (lambda: value.present_value([1], rate="10%"), "not a discount rate"),
        (lambda: value.present_value([1], rate=True), "not a discount rate"),
        (lambda: value.present_value([1, float("nan")], rate=0.1), r"flows\[1\] is nan"),
        (lambda: value.present_value("12", rate=0.1), "row of numbers"),
        (lambda: value.present_value([[1, 2]], rate=0.1), "row of numbers"),
        (lambda: value.clv_narrow(["a"], [1], rate=0.1), "past"),
        (lambda: value.clv_broad([1], [1], rate=0.1, valued="begin"), "'start'"),
        (lambda: value.customer_equity([1], [(1.2, 100)]), r"potential\[0\]: 1.2 is not a probability"),
        (lambda: value.customer_equity([1], [(0.2, 100, 3)]), "a pair"),
        (lambda: value.customer_equity([1], [0.2]), "potential"),
        (lambda: value.clv_within_plan([1], rate=0, plan_periods=-1), "plan_periods=-1"),
        (lambda: value.clv_within_plan([1], rate=0, plan_periods=1, loyal_periods=1.5), "loyal_periods=1.5"),
        (lambda: value.clv_within_plan([1], rate=0, plan_periods="two"), "plan_periods='two'"),
        (lambda: value.stage_values([[0.5, 0.6]], [1], rate=0), "more than 1"),
        (lambda: value.stage_values([[0.5, 0.4]], [1], rate=0), "not to 1"),
        (lambda: value.stage_values([[-0.5]], [1], rate=0), "outside 0 to 1"),
        (lambda: value.stage_values([[0.5, 0.2, 0.3]], [1], rate=0), "as many columns as rows"),
        (lambda: value.stage_values([[1.0]], [1], rate=0), "infinite"),
        (lambda: value.stage_values([[0.5]], [1, 2], rate=0), "2 numbers for 1 stages"),
        (lambda: value.stage_values(MOVES, pd.Series({"growth": 1.0}), rate=0), "'acquisition'"),
        (lambda: value.stage_values(MOVES[MOVES.columns[::-1]], PROFIT, rate=0), "not in the order"),
    ],
)
def test_mistakes_are_named(call: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()  # type: ignore[operator]
