"""The attack suite: hostile submissions among honest ones, in one batch. None succeeds; nobody honest loses a point."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from battle import CANARY, FILES, FIRST, HONEST, SECONDS, SUITE, Battle

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


@pytest.fixture(scope="module")
def battle(
    walls: None, rooms: Any, released: Path, tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Any, dict[str, Any], dict[str, str]]:
    folder = tmp_path_factory.mktemp("battle")
    made = Battle(rooms.Room(released, folder / "course"), folder)
    for name in SUITE.by_name:
        made.attack(name)
    for name, hand_in in FILES.items():
        hand_in(made, name)
    before = made.fingerprint()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_SETTING", CANARY)
        rows = made.room.rows()
    return made, rows, before


def test_there_are_enough_attacks() -> None:
    assert len({*SUITE.by_name, *FILES}) >= 60


@pytest.mark.parametrize("name", [*SUITE.by_name, *FILES])
def test_an_attack_gets_nothing(battle: Any, name: str) -> None:
    made, rows, _ = battle
    row = rows[name]
    assert row.status in ("graded", "stopped", "unreadable"), row
    assert made.room.points(name)[FIRST] == 0
    assert row.points <= 9
    assert row.max_points == 11
    shown = made.room.shown(name)
    assert "LOOT" not in shown
    assert CANARY not in shown
    assert (made.room.folder / "course-secret.txt").read_text().strip() not in shown
    if name in SUITE.by_name and name not in SUITE.speechless and row.status == "graded":
        assert "TRIED" in shown, row


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_get_their_points_and_no_remark(battle: Any, student: str) -> None:
    made, rows, _ = battle
    assert (rows[student].points, rows[student].status, rows[student].reason) == (11, "graded", "")
    assert made.room.points(student) == {"t01_ex1": 2, "t01_ex2": 3, "t01_ex3": 2, "t01_ex4": 4}


def test_the_host_is_as_it_was(battle: Any) -> None:
    made, _, before = battle
    assert made.listener.heard == []
    assert made.left() == []
    assert made.fingerprint() == before
    running = [path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert [text for text in running if SECONDS in text] == []


def test_most_attacks_cost_their_author_one_question_only(battle: Any) -> None:
    """What can be saved of a hostile notebook is saved: an accident looks the same."""
    _, rows, _ = battle
    assert {name for name in SUITE.reading if rows[name].points != 9} == set()
    assert "too large to be read" in rows["swollen"].reason
    assert rows["suicide"].points == rows["stubborn"].points == rows["fork-bomb"].points == 9


OPEN = ("secret", "scheme", "neighbours", "environment", "loopback", "local-sockets", "home")


def test_without_the_sandbox_these_attacks_do_succeed(
    rooms: Any, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So the tests above are able to fail."""
    made = Battle(rooms.Room(released, tmp_path / "course"), tmp_path)
    monkeypatch.setenv("GRADER_SETTING", CANARY)
    for name in OPEN:
        made.attack(name)
    made.room.rows(unsafe=True)
    assert [name for name in OPEN if "LOOT" not in made.room.shown(name)] == []
    assert len(set(made.listener.heard)) == 3


def test_a_graded_notebook_holds_no_program_for_the_instructors_browser(room: Any, walls: None) -> None:
    code = (
        "from IPython.display import display, HTML, Javascript, SVG\ndisplay(Javascript('alert(1)'))\n"
        "display({'image/svg+xml': '<svg onload=alert(1)>', 'text/plain': 'x'}, raw=True)"
    )
    room.hand_in("anna", {FIRST: code})
    room.grade(jobs=1)
    assert "alert" not in room.shown("anna")
    assert json.loads((room.folder / "grading" / "t01.json").read_text())["rows"][0]["status"] == "graded"
