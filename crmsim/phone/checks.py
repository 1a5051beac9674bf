"""How the items of the scorecard are checked: each finds its evidence in the lines, or says that it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crmsim.phone.heard import Said, Spoken
from crmsim.phone.model import Calendar

MOST_DIALS = 2
"""Two unanswered calls, then none for a while (TE8)."""


@dataclass(frozen=True)
class Answer:
    """Whether an item is met (None: it does not apply), where, and the words that show it."""

    met: bool | None
    place: str | int | None = None
    evidence: str = ""


NOT_ASKED = Answer(None)


def said(lines: Spoken, item: dict[str, Any]) -> Answer:
    """The acts stand in the first line, or on every way to a win."""
    has = lines.having(item["acts"])
    if item["where"] == "first":
        return _shown(lines.lines[lines.first], item["acts"], met=lines.first in has)
    wins = [n for n in sorted(lines.reached([lines.first])) if lines.lines[n].wins]
    if not wins:
        return NOT_ASKED
    missed = lines.reached([lines.first], without=has)
    around = next((n for n in wins if n in missed), None)
    if around is not None:
        return Answer(False, lines.lines[around].place, _quote(lines.lines[around]))
    leads = (n for n in sorted(has) if lines.reached([n]) & set(wins))
    return _shown(lines.lines[next(leads)], item["acts"], met=True)


def before(lines: Spoken, item: dict[str, Any]) -> Answer:
    """The acts (all of them) are heard before any line with one of `later`, on every way.

    Who one is may be said in the same line, if it comes first; a question needs its answer, so there it will not do.
    """
    later = lines.having(item["later"])
    if not later:
        return NOT_ASKED
    shown: Said | None = None
    for act in item["acts"]:
        has = lines.having([act])
        done = frozenset(n for n in has if n not in later or first_half(lines.lines[n], act, item["later"]))
        early = sorted(lines.reached([lines.first], without=done) & later)
        if early:
            return _shown(lines.lines[early[0]], item["later"], met=False)
        shown = lines.lines[min(has)] if has else shown
    return _shown(shown, item["acts"], met=True) if shown is not None else NOT_ASKED


def first_half(line: Said, act: str, later: list[str]) -> bool:
    """Whether the act comes before the others within one line, when that is enough: who one is, in one breath."""
    if act not in ("identify_company", "identify_self", "verify") or act not in line.acts:
        return False
    place = line.text.find(line.acts[act])
    return all(place <= line.text.find(line.acts[name]) for name in later if name in line.acts)


def never(lines: Spoken, item: dict[str, Any]) -> Answer:
    """No line has one of the acts."""
    has = sorted(lines.having(item["acts"]))
    return _shown(lines.lines[has[0]], item["acts"], met=False) if has else Answer(True)


def answers(lines: Spoken, item: dict[str, Any]) -> Answer:
    """Wherever the callee's intent is listed or heard, the next line has one of the acts; `but_ends` lets ends pass."""
    pairs = [to for to in _after(lines, item["after"]) if not (item.get("but_ends") and lines.lines[to].is_end)]
    for to in pairs:
        if lines.lines[to].text and not set(item["acts"]) & set(lines.lines[to].acts):
            return Answer(False, lines.lines[to].place, _quote(lines.lines[to]))
    spoke = [to for to in pairs if lines.lines[to].text]
    return _shown(lines.lines[spoke[0]], item["acts"], met=True) if spoke else NOT_ASKED


def follows(lines: Spoken, item: dict[str, Any]) -> Answer:
    """On no way after the callee's intent stands a line with one of the acts."""
    pairs = _after(lines, item["after"])
    if not pairs:
        return NOT_ASKED
    wrong = sorted(lines.reached(pairs) & lines.having(item["acts"]))
    return _shown(lines.lines[wrong[0]], item["acts"], met=False) if wrong else Answer(True)


def shorter(lines: Spoken, item: dict[str, Any]) -> Answer:
    """No line takes longer."""
    longest = max((lines.lines[n] for n in lines.reached([lines.first])), key=lambda line: line.seconds)
    evidence = f"{longest.seconds:.0f} s: {_quote(longest)}"
    return Answer(longest.seconds <= item["seconds"], longest.place, evidence)


