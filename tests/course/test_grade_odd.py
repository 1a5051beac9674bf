"""Odd submissions: each ends as a row with a reason, with the points that can be had, and stops nobody else."""

from __future__ import annotations

import copy
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmsim.course.batch.handed_in import read_job
from crmsim.course.batch.mending import NoNotebook, read_notebook

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
ALL, NOTHING, BUT_FIRST, FIRST = 11.0, 0.0, 9.0, 2.0
LOOP = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"

Make = Callable[[Any, str], Any]


def notebook(change: Callable[[Any], None], *, answers: dict[str, str] | None = None) -> Make:
    return lambda room, student: room.hand_in(student, room.solutions | (answers or {}), change=change)


def content(write: Callable[[str], bytes], *, name: str = "t01.ipynb") -> Make:
    """The right notebook, with its text written in some other way."""
    return lambda room, student: room.hand_in_files(student, {name: write(json.dumps(
        room.notebook(room.solutions), ensure_ascii=False))})


def cells(found: Any) -> dict[str, Any]:
    return {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in found.cells}


def drop(*names: str) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        found.cells = [cell for cell in found.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in names]

    return change


def copies(found: Any) -> None:
    for name in ("t01_ex1", "t01_ex1_test", "t01_ex4_task"):
        found.cells.append(copy.deepcopy(cells(found)[name]))


def edits(found: Any) -> None:
    named = cells(found)
    named["t01_ex1_test"].source = "crm.course.hand_in('t01_ex1', 'wrong')"
    named["t01_ex2_test"].metadata["nbgrader"] |= {"points": 99, "solution": True, "grade": False}
    named["t01_ex3_test"].cell_type = "markdown"
    named["t01_ex4_test"].cell_type = "raw"


def renames(found: Any) -> None:
    for cell in found.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["grade_id"] = f"../{cell.metadata['nbgrader']['grade_id']}"


def strips(found: Any) -> None:
    for cell in found.cells:
        cell.metadata.clear()


def damages(found: Any) -> None:
    wrong = ["gone", 7, None, [], {"grade_id": 5}, {"grade_id": ["t01_ex1"]}, {"schema_version": "x" * 10_000}]
    for cell, marks in zip([cell for cell in found.cells if "nbgrader" in cell.metadata], wrong, strict=False):
        cell.metadata["nbgrader"] = marks


def as_format_3(text: str) -> bytes:
    sheet = [
        {"cell_type": "code", "input": cell["source"], "language": "python", "metadata": cell["metadata"]}
        if cell["cell_type"] == "code" else {key: cell[key] for key in ("cell_type", "source", "metadata")}
        for cell in json.loads(text)["cells"]
    ]
    sheet.insert(0, {"cell_type": "heading", "level": 2, "source": ["Old ", "times"], "metadata": {}})
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": sheet}], "metadata": {}}).encode()


