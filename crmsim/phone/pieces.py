"""The base of every piece of a script, and its texts: in Chinese, in English, or in both."""

from __future__ import annotations

import re
import reprlib
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from crmsim.phone.templates import checked_text
from crmsim.settings.parts import Part
from crmsim.settings.validating import TextError

Language = Literal["zh", "en"]
_NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
_CLOCK = r"^(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$"


class Pattern:
    """What a text must look like, said in words when it does not."""

    def __init__(self, pattern: str, words: str) -> None:
        self.pattern, self.words = pattern, words

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), "pattern": self.pattern}

    def _checked(self, text: str) -> str:
        if re.fullmatch(self.pattern[1:-1], text) is None:
            raise TextError(f"{reprlib.repr(text)} is no {self.words}", text)
        return text


Name = Annotated[str, Pattern(_NAME, "id: one begins with a letter and has at most 64 of a-z, A-Z, 0-9, _ and -")]
"""Ids are plain letters, so that they can stand in drawings, paths and messages."""
Clock = Annotated[str, Pattern(_CLOCK, "time of day: write it as \"09:00\", from 00:00 to 24:00")]
Line = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(checked_text)]


class Piece(Part):
    """A piece of a script: frozen, no unknown keys."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).model_validate, (self.model_dump(by_alias=True),)


class Text(Piece):
    """A text in Chinese, in English, or in both; a plain string is in the script's language."""

    zh: Line | None = None
    en: Line | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.zh is None and self.en is None:
            raise ValueError("a text needs `zh` or `en`")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        plain = {"type": "string", "minLength": 1, "maxLength": 2_000}
        return {"anyOf": [plain, handler(core)]}

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which it is given."""
        return tuple(language for language in ("zh", "en") if getattr(self, language) is not None)

    def given(self, language: str) -> str | None:
        """The text in exactly this language, or None.

        >>> Text(zh="您好").given("en") is None
        True
        """
        return self.zh if language == "zh" else self.en

    def spoken(self, language: str) -> str:
        """The text in this language, or in the other one when there is no such.

        >>> Text(zh="您好").spoken("en")
        '您好'
        """
        return self.given(language) or self.zh or self.en or ""
