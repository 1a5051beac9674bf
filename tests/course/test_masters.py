"""Masters: text becomes notebooks that nbgrader understands, byte for byte the same every time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

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


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_committed_notebooks_are_in_step_with_their_text(folder: Path) -> None:
    """Run ``python -m crmsim.course.masters`` after editing a text."""
    generated = {target for _, target in masters_in(folder)}
    committed = {path for path in [*folder.glob("*.ipynb"), *folder.glob("source/*/*.ipynb")]
                 if not re.search("checkpoint", str(path))}
    assert committed == generated
    assert out_of_step(folder) == []
