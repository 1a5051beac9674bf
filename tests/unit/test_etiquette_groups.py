"""Groups greeted in order, and crowds: each pair of the text, pairs that disagree, circles, gaps; refused input."""

from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsim.errors import InputError
from crmsim.etiquette import Conflict, order_group, plan_greetings

GROUP = [
    {"name": "a", "age": 60, "generation": "elder", "role": "teacher", "gender": "woman", "married": True, "rank": 5},
    {"name": "b", "age": 50, "generation": "elder", "role": "teacher", "gender": "woman", "married": True, "rank": 4},
    {"name": "c", "age": 40, "generation": "younger", "role": "student", "gender": "man", "married": True, "rank": 4},
    {"name": "d", "age": 30, "generation": "younger", "role": None, "gender": "man", "married": False, "rank": 1},
]


@given(st.permutations(GROUP))
def test_a_group_has_one_order_however_it_is_given(group):
    assert order_group(group) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("fact", "high", "low"), [
    ("age", 41, 40), ("generation", "elder", "younger"), ("role", "teacher", "student"), ("gender", "woman", "man"),
    ("married", True, False), ("rank", 2, 1),
])  # fmt: skip
def test_each_pair_of_the_text_orders(fact, high, low):
    assert order_group([{"name": "x", fact: low}, {"name": "y", fact: high}]) == ["y", "x"]


@pytest.mark.parametrize(("one", "other"), list(permutations([
    ({"age": 50}, {"age": 40}), ({"role": "teacher"}, {"role": "student"}), ({"married": True}, {"married": False}),
    ({"rank": 3}, {"rank": 2}), ({"gender": "woman"}, {"gender": "man"}),
], 2)))  # fmt: skip
def test_pairs_that_disagree_are_a_conflict(one, other):
    answer = order_group([{"name": "x"} | one[0] | other[1], {"name": "y"} | one[1] | other[0]])
    assert isinstance(answer, Conflict)
    assert answer.codes == ("HS4", "HS4")


def test_equals_keep_their_order_and_one_person_is_a_group():
    assert order_group([{"name": name, "rank": 2} for name in "zxy"]) == ["z", "x", "y"]
    assert order_group([{"name": "x"}]) == ["x"]


def test_an_order_in_a_circle_is_a_conflict():
    """x is older than y, y ranks above z, z is a lady and x is not; nothing else is known."""
    circle = [
        {"name": "x", "age": 50, "gender": "man"}, {"name": "y", "age": 40, "rank": 3},
        {"name": "z", "rank": 2, "gender": "woman"},
    ]  # fmt: skip
    answer = order_group(circle)
    assert isinstance(answer, Conflict)
    assert "circle" in answer.evidence


def test_an_order_of_incomplete_facts_is_found_through_others():
    chain = [{"name": "z", "rank": 1}, {"name": "x", "age": 50}, {"name": "y", "age": 40, "rank": 3}]
    assert order_group(chain) == ["x", "y", "z"]


@pytest.mark.parametrize(("people", "says"), [
    ([], "0 people"), ([{"name": "x"}] * 2, "'x' stands twice"), ([{"age": 3}], "person 0: the field 'name'"),
    ("ab", "a list is needed"), ([{"name": str(k)} for k in range(201)], "201 people"),
    ([{"name": "x", "role": "boss"}], "role: 'boss' is not known"), ([{"name": "x", "age": "old"}], "age: a number"),
])  # fmt: skip
def test_a_group_that_cannot_be_ordered_is_refused(people, says):
    with pytest.raises(InputError, match=says):
        order_group(people)


def test_a_table_of_people_with_gaps_does():
    people = [{"name": "x", "age": 30.0}, {"name": "y", "age": None, "married": True}, {"name": "z", "age": 50}]
    table = pd.DataFrame(people)
    assert order_group(table) == ["y", "z", "x"]  # nothing orders y, so it waits for nobody


@given(st.integers(0, 60), st.integers(0, 60))
def test_everybody_gets_a_hand_or_a_nod_and_only_one(n, near):
    plan = plan_greetings(n, near=near)
    assert [*plan.shake, *plan.nod] == list(range(1, n + 1))
    assert len(plan.shake) == min(n, near)


def test_names_can_be_given_and_three_are_the_nearest_few():
    assert plan_greetings(["a", "b", "c", "d"]).nod == ("d",)
    assert plan_greetings(4).shake == (1, 2, 3)


@pytest.mark.parametrize("arguments", [
    {"n": -1}, {"n": 2.0}, {"n": True}, {"n": "abc"}, {"n": None}, {"n": 3, "near": -1},
])  # fmt: skip
def test_a_crowd_that_cannot_be_planned_is_refused(arguments):
    with pytest.raises(InputError, match="needed"):
        plan_greetings(**arguments)
