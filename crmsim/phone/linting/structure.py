"""Rules on the wiring of a script: its graph of nodes, replies and ends, whatever the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from crmsim.errors import did_you_mean
from crmsim.phone.findings import Finding
from crmsim.phone.model import IntentName, Script
from crmsim.phone.rulebook import finding

INTENTS: tuple[str, ...] = get_args(IntentName)
SHOWN = 6
"""How many names one finding lists."""


def findings(script: Script) -> Iterator[Finding]:
    """Every fault of wiring."""
    yield from _ids(script)
    yield from _targets(script)
    yield from _unreachable(script)
    yield from _replies(script)
    yield from _circles(script)
    yield from _silence(script)
    for number, end in enumerate(script.ends):
        if end.disposition is None:
            yield finding(script, "no_disposition", "ends", number, evidence=f"the end {end.id!r}")


def _ids(script: Script) -> Iterator[Finding]:
    seen: set[str] = set()
    for kind, number, part in script.parts:
        if part.id in seen:
            yield finding(script, "duplicate_id", kind, number, "id", evidence=f"{part.id!r} stands twice")
        seen.add(part.id)


def _targets(script: Script) -> Iterator[Finding]:
    known = [*script.nodes_by_id, *script.ends_by_id]
    if script.start is not None and script.start not in script.nodes_by_id:
        advice = did_you_mean(script.start, script.nodes_by_id)
        yield finding(script, "undefined_start", "start", evidence=f"start: {script.start}", advice=advice)
    names = frozenset(known)
    for number, node in enumerate(script.nodes):
        for place, reply in enumerate(node.replies):
            if reply.to not in names:
                yield finding(
                    script, "undefined_target", "nodes", number, "replies", place, "to",
                    evidence=f"to: {reply.to}", advice=did_you_mean(reply.to, known[:50]),
                )  # fmt: skip


def _unreachable(script: Script) -> Iterator[Finding]:
    for kind, number, part in script.parts:
        if part.id not in script.graph.reachable:
            evidence = f"nothing leads from {script.graph.start!r} to {part.id!r}"
            yield finding(script, "unreachable", kind, number, evidence=evidence)


def _replies(script: Script) -> Iterator[Finding]:
    for number, node in enumerate(script.nodes):
        if not node.replies:
            yield finding(script, "dead_end", "nodes", number, evidence=f"the node {node.id!r} has no replies")
            continue
        sure = {reply.intent for reply in node.replies if reply.when is None and not reply.otherwise}
        missing = [intent for intent in INTENTS if intent not in sure]
        if missing and not any(reply.otherwise and reply.when is None for reply in node.replies):
            yield finding(script, "no_fallback", "nodes", number, evidence="no reply for " + _some(missing))
        for place, reply in enumerate(node.replies):
            if reply.intent == "hang_up" and reply.to in script.nodes_by_id:
                where = ("nodes", number, "replies", place)
                yield finding(script, "talk_after_hang_up", *where, evidence=f"hang_up leads to {reply.to!r}")


def _circles(script: Script) -> Iterator[Finding]:
    graph = script.graph
    number_of = {node.id: number for number, node in reversed(list(enumerate(script.nodes)))}
    for ring in graph.cycles:
        names = sorted(ring, key=lambda name: number_of[name])
        where = ("nodes", number_of[names[0]])
        if not ring & graph.can_end:
            yield finding(script, "no_exit", *where, evidence=f"no way out of {_some(names)}")
        else:
            yield from _same_answers(script, ring, where)


def _same_answers(script: Script, ring: frozenset[str], where: tuple[str, int]) -> Iterator[Finding]:
    """Intents that, given again and again, keep a call within the ring."""
    kept: dict[frozenset[str], list[str]] = {}
    for intent in INTENTS:
        circle = _circle(script, ring, intent)
        if circle:
            kept.setdefault(circle, []).append(intent)
    for circle, intents in kept.items():
        yield finding(script, "same_answer_loop", *where, evidence=f"{_some(intents)}: {_some(sorted(circle))}")


def _circle(script: Script, ring: frozenset[str], intent: str) -> frozenset[str]:
    """The nodes among which the answer `intent` goes round; empty when it leaves every time."""
    following = {}
    for name in ring:
        reply = script.nodes_by_id[name].reply_to(intent)
        following[name] = reply.to if reply is not None else None
    inside = set(ring)
    while True:
        left = {name for name in inside if following[name] not in inside}
        if not left:
            break
        inside -= left
    targets = {following[name] for name in inside}
    return frozenset(name for name in inside if name in targets)


def _silence(script: Script) -> Iterator[Finding]:
    listed = {reply.intent for node in script.nodes for reply in node.replies}
    missing = [intent for intent in ("silence", "hang_up") if intent not in listed]
    if missing:
        yield finding(script, "no_silence", "nodes", evidence="no node lists " + " or ".join(missing))


def _some(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
