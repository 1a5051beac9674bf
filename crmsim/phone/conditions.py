"""Conditions of a reply: columns of the customer beside the values that they must have. Nothing is ever evaluated.

``when: {satisfaction: {below: 3}, stage: [decline, churn], member: true}`` holds when all three hold. A column that
is not known of a customer makes the condition false.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from crmsim.phone.pieces import Language, Piece

T = TypeVar("T")
Number = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
Score = Annotated[int, Field(ge=1, le=5)]
Word = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


class _OneOrMore:
    """A list may be written as its only value: so much for the JSON Schema."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        schema = handler(core)
        return {"anyOf": [schema["items"], schema]}


class Range(Piece):
    """From `at_least` (included) to `below` (not included); one of them may be left out."""

    at_least: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.at_least is None and self.below is None:
            raise ValueError("a range needs `at_least` or `below`")
        return self

    def holds(self, value: float) -> bool:
        """Whether the value lies in the range.

        >>> Range(at_least=3, below=6).holds(6)
        False
        """
        return not (
            math.isnan(value)
            or (self.at_least is not None and value < self.at_least)
            or (self.below is not None and value >= self.below)
        )


def _kind_of(value: Any) -> str:
    return "range" if isinstance(value, (Mapping, Range)) else "values"


Choice = Annotated[
    tuple[T, ...], Field(min_length=1, max_length=20, strict=False), BeforeValidator(_as_list), _OneOrMore()
]
Measured = Annotated[Annotated[Range, Tag("range")] | Annotated[Choice[T], Tag("values")], Discriminator(_kind_of)]
"""A range, a value, or a list of values."""


class When(Piece):
    """A condition: every column that is named must have one of its values, or lie in its range."""

    stage: Choice[Word] | None = None
    satisfaction: Measured[Score] | None = None
    open_complaint: Choice[bool] | None = None
    member: Choice[bool] | None = None
    months_since_purchase: Measured[Number] | None = None
    do_not_call: Choice[bool] | None = None
    kind: Choice[Literal["individual", "company"]] | None = None
    language: Choice[Language] | None = None

    @cached_property
    def tests(self) -> Mapping[str, Range | tuple[Any, ...]]:
        """The columns that are tested: their range, or the values that they may have."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: wanted for name, wanted in named.items() if wanted is not None}

    def holds(self, customer: Mapping[str, Any]) -> bool:
        """Whether a customer with these columns meets the condition.

        >>> When(satisfaction={"below": 3}, member=True).holds({"satisfaction": 2, "member": True})
        True
        >>> When(stage=["decline", "churn"]).holds({})
        False
        """
        return all(_fits(wanted, customer.get(name)) for name, wanted in self.tests.items())


def _fits(wanted: Range | tuple[Any, ...], value: Any) -> bool:
    if value is None:
        return False
    return wanted.holds(float(value)) if isinstance(wanted, Range) else bool(value in wanted)
