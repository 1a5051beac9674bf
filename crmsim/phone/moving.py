"""The moving state of many callees at once, and what a line of the agent does to it.

State: trust, interest and irritation (0 to 1), objections left, refusals, time passed, what has been heard. A line
moves it by the rows of the table of moves that hold for the callee, then by its length and the time that has passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.phone.prepared import CLOSING, Line
from crmsim.phone.tables import ACTS, INTENTS, STAGES, Move, Tables

Floats = npt.NDArray[np.float64]
Where = npt.NDArray[np.intp]
FEELINGS = ("trust", "interest", "irritation")
NOTHING_SAID = -1
_BIT = {act: np.int64(1) << np.int64(number) for number, act in enumerate(ACTS)}
_CODE = {intent: code for code, intent in enumerate(INTENTS)}
Notes = list[tuple[str, dict[str, float]]]
"""What moved the state of one callee, and by how much; only kept when somebody asks."""


def bits_of(acts: Any) -> np.int64:
    """Acts as bits of one number."""
    found = np.int64(0)
    for act in acts:
        found |= _BIT[act]
    return found


@dataclass(eq=False)
class State:
    """Where each callee stands; all arrays are in the order of `people`."""

    people: pd.DataFrame
    traits: dict[str, Any]
    trust: Floats
    interest: Floats
    irritation: Floats
    elapsed: Floats = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.people)
        self.elapsed, self.spoken = np.zeros(n), np.zeros(n)
        self.begun = {name: getattr(self, name).copy() for name in FEELINGS}
        self.heard = np.zeros(n, dtype=np.int64)
        self.last = np.full(n, NOTHING_SAID)
        self.refusals, self.turns = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        self.objections = self.traits["objections"].copy()
        self.agreed, self.opted_out, self.ignored, self.asked = (np.zeros(n, dtype=bool) for _ in range(4))
        self.in_stage = np.zeros((n, len(STAGES)), dtype=np.int64)

    def shift(self, who: Where, changes: dict[str, Any], why: str, notes: Notes | None) -> None:
        """Add to the feelings of some callees, within 0 and 1; with notes there is one callee."""
        moved = {}
        for name, by in changes.items():
            column = getattr(self, name)
            before = column[who]
            column[who] = np.clip(before + by, 0.0, 1.0)
            if notes is not None and len(who):
                moved[name] = float((column[who] - before)[0])
        if notes is not None and any(moved.values()):
            notes.append((why, moved))


def begin(people: pd.DataFrame, tables: Tables, *, cold: bool, wrong: npt.NDArray[np.bool_], purpose: str) -> State:
    """The state in which each callee picks up."""
    n = len(people)
    traits: dict[str, Any] = {name: people[name].to_numpy(dtype=bool) for name in ("money", "authority", "need")}
    for name in ("open_complaint", "losing"):
        traits[name] = people[name].to_numpy(dtype=bool)
    for name in ("rudeness", "patience", "time_budget_seconds", "z_trust", "z_interest"):
        traits[name] = people[name].to_numpy(dtype=np.float64)
    traits["objections"] = people["objections"].to_numpy(dtype=np.int64)
    traits |= {f"no_{name}": (~traits[name]).astype(float) for name in ("money", "authority", "need")}
    traits |= {
        "one": np.ones(n), "cold": np.full(n, float(cold)), "wrong_person": wrong.astype(float),
        "n_contacts": people["n_contacts"].to_numpy(dtype=np.float64),
        "score_above_3": people["mood"].to_numpy(dtype=np.float64) - 3,
        "complaint_call": np.full(n, float(purpose == "complaint")),
        "gentle_call": np.full(n, float(purpose in ("welcome", "survey"))),
    }  # fmt: skip
    sums = {name: np.zeros(n) for name in FEELINGS}
    for part in tables.start:
        sums[part.to] += part.add * traits[part.trait]
    return State(people, traits, *(np.clip(sums[name], 0.0, 1.0) for name in FEELINGS))


def hear(state: State, who: Where, line: Line, tables: Tables, notes: Notes | None) -> None:
    """What a line does to those who hear it."""
    for move in line.moves:
        affected = who[_holds(move, state, who)]
        if len(affected):
            changes = {name: getattr(move, name) for name in FEELINGS if getattr(move, name)}
            state.shift(affected, changes, move.id, notes)
            if move.id == "opt_out_ignored":
                state.ignored[affected] = True
    _length(state, who, line, tables, notes)
    state.heard[who] |= bits_of(line.acts)
    state.turns[who] += 1
    state.in_stage[who, line.stage] += 1


def _holds(move: Move, state: State, who: Where) -> npt.NDArray[np.bool_]:
    """For whom the part of a row holds that hangs on the callee and on what has been said."""
    heard = state.heard[who]
    holds = np.ones(len(who), dtype=bool)
    if move.first is not None:
        wanted = bits_of(move.acts)
        holds &= ((heard & wanted) != wanted) == move.first
    if move.heard:
        holds &= (heard & bits_of(move.heard)) == bits_of(move.heard)
    if move.unheard:
        holds &= (heard & bits_of(move.unheard)) == 0
    if move.after:
        holds &= np.isin(state.last[who], [_CODE[intent] for intent in move.after])
    for trait, value in move.traits.items():
        holds &= state.traits[trait][who] == value
    if move.refusals:
        holds &= state.refusals[who] >= move.refusals
    if move.opted_out:
        holds &= state.opted_out[who]
    return holds


def _length(state: State, who: Where, line: Line, tables: Tables, notes: Notes | None) -> None:
    """What the length of a line does, and the time that has passed."""
    time = tables.weights("time")
    beyond = max(0.0, line.seconds - tables.number("speech", "free_seconds"))
    if beyond:
        strain = beyond * (1.5 - state.traits["patience"][who])
        changes = {"irritation": time["monologue_irritation"] * strain, "interest": time["monologue_interest"] * strain}
        state.shift(who, changes, "monologue", notes)
    state.elapsed[who] += line.seconds
    state.spoken[who] += line.seconds
    if line.stage != CLOSING:
        over = np.clip(state.elapsed[who] - state.traits["time_budget_seconds"][who], 0.0, line.seconds)
        if over.any():
            state.shift(who, {"irritation": time["over_budget_irritation"] * over}, "over_time", notes)
    asks = line.acts & {"ask_open", "ask_closed"} and not line.acts & {"pitch", "state_price", "state_purpose"}
    unanswered = who[state.last[who] == _CODE["question"]] if asks else who[:0]
    if len(unanswered):
        state.shift(unanswered, {"irritation": time["question_unanswered"]}, "question_unanswered", notes)


def said_who(state: State, who: Where) -> Floats:
    """1 for those who have heard company and name."""
    wanted = bits_of(("identify_company", "identify_self"))
    return ((state.heard[who] & wanted) == wanted).astype(float)
