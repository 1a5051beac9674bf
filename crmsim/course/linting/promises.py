"""Rules about what a prompt promises: its points, and the name under which the answer is asked for and handed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crmsim.course.linting.finding import Finding
from crmsim.course.linting.subject import Subject, calls, is_essay, marks

POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:points?\b|分)")
IN_BRACKETS = re.compile(rf"[(（]{POINTS.pattern}")


def points_in_text(subject: Subject) -> Iterator[Finding]:
    """`points-text`: the prompt names the points that the question is worth, best in brackets behind its title."""
    graded = dict(subject.tests()) | {name: cell for name, cell in subject.named.items() if is_essay(cell)}
    for question, cell in graded.items():
        prompt, worth = _prompt(subject, question, cell), marks(cell).get("points")
        promised = {float(number) for number in IN_BRACKETS.findall(prompt) or POINTS.findall(prompt)}
        if isinstance(worth, (int, float)) and promised != {float(worth)}:
            said = " and ".join(f"{number:g}" for number in sorted(promised)) or "no"
            message = f"The prompt names {said} points, but the question is worth {worth:g}."
            yield Finding("points-text", question, message, "Make both the same.")


def _prompt(subject: Subject, question: str, cell: Any) -> str:
    """The prompt of a question: its own cell, or for a hand-graded one the text before or in it."""
    own = subject.named.get(f"{question}_task")
    if own is not None:
        return str(own.source)
    cells = subject.cells
    place = next((number for number, other in enumerate(cells) if other is cell), 0)
    before = cells[place - 1] if place else None
    text = before.source if before is not None and before.cell_type == "markdown" else ""
    return f"{text}\n{cell.source if cell.cell_type == 'markdown' else ''}"


def points_in_scheme(subject: Subject) -> Iterator[Finding]:
    """`points-scheme`, `scheme`: notebook and marking scheme have the same questions with the same points."""
    scheme = subject.scheme
    known = {question.id: question.points for question in scheme.questions} if scheme else {}
    handed = {question: marks(cell).get("points") for question, cell in subject.tests() if "hand_in(" in cell.source}
    for question, worth in handed.items():
        if question not in known:
            advice = f"Add it to marking/{subject.unit}.py."
            yield Finding("scheme", question, "The marking scheme does not have this question.", advice)
        elif worth != known[question]:
            message = f"It is worth {worth} points in the notebook and {known[question]:g} in the marking scheme."
            yield Finding("points-scheme", question, message, "Make both the same.")
    for question in known.keys() - dict(subject.tests()).keys():
        advice = f"Take it out of marking/{subject.unit}.py, or add its cells."
        yield Finding("scheme", question, "Only the marking scheme has this question.", advice)


def names(subject: Subject) -> Iterator[Finding]:
    """`hand-in`, `name-check`, `name-prompt`, `name-answer`: one name is asked for, scaffolded, checked, handed in."""
    for question, test in subject.tests():
        handed = calls(test.source, "hand_in")
        if not handed or len(handed[0]) < 2:
            continue
        asked, name = handed[0][:2]
        if asked != question:
            message = f"The test hands in an answer to {asked}."
            yield Finding("hand-in", question, message, f'Write crm.course.hand_in("{question}", "{name}").')
        yield from _one_name(subject, question, name)


def _one_name(subject: Subject, question: str, name: str) -> Iterator[Finding]:
    cells = subject.named
    check, prompt, answer = (cells.get(f"{question}{part}") for part in ("_check", "_task", ""))
    checked = [arguments[0] for arguments in calls(check.source, "check") if arguments] if check is not None else [name]
    if name not in checked:
        what = f"The check looks at {', '.join(checked)}" if checked else "The check looks at nothing"
        yield Finding("name-check", question, f"{what}, but {name} is handed in.", f'Check "{name}".')
    if prompt is not None and not re.search(rf"`[^`]*\b{re.escape(name)}\b[^`]*`", prompt.source):
        message = f"The prompt does not name `{name}`, which is handed in."
        yield Finding("name-prompt", question, message, f"Ask for `{name}` in the prompt.")
    if answer is not None and not re.search(rf"\b{re.escape(name)}\b", answer.source):
        message = f"The answer cell never mentions {name}, which is handed in."
        yield Finding("name-answer", question, message, f"Start its scaffold with {name} = ...")


RULES = (points_in_text, points_in_scheme, names)

