"""Delivered value, meanings, hierarchy: what is refused, and what the message says."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from crmsim import value
from crmsim.errors import InputError
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS
from crmsim.value.meanings import OFFER_COLUMNS

GOOD = {"product": 1, "service": 2, "personnel": 3, "image": 4}
COSTS = [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({**GOOD, "brand": 1}, "no component 'brand'"),
        ({k: v for k, v in GOOD.items() if k != "image"}, "'image' is missing; write image=0"),
        ({**GOOD, "service": -2}, "service=-2 must be a number of 0 or more"),
        ({**GOOD, "service": "2"}, "service='2' must be a number"),
        ([1, 2, 3], "give four numbers, in this order: product, service"),
        ("1234", "give four numbers"),
        (7, "give four numbers"),
    ],
)
def test_bad_components_are_named(values: Any, words: str) -> None:
    for function in (value.delivered_value, value.decompose):
        with pytest.raises(InputError, match=words):
            function(values, COSTS)


def test_components_by_name_in_any_order() -> None:
    shuffled = dict(reversed(GOOD.items()))
    assert value.delivered_value(shuffled, COSTS) == 6 == value.delivered_value(pd.Series(GOOD), COSTS)


@pytest.fixture
def offers() -> pd.DataFrame:
    return pd.DataFrame([[5] * 4 + [4] * 4, [5] * 4 + [4] * 4], index=["A", "B"], columns=VALUE_COLUMNS + COST_COLUMNS)


def test_bad_offers_are_named(offers: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="column 'c_time' is missing"):
        value.best_offer(offers.drop(columns="c_time"))
    with pytest.raises(InputError, match=r"'c_money' is negative in row 1 \(index 'B'\)"):
        value.best_offer(offers.assign(c_money=[4, -4]))
    with pytest.raises(InputError, match="A stands twice"):
        value.delivered_values(offers.set_axis(["A", "A"]))
    with pytest.raises(InputError, match="no rows"):
        value.best_offer(offers.iloc[:0])
    with pytest.raises(InputError, match="'v_image' holds"):
        value.best_offer(offers.assign(v_image=["x", "y"]))


def test_of_equal_offers_the_first_is_best_whatever_the_order_of_adding(offers: pd.DataFrame) -> None:
    tenths = offers.astype(float).copy()
    tenths.loc["A", ["v_product", "v_service", "v_personnel"]] = [0.3, 0.2, 0.1]
    tenths.loc["B", ["v_product", "v_service", "v_personnel"]] = [0.1, 0.2, 0.3]
    assert value.best_offer(tenths) == "A"
    assert value.best_offer(tenths.iloc[::-1]) == "B"


def test_realised_less_paid() -> None:
    got = {"nature": 10, "quality": 20, "brand": 5, "after_sales": 5}
    assert value.realised_minus_paid(got, price=25, extra=5) == 10
    twice = {"nature": 1, "quality": 2, "brand": 1, "after_sales": 0}
    assert value.realised_minus_paid(got, price=25, weights=twice) == 30
    for wrong, words in [
        ({"price": -1}, "price=-1 must be"),
        ({"price": 1, "extra": float("nan")}, "extra=nan"),
        ({"price": 1, "weights": {"nature": 1}}, "weights: 'quality' is missing"),
    ]:
        with pytest.raises(InputError, match=words):
            value.realised_minus_paid(got, **wrong)
    with pytest.raises(InputError, match=r"no 'brnd'\. Did you mean 'brand'"):
        value.realised_minus_paid({**got, "brnd": 1}, price=1)


def test_economic_value_and_tradeoff() -> None:
    assert value.economic_value(80, 100) == -20
    assert value.tradeoff([], []) == 0
    with pytest.raises(InputError, match="cost=-1"):
        value.economic_value(80, -1)
    with pytest.raises(InputError, match=r"sacrifices\[1\] is -2"):
        value.tradeoff([1], [1, -2])


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("price", 0.0, "'price' is 0.*row Q"),
        ("wants_met", 6, "'wants_met' is above n_wants=5 in row Q"),
        ("quality", -1, "'quality' is negative in row 1"),
        ("benefit", float("nan"), "'benefit' is empty in row 1"),
    ],
)
def test_bad_cells_of_the_four_meanings(column: str, cell: float, words: str) -> None:
    table = pd.DataFrame([[40, 2, 3, 60, 55], [90, 5, 6, 130, 120]], index=["P", "Q"], columns=list(OFFER_COLUMNS))
    table = table.astype(float)
    table.loc["Q", column] = cell
    with pytest.raises(InputError, match=words):
        value.four_meanings(table, n_wants=5)


def test_bad_frames_of_the_four_meanings() -> None:
    table = pd.DataFrame([[40.0, 2, 3, 60, 55]] * 2, index=["P", "P"], columns=list(OFFER_COLUMNS))
    with pytest.raises(InputError, match="P stands twice"):
        value.rank_by_meaning(table, n_wants=5)
    with pytest.raises(InputError, match=r"n_wants=2.5"):
        value.rank_by_meaning(table, n_wants=2.5)  # type: ignore[arg-type]
    assert value.rank_by_meaning(table.set_axis(["P", "Q"]), n_wants=5).to_numpy().tolist() == [[1] * 4] * 2


NAMED_GOALS = pd.DataFrame([[0.5, 0.5]], index=["health"], columns=["fresh", "quick"])
NAMED = pd.DataFrame([[1.0, 0.0], [0.3, 0.7]], index=["quick", "fresh"], columns=["size", "taste"])


def test_names_decide_and_not_places() -> None:
    down = value.importance_topdown(pd.Series({"health": 1.0}), NAMED_GOALS, NAMED)
    assert down.attributes.round(4).to_dict() == {"size": 0.65, "taste": 0.35}
    felt = pd.Series({"taste": 1.0, "size": 0.0})
    up = value.satisfaction_bottomup(felt, NAMED, NAMED_GOALS, goal_weights=[1.0])
    assert up.consequences.round(4).to_dict() == {"fresh": 0.7, "quick": 0.0}
    assert up.overall == pytest.approx(0.35)


@pytest.mark.parametrize(
    ("weights", "goals", "consequences", "words"),
    [
        ([1.0], [[0.5, 0.6]], NAMED, "goals: row 0 sums to 1.1, not to 1"),
        ([1.0], NAMED_GOALS, [[1.0, 0.0], [1.2, -0.2]], "consequences: row 1, column 1 is -0.2"),
        ([1.0], NAMED_GOALS, [[1.0, 0.0]], "goals has 2 columns and consequences 1 rows"),
        ([1.0], NAMED_GOALS, NAMED.rename(index={"quick": "slow"}), "use the same names"),
        ([0.5], NAMED_GOALS, NAMED, "sum to 1; divide"),
        ([0.5, 0.5], NAMED_GOALS, NAMED, "2 numbers for 1"),
        (pd.Series({"fun": 1.0}), NAMED_GOALS, NAMED, "nothing is given for health"),
        ([1.0], [["x", "y"]], NAMED, "goals: a table of shares"),
        ([1.0], NAMED_GOALS, NAMED.set_axis(["quick", "quick"]), "no name twice"),
    ],
)
def test_bad_hierarchies_are_refused(weights: Any, goals: Any, consequences: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        value.importance_topdown(weights, goals, consequences)


def test_every_attribute_must_lead_to_a_goal() -> None:
    value.check_hierarchy(NAMED_GOALS, NAMED)
    with pytest.raises(InputError, match="the attribute colour leads to no consequence"):
        value.check_hierarchy(NAMED_GOALS, NAMED.assign(colour=0.0))
    cheap = pd.DataFrame([[1.0, 0.0]], index=["cheap"], columns=["size", "taste"])
    with pytest.raises(InputError, match="the consequence cheap serves no goal"):
        value.check_hierarchy(NAMED_GOALS.assign(cheap=0.0), pd.concat([NAMED, cheap]))


def test_bad_improvements_are_refused(offers: pd.DataFrame) -> None:
    for wrong, words in [
        ({"offer": "Z", "step_costs": {"c_time": 1.0}}, "offer='Z' is not among the offers"),
        ({"offer": "A", "step_costs": {}}, "step_costs is empty"),
        ({"offer": "A", "step_costs": {"c_tmie": 1.0}}, "no component 'c_tmie'. Did you mean 'c_time'"),
        ({"offer": "A", "step_costs": {"c_time": 0}}, "c_time=0 must be a number above 0"),
        ({"offer": "A", "step_costs": {"c_time": 1}, "step": -1}, "step=-1"),
    ]:
        with pytest.raises(InputError, match=words):
            value.improvements(offers, **wrong)
