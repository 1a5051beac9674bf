"""Checks of what is given to the functions of the phone laboratory: a script, and a language of its lines."""

from __future__ import annotations

from typing import Any

from crmsim.errors import InputError, told
from crmsim.phone.model import Script

LANGUAGES = ("zh", "en")


def script_of(value: Any, *, what: str) -> Script:
    """`value` if it is a script, or `InputError` that names the function asked, `what`."""
    if not isinstance(value, Script):
        raise InputError(f"{what}: a script is needed, but {told(value)} was given; use crm.phone.load(...).")
    return value


def tongue_of(language: Any, *, else_of: Script, name: str = "language") -> str:
    """The language asked for, "zh" or "en", or that of the script if none is; else `InputError`."""
    if language is None:
        return else_of.language
    if not isinstance(language, str) or language not in LANGUAGES:
        raise InputError(f"{name}={told(language)} is not possible; give 'zh' or 'en'.")
    return language
