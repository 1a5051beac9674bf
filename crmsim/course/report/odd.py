"""Odd submissions: what grading noted in its table of results, and what was handed in but never graded."""

from __future__ import annotations

from pathlib import Path

from crmsim.course.batch.parcels import GRADED
from crmsim.course.batch.results import Results


def odd_submissions(course: Path, unit: str) -> dict[str, str]:
    """By student: what was odd about the submission, in words."""
    waiting = (path.parent.name for path in (course / "submitted").glob(f"*/{unit}"))
    found = {student: "handed in, but not graded yet" for student in waiting if not _is_graded(course, student, unit)}
    for student, row in Results(course, unit).rows.items():
        if row.status != GRADED or row.reason:
            found[student] = ": ".join(filter(None, [row.status if row.status != GRADED else "", row.reason]))
    return dict(sorted(found.items()))


def _is_graded(course: Path, student: str, unit: str) -> bool:
    return any((course / "autograded" / student / unit).glob("*.ipynb"))
