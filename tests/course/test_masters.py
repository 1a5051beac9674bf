"""Masters: text becomes notebooks that nbgrader understands, byte for byte the same every time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner

from crmsim.course.commands.masters import app
from crmsim.course.masters import as_json, masters_in, out_of_step, to_notebook, write_all
from crmsim.errors import InputError

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = [REPOSITORY / "assignments", REPOSITORY / "notebooks"]

QUESTION = """\
+++ {"task": "x_ex1"}

**1.** One half (2 points).

```{code-cell}
:answer: x_ex1

half = 0.5
```

```{code-cell}
:check: x_ex1

crm.course.check("half", "number")
```

```{code-cell}
:test: x_ex1
:points: 2

crm.course.hand_in("x_ex1", "half")
```
"""


def notebook(folder: Path, text: str) -> Any:
    path = folder / "x.md"
    path.write_text(text, encoding="utf-8")
    return to_notebook(path)


def test_a_question_is_four_cells_with_complete_metadata(tmp_path: Path) -> None:
    cells = notebook(tmp_path, QUESTION).cells
    common = {"schema_version": 3, "task": False}
    assert [(cell.cell_type, cell.id, cell.metadata) for cell in cells] == [
        ("markdown", "x_ex1_task", {"nbgrader": common | {
            "grade": False, "grade_id": "x_ex1_task", "locked": True, "solution": False}}),
        ("code", "x_ex1", {"nbgrader": common | {
            "grade": False, "grade_id": "x_ex1", "locked": False, "solution": True}}),
        ("code", "x_ex1_check", {"nbgrader": common | {
            "grade": False, "grade_id": "x_ex1_check", "locked": True, "solution": False}}),
        ("code", "x_ex1_test", {"nbgrader": common | {
            "grade": True, "grade_id": "x_ex1_test", "locked": True, "points": 2, "solution": False}}),
    ]
    assert cells[3].source == 'crm.course.hand_in("x_ex1", "half")'
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells[1:])


def test_nbgraders_own_fields_survive(tmp_path: Path) -> None:
    fields = {"grade": True, "grade_id": "own", "locked": False, "points": 4.5, "schema_version": 3,
              "solution": True, "task": False, "cell_type": "code", "checksum": "0f"}
    lines = "".join(f"  {name}: {str(value).lower()}\n" for name, value in fields.items()).replace("0f", '"0f"')
    text = f"# Title\n\n```{{code-cell}} ipython3\n---\nnbgrader:\n{lines}---\n1 + 1\n```\n"
    assert notebook(tmp_path, text).cells[1].metadata["nbgrader"] == fields


def test_the_same_text_gives_the_same_valid_file(tmp_path: Path) -> None:
    text = "# Title\n\n```{code-cell}\n1\n```\n\n```{code-cell}\n1\n```\n\n```{code-cell}\n客户 = 2\n```\n"
    one = notebook(tmp_path, text)
    nbformat.validate(one)
    ids = [cell.id for cell in one.cells]
    assert len(set(ids)) == 4
    assert ids[2] == f"{ids[1]}-2"
    assert as_json(one) == as_json(notebook(tmp_path, text))
    assert "客户" in as_json(one)
    longer = notebook(tmp_path, "New first cell\n\n+++\n\n" + text)
    assert [cell.id for cell in longer.cells[1:]] == ids
    assert set(one.metadata) == {"kernelspec", "language_info"}


SLIPS = [
    ('+++ {"task": "x_ex1"}', '+++ {"task": "x_ex2"}', "x_ex1.*in this order"),
    (":test: x_ex1\n:points: 2\n", ":test: x_ex1\n", "needs points"),
    (":check: x_ex1\n", ":check: x_ex1\n:points: 1\n", "no points of its own"),
    (":check: x_ex1\n", ":check: x_ex1\n:answer: x_ex1\n", "at once"),
    ('hand_in("x_ex1"', 'hand_in("x_ex2"', 'hand_in\\("x_ex1"'),
    ("(2 points)", "(3 points)", "worth 2 points"),
    (":check: x_ex1\n", ":answer: x_ex1\n", "occurs twice"),
]


@pytest.mark.parametrize(("good", "bad", "says"), SLIPS, ids=[says for _, _, says in SLIPS])
def test_an_authors_slip_is_named(tmp_path: Path, good: str, bad: str, says: str) -> None:
    assert good in QUESTION
    with pytest.raises(InputError, match=says) as caught:
        notebook(tmp_path, QUESTION.replace(good, bad))
    assert str(caught.value).startswith("x.md")


def test_where_notebooks_go(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "x.md").write_text(QUESTION, encoding="utf-8")
    assert [target for _, target in masters_in(tmp_path)] == [tmp_path / "x.ipynb"]
    (tmp_path / "nbgrader_config.py").touch()
    target = tmp_path / "source" / "x" / "x.ipynb"
    assert out_of_step(tmp_path) == [target]
    assert write_all(tmp_path) == [target]
    assert out_of_step(tmp_path) == []
    target.write_text(target.read_text(encoding="utf-8").replace("0.5", "0.6"), encoding="utf-8")
    assert out_of_step(tmp_path) == [target]


@pytest.fixture
def two_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of work, with a course that has two texts."""
    (tmp_path / "assignments" / "text").mkdir(parents=True)
    (tmp_path / "assignments" / "nbgrader_config.py").touch()
    for name in ("u01", "u02"):
        (tmp_path / "assignments" / "text" / f"{name}.md").write_text(QUESTION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def test_the_command_writes_the_units_that_are_named_and_else_all(two_texts: Path) -> None:
    source = two_texts / "assignments" / "source"
    assert run("u02").exit_code == 0
    assert [path.name for path in source.glob("*/*.ipynb")] == ["u02.ipynb"]
    assert run().output.splitlines() == [f"assignments/source/{name}/{name}.ipynb" for name in ("u01", "u02")]
    assert out_of_step(two_texts / "assignments") == []


def test_the_command_says_what_is_wrong_and_writes_nothing(two_texts: Path) -> None:
    assert "Did you mean 'u02'?" in run("u02", "u2").output
    assert "say where with --folder" in run("--folder", "elsewhere").output
    (two_texts / "assignments" / "text" / "u01.md").write_text(QUESTION.replace("(2 points)", ""), encoding="utf-8")
    assert run().exit_code == 2
    assert "u01.md, x_ex1: the prompt must say" in run().output
    assert list(two_texts.glob("**/*.ipynb")) == []
    assert run("u02").exit_code == 0


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "crmsim.course.masters", "--help"],
        capture_output=True, text=True, check=True,
    )
    assert "[UNIT]" in done.stdout
    assert "--folder" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_committed_notebooks_are_in_step_with_their_text(folder: Path) -> None:
    """Run ``python -m crmsim.course.masters UNIT`` after editing a text."""
    generated = {target for _, target in masters_in(folder)}
    committed = {path for path in [*folder.glob("*.ipynb"), *folder.glob("source/*/*.ipynb")]
                 if not re.search("checkpoint", str(path))}
    assert committed == generated
    assert out_of_step(folder) == []
