"""A script made ready to be answered: what each line holds and where each answer leads, worked out once.

Lines are the nodes and then the ends, numbered; `LOST` stands for a target that does not exist. A node of the pitch,
the objection or the closing *asks for the decision* when a yes leads straight to a winning end, or when it lists a
reply to `agree` from which a winning end can be reached; in the pitch only without passing another such node of the
pitch, so that "may I tell you more?" is not yet the question that counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.phone.model import End, Node, Reply, Script
from crmsim.phone.tables import INTENTS, STAGES, Move, Tables

LOST = -1
ASKING_STAGES = ("pitch", "objection", "closing")
CLOSING = STAGES.index("closing")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9']+")
Mask = npt.NDArray[np.bool_]
Choices = Sequence[tuple[int, Mask | None]]
"""Where an answer may lead, in the order in which it is tried: number of the line, and for whom (None: everybody)."""


@dataclass(frozen=True, eq=False)
class Line:
    """Something the agent says: the words, what is done by them, how long they take, and what may follow."""

    id: str
    stage: int
    text: str
    acts: frozenset[str]
    seconds: float
    moves: tuple[Move, ...]
    decides: tuple[str, ...] = ()
    end: End | None = None
    choices: tuple[Choices, ...] = ()


@dataclass(frozen=True, eq=False)
class Prepared:
    """A script in one language, for the callees whose conditions were worked out."""

    lines: tuple[Line, ...]
    first: int
    purpose: str


def prepared(script: Script, language: str, callees: pd.DataFrame, tables: Tables) -> Prepared:
    """Make a script ready for these callees."""
    numbers = _numbers(script)
    asks = _asking(script)
    people = _records(script, callees)
    lines = []
    for node in script.nodes_by_id.values():
        text = node.say.spoken(language)
        choices = tuple(tuple(_choices(node, intent, numbers, people)) for intent in INTENTS)
        line = line_parts(text, language, node.stage, script.purpose, tables)
        lines.append(Line(node.id, **line, decides=asks.get(node.id, ()), choices=choices))
    for end in script.ends_by_id.values():
        text = end.say.spoken(language) if end.say is not None else ""
        lines.append(Line(end.id, **line_parts(text, language, "closing", script.purpose, tables), end=end))
    return Prepared(tuple(lines), numbers[script.first.id], script.purpose)


def speaking_seconds(text: str, tables: Tables) -> float:
    """How long a line takes: Chinese characters and other words at their own speeds, and a pause.

    >>> from crmsim.phone.tables import tables
    >>> round(speaking_seconds("Hello, how are you?", tables()), 3)
    2.4
    """
    if not text:
        return 0.0
    chinese = len(_CHINESE.findall(text)) / tables.number("speech", "zh_characters_per_second")
    words = len(_WORD.findall(text)) / tables.number("speech", "en_words_per_second")
    return chinese + words + tables.number("speech", "pause_seconds")


@lru_cache(maxsize=4096)
def acts_in(text: str, language: str) -> frozenset[str]:
    """The names of the dialogue acts of a line."""
    from crmsim.phone import acts

    return frozenset(act.name for act in acts.acts(text, language))


def line_parts(text: str, language: str, stage: str, purpose: str, tables: Tables) -> dict[str, Any]:
    """What a `Line` of these words holds, wherever they come from."""
    acts = acts_in(text, language) if text else frozenset()
    rows = tuple(move for move in tables.moves if text and _may_act(move, acts, stage, purpose))
    return {
        "stage": STAGES.index(stage), "text": text, "acts": acts, "seconds": speaking_seconds(text, tables),
        "moves": rows,
    }  # fmt: skip


def _may_act(move: Move, acts: frozenset[str], stage: str, purpose: str) -> bool:
    """Whether the part of a row holds that the line and the script alone decide."""
    return (
        acts.issuperset(move.acts)
        and acts.isdisjoint(move.no_acts)
        and (not move.stages or stage in move.stages)
        and (not move.purposes or purpose in move.purposes)
        and purpose not in move.not_purposes
    )


def _numbers(script: Script) -> dict[str, int]:
    """The number of each line; a node goes before an end of the same name."""
    found: dict[str, int] = {}
    for name in [*script.nodes_by_id, *script.ends_by_id]:
        found.setdefault(name, len(found))
    return found


def _records(script: Script, callees: pd.DataFrame) -> list[dict[str, Any]]:
    """What is on record of each callee, for conditions; nothing when the script has none."""
    if not any(reply.when for node in script.nodes for reply in node.replies):
        return []
    columns = [c for c in ("stage", "satisfaction", "open_complaint", "member", "months_since_purchase", "do_not_call",
                           "kind", "language") if c in callees.columns]  # fmt: skip
    table = callees[columns].astype(object)
    return table.where(table.notna(), None).to_dict("records")  # type: ignore[return-value]


def _choices(
    node: Node, intent: str, numbers: Mapping[str, int], people: list[dict[str, Any]]
) -> Iterator[tuple[int, Mask | None]]:
    """Replies to an intent, then those for any other, each with the callees whom its condition fits."""
    listed = [reply for reply in node.replies if reply.intent == intent]
    for reply in [*listed, *(reply for reply in node.replies if reply.otherwise)]:
        yield numbers.get(reply.to, LOST), _mask(reply, people)
        if reply.when is None:
            return


def _mask(reply: Reply, people: list[dict[str, Any]]) -> Mask | None:
    if reply.when is None:
        return None
    return np.array([reply.when.holds(person) for person in people], dtype=bool)


WINNING = ("sale", "appointment", "resolved")


def _asking(script: Script) -> dict[str, tuple[str, ...]]:
    """The nodes that ask for the decision, with the winning dispositions that a yes may lead to."""
    nodes = [node for node in script.nodes_by_id.values() if node.stage in ASKING_STAGES]
    pitches = {node.id for node in nodes if node.stage == "pitch" and _yes(node)}
    found = {}
    for node in nodes:
        stop = pitches - {node.id} if node.stage == "pitch" else frozenset()
        wins = _wins(script, _yes(node), stop) or _wins(script, _anyhow(node), script.nodes_by_id.keys())
        if wins:
            found[node.id] = wins
    return found


def _anyhow(node: Node) -> list[str]:
    """Where a yes leads that the node does not list."""
    return [reply.to for reply in node.replies if reply.otherwise] if not _yes(node) else []


def _yes(node: Node) -> list[str]:
    """Where a listed yes may lead."""
    return [reply.to for reply in node.replies if reply.intent == "agree"]


def _wins(script: Script, start: list[str], stop: Set[str]) -> tuple[str, ...]:
    """Winning dispositions that can be reached from these lines without passing one of `stop`."""
    seen: set[str] = set()
    wins: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in script.nodes_by_id:
            if name not in stop:
                waiting.extend(reply.to for reply in script.nodes_by_id[name].replies)
        elif name in script.ends_by_id and script.ends_by_id[name].disposition in WINNING:
            wins.add(str(script.ends_by_id[name].disposition))
    return tuple(sorted(wins))
