"""Rules on the order of a call: what must have been said on every path before something else is.

"Before" is read off the graph of the script: a rule is broken when some path misses what it needs (see `speaking`),
whatever the chance that a customer takes this path.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsim.phone.findings import Finding
from crmsim.phone.linting.speaking import Talk, in_each_language
from crmsim.phone.model import Node, Reply, Script
from crmsim.phone.rulebook import finding, rule

PITCH = ("pitch", "state_price")
QUESTION = ("ask_open", "ask_closed")
GONE = ("no_answer", "lost")
"""Dispositions of calls in which nobody is left to be thanked."""
DEALS = ("sale", "appointment")


def findings(script: Script) -> Iterator[Finding]:
    """Every fault of order."""
    yield from in_each_language(script, _said_in_time)
    yield from in_each_language(script, _closing)
    yield from in_each_language(script, _answers)
    yield from _opt_out(script)
    yield from _rebuttals(script)
    for number, end in enumerate(script.ends):
        if end.hangs_up == "agent" and end.disposition != "no_answer":
            yield finding(script, "agent_hangs_up", "ends", number, "hangs_up", evidence="hangs_up: agent")


def _said_in_time(talk: Talk) -> Iterator[Finding]:
    """What must have been said before the talk leaves the opening, before the pitch, before account details."""
    nodes = talk.script.nodes_by_id
    business = [name for name, node in nodes.items() if node.stage != "opening"]
    for act, what in (("identify_company", "the firm"), ("identify_self", "the agent's name")):
        for vertex in talk.missed((act,), business):
            yield talk.finding("no_identity", vertex, evidence=f"{vertex!r} can be reached before {what} is given")
    for vertex in talk.missed(("honorific",), business):
        yield talk.finding("no_honorific", vertex, evidence=f"no respectful address up to {vertex!r}")
    pitches = [name for name, node in nodes.items() if _is_pitch(talk, node)]
    for vertex in talk.missed(("ask_convenience",), pitches, by=PITCH):
        yield talk.finding("no_convenience_question", vertex, evidence=_shown(talk, vertex, *PITCH))
    offers = [name for name, node in nodes.items() if node.stage == "pitch"]
    for vertex in talk.missed(QUESTION, offers, by=PITCH):
        yield talk.finding("pitch_without_question", vertex, evidence=_shown(talk, vertex, *PITCH))
    for vertex in talk.missed(("verify",), talk.having("account_details"), by=("account_details",)):
        yield talk.finding("account_before_verify", vertex, evidence=_shown(talk, vertex, "account_details"))


def _is_pitch(talk: Talk, node: Node) -> bool:
    early = node.stage in ("opening", "discovery") and talk.first(node.id, *PITCH) is not None
    return node.stage == "pitch" or early


def _shown(talk: Talk, vertex: str, *names: str) -> str:
    found = talk.first(vertex, *names)
    return found.evidence if found is not None else f"the line of {vertex!r}"


def _closing(talk: Talk) -> Iterator[Finding]:
    """What the last lines of every path to an end must hold."""
    ends = talk.script.ends_by_id
    last = frozenset(ends) | {node.id for node in talk.script.nodes if node.stage == "closing"}
    polite = {name for name, end in ends.items() if end.disposition not in (*GONE, None)}
    deals = {name for name, end in ends.items() if end.disposition in DEALS}
    open_matters = {name for name, end in ends.items() if end.disposition in (*DEALS, "resolved", "callback")}
    for code, acts, wanted, where in (
        ("no_thanks", ("thank",), polite, last),
        ("no_time_apology", ("apologise_for_time",), polite, last),
        ("no_recap", ("recap",), deals, talk.having("recap")),
        ("no_next_step", ("next_step", "offer_callback"), open_matters, talk.having("next_step", "offer_callback")),
    ):
        reached = talk.graph.reachable_from(talk.graph.start, without=talk.having(*acts) & where)
        for vertex in sorted(wanted & reached):
            says = f"{vertex!r} can be reached without: {', '.join(acts)}"
            yield talk.finding(code, vertex, evidence=says)


def _answers(talk: Talk) -> Iterator[Finding]:
    """Whether objections and complaints are met with more than the next sentence of the plan."""
    for number, node in enumerate(talk.script.nodes):
        for place, reply in enumerate(node.replies):
            code = _unmet(talk, node, reply)
            if code:
                where = ("nodes", number, "replies", place)
                yield finding(talk.script, code, *where, evidence=f"{reply.intent} -> {reply.to}")


def _unmet(talk: Talk, node: Node, reply: Reply) -> str:
    target = talk.script.nodes_by_id.get(reply.to)
    if str(reply.intent).startswith("objection_"):
        if target is None:
            return "" if node.stage in ("objection", "closing") else "unanswered_objection"
        answered = target.stage == "objection" or talk.first(target.id, "acknowledge_objection", "empathise")
        return "" if answered else "unanswered_objection"
    if reply.intent == "complain" and not talk.first(reply.to, "empathise", "apologise", "acknowledge_objection"):
        return "complaint_without_empathy"
    return ""


def _opt_out(script: Script) -> Iterator[Finding]:
    """Nodes at which the wish not to be called again falls among everything else."""
    never = {name for name, end in script.ends_by_id.items() if end.disposition == "do_not_call"}
    for number, node in enumerate(script.nodes):
        listed = any(reply.intent == "opt_out" and reply.when is None for reply in node.replies)
        rest = {reply.to for reply in node.replies if reply.otherwise}
        if node.id in script.graph.reachable and node.replies and not listed and not (rest and rest <= never):
            yield finding(script, "no_opt_out", "nodes", number, evidence=f"no reply for opt_out at {node.id!r}")


def _rebuttals(script: Script) -> Iterator[Finding]:
    """Walks on which the agent goes on selling after more refusals than allowed."""
    most = int(rule("too_many_rebuttals").parameters["n_rebuttals"])
    numbers = {node.id: number for number, node in reversed(list(enumerate(script.nodes)))}
    waiting, seen, told = [(script.first.id, 0)], {(script.first.id, 0)}, set()
    while waiting:
        vertex, count = waiting.pop()
        node = script.nodes_by_id.get(vertex)
        for place, reply in enumerate(node.replies if node is not None else ()):
            step = (reply.to, count + _sells_on(script, vertex, reply))
            if step[1] > most:
                told.add((vertex, place))
            elif step not in seen:
                seen.add(step)
                waiting.append(step)
    for vertex, place in sorted(told):
        goes_on = script.nodes_by_id[vertex].replies[place].to
        says = f"after {most} answers to a refusal, {vertex!r} goes on to {goes_on!r}"
        yield finding(script, "too_many_rebuttals", "nodes", numbers[vertex], "replies", place, evidence=says)


def _sells_on(script: Script, vertex: str, reply: Reply) -> bool:
    """Whether a reply answers a refusal with another line of selling."""
    listed = any(other.intent == "refuse" for other in script.nodes_by_id[vertex].replies)
    target = script.nodes_by_id.get(reply.to)
    refusal = reply.intent == "refuse" or (reply.otherwise and not listed)
    return refusal and target is not None and target.stage in ("pitch", "objection")
