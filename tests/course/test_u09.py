"""Unit 9: every invented student gets a fair case, slips can be seen, scripts are judged by linter, luck and words."""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from slips import like_the_truth

import crmsim as crm
from crmsim.course import scripting
from crmsim.course.encoding import encode
from crmsim.course.judging import judge
from crmsim.course.marking import Question, load_scheme
from crmsim.course.masters import to_notebook
from crmsim.course.pasted import MUCH, pasted_from
from crmsim.course.recipes import SealedCase, make_case, recipe_of, u09
from crmsim.course.rulesets import f1, rule_sets
from crmsim.phone.scorecard import baseline

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
TEXT = MARKING.parent / "text" / "u09.md"
EXAMPLES = sorted((Path(crm.phone.__path__[0]) / "scripts").glob("*.yaml"))
STUDENTS = [f"2026{number:04d}" for number in range(700, 706)]
SCHEME = load_scheme(MARKING, "u09")
assert SCHEME is not None
PARTS = ("audits", "repairs", "rounds", "scripts", "spoken", "times")
audits, repairs, rounds, scripts, spoken, times = (sys.modules[f"_marking_u09.{part}"] for part in PARTS)
LIKE_OWN = {"usual windows", "usual Monday", "usual hours"}
"""Slips that change nothing for a firm whose hours are the usual ones, or at whose edges nobody called."""


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u09"), "u09", student, secret=b"s" * 32, year="2026")


def question(name: str) -> Question:
    found = SCHEME.question(name)  # type: ignore[union-attr]
    assert found is not None
    return found


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student), without={"u09_ex10"}) <= LIKE_OWN  # callees take a second


@pytest.mark.parametrize("student", STUDENTS)
def test_every_rule_is_broken_twice_four_calls_are_clean_and_the_check_finds_it_all(student: str) -> None:
    case = case_of(student)
    planted = case.truth.loc[case.prospects["call_id"]]
    assert (planted.sum() == 2).all()
    assert (~planted.any(axis=1)).sum() == 4
    found = audits.found_by(case, **audits.own(case))
    assert {call: set(codes) for call, codes in found.items()} == {
        call: set(codes) for call, codes in audits.planted(case).items()}
    assert {finding.code for finding in crm.etiquette.check_call(case.bad_call)} in (
        {"TE3", "TE5", "TE11"}, {"TE4", "TE5", "TE11"})


@pytest.mark.parametrize("student", STUDENTS)
def test_the_words_in_the_questions_are_enough_to_judge_every_call(student: str) -> None:
    """The plain rules of questions 3 and 6 and the library's longer lists agree on all calls they are tried on."""
    case = case_of(student)
    for which, plain, library in [("opening", spoken.opening, spoken.right_opening),
                                  ("close", spoken.close, spoken.right_close)]:
        for arguments in spoken.tries(which)(case):
            assert set(plain()(case)(*arguments)) == set(library(case)(*arguments))
    for arguments in times.moments(case):
        assert times.at_a_time()(case)(*arguments) == times.right_time(case)(*arguments)
    for arguments in times.series(case):
        assert times.too_soon()(case)(*arguments) == times.right_attempts(case)(*arguments)


def test_the_case_holds_what_the_firm_sees_and_nothing_else() -> None:
    case = case_of(STUDENTS[0]).public()
    assert set(case.tables) == {
        "events", "prospects", "windows", "cards", "team_calls", "noted", "bad_call", "drafts"}
    assert not hasattr(case, "truth")
    assert len(repr(case)) < 300
    codes = re.compile(r"\bTE\d+\b")
    assert not any(codes.search(str(value)) for value in case.events.to_numpy().ravel())


