"""Rules about everybody's case: many invented students get a case that is fair, can be marked, and is their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from crmsim.course.encoding import encode
from crmsim.course.judging import judge
from crmsim.course.linting.finding import Finding
from crmsim.course.linting.subject import Subject
from crmsim.course.marking import MarkingError, Question
from crmsim.course.recipes import Recipe, make_case, recipe_of
from crmsim.errors import InputError

Bar = Callable[[Iterable[str]], Iterable[str]]
OWN_SHARE = 0.5
N_MARKED = 10
"""So many of the invented students are marked; a truth that needs the simulator would take minutes for all."""


def everybody(subject: Subject, *, n_ids: int, bar: Bar = iter) -> Iterator[Finding]:
    """`fair`, `marking`: a fair case for every invented id; on the first ones every question can be marked."""
    recipe = _recipe(subject)
    if recipe is None or subject.scheme is None:
        return
    troubles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, student in enumerate(bar(invented(n_ids))):
        questions = subject.scheme.questions if number < N_MARKED else ()
        for code, question, message in _troubles(questions, recipe, subject.unit, student):
            troubles[code, question].append(f"{student}: {message}")
    for (code, question), found in troubles.items():
        advice, n_tried = ("Ask less of a case in the recipe.", n_ids) if code == "fair" else (
            "Correct the marking scheme.", min(n_ids, N_MARKED))
        yield Finding(code, question, f"{len(found)} of {n_tried} invented students: {found[0]}", advice)


def invented(n_ids: int) -> list[str]:
    """Ids of invented students, the same every time.

    >>> invented(2)
    ['lint-000', 'lint-001']
    """
    return [f"lint-{number:03d}" for number in range(n_ids)]


def _troubles(
    questions: Sequence[Question], recipe: Recipe, unit: str, student: str,
) -> Iterator[tuple[str, str, str]]:
    try:
        case = make_case(recipe, unit, student)
    except InputError as error:
        yield "fair", unit, str(error)
        return
    for question in questions:
        try:
            judge(question, encode(None), case)
        except MarkingError as error:
            yield "marking", question.id, str(error)


def _recipe(subject: Subject) -> Recipe | None:
    if subject.scheme is None:
        return None
    if subject.scheme.recipe is not None:
        return subject.scheme.recipe
    try:
        return recipe_of(subject.unit)
    except InputError:
        return None


def own_data(subject: Subject) -> Iterator[Finding]:
    """`own-data`: where a notebook has individual cases, a neighbour's values earn at most half of the points."""
    recipe = _recipe(subject)
    declared = any(".case(" in cell.source for cell in subject.cells if cell.cell_type == "code")
    if subject.scheme is None or not declared:
        return
    if recipe is None:
        advice = f"Give the scheme a recipe, or add crmsim.course.recipes.{subject.unit}."
        yield Finding("own-data", subject.unit, "The notebook asks for a case, but there is no recipe.", advice)
        return
    mine, theirs = (make_case(recipe, subject.unit, student) for student in invented(2))
    earned = {question.id: _earned(question, mine, theirs) for question in subject.scheme.questions}
    total = sum(question.points for question in subject.scheme.questions)
    if sum(earned.values()) > OWN_SHARE * total:
        same = ", ".join(name for name, points in earned.items() if points)
        message = f"A neighbour's values earn {sum(earned.values()):g} of {total:g} points ({same})."
        yield Finding("own-data", subject.unit, message, "Let more questions depend on the student's own customers.")


def _earned(question: Question, mine: Any, theirs: Any) -> float:
    """What a neighbour's right answer earns on one's own case; a function is tried on one's own inputs."""
    if question.inputs is not None:
        return 0.0
    return judge(question, encode(question.truth(theirs)), mine).points
