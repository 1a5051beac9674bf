"""Rules about the trial answers in ``reference/``, for those who write assignments."""

from __future__ import annotations

from collections.abc import Iterator

from crmsim.course.linting.finding import Finding
from crmsim.course.linting.subject import Subject
from crmsim.course.reference import load_reference
from crmsim.errors import InputError


def reference(subject: Subject) -> Iterator[Finding]:
    """`reference`: where a course has trial answers at all, every question has enough of them."""
    folder = subject.course / "reference"
    path = folder / f"{subject.unit}.yaml"
    if not folder.is_dir() or subject.scheme is None:
        return
    if not path.is_file():
        message = f"There are no trial answers: {path.name} is missing."
        yield Finding("reference", subject.unit, message, "Write right and wrong answers to every question.")
        return
    try:
        known = set(load_reference(path))
    except InputError as error:
        yield Finding("reference", subject.unit, str(error), "Complete the trial answers.")
        return
    asked = {question.id for question in subject.scheme.questions}
    for question in sorted(asked ^ known):
        has, lacks = (path.name, "the marking scheme") if question in known else ("the marking scheme", path.name)
        yield Finding("reference", question, f"{has} has this question, {lacks} has not.", "Bring them in step.")


RULES = (reference,)
