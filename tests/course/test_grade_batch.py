"""Grading a class: the same points as nbgrader, once for each submission, whatever interrupts it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crmsim.course.batch import pool
from crmsim.course.batch.grade import Options, grade
from crmsim.course.batch.results import Results, Row
from crmsim.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
FIRST = "t01_ex1"
UNSEEDED = """
import random, numpy as np
print(random.random(), np.random.rand(), {'a', 'b', 'c', 'd'})
lost_share = 0.97
"""


@pytest.fixture
def three(room: Any, walls: None) -> Any:
    """Three submissions: right, blank, and one that draws lots."""
    room.hand_in("anna", room.solutions)
    room.hand_in("bo", {})
    room.hand_in("chen", room.solutions | {FIRST: UNSEEDED})
    return room


def totals(room: Any, **changes: Any) -> dict[str, float | None]:
    return {student: row.points for student, row in room.rows(**changes).items()}


def test_points_are_those_of_nbgrader(walls: None, rehearsed: Any, rooms: Any, tmp_path: Path) -> None:
    """For right, mistaken, blank, clumsy and hostile submissions, question by question."""
    folder = tmp_path / "course"
    left_out = shutil.ignore_patterns("autograded", "feedback", "homes", "exchange")
    shutil.copytree(rehearsed.folder, folder, ignore=left_out)
    found = grade(folder, "t01", rooms.OPTIONS)
    expected = rehearsed.points.drop(columns="max_points")
    assert found.n_new == len(expected.columns)
    assert {student: row.points for student, row in found.results.rows.items()} == expected.sum().round(2).to_dict()
    for student in expected.columns:
        theirs = (rehearsed.folder / "autograded" / student / "t01").iterdir()
        ours = (folder / "autograded" / student / "t01").iterdir()
        assert {path.name for path in ours} == {path.name for path in theirs}


def test_marking_again_gives_the_same_notebook_to_the_last_byte(three: Any) -> None:
    first = totals(three, jobs=1)
    texts = {student: three.shown(student) for student in first}
    assert totals(three, jobs=2, force=True) == first == {"anna": 11, "bo": 0, "chen": 9}
    assert {student: three.shown(student) for student in first} == texts


def test_files_in_the_course_folder_are_no_modules(three: Any, tmp_path: Path) -> None:
    """Somebody who unpacks a submission there runs nothing of it."""
    for name in ("json.py", "pickle.py", "socket.py"):
        text = f"open({str(tmp_path / 'run.txt')!r}, 'a').write({name!r})"
        (three.folder / name).write_text(text, encoding="utf-8")
    totals(three)
    assert not (tmp_path / "run.txt").exists()


def test_only_what_has_changed_is_marked_again(three: Any) -> None:
    assert three.grade().n_new == 3
    assert three.grade().n_new == 0
    three.hand_in("bo", three.solutions)
    again = three.grade()
    assert (again.n_new, again.results.rows["bo"].points) == (1, 11)
    scheme = three.folder / "marking" / "t01.py"
    scheme.write_text(scheme.read_text().replace("0.5, \"Right, but", "0.4, \"Right, but"))
    assert three.grade(students=["anna"]).n_new == 1
    assert three.grade().n_new == 2
    shutil.rmtree(three.folder / "submitted" / "bo")
    assert set(three.grade().results.rows) == {"anna", "chen"}


def test_a_scheme_that_fails_costs_no_student_anything(three: Any) -> None:
    """It is the instructor's fault: said, not written, and tried again when it is repaired."""
    scheme = three.folder / "marking" / "t01.py"
    text = scheme.read_text()
    scheme.write_text(text.replace("truth=lost_share", "truth=lambda case: 1 / 0"))
    failed = three.grade()
    assert failed.n_failed == 3
    assert {row.status for row in failed.results.rows.values()} == {"failed"}
    assert "marking scheme is at fault: t01_ex1: truth failed" in failed.results.rows["anna"].reason
    assert not (three.folder / "autograded" / "anna").exists()
    scheme.write_text(text)
    assert totals(three) == {"anna": 11, "bo": 0, "chen": 9}


DEADLY = """
import time
from nbgrader.preprocessors import NbGraderPreprocessor
class Deadly(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "bo": os._exit(3)
        if resources["nbgrader"]["student"] == "chen": time.sleep(600)
        return nb, resources
c.Autograde.autograde_preprocessors.insert(0, Deadly)
"""


