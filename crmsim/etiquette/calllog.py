"""Reading a log of telephone calls: one row per event, checked before anything is judged.

| Column | One value |
|---|---|
| call_id, prospect_id | any label |
| weekday, start | "mon" ... "sun" (or "周一") and "HH:MM", when the number was dialled |
| attempt_no | 1, 2, 3, ...: which attempt to reach this prospect |
| event | dial, ring, customer_voice, agent_say, customer_say, hangup_agent, hangup_customer |
| t_seconds | seconds since the beginning of the call, never falling |
| text | what is said; empty where nothing is said |
| tone | warm, neutral, cold or rude, where something is said; else empty |

A log covers one week. Rows of one call stand in the order in which things happened.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from crmsim.customers.arguments import label
from crmsim.errors import InputError, did_you_mean
from crmsim.etiquette.calendars import DAY_MINUTES, DAYS, clock_minutes, weekday_of

EVENTS = ("dial", "ring", "customer_voice", "agent_say", "customer_say", "hangup_agent", "hangup_customer")
TONES = ("warm", "neutral", "cold", "rude")
COLUMNS = ("call_id", "prospect_id", "weekday", "start", "attempt_no", "event", "t_seconds", "text", "tone")
_OF_THE_CALL = ("prospect_id", "weekday", "minutes", "attempt_no")


@dataclass(frozen=True)
class Event:
    """One event of a call; `row` is its label in the table."""

    row: Any
    event: str
    t_seconds: float
    text: str
    tone: str


@dataclass(frozen=True)
class Call:
    """One call: whom, when (`minutes` since midnight), the number of the attempt, and its events in order."""

    call_id: Hashable
    prospect_id: Hashable
    weekday: str
    minutes: int
    attempt_no: int
    events: tuple[Event, ...]

    @property
    def week_minute(self) -> int:
        """Minutes since the beginning of the week."""
        return DAYS.index(self.weekday) * DAY_MINUTES + self.minutes

    @cached_property
    def agent(self) -> tuple[Event, ...]:
        """What the agent says."""
        return tuple(event for event in self.events if event.event == "agent_say")

    @cached_property
    def customer(self) -> tuple[Event, ...]:
        """What the customer says."""
        return tuple(event for event in self.events if event.event in ("customer_voice", "customer_say"))

    @property
    def answered(self) -> bool:
        """Whether the other side was heard."""
        return bool(self.customer)

    def first(self, *names: str) -> Event | None:
        """The first event of these names, or None."""
        return next((event for event in self.events if event.event in names), None)


def calls_of(events: pd.DataFrame) -> list[Call]:
    """The calls of a log, in the order in which they begin in the table.

    Errors: `InputError` for a missing column, an unknown event, weekday or tone, a text where a number is needed, times
    that fall within a call, or a call whose rows disagree; row and column are named.
    """
    _check_columns(events)
    read = {name: _column(events, name, reader) for name, reader in _READERS.items()}
    rows: dict[Any, list[int]] = {}
    for place, call_id in enumerate(events["call_id"].tolist()):
        rows.setdefault(_label(events, place, "call_id", call_id), []).append(place)
    prospects = [_label(events, k, "prospect_id", who) for k, who in enumerate(events["prospect_id"].tolist())]
    return [_call(events, call_id, places, {**read, "prospect_id": prospects}) for call_id, places in rows.items()]


def one_call(events: pd.DataFrame, call_id: Any = None) -> tuple[Call, list[Call]]:
    """One call of a log, by default the last to begin, and all calls to the same prospect by time.

    Errors: `InputError` when there is no such call, or the log holds several prospects and no `call_id` is given.
    """
    calls = calls_of(events)
    known = {call.call_id: call for call in calls}
    if call_id is None and len({call.prospect_id for call in calls}) > 1:
        raise InputError(
            f"events: these are {len(calls)} calls to several prospects. Say which call: "
            f"call_id={calls[0].call_id!r}, or use check_calls for all of them."
        )
    if call_id is not None and label("call_id", call_id) not in known:
        near = did_you_mean(str(call_id), map(str, list(known)[:20]))
        raise InputError(f"call_id={call_id!r} is not in the table. {near}")
    order = sorted(calls, key=lambda call: (call.week_minute, call.attempt_no))
    chosen = order[-1] if call_id is None else known[call_id]
    return chosen, [call for call in order if call.prospect_id == chosen.prospect_id]


def _check_columns(events: Any) -> None:
    if not isinstance(events, pd.DataFrame):
        raise InputError(f"events: a pandas table is needed, but a {type(events).__name__} was given.")
    for name in COLUMNS:
        if name not in events.columns:
            raise InputError(f"events: the column {name!r} is missing. {did_you_mean(name, map(str, events.columns))} "
                             f"Needed: {', '.join(COLUMNS)}.")
    if events.columns.duplicated().any():
        raise InputError(f"events: the column {events.columns[events.columns.duplicated()][0]!r} stands there twice.")
    if len(events) == 0:
        raise InputError("events: the table has no rows; give at least one call.")


def _refusal(events: pd.DataFrame, place: int, column: str, problem: str) -> InputError:
    return InputError(f"events, row {place} (index {events.index[place]!r}), column {column!r}: {problem}")


def _column(events: pd.DataFrame, name: str, reader: Callable[[Any], Any]) -> list[Any]:
    """The values of a column as they are meant; a value is read once, however often it occurs."""
    column = "start" if name == "minutes" else name
    known: dict[tuple[type, Any], Any] = {}
    values = []
    for place, value in enumerate(events[column].tolist()):
        try:
            key = (type(value), value)
            if key not in known:
                known[key] = reader(value)
            values.append(known[key])
        except InputError as error:
            raise _refusal(events, place, column, str(error)) from None
        except TypeError:
            raise _refusal(events, place, column, f"a {type(value).__name__} is no value of this column.") from None
    return values


def _label(events: pd.DataFrame, place: int, column: str, value: Any) -> Any:
    is_label: Any = isinstance(value, Hashable)
    if not is_label or value is None or value is pd.NA or value != value:
        raise _refusal(events, place, column, f"{value!r} is no label; every row needs one.")
    return value


def _call(events: pd.DataFrame, call_id: Any, places: list[int], read: dict[str, list[Any]]) -> Call:
    first = {name: read[name][places[0]] for name in _OF_THE_CALL}
    seconds = -1.0
    for place in places:
        for name in _OF_THE_CALL:
            if read[name][place] != first[name]:
                column = "start" if name == "minutes" else name
                raise _refusal(events, place, column, f"another value than in the rows before of call {call_id!r}.")
        if read["t_seconds"][place] < seconds:
            found = read["t_seconds"][place]
            problem = f"{found:g} comes after {seconds:g}; sort the rows of the call by time."
            raise _refusal(events, place, "t_seconds", problem)
        seconds = read["t_seconds"][place]
    names = ("event", "t_seconds", "text", "tone")
    told = tuple(Event(events.index[place], *(read[name][place] for name in names)) for place in places)
    return Call(call_id=call_id, events=told, **first)


def _number(value: Any) -> float:
    if isinstance(value, (bool, str)) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise InputError(f"{value!r} is no number of 0 or more.")
    return float(value)


def _attempt(value: Any) -> int:
    number = _number(value)
    if number < 1 or number % 1:
        raise InputError(f"{value!r} is no number of an attempt; write 1, 2, 3, ...")
    return int(number)


def _event(value: Any) -> str:
    if value not in EVENTS:
        raise InputError(f"{value!r} is no event. {did_you_mean(str(value), EVENTS)}")
    return str(value)


def _tone(value: Any) -> str:
    word = _text(value).strip().casefold()
    if word and word not in TONES:
        raise InputError(f"{value!r} is no tone. {did_you_mean(word, TONES)}")
    return word


def _text(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if not isinstance(value, str):
        raise InputError(f"{value!r} is no text.")
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "weekday": weekday_of, "minutes": clock_minutes, "attempt_no": _attempt, "event": _event, "t_seconds": _number,
    "text": _text, "tone": _tone,
}
