"""What a student meets: the visible check and handing in, with their messages."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from crmsim.course import check, handing
from crmsim.course.encoding import encode
from crmsim.course.handing import hand_in
from crmsim.course.session import NotReady
from crmsim.errors import InputError

INDEX = pd.Index([11, 12, 13], name="customer_id")
DAYS = pd.Series([3, 5, 8], index=INDEX)


def said(capsys: Any, name: str, value: Any, kind: str, **limits: Any) -> str:
    """What `check` prints about a value in a notebook of its own."""
    names: dict[str, Any] = {"check": check, "limits": limits, "pd": pd}
    if value is not Ellipsis:
        names[name] = value
    exec(f"check({name!r}, {kind!r}, **limits)", names)
    printed: str = capsys.readouterr().out
    assert printed.count("\n") == 1
    return printed


def test_a_good_answer_is_told_its_form_is_right(capsys: Any) -> None:
    line = said(capsys, "days", DAYS, "series", index=INDEX, low=0, high=400, unit="days")
    assert line == "✔ days is a Series of 3 numbers from 3 to 8 (days). Its form is right.\n"


COMPLAINTS = [
    (..., "series", {}, "Nothing called days exists"),
    (None, "series", {}, "None (empty)"),
    (DAYS[:2], "series", {"index": INDEX}, "2 entries where 3 are expected: 1 missing (for instance 13)"),
    (DAYS.reset_index(drop=True), "series", {"index": INDEX}, "None of its 3 row labels"),
    (DAYS + 500, "series", {"high": 400, "low": 0, "unit": "days"}, "from 0 to 400 days, but these are 3 numbers"),
    (pd.to_timedelta(DAYS, unit="D"), "series", {"low": 0}, ".dt.days"),
    (DAYS.map({3: 3}), "series", {"low": 0}, "2 of 3 values are missing"),
    ("E", "text", {"among": ["A", "B"]}, "Possible: A, B"),
    ([1, 2], "list", {"length": 3}, "2 entries, but 3 are expected"),
    ({11, 99}, "set", {"among": INDEX}, "'99' is none of the possible values"),
    (DAYS.to_frame("r"), "table", {"columns": ["r", "f"]}, "columns are missing: f"),
    ({"a": 1, "b": ...}, "mapping", {}, "'b' is not an answer yet: It still holds the three dots"),
    ({"a": ..., "b": ..., "c": ...}, "mapping", {"low": 0}, "The same goes for 2 more"),
    ([1, ...], "list", {"length": 2}, "'2' is not an answer yet"),
    ({"a": 90, "b": 2}, "mapping", {"high": 1}, "but these are 2 numbers from 2 to 90"),
    (0.5, "number", {"low": 1}, "should be 1 or more, but this is the number 0.5"),
    (3, "function", {}, "A function is needed"),
    (lambda x: 1 / 0, "function", {"on": (1,)}, "On an example it stopped with ZeroDivisionError"),
    (lambda x: "one", "function", {"on": (1,), "returns": "number"}, "Its result for an example: A number is needed"),
]


@pytest.mark.parametrize(("value", "kind", "limits", "says"), COMPLAINTS, ids=range(len(COMPLAINTS)))
def test_a_complaint_is_one_line_that_says_what_is_wrong(
    capsys: Any, value: Any, kind: str, limits: dict[str, Any], says: str,
) -> None:
    line = said(capsys, "days", value, kind, **limits)
    assert line.startswith("✘ days: ")
    assert says in line


def test_a_check_never_shows_the_answer_is_right_or_wrong(capsys: Any) -> None:
    assert said(capsys, "days", DAYS * 0, "series", index=INDEX, low=0).startswith("✔")


def test_a_check_does_not_change_the_arguments_of_a_function(capsys: Any) -> None:
    example = DAYS.copy()

    def spoil(days: Any) -> Any:
        days.iloc[:] = 0
        return days

    said(capsys, "spoil", spoil, "function", on=(example,), returns="series")
    pd.testing.assert_series_equal(example, DAYS)


def test_a_name_nearly_right_is_found(capsys: Any) -> None:
    exec("recency_day = 3\ncheck('recency_days', 'number')", {"check": check})
    assert "Did you mean 'recency_day'?" in capsys.readouterr().out


def test_authors_are_told_about_unknown_kinds_and_limits() -> None:
    with pytest.raises(InputError, match="Did you mean 'series'"):
        check("x", "serie")
    with pytest.raises(InputError, match="Did you mean 'length'"):
        check("x", "list", lenght=3)


def test_under_validate_a_complaint_is_one_short_error_in_both_cells(monkeypatch: Any) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    names = {"check": check, "hand_in": hand_in, "days": -1}
    for call in ("check('days', 'number', low=0)", "hand_in('t_ex1', 'days')"):
        with pytest.raises(NotReady, match="should be 0 or more") as caught:
            exec(call, names)
        assert caught.value._render_traceback_() == [str(caught.value)]
    names["days"] = 1
    exec("check('days', 'number', low=0)\nhand_in('t_ex1', 'days')", names)
    with pytest.raises(NotReady, match="Nothing called weeks"):
        exec("hand_in('t_ex1', 'weeks')", names)


@pytest.mark.parametrize("call", ["check(days, 'number')", "hand_in('t_ex1', days)"])
def test_an_answer_instead_of_its_name_is_one_line_without_a_traceback(call: str) -> None:
    with pytest.raises(NotReady, match='in quotes, such as "my_answer"; 3 was given') as caught:
        exec(call, {"check": check, "hand_in": hand_in, "days": 3})
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_handing_in_by_oneself_says_one_line_and_emits_nothing(capsys: Any) -> None:
    with handing.captured() as records:
        exec("hand_in('t_ex1', 'days')", {"hand_in": hand_in, "days": 3})
        exec("hand_in('t_ex1', 'weeks')", {"hand_in": hand_in})
        exec("hand_in('t_ex2', 'f')", {"hand_in": hand_in, "f": lambda x: x})
    lines = capsys.readouterr().out.splitlines()
    assert records == []
    assert lines[0] == "✔ t_ex1: days, the number 3, is ready to hand in."
    assert lines[1].startswith("✘ t_ex1: not ready.")
    assert lines[2] == "✔ t_ex2: f, a function, is ready to hand in."


@pytest.mark.parametrize("value", ["...", "object()"])
def test_what_is_no_answer_is_not_ready(capsys: Any, value: str) -> None:
    exec(f"answer = {value}\nhand_in('t_ex1', 'answer')", {"hand_in": hand_in})
    assert capsys.readouterr().out.startswith("✘ t_ex1: not ready.")


def handed_in(monkeypatch: Any, name: str, value: Any, inputs: list[Any] | None = None) -> Any:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    if inputs is not None:
        handing.take_inputs("t_ex1", json.dumps([[encode(argument)] for argument in inputs]))
    with handing.captured() as records:
        exec(f"hand_in('t_ex1', {name!r})", {"hand_in": hand_in, "answer": value})
    assert records[0]["question"] == "t_ex1"
    return records[0]["answer"]


def test_marking_gets_data_even_for_a_missing_name(monkeypatch: Any) -> None:
    assert handed_in(monkeypatch, "answer", 3) == 3
    assert handed_in(monkeypatch, "answers", 3)["kind"] == "missing"
    assert handed_in(monkeypatch, "answer", lambda: 3)["kind"] == "unsupported"


def test_a_function_is_tried_on_copies_and_errors_are_noted(monkeypatch: Any) -> None:
    calls: list[int] = []

    def spoil(days: Any) -> Any:
        calls.append(int(days.sum()))
        days.iloc[:] = 0
        if len(calls) == 2:
            raise KeyError("x")
        return len(calls)

    data = handed_in(monkeypatch, "answer", spoil, inputs=[DAYS, DAYS, DAYS])
    assert calls == [16, 16, 16]
    assert data["items"] == [{"value": 1}, {"error": "KeyError: 'x'"}, {"value": 3}]


def test_inputs_are_used_once(monkeypatch: Any) -> None:
    assert handed_in(monkeypatch, "answer", abs, inputs=[-3])["items"] == [{"value": 3}]
    assert handed_in(monkeypatch, "answer", abs)["kind"] == "unsupported"


def test_results_before_a_time_limit_count(monkeypatch: Any) -> None:
    def slow(x: int) -> int:
        if x == 2:
            raise KeyboardInterrupt
        return x

    items = handed_in(monkeypatch, "answer", slow, inputs=[1, 2, 3])["items"]
    assert items[0] == {"value": 1}
    assert ["took too long" in item["error"] for item in items[1:]] == [True, True]


def test_an_error_without_words_is_noted_by_its_name(monkeypatch: Any) -> None:
    class Mute(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise RuntimeError

    def fail(x: int) -> int:
        raise Mute

    assert handed_in(monkeypatch, "answer", fail, inputs=[1])["items"] == [{"error": "Mute"}]
