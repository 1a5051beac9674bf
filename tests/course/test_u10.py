"""Unit 10: every invented student gets a fair case, slips can be seen, and taxis are judged by what they save."""

from __future__ import annotations

import functools
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from slips import like_the_truth

import crmsim as crm
from crmsim.course.encoding import encode
from crmsim.course.judging import hidden_inputs, judge
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import SealedCase, make_case, recipe_of, u10
from crmsim.course.recipes._u10_notes import COLLISIONS

MARKING = Path(__file__).resolve().parents[2] / "assignments" / "marking"
STUDENTS = [f"2026{number:04d}" for number in range(700, 706)]
SCHEME = load_scheme(MARKING, "u10")
assert SCHEME is not None
PARTS = ("doors", "dress", "greeted", "hands", "jewels", "taxis")
doors, dress, greeted, hands, jewels, taxis = (sys.modules[f"_marking_u10.{part}"] for part in PARTS)
OWN = ("ex1b", "ex2a", "ex4", "ex5a", "ex6", "ex7", "ex8")


@functools.cache
def case_of(student: str) -> SealedCase:
    return make_case(recipe_of("u10"), "u10", student, secret=b"s" * 32, year="2026")


@pytest.mark.parametrize("student", STUDENTS)
def test_every_question_has_a_truth_and_every_slip_differs_from_it(student: str) -> None:
    assert like_the_truth(SCHEME, case_of(student)) == set()


@pytest.mark.parametrize("student", STUDENTS)
def test_every_kind_is_there(student: str) -> None:
    case = case_of(student)
    assert hands.verdicts(case).value_counts().reindex(["clear", "silent", "conflict"]).min() >= 2
    greetings = list(greeted.first_greeted(case).values())
    assert (len(greetings), greetings.count("conflict")) == (12, 5)
    assert set(jewels.judged(case)["match"]) == {"pass", "tolerated", "violation"}
    assert len(doors.ready(case)) == 12
    assert len(hidden_inputs(SCHEME.question("u10_ex3"), case)) == 24  # type: ignore[union-attr,arg-type]
    assert min(doors.times(case)[f"n_{name}"] for name in ("too_early", "best", "acceptable", "late")) >= 6


def test_the_case_holds_what_the_firm_sees_and_nothing_else() -> None:
    case = case_of(STUDENTS[0]).public()
    columns = {column for table in case.tables.values() for column in table.columns}
    assert not columns & {"faults", "first", "codes", "is_conflict", "offered", "worth"}
    assert not hasattr(case, "truth")
    assert (len(case.visits), len(case.trips), len(case.meetings), len(case.outfits)) == (60, 900, 60, 50)
    assert case.today > case.meetings["appointed"].max()


def test_at_least_half_of_the_points_come_from_own_people_and_at_most_a_quarter_from_words() -> None:
    points = {question.id.removeprefix("u10_"): question.points for question in SCHEME.questions}  # type: ignore[union-attr]
    assert sum(points.values()) == 34
    assert sum(points[name] for name in OWN) >= 40 / 2
    assert points["ex2b"] <= 40 / 4


def test_the_numbers_in_the_text_are_those_of_the_recipe() -> None:
    text = (MARKING.parent / "text" / "u10.md").read_text(encoding="utf-8")
    choice = SCHEME.question("u10_ex7")  # type: ignore[union-attr]
    n_outfits = len(hidden_inputs(SCHEME.question("u10_ex1a"), case_of(STUDENTS[0])))  # type: ignore[union-attr,arg-type]
    assert choice is not None
    for number, words in [
        (u10.N_TAXIS, "**{} taxis**"), (u10.N_VISITS, "your people visit {} customers"), (u10.N_TRIPS, "holds {} past"),
        (f"{u10.LATE_LOSS:.0%}", "and with it {}"), (f"{choice.like.compare.keywords['full']:.0%}", "4 points for {}"),
        (n_outfits, "tried on {} outfits"), (u10.N_MEETINGS, "holds {} meetings"),
        (len(greeted.crowds(None)), "on {} crowds"),
    ]:  # fmt: skip
        assert words.format(number) in text
        assert len(re.findall(re.escape(words).replace(r"\{\}", "[0-9]+%?"), text)) == 1


