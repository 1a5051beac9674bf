"""The calls themselves, all at once: line by line, everybody who stands at the same line together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.phone import luck
from crmsim.phone.answering import picked_up
from crmsim.phone.model import Script
from crmsim.phone.moving import FEELINGS, Notes, State, begin, hear
from crmsim.phone.prepared import LOST, Line, Prepared, prepared
from crmsim.phone.reacting import CODE, Codes, answers, chance, consents, hangs_up, remember
from crmsim.phone.tables import INTENTS, Tables

MOST_TURNS = 60
"""Lines of the agent after which a call is broken off as one that does not end."""
RUNNING = -2
NOBODY, CUSTOMER, AGENT = range(3)
Where = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Call:
    """What a call hangs on, so that it can be played again."""

    script: Script
    people: pd.DataFrame
    seed: int
    replication: int
    warm: bool
    language: str
    n_dials: int
    tables: Tables
    explain: bool = False


@dataclass(eq=False)
class Talked:
    """What came of the calls; arrays in the order of the callees."""

    prepared: Prepared
    state: State
    dial: npt.NDArray[np.int64]
    ended_at: npt.NDArray[np.int64]
    hung_up_by: npt.NDArray[np.int64]
    accepted: npt.NDArray[np.bool_]
    keys: luck.Keys
    steps: list[dict[str, Any]] = field(default_factory=list)

    def table(self) -> pd.DataFrame:
        """One row per line of the agent: who heard it, what was answered, where it led, how the state then stood."""
        ids = self.state.people.index.to_numpy()
        names = np.array([*(line.id for line in self.prepared.lines), ""], dtype=object)
        columns: dict[str, Any] = {key: _joined(self.steps, key) for key in ("who", "turn", "line", "said", "to")}
        intents = np.array([*INTENTS, ""], dtype=object)
        return pd.DataFrame(
            {
                "customer_id": ids[columns["who"]], "turn": columns["turn"], "node": names[columns["line"]],
                "intent": intents[columns["said"]], "to": names[columns["to"]],
                **{name: np.concatenate([np.empty(0), *(step[name] for step in self.steps)]) for name in FEELINGS},
            }
        ).sort_values(["customer_id", "turn"], kind="stable", ignore_index=True)  # fmt: skip


def _joined(steps: list[dict[str, Any]], key: str) -> npt.NDArray[np.int64]:
    return np.concatenate([np.empty(0, dtype=np.int64), *(step[key] for step in steps)])


def talk(how: Call) -> Talked:
    """Play all calls to their end."""
    table, people = how.tables, how.people
    ready = prepared(how.script, how.language, people, table)
    keys = luck.keys(how.seed, how.replication, people.index)
    wrong = luck.uniforms(keys, luck.WHO) < table.number("people", "wrong_person_share")
    state = begin(people, table, cold=not how.warm, wrong=wrong, purpose=how.script.purpose)
    dial = picked_up(keys, table, warm=how.warm, n_dials=how.n_dials)
    n = len(people)
    talked = Talked(ready, state, dial, np.full(n, LOST), np.full(n, NOBODY), np.zeros(n, dtype=bool), keys)
    at = np.where(dial > 0, ready.first, RUNNING)
    for turn in range(1, MOST_TURNS + 1):
        if not (at >= 0).any():
            break
        now = at.copy()
        for number in np.unique(now[now >= 0]):
            who = np.flatnonzero(now == number)
            at[who] = _one_line(talked, who, number=int(number), turn=turn, how=how)
    talked.ended_at[at >= 0] = RUNNING
    return talked


def _one_line(talked: Talked, who: Where, *, number: int, turn: int, how: Call) -> Codes:
    """Say one line to all who stand at it; where each goes next, or RUNNING when the call is over."""
    line, state = talked.prepared.lines[number], talked.state
    now = chance(talked.keys, state, who, line)
    notes: Notes | None = [] if how.explain else None
    if line.text:
        hear(state, who, line, how.tables, notes)
    if line.end is not None:
        _end(talked, who, number, line, how.tables)
        _write(talked, who, turn=turn, line=number, said=np.full(len(who), -1), to=np.full(len(who), -1), notes=notes)
        return np.full(len(who), RUNNING)
    gone = hangs_up(state, who, line, now.hang_up, how.tables)
    said = answers(state, who, line, now, how.tables)
    said[gone] = CODE["hang_up"]
    state.agreed[who[gone]] = False
    remember(state, who, said, line, how.tables)
    to = _next(line, said, who)
    _write(talked, who, turn=turn, line=number, said=said, to=to, notes=notes)
    _leave(talked, who, said, to)
    return np.where((to == LOST) | gone, RUNNING, to)


def _next(line: Line, said: Codes, who: Where) -> Codes:
    """Where each answer leads: the first reply that fits."""
    to = np.full(len(who), LOST, dtype=np.int64)
    for code in np.unique(said):
        open_ = said == code
        for target, mask in line.choices[code]:
            fits = open_ if mask is None else open_ & mask[who]
            to[fits] = target
            open_ = open_ & ~fits
    return to


def _leave(talked: Talked, who: Where, said: Codes, to: Codes) -> None:
    """Calls that end without their last line: the callee has hung up, or the script knows no answer."""
    gone = said == CODE["hang_up"]
    talked.ended_at[who[gone]] = to[gone]
    talked.hung_up_by[who[gone]] = CUSTOMER
    stuck = ~gone & (to == LOST)
    talked.hung_up_by[who[stuck]] = AGENT


def _end(talked: Talked, who: Where, number: int, line: Line, tables: Tables) -> None:
    assert line.end is not None
    talked.ended_at[who] = number
    talked.hung_up_by[who] = CUSTOMER if line.end.hangs_up == "customer" else AGENT
    talked.accepted[who] = consents(talked.state, who, line, talked.keys, tables)


def _write(talked: Talked, who: Where, *, turn: int, line: int, said: Codes, to: Codes, notes: Notes | None) -> None:
    n = len(who)
    step = {"who": who, "turn": np.full(n, turn), "line": np.full(n, line), "said": said, "to": to, "why": notes}
    talked.steps.append(step | {name: getattr(talked.state, name)[who].copy() for name in FEELINGS})
