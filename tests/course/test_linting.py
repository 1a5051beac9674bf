"""The linter: a sound unit passes, and every rule has a master that violates exactly it."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_output

from crmsim.course.linting import lint
from crmsim.course.linting.leaks import released, solution_lines
from crmsim.course.linting.subject import read_subject
from crmsim.course.masters import as_json, write_all

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
Cells = dict[str, Any]
SOLUTION_1 = ["last = case.transactions.groupby(\"customer_id\")[\"time\"].max()",
              "lost_share = ((case.today - last).dt.days > 30).mean()"]


@pytest.fixture
def course(mini_course: Path, tmp_path: Path) -> Path:
    """The tiny course with a master that can be spoilt: a notebook without its text."""
    folder = tmp_path / "course"
    shutil.copytree(mini_course, folder)
    write_all(folder)
    shutil.rmtree(folder / "text")
    return folder


def spoil(course: Path, change: Callable[[Cells, list[Any]], None]) -> None:
    """Change the master; `change` gets its cells by id, and the list of all."""
    path = course / "source" / "t01" / "t01.ipynb"
    subject, _ = read_subject(course, "t01")
    notebook = subject.notebooks["t01"]
    change({cell.id: cell for cell in notebook.cells}, notebook.cells)
    path.write_text(as_json(notebook), encoding="utf-8")


def found(course: Path, *, run: bool = False) -> set[str]:
    return {finding.code for finding in lint(course, "t01", n_ids=3, run=run)}


def meta(cell: Any) -> dict[str, Any]:
    return cell.metadata["nbgrader"]


def replace(name: str, old: str, new: str) -> Callable[[Cells, list[Any]], None]:
    def change(cells: Cells, everything: list[Any]) -> None:
        assert old in cells[name].source
        cells[name].source = cells[name].source.replace(old, new)

    return change


def again(cells: Cells, everything: list[Any]) -> None:
    twin = copy.deepcopy(cells["t01_ex1_check"])
    twin.id = "twin"
    everything.append(twin)


def stranger(cells: Cells, everything: list[Any]) -> None:
    cell = new_code_cell("2 + 2", id="stranger")
    cell.metadata["nbgrader"] = meta(copy.deepcopy(cells["t01_ex1_check"])) | {"grade_id": "x-1"}
    everything.append(cell)


def add_output(cells: Cells, everything: list[Any]) -> None:
    cells["t01_ex1"].outputs = [new_output("stream", name="stdout", text="0.3")]


def drop_check(cells: Cells, everything: list[Any]) -> None:
    everything.remove(cells["t01_ex1_check"])


def misorder(cells: Cells, everything: list[Any]) -> None:
    everything.append(everything.pop(everything.index(cells["t01_ex1_check"])))


def drop_test(cells: Cells, everything: list[Any]) -> None:
    """Without its test the question would be missing in the scheme too, so this one hands in nothing."""
    cell = new_code_cell("extra = 1\n### BEGIN SOLUTION\nextra = 2\n### END SOLUTION", id="t01_ex9")
    cell.metadata["nbgrader"] = meta(copy.deepcopy(cells["t01_ex1"])) | {"grade_id": "t01_ex9"}
    everything.append(cell)


SLIPS: list[tuple[str, Callable[[Cells, list[Any]], None]]] = [
    ("id-twice", again),
    ("id-form", stranger),
    ("lock", lambda cells, _: meta(cells["t01_ex1_test"]).update(locked=False)),
    ("lock", lambda cells, _: meta(cells["t01_ex1_task"]).update(locked=False)),
    ("lock", lambda cells, _: meta(cells["t01_ex1"]).update(locked=True)),
    ("marks", lambda cells, _: meta(cells["t01_ex1_check"]).update(points=1)),
    ("solution-marks", replace("t01_ex2", "### END SOLUTION", "")),
    ("solution-marks", replace("t01_ex2", "SOLUTION", "ANSWER")),
    ("solution-marks", replace("t01_ex2_check", "crm.", "### BEGIN SOLUTION\n### END SOLUTION\ncrm.")),
    ("outputs", add_output),
    ("parts", drop_check),
    ("parts", misorder),
    ("parts", drop_test),
    ("points-text", replace("t01_ex1_task", "(2 points)", "(3 points)")),
    ("points-text", replace("t01_ex1_task", " (2 points)", "")),
    ("hand-in", replace("t01_ex1_test", '"t01_ex1"', '"t01_ex2"')),
    ("name-check", replace("t01_ex1_check", "lost_share", "lost")),
    ("name-prompt", replace("t01_ex1_task", "`lost_share`", "`share`")),
    ("name-answer", replace("t01_ex1", "lost_share", "share")),
    ("leak", replace("t01_ex3_task", "Which", " ".join(SOLUTION_1) + " Which")),
    ("leak", replace("t01_ex3_task", "Which", "Right, but in per cent, not as a share. Which")),
]


@pytest.mark.parametrize(("code", "change"), SLIPS, ids=[f"{code}-{n}" for n, (code, _) in enumerate(SLIPS)])
def test_a_slip_in_the_notebook(course: Path, code: str, change: Callable[[Cells, list[Any]], None]) -> None:
    spoil(course, change)
    assert found(course) == {code}


def test_points_that_are_none(course: Path) -> None:
    """Such a question differs from its prompt and scheme too."""
    spoil(course, lambda cells, _: meta(cells["t01_ex1_test"]).update(points=0))
    assert found(course) == {"marks", "points-text", "points-scheme"}


IN_SCHEME = [
    ("points-scheme", '"t01_ex1", points=2', '"t01_ex1", points=5'),
    ("scheme", '"t01_ex2", points=3', '"t01_ex7", points=3'),
    ("fair", "0.1 < lost < 0.45", "lost > 2"),
    ("marking", "truth=lost_share", "truth=lambda case: 1 / 0"),
    ("own-data", "np.random.default_rng(seed)", "np.random.default_rng(1)"),
    ("own-data", ", recipe=Recipe(build, unfair)", ""),
]


@pytest.mark.parametrize(("code", "old", "new"), IN_SCHEME, ids=[f"{row[0]}-{n}" for n, row in enumerate(IN_SCHEME)])
def test_a_slip_in_the_scheme(course: Path, code: str, old: str, new: str) -> None:
    path = course / "marking" / "t01.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert found(course) == {code}


@pytest.mark.parametrize("name", ["course-secret.txt", "gradebook.db", "case-t01-0a1b2c3d4e.zip", "t01.py"])
def test_a_private_file_beside_the_master(course: Path, name: str) -> None:
    (course / "source" / "t01" / name).write_text("SCHEME = 1", encoding="utf-8")
    assert found(course) == {"leak-file"}


def test_an_innocent_file_beside_the_master_is_released(course: Path) -> None:
    (course / "source" / "t01" / "shop.png").write_bytes(b"picture")
    assert found(course) == set()


def test_trial_answers_are_missing_or_too_few(course: Path) -> None:
    path = course / "reference" / "t01.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("t01_ex4:")], encoding="utf-8")
    assert found(course) == {"reference"}
    path.write_text("t01_ex1: {right: [], wrong: []}", encoding="utf-8")
    assert found(course) == {"reference"}
    path.unlink()
    assert found(course) == {"reference"}
    path.parent.rmdir()
    assert found(course) == set(), "a course made by init has no trial answers"


IN_KERNEL = [
    ({"model-answer"}, replace("t01_ex1", "> 30).mean()", "<= 30).mean()")),
    ({"model-check"}, replace("t01_ex1_check", "low=0", "low=0.9")),
    ({"stderr"}, replace("t01_ex1", "### END", "import sys; print('note', file=sys.stderr)\n### END")),
    ({"error"}, lambda cells, everything: everything.append(new_code_cell("1 / 0", id="broken"))),
    ({"blank-check"}, replace("t01_ex1", "lost_share = ...", "lost_share = 0.77")),
    ({"blank-points", "blank-check"}, replace("t01_ex1", "### BEGIN SOLUTION\n", "lost_share = sum(  # of two\n"
     "    (case.today - times.max()).days > 30 for _, times in case.transactions.groupby('customer_id')['time']) / 40\n"
     "### BEGIN SOLUTION\n")),
]


@pytest.mark.parametrize(("codes", "change"), IN_KERNEL, ids=["+".join(sorted(codes)) for codes, _ in IN_KERNEL])
def test_a_slip_that_only_a_kernel_shows(
    course: Path, codes: set[str], change: Callable[[Cells, list[Any]], None],
) -> None:
    spoil(course, change)
    assert found(course, run=True) == codes


def test_the_sound_unit_passes_in_a_kernel_too(course: Path) -> None:
    assert lint(course, "t01", n_ids=3) == []


def test_text_and_notebook_are_held_together(mini_course: Path, tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(mini_course, course)
    assert found(course) == set(), "a text alone is enough"
    write_all(course)
    source = course / "source" / "t01" / "t01.ipynb"
    source.write_text(source.read_text(encoding="utf-8").replace("> 30", "> 31"), encoding="utf-8")
    assert found(course) == {"out-of-step"}
    text = course / "text" / "t01.md"
    text.write_text(text.read_text(encoding="utf-8").replace(":points: 2\n", ""), encoding="utf-8")
    assert found(course) == {"text"}


def test_a_finding_says_where_what_and_what_to_do(course: Path) -> None:
    spoil(course, replace("t01_ex1_task", "(2 points)", "(3 points)"))
    [finding] = lint(course, "t01", n_ids=2, run=False)
    assert str(finding) == (
        "t01_ex1: The prompt names 3 points, but the question is worth 2. Make both the same. [points-text]"
    )


def test_a_release_is_what_nbgrader_would_make(course: Path, rehearsed: Any) -> None:
    subject, _ = read_subject(course, "t01")
    mine = {cell.id: cell.source for cell in released(subject.notebooks["t01"], course=course).cells}
    theirs = json.loads((rehearsed.folder / "release" / "t01" / "t01.ipynb").read_text(encoding="utf-8"))
    assert mine == {cell["id"]: "".join(cell["source"]) for cell in theirs["cells"]}
    assert solution_lines(subject.named["t01_ex1"].source) == SOLUTION_1
