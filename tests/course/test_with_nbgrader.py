"""The tiny assignment through the real nbgrader: honest, clumsy and hostile students."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from crmsim.course.casefiles import file_name, read_case
from crmsim.course.judging import VERDICT_MIME
from crmsim.course.marking import MarkingError

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
FULL = {"t01_ex1": 2, "t01_ex2": 3, "t01_ex3": 2, "t01_ex4": 4}


def graded(rehearsed: Any, student: str) -> Any:
    return nbformat.read(rehearsed.folder / "autograded" / student / "t01" / "t01.ipynb", as_version=4)


def verdict(rehearsed: Any, student: str, question: str) -> dict[str, Any]:
    for cell in graded(rehearsed, student).cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == f"{question}_test":
            text, result = cell.outputs
            assert text["output_type"] == "stream"
            found: dict[str, Any] = result["data"][VERDICT_MIME]
            assert float(result["data"]["text/plain"]) == found["points"]
            assert found["message"] in text["text"]
            return found
    raise AssertionError(question)


@pytest.mark.parametrize("student", ["right", "noisy", "tidier", "impostor"])
def test_right_answers_earn_everything_whatever_surrounds_them(rehearsed: Any, student: str) -> None:
    """Text on stderr, reused names, copied, deleted and edited cells, a false identity."""
    assert rehearsed.points[student].to_dict() == FULL


@pytest.mark.parametrize("student", ["blank", "forger", "everything", "raw", "raiser"])
def test_nothing_else_earns_anything(rehearsed: Any, student: str) -> None:
    """The release as it is, forged outputs, objects equal to everything, hostile data, errors."""
    assert rehearsed.points[student].to_dict() == dict.fromkeys(FULL, 0)


def test_typical_mistakes_earn_their_share_and_hear_why(rehearsed: Any) -> None:
    assert rehearsed.points["mistaken"].to_dict() == {"t01_ex1": 1, "t01_ex2": 1.2, "t01_ex3": 0, "t01_ex4": 3}
    found = verdict(rehearsed, "mistaken", "t01_ex1")
    assert (found["mistake"], found["max_points"]) == ("per cent", 2)


def test_a_function_that_spoils_its_input_and_leaves_is_judged_call_by_call(rehearsed: Any) -> None:
    assert rehearsed.points.loc["t01_ex4", "mutator"] == 3
    assert "SystemExit: enough" in verdict(rehearsed, "mutator", "t01_ex4")["message"]


@pytest.mark.parametrize(("student", "says"), [
    ("forger", "handed in nothing"), ("raiser", "RuntimeError: all is lost"), ("raw", "could not be read"),
    ("blank", "three dots"),
])
def test_a_zero_is_explained(rehearsed: Any, student: str, says: str) -> None:
    assert says in verdict(rehearsed, student, "t01_ex1")["message"]


def test_hidden_inputs_are_in_no_notebook_and_no_feedback(rehearsed: Any) -> None:
    release = nbformat.read(rehearsed.folder / "release" / "t01" / "t01.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in release.cells if cell.id.endswith("_test")}
    for student in ("right", "mistaken", "mutator", "tidier"):
        cells = {cell.id: cell.source for cell in graded(rehearsed, student).cells}
        assert sorted(source for name, source in cells.items() if name in sources) == sorted(sources.values())
        for path in [*rehearsed.folder.glob(f"autograded/{student}/t01/*.ipynb"),
                     *rehearsed.folder.glob(f"feedback/{student}/t01/*.html")]:
            text = path.read_text(encoding="utf-8")
            assert "take_inputs" not in text
            assert "vnd.crmsim.answer" not in text


def test_the_feedback_shows_the_message_and_not_the_truth(rehearsed: Any) -> None:
    page = (rehearsed.folder / "feedback" / "mistaken" / "t01" / "t01.html").read_text(encoding="utf-8")
    assert "Right, but in per cent" in page
    assert "BEGIN SOLUTION" not in page


def test_the_release_holds_neither_solution_nor_truth_nor_scheme(rehearsed: Any) -> None:
    files = [path for path in (rehearsed.folder / "release").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["t01.ipynb"]
    text = files[0].read_text(encoding="utf-8")
    for secret in ("SOLUTION", ".mean()", "nlargest", "ge(100)", "Mistake", "marking", "truth"):
        assert secret not in text
    assert "write your answer" in text


def test_every_student_is_graded_on_their_own_case(rehearsed: Any) -> None:
    for student in ("right", "impostor"):
        folder = rehearsed.folder / "autograded" / student / "t01"
        assert [path.name for path in folder.glob("case-*.zip")] == [file_name("t01", student)]
        handed_out = rehearsed.folder / "cases" / "t01" / file_name("t01", student)
        assert (folder / handed_out.name).read_bytes() == handed_out.read_bytes()
    cases = [read_case(path).transactions for path in rehearsed.folder.glob("autograded/*/t01/case-*.zip")]
    assert not cases[0].equals(cases[1])


def test_the_export_has_a_line_for_everybody(rehearsed: Any) -> None:
    lines = (rehearsed.folder / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(rehearsed.points.columns) - 1
    assert any(line.startswith("t01,") and ",mistaken," in line and ",5.2,0.0,5.2,11.0" in line for line in lines)


def preprocessor(name: str, course: Path, monkeypatch: Any) -> Any:
    from crmsim.course import grading

    monkeypatch.chdir(course)
    return getattr(grading, name)(year="2026")


def submission(course: Path, student: str, folder: Path) -> tuple[Any, dict[str, Any]]:
    from crmsim.course.masters import to_notebook

    notebook = to_notebook(course / "text" / "t01.md")
    resources = {"metadata": {"path": str(folder)},
                 "nbgrader": {"student": student, "assignment": "t01", "notebook": "t01"}}
    return notebook, resources


def test_foreign_case_files_are_removed_whatever_they_are(mini_course: Path, tmp_path: Path, monkeypatch: Any) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("kept", encoding="utf-8")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / file_name("t01", "somebody else")).write_bytes(b"their case")
    (folder / file_name("u07", "me")).write_bytes(b"another unit")
    (folder / "case-t01-folder.zip").mkdir()
    (folder / file_name("t01", "me")).symlink_to(outside)
    place = preprocessor("PlaceCase", mini_course, monkeypatch)
    place.preprocess(*submission(mini_course, "me", folder))
    mine = folder / file_name("t01", "me")
    assert list(folder.iterdir()) == [mine]
    assert not mine.is_symlink()
    assert len(read_case(mine).customers) == 40
    assert outside.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(("find", "replace", "says"), [
    ('"t01_ex1", points=2', '"t01_ex1", points=5', "t01_ex1: 2 points in the notebook, 5 in"),
    ('"t01_ex2", points', '"t01_ex5", points', "t01_ex2_test: the marking scheme has no such question"),
    ("truth=lost_share", "truth=lambda case: 1 / 0", "t01_ex1: truth failed.*ZeroDivisionError"),
])
def test_a_broken_scheme_stops_marking_and_names_the_question(
    mini_course: Path, tmp_path: Path, monkeypatch: Any, find: str, replace: str, says: str,
) -> None:
    text = (mini_course / "marking" / "t01.py").read_text(encoding="utf-8")
    assert find in text
    (tmp_path / "marking").mkdir()
    (tmp_path / "marking" / "t01.py").write_text(text.replace(find, replace), encoding="utf-8")
    place, judge = (preprocessor(name, tmp_path, monkeypatch) for name in ("PlaceCase", "JudgeAnswers"))
    notebook, resources = submission(mini_course, "me", tmp_path)
    for cell in notebook.cells:
        if cell.id == "t01_ex1_test":
            data = {"application/vnd.crmsim.answer+json": {"answer": 0.5}}
            cell.outputs = [nbformat.v4.new_output("display_data", data)]
    with pytest.raises(MarkingError, match=says):
        judge.preprocess(*place.preprocess(notebook, resources))


def test_handing_in_without_any_scheme_is_no_gift(mini_course: Path, tmp_path: Path, monkeypatch: Any) -> None:
    place = preprocessor("PlaceCase", tmp_path, monkeypatch)
    with pytest.raises(MarkingError, match="no such question"):
        place.preprocess(*submission(mini_course, "me", tmp_path))


def test_validate_shows_our_short_messages(rehearsed: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from nbgrader.validator import Validator

    work = rehearsed.folder / "homes" / "blank" / "t01"
    notebook = nbformat.read(work / "t01.ipynb", as_version=4)
    answers = {"t01_ex1": "lost_share = 30", "t01_ex2": "recency = 3", "t01_ex3": "top_three = [1, 2, 3]",
               "t01_ex4": "def classes(x):\n    return x * 0 + 1"}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(notebook, work / "validated.ipynb")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    monkeypatch.setattr(Validator, "stream", io.StringIO())
    found = Validator().validate(str(work / "validated.ipynb"))
    errors = [item["raw_error"] for item in found["failed"]]
    assert len(errors) == 3
    assert "The numbers should be from 0 to 1, but this is the number 30" in errors[0]
    assert "Nothing called recency_days exists" in errors[1]
    assert "none of the possible values" in errors[2]
    assert all(error.count("\n") == 0 for error in errors)


def test_the_notebook_side_needs_no_nbgrader() -> None:
    """What a notebook imports must work in a student's installation."""
    import subprocess
    import sys

    program = (
        "import sys\n"
        "for name in ('nbgrader', 'traitlets', 'nbformat', 'jupytext'): sys.modules[name] = None\n"
        "import crmsim as crm\nx = 3\ncrm.course.check('x', 'number')\ncrm.course.hand_in('q', 'x')\n"
        "print(crm.course.case('u06', student='anna'))\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=False)
    assert done.returncode == 0, done.stderr
    assert "<Case u06" in done.stdout


def test_outputs_of_a_verdict_are_what_nbgrader_counts() -> None:
    from nbgrader.utils import determine_grade

    from crmsim.course.grading import _outputs
    from crmsim.course.judging import Verdict

    for points in (0.0, 1.33, 2.0):
        cell = nbformat.v4.new_code_cell("x", outputs=_outputs(Verdict("q", points, 2.0, "2.0"), None))
        cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 2, "grade_id": "q_test"}
        assert determine_grade(cell, SimpleNamespace(warning=print)) == (points, 2.0)
        json.dumps(cell)
