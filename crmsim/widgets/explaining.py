"""Broken rules in words: the code, what showed it, what the rule says in both languages, what to do (HTML)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from crmsim.etiquette.rule import Finding, rule

_GOOD, _BAD, _OPEN = "#1b6e3c", "#9c2a10", "#5a4a00"


def explained(findings: Iterable[Finding]) -> str:
    """Return one paragraph for each finding; empty if there is none."""
    return "".join(_paragraph(finding) for finding in findings)


def verdict(text: str, *, is_good: bool | None) -> str:
    """Return a line that says how things stand; a mark and words carry the meaning, the colour only helps."""
    mark, colour = {True: ("✔", _GOOD), False: ("✘", _BAD), None: ("?", _OPEN)}[is_good]
    return f"<p style='line-height:1.4;color:{colour}'><b>{mark} {escape(text)}</b></p>"


def plain(text: str) -> str:
    """Return an ordinary paragraph."""
    return f"<p style='line-height:1.4'>{escape(text)}</p>"


def counted(findings: list[Finding]) -> str:
    """Return the verdict line for a list of broken rules."""
    if not findings:
        return verdict("No rule is broken. 没有违反规则。", is_good=True)
    codes = ", ".join(dict.fromkeys(finding.code for finding in findings))
    return verdict(f"Broken 违反: {codes}", is_good=False)


def _paragraph(finding: Finding) -> str:
    entry = rule(finding.code)
    head = f"<b>{escape(entry.code)} {escape(entry.name)} {escape(entry.zh)} {entry.mark}</b>"
    evidence = f" · {escape(finding.evidence)}" if finding.evidence else ""
    says = f"<br>{escape(entry.says)}<br><span lang='zh'>{escape(entry.says_zh)}</span>"
    advice = f"<br><i>{escape(finding.advice)}</i>" if finding.advice else ""
    return f"<p style='line-height:1.4;margin:0.6em 0'>{head}{evidence}{says}{advice}</p>"
