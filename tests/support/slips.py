"""Whether the typical mistakes of an assignment can be told from what is right, for one student's case."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crmsim.course.judging import _key, _mistakes, hidden_inputs


def like_the_truth(scheme: Any, case: Any, *, without: Collection[str] = ()) -> set[str]:
    """Names of mistakes that give the right answer in this case; every question not in `without` has a truth."""
    found = set()
    for question in scheme.questions:
        if question.id not in without:
            inputs = hidden_inputs(question, case) if question.inputs else None
            seen = [mistake.name for mistake, _ in _mistakes(question, case, inputs, _key(question, case).truth)]
            found |= {mistake.name for mistake in question.mistakes} - set(seen)
    return found
