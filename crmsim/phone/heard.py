"""What is said on a call, in one shape for a script and for a transcript: lines, their acts, and what may follow.

A script is a graph with many ways through it; a transcript is one way. `Spoken` holds both, so that an item of the
scorecard is checked once and works for either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmsim.customers.arguments import one_of
from crmsim.errors import InputError
from crmsim.phone.arguments import LANGUAGES, tongue_of
from crmsim.phone.model import Script
from crmsim.phone.prepared import WINNING, speaking_seconds
from crmsim.phone.tables import tables


@dataclass(frozen=True, eq=False)
class Said:
    """A line: where it stands, its words, the words that show each act, and (callee's intent, line) that may follow."""

    place: str | int
    text: str
    acts: dict[str, str]
    seconds: float
    follows: tuple[tuple[str, int], ...]
    wins: bool = False
    is_end: bool = False


@dataclass(frozen=True, eq=False)
class Spoken:
    """The lines of a script or of a transcript; `script` is None for a transcript."""

    lines: tuple[Said, ...]
    first: int
    script: Script | None = None

    def reached(self, start: Iterable[int], *, without: frozenset[int] = frozenset()) -> set[int]:
        """The lines that can be reached from these, going through none of `without`; the start lines count."""
        seen: set[int] = set()
        waiting = [number for number in start if number not in without]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                waiting.extend(to for _, to in self.lines[number].follows if to not in without)
        return seen

    def having(self, acts: Iterable[str]) -> frozenset[int]:
        """The lines that can be reached and have one of these acts."""
        wanted = set(acts)
        return frozenset(n for n in self.reached([self.first]) if wanted & set(self.lines[n].acts))


def spoken(what: Any, language: str | None = None) -> Spoken:
    """The lines of a script, or of a transcript (a table with `who`, `text`, `intent`)."""
    if isinstance(what, Script):
        return _of_script(what, tongue_of(language, else_of=what))
    if isinstance(what, pd.DataFrame) and {"who", "text", "intent"} <= set(what.columns):
        return _of_transcript(what, None if language is None else one_of("language", language, LANGUAGES))
    raise InputError(
        f"A script or a transcript is needed, but a {type(what).__name__} was given; use crm.phone.load(...) or "
        "calls.transcript(customer_id)."
    )


def shown(text: str, language: str) -> dict[str, str]:
    """The words that show each act of a line, for each the first ones."""
    from crmsim.phone.acts import acts

    return {act.name: act.evidence for act in reversed(acts(text, language))} if text else {}


def _of_script(script: Script, language: str) -> Spoken:
    names = list(dict.fromkeys([*script.nodes_by_id, *script.ends_by_id]))
    number = {name: place for place, name in enumerate(names)}
    lines = []
    for name in names:
        node, end = script.nodes_by_id.get(name), script.ends_by_id.get(name)
        say = node.say if node is not None else end.say if end is not None else None
        text = say.spoken(language) if say is not None else ""
        follows = tuple(
            (reply.intent or "else", number[reply.to]) for reply in (node.replies if node else ()) if reply.to in number
        )
        wins = node is None and end is not None and end.disposition in WINNING
        lines.append(
            Said(name, text, shown(text, language), speaking_seconds(text, tables()), follows, wins, node is None)
        )
    return Spoken(tuple(lines), number[script.first.id], script)


def _of_transcript(told: pd.DataFrame, language: str | None) -> Spoken:
    """The agent's lines in their order; it counts as won, so that every item can be asked of it."""
    if not (told["who"] == "agent").any():
        raise InputError("quality: the transcript has no line of the agent; nobody answered this call.")
    whole = "".join(told["text"].astype(str))
    language = language or ("zh" if any("\u4e00" <= letter <= "\u9fff" for letter in whole) else "en")
    rows: list[dict[str, Any]] = told.to_dict("records")  # type: ignore[assignment]
    spoke = [number for number, row in enumerate(rows) if row["who"] == "agent"]
    lines = []
    for here, number in enumerate(spoke):
        row, last = rows[number], number == spoke[-1]
        answer = rows[number + 1] if number + 1 < len(rows) else row
        follows = () if last else ((str(answer["intent"]), here + 1),)
        text, acts = str(row["text"]), _acts(row, language)
        seconds = speaking_seconds(text, tables())
        lines.append(Said(row.get("turn", here + 1), text, acts, seconds, follows, last, last))
    return Spoken(tuple(lines), 0)


def _acts(row: dict[str, Any], language: str) -> dict[str, str]:
    """The words that show each act of a line; the line itself for those that it has in its script by a placeholder."""
    text, noted = str(row["text"]), str(row.get("acts") or "")
    return {name: text for name in noted.split(", ") if name} | shown(text, language)
