"""What most often makes a file no YAML: slips of typing, named in words when the reader has stumbled near them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SLIPS = (
    (re.compile(r"""^[^"'#]*?\w\s*(：)"""), "a full-width colon ：; write a plain colon and a space"),
    (re.compile(r"""^[^"'#]*?[\w}\]](，)\s*\w+\s*[:：]"""), "a full-width comma ，; write a plain comma and a space"),
    (re.compile(r"^[ -]*(\t)"), "a tab; indent with spaces"),
    (re.compile(r"^[ -]*[{]?\w+(:)[^\s:/]"), "no space after the colon"),
)
"""What to look for, and what to say; the first that is found near the place is meant."""


def slip_near(lines: Sequence[str], line: int) -> str:
    """A sentence about a slip in this line (from 1) or the one before it; empty when none is seen.

    >>> slip_near(["script: x", "purpose：survey", "language: zh"], 3)
    ' Line 2, column 8 has a full-width colon ：; write a plain colon and a space.'
    """
    for pattern, says in _SLIPS:
        for number in (line, line - 1):
            found = pattern.match(lines[number - 1][:500]) if 0 < number <= len(lines) else None
            if found is not None:
                return f" Line {number}, column {found.start(1) + 1} has {says}."
    return ""
