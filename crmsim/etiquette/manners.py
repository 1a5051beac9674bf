"""What is said in a telephone call: opening (TE1-TE4), tone (TE5, TE9), hanging up (TE10), close (TE11).

A call has an opening, a matter and a close. The matter begins with the first word of the agent that belongs to an offer
(`telephone_words.yaml`, "pitch") [EXT]; the opening is what the agent says before. The close is the last two things
that the agent says, but never the first one [EXT].

Words are found by rules and not understood; every finding quotes what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsim.etiquette.calllog import Call, Event
from crmsim.etiquette.rule import Finding, rule
from crmsim.etiquette.wording import found

SHOWN = 60
"""Characters of a line that a finding quotes."""


def _finding(code: str, evidence: str, event: Event | None = None) -> Finding:
    """A finding at an event; the advice is what the rule says."""
    return Finding(code, evidence, None if event is None else event.row, rule(code).says)


def quoted(event: Event) -> str:
    """The words of an event, shortened."""
    text = event.text.strip()
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"


def opening_findings(call: Call) -> Iterator[Finding]:
    """Which of TE1 to TE4 a call breaks; none when the agent says nothing."""
    if not call.agent:
        return
    first, voice = call.agent[0], call.first("customer_voice", "customer_say")
    if voice is None or first.t_seconds < voice.t_seconds:
        when = "the other side never answered" if voice is None else f"the other side answered at {voice.t_seconds:g} s"
        yield _finding("TE1", f"{quoted(first)} at {first.t_seconds:g} s, but {when}", first)
    yield from _address(call)
    before = list(_before_the_matter(call))
    if not any(found("convenient", text) for text in before):
        yield _finding("TE3", f"no question whether it is convenient in the opening, {quoted(first)}", first)
    lacking = [what for what, group in (("organisation", "company"), ("name", "self"))
               if not any(found(group, text) for text in before)]
    if lacking:
        yield _finding("TE4", f"no {' and no '.join(lacking)} in the opening, {quoted(first)}", first)


def _address(call: Call) -> Iterator[Finding]:
    rude = next(((event, match) for event in call.agent if (match := found("rude", event.text))), None)
    if rude:
        yield _finding("TE2", f"“{rude[1].group()}” in {quoted(rude[0])}", rude[0])
    elif not any(found("honorific", event.text) for event in call.agent):
        first = call.agent[0]
        yield _finding("TE2", f"no respectful address in {len(call.agent)} lines, {quoted(first)}", first)


def _before_the_matter(call: Call) -> Iterator[str]:
    """What the agent says before the matter begins; all of it when no matter is found."""
    for event in call.agent:
        matter = found("pitch", event.text)
        yield event.text[:matter.start()] if matter else event.text
        if matter:
            return


def tone_and_close_findings(call: Call) -> Iterator[Finding]:
    """Which of TE5, TE9, TE10 and TE11 a call breaks; none when the agent says nothing."""
    if not call.agent:
        return
    yield from _tones(call)
    mine, theirs = call.first("hangup_agent"), call.first("hangup_customer")
    if mine and call.answered and (theirs is None or mine.t_seconds < theirs.t_seconds):
        when = "never" if theirs is None else f"at {theirs.t_seconds:g} s"
        yield _finding("TE10", f"the agent hangs up at {mine.t_seconds:g} s, the customer {when}", mine)
    close = call.agent[-2:] if len(call.agent) > 2 else call.agent[-1:]
    lacking = [what for what, group in (("thanks", "thanks"), ("apology", "apology"))
               if not any(found(group, event.text) for event in close)]
    if lacking:
        yield _finding("TE11", f"no {' and no '.join(lacking)} at the end, {quoted(close[-1])}", close[-1])


def _tones(call: Call) -> Iterator[Finding]:
    is_provoked = any(event.tone == "rude" for event in call.customer)
    for code, tones in (("TE5", ("cold",) if is_provoked else ("cold", "rude")), ("TE9", ("rude",) * is_provoked)):
        event = next((event for event in call.agent if event.tone in tones), None)
        if event:
            yield _finding(code, f"the agent is {event.tone}, {quoted(event)}", event)
