"""What callees do after a line: they hang up, say yes to what they are asked for, or say something else.

Hanging up: a logistic chance. The decision: a callee says yes as soon as the logistic chance of it passes his or her
threshold, which is one number for the whole call, and never through the gate of money and need. Everything else is
drawn by a softmax over the intents. Each hangs on the sums of the table ``callee.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.phone import luck
from crmsim.phone.moving import Floats, State, Where, bits_of, said_who
from crmsim.phone.prepared import WINNING, Line
from crmsim.phone.tables import ACTS, INTENTS, STAGES, Tables

Codes = npt.NDArray[np.int64]
CODE = {intent: code for code, intent in enumerate(INTENTS)}
OBJECTING = np.array([CODE[name] for name in INTENTS if name.startswith("objection_")])
SPEAKING = np.array([CODE[name] for name in ("answer", "question", "complain")])
WORST_FIRST = (
    *("rude", "opt_out", "complain", "wrong_person", "refuse", "objection_trust", "objection_need", "objection_price"),
    *("objection_authority", "busy", "silence", "goodbye", "question", "answer", "agree"),
)
"""The order in which one uniform number is read: a line that makes bad answers less likely makes none of them new."""
_ORDER = np.array([CODE[name] for name in WORST_FIRST])
OCCASIONS = 256
"""Lines of one stage in one call that have luck of their own."""


@dataclass(frozen=True, eq=False)
class Chance:
    """The numbers that decide what some callees do after one line."""

    hang_up: Floats
    intent: Floats
    threshold: Floats


def chance(keys: luck.Keys, state: State, who: Where, line: Line) -> Chance:
    """The luck of some callees at a line that they are about to hear: the n-th of its stage."""
    occasion = line.stage * OCCASIONS + np.minimum(state.in_stage[who, line.stage], OCCASIONS - 1)
    hang_up, intent = (luck.uniforms(keys[who], purpose, occasion) for purpose in (luck.HANG_UP, luck.INTENT))
    return Chance(hang_up, intent, luck.uniforms(keys[who], luck.THRESHOLD))


def features(state: State, who: Where, line: Line, tables: Tables) -> dict[str, Any]:
    """Everything that the sums may hang on, for these callees after this line."""
    traits = state.traits
    budget = state.elapsed[who] / traits["time_budget_seconds"][who]
    free = tables.number("speech", "free_seconds")
    fixed = (
        *("one", "rudeness", "cold", "n_contacts", "open_complaint", "no_money", "no_authority", "no_need"),
        *("wrong_person", "complaint_call", "gentle_call"),
    )
    found: dict[str, Any] = {name: traits[name][who] for name in fixed}
    found |= {name: getattr(state, name)[who] for name in ("trust", "interest", "irritation", "refusals")}
    found |= {
        "hurry": np.minimum(budget, 2.0), "over_budget": np.clip(budget - 1.0, 0.0, 3.0),
        "monologue_seconds": max(0.0, line.seconds - free), "agreed": state.agreed[who],
        "decision": float(bool(line.decides)) * ~state.agreed[who], "opted_out": state.opted_out[who],
        "said_who": said_who(state, who), "no_objection_left": state.objections[who] <= 0,
    }  # fmt: skip
    return found


def total(weights: dict[str, float], found: dict[str, Any], line: Line) -> Any:
    """A sum of the table: weights times features; the acts and the stage of the line are features, too."""
    value: Any = 0.0
    for name, weight in weights.items():
        if name in found:
            value = value + weight * found[name]
        elif name in line.acts or name == f"stage_{STAGES[line.stage]}":
            value = value + weight
    return value


def hangs_up(state: State, who: Where, line: Line, u: Floats, tables: Tables) -> npt.NDArray[np.bool_]:
    """Who hangs up on this line."""
    logit = total(tables.weights("hanging_up"), features(state, who, line, tables), line)
    return np.asarray(u < _expit(logit))


def answers(state: State, who: Where, line: Line, luck_now: Chance, tables: Tables) -> Codes:
    """The intent with which each callee answers."""
    found = features(state, who, line, tables)
    said = _drawn(found, line, luck_now.intent, tables)
    if line.decides:
        yes = state.agreed[who] | (luck_now.threshold < willing(state, who, line, tables))
        state.agreed[who] = yes
        said[yes & ~np.isin(said, _NOT_A_YES)] = CODE["agree"]
        said[~yes & np.isin(said, _like_a_yes(line))] = CODE["refuse"]
        state.asked[who] = True
    return said


_NOT_A_YES = np.array([CODE["wrong_person"]])


def _like_a_yes(line: Line) -> list[int]:
    """Answers that the script takes for a yes: who does not want to, does not name a day either."""
    same = line.choices and line.choices[CODE["answer"]] == line.choices[CODE["agree"]]
    return [CODE["agree"], CODE["answer"]] if same else [CODE["agree"]]


def willing(state: State, who: Where, line: Line, tables: Tables) -> Floats:
    """The chance of a yes to what the line asks for; 0 for who lacks what the gate asks for."""
    logit = total(tables.weights("outcome"), features(state, who, line, tables), line)
    return np.asarray(_expit(logit)) * may(state, who, line.decides, tables)


def may(state: State, who: Where, dispositions: tuple[str, ...], tables: Tables) -> npt.NDArray[np.bool_]:
    """Who has everything that the gate asks for: for all of these dispositions."""
    needed = {trait for name in dispositions for trait in tables.gate.get(name, ())}  # type: ignore[call-overload]
    open_to = np.ones(len(who), dtype=bool) & (state.traits["wrong_person"][who] == 0)
    for trait in sorted(needed):
        open_to &= state.traits[trait][who]
    return open_to


def consents(state: State, who: Where, line: Line, keys: luck.Keys, tables: Tables) -> npt.NDArray[np.bool_]:
    """For whom an end is what it says: they have said yes, or were never asked but think that it is resolved."""
    disposition = line.end.disposition if line.end is not None else None
    if disposition not in WINNING:
        return np.zeros(len(who), dtype=bool)
    yes = state.agreed[who] & may(state, who, (disposition,), tables)
    if disposition == "resolved":
        content = luck.uniforms(keys[who], luck.THRESHOLD) < willing(state, who, line, tables)
        yes |= ~state.asked[who] & content
    return yes


def _drawn(found: dict[str, Any], line: Line, u: Floats, tables: Tables) -> Codes:
    """An intent for each callee: softmax, read off one uniform number from the worst answer to the best."""
    fixed, names, moving = _split(tables, line.acts, line.stage)
    columns = np.column_stack([np.broadcast_to(np.asarray(found[name], dtype=float), u.shape) for name in names])
    sums = columns @ moving + fixed
    weight = np.exp(sums - sums.max(axis=1, keepdims=True))
    below = np.cumsum(weight, axis=1)
    place = (u[:, None] * below[:, -1:] >= below).sum(axis=1)
    return _ORDER[np.minimum(place, len(_ORDER) - 1)].astype(np.int64)


@lru_cache(maxsize=4096)
def _split(tables: Tables, acts: frozenset[str], stage: int) -> tuple[Floats, tuple[str, ...], Floats]:
    """The sums of all intents for one kind of line: what is fixed, and the weights of what differs by callee."""
    given = {*acts, f"stage_{STAGES[stage]}"}
    rows = [tables.intents[name] for name in WORST_FIRST]  # type: ignore[index]
    fixed = np.array([sum(weight for name, weight in row.items() if name in given) for row in rows])
    may_hold = {f"stage_{name}" for name in STAGES} | set(ACTS)
    names = tuple(sorted({name for row in rows for name in row} - may_hold))
    return fixed, names, np.array([[row.get(name, 0.0) for row in rows] for name in names])


def remember(state: State, who: Where, said: Codes, line: Line, tables: Tables) -> None:
    """What an answer leaves behind in the state."""
    state.last[who] = said
    state.objections[who] -= np.isin(said, OBJECTING)
    state.refusals[who] += said == CODE["refuse"]
    state.opted_out[who] |= said == CODE["opt_out"]
    state.elapsed[who] += _seconds(tables)[said]
    speaks = who[np.isin(said, SPEAKING)]
    state.shift(speaks, {"irritation": tables.number("time", "own_words_irritation")}, "own_words", None)


@lru_cache(maxsize=64)
def _seconds(tables: Tables) -> Floats:
    spoken: Any = tables.speech["callee_seconds"]
    return np.array([float(spoken[name]) for name in INTENTS])


def complains(found: dict[str, Any], tables: Tables, u: Floats) -> npt.NDArray[np.bool_]:
    """Who complains to the firm about the call."""
    logit: Any = 0.0
    for name, weight in tables.weights("complaining").items():
        logit = logit + weight * np.asarray(found[name], dtype=float)
    return u < _expit(logit)


def rude_heard(state: State) -> npt.NDArray[np.bool_]:
    """Who has heard rude words."""
    return (state.heard & bits_of(("rude",))) != 0


def _expit(logit: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.asarray(logit, dtype=float)))