def hours(lines: Spoken, item: dict[str, Any]) -> Answer:
    """The calendar of the script stays within the hours."""
    calendar = _calendar(lines)
    if calendar is None:
        return NOT_ASKED
    inside = _minutes(item["earliest"]) <= _minutes(calendar.earliest)
    inside &= _minutes(calendar.latest) <= _minutes(item["latest"])
    return Answer(inside, "calendar", f"from {calendar.earliest} to {calendar.latest}")


def redial(lines: Spoken, item: dict[str, Any]) -> Answer:
    """After two unanswered dials, the next one waits."""
    calendar = _calendar(lines)
    if calendar is None:
        return NOT_ASKED
    waits = calendar.gap_minutes >= item["gap_minutes"] or calendar.attempts == 1
    waits &= calendar.attempts <= MOST_DIALS or calendar.again_after_minutes >= item["again_after_minutes"]
    text = f"{calendar.attempts} dials, {calendar.gap_minutes} and {calendar.again_after_minutes} minutes apart"
    return Answer(waits, "calendar", text)


def opt_out(lines: Spoken, item: dict[str, Any]) -> Answer:
    """Who asks never to be called is written down as that, and left alone long enough."""
    calendar, script = _calendar(lines), lines.script
    if calendar is not None and calendar.not_again_months < item["months"]:
        return Answer(False, "calendar", f"not_again_months: {calendar.not_again_months}")
    pairs = _after(lines, ["opt_out"])
    if script is None or not pairs:
        return NOT_ASKED
    for number in sorted(lines.reached(pairs)):
        end = script.ends_by_id.get(str(lines.lines[number].place)) if lines.lines[number].is_end else None
        if end is not None and end.disposition not in ("do_not_call", "lost"):
            return Answer(False, end.id, f"disposition: {end.disposition}")
    return Answer(True)


def hangs_up(lines: Spoken, item: dict[str, Any]) -> Answer:
    """No end at which the agent hangs up first; where nobody answered there is nobody to wait for."""
    if lines.script is None:
        return NOT_ASKED
    here = {lines.lines[n].place for n in lines.reached([lines.first])}
    ends = (end for end in lines.script.ends if end.hangs_up == "agent" and end.disposition != "no_answer")
    first = next((end for end in ends if end.id in here), None)
    return Answer(True) if first is None else Answer(False, first.id, "hangs_up: agent")


_ALL = (said, before, never, answers, follows, shorter, hours, redial, opt_out, hangs_up)
CHECKS: dict[str, Callable[[Spoken, dict[str, Any]], Answer]] = {check.__name__: check for check in _ALL}
"""The checks by the name that the data file calls them."""


@cache
def card() -> dict[str, Any]:
    """The scorecard as it stands in its file.

    >>> sorted(card())
    ['fatal', 'items', 'worth']
    """
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(Path(__file__).with_name("scorecard.yaml"))
    return dict(content)


def judged(
    section: str, lines: Spoken, only: Collection[str] | None = None
) -> Iterator[tuple[dict[str, Any], Answer]]:
    """Every item of "items" or "fatal", or only those of these ids, with its answer for these lines."""
    asked = (item for item in card()[section] if only is None or item["id"] in only)
    return ((item, CHECKS[item["check"]](lines, item)) for item in asked)


def _after(lines: Spoken, intents: list[str]) -> list[int]:
    """The lines that follow one of these intents, where one of them is listed or heard."""
    reached = sorted(lines.reached([lines.first]))
    return [to for n in reached for intent, to in lines.lines[n].follows if intent in intents]


def _shown(line: Said, acts: list[str], *, met: bool) -> Answer:
    words = [line.acts[act] for act in acts if act in line.acts]
    return Answer(met, line.place, " / ".join(dict.fromkeys(words)) or _quote(line))


def _quote(line: Said) -> str:
    return line.text if len(line.text) <= 80 else line.text[:77] + "..."


def _calendar(lines: Spoken) -> Calendar | None:
    return lines.script.calendar if lines.script is not None else None


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)