def test_a_submission_that_ends_or_holds_up_its_marker_stops_nobody_else(
    three: Any, monkeypatch: pytest.MonkeyPatch, rooms: Any,
) -> None:
    from dataclasses import replace

    config = three.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + DEADLY)
    monkeypatch.setattr(pool, "MARGIN_SECONDS", 6.0)
    three.hand_in("dora", three.solutions)
    rows = three.rows(jobs=2, limits=replace(rooms.LIMITS, seconds=6))
    assert {student: row.points for student, row in rows.items()} == {"anna": 11, "bo": None, "chen": None, "dora": 11}
    assert "ended the process that marked it" in rows["bo"].reason
    assert "took too long" in rows["chen"].reason


def start(room: Any, *options: str) -> subprocess.Popen[str]:
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-m", "crmsim.cli", "course", "grade", "t01", "--jobs", "1", *options]
    return subprocess.Popen(
        command, cwd=room.folder, env={**os.environ, "PYTHONPATH": root}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )


def wait_for_rows(room: Any, n: int) -> dict[str, Row]:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        rows = Results(room.folder, "t01").rows
        if len(rows) >= n:
            return rows
        time.sleep(0.05)
    raise AssertionError("nothing was marked in two minutes")


def children(pid: int) -> set[int]:
    """All processes below one."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    found = {int(number) for path in lists for number in path.read_text().split()}
    return found.union(*map(children, found)) if found else found


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_interrupted_grading_goes_on_from_there(three: Any, number: int, code: int) -> None:
    for k in range(4):
        slowly = "import time; time.sleep(2)\n" + three.solutions[FIRST]
        three.hand_in(f"more-{k}", three.solutions | {FIRST: slowly})
    process = start(three)
    wait_for_rows(three, 3)
    below = children(process.pid)
    assert len(below) >= 2
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    if number == signal.SIGINT:
        assert said.strip().splitlines()[-1].startswith("crmsim: Interrupted: ")
        assert "Traceback" not in said
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < until:
        time.sleep(0.2)
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]
    before = wait_for_rows(three, 3)
    assert len(before) < 7
    graded = three.grade(limits=Options().limits)  # those of the command: with others, all would be marked again
    assert graded.n_new == 7 - len(before)
    assert {student: graded.results.rows[student] for student in before} == before
    assert {row.points for student, row in graded.results.rows.items() if student.startswith("more")} == {11}


def test_the_command_shows_one_line_for_each_student(three: Any) -> None:
    from crmsim.course.commands import app

    result = CliRunner().invoke(app, ["grade", "t01", "--course", str(three.folder), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert [line[:3] for line in lines if line[:1] == ["anna"]] == [["anna", "11", "11"]]
    assert "3 submissions, 3 marked now, 0 to be looked at by hand." in result.output
    shown = (three.folder / "grading" / "t01.csv").read_text(encoding="utf-8-sig").splitlines()
    assert shown[0] == "student,status,points,max_points,by_hand,seconds,reason"
    assert shown[1].startswith("anna,graded,11.0,11.0,False,")


def test_without_bubblewrap_nothing_runs_unless_told(three: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmsim.course.sandbox.bubblewrap.PROGRAM", "no-such-bwrap")
    with pytest.raises(InputError, match=r"apt install bubblewrap.*--unsafe"):
        three.grade()
    assert not (three.folder / "grading").exists()
    assert totals(three, unsafe=True) == {"anna": 11, "bo": 0, "chen": 9}


@pytest.mark.parametrize(("unit", "says"), [("t1", "Did you mean 't01'"), ("t01", "Nobody has handed in t01")])
def test_what_cannot_be_graded_is_said_at_once(room: Any, walls: None, unit: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        grade(room.folder, unit, Options())


def test_a_unit_that_was_not_released_is_refused(walls: None, mini_course: Path, tmp_path: Path) -> None:
    shutil.copytree(mini_course, tmp_path / "course")
    (tmp_path / "course" / "submitted" / "anna" / "t01").mkdir(parents=True)
    with pytest.raises(InputError, match="crmsim course release t01"):
        grade(tmp_path / "course", "t01", Options())


def test_results_outlive_a_damaged_file(tmp_path: Path) -> None:
    results = Results(tmp_path, "t01")
    results.put(Row("anna", "graded", 1.0, 2.0, False, 0.5, "=1+1", "sum"))
    assert Results(tmp_path, "t01").is_done("anna", "sum")
    assert not Results(tmp_path, "t01").is_done("anna", "other")
    assert "'=1+1" in results.show().read_text(encoding="utf-8-sig")
    results.json_path.write_text('{"rows": [{"student": "a')
    assert Results(tmp_path, "t01").rows == {}
