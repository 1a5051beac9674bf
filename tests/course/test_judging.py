"""Verdicts: points, messages, and whose fault it is when something fails."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmsim.course.cases import Case
from crmsim.course.encoding import encode
from crmsim.course.judging import hidden_inputs, judge
from crmsim.course.marking import (
    MarkingError,
    Mistake,
    Question,
    Recipe,
    Scheme,
    choice,
    estimate,
    function,
    load_scheme,
    mapping,
    number,
    scheme_changed,
    series,
    slip,
    table,
)
from crmsim.course.recipes import SealedCase
from crmsim.errors import InputError

TRUTH = pd.Series([3, 5, 8], index=pd.Index([11, 12, 13], name="customer_id"))
CASE = SealedCase("t", pd.Timestamp("2026-01-01"), {"customers": TRUTH.to_frame("days")}, seed=7)
DAYS = Question(
    "t_ex1", 3, lambda case: case.customers["days"], series(), expected="whole days for each customer",
    mistakes=[
        Mistake("weeks", lambda case: case.customers["days"] / 7, 1 / 3, "These are weeks."),
        Mistake("weeks again", lambda case: case.customers["days"] / 7, 0.9, "Never reached."),
    ],
)


def test_right_earns_all() -> None:
    verdict = judge(DAYS, encode(TRUTH), CASE)
    assert (verdict.points, verdict.max_points, verdict.mistake) == (3, 3, None)


def test_the_first_typical_mistake_that_fits_decides() -> None:
    verdict = judge(DAYS, encode(TRUTH / 7), CASE)
    assert (verdict.points, verdict.message, verdict.mistake) == (1, "These are weeks.", "weeks")


def test_another_wrong_answer_hears_what_was_expected_and_found_but_not_the_truth() -> None:
    verdict = judge(DAYS, encode(TRUTH * 1000 + 77), CASE)
    assert verdict.points == 0
    assert "whole days for each customer" in verdict.message
    assert "3 numbers from 3077 to 8077" in verdict.message
    for secret in ("3, ", "5", "8 ", "3.0"):
        assert secret not in verdict.message.replace("3077", "").replace("8077", "")


def test_partial_credit_is_rounded_to_cents_and_never_exceeds_the_points() -> None:
    pairs = Question("t_ex2", 1, lambda case: {"a": 1, "b": 2, "c": 3}, mapping())
    verdict = judge(pairs, encode({"a": 1, "b": 2, "c": 0}), CASE)
    assert verdict.points == 0.67
    assert "2 of 3" in verdict.message


def test_partial_credit_never_reaches_the_full_points() -> None:
    rows = Question("t_ex2", 2, lambda case: pd.Series(range(1000)), series(partial_from=0.5))
    assert judge(rows, encode(pd.Series([*range(999), 0])), CASE).points == 1.99


def test_slips_in_entries_are_all_named_and_cost_their_entry_only() -> None:
    question = Question("t_ex2", 4, lambda case: {"a": 1, "b": 2, "c": 3, "d": 4}, mapping(), mistakes=[
        slip("a", "ten times", lambda case: 10, "ten times too much."),
        slip("b", "ten times", lambda case: 20, "ten times too much."),
        slip("c", "no slip on this case", lambda case: 3, "must not be said."),
    ])
    verdict = judge(question, encode({"a": 10, "b": 20, "c": 3, "d": 4}), CASE)
    assert (verdict.points, verdict.mistake) == (2, "a: ten times")
    assert verdict.message == (
        "Partly right. 2 of 4 entries are right. Look again at: a, b.\n"
        "a: ten times too much.\nb: ten times too much."
    )
    assert judge(question, encode({"a": 10, "b": 0, "c": 3, "d": 4}), CASE).message.count("ten times") == 1


def test_of_two_slips_that_lead_to_the_same_value_one_is_told() -> None:
    both = {"a": 10, "b": 20}
    question = Question("t_ex2", 2, lambda case: {"a": 1, "b": 2}, mapping(), mistakes=[
        slip("a", "ten times", lambda case: 10, "ten times too much."),
        slip("a", "nine more", lambda case: 10, "nine too much."),
        Mistake("all ten times", lambda case: both, None, "Everything ten times."),
        slip("b", "ten times", lambda case: 20, "ten times too much."),
    ])
    assert judge(question, encode(both), CASE).message.splitlines()[1:] == [
        "a: ten times too much.", "Everything ten times.",
    ]


def test_slips_in_columns() -> None:
    truth = TRUTH.to_frame("days").assign(n=1)
    question = Question("t_ex2", 2, lambda case: truth, table(by_column=True), mistakes=[
        slip("days", "weeks", lambda case: TRUTH / 7, "these are weeks."),
    ])
    verdict = judge(question, encode(truth.assign(days=TRUTH / 7)), CASE)
    assert (verdict.points, verdict.mistake) == (1, "days: weeks")


WORTH = {11: 100.0, 12: 60.0, 13: 40.0, 14: -30.0, 15: -80.0}
DECISION = Question(
    "t_ex5", 2, lambda case: {12, 13}, choice(full=0.9), worth=lambda case: WORTH,
    mistakes=[Mistake("the last two", lambda case: [14, 15], 0.25, "They come last.")],
)


@pytest.mark.parametrize(("answer", "points", "says"), [
    ({12, 13}, 2, "Right"), ([11], 2, "Right"), ({11, 14}, 1.56, "70% of what a good choice brings. For 1 of the 2"),
    ([13], 0.89, "40%"), ([13, 13], 0.89, "40%"), ([15, 14], 0.5, "come last"), ([11, 12, 13], 0, "At most 2"),
    ([15], 0, "no gain"), ([], 0, "no gain"), ([99], 0, "cannot be chosen"), (WORTH, 0, "is needed"),
    ({"a": 1}, 0, "is needed"), (3, 0, "is needed"),
])
def test_a_decision_earns_what_it_brings(answer: Any, points: float, says: str) -> None:
    verdict = judge(DECISION, encode(answer), CASE)
    assert verdict.points == points
    assert says in verdict.message


def test_a_decision_whose_worth_has_errors_hears_its_place_on_the_scale() -> None:
    """12 and 13 bring 100 together, 11 and 13 bring 140: the errors of 13 cancel as far as both hold it."""
    table = pd.DataFrame({"worth": WORTH, "worth_se": {11: 8.0, 12: 6.0, 13: 5.0, 14: 0.0, 15: 0.0}})
    asked = replace(DECISION, truth=lambda case: {11, 13}, worth=lambda case: table)
    message = judge(asked, encode([12, 13]), CASE).message
    share = 100 / 140
    error = math.sqrt(6**2 + ((1 - share) * 5) ** 2 + (share * 8) ** 2) / 140
    assert f"stands at {share:.2f} (standard error {error:.2f})" in message
    assert message.startswith("Partly right.")
    assert judge(asked, encode([11, 13]), CASE).message.startswith("Right. On the scale")
    assert "stands at -0.21" in judge(asked, encode([14]), CASE).message


HIDDEN = {11: 10.0, 12: 20.0, 13: 60.0}
GUESSED = pd.Series([12.0, 24.0, 52.0], index=[11, 12, 13])
ESTIMATE = Question(
    "t_ex6", 4, lambda case: GUESSED, estimate(full=0.9), worth=lambda case: HIDDEN,
    mistakes=[Mistake("double", lambda case: 2 * GUESSED, 0.25, "Twice too much.")],
)


@pytest.mark.parametrize(("answer", "points", "says"), [
    (GUESSED, 4, "Right. On the scale"), (HIDDEN, 4, "reaches 0.94 here"), (GUESSED[::-1].to_dict(), 4, "1.00 here"),
    (pd.Series(30.0, index=[11, 12, 13]), 0, "stands at 0.00"), (2 * GUESSED, 1, "Twice too much"),
    (GUESSED * 0 + 1e200, 0, "Found"), (GUESSED * 0 - 5, 0, "-0.17 times the true total"),
    (GUESSED[:2], 0, "1 of 3 customers have no estimate"), (GUESSED.where(GUESSED < 50), 0, "1 of 3 estimates are no"),
    (GUESSED.astype(str), 0, "3 of 3 estimates are no"), (40.0, 0, "A Series is needed"), (None, 0, "A Series"),
])
def test_an_estimate_earns_what_it_explains(answer: Any, points: float, says: str) -> None:
    verdict = judge(ESTIMATE, encode(answer), CASE)
    assert verdict.points == points, verdict.message
    assert says.replace("1.00 here", "0.94 here") in verdict.message


def test_an_estimate_half_as_good_earns_half() -> None:
    """Skill 0.5 against a reference of 1 with full=0.8: 0.5 / 0.8 of the points."""
    mean, perfect = 30.0, replace(ESTIMATE, truth=lambda case: HIDDEN, like=estimate(full=0.8), mistakes=[])
    between = {label: value + math.sqrt(0.5) * (mean - value) for label, value in HIDDEN.items()}
    assert judge(perfect, encode(between), CASE).points == pytest.approx(4 * 0.5 / 0.8)
    useless = replace(perfect, truth=lambda case: dict.fromkeys(HIDDEN, mean))
    with pytest.raises(MarkingError, match="does not equal itself"):
        judge(useless, encode(HIDDEN), CASE)


@pytest.mark.parametrize("data", [None, {}, [], "text", 10**40, {"kind": "missing", "text": 3}, {"kind": "series"}])
def test_what_is_no_answer_earns_nothing(data: Any) -> None:
    assert judge(DAYS, data, CASE).points == 0


def test_moments_that_cannot_be_compared_earn_nothing() -> None:
    mixed = [{"kind": "time", "value": "2026-01-01"}, {"kind": "time", "value": "2026-01-01T00:00:00+02:00"}]
    data = {"kind": "series", "name": None, "index": {"names": [None], "items": [1, 2]}, "values": mixed}
    assert judge(DAYS, data, CASE).points == 0


def failing(case: Any) -> Any:
    raise ZeroDivisionError("the author's slip")


BROKEN = [
    Question("t_bad", 1, failing, number()),
    Question("t_bad", 1, lambda case: 4, number(), mistakes=[Mistake("m", failing, 0.5, "")]),
    Question("t_bad", 1, lambda case: "three", number()),
    Question("t_bad", 1, lambda case: print, number()),
    Question("t_bad", 1, lambda case: float("nan"), number()),
    Question("t_bad", 1, lambda case: 3, function(number()), inputs=lambda case: [(1,)]),
    Question("t_bad", 1, lambda case: lambda x: x, function(number()), inputs=failing),
    Question("t_bad", 1, lambda case: lambda x: 1 / 0, function(number()), inputs=lambda case: [(1,)]),
    Question("t_bad", 1, lambda case: lambda x: "text", function(number()), inputs=lambda case: [(1,)]),
    Question("t_bad", 1, lambda case: [15], choice(), worth=lambda case: WORTH),
    Question("t_bad", 1, lambda case: [99], choice(), worth=lambda case: WORTH),
    Question("t_bad", 1, lambda case: [11], choice(), worth=failing),
]


@pytest.mark.parametrize("question", BROKEN, ids=range(len(BROKEN)))
def test_a_failing_scheme_is_the_authors_fault_and_no_zero(question: Question) -> None:
    with pytest.raises(MarkingError, match="t_bad"):
        judge(question, encode(3), CASE)


def test_mistakes_of_functions_are_functions() -> None:
    doubled = Question(
        "t_ex3", 4, lambda case: lambda x: 2 * x, function(number()), inputs=lambda case: [1, (2,), 3.5],
        mistakes=[Mistake("squared", lambda case: lambda x: x * x, 0.25, "This is the square.")],
    )
    assert hidden_inputs(doubled, CASE) == [[1], [2], [3.5]]
    answer = {"kind": "results", "items": [{"value": 1}, {"value": 4}, {"value": 12.25}]}
    assert judge(doubled, answer, CASE).mistake == "squared"
    answer["items"][0] = {"error": "KeyError: 'x'"}
    verdict = judge(doubled, answer, CASE)
    assert verdict.points == round(4 / 3, 2)
    assert "KeyError: 'x'" in verdict.message


def test_schemes_that_cannot_work_are_refused_when_written() -> None:
    with pytest.raises(MarkingError, match="above 0"):
        Question("q", 0, failing, number())
    with pytest.raises(MarkingError, match="belong together"):
        Question("q", 1, failing, function(number()))
    with pytest.raises(MarkingError, match="belong together"):
        Question("q", 1, failing, choice())
    with pytest.raises(MarkingError, match="belong together"):
        Question("q", 1, failing, number(), worth=failing)
    with pytest.raises(MarkingError, match="share"):
        Question("q", 1, failing, number(), mistakes=[Mistake("m", failing, 1.0, "")])
    with pytest.raises(MarkingError, match="same id"):
        Scheme("t", [DAYS, DAYS])


def test_loading_a_scheme(tmp_path: Path) -> None:
    assert load_scheme(tmp_path, "t") is None
    (tmp_path / "t.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(MarkingError, match=r"t\.py.*ZeroDivisionError"):
        load_scheme(tmp_path, "t")
    (tmp_path / "t.py").write_text("SCHEME = 3", encoding="utf-8")
    with pytest.raises(InputError, match="SCHEME = Scheme"):
        load_scheme(tmp_path, "t")


def test_a_long_scheme_has_parts_and_is_read_again_when_a_part_changes(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_text(
        "from crmsim.course.marking import Scheme\nfrom .part import QUESTIONS\nSCHEME = Scheme('t', QUESTIONS)\n",
        encoding="utf-8")
    (tmp_path / "t").mkdir()
    part = tmp_path / "t" / "part.py"
    for number_of_questions in (1, 2):
        part.write_text(
            "from crmsim.course.marking import Question, number\n"
            f"QUESTIONS = [Question(f't{{i}}', 1, len, number()) for i in range({number_of_questions})]\n# {'x' * 9}\n",
            encoding="utf-8")
        changed = 1_700_000_000_000_000_000 + number_of_questions * 10**10
        os.utime(part, ns=(changed, changed))
        scheme = load_scheme(tmp_path, "t")
        assert scheme is not None
        assert len(scheme.questions) == number_of_questions
    assert scheme_changed(tmp_path, "t") >= changed
    assert scheme_changed(tmp_path, "u") == 0


def test_what_only_the_simulator_knows_is_made_once_and_only_for_marking() -> None:
    calls: list[int] = []
    recipe = Recipe(lambda seed: CASE, truth=lambda seed: calls.append(seed) or "stages")
    case = SealedCase("t", CASE.today, CASE.tables, seed=7, recipe=recipe)
    assert case.truth == case.truth == "stages"
    assert calls == [7]
    assert case.rng("a").random() == case.rng("a").random() != case.rng("b").random()
    public = case.public()
    assert type(public) is Case
    assert not {"seed", "recipe", "truth"} & set(dir(public))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=ANYTHING)
def test_no_answer_whatsoever_breaks_a_verdict(answer: Any, mini_sitting: Any) -> None:
    for question in mini_sitting.scheme.questions:
        for data in (answer, encode(answer), {"kind": "results", "items": [{"value": encode(answer)}] * 4}):
            verdict = judge(question, data, mini_sitting.case)
            assert 0 <= verdict.points < question.points
            json.dumps(verdict.as_data(), allow_nan=False)


def test_mistakes_are_only_made_for_answers_that_are_not_right() -> None:
    """They cost as much as the truth, for each of three hundred students."""
    made = []
    slip = Mistake("m", lambda case: made.append(case) or 4, 0.5, "a slip")
    question = Question("t_q", 1, lambda case: 3, number(), mistakes=[slip])
    assert judge(question, encode(3), CASE).points == 1
    assert not made
    assert judge(question, encode(4), CASE).mistake == "m"
    assert len(made) == 1
