"""A call played to its end by a person at the keyboard, in a real JupyterLab."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest

SECONDS = 120_000
CALL = "import crmsim as crm\ncrm.widgets.role_play(language='en')"
MOST_LINES = 40


@pytest.fixture(scope="module")
def notebook(campus: Any) -> str:
    """A notebook with one cell that makes the role play."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CALL)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, campus.root / "home" / "call.ipynb")
    return "call.ipynb"


def run_first_cell(page: Any) -> None:
    """Run it as a person does: once more when the kernel was not there yet, for then a cell is not run at all."""
    cell = page.locator(".jp-NotebookPanel:visible .jp-Cell").first
    for _ in range(20):
        cell.locator(".cm-content").click(timeout=SECONDS)
        page.keyboard.press("Shift+Enter")
        for _ in range(30):
            if any(mark in cell.locator(".jp-InputPrompt").inner_text() for mark in "*123456789"):
                return
            page.wait_for_timeout(100)
    raise AssertionError("the cell does not run")


def test_a_call_is_played_to_its_end_with_the_keyboard_alone(page: Any, campus: Any, notebook: str) -> None:
    page.goto("/".join((campus.url, "lab", "workspaces", "call", "tree", "home", notebook)))
    run_first_cell(page)
    output = page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output").first
    lines = output.locator("select")
    lines.wait_for(timeout=SECONDS)
    seen = output.inner_text()
    assert "purpose 目的" in seen
    assert "trust 信任" in seen
    lines.focus()
    for _ in range(2):  # from the list past the field for one's own words to the first button
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Say the line 说这句"
    debrief = output.get_by_text("Written down as")
    said = 0
    while debrief.count() == 0 and said < MOST_LINES:
        before = output.locator("[role=log] tr").count()
        page.keyboard.press("Enter")
        said += 1
        page.wait_for_function(
            "([output, before]) => output.querySelectorAll('[role=log] tr').length > before",
            arg=[output.element_handle(), before], timeout=SECONDS,
        )  # fmt: skip
        page.wait_for_timeout(100)  # the debrief comes with the next message
    text = output.inner_text()
    assert debrief.count() == 1, f"the call has not ended after {said} lines"
    assert "of 100; satisfaction 满意度" in text
    mine = output.locator("[role=log] tr", has_text="you 您").first.locator("td").inner_text()
    assert text.count(mine) >= 2, "the debrief quotes the lines that were said"
    assert page.outside == []
