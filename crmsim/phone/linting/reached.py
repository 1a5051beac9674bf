"""The rule `fatal_reached`: calls that the compliance gate would zero, found by playing the script.

For each fatal item the shortest ways are played on which customers come to what could break it, so that nothing is left
to chance; where one of them breaks it, the random walks of all personas are played, too. Each way is a call in words,
with its placeholders filled, and is judged by the same gate as every transcript. So comes to light what no single line
shows: a promise in the name of the firm, a price in the last words after "do not call me", an offer before the name
within the opening.

A call in which another rule has named the same fault already, at a line on the way, is not reported again.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from crmsim.phone.checks import card, first_half, judged
from crmsim.phone.findings import Finding
from crmsim.phone.heard import Said, Spoken
from crmsim.phone.linting.speaking import acts_of, said
from crmsim.phone.linting.walking import HANG_UP, INTENTS, Routes, Step, routes_of, walked
from crmsim.phone.model import Script
from crmsim.phone.pieces import Language
from crmsim.phone.rulebook import finding, rule
from crmsim.phone.templates import fill
from crmsim.phone.vocabulary import values_of

CODE = "fatal_reached"
SHOWN = 12
"""So many lines of a way are named; of a longer one the first and the last."""
Way = tuple[tuple[str, str], ...]
"""The lines of one call, each with the intent that answers it ("" after the last one)."""
State = tuple[str, bool]
"""A line, and whether one of the intents that an aim waits for has been heard before it."""


class Aim(NamedTuple):
    """Lines that could break a fatal item: coming through none of `closed`, and after one of these intents if any."""

    targets: Collection[str]
    closed: Collection[str] = ()
    after: Collection[str] = ()


class Broken(NamedTuple):
    """A fatal item that a call breaks, where, and the words that show it."""

    item: str
    place: str
    words: str


def findings(script: Script, told: Sequence[Finding] = ()) -> Iterator[Finding]:
    """The fatal items that calls meet, one finding for each item and place; `told` is what other rules have found."""
    known = frozenset((one.code, one.node) for one in told)
    met: dict[tuple[str, str], dict[Way, str]] = {}
    for language in script.languages:
        talk = Heard(script, language)
        forced = list(talk.forced())
        items = {one.item for way in forced for one in talk.broken(way)}
        for way in dict.fromkeys((*forced, *(_walks(script) if items else ()))):
            for item, place, words in talk.broken(way, items):
                if not _named(item, place, way, known):
                    met.setdefault((item, place), {}).setdefault(way, words)
    yield from (_finding(script, *key, ways) for key, ways in met.items())


@lru_cache(maxsize=4)
def _walks(script: Script) -> Counter[Way]:
    """The calls of all personas, each with how often it is made."""
    calls = walked(script, n=int(rule(CODE).parameters["n_calls"]), seed=0)
    return Counter(_way(script, steps) for of_one in calls.values() for steps in of_one)


class Heard:
    """A script in one language as it is heard: the placeholders of each line filled."""

    def __init__(self, script: Script, language: Language) -> None:
        self.script, self.lines = script, dict[str, Said]()
        for _, _, part in script.parts:
            if part.id not in self.lines:
                text, acts = _heard(script, *said(part.say, language))
                self.lines[part.id] = Said(part.id, text, acts, 0.0, (), is_end=part.id not in script.nodes_by_id)

    def having(self, *acts: str) -> frozenset[str]:
        """The lines with at least one of these acts."""
        return frozenset(name for name, line in self.lines.items() if not line.acts.keys().isdisjoint(acts))

    def broken(self, way: Way, items: Collection[str] | None = None) -> Iterator[Broken]:
        """What the gate says about a call, on all fatal items or on some."""
        follows = [((intent, number + 1),) for number, (_, intent) in enumerate(way[:-1])]
        lines = (replace(self.lines[name], follows=then) for (name, _), then in zip(way, [*follows, ()], strict=True))
        for item, answer in judged("fatal", Spoken(tuple(lines), 0, self.script), items):
            if answer.met is False:
                yield Broken(item["id"], str(answer.place), answer.evidence)

    def forced(self) -> Iterator[Way]:
        """For every line that could break a fatal item, the shortest way on which some customer comes to it.

        The first one is the first line alone: enough for what hangs on the calendar.
        """
        yield ((self.script.first.id, ""),)
        for item in card()["fatal"]:
            for aim in AIMS.get(item["check"], _nothing)(self, item):
                left = set(aim.targets) & self.script.graph.reachable
                for route in routes_of(self.script, seed=0):
                    if not left:
                        break
                    for way in _ways(self.script, route, aim):
                        if way[-1][0] in left:
                            left.remove(way[-1][0])
                            yield way

    @cached_property
    def ends(self) -> list[Any]:
        """The ends that calls can come to."""
        return [end for name, end in self.script.ends_by_id.items() if self.lines[name].is_end]


def _heard(script: Script, language: Language, words: str) -> tuple[str, dict[str, str]]:
    """A line with its placeholders filled, and the words that show each act in it.

    It has the acts of the line as it is written, whose names in braces are sure to be names, and those that the filled
    words add.
    """
    values = values_of(script, language)
    text = fill(words, values)
    shown = [(act.name, fill(act.evidence, values)) for act in acts_of(words, language)] if words else []
    if text != words:
        shown = sorted([*shown, *((act.name, act.evidence) for act in acts_of(text, language))],
                       key=lambda one: text.find(one[1]))  # fmt: skip
    return text, dict(reversed(shown))


def _nothing(talk: Heard, item: Mapping[str, Any]) -> Iterator[Aim]:
    """Items that hang on the calendar: every call shows them."""
    yield from ()


def _never(talk: Heard, item: Mapping[str, Any]) -> Iterator[Aim]:
    yield Aim(talk.having(*item["acts"]))


def _before(talk: Heard, item: Mapping[str, Any]) -> Iterator[Aim]:
    later = talk.having(*item["later"])
    for act in item["acts"]:
        has = talk.having(act)
        done = {name for name in has if name not in later or first_half(talk.lines[name], act, item["later"])}
        yield Aim(later - done, done)


def _follows(talk: Heard, item: Mapping[str, Any]) -> Iterator[Aim]:
    yield Aim(talk.having(*item["acts"]), after=item["after"])


def _opt_out(talk: Heard, item: Mapping[str, Any]) -> Iterator[Aim]:
    yield Aim({end.id for end in talk.ends if end.disposition != "do_not_call"}, after=("opt_out",))


def _hangs_up(talk: Heard, item: Mapping[str, Any]) -> Iterator[Aim]:
    yield Aim({end.id for end in talk.ends if end.hangs_up == "agent"})


AIMS: dict[str, Callable[[Heard, Mapping[str, Any]], Iterator[Aim]]] = {
    "never": _never, "before": _before, "follows": _follows, "opt_out": _opt_out, "hangs_up": _hangs_up,
}  # fmt: skip
"""Where a check could fail, by its name; what is found there is judged by the check itself."""


def _ways(script: Script, route: Routes, aim: Aim) -> Iterator[Way]:
    """The shortest way of such a customer to each target that can be reached as the first of them."""
    start: State = (script.first.id, not aim.after)
    came: dict[State, tuple[State, str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        if state[1] and state[0] in aim.targets:
            yield _back(came, state)
        elif state[0] not in aim.closed:
            for step, intent in _steps(script, route, state, aim.after):
                if step not in came:
                    came[step] = (state, intent)
                    waiting.append(step)


def _steps(script: Script, route: Routes, state: State, after: Collection[str]) -> Iterator[tuple[State, str]]:
    for intent, target in zip(INTENTS, route.targets.get(state[0], ()), strict=False):
        if intent != "hang_up" and (target in script.nodes_by_id or target in script.ends_by_id):
            yield (target, state[1] or intent in after), intent


def _back(came: Mapping[State, tuple[State, str] | None], state: State) -> Way:
    way, before = [(state[0], "")], came[state]
    while before is not None:
        way.append((before[0][0], before[1]))
        before = came[before[0]]
    return tuple(reversed(way))


def _way(script: Script, steps: Sequence[Step]) -> Way:
    """What the agent says in a walk: an end is said unless the customer has hung up."""
    way, last = [(step.node, INTENTS[step.intent]) for step in steps], steps[-1]
    if last.intent != HANG_UP and last.target in script.ends_by_id and last.target not in script.nodes_by_id:
        way.append((last.target, ""))
    return tuple(way)


def _named(item: str, place: str, way: Way, known: Collection[tuple[str, str | None]]) -> bool:
    """Whether another rule has found this fault of the call, on the way to its place or in the whole script."""
    names = [name for name, _ in way]
    last = max((number for number, name in enumerate(names) if name == place), default=len(names))
    return any((code, name) in known for code in rule(CODE).parameters[item] for name in (None, *names[: last + 1]))


def _finding(script: Script, item: str, place: str, ways: Mapping[Way, str]) -> Finding:
    way, words = min(ways.items(), key=lambda one: len(one[0]))
    names = [name for name, _ in way]
    if place in names:
        names = names[: len(names) - names[::-1].index(place)]
    if len(names) > SHOWN:
        names = [*names[: SHOWN // 2], "...", *names[-SHOWN // 2 :]]
    row = next(row for row in card()["fatal"] if row["id"] == item)
    walks = _walks(script)
    n_met = sum(walks[one] for one in ways)
    says = f"{item} ({row['en']} {row['zh']}): {' > '.join(names)}, in {n_met} of {walks.total()} trial calls: {words}"
    return finding(script, CODE, *_where(script, place), evidence=says)


def _where(script: Script, place: str) -> tuple[str | int, ...]:
    return next(((kind, number) for kind, number, part in script.parts if part.id == place), (place,))
