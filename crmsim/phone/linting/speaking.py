"""What is said where: the dialogue acts of every node and end of a script in one language, and what paths may miss.

An act is missed on the way to a vertex when some path from the start reaches it without passing a vertex with the act:
when the vertices with the act, taken together, do not dominate it. One vertex may do, or several on different branches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from crmsim.phone.acts import Act, acts
from crmsim.phone.findings import Finding
from crmsim.phone.model import Script, Spoken
from crmsim.phone.pieces import Language, Text
from crmsim.phone.rulebook import finding

Place = tuple[str | int, ...]


@lru_cache(maxsize=4096)
def acts_of(text: str, language: str) -> tuple[Act, ...]:
    """The dialogue acts of a line; scripts say the same things often."""
    return tuple(acts(text, language))


class Talk:
    """A script in one language: a text that is not given in it is taken in the other one."""

    def __init__(self, script: Script, language: Language) -> None:
        self.script, self.language, self.graph = script, language, script.graph
        self.places: dict[str, Place] = {}
        self.acts: dict[str, tuple[Act, ...]] = {}
        for kind, parts in (("ends", script.ends), ("nodes", script.nodes)):
            for number, part in reversed(list(enumerate(parts))):
                self._add((kind, number), part)

    def _add(self, place: Place, part: Spoken) -> None:
        language, words = said(part.say, self.language)
        self.places[part.id] = (*place, "say", language) if words else place
        self.acts[part.id] = acts_of(words, language) if words else ()

    def text(self, vertex: str) -> Text | None:
        """What is said at a node or an end, in all its languages."""
        part = self.script.nodes_by_id.get(vertex) or self.script.ends_by_id.get(vertex)
        return part.say if part is not None else None

    def having(self, *names: str) -> frozenset[str]:
        """The nodes and ends with at least one of these acts."""
        return frozenset(vertex for vertex, found in self.acts.items() if any(act.name in names for act in found))

    def first(self, vertex: str, *names: str) -> Act | None:
        """The first of these acts at a node or an end."""
        return next((act for act in self.acts.get(vertex, ()) if act.name in names), None)

    def missed(self, needed: tuple[str, ...], targets: Iterable[str], *, by: tuple[str, ...] = ()) -> Iterator[str]:
        """The targets that a path reaches as the first of them and without one of the needed acts before.

        Within the target's own line a needed act counts when it stands before the first of the acts `by`.
        """
        wanted = frozenset(targets)
        walked = self.graph.reachable_from(self.graph.start, without=self.having(*needed) | wanted)
        for vertex in self.acts:
            entered = vertex == self.graph.start or any(v in walked for v in self.graph.before.get(vertex, ()))
            if vertex in wanted and entered and not self._in_order(vertex, needed, by):
                yield vertex

    def _in_order(self, vertex: str, needed: tuple[str, ...], by: tuple[str, ...]) -> bool:
        here, late = self.first(vertex, *needed), self.first(vertex, *by)
        return here is not None and (not by or (late is not None and here.start <= late.start))

    def finding(self, code: str, vertex: str, *, evidence: str) -> Finding:
        """A finding at the line of a node or an end."""
        return finding(self.script, code, *self.places[vertex], evidence=evidence)


def said(text: Text | None, language: Language) -> tuple[Language, str]:
    """The words of a text in a language, else in the other one, and which of the two it is."""
    if text is None:
        return language, ""
    other: Language = "en" if language == "zh" else "zh"
    words = text.given(language)
    return (language, words) if words is not None else (other, text.given(other) or "")


def in_each_language(script: Script, check: Callable[[Talk], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check in every language of a script; one for each rule and place."""
    seen: set[tuple[str, str | None, int | None]] = set()
    for language in script.languages:
        for one in check(Talk(script, language)):
            key = (one.code, one.node, one.line)
            if key not in seen:
                seen.add(key)
                yield one
