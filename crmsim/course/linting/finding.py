"""What a linter has to say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that would hurt students or instructors.

    Parameters
    ----------
    code : str
        The name of the rule, for instance ``"points-text"``.
    question : str
        The question or cell it is about; the unit where it is about all of it.
    message : str
        What is wrong.
    advice : str
        What to do.
    """

    code: str
    question: str
    message: str
    advice: str

    def __str__(self) -> str:
        return f"{self.question}: {self.message} {self.advice} [{self.code}]"
