"""Comparers: an answer that is right scores however it is written; partial credit follows its formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmsim.course import marking as m
from crmsim.course.comparing import Comparer, kendall_distance_share
from crmsim.course.decoding import decode
from crmsim.course.encoding import encode
from crmsim.course.reading import Unreadable
from crmsim.course.rulesets import rule_sets

DAYS = pd.Series([3, 5], index=pd.Index([11, 12], name="customer_id"), name="days")
SCORES = pd.DataFrame({"r": [1, 2], "f": [3, 4]}, index=pd.Index([11, 12], name="customer_id"))
NUDGE, NUDGES = np.array([0, 1]), np.array([[0, 0], [0, 1]])


def share(like: Comparer, answer: Any, truth: Any) -> float:
    plain = [like.read(decode(encode(value))) for value in (answer, truth)]
    return like.compare(*plain).share


RIGHT = [
    (m.number(), np.float64(0.25), 0.25), (m.number(), pd.Series([0.25]), 0.25), (m.number(), [0.25], 0.25),
    (m.number(), pd.DataFrame({"x": [0.25]}), 0.25), (m.number(abs=0.01), 9.99, 10),
    (m.text(), "At risk", "at_risk"), (m.text(synonyms={"顾客": "客户"}), " 顾客。", "客户"),
    (m.exactly(), np.bool_(False), False), (m.exactly(), np.datetime64("2026-01-01"), pd.Timestamp("2026-01-01")),
    (m.ordered(), pd.Index([2.0, 1.0]), [2, 1]), (m.ordered(), ("B", "a "), ["b", "A"]),
    (m.members(), [2, 1, 1], {1, 2}), (m.members(), pd.Series([2.0, 1.0]), [1, 2]),
    (m.members(), np.array(["a", "b"]), {"B", "A"}),
    (m.mapping(), pd.Series({"x": 1, "y": 2}), {"y": 2.0, "x": 1}), (m.mapping(), {1.0: "A "}, {1: "a"}),
    (m.series(), DAYS[::-1].astype(float), DAYS), (m.series(), DAYS.to_dict(), DAYS),
    (m.series(), DAYS.to_frame(), DAYS), (m.series(), DAYS.reset_index(), DAYS),
    (m.series(), DAYS.astype("Int64").rename("other"), DAYS),
    (m.series(), pd.Series(["a"], dtype="category"), pd.Series(["A"])),
    (m.table(), SCORES[["f", "r"]][::-1], SCORES), (m.table(), SCORES.reset_index(), SCORES),
    (m.table(["r"]), SCORES.rename(columns={"r": "R"}), SCORES), (m.table(), SCORES.assign(extra="x"), SCORES),
    (m.table(), SCORES["r"], SCORES[["r"]]),
    (m.table(by_column=True), SCORES.assign(extra="x").reset_index(), SCORES),
]


@pytest.mark.parametrize(("like", "answer", "truth"), RIGHT)
def test_right_however_it_is_written(like: Comparer, answer: Any, truth: Any) -> None:
    assert share(like, answer, truth) == 1


WRONG = [
    (m.number(), 0.2501, 0.25), (m.number(abs=0.01), 9.98, 10), (m.text(), "at risks", "at_risk"),
    (m.exactly(), 1.5, True), (m.ordered(), [1, 2], [2, 1]), (m.ordered(), [1, 2, 2], [1, 2]),
    (m.ordered(partial=True), [2, 1], [1, 2]),
    (m.members(), [1], [1, 2]), (m.mapping(partial=False), {"x": 1, "y": 3}, {"x": 1, "y": 2}),
    (m.series(), DAYS + 1e-5, DAYS), (m.series(), DAYS[:1], DAYS), (m.series(), DAYS.reset_index(drop=True), DAYS),
    (m.series(), pd.concat([DAYS, pd.Series([9], index=[13])]), DAYS), (m.series(), DAYS.map({3: 3}), DAYS),
    (m.series(partial_from=0.8), DAYS + NUDGE, DAYS),
    (m.table(), SCORES[["r"]], SCORES), (m.table(), SCORES + 1, SCORES),
    (m.table(by_column=True), pd.concat([SCORES, SCORES.set_axis([21, 22])]), SCORES),
]


@pytest.mark.parametrize(("like", "answer", "truth"), WRONG)
def test_wrong_earns_nothing(like: Comparer, answer: Any, truth: Any) -> None:
    assert share(like, answer, truth) == 0


PARTLY = [
    (m.ordered(partial=True), ["b", "a", "c"], ["a", "b", "c"], 2 / 3),
    (m.ordered(neighbours=0.5), ["a", "c", "b"], ["A", "B", "C"], 0.5),
    (m.ordered(neighbours=0.5), ["c", "b", "a"], ["a", "b", "c"], 0),
    (m.ordered(neighbours=0.5), ["b", "a", "d", "c"], ["a", "b", "c", "d"], 0),
    (m.members(partial=True), [1, 2, 3], [2, 3, 4], 0.5),
    (m.mapping(), {"x": 1, "y": 0, "z": 1}, {"x": 1, "y": 2}, 1 / 3),
    (m.mapping(partial_from=0.6), {"x": 1, "y": 2, "z": 0}, {"x": 1, "y": 2, "z": 3}, 2 / 3),
    (m.mapping(partial_from=0.7), {"x": 1, "y": 2, "z": 0}, {"x": 1, "y": 2, "z": 3}, 0),
    (m.mapping(abs_of={"Y": 0.01}), {"x": 1.01, "y": 2.01}, {"x": 1, "y": 2}, 0.5),
    (m.series(partial_from=0.5), DAYS + NUDGE, DAYS, 0.5),
    (m.table(partial_from=0.5), SCORES + NUDGES, SCORES, 0.5),
    (m.table(by_column=True), SCORES + NUDGES, SCORES, 0.5),
    (m.table(["r", "f"], by_column=True), SCORES[["f"]], SCORES.assign(m=1), 0.5),
    (m.table(by_column=True), SCORES.assign(f=9, extra="x"), SCORES, 0.5),
]


@pytest.mark.parametrize(("like", "answer", "truth", "expected"), PARTLY)
def test_partial_credit(like: Comparer, answer: Any, truth: Any, expected: float) -> None:
    assert share(like, answer, truth) == pytest.approx(expected)


def test_notes_name_the_wrong_entries_and_never_the_right_values() -> None:
    truth = {"n": 5, "share": 0.25}
    assert note(m.mapping(), {"n": 4, "share": 0.25}, truth) == "1 of 2 entries is right. Look again at: n."
    assert note(m.mapping(), truth | {"x": 1}, truth) == "2 of 3 entries are right. The others were not asked for."
    assert note(m.table(by_column=True), SCORES.assign(f=9), SCORES) == "1 of 2 entries is right. Look again at: f."
    assert note(m.mapping(), dict.fromkeys(range(20), 1), dict.fromkeys(range(20), 2)) == "0 of 20 entries are right."


def note(like: Comparer, answer: Any, truth: Any) -> str:
    plain = [like.read(decode(encode(value))) for value in (answer, truth)]
    return like.compare(*plain).note


@pytest.mark.parametrize(("like", "answer", "mistake", "fits"), [
    (m.mapping(), {"a": 1, "b": 2}, {"a": 1}, True), (m.mapping(), {"a": 1, "b": 2}, {"a": 2}, False),
    (m.mapping(), {"b": 2}, {"a": 1}, False),
    (m.mapping(abs_of={"a": 1}), {"a": 2}, {"a": 1}, True), (m.mapping(abs_of={"b": 1}), {"a": 2}, {"a": 1}, False),
    (m.table(by_column=True), SCORES, SCORES[["f"]], True), (m.table(by_column=True), SCORES, SCORES[["f"]] + 1, False),
    (m.table(), SCORES, SCORES + 1, False), (m.number(), 3, 3, True),
    (m.choice(), range(20), range(2, 20), True), (m.choice(), range(20), range(3, 23), False),
    (m.choice(), range(10), range(20), False), (m.choice(), [], [], False),
])
def test_a_mistake_can_be_a_part_of_an_answer(like: Comparer, answer: Any, mistake: Any, fits: bool) -> None:
    assert like.fits(*(like.read(decode(encode(value))) for value in (answer, mistake))) is fits


def test_missing_values_are_the_same_in_every_spelling() -> None:
    truth = pd.Series([1.0, np.nan])
    assert share(m.series(), pd.Series([1, None], dtype="Int64"), truth) == 1
    assert share(m.series(), truth.fillna(0), truth) == 0


UNREADABLE = [
    (m.number(), True, "True"), (m.number(), "3", "text '3'"), (m.number(), np.nan, "divided by 0"),
    (m.number(), pd.Timedelta(days=3), ".days"), (m.number(), DAYS, "Series of 2 numbers"),
    (m.number(), ..., "three dots"),
    (m.text(), 3, "number 3"), (m.exactly(), [1, 2], "list of 2"), (m.ordered(), {1, 2}, "no order"),
    (m.ordered(), 3, "[first, second"), (m.members(), SCORES, "table.index"),
    (m.members(), pd.Series([True, False, True]), "mask"),
    (m.mapping(), [1], "{key: value"), (m.mapping(), {"a": 1, "A ": 2}, "two rows"),
    (m.series(), [3, 5], "index says"), (m.series(), SCORES, "Choose one column"),
    (m.series(), pd.concat([DAYS, DAYS]), "two rows for 11"), (m.table(), 3, "DataFrame"),
    (m.table(), pd.concat([SCORES, SCORES], axis=1), "two columns"), (m.function(m.number()), 3, "with def"),
    (m.series(), None, "None (empty)"),
]


@pytest.mark.parametrize(("like", "answer", "says"), UNREADABLE)
def test_an_answer_of_another_kind_is_told_what_is_needed(like: Comparer, answer: Any, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        like.read(decode(encode(answer)))
    assert says in str(caught.value)


def test_kendall_distance_against_scipy() -> None:
    from scipy.stats import kendalltau

    truth = list("abcdefg")
    rng = np.random.default_rng(1)
    for _ in range(5):
        answer = list(rng.permutation(truth))
        tau = kendalltau([answer.index(item) for item in truth], range(len(truth))).statistic
        assert kendall_distance_share(answer, truth) == pytest.approx((1 - tau) / 2)
    assert kendall_distance_share(truth[::-1], truth) == 1
    assert kendall_distance_share(truth, truth) == 0


@pytest.mark.parametrize(("like", "answer", "truth", "says"), [
    (m.mapping(), {"g01": 1, "G02": 2}, {"G01": 1, "G02": 3}, "Look again at: G02."),
    (m.mapping(), {}, {"not_MAN8": 1, ("A", 2): 3}, "Look again at: not_MAN8, (A, 2)."),
    (m.table(["R score"]), SCORES, SCORES.assign(**{"R score": 1}), "Columns not found: R score."),
])
def test_keys_are_named_as_the_scheme_writes_them(like: Comparer, answer: Any, truth: Any, says: str) -> None:
    plain = [like.read(decode(encode(value))) for value in (answer, truth)]
    assert says in like.compare(*plain).note


def test_keys_are_named_as_the_student_writes_them() -> None:
    with pytest.raises(Unreadable, match="two rows for 'G01'"):
        m.series().read(pd.Series([1, 2], index=["g01", "G01 "]))
    with pytest.raises(Unreadable, match="The entry 'Call-7'"):
        rule_sets().read({"Call-7": 3})
