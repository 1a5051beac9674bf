"""Delivered value, the four meanings and the value hierarchy against the course's verified numbers and identities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsim import value
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS
from crmsim.value.meanings import OFFER_COLUMNS

calm = settings(max_examples=50, deadline=None, database=None)
TV01 = {
    "A": [120, 45, 20, 15, 100, 20, 10, 6],
    "B": [90, 60, 30, 20, 110, 10, 5, 5],
    "C": [150, 10, 10, 30, 80, 40, 30, 20],
}
TV02 = {"P": [40, 2, 3, 60, 55], "Q": [90, 5, 6, 130, 120], "R": [50, 3, 5, 80, 68], "S": [70, 4, 6, 120, 90]}
WEIGHTS = [0.6, 0.4]
GOALS = [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]
CONSEQUENCES = [[0.4, 0.4, 0.2, 0], [0, 0.5, 0.5, 0], [0.1, 0, 0.3, 0.6]]
SATISFACTION = [0.2, -0.1, 0.5, 0]
amounts = st.lists(st.integers(0, 10_000).map(lambda cents: cents / 100), min_size=4, max_size=4)


@pytest.fixture
def offers() -> pd.DataFrame:
    return pd.DataFrame(TV01, index=[*VALUE_COLUMNS, *COST_COLUMNS]).T


def test_tv01_delivered_value(offers: pd.DataFrame) -> None:
    table = value.delivered_values(offers)
    assert table["delivered_value"].tolist() == [64, 70, 30]
    assert table["total_value"].tolist() == [200, 200, 200]
    assert value.best_offer(offers) == "B"
    assert offers["c_money"].idxmin() == "C" == table["delivered_value"].idxmin()  # the slip: the cheapest is best
    assert [value.delivered_value(row[:4], row[4:]) for row in TV01.values()] == [64, 70, 30]
    parts = value.decompose(TV01["A"][:4], TV01["A"][4:])
    assert parts.tolist() == [120, 45, 20, 15, -100, -20, -10, -6]


def test_tv02_each_meaning_has_another_winner() -> None:
    table = pd.DataFrame(TV02, index=list(OFFER_COLUMNS)).T
    scores = value.four_meanings(table, n_wants=5)
    assert scores.idxmax().tolist() == ["P", "Q", "R", "S"]
    assert scores["quality_for_price"].round(4).tolist() == [0.075, 0.0667, 0.1, 0.0857]
    assert scores["benefit_for_cost"].tolist() == [5, 10, 12, 30]
    ranks = value.rank_by_meaning(table, n_wants=5)
    assert (ranks.min() == 1).all()
    assert ranks["low_price"].tolist() == [1, 4, 2, 3]
    assert (table["benefit"] / table["cost"]).idxmax() == "S"
    # the slip in the third meaning: quality less price would make the cheapest one win again
    assert (table["quality"] - table["price"]).idxmax() == "P" != scores["quality_for_price"].idxmax()


def test_tv03_both_directions_meet() -> None:
    down = value.importance_topdown(WEIGHTS, GOALS, CONSEQUENCES)
    up = value.satisfaction_bottomup(SATISFACTION, CONSEQUENCES, GOALS, goal_weights=WEIGHTS)
    np.testing.assert_allclose(down.consequences, [0.34, 0.30, 0.36], atol=1e-12)
    np.testing.assert_allclose(down.attributes, [0.172, 0.286, 0.326, 0.216], atol=1e-12)
    np.testing.assert_allclose(up.consequences, [0.14, 0.20, 0.17], atol=1e-12)
    np.testing.assert_allclose(up.goals, [0.164, 0.176], atol=1e-12)
    assert up.overall == pytest.approx(0.1688, abs=1e-12)
    assert down.attributes @ np.array(SATISFACTION) == pytest.approx(0.1688, abs=1e-12)
    equal = np.mean(SATISFACTION)  # the slip: all attributes count alike
    assert up.overall != pytest.approx(equal, abs=1e-3)


def rows_of(shares: list[list[int]]) -> np.ndarray[Any, Any]:
    table = np.array(shares, dtype=float) + 1
    return table / table.sum(axis=1, keepdims=True)


def matrix(rows: int, columns: int) -> st.SearchStrategy[Any]:
    cells = st.lists(st.integers(0, 9), min_size=columns, max_size=columns)
    return st.lists(cells, min_size=rows, max_size=rows).map(rows_of)


@calm
@given(st.data(), st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))
def test_overall_satisfaction_is_the_same_both_ways(data: Any, g: int, c: int, a: int) -> None:
    weights = data.draw(matrix(1, g))[0]
    goals, consequences = data.draw(matrix(g, c)), data.draw(matrix(c, a))
    felt = data.draw(st.lists(st.floats(-5, 5), min_size=a, max_size=a))
    down = value.importance_topdown(weights, goals, consequences)
    up = value.satisfaction_bottomup(felt, consequences, goals, goal_weights=weights)
    assert down.attributes @ np.array(felt) == pytest.approx(up.overall, abs=1e-9)
    assert down.attributes.sum() == pytest.approx(1)
    assert min(felt) - 1e-9 <= up.overall <= max(felt) + 1e-9


@calm
@given(amounts, amounts)
def test_the_parts_add_up_to_the_whole(values: list[float], costs: list[float]) -> None:
    whole = value.delivered_value(values, costs)
    assert value.decompose(values, costs).sum() == pytest.approx(whole, abs=1e-9)
    assert value.delivered_value(costs, values) == pytest.approx(-whole, abs=1e-9)


@calm
@given(st.lists(st.floats(0, 1e6), max_size=5), st.lists(st.floats(0, 1e6), max_size=5), st.floats(0.01, 1e6))
def test_a_benefit_raises_and_a_sacrifice_lowers(gains: list[float], losses: list[float], more: float) -> None:
    now = value.tradeoff(gains, losses)
    assert value.tradeoff([*gains, more], losses) > now > value.tradeoff(gains, [*losses, more])


def test_the_improvement_that_pays_best_is_found_by_trying(offers: pd.DataFrame) -> None:
    steps = {name: 1.0 + 0.5 * k for k, name in enumerate([*VALUE_COLUMNS, *COST_COLUMNS])}
    table = value.improvements(offers, offer="C", step_costs=steps, step=10)
    before = value.delivered_values(offers).loc["C", "delivered_value"]
    for name, row in table.iterrows():
        better = offers.copy().astype(float)
        better.loc["C", name] += 10 if name in VALUE_COLUMNS else -10
        gain = value.delivered_values(better).loc["C", "delivered_value"] - before
        assert row["gain"] == pytest.approx(gain)
        assert row["gap_closed_share"] == pytest.approx(gain / 40)  # 70 of B less 30 of C
    assert table.index[0] == "v_product"
    assert table["gain_per_money"].is_monotonic_decreasing
    small = value.improvements(offers, offer="B", step_costs={"c_physical": 1.0}, step=10)
    assert small["gain"].tolist() == [5]  # a cost of 5 cannot fall by 10
    assert small["gap_closed_share"].isna().all()