def test_at_least_half_of_the_points_come_from_own_calls_and_at_most_a_quarter_from_words() -> None:
    points = {asked.id.removeprefix("u09_"): asked.points for asked in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 31
    assert sum(points[name] for name in ("ex3", "ex4", "ex6", "ex7", "ex8", "ex9", "ex10")) >= 40 / 2
    assert points["ex1"] + points["ex2"] <= 40 / 4


def test_the_numbers_in_the_text_are_those_of_the_marking() -> None:
    text = TEXT.read_text(encoding="utf-8")
    worth = scripting.WORTH
    assert "An appointment brings {:g}, a complaint costs {:g}, \"never call me again\" costs {:g}, a minute costs " \
        "{:g}".format(worth["accepted"], -worth["complained"], -worth["opted_out"], -worth["minute"]) in text
    assert f"Full points for {question('u09_ex10').like.compare.keywords['full']:.0%}" in text
    assert MUCH == 0.5
    assert "If half of them stand in an example" in text
    assert str(len(case_of(STUDENTS[0]).team_calls)) in text


def test_agents_differ_and_notes_are_no_calls() -> None:
    for student in STUDENTS:
        table = audits.by_agent(case_of(student))
        assert table["n_calls"].sum() == 200
        assert table["clean_share"].between(0.08, 0.9).all()
        assert table["clean_share"].round(3).is_unique


# Repairing a call


def test_a_repair_is_judged_by_the_rules_and_not_by_its_words() -> None:
    case = case_of(STUDENTS[1])
    whole, like = repairs.worth(case), repairs.repair()
    said = case.bad_call.index[case.bad_call["event"] == "agent_say"]
    own = {**repairs.reference(case), int(said[-1]): "Many thanks, I apologise for taking your time."}
    columns = {name: dict(zip(whole.index, whole[name], strict=True)) for name in whole}
    assert like.compare(own, {}, worth=columns).share == 1
    assert like.compare(own | {int(said[2]): "warm"}, {}, worth=columns).share < 1
    less = {row: new for row, new in own.items() if row != said[-1]}
    assert like.compare(less, {}, worth=columns).share == pytest.approx(2 / 3)
    assert like.compare({int(said[0]): "x\x00"}, {}, worth=columns).share < 0.5


# Scripts


@pytest.mark.parametrize("student", STUDENTS[:2])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_model_earns_all_and_the_draft_nothing(student: str, language: str) -> None:
    case, asked = case_of(student), question("u09_ex10")
    verdict = judge(asked, scripts.model(language), case)
    assert verdict.points == 4, verdict.message
    assert "standard error" in verdict.message
    draft = judge(asked, scripts.draft(case, language), case)
    assert (draft.points, draft.mistake) == (0, f"draft {language}")


def test_manners_and_outcome_count_half_each_and_a_promise_leaves_half() -> None:
    case, asked = case_of(STUDENTS[0]), question("u09_ex10")
    model = scripts.model("zh")
    promise = judge(asked, model.replace("上门和清洗都不收费", "保证上门和清洗都不收费"), case)
    assert 1 < promise.points < 2
    assert "must not be used" in promise.message
    shy = judge(asked, model.replace("- {intent: agree, to: confirm}", "- {intent: agree, to: refused}"), case)
    assert shy.points <= 2.4
    assert judge(asked, model.replace("purpose: appointment", "purpose: survey"), case).points == 0


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_noticed_when_pasted(path: Path) -> None:
    script = crm.phone.load(path)
    assert pasted_from(script) == (path.stem, 1.0)
    others = script.model_copy(update={"nodes": script.nodes[: len(script.nodes) // 2]})
    assert pasted_from(others)[1] > MUCH


def test_own_words_are_not_taken_for_pasted_ones_and_pasted_ones_cost_half() -> None:
    case = case_of(STUDENTS[0])
    for language in ("zh", "en"):
        assert pasted_from(crm.phone.parse(scripts.model(language)))[1] < 0.3
        assert pasted_from(crm.phone.parse(scripts.draft(case, language)))[1] < 0.3
    assert judge(question("u09_ex10"), crm.phone.TINY, case).points <= 2
    text = Path(crm.phone.__path__[0], "baseline.yaml").read_text(encoding="utf-8")
    verdict = judge(question("u09_ex10"), text, case)
    assert verdict.points <= 2
    assert "stand in the example baseline" in verdict.message
    assert baseline().purpose == "appointment"


def test_the_model_in_the_notebook_is_that_of_the_marking() -> None:
    cell = next(cell for cell in to_notebook(TEXT).cells if cell.id == "u09_ex10")
    assert scripts.model("zh") in cell.source
    for language in ("zh", "en"):
        errors = [finding for finding in crm.phone.lint(crm.phone.parse(scripts.model(language)))
                  if finding.severity == "error"]
        assert errors == []
        assert len(scripting._errors(u09.drafts().loc[language, "text"])) >= 15


def test_the_model_call_of_the_last_question_keeps_every_rule() -> None:
    essay = next(cell for cell in to_notebook(TEXT).cells if cell.id == "u09_ex11").source.split("BEGIN SOLUTION")[1]
    rows = re.findall(r"^\| (I|she) \| (.+?) \| ", essay, flags=re.MULTILINE)
    lines = [("agent" if who == "I" else "customer", text) for who, text in rows]
    assert len(lines) >= 14
    call = crm.etiquette.dialogue(lines, weekday="tue", start="16:20")
    assert crm.etiquette.check_call(call, industry="school") == []
    hasty = [line for line in lines if "方便" not in line[1]]
    assert [finding.code for finding in crm.etiquette.check_call(crm.etiquette.dialogue(hasty))] == ["TE3"]


@pytest.mark.parametrize("answer", [
    7, None, "", "a: [", "<b>hello</b>", "script: x", "x" * 300_000, "a: &a [1]\nb: *a", "{agent.__class__}", ["a"],
])
def test_what_is_no_script_gets_a_message_and_no_points(answer: Any) -> None:
    verdict = judge(question("u09_ex10"), answer, case_of(STUDENTS[0]))
    assert verdict.points == 0
    assert "Traceback" not in verdict.message


# Sets of rules


def test_rule_sets_are_compared_by_f1() -> None:
    truth = {"a": frozenset({"te1"}), "b": frozenset(), "c": frozenset({"te2", "te3"}), "d": frozenset({"te2"})}

    def share(answer: dict[str, Any], from_: float = 0.0) -> float:
        like = rule_sets(from_=from_)
        return like.compare(like.read(answer), truth).share

    right = {"a": ["TE1"], "b": "", "c": "TE3, TE2", "d": ["te2", "TE2"]}
    assert share(right) == share(right | {"another call": ["TE1"]}) == share(right, 0.9) == 1
    assert share(right | {"c": ["TE3"]}) == pytest.approx((3 + 2 / 3) / 4)
    assert share(right | {"c": ["TE3"]}, 0.9) == pytest.approx(((3 + 2 / 3) / 4 - 0.9) / 0.1)
    assert share(right | {"b": ["TE4"]}) == share({"a": ["TE1"], "b": [], "c": ["TE2", "TE3"]}) == 0.75
    assert share(right | {"b": ["TE4"]}, 0.9) == share({}, 0.9) == 0
    assert f1(frozenset(), frozenset({"x"})) == 0


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("slip", [mistake.name for mistake in audits.AUDIT])
def test_an_audit_with_a_typical_mistake_earns_a_quarter_at_most(student: str, slip: str) -> None:
    asked, case = question("u09_ex7"), case_of(student)
    mistake = next(mistake for mistake in asked.mistakes if mistake.name == slip)
    verdict = judge(asked, encode(mistake.value(case)), case)
    if verdict.points < 4:  # some slips change nothing for some firms
        assert verdict.points <= 1, verdict.message
    else:
        assert slip in LIKE_OWN


# The visible check

SETS = 'flow = dict.fromkeys(["first", "second", "third", "fourth", "n_called"], "call") | {"n_without_card": 1}'


@pytest.mark.parametrize(("asked", "code", "says"), [
    ("u09_ex1", SETS, "'n_called' should be a whole number, but this is the text 'call'."),
    ("u09_ex2", 'rules = dict.fromkeys("abcdefghijk", "TE12")', "'TE12' is none of the possible values"),
    ("u09_ex3", "def check_opening(call, company, agent):\n    return 'TE1'", "A list is needed"),
    ("u09_ex3", "def check_opening(call):\n    return []", "stopped with TypeError"),
    ("u09_ex4", "def check_time(weekday, start, industry):\n    return ['TE5']", "none of the possible values"),
    ("u09_ex5", "def check_attempts(times, answered, min_gap, cooldown):\n    return 3", "A list is needed"),
    ("u09_ex6", "def check_tone_and_close(call):\n    return ['TE1']", "none of the possible values"),
    ("u09_ex7", 'audit = dict.fromkeys(case.prospects["call_id"], 3)', "should be a list or set"),
    ("u09_ex7", 'audit = dict.fromkeys(case.prospects.index, [])', "row labels"),
    ("u09_ex8", "agents = case.team_calls", "There are two rows for"),
    ("u09_ex8", "agents = case.team_calls.drop_duplicates('agent')", "These columns are missing"),
    ("u09_ex9", "edits = {3: 4}", "should be a text"),
    ("u09_ex10", "script = crm.phone.parse(crm.phone.TINY)", "cannot be handed in"),
])
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, asked: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u09").answer(asked, code).check
    assert check.startswith("✘")
    assert says in check, check