def test_the_colours_in_the_text_are_those_of_the_rule() -> None:
    text = (MARKING.parent / "text" / "u10.md").read_text(encoding="utf-8")
    parameters = crm.etiquette.rule("K05").parameters
    for name, shade in [("DARK", "dark_colours"), ("LIGHT", "light_colours")]:
        (found,) = re.findall(rf"^{name} = (\[.*\])$", text, flags=re.MULTILINE)
        assert re.findall(r'"(\w+)"', found) == parameters[shade]


# The truths of the scheme and the library agree


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_jewellery_is_judged_as_the_library_does_it(student: str) -> None:
    case, found = case_of(student), {}
    for who, worn in case.pieces.groupby("person_id"):
        style = case.outfits.loc[who, "clothes_style"]
        codes = {finding.code for finding in crm.etiquette.check_jewellery(worn, style)}
        found[who] = ("JW1" in codes, crm.etiquette.jewellery_match(worn), "JW3" not in codes)
        assert ("JW2" in codes) == (found[who][1] == "violation")
    table = jewels.judged(case)
    assert {who: tuple(row) for who, row in table[["too_many", "match", "fits"]].iterrows()} == found
    assert table["n_pieces"].sum() == len(case.pieces)


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_scenes_are_judged_as_the_library_does_it(student: str) -> None:
    for scene in hands.scenes(case_of(student)).values():
        names = hands.named(*scene)
        assert hands.kind(scene) == hands._judge(names)
        assert len(names) == len(crm.etiquette.who_first(*scene).codes)


def test_colours_counted_from_the_long_table_are_those_of_the_library() -> None:
    case = case_of(STUDENTS[0])
    colours = case.clothes.groupby("person_id")["colour"].apply(list)
    broken = {
        code: {
            who for who, row in case.outfits.iterrows()
            if code in dress.faults_of({**row.to_dict(), "colours": colours[who]})
        }
        for code in ("K03", "K04")
    }  # fmt: skip
    assert dress.look(case)["n_three_colours"] == len(broken["K03"])
    assert dress.look(case)["n_three_in_one"] == len(broken["K04"])


def test_every_boundary_of_the_first_question_is_tried() -> None:
    found = [dress.faults_of(outfit) for (outfit,) in dress.worn_by(case_of(STUDENTS[0]))[dress.N_OWN:]]
    assert {code for codes in found for code in codes} == {"K03", "K04", "label", "tie", "socks"}
    assert [] in found
    assert len(found[1]) == 5
    assert found[2] == []  # the same on a woman


@pytest.mark.parametrize("student", STUDENTS[:3])
def test_groups_collide_by_each_of_the_pairs_and_blindness_pays_little(student: str) -> None:
    case, question = case_of(student), SCHEME.question("u10_ex5a")  # type: ignore[union-attr]
    right = greeted.first_greeted(case)
    for column, *_ in COLLISIONS:
        seen = greeted.without(column)(case)
        missed = [group for group, name in right.items() if name == "conflict" != seen[group]]
        assert len(missed) == [name for name, *_ in COLLISIONS].count(column)
    points = {how: judge(question, encode(greeted.top_by(how)(case)), case).points for how in ("age", "rank")}  # type: ignore[arg-type]
    assert points["age"] == 3 * 0.25
    assert points["rank"] < 3 * 0.7


# The decision


@pytest.mark.parametrize("student", STUDENTS)
def test_sensible_taxis_save_much_and_tempting_ones_little(student: str) -> None:
    case = case_of(student)
    worth, risk = case.truth, taxis.late_shares(case)
    aim = float(worth[list(taxis.reference(case))].sum())

    def saves(score: pd.Series[float]) -> float:
        return float(worth[score.nlargest(case.n_taxis).index].sum()) / aim

    assert saves(risk * case.visits["yearly_value"]) > 0.9
    assert max(saves(risk), saves(case.visits["yearly_value"])) < 0.85
    assert saves(-risk) < 0
    assert worth.index.equals(case.visits.index)