def with_outputs(text: str) -> bytes:
    found = json.loads(text)
    for cell in found["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["spam " * 20] * 60_000}]
    return json.dumps(found).encode()


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../../../evil.ipynb", text)
        archive.writestr("__MACOSX/._t01.ipynb", b"\0\5")
    return packed.getvalue()


ODD: dict[str, tuple[Make, float, str, str]] = {
    "honest": (notebook(lambda found: None), ALL, "graded", ""),
    "copied": (notebook(copies), ALL, "graded", "exists multiple times"),
    "deleted": (notebook(drop("t01_ex1_test", "t01_ex2_check", "t01_ex3_task", "t01_ex4_test")), ALL, "graded",
                "put back"),
    "edited": (notebook(edits), ALL, "graded", "has changed"),
    "renamed-cells": (notebook(renames), ALL, "graded", ""),
    "stripped": (notebook(strips), ALL, "graded", ""),
    "damaged": (notebook(damages), ALL, "graded", ""),
    "no-answers": (notebook(drop("t01_ex1", "t01_ex2", "t01_ex3", "t01_ex4")), NOTHING, "graded", ""),
    "renamed": (content(str.encode, name="T01 (1) 张三.ipynb"), ALL, "graded", "t01.ipynb is missing; T01 (1) 张三"),
    "as-text": (content(str.encode, name="t01.ipynb.txt"), ALL, "graded", "t01.ipynb.txt was taken instead"),
    "in-folder": (content(str.encode, name="my work/t01.ipynb"), ALL, "graded", "my work/t01.ipynb was taken"),
    "zipped": (content(zipped, name="homework.zip"), ALL, "graded", "homework.zip/evil.ipynb was taken instead"),
    "utf-16": (content(lambda text: text.encode("utf-16")), ALL, "graded", "UTF-16"),
    "utf-16-without-mark": (content(lambda text: text.encode("utf-16-le")), ALL, "graded", "UTF-16"),
    "utf-8-with-mark": (content(lambda text: b"\xef\xbb\xbf" + text.encode()), ALL, "graded", ""),
    "gb18030": (content(lambda text: text.replace("tiny", "小作业").encode("gb18030")), ALL, "graded", "GB 18030"),
    "format-3": (content(as_format_3), ALL, "graded", "older than 4"),
    "huge": (content(with_outputs), ALL, "graded", ""),
    "empty": (content(lambda text: b""), NOTHING, "unreadable", "t01.ipynb is empty"),
    "cut-off": (content(lambda text: text[: len(text) // 2].encode()), NOTHING, "unreadable", "damaged notebook"),
    "a-pdf": (content(lambda text: b"%PDF-1.7 ..."), NOTHING, "unreadable", "t01.ipynb is a PDF"),
    "a-script": (content(lambda text: b"print('hi')", name="t01.py"), NOTHING, "unreadable", "t01.ipynb is missing"),
    "other-json": (content(lambda text: b'[{"cells": 1}]'), NOTHING, "unreadable", "JSON, but no notebook"),
    "deep-json": (content(lambda text: b"[" * 200_000), NOTHING, "unreadable", "no notebook"),
    "no-cells": (content(lambda text: b'{"cells": [], "nbformat": 4}'), NOTHING, "unreadable", "without cells"),
    "odd-cells": (content(lambda text: b'{"cells": [1, {"cell_type": 7, "source": {}}, null]}'), NOTHING, "graded", ""),
    "nothing": (lambda room, student: room.place(student), NOTHING, "unreadable", "t01.ipynb is missing"),
    "loop": (notebook(lambda found: None, answers={"t01_ex1": "while True: pass"}), BUT_FIRST, "stopped",
             "the cell t01_ex1 was not finished in time"),
    "stubborn-loop": (notebook(lambda found: None, answers={"t01_ex1": LOOP}), BUT_FIRST, "stopped",
                      "the cell t01_ex1 could not be interrupted"),
    "killed": (notebook(lambda found: None, answers={"t01_ex1": "import os; os.kill(os.getpid(), 9)"}), BUT_FIRST,
               "stopped", "the cell t01_ex1 ended the whole program (signal 9)"),
    "deadly-thrice": (notebook(lambda found: None, answers=dict.fromkeys(
        ("t01_ex2", "t01_ex3", "t01_ex4"), "import os; os._exit(1)")), FIRST, "stopped", "t01_ex4 ended the whole"),
    "hog": (notebook(lambda found: None, answers={"t01_ex1": "x = [bytearray(1 << 20) for k in range(9_999)]"}),
            BUT_FIRST, "graded", ""),
    "chatty": (notebook(lambda found: None, answers={"t01_ex1": "for k in range(100): print('spam' * 250_000)"}),
               BUT_FIRST, "graded", ""),
}


@pytest.fixture(scope="module")
def graded(
    walls: None, rooms: Any, released: Path, tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Any, dict[str, Any]]:
    """All of them, graded in one batch."""
    room = rooms.Room(released, tmp_path_factory.mktemp("odd") / "course")
    for student, (make, *_) in ODD.items():
        make(room, student)
    return room, room.rows()


@pytest.mark.parametrize("student", ODD)
def test_an_odd_submission_gets_its_points_and_a_reason(graded: Any, student: str) -> None:
    room, rows = graded
    _, points, status, says = ODD[student]
    row = rows[student]
    assert (row.points, row.max_points, row.status) == (points, ALL, status), row
    assert says in row.reason
    assert sum(room.points(student).values()) == points


def test_every_row_is_in_the_table_and_nothing_waits_for_autograding(graded: Any) -> None:
    from nbgrader.api import Gradebook

    room, rows = graded
    assert set(rows) == set(ODD)
    lines = (room.folder / "grading" / "t01.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(ODD)
    kept = json.loads((room.folder / "grading" / "t01.json").read_text())["rows"]
    assert {row["student"] for row in kept} == set(ODD)
    with Gradebook(f"sqlite:///{room.folder / 'gradebook.db'}", "crm") as gradebook:
        for student in ODD:
            grades = [grade for book in gradebook.find_submission("t01", student).notebooks for grade in book.grades]
            assert not any(grade.needs_manual_grade for grade in grades), student
            assert all(grade.auto_score is not None for grade in grades), student


def test_what_could_not_be_read_is_explained_in_the_notebook_that_feedback_is_made_of(graded: Any) -> None:
    room, _ = graded
    found = room.graded("a-pdf")
    assert "t01.ipynb is a PDF" in found.cells[0].source
    assert "t01.ipynb is a PDF" in room.shown("a-pdf")
    nbformat.validate(found)


def test_graded_notebooks_are_valid_and_small(graded: Any) -> None:
    room, _ = graded
    for student in ODD:
        nbformat.validate(room.graded(student))
        path = room.folder / "autograded" / student / "t01" / "t01.ipynb"
        assert path.stat().st_size < 3_000_000, student


def test_feedback_and_formgrader_can_use_what_was_written(graded: Any) -> None:
    """Through nbgrader's own interface: what its formgrader lists, and the feedback it makes."""
    from crmsim.course.folders import at_work, nbgrader_in

    room, _ = graded
    with at_work(room.folder):
        api = nbgrader_in(room.folder)
        listed = {about["student"]: about for about in api.get_submissions("t01")}
        assert set(listed) == set(ODD)
        assert all(about["autograded"] for about in listed.values())
        for student in ("honest", "a-pdf", "stubborn-loop"):
            result = api.generate_feedback("t01", student)
            assert result["success"], result["log"]


def test_links_and_pipes_are_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "t01"
    (folder / "deep").mkdir(parents=True)
    (folder / "fine.txt").write_text("x")
    (tmp_path / "secret").write_text("s")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "deep" / "linked-folder").symlink_to(tmp_path)
    (folder / "dangling").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    os.mkdir(os.fsencode(folder) + b"/\xff\xfe")
    (folder / "__pycache__").mkdir()
    job = read_job("anna", folder, ignore=["__pycache__"])
    assert job.files == {"fine.txt": b"x"}
    assert sorted(note.partition(" was left out ")[2] for note in job.notes) == [
        "(a link)", "(a link)", "(a link)", "(its name is no text)", "(no regular file)"]
    assert job.checksum != read_job("anna", folder, ignore=["__pycache__"], version="2").checksum


@pytest.mark.parametrize(("content", "says"), [
    (b"", "empty"), (b"\0\0\0", "empty"), (b"PK\x03\x04...", "a zip archive"), (b"<!doctype html>", "a web page"),
    (b"{", "a damaged notebook"), (b"12", "JSON, but no notebook"), (b"\xff\xfe", "no notebook"),
    (b'{"worksheets": [3, {"cells": 4}]}', "JSON, but no notebook"), (b'{"cells": {}}', "without cells"),
])
def test_what_is_no_notebook_is_named(content: bytes, says: str) -> None:
    with pytest.raises(NoNotebook, match=says):
        read_notebook(content)


def test_a_notebook_is_built_anew_from_what_is_sound() -> None:
    picture = {"a.png": {"image/png": "aGk=", "text/html": "<script>"}, "b": 7}
    data = {"cells": [
        {"cell_type": "markdown", "source": ["a", "b"], "attachments": picture, "metadata": {"evil": 1}, "id": "x"},
        {"cell_type": "code", "source": "\ud800", "outputs": [{"evil": 1}], "id": "x", "execution_count": "1"},
    ], "metadata": {"kernelspec": {"name": "evil"}}}
    notebook, notes = read_notebook(json.dumps(data).encode())
    nbformat.validate(notebook)
    first, second = notebook.cells
    assert (first.source, dict(first.attachments), first.metadata) == ("ab", {"a.png": {"image/png": "aGk="}}, {})
    assert (second.source, second.outputs, second.execution_count) == ("?", [], None)
    assert (notes, dict(notebook.metadata)) == ([], {"language_info": {"name": "python"}})
