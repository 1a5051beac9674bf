"""What the linter says about a script: one finding for each fault, with its place and its evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One fault of a script.

    Attributes
    ----------
    severity : "error" or "warning"
    code : str
        The rule that is broken.
    node : str or None
        The id of the node or end; None: the script as a whole.
    line : int or None
        Line in the file, from 1; None when the script was not read from text.
    evidence : str
        The words or places that break the rule.
    advice : str
        What to do.
    column : int or None
        Column in the line, from 1.
    """

    severity: Severity
    code: str
    node: str | None
    line: int | None
    evidence: str
    advice: str
    column: int | None = None

    @property
    def advice_zh(self) -> str:
        """What to do, in Chinese: the advice of the rule; it is no part of `to_dict`."""
        from crmsim.phone.rulebook import rule

        return rule(self.code).advice_zh

    def to_dict(self) -> dict[str, Any]:
        """The six parts that programs read; without the column."""
        return {name: value for name, value in asdict(self).items() if name != "column"}
