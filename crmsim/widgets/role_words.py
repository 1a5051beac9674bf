"""What the role play shows: who is called, what has been said, and the debrief with the exact lines (HTML, escaped)."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from crmsim.phone.model import Script
from crmsim.phone.turns import Debrief

NAMES = {"trust": "trust 信任", "interest": "interest 兴趣", "irritation": "irritation 反感"}
_WHO = {"agent": "you 您", "customer": "customer 客户"}
_MARK = {True: "✓", False: "✗", None: "–"}
_CELL = "style='padding:0 0.6em;text-align:left;vertical-align:top'"


def person_in_words(person: Any, script: Script, language: str) -> str:
    """What the agent has on record of the callee, and what the call is for."""
    known = {
        "customer 客户": _called(person, language),
        "stage 阶段": person["stage"],
        "last score 最近评分": "–" if pd.isna(person["satisfaction"]) else int(person["satisfaction"]),
        "open complaint 未结投诉": "yes 有" if person["open_complaint"] else "no 无",
        "purpose 目的": script.purpose,
    }
    parts = "; ".join(f"{escape(name)}: <b>{escape(str(value))}</b>" for name, value in known.items())
    return f"<p style='line-height:1.4' lang='{language}'>{parts}</p>"


def _called(person: Any, language: str) -> str:
    name, title = str(person["name"]), str(person["honorific"])
    return f"{title} {name}" if language == "en" else f"{name}{title}"


def call_in_words(told: pd.DataFrame) -> str:
    """Everything said so far, as a table that a screen reader announces."""
    rows = "".join(
        f"<tr><th scope='row' {_CELL}>{_WHO[row['who']]}</th><td {_CELL}>{escape(str(row['text']))}</td></tr>"
        for row in told.to_dict("records")
    )
    return f"<div role='log' aria-live='polite'><table><tbody>{rows}</tbody></table></div>"


def debrief_in_words(debrief: Debrief | None, message: str, *, over: bool) -> str:
    """A message while the call lasts; then what came of it, each item with its words, each line with its effect."""
    if message:
        return f"<p role='alert'>{escape(message)}</p>"
    if debrief is None:
        return "<p>The call is over before anything was said. 通话已结束。</p>" if over else ""
    won = "yes 是" if debrief.accepted else "no 否"
    head = (
        f"<p>Written down as <b>{escape(debrief.disposition)}</b>; said yes 同意: <b>{won}</b>; quality 质量 "
        f"<b>{debrief.quality:.0f}</b> of 100; satisfaction 满意度 {debrief.satisfaction_change:+.2f}.</p>"
    )
    fatal = "".join(
        f"<p role='alert'><b>Fatal 一票否决</b>: {escape(str(row['en']))} {escape(str(row['zh']))}: "
        f"“{escape(str(row['evidence']))}”</p>"
        for row in debrief.fatal.to_dict("records")
    )
    return head + fatal + _items(debrief.items) + _moved(debrief.transcript)


def _items(items: pd.DataFrame) -> str:
    rows = "".join(
        f"<tr><td {_CELL}>{_MARK[row['met']]}</td><th scope='row' {_CELL}>{escape(row['en'])} {escape(row['zh'])}</th>"
        f"<td {_CELL}>{'' if row['met'] is None else escape(str(row['evidence']))}</td></tr>"
        for row in items.to_dict("records")
    )
    return (
        f"<table><thead><tr><td></td><th scope='col' {_CELL}>item 项目</th><th scope='col' {_CELL}>your words 原话</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _moved(told: pd.DataFrame) -> str:
    """Line by line: what was said and what it moved."""
    rows = "".join(
        f"<tr><td {_CELL}>{escape(str(row['text']))}</td><td {_CELL}>{escape(str(row['why'])) or '–'}</td></tr>"
        for row in told[told["who"] == "agent"].to_dict("records")
    )
    return (
        f"<table><thead><tr><th scope='col' {_CELL}>line 话</th><th scope='col' {_CELL}>what it moved 影响</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )
