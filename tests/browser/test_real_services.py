"""A browser in a real JupyterLab with nbgrader: the instructor grades by hand, the student validates and reads."""

from __future__ import annotations

import time
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
SECONDS = 60_000


def gradebook(campus: Any) -> tuple[float | None, bool, str | None]:
    """Points, whether they are still needed, and comment of the hand-graded question."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{campus.root / 'course' / 'gradebook.db'}", "crm") as book:
        grade = book.find_grade("t01_ex5", "t01", "t01", "anna")
        comment = book.find_comment("t01_ex5", "t01", "t01", "anna")
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_the_instructor_grades_the_open_question_in_formgrader(page: Any, campus: Any) -> None:
    assert gradebook(campus) == (None, True, None)
    page.goto(f"{campus.url}/formgrader/gradebook/t01/t01")
    page.locator("a[href*='/formgrader/submissions/']").first.click()
    page.locator("input.score#t01_ex1_test[placeholder='1']").wait_for(timeout=SECONDS)  # the points are loaded
    score = page.locator("input.score#t01_ex5")
    assert "This looks like: per cent." in page.inner_text("body")
    score.fill("2.5")
    score.press("Tab")
    comment = page.locator("textarea#t01_ex5-comment")
    comment.fill("A clear step; **why** these ten? 很好")
    comment.press("Tab")
    expected = (2.5, False, "A clear step; **why** these ten? 很好")
    until = time.monotonic() + 20
    while gradebook(campus) != expected and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert gradebook(campus) == expected


def validated(page: Any, campus: Any, name: str) -> str:
    """What the dialog says after *Validate* was pressed."""
    page.goto("/".join((campus.url, "lab", "workspaces", name.partition(".")[0], "tree", "home", name)))
    button = page.locator(".jp-NotebookPanel:visible .jp-ToolbarButtonComponent-label", has_text="Validate")
    button.click(timeout=SECONDS)
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.wait_for(timeout=SECONDS)
    text: str = dialog.inner_text()
    return text


def test_a_student_validates_a_notebook_without_answers(page: Any, campus: Any) -> None:
    said = validated(page, campus, "blank.ipynb")
    assert "t01_ex1: not ready. It still holds the three dots (...)." in said
    assert said.count("not ready") == 4
    assert "Traceback" not in said


def test_a_student_validates_right_answers(page: Any, campus: Any) -> None:
    assert "Success" in validated(page, campus, "right.ipynb")


def test_a_student_reads_the_feedback(page: Any, campus: Any) -> None:
    """After the instructor has graded; the page asks for nothing from the network."""
    from crmsim.course.folders import at_work, nbgrader_in

    course = campus.root / "course"
    with at_work(course):
        done = nbgrader_in(course).generate_feedback("t01", "anna")
    assert done["success"], done
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto((course / "feedback" / "anna" / "t01" / "t01.html").as_uri())
    seen = page.inner_text("body")
    assert "3.5 of 14 points" in seen
    assert "Partly right — a typical mistake" in seen
    assert "why these ten? 很好" in seen
    page.get_by_role("link", name="5. What to do").click()
    assert page.url.endswith("#t01_ex5")
    assert page.locator("section.card").count() == 5
    assert (troubles, page.outside) == ([], [])
