"""Students to talk to, and why: nothing handed in, an odd submission, few points, stopped early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crmsim.course.grades import Grades, Sheet
from crmsim.course.linting.leaks import released
from crmsim.course.linting.subject import grade_id, is_answer, read_subject

FEW_SHARE = 0.4
STOPPED_SHARE = 0.25
"""Who left at least this share of the answers untouched, to the end, stopped early."""


@dataclass(frozen=True)
class Reason:
    """Why a student should be talked to."""

    student: str
    kind: str
    text: str


def blank_answers(course: Path, unit: str) -> dict[str, str]:
    """The answer cells as students got them, in the order of the notebook."""
    subject, _ = read_subject(course, unit)
    shown = [released(notebook, course=course) for notebook in subject.notebooks.values()]
    return {grade_id(cell): str(cell.source) for notebook in shown for cell in notebook.cells if is_answer(cell)}


def reasons(grades: Grades, blank: Mapping[str, str], odd: Mapping[str, str]) -> list[Reason]:
    """Everybody to talk to, by student.

    Parameters
    ----------
    grades : Grades
    blank : mapping of str to str
        The answer cells as released.
    odd : mapping of str to str
        By student: what was odd about the submission.
    """
    found = [Reason(student, "odd", text) for student, text in odd.items()]
    found += [
        Reason(str(student), "missing", "handed in nothing")
        for student, submitted in grades.students["submitted"].items() if not submitted and student not in odd
    ]
    found += [
        Reason(str(student), "few", f"{total:g} of {grades.max_points:g} points")
        for student, total in grades.totals.items() if total < FEW_SHARE * _reachable(grades, str(student))
    ]
    for student, sheet in grades.sheets.items():
        text = _stopped(sheet, blank)
        found += [Reason(student, "stopped", text)] if text else []
    return sorted(found, key=lambda reason: (reason.student, reason.kind))


def _reachable(grades: Grades, student: str) -> float:
    """Full marks of what has been graded already."""
    waits = grades.points.loc[[student]].isna().to_numpy()[0]
    return float(grades.questions["max_points"].to_numpy()[~waits].sum())


def _stopped(sheet: Sheet, blank: Mapping[str, str]) -> str:
    """At which question somebody stopped, in words; nothing for who answered the last ones."""
    names = list(blank)
    touched = [name for name in names if sheet.answers.get(name, blank[name]).strip() != blank[name].strip()]
    if not touched:
        return "answered nothing"
    rest = names[names.index(touched[-1]) + 1:]
    return f"stopped after {touched[-1]}" if rest and len(rest) >= STOPPED_SHARE * len(names) else ""
