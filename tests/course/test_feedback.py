"""Feedback pages: what was expected, found and mistaken; nothing hidden, nothing that runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmsim.course.feedback.cards import Card, cards_of, title_of
from crmsim.course.feedback.sanitizing import sanitized
from crmsim.course.folders import at_work, nbgrader_in
from crmsim.course.judging import VERDICT_MIME, Verdict

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
HOSTILE = "<script>alert(1)</script><b onclick='alert(2)'>bold</b><style>p{}</style><svg onload=alert(3)></svg>"


def page(rehearsed: Any, student: str) -> str:
    path = rehearsed.folder / "feedback" / student / "t01" / "t01.html"
    text: str = path.read_text(encoding="utf-8")
    return text


def words(markup: str) -> str:
    """What a reader sees of a page's body."""
    body = re.sub(r"<style.*?</style>", " ", markup[markup.index("<body>"):], flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_a_mistake_is_named_explained_and_compared_with_what_was_asked(rehearsed: Any) -> None:
    seen = words(page(rehearsed, "mistaken"))
    assert "5.2 of 11 points" in seen
    assert "Partly right — a typical mistake 1 of 2 Right, but in per cent, not as a share." in seen
    assert re.search(r"Expected a share from 0 to 1 Found the number \d+", seen)
    assert "1. Lost customers Partly right (a typical mistake) 1 of 2" in seen
    assert "Not right yet 0 of 2 The members are right, their order is not." in seen


def judged(verdict: Verdict) -> Card:
    """The card of a question with this verdict."""
    data = {VERDICT_MIME: verdict.as_data()}
    test = nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("display_data", data=data)])
    test.metadata["nbgrader"] = {
        "grade": True, "solution": False, "grade_id": "q1_test", "points": verdict.max_points, "score": verdict.points}
    return cards_of(nbformat.v4.new_notebook(cells=[test]))["q1"]


def test_what_is_no_answer_is_said_once() -> None:
    lacking = "Nothing called flow exists when the notebook runs from top to bottom."
    card = judged(Verdict("q1", 0, 3, f"Expected: a dict. {lacking}", expected="a dict", found=lacking))
    assert (card.note, card.expected, card.found) == (lacking, "a dict", "")


def test_the_markings_own_name_of_a_mistake_is_not_shown() -> None:
    """The page knows that there is one, and has no place for its name."""
    card = judged(Verdict("q1", 1, 3, "Look again at: b.\nb: you forgot the discount.", "forgot_discount"))
    assert card.is_typical
    assert "forgot the discount" in card.note
    assert "forgot_discount" not in repr(card)


def test_nothing_is_said_twice_and_the_right_say_little(rehearsed: Any) -> None:
    assert words(page(rehearsed, "mistaken")).count("Expected three customer ids") == 1
    right = words(page(rehearsed, "right"))
    assert right.count("✔ Right") >= 4
    assert "Expected" not in right


@pytest.mark.parametrize("student", ["right", "mistaken", "blank", "forger", "mutator", "noisy"])
def test_nothing_hidden_is_shown(rehearsed: Any, student: str) -> None:
    text = page(rehearsed, student)
    scheme = (rehearsed.folder / "marking" / "t01.py").read_text(encoding="utf-8")
    assert "take_inputs" not in text
    assert "hand_in(" not in re.sub(r"<span[^>]*>|</span>", "", text).replace("crm.course.hand_in = ", "")
    assert "vnd.crmsim.answer" not in text
    assert not re.search(r"<script|<iframe|\son\w+=", text)
    assert "default-src 'none'" in text
    for line in scheme.splitlines():
        assert len(line.strip()) < 25 or line.strip() not in words(text)
    others = {path.parent.parent.name for path in rehearsed.folder.glob("autograded/*/t01/t01.ipynb")} - {student}
    assert not [other for other in others - {"right", "raw", "blank", "everything"} if other in words(text)]


