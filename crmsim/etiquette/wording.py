"""What an agent's words contain: an honorific, a question whether it is convenient, a name, thanks, an apology.

Words are found by the regular expressions of `telephone_words.yaml`, Chinese and English together. That is no
understanding of language: who says the same in other words is not seen, and the evidence always shows what was found.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from crmsim.errors import InputError, did_you_mean

_FILE = Path(__file__).with_name("telephone_words.yaml")
LONGEST = 2_000
"""Characters of one line that are read; nobody says more in one breath."""


@cache
def _words() -> dict[str, tuple[re.Pattern[str], ...]]:
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(_FILE)
    names = {"surname": content.pop("surname"), "role": content.pop("role")}
    names["company_zh"] = "[^，。！？,.!?]{0,16}(?:公司|集团|银行|保险|中心)"
    return {group: tuple(_pattern(text, names) for text in texts) for group, texts in content.items()}


def _pattern(text: str, names: dict[str, str]) -> re.Pattern[str]:
    for name, choices in names.items():
        text = text.replace(f"@{name}@", choices)
    return re.compile(text)


def found(group: str, text: str) -> re.Match[str] | None:
    """The first place in a text where words of a group stand, or None.

    Parameters
    ----------
    group : str
        "honorific", "rude", "convenient", "pitch", "company", "self", "thanks" or "apology".
    text : str
        One line; its first 2,000 characters are read.

    Returns
    -------
    re.Match or None

    Raises
    ------
    InputError
        There is no such group.

    Examples
    --------
    >>> found("convenient", "请问您现在方便吗？").group()
    '方便'
    >>> found("thanks", "Goodbye.") is None
    True
    """
    if group not in _words():
        raise InputError(f"{group!r} is no group of words. {did_you_mean(group, _words())}")
    matches = [match for pattern in _words()[group] if (match := pattern.search(text[:LONGEST]))]
    return min(matches, key=lambda match: match.start()) if matches else None
