"""Rules about single cells: names, locks, points, solution marks, outputs, and the four cells of a question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from crmsim.course.linting.finding import Finding
from crmsim.course.linting.subject import PARTS, Subject, grade_id, is_answer, is_essay, marks

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


def ids(subject: Subject) -> Iterator[Finding]:
    """`id-twice`, `id-form`: every name occurs once, and says which unit it is of."""
    names = [grade_id(cell) for cell in subject.cells if grade_id(cell)]
    for name, count in Counter(names).items():
        if count > 1:
            yield Finding("id-twice", name, f"{count} cells have this id.", "Give each cell an id of its own.")
        if not re.fullmatch(rf"{re.escape(subject.unit)}_[A-Za-z0-9_]+", name):
            advice = f"Write {subject.unit}_ and then letters, digits or underscores."
            yield Finding("id-form", name, "The id is not well formed.", advice)


def locks(subject: Subject) -> Iterator[Finding]:
    """`lock`: students can edit their answers and nothing else."""
    for name, cell in subject.named.items():
        if is_answer(cell) and marks(cell).get("locked"):
            yield Finding("lock", name, "The answer is locked, so nobody can write it.", "Set locked to false.")
        if not is_answer(cell) and not marks(cell).get("locked"):
            message = "The cell is not locked, so a student's change would be marked."
            yield Finding("lock", name, message, "Set locked to true.")


def points(subject: Subject) -> Iterator[Finding]:
    """`marks`: what is graded has points, and nothing else has."""
    for name, cell in subject.named.items():
        given, graded = marks(cell).get("points"), bool(marks(cell).get("grade") or marks(cell).get("task"))
        sound = isinstance(given, (int, float)) and not isinstance(given, bool) and given > 0
        if graded and not sound:
            message = f"The cell is graded, but its points are {given!r}."
            yield Finding("marks", name, message, "Give it points above 0.")
        if not graded and given:
            message = f"The cell has {given} points, but is not graded."
            yield Finding("marks", name, message, "Give the points to the test cell alone.")


def solution_marks(subject: Subject) -> Iterator[Finding]:
    """`solution-marks`: every answer in code says where its solution begins and ends, and no other cell does."""
    for number, cell in enumerate(subject.cells, start=1):
        name = grade_id(cell) or f"cell {number}"
        order = re.findall(f"{BEGIN}|{END}", cell.source)
        if order != [BEGIN, END] * (len(order) // 2):
            message = f"{BEGIN} and {END} do not come in pairs."
            yield Finding("solution-marks", name, message, f"Write ### {BEGIN} before and ### {END} after a solution.")
        elif order and not is_answer(cell):
            advice = "Move it into the answer cell."
            yield Finding("solution-marks", name, "There is a solution in a cell that is no answer.", advice)
        elif not order and is_answer(cell) and not is_essay(cell):
            message = "The solution has no marks, so nbgrader would wipe the whole cell, scaffold and all."
            yield Finding("solution-marks", name, message, f"Write ### {BEGIN} and ### {END} around the solution.")


def outputs(subject: Subject) -> Iterator[Finding]:
    """`outputs`: a master has no outputs, for they could show solutions."""
    for number, cell in enumerate(subject.cells, start=1):
        if cell.cell_type == "code" and cell.outputs:
            name = grade_id(cell) or f"cell {number}"
            yield Finding("outputs", name, "The cell has outputs.", "Clear all outputs of the master.")


def parts(subject: Subject) -> Iterator[Finding]:
    """`parts`: every question has prompt, answer, check and test, in this order."""
    order = list(subject.named)
    tested = set()
    for question, _ in subject.tests():
        tested.add(question)
        wanted = [f"{question}{part}" for part in PARTS]
        found = [name for name in order if name in wanted]
        missing = [name for name in wanted if name not in found]
        if missing:
            yield Finding("parts", question, f"{' and '.join(missing)} is missing.", "Every question has four cells.")
        elif found != wanted:
            message = f"Its cells stand in the order {', '.join(found)}."
            yield Finding("parts", question, message, "Order them: prompt, answer, check, test.")
    for name, cell in subject.named.items():
        if is_answer(cell) and not is_essay(cell) and name not in tested:
            yield Finding("parts", name, "Nothing tests this answer.", f"Add the test cell {name}_test.")


RULES = (ids, locks, points, solution_marks, outputs, parts)