@pytest.fixture(scope="module")
def blank(klass: Any, mini_course: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a student whose essay nbgrader gave 0 points, because nobody had touched the cell."""
    from nbgrader.api import Gradebook

    course = klass.with_essay(mini_course, tmp_path_factory.mktemp("blank") / "course")
    klass.classroom(course, {"ben": klass.Pupil(hand=0.0)})
    with at_work(course):
        api = nbgrader_in(course)
        with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
            grade = gradebook.find_grade("t01_ex5", "t01", "t01", "ben")
            grade.manual_score, grade.auto_score = None, 0.0
            gradebook.find_comment("t01_ex5", "t01", "t01", "ben").auto_comment = "No response."
            gradebook.db.commit()
        done = api.generate_feedback("t01", "ben")
        assert done["success"], done
    return (course / "feedback" / "ben" / "t01" / "t01.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def spoken(klass: Any, mini_course: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a student with hostile outputs, changed points, a comment, and an essay that waits."""
    from nbgrader.api import Gradebook

    course = klass.with_essay(mini_course, tmp_path_factory.mktemp("feedback") / "course")
    pupil = klass.Pupil(earned={"t01_ex1": 1.0}, hand=None, answers={"t01_ex5": f"Call *them*. 打电话 {HOSTILE}"})
    klass.classroom(course, {"anna": pupil})
    path = course / "autograded" / "anna" / "t01" / "t01.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answer = next(cell for cell in notebook.cells if cell.id == "t01_ex1")
    answer.outputs = [
        nbformat.v4.new_output("display_data", data={"text/html": HOSTILE, "text/plain": "x"}),
        nbformat.v4.new_output("display_data", data={"application/javascript": "alert(4)", "text/plain": "y"}),
        nbformat.v4.new_output("display_data", data={"image/svg+xml": "<svg onload='alert(5)'/>", "text/plain": "z"}),
        nbformat.v4.new_output("error", ename="KeyError", evalue=HOSTILE, traceback=[f"KeyError: {HOSTILE}"]),
    ]
    nbformat.write(notebook, path)
    with at_work(course):
        api = nbgrader_in(course)
        with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
            gradebook.find_grade("t01_ex2_test", "t01", "t01", "anna").manual_score = 2.5
            gradebook.find_comment("t01_ex2", "t01", "t01", "anna").manual_comment = f"**Good** idea {HOSTILE}"
            gradebook.db.commit()
        done = api.generate_feedback("t01", "anna")
        assert done["success"], done
    return (course / "feedback" / "anna" / "t01" / "t01.html").read_text(encoding="utf-8")


def test_what_waits_for_a_person_is_not_zero(spoken: str) -> None:
    assert "Waits for your teacher – of 3" in words(spoken)
    assert "4.5 of 11 points so far; 3 points wait for your teacher" in words(spoken)


def test_an_essay_that_nobody_touched_is_not_called_wrong(blank: str) -> None:
    """nbgrader gives it 0 points and says "No response.", as if somebody had judged it."""
    seen = words(blank)
    assert "Nothing was written 0 of 3 This question is marked by hand. The cell is as it was released" in seen
    assert "No response" not in seen[seen.index("Nothing was written 0 of 3 This"):]
    assert seen.count("Nothing was written") == 2  # in the summary and in place


@pytest.mark.parametrize(("points", "icon"), [(3.0, "✔"), (1.5, "◐"), (0.0, "✘")])
def test_what_a_teacher_marked_is_said_to_be_marked(points: float, icon: str) -> None:
    cell = nbformat.v4.new_markdown_cell("My own words.")
    cell.metadata["nbgrader"] = {
        "grade": True, "solution": True, "grade_id": "q1", "points": 3, "score": points, "comment": "No response."}
    card = cards_of(nbformat.v4.new_notebook(cells=[cell]))["q1"]
    assert (card.label, card.icon, card.comment) == ("Marked by your teacher", icon, "No response.")


def test_changed_points_and_comments_are_shown(spoken: str) -> None:
    assert "2.5 of 3" in words(spoken)
    assert "Your teacher changed the points; the check gave 0." in words(spoken)
    assert re.search(r"Comment\s*</b>\s*<p><strong>Good</strong> idea", spoken)
    assert "打电话" in spoken


def test_nothing_a_student_wrote_runs(spoken: str) -> None:
    assert not re.search(r"<script|<iframe|<svg|<object|<[^>]*\son\w+\s*=", spoken)
    assert "alert(4)" not in spoken


def test_sanitizing_keeps_tables_and_pictures() -> None:
    table = '<table class="dataframe"><thead><tr><th>金额</th></tr></thead></table>'
    assert sanitized(f"<style>td{{}}</style>{table}") == table
    assert sanitized('<img src="data:image/png;base64,AAAA" onerror="x()">') == '<img src="data:image/png;base64,AAAA">'
    assert "javascript" not in sanitized('<a href="javascript:alert(1)">x</a>')


def test_a_cell_without_a_verdict_still_shows_its_points() -> None:
    """Tests of the old kind, with asserts in the notebook."""
    cell = nbformat.v4.new_code_cell("assert True")
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "grade_id": "q1_test", "points": 2, "score": 2.0}
    notebook = nbformat.v4.new_notebook(cells=[cell])
    card = cards_of(notebook)["q1"]
    assert (card.status, card.shown_points, card.has_verdict, card.title) == ("right", "2 of 2", False, "q1")
    assert VERDICT_MIME not in str(cell)


@pytest.mark.parametrize(("prompt", "title"), [
    ("**1. Lost (2 points).** Which `share`?", "1. Lost"),
    ("## Question 6 · RFM analysis\n\nA **big** one.\n\n### 6a · Measure (3 points)\n\ntext", "6a · Measure"),
    ("## 问题 7 · 客户流失（4分）", "问题 7 · 客户流失"),
    ("### Question 9 · Yours (5 points, marked by your teacher)", "Question 9 · Yours"),
    ("no title", "q1"),
])
def test_a_question_is_called_as_in_its_prompt(prompt: str, title: str) -> None:
    cell = nbformat.v4.new_markdown_cell(prompt, metadata={"nbgrader": {"grade_id": "q1_task"}})
    assert title_of("q1", nbformat.v4.new_notebook(cells=[cell])) == title
