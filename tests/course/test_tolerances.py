"""Every tolerance that the text of a question announces is the one by which it is marked."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crmsim.course.decoding import decode
from crmsim.course.encoding import encode
from crmsim.course.judging import hidden_inputs
from crmsim.course.marking import Question, load_scheme
from crmsim.course.values import Results, is_number

COURSE = Path(__file__).resolve().parents[2] / "assignments"
FOR_ALL = re.compile(r"[Tt]olerance(?: of the shares)?:? (\d+(?:\.\d+)?)(%?)")
OF_ENTRY = re.compile(r'^\| `"(\w+)"` \|.*\| (\d+(?:\.\d+)?)(%?) \|$', re.MULTILINE)
UNITS = [path.stem for path in sorted((COURSE / "marking").glob("*.py"))]


def announced(text: str) -> dict[str | None, tuple[float, str]]:
    """By entry, or for all of them under None, the number announced and whether it is in per cent."""
    entries = {name.lower(): (float(number), unit) for name, number, unit in OF_ENTRY.findall(text)}
    common = FOR_ALL.search(text)
    return entries if entries or common is None else {None: (float(common[1]), common[2])}


def all_announced() -> list[tuple[str, Question, dict[str | None, tuple[float, str]]]]:
    found = []
    for unit in UNITS:
        scheme = load_scheme(COURSE / "marking", unit)
        text = (COURSE / "text" / f"{unit}.md").read_text(encoding="utf-8")
        assert scheme is not None
        for question in scheme.questions:
            task = text.split(f'"task": "{question.id}"')[1].split(":check: ")[0]
            if said := announced(task):
                found.append((unit, question, said))
    return found


ANNOUNCED = all_announced()


def moved(value: Any, times: float, said: dict[str | None, tuple[float, str]], key: Any = None) -> Any:
    """A value with every number off by so many times what was announced for it."""
    if isinstance(value, pd.Series):
        return value.astype(float).map(lambda number: moved(number, times, said))
    if isinstance(value, dict):
        return {name: moved(each, times, said, name if None not in said else None) for name, each in value.items()}
    if not is_number(value) or key not in said:
        return value
    number, unit = said[key]
    return value + times * (number / 100 * abs(value) if unit else number)


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers_in(each)]
    return [value] if is_number(value) and not math.isnan(value) else []


def counts_left_alone(value: Any, by: Any) -> Any:
    """Where some numbers are fractions, the whole ones are counts, to which the tolerance was not promised."""
    if isinstance(value, dict):
        return {name: counts_left_alone(each, by[name]) for name, each in value.items()}
    return value if is_number(value) and not math.isnan(value) and value == int(value) else by


def plain_truth(question: Question, case: Any) -> Any:
    truth = question.truth(case)
    if question.inputs is None:
        return question.like.read(decode(encode(truth)))
    trials = hidden_inputs(question, case)
    return Results(tuple(decode(encode(truth(*map(decode, arguments)))) for arguments in trials))


def share(question: Question, truth: Any, times: float, said: dict[str | None, tuple[float, str]]) -> float:
    if isinstance(truth, Results):
        answer: Any = Results(tuple(moved(item, times, said) for item in truth.items))
    else:
        answer = moved(truth, times, said)
        if None in said and any(number != int(number) for number in numbers_in(truth)):
            answer = counts_left_alone(truth, answer)
    return question.like.compare(answer, truth).share


@pytest.mark.parametrize(("unit", "question", "said"), ANNOUNCED, ids=[each[1].id for each in ANNOUNCED])
def test_what_is_off_by_the_announced_tolerance_is_right_and_by_thrice_as_much_is_wrong(
    sitting: Any, unit: str, question: Question, said: dict[str | None, tuple[float, str]],
) -> None:
    truth = plain_truth(question, sitting(COURSE, unit).case)
    assert share(question, truth, 1, said) == share(question, truth, -1, said) == 1
    assert share(question, truth, 3, said) < 1 > share(question, truth, -3, said)


def test_tolerances_are_found() -> None:
    assert len(ANNOUNCED) >= 15
    assert announced('| `"mean"` | the mean | 0.01 |\n| `"n"` | how many | none |') == {"mean": (0.01, "")}
    assert announced("Shares; tolerance 0.005.") == {None: (0.005, "")}
