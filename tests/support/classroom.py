"""An invented class without a kernel: gradebook and graded notebooks as nbgrader and the preprocessors leave them.

The tiny assignment gets a fifth question, graded by hand. Students answer by a plan: for each question the share of
the points they earn, or the name of a typical mistake.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from crmsim.course.folders import at_work, nbgrader_in
from crmsim.course.grading import _outputs
from crmsim.course.judging import Verdict
from crmsim.course.linting.leaks import released
from crmsim.course.masters import to_notebook

UNIT = "t01"
POINTS = {"t01_ex1": 2.0, "t01_ex2": 3.0, "t01_ex3": 2.0, "t01_ex4": 4.0, "t01_ex5": 3.0}
ESSAY = """
+++ {"task": "t01_ex5"}

**5. What to do (3 points).** What would you tell the shop, and why? Two sentences.

| Points | For |
|---|---|
| 2 | a step that fits the numbers |
| 1 | a reason |

+++ {"essay": "t01_ex5", "points": 3}

The ten customers who spent most and bought nothing for a month get a call, because they are worth most.
"""


@dataclass
class Pupil:
    """What a student did.

    `earned` gives shares of the points, `mistakes` the typical mistake found, `answers` the text of answer cells
    (untouched where there is none), `hand` the points a person gave for the essay (None: not yet).
    """

    earned: Mapping[str, float] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    hand: float | None = 0.0
    names: Mapping[str, str] = field(default_factory=dict)
    submitted: bool = True


def with_essay(mini: Path, folder: Path) -> Path:
    """A course folder whose tiny assignment has a hand-graded question too."""
    kept = shutil.ignore_patterns("release", "submitted", "autograded", "feedback", "gradebook.db", "source", "cases")
    shutil.copytree(mini, folder, ignore=kept)
    text = folder / "text" / f"{UNIT}.md"
    text.write_text(text.read_text(encoding="utf-8") + ESSAY, encoding="utf-8")
    return folder


def classroom(course: Path, pupils: Mapping[str, Pupil]) -> Path:
    """Fill the course's gradebook and its ``autograded`` folder."""
    from nbgrader.api import Gradebook

    master = to_notebook(course / "text" / f"{UNIT}.md")
    blank = released(master, course=course)
    with at_work(course):
        where = nbgrader_in(course).coursedir
        with Gradebook(where.db_url, where.course_id) as gradebook:
            gradebook.add_assignment(UNIT)
            gradebook.add_notebook(UNIT, UNIT)
            for question, points in POINTS.items():
                name = question if question == "t01_ex5" else f"{question}_test"
                kind = "markdown" if question == "t01_ex5" else "code"
                gradebook.add_grade_cell(name, UNIT, UNIT, max_score=points, cell_type=kind)
                gradebook.add_solution_cell(question, UNIT, UNIT)
            for student, pupil in pupils.items():
                gradebook.add_student(student, **pupil.names)
                if pupil.submitted:
                    _submit(gradebook, student, pupil)
                    _write(course / "autograded" / student / UNIT, blank, pupil)
    return course


def _submit(gradebook: Any, student: str, pupil: Pupil) -> None:
    submission = gradebook.add_submission(UNIT, student)
    for grade in submission.notebooks[0].grades:
        question = grade.name.removesuffix("_test")
        if question == "t01_ex5":
            grade.manual_score, grade.needs_manual_grade = pupil.hand, pupil.hand is None
        else:
            grade.auto_score, grade.needs_manual_grade = _earned(question, pupil), False
    gradebook.db.commit()


def _earned(question: str, pupil: Pupil) -> float:
    return round(POINTS[question] * pupil.earned.get(question, 0.0), 2)


def _write(folder: Path, blank: Any, pupil: Pupil) -> None:
    notebook = nbformat.from_dict(blank)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = pupil.answers.get(name, cell.source)
        question = name.removesuffix("_test")
        if name.endswith("_test"):
            cell.outputs = _outputs(verdict(question, pupil), 1)
    folder.mkdir(parents=True)
    nbformat.write(nbformat.from_dict(notebook), folder / f"{UNIT}.ipynb")


def verdict(question: str, pupil: Pupil) -> Verdict:
    """What the question earned, with the mistake of the plan."""
    earned, mistake = _earned(question, pupil), pupil.mistakes.get(question)
    message = f"This looks like: {mistake}." if mistake else "Right." if earned == POINTS[question] else "Not right."
    return Verdict(question, earned, POINTS[question], message, mistake)
