"""Rules on what fills a script: placeholders, its two languages, and the conditions of replies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmsim.errors import did_you_mean
from crmsim.phone.conditions import When
from crmsim.phone.findings import Finding
from crmsim.phone.linting.ranges import always, contains, meet, nobody
from crmsim.phone.model import Reply, Script
from crmsim.phone.pieces import Text
from crmsim.phone.rulebook import finding
from crmsim.phone.templates import names_in
from crmsim.phone.vocabulary import placeholders

_MARKUP = re.compile(r"</?[A-Za-z!][^<>]{0,80}>?|&(?:[a-z]{2,8}|#[0-9]{1,7});|javascript:", re.IGNORECASE)
_FULL_WIDTH = re.compile(r"｛[^｛｝{}]{0,40}[｝}]|\{[^｛｝{}]{0,40}｝")
Place = tuple[str | int, ...]


def findings(script: Script) -> Iterator[Finding]:
    """Every fault of data."""
    for where, text in texts_of(script):
        yield from _words(script, where, text)
        yield from _languages(script, where, text)
    for number, node in enumerate(script.nodes):
        where = ("nodes", number, "replies")
        yield from _conditions(script, where, node.replies)
        yield from _hidden(script, where, node.replies)


def texts_of(script: Script) -> Iterator[tuple[Place, Text]]:
    """Every text that the agent says, with its place."""
    for number, node in enumerate(script.nodes):
        yield ("nodes", number, "say"), node.say
    for number, end in enumerate(script.ends):
        if end.say is not None:
            yield ("ends", number, "say"), end.say


def _words(script: Script, where: Place, text: Text) -> Iterator[Finding]:
    for language in text.languages:
        line = text.given(language) or ""
        for name in dict.fromkeys(names_in(line)):
            if name not in placeholders():
                advice = did_you_mean(name, placeholders())
                yield finding(script, "unknown_placeholder", *where, evidence=f"{{{name}}}", advice=advice)
        for code, pattern in (("markup", _MARKUP), ("fullwidth_brace", _FULL_WIDTH)):
            found = pattern.search(line)
            if found is not None:
                yield finding(script, code, *where, evidence=found[0])


def _languages(script: Script, where: Place, text: Text) -> Iterator[Finding]:
    missing = [language for language in _wanted(script) if text.given(language) is None]
    if missing:
        yield finding(script, "missing_language", *where, evidence=f"no {' and no '.join(missing)}")
    if text.zh is not None and text.en is not None:
        apart = sorted(set(names_in(text.zh)) ^ set(names_in(text.en)))
        if apart:
            evidence = ", ".join(f"{{{name}}}" for name in apart)
            yield finding(script, "one_language_placeholder", *where, evidence=evidence)


def _wanted(script: Script) -> list[str]:
    return sorted({*script.languages, script.language})


def _conditions(script: Script, where: Place, replies: tuple[Reply, ...]) -> Iterator[Finding]:
    for number, reply in enumerate(replies):
        for column, wanted in (reply.when.tests if reply.when else {}).items():
            code = "never_holds" if nobody(column, wanted) else "always_holds" if always(column, wanted) else None
            if code is not None:
                place = (*where, number, "when", column)
                yield finding(script, code, *place, evidence=f"{column}: {wanted_in_words(wanted)}")


def wanted_in_words(wanted: object) -> str:
    """A wanted value or range, as it stands in a script."""
    if isinstance(wanted, tuple):
        words = [str(value).lower() if isinstance(value, bool) else str(value) for value in wanted]
        return words[0] if len(words) == 1 else f"[{', '.join(words)}]"
    parts = {name: getattr(wanted, name) for name in ("at_least", "below") if getattr(wanted, name) is not None}
    return "{" + ", ".join(f"{name}: {value:g}" for name, value in parts.items()) + "}"


def _hidden(script: Script, where: Place, replies: tuple[Reply, ...]) -> Iterator[Finding]:
    """Replies for one intent that an earlier one covers, or that share customers with an earlier one."""
    earlier: dict[str | None, list[tuple[int, Reply]]] = {}
    for number, reply in enumerate(replies):
        for before, other in earlier.setdefault(reply.intent, []):
            code = overlap(other.when, reply.when, differ=other.to != reply.to)
            if code is not None:
                says = f"replies {before + 1} and {number + 1} for {reply.intent or 'else'}"
                yield finding(script, code, *where, number, evidence=says)
                break
        earlier[reply.intent].append((number, reply))


def overlap(first: When | None, second: When | None, *, differ: bool) -> str | None:
    """The rule that two replies for one intent break, in their order."""
    ours, theirs = (when.tests if when is not None else {} for when in (first, second))
    if all(column in theirs and contains(column, wanted, theirs[column]) for column, wanted in ours.items()):
        return "hidden_reply"
    both = ours.keys() & theirs.keys()
    if differ and theirs and all(meet(column, ours[column], theirs[column]) for column in both):
        return "overlapping_conditions"
    return None
