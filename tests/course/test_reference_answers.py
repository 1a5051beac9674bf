"""Every assignment: right answers earn all, however written; wrong ones their share, with their message."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from crmsim.course.encoding import encode
from crmsim.course.judging import judge
from crmsim.course.recipes import make_case
from crmsim.course.reference import load_reference
from crmsim.errors import InputError

MINI = Path(__file__).resolve().parent / "fixtures" / "mini"
COURSE = Path(__file__).resolve().parents[2] / "assignments"
UNITS = [(MINI, "t01"), *((COURSE, path.stem) for path in sorted((COURSE / "marking").glob("*.py")))]
ANSWERS = [
    (course, unit, question, answers) for course, unit in UNITS
    for question, answers in load_reference(course / "reference" / f"{unit}.yaml").items()
]
RIGHT = [(course, unit, question, code) for course, unit, question, answers in ANSWERS
         for code in (None, *answers.right)]
WRONG = [(course, unit, question, wrong) for course, unit, question, answers in ANSWERS for wrong in answers.wrong]
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.MULTILINE | re.DOTALL)


def named(cases: list[Any]) -> list[str]:
    return [f"{case[2]}-{number}" for number, case in enumerate(cases)]


@pytest.mark.parametrize(("course", "unit", "question", "code"), RIGHT, ids=named(RIGHT))
def test_right(sitting: Any, course: Path, unit: str, question: str, code: str | None) -> None:
    sat = sitting(course, unit).answer(question, code)
    assert sat.error is None
    assert sat.verdict.points == sat.verdict.max_points, sat.verdict.message
    assert sat.check.startswith("✔"), sat.check


@pytest.mark.parametrize(("course", "unit", "question", "wrong"), WRONG, ids=named(WRONG))
def test_wrong(sitting: Any, course: Path, unit: str, question: str, wrong: Any) -> None:
    verdict = sitting(course, unit).answer(question, wrong.code).verdict
    assert verdict.points == pytest.approx(wrong.share * verdict.max_points, abs=0.011), verdict.message
    assert wrong.says in verdict.message
    assert verdict.mistake == wrong.mistake


@pytest.mark.parametrize(("course", "unit", "question", "answers"), ANSWERS, ids=named(ANSWERS))
def test_the_empty_answer_earns_nothing(sitting: Any, course: Path, unit: str, question: str, answers: Any) -> None:
    seat = sitting(course, unit)
    master = next(cell.source for cell in seat.cells if cell.id == question)
    scaffold, regions = SOLUTION.subn(r"\1pass", master)
    assert regions >= 1, "the answer cell needs ### BEGIN SOLUTION and ### END SOLUTION"
    sat = seat.answer(question, scaffold)
    assert sat.verdict.points == 0
    assert sat.check.startswith("✘"), sat.check


@pytest.mark.parametrize(("course", "unit"), UNITS, ids=[unit for _, unit in UNITS])
def test_notebook_scheme_and_reference_have_the_same_questions_and_points(
    sitting: Any, course: Path, unit: str,
) -> None:
    seat = sitting(course, unit)
    in_notebook = {
        cell.id.removesuffix("_test"): cell.metadata["nbgrader"]["points"]
        for cell in seat.cells if cell.id.endswith("_test")
    }
    assert {question.id: question.points for question in seat.scheme.questions} == in_notebook
    assert set(load_reference(course / "reference" / f"{unit}.yaml")) == set(in_notebook)


@pytest.mark.parametrize(("course", "unit"), UNITS, ids=[unit for _, unit in UNITS])
def test_a_neighbours_values_are_worth_nothing_on_ones_own_data(sitting: Any, course: Path, unit: str) -> None:
    """At least half of the points come from one's own customers: a neighbour's values must not earn them."""
    seat = sitting(course, unit)
    neighbour = make_case(seat.recipe, unit, "neighbour")
    earned = 0.0
    for question in seat.scheme.questions:
        if question.inputs is None:
            theirs = encode(question.truth(neighbour))
            assert judge(question, theirs, neighbour).points == question.points
            earned += judge(question, theirs, seat.case).points
    assert earned <= sum(question.points for question in seat.scheme.questions) / 2


def test_values_copied_from_the_visible_example_do_not_make_a_function(sitting: Any) -> None:
    sat = sitting(MINI, "t01").answer("t01_ex4", "def classes(amounts):\n    return pd.Series(['B', 'A'])")
    assert sat.check.startswith("✔")
    assert sat.verdict.points == 0


def test_too_few_reference_answers_and_unknown_fields_are_named(tmp_path: Path) -> None:
    path = tmp_path / "u.yaml"
    path.write_text("q1: {right: [{code: a}], wrong: []}", encoding="utf-8")
    with pytest.raises(InputError, match=r"u\.yaml, q1: 1 right and 0 wrong"):
        load_reference(path)
    path.write_text("q1: {right: [], wrong: [{code: a, shore: 1}]}", encoding="utf-8")
    with pytest.raises(InputError, match="shore"):
        load_reference(path)
