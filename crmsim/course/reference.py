"""Other right answers and typical wrong ones: test data for the marking of an assignment.

``assignments/reference/<assignment>.yaml`` holds, for each question, at least two other right ways and at least
four wrong ones. They are code for the answer cell, and stand in place of everything in it::

    u06_ex3:
      right:
        - code: |
            recency_days = ...
      wrong:
        - mistake: first purchase        # the name of the typical mistake, where it is one
          share: 0.4                     # of the points
          says: since the first purchase # a part of the message
          code: |
            recency_days = ...
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmsim.errors import InputError

MIN_RIGHT, MIN_WRONG = 2, 4


@dataclass(frozen=True)
class Wrong:
    """A wrong answer: its code, the share of the points it earns, a part of its message, the mistake's name."""

    code: str
    share: float
    says: str
    mistake: str | None = None


@dataclass(frozen=True)
class Reference:
    """The trial answers of one question."""

    right: tuple[str, ...]
    wrong: tuple[Wrong, ...]


def load_reference(path: Path | str) -> dict[str, Reference]:
    """The trial answers of an assignment, by question.

    Errors: `InputError` for a missing or unknown field, and for too few answers of either kind.
    """
    from ruamel.yaml import YAML

    path = Path(path)
    data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return {question: _reference(f"{path.name}, {question}", answers) for question, answers in data.items()}


def _reference(where: str, answers: dict[str, Any]) -> Reference:
    try:
        right = tuple(answer["code"] for answer in answers["right"])
        wrong = tuple(Wrong(**answer) for answer in answers["wrong"])
    except (KeyError, TypeError) as error:
        raise InputError(f"{where}: right needs code; wrong needs code, share, says ({error}).") from error
    if len(right) < MIN_RIGHT or len(wrong) < MIN_WRONG:
        raise InputError(
            f"{where}: {len(right)} right and {len(wrong)} wrong answers; "
            f"at least {MIN_RIGHT} and {MIN_WRONG} are needed."
        )
    return Reference(right, wrong)
