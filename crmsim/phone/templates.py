"""Lines with names in braces, such as ``您好，{name}{honorific}``: taken apart, never formatted.

A regular expression finds the names. A placeholder is a brace, a plain name and a brace. Nothing else may stand in
braces: no dots, numbers, brackets, conversions or widths, so that a line can reach nothing but the values it is given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from crmsim.errors import InputError
from crmsim.settings.validating import TextError

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]{0,39})\}")
_BRACES = re.compile(PLACEHOLDER.pattern + r"|(?P<wrong>\{[^{}]{0,60}\}?|\})")
NEAR = 20
"""So many letters before a wrong brace are used to find it in the file."""
_KEPT = "\n\t"
_HIDDEN = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that change the order of what is read: a line would not look as it is."""


def names_in(text: str) -> list[str]:
    """The names in braces, in their order.

    >>> names_in("您好，{name}{honorific}。")
    ['name', 'honorific']
    """
    return PLACEHOLDER.findall(text)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The line with every known name replaced by its value; a name without a value stays in its braces.

    Errors: `InputError` when the line is no text, or the values are no dict.

    >>> fill("Hello {honorific} {name}", {"name": "{agent}", "honorific": "Ms", "agent": "Ann"})
    'Hello Ms {agent}'
    """
    if not isinstance(text, str):
        raise InputError(f"text: a line of words is needed, but {type(text).__name__} was given.")
    if not isinstance(values, Mapping):
        raise InputError(f"values: a dict is needed, such as {{'name': 'Li'}}, but {type(values).__name__} was given.")
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def checked_text(text: str) -> str:
    """The text, when nothing in it is hidden and braces hold plain names; else a ValueError that says what."""
    hidden = next((letter for letter in text if _is_hidden(letter)), None)
    if hidden is not None:
        raise TextError(f"it holds the control character U+{ord(hidden):04X}, which nobody can say", hidden)
    wrong = next((found for found in _BRACES.finditer(text) if found["wrong"]), None)
    if wrong is not None:
        says = f"{wrong[0]!r} is no placeholder: a brace, one plain name and a brace, as {{name}}"
        raise TextError(says, wrong[0], before=text[max(0, wrong.start() - NEAR) : wrong.start()])
    if not text.strip():
        raise TextError("the text is empty")
    return text


def _is_hidden(letter: str) -> bool:
    # U+xFFFE, U+xFFFF and U+FDD0 ... U+FDEF are no letters by definition; XML refuses them.
    if letter in _HIDDEN or ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF:
        return True
    return unicodedata.category(letter) in ("Cc", "Cs", "Co") and letter not in _KEPT