def test_the_worth_of_a_taxi_is_what_lateness_would_cost_on_many_trips() -> None:
    """Many trips by bus with invented luck: the mean loss agrees within four standard errors; half of it does not."""
    case, n = case_of(STUDENTS[0]), 4_000
    visits, roads, rng = case.visits, u10._roads(case.seed), np.random.default_rng(3)
    luck = rng.standard_normal((n, len(visits)))
    minutes = u10._medians(visits, roads) * np.exp(u10._spreads(visits, roads) * luck)
    losses = (minutes > visits["leave_minutes"].to_numpy()) * case.late_loss_share * visits["yearly_value"].to_numpy()
    total, error = losses.sum(axis=1).mean(), losses.sum(axis=1).std(ddof=1) / np.sqrt(n)
    promised = float((case.truth + case.taxi_cost).sum())
    assert abs(total - promised) < 4 * error + 0.01 * len(visits)
    assert abs(total - promised / 2) > 4 * error


def test_past_trips_tell_the_truth_about_the_roads() -> None:
    """Logarithms of past trips, standardised by the truth, have mean 0 and spread 1 within four standard errors."""
    case = case_of(STUDENTS[1])
    roads, trips = u10._roads(case.seed), case.trips
    scores = np.log(trips["minutes"].to_numpy() / u10._medians(trips, roads)) / u10._spreads(trips, roads)
    assert abs(scores.mean()) < 4 / np.sqrt(len(scores))
    assert abs(scores.std(ddof=1) - 1) < 4 / np.sqrt(2 * len(scores))


# The visible check

GREETED = 'first_greeted = dict.fromkeys(case.groups["group"].unique(), 3)'
DOORS = """
names = ["n_too_early", "n_best", "n_acceptable", "n_late", "late_share", "mean_late_minutes"]
doors = dict.fromkeys(names, {})
"""
YES = """
jewels = case.pieces.groupby("person_id").size().to_frame("n_pieces")
jewels = jewels.assign(too_many="yes", match="pass", fits=True)
"""


@pytest.mark.parametrize(("question", "code", "says"), [
    ("u10_ex2a", YES, "'too_many' should hold True/False values"),
    ("u10_ex1a", "def faults(outfit):\n    return ['K05']", "'K05' is none of the possible values"),
    ("u10_ex1a", "def faults(outfit):\n    return 1 / 0", "stopped with ZeroDivisionError"),
    ("u10_ex1b", 'look = {"n_three_colours": 3.5, "n_three_in_one": 2, "most_colours": 4}', "should be a whole number"),
    ("u10_ex2a", "jewels = case.pieces.groupby('person_id').size().to_frame('n_pieces')", "are missing: too_many"),
    ("u10_ex2b", "sayings = dict.fromkeys('abcd', 'yes')", "'yes' is none of the possible values"),
    ("u10_ex3", "def offers_first(p, q, phase):\n    return p", "A text is needed"),
    ("u10_ex4", "verdicts = pd.Series('maybe', index=case.meetings.index)", "'maybe' is none of the possible values"),
    ("u10_ex4", "verdicts = pd.Series('clear', index=range(60))", "look at its index"),
    ("u10_ex5a", GREETED, "should be a text, but this is the number 3"),
    ("u10_ex5b", "def plan(names, near):\n    return {'shake': 2, 'nod': []}", "should be a list"),
    ("u10_ex6", DOORS.format(7.5), "should be a whole number"),
    ("u10_ex6", DOORS.format("60"), "should be a number from 0 to 1"),
    ("u10_ex7", "taxis = case.visits.index[:11]", "It has 11 entries, but 12 are expected."),
    ("u10_ex7", "taxis = case.visits['yearly_value'].nlargest(12)", "hand in its .index"),
    ("u10_ex7", "taxis = range(100_000, 100_012)", "none of the possible values"),
    ("u10_ex8", "ready = {'clothes'}", "'clothes' is none of the possible values"),
])  # fmt: skip
def test_the_visible_check_sees_answers_of_a_wrong_form(sitting: Any, question: str, code: str, says: str) -> None:
    check = sitting(MARKING.parent, "u10").answer(question, code).check
    assert check.startswith("✘")
    assert re.search(re.escape(says), check), check
