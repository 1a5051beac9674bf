"""The notebook a student works in: finding answers by name, and how to speak.

Answers are named as text and looked up here, so that a question nobody has answered yet ends in one sentence
and not in a NameError. A student who runs the notebook reads messages and goes on to the next question;
nbgrader's *Validate* is told by a short error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from crmsim.course.values import Problem
from crmsim.errors import InputError, did_you_mean, told

OF_THE_NOTEBOOK = frozenset({"In", "Out", "exit", "quit", "open", "get_ipython"})
"""Names that stand in every notebook and are nobody's answer."""

complaints: dict[str, str] = {}
"""What the last visible check of each name had to say against it."""


class NotReady(InputError):  # noqa: N818 - the answer is not ready, nothing went wrong
    """An answer is not ready to be handed in; shown as one message, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def is_marking() -> bool:
    """Whether nbgrader is marking this notebook."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def find(name: str, namespace: Mapping[str, Any]) -> Any:
    """The value of a name in a notebook, or a `Problem` when there is none; `NotReady` for what is no name."""
    if not isinstance(name, str):
        raise NotReady(f'Write the name of the answer in quotes, such as "my_answer"; {told(name)} was given.')
    if name in namespace:
        return namespace[name]
    own = [other for other in namespace if not other.startswith("_") and other not in OF_THE_NOTEBOOK]
    near = did_you_mean(name, own)
    hint = f" {near}" if near.startswith("Did you mean") else ""
    return Problem("missing", f"Nothing called {name} exists when the notebook runs from top to bottom.{hint}")


def tell(name: str, complaint: str | None, *, praise: str) -> None:
    """Say that an answer is fine or what is wrong with it; under *Validate* a wrong one is an error."""
    if complaint is None:
        print(f"\N{HEAVY CHECK MARK} {praise}")
    elif os.environ.get("NBGRADER_EXECUTION") == "validate":
        raise NotReady(f"{name}: {complaint}")
    else:
        print(f"\N{HEAVY BALLOT X} {name}: {complaint}")
