"""The rules of the linter as data: files named ``rules*.yaml`` beside this one, checked when they are first read.

A rule has a code, a name, a group, a severity, a source, what it says, advice, and a wrong and a right example in
Chinese and English. An example that begins with ``nodes:`` is the body of a script, with its ends; any other text is a
line that the agent says in an otherwise good script. `parameters` are the numbers that the rule uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from crmsim.errors import InputError, did_you_mean, told
from crmsim.phone.findings import Finding, Severity
from crmsim.phone.model import Script
from crmsim.settings.parts import Part, Table

if TYPE_CHECKING:
    import pandas as pd

HEAD = "script: example\npurpose: {purpose}\nlanguage: {language}\ncompany: {company}\nagent: {agent}\n"
WORDS = {
    "zh": {"company": "清河超市", "agent": "李明"},
    "en": {"company": "Riverside Market", "agent": "Ann Lee"},
}
LINE = """\
nodes:
  - id: open
    stage: opening
    say: LINE
    replies:
      - {intent: silence, to: lost}
      - {intent: hang_up, to: lost}
      - {intent: opt_out, to: never}
      - {else: true, to: done}
ends:
  - {id: done, disposition: refused}
  - {id: never, disposition: do_not_call}
  - {id: lost, disposition: lost}
"""


class Example(Part):
    """An example in Chinese and English."""

    zh: str
    en: str


class Rule(Part):
    """One rule of the linter; `outside` marks what the course's curriculum does not hold."""

    name: str
    zh: str
    group: str
    severity: Severity
    source: str
    says: str
    says_zh: str
    advice: str
    advice_zh: str
    wrong: Example
    right: Example
    parameters: Table[Any] = Field(default_factory=dict)
    purpose: str = "appointment"
    outside: bool = True

    def script(self, which: str, language: str) -> str:
        """The "wrong" or the "right" example in "zh" or "en", as the text of a whole script."""
        body = getattr(getattr(self, which), language)
        if not body.startswith(("nodes:", "calendar:")):
            import json

            body = LINE.replace("LINE", json.dumps(body.strip(), ensure_ascii=False))
        return HEAD.format(purpose=self.purpose, language=language, **WORDS[language]) + body


@cache
def rulebook() -> Mapping[str, Rule]:
    """Every rule by its code."""
    from crmsim.settings.validating import validated
    from crmsim.settings.yaml_file import read_yaml

    found: dict[str, Rule] = {}
    for path in sorted(Path(__file__).parent.glob("rules*.yaml")):
        content, source = read_yaml(path, kind="list of rules")
        found.update({code: validated(Rule, entry, source) for code, entry in content.items()})
    return found


def rule(code: str) -> Rule:
    """The rule with this code.

    >>> rule("undefined_target").severity
    'error'
    """
    if code not in rulebook():
        raise InputError(f"There is no rule {code!r}. {did_you_mean(code, rulebook())}")
    return rulebook()[code]


def rules(group: str | None = None) -> pd.DataFrame:
    """The rules of the linter as a table, or those of one group.

    Parameters
    ----------
    group : str, optional
        "structure", "data", "flow", "calendar", "language" or "dynamic".

    Returns
    -------
    DataFrame
        Indexed by code: name, zh, group, severity, source, says, says_zh, advice, advice_zh, wrong and right examples,
        outside.

    Raises
    ------
    InputError
        There is no such group.

    Examples
    --------
    >>> "dead_end" in rules("structure").index
    True
    """
    import pandas as pd

    groups = sorted({entry.group for entry in rulebook().values()})
    if group is not None and (not isinstance(group, str) or group not in groups):
        raise InputError(f"There is no group {told(group)}. {did_you_mean(str(group), groups)}")
    rows = {
        code: {
            **{name: getattr(entry, name) for name in ("name", "zh", "group", "severity", "source", "says", "says_zh")},
            "advice": entry.advice, "advice_zh": entry.advice_zh,
            **{f"{which}_{tongue}": getattr(getattr(entry, which), tongue)
               for which in ("wrong", "right") for tongue in ("zh", "en")},
            "outside": entry.outside,
        }
        for code, entry in rulebook().items()
        if group in (None, entry.group)
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("code")


def finding(
    script: Script, code: str, *where: str | int, evidence: str, advice: str = "", severity: Severity | None = None
) -> Finding:
    """A finding of a rule at a place, as ``finding(script, "dead_end", "nodes", 3, evidence="...")``.

    Node, line and column follow from the place; severity and advice are the rule's unless given.
    """
    broken = rule(code)
    line, column = script.place(*where)
    node = None
    if len(where) > 1 and where[0] in ("nodes", "ends"):
        node = (script.nodes if where[0] == "nodes" else script.ends)[int(where[1])].id
    return Finding(severity or broken.severity, code, node, line, evidence, advice or broken.advice, column)
