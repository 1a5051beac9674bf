"""Exports, read back by the rules of those who import them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from crmsim.course.csvcells import harmless
from crmsim.course.exporting import export_grades, waiting
from crmsim.course.grades import Grades, read_grades
from crmsim.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
ALL = dict.fromkeys(("t01_ex1", "t01_ex2", "t01_ex3", "t01_ex4"), 1.0)


@pytest.fixture(scope="module")
def grades(klass: Any, mini_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Grades:
    course = klass.with_essay(mini_course, tmp_path_factory.mktemp("export") / "course")
    pupils = {
        "20260001": klass.Pupil(earned=ALL, hand=3.0, names={
            "first_name": "Na", "last_name": "李", "email": "na@example.org", "lms_user_id": "4711"}),
        "20260002": klass.Pupil(earned=ALL | {"t01_ex2": 1 / 3}, hand=2.5, names={
            "first_name": '=cmd|" /C calc"!A0', "last_name": "@SUM(1)", "lms_user_id": "no number"}),
        "open": klass.Pupil(earned=ALL, hand=None),
        "absent": klass.Pupil(submitted=False, names={"first_name": "Fang, Jr.", "last_name": "Wang"}),
    }
    return read_grades(klass.classroom(course, pupils), "t01")


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def import_into_canvas(path: Path, *, known: dict[str, str]) -> tuple[dict[str, str], float, str]:
    """What Canvas' gradebook importer makes of a file: score by student, points possible, assignment.

    After its rules: the header's first cells hold *Student* and *ID*, *SIS User ID* is followed by *SIS Login ID*,
    the last student column is *Section*; a row whose first cell holds *Points Possible* is no student; `known` maps
    what Canvas knows (its own number, SIS id, login, name) to students; blank scores change nothing.
    """
    header, *others = rows(path)
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert re.search(r"SIS\s+User\s+ID", header[2])
    assert re.search(r"SIS\s+Login\s+ID", header[3])
    assert "Section" in header[4]
    [assignment] = header[5:]
    scores, possible = {}, 0.0
    for row in others:
        assert len(row) == len(header)
        if "Points Possible" in row[0]:
            possible = float(row[5])
        elif row[5]:
            scores[next(known[cell] for cell in (row[1], row[2], row[3], row[0]) if cell in known)] = row[5]
    return scores, possible, assignment


def test_canvas_finds_students_points_and_the_assignment(grades: Grades, tmp_path: Path) -> None:
    path = export_grades(grades, "canvas", tmp_path / "c.csv", title="Unit 6 (12345)")
    known = {"4711": "na", "20260002": "second", "open": "open", "absent": "absent"}
    scores, possible, assignment = import_into_canvas(path, known=known)
    assert scores == {"na": "14.0", "second": "11.5"}
    assert (possible, assignment) == (14.0, "Unit 6 (12345)")
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in rows(path)[2:]] == ["李, Na", "'@SUM(1), =cmd|\" /C calc\"!A0", "Wang, Fang, Jr.", "open"]


def import_into_moodle(path: Path, *, by: str, item: str) -> dict[str, float | None]:
    """What Moodle makes of a file when the instructor maps two columns: grade by user; ``-`` is no grade."""
    header, *others = rows(path)
    user, grade = header.index(by), header.index(item)
    return {row[user]: None if row[grade] == "-" else float(row[grade]) for row in others if row[user]}


def test_moodle_gets_numbers_or_no_grade(grades: Grades, tmp_path: Path) -> None:
    path = export_grades(grades, "moodle", tmp_path / "m.csv")
    assert import_into_moodle(path, by="ID number", item="t01 (Real)") == {
        "20260001": 14.0, "20260002": 11.5, "open": None, "absent": None,
    }
    assert import_into_moodle(path, by="Email address", item="t01 (Real)") == {"na@example.org": 14.0}


def test_the_plain_table_has_every_question(grades: Grades, tmp_path: Path) -> None:
    path = export_grades(grades, "csv", tmp_path / "p.csv")
    table = {row[0]: dict(zip(rows(path)[0], row, strict=True)) for row in rows(path)}
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel reads Chinese only with a byte order mark"
    assert table["20260002"]["t01_ex2 (3)"] == "1.0"
    assert table["20260002"]["total (14)"] == "11.5"
    assert (table["open"]["t01_ex5 (3)"], table["open"]["total (14)"]) == ("", "11.0")
    assert (table["absent"]["submitted"], table["absent"]["total (14)"]) == ("False", "")
    assert waiting(grades) == ["open"]


@pytest.mark.parametrize("kind", ["canvas", "moodle", "csv"])
def test_no_cell_is_a_formula(grades: Grades, tmp_path: Path, kind: str) -> None:
    cells = [cell for row in rows(export_grades(grades, kind, tmp_path / "x.csv")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@") or (cell[:1] == "-" and cell != "-")]
    assert any(cell.startswith("'") for cell in cells), "the hostile name is there, as text"


@pytest.mark.parametrize("text", ["=1", "+1", "-1+1", "@a", "\t=1", "\r=1", " =1", "\uff1d1", "\n@a"])
def test_what_a_spreadsheet_would_run(text: str) -> None:
    assert harmless(text).startswith("'")
    assert harmless("a" + text) == "a" + text


def test_an_unknown_format_is_named(grades: Grades, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no format 'mudle'\. Did you mean 'moodle'"):
        export_grades(grades, "mudle", tmp_path / "x.csv")
