"""Rules about the release: no solution, nothing of the marking scheme, no private file gets into students' hands."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmsim.course.folders import at_work, config_of
from crmsim.course.linting.finding import Finding
from crmsim.course.linting.shape import BEGIN, END
from crmsim.course.linting.subject import Subject, grade_id, is_answer

MIN_LENGTH = 15
"""A line of a solution that is shorter says nothing: ``return x``, ``)``."""
MOST = 0.7
PRIVATE = ("course-secret.txt", "gradebook.db", "case-*.zip", "*.db", "*_test.py")


def released(notebook: Any, *, course: Path) -> Any:
    """A master as nbgrader releases it: solutions, hidden tests, mark schemes and outputs taken out.

    Errors: `RuntimeError` where nbgrader refuses.
    """
    from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearOutput, ClearSolutions

    notebook = copy.deepcopy(notebook)
    with at_work(course):
        config = config_of(course)
        for step in (ClearSolutions, ClearOutput, ClearHiddenTests, ClearMarkScheme):
            notebook, _ = step(config=config).preprocess(notebook, {})
    return notebook


def leaks(subject: Subject) -> Iterator[Finding]:
    """`leak`: a solution that can be read in the release, or a message of the marking scheme.

    A scaffold may show some lines of a solution on purpose; most of them are too many.
    """
    messages = [
        (question.id, mistake.message) for question in (subject.scheme.questions if subject.scheme else ())
        for mistake in question.mistakes if len(mistake.message) >= MIN_LENGTH
    ]
    for notebook in subject.notebooks.values():
        shown = released(notebook, course=subject.course)
        for cell in notebook.cells:
            yield from _leaked_solution(cell, shown) if is_answer(cell) else ()
        for question, text in messages:
            where = _shows(text, shown)
            if where:
                message = f"The release shows {text!r}, which the marking scheme says, in the cell {where}."
                yield Finding("leak", question, message, "Take it out.")


def _leaked_solution(cell: Any, shown: Any) -> Iterator[Finding]:
    lines = solution_lines(cell.source)
    seen = [line for line in lines if _shows(line, shown)]
    if lines and len(seen) >= MOST * len(lines):
        where = f"for instance {seen[0]!r} in the cell {_shows(seen[0], shown)}"
        message = f"{len(seen)} of {len(lines)} lines of the solution can be read in the release, {where}."
        yield Finding("leak", grade_id(cell), message, "Take it out, or write it differently there.")


def _shows(text: str, shown: Any) -> str:
    """The first cell of the release that shows a text, or nothing."""
    return next((str(cell.id) for cell in shown.cells if text in cell.source), "")


def solution_lines(source: str) -> list[str]:
    r"""The telling lines between the solution marks of a cell.

    >>> solution_lines("a = 1\n### BEGIN SOLUTION\nrecency = end - last\n### END SOLUTION")
    ['recency = end - last']
    """
    lines, inside = [], False
    for line in source.splitlines():
        if BEGIN in line or END in line:
            inside = BEGIN in line
        elif inside and len(line.strip()) >= MIN_LENGTH:
            lines.append(line.strip())
    return lines


def private_files(subject: Subject) -> Iterator[Finding]:
    """`leak-file`: what lies beside the masters is copied into the release."""
    folder = subject.course / "source" / subject.unit
    for path in sorted(folder.rglob("*")):
        if any(path.match(pattern) for pattern in PRIVATE) or _is_scheme(path):
            message = f"{path.relative_to(folder)} would be released with the notebook."
            yield Finding("leak-file", subject.unit, message, "Move it out of the source folder.")


def _is_scheme(path: Path) -> bool:
    if path.suffix not in (".py", ".yaml", ".yml", ".md") or not path.is_file():
        return False
    text = path.read_text(encoding="utf-8", errors="replace")
    return any(mark in text for mark in ("SCHEME =", "crmsim.course.marking", BEGIN, "\n  right:"))


RULES = (leaks, private_files)
