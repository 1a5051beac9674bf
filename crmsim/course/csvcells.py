"""CSV files that a spreadsheet opens without running anything.

A cell that starts with ``= + - @`` (or a tab or a line break before one) is a formula for a spreadsheet, so that a
student's name could run commands on the instructor's machine. Such a text gets an apostrophe in front, which a
spreadsheet shows as text; numbers stay numbers, and so does a lone hyphen, which means *no grade*.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(value: Any) -> Any:
    """A cell's value that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless(-2.5), harmless("Anna")
    ("'=1+1", -2.5, 'Anna')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    is_formula = text != "-" and text.lstrip(" ").startswith(_STARTS)
    return f"'{text}" if is_formula else text


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]], *, encoding: str = "utf-8-sig") -> Path:
    """Write harmless cells; a byte order mark by default, so that Excel reads Chinese.

    Returns the path.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as target:
        writer = csv.writer(target)
        writer.writerow([harmless(name) for name in header])
        writer.writerows([harmless(cell) for cell in row] for row in rows)
    return path
