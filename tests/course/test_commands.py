"""`crmsim course`: from an empty folder to the release, and one sentence for every mistake."""

from __future__ import annotations

import csv
import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crmsim.cli.commands import app
from crmsim.course.casefiles import file_name, read_case
from crmsim.course.identity import read_secret
from crmsim.course.roster import year_of
from crmsim.course.shipped import make_course, shipped_units
from crmsim.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
Run = Callable[..., Any]


@pytest.fixture
def run() -> Run:
    """Runs `crmsim course ...`; whatever happens is a message and an exit code."""

    def invoke(*arguments: object) -> Any:
        result = CliRunner().invoke(app, ["course", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def course(mini_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "course"
    shutil.copytree(mini_course, folder)
    monkeypatch.delenv("CRMSIM_EXCHANGE", raising=False)
    return folder


def roster(folder: Path, *rows: str) -> Path:
    path = folder / "roster.csv"
    path.write_text("\n".join(["id,first_name,last_name", *rows]), encoding="utf-8")
    return path


def test_a_new_course_is_complete_and_has_a_secret(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "my course"
    result = run("init", folder, "--units", shipped_units()[0], "--name", "crm-2027", "--year", "2027")
    assert result.exit_code == 0, result.output
    unit = shipped_units()[0]
    made = {str(path.relative_to(folder)).replace(os.sep, "/") for path in folder.rglob("*") if path.is_file()}
    assert {"nbgrader_config.py", "course-secret.txt", ".gitignore", f"text/{unit}.md", f"marking/{unit}.py",
            f"source/{unit}/{unit}.ipynb"} <= made
    assert not [name for name in made if "reference" in name or "rehearse" in name or "__pycache__" in name]
    assert len(read_secret(folder)) >= 32
    assert year_of(folder) == "2027"
    assert 'course_id = "crm-2027"' in (folder / "nbgrader_config.py").read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE((folder / "course-secret.txt").stat().st_mode) == 0o600
    assert "course-secret.txt" in (folder / ".gitignore").read_text(encoding="utf-8")


def test_a_new_course_replaces_nothing(tmp_path: Path, run: Run) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    for arguments, says in (
        (["init", tmp_path / "full"], "is not empty"),
        (["init", tmp_path / "full" / "thesis.txt"], "is a file"),
        (["init", tmp_path / "new", "--units", "u99"], "There is no unit 'u99'"),
        (["init", tmp_path / "new", "--name", 'x"; import os'], "is no name for a course"),
        (["init", tmp_path / "new", "--year", '"'], "is no name for a course or year"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert says in result.output.replace("\n", " ")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "thesis.txt"], "nothing is left behind"


def test_an_empty_folder_will_do_and_every_course_has_its_own_secret(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    one, two = make_course(tmp_path / "empty"), make_course(tmp_path / "other")
    assert read_secret(one) != read_secret(two)
    with pytest.raises(InputError, match="is not empty"):
        make_course(one)


def test_cases_for_a_roster(course: Path, run: Run) -> None:
    from crmsim.course import make_secret

    make_secret(course)
    result = run("case", "t01", "--course", course, "--roster", roster(course, "anna,Anna,Li", "ben,Ben,Wang"))
    assert result.exit_code == 0, result.output
    assert "2 case files" in result.output
    listed = list(csv.reader((course / "cases" / "t01.csv").open(encoding="utf-8-sig")))
    assert listed == [["id", "file"], ["anna", file_name("t01", "anna")], ["ben", file_name("t01", "ben")]]
    cases = [read_case(course / "cases" / "t01" / name) for _, name in listed[1:]]
    assert not cases[0].transactions.equals(cases[1].transactions)
    assert not [name for _, name in listed[1:] if "anna" in name or "ben" in name]
    assert _students(course) == {"anna": ("Anna", "Li"), "ben": ("Ben", "Wang")}


def _students(course: Path) -> dict[str, tuple[str, str]]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "crm") as gradebook:
        return {student.id: (student.first_name, student.last_name) for student in gradebook.students}


MISTAKES = [
    (["case", "t01", "--roster", "none.csv"], "none.csv cannot be read"),
    (["case", "t02", "--roster", "roster.csv"], "This course has no unit 't02'. Did you mean 't01'?"),
    (["lint", "t02"], "This course has no unit 't02'"),
    (["release", "u"], "This course has no unit 'u'"),
    (["report", "t01"], "t01 is not in the gradebook; release it"),
    (["export", "t01"], "t01 is not in the gradebook; release it"),
    (["export", "t01", "--format", "moddle"], "moddle"),
    (["lint", "t01", "--ids", "many"], "unable to parse string as an integer"),
    (["grad", "t01"], "grad"),
]


@pytest.mark.parametrize(("arguments", "says"), MISTAKES, ids=[" ".join(row[0][:4]) for row in MISTAKES])
def test_a_mistake_is_one_message_and_exit_code_2(
    course: Path, run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str,
) -> None:
    monkeypatch.chdir(course)
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in re.sub(r"[\s│]+", " ", result.output)


def test_other_folders_and_broken_files(course: Path, tmp_path: Path, run: Run) -> None:
    result = run("lint", "--course", tmp_path)
    assert (result.exit_code, "is no course folder" in result.output) == (2, True)
    (course / "marking" / "t01.py").write_text("SCHEME = 1 / 0", encoding="utf-8")
    result = run("lint", "t01", "--course", course)
    assert result.exit_code == 2
    assert "The marking scheme is at fault: t01.py cannot be loaded: ZeroDivisionError" in result.output
    (course / "nbgrader_config.py").write_text("c = ", encoding="utf-8")
    result = run("report", "t01", "--course", course)
    assert (result.exit_code, "cannot be loaded: SyntaxError" in result.output) == (2, True)


def test_nothing_with_findings_is_released(course: Path, run: Run) -> None:
    text = course / "text" / "t01.md"
    text.write_text(text.read_text(encoding="utf-8").replace("`lost_share`", "`share`"), encoding="utf-8")
    result = run("release", "t01", "--course", course)
    assert result.exit_code == 1
    assert "[name-prompt]" in result.output
    assert "Nothing was released" in result.output
    assert not (course / "release").exists()


@pytest.mark.skipif(os.name != "posix", reason="nbgrader has no exchange on Windows")
def test_release_and_release_again(course: Path, run: Run) -> None:
    result = run("release", "t01", "--course", course, "--no-lint")
    assert result.exit_code == 0, result.output
    assert [path.name for path in (course / "release" / "t01").iterdir()] == ["t01.ipynb"]
    there = course / "exchange" / "crm" / "outbound" / "t01" / "t01.ipynb"
    assert there.is_file()
    result = run("release", "t01", "--course", course, "--no-lint")
    assert (result.exit_code, "replace it with --again" in result.output) == (2, True)
    there.write_text("old", encoding="utf-8")
    assert run("release", "t01", "--course", course, "--no-lint", "--again").exit_code == 0
    assert "### BEGIN SOLUTION" not in there.read_text(encoding="utf-8")
    assert "write your answer" in there.read_text(encoding="utf-8")
    result = run("report", "t01", "--course", course)
    assert (result.exit_code, "No work on t01 has been graded yet" in result.output) == (2, True)


def test_report_and_exports_of_graded_work(rehearsed: Any, run: Run, tmp_path: Path) -> None:
    result = run("report", "t01", "--course", rehearsed.folder, "--out", tmp_path / "report")
    assert result.exit_code == 0, result.output
    assert "Typical mistakes" in result.output
    assert (tmp_path / "report" / "report.html").is_file()
    for kind in ("canvas", "moodle", "csv"):
        result = run("export", "t01", "--course", rehearsed.folder, "--format", kind, "--out", tmp_path / f"{kind}.csv")
        assert result.exit_code == 0, result.output
        assert "mistaken" in (tmp_path / f"{kind}.csv").read_text(encoding="utf-8")


def test_the_linter_prints_what_it_tried(course: Path, run: Run) -> None:
    result = run("lint", "--course", course, "--ids", 2, "--no-run")
    assert (result.exit_code, result.output.strip()) == (0, "t01: nothing found (2 cases).")
