"""Every lesson runs from top to bottom, and so do the answers folded away in it."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from crmsim.course.masters import to_notebook

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
TEXTS = sorted((FOLDER / "text").glob("*.md"))
_ANSWER = re.compile(r"<summary>Answer</summary>\s*```python\n(.*?)```", re.DOTALL)

PATIENCE_S = 30
"""A cell that takes longer hangs; the whole lesson is made to take less."""


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_lesson_and_its_answers_run(text, tmp_path):
    notebook = to_notebook(text)
    answers = _ANSWER.findall(text.read_text(encoding="utf-8"))
    notebook.cells += [nbformat.v4.new_code_cell(answer, id=f"answer-{k}") for k, answer in enumerate(answers)]
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=PATIENCE_S, kernel_name="python3", resources=where).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert list(tmp_path.iterdir()) == []
