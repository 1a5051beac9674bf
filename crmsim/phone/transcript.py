"""One call in words: what the agent said, what the callee answered, and which row of the table moved what."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmsim.phone import luck
from crmsim.phone.moving import FEELINGS
from crmsim.phone.people import in_language
from crmsim.phone.prepared import Line
from crmsim.phone.tables import INTENTS, Tables
from crmsim.phone.talking import Call, Talked
from crmsim.phone.templates import fill
from crmsim.phone.vocabulary import intents, values_of

_ELSE = {
    "monologue": {"en": "a monologue", "zh": "一口气说得太久"},
    "over_time": {"en": "longer than the callee has time", "zh": "超出对方的时间"},
    "question_unanswered": {"en": "a question met with a question", "zh": "答非所问，反问对方"},
}
COLUMNS = ("turn", "who", "text", "intent", "acts", *FEELINGS, "why")


def transcript_of(talked: Talked, how: Call) -> pd.DataFrame:
    """The lines of a call with one callee, as a table."""
    person = talked.state.people.iloc[0]
    known = values_for(how, person)
    rows: list[dict[str, Any]] = []
    for step in talked.steps:
        line, turn = talked.prepared.lines[int(step["line"][0])], int(step["turn"][0])
        state = {name: round(float(step[name][0]), 3) for name in FEELINGS}
        if line.text:
            why = "; ".join(in_words(name, moved, how.tables, how.language) for name, moved in step["why"] or ())
            rows.append({"turn": turn, "who": "agent", "text": fill(line.text, known), "intent": "",
                         "acts": ", ".join(sorted(line.acts)), **state, "why": why})  # fmt: skip
        said = int(step["said"][0])
        if said >= 0:
            text = says(INTENTS[said], how.language, luck_of(talked, line, turn))
            rows.append({"turn": turn, "who": "customer", "text": text, "intent": INTENTS[said], "acts": "", **state,
                         "why": ""})  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def luck_of(talked: Talked, line: Line, turn: int) -> float:
    """The number that chooses the callee's words."""
    return float(luck.uniforms(talked.keys[:1], luck.WORDS, turn)[0])


def says(intent: str, language: str, u: float) -> str:
    """Words of a callee for an intent, one of several variants.

    >>> says("busy", "en", 0.0)
    'I am in a meeting.'
    """
    lines = intents()[intent].says(language)
    return lines[min(int(u * len(lines)), len(lines) - 1)]


def in_words(name: str, moved: dict[str, float], tables: Tables, language: str) -> str:
    """Why the state moved: "asks whether it is convenient (TE3): trust +0.04, irritation -0.08"."""
    row = next((move for move in tables.moves if move.id == name), None)
    reason = getattr(row.why, language) if row is not None else _ELSE.get(name, {}).get(language, name)
    changes = ", ".join(f"{feeling} {by:+.2f}" for feeling, by in moved.items() if by)
    return f"{reason} [{name}]: {changes}"


def values_for(how: Call, person: Any) -> dict[str, str]:
    """What stands for each placeholder: of the callee and the script, else its example."""
    language = how.language
    known = values_of(how.script, language)
    for name, kind in (("name", "surnames"), ("honorific", "honorifics")):
        if name in person:
            known[name] = in_language(kind, str(person[name]), language)
    return known
