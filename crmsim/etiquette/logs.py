"""Simulated telephone logs with known faults: to practise on, and to test what finds faults.

Every prospect is called once, or several times within hours; the last call to each is the planned one and breaks
exactly the rules that were planned, all calls before it break none. Logs of one seed in Chinese and English are the
same calls, line by line. Names, firms, words and times are invented [EXT].
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import entries, label, names_of
from crmsim.errors import InputError
from crmsim.etiquette.calendars import DAY_MINUTES, DAYS, clock_minutes, clock_text, windows
from crmsim.etiquette.calllog import COLUMNS
from crmsim.etiquette.moments import Week
from crmsim.etiquette.rule import rule
from crmsim.etiquette.talk import Row, conversation, lines_in, unanswered

CODES = tuple(f"TE{number}" for number in range(1, 12))
OF_TIME = frozenset({"TE6", "TE7", "TE8"})
"""Rules that a call can break to which nobody answers."""
MOST = 20_000


@dataclass(frozen=True)
class CallLogs:
    """Calls of one week, whom they were made to, and what only the simulator knows.

    Attributes
    ----------
    events : DataFrame
        One row per event (`call_events`, see `check_call`).
    prospects : DataFrame
        One row per prospect, index `prospect_id`: `name`, `industry`, `company` and `agent` who call, `call_id` of the
        last call.
    truth : DataFrame
        One row per call, index `call_id`; a column for each of TE1 ... TE11, True where the call breaks the rule.
    """

    events: pd.DataFrame
    prospects: pd.DataFrame
    truth: pd.DataFrame

    def __repr__(self) -> str:
        return f"<CallLogs: {len(self.prospects):,} prospects, {len(self.truth):,} calls, {len(self.events):,} events>"


def call_logs(
    n: int, *, seed: int, language: str = "zh", faults: Sequence[Collection[str]] | None = None,
    table: pd.DataFrame | None = None, monday_earliest: Any = None,
) -> CallLogs:
    """Simulated calls to `n` prospects, of which it is known what rules they break.

    Parameters
    ----------
    n : int
        Number of prospects, 1 to 20,000. From 13 on every rule is broken by at least one call, and at least two calls
        break none.
    seed : int
        The same seed gives the same logs.
    language : str
        "zh" or "en".
    faults : sequence of sets of codes, optional
        For each prospect what the last call breaks, instead of drawing it; TE6 and TE8 never together, for who calls
        early on a Monday cannot have tried before in that week.
    table, monday_earliest
        Hours of the industries, and the time from which one may call on a Monday, as for `check_time` [EXT].

    Returns
    -------
    CallLogs

    Raises
    ------
    InputError
        A wrong number, seed, language or code, or no table of hours.

    Examples
    --------
    >>> logs = call_logs(20, seed=5, faults=[{"TE3"}] + 19 * [set()])
    >>> logs.truth.any().loc[lambda broken: broken].index.tolist()
    ['TE3']
    """
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 1 <= n <= MOST:
        raise InputError(f"n={n!r}: a whole number from 1 to {MOST:,} is needed.")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise InputError(f"seed={seed!r}: a whole number of 0 or more is needed.")
    lines_in(label("language", language))
    rng = np.random.default_rng(int(seed))
    earliest = rule("TE6").parameters["monday_earliest"] if monday_earliest is None else monday_earliest
    week = Week(windows() if table is None else table, clock_minutes(earliest))
    plan = _plan(int(n), rng) if faults is None else _given(faults, int(n))
    told: list[tuple[Any, ...]] = []
    people: list[tuple[Any, ...]] = []
    truth: list[tuple[str, frozenset[str]]] = []
    for number, broken in enumerate(plan, start=1):
        rows, person, calls = _prospect(number, broken, rng, language, week)
        told.extend(rows)
        people.append(person)
        truth.extend(calls)
    return CallLogs(_events(told), _prospects(people), _truth(truth))


def _plan(n: int, rng: np.random.Generator) -> list[frozenset[str]]:
    """What each prospect's last call breaks: first every rule once and nothing twice, then as it comes."""
    plan = [frozenset({code}) for code in CODES] + 2 * [frozenset[str]()]
    while len(plan) < n:
        size = int(rng.choice([0, 1, 2, 3], p=[0.25, 0.35, 0.3, 0.1]))
        broken = frozenset(str(code) for code in rng.choice(CODES, size, replace=False))
        if not {"TE6", "TE8"} <= broken:
            plan.append(broken)
    return [plan[place] for place in rng.permutation(len(plan))[:n]]


def _given(faults: Any, n: int) -> list[frozenset[str]]:
    given = entries("faults", faults, example="[{'TE3'}, set()]")
    plan = [frozenset(names_of(f"faults[{k}]", codes, example="{'TE3'}")) for k, codes in enumerate(given)]
    if len(plan) != n:
        raise InputError(f"faults: there are {len(plan)} sets of codes for {n} prospects; give one for each.")
    for place, broken in enumerate(plan):
        if broken - set(CODES):
            raise InputError(f"faults[{place}]: {min(broken - set(CODES), key=str)!r} is no code; known: TE1 to TE11.")
        if {"TE6", "TE8"} <= broken:
            raise InputError(f"faults[{place}]: TE6 and TE8 cannot be broken by one call; leave one out.")
    return plan


def _prospect(
    number: int, broken: frozenset[str], rng: np.random.Generator, language: str, week: Week,
) -> tuple[list[tuple[Any, ...]], tuple[Any, ...], list[tuple[str, frozenset[str]]]]:
    """The calls to one prospect: rows, the prospect, and what each call breaks."""
    who, prospect = _names(rng, language), f"P{number:04d}"
    industry, minutes, answered = week.series(rng, broken)
    is_silent = broken <= OF_TIME and rng.random() < 0.25
    answered = [*answered[:-1], not is_silent]
    rows, truth = [], []
    for attempt, (minute, is_answered) in enumerate(zip(minutes, answered, strict=True), start=1):
        is_last, call_id = attempt == len(minutes), f"C{number:04d}-{attempt}"
        codes = broken if is_last else frozenset[str]()
        told = conversation(language, rng, who, codes) if is_answered else unanswered(rng)
        rows += _rows(call_id, prospect, attempt, minute, told)
        truth.append((call_id, codes))
    name = lines_in(language)["address"].replace("{surname}", who["surname"]).replace("{title}", who["title"])
    person = (prospect, name.strip(", ，"), industry, who["company"], who["agent"], truth[-1][0])
    return rows, person, truth


def _names(rng: np.random.Generator, language: str) -> dict[str, str]:
    lines = lines_in(language)
    groups = {"surname": "surnames", "title": "titles", "company": "companies", "agent": "agents"}
    return {name: str(rng.choice(lines[group])) for name, group in groups.items()}


def _rows(call_id: str, prospect: str, attempt: int, minute: int, told: list[Row]) -> list[tuple[Any, ...]]:
    day, start = DAYS[minute // DAY_MINUTES], clock_text(minute % DAY_MINUTES)
    return [
        (call_id, prospect, day, start, attempt, event, seconds, text, tone) for event, seconds, text, tone in told
    ]


def _events(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _prospects(people: list[tuple[Any, ...]]) -> pd.DataFrame:
    names = ["prospect_id", "name", "industry", "company", "agent", "call_id"]
    return pd.DataFrame(people, columns=names).set_index("prospect_id")


def _truth(calls: list[tuple[str, frozenset[str]]]) -> pd.DataFrame:
    index = pd.Index([call_id for call_id, _ in calls], name="call_id")
    return pd.DataFrame({code: [code in broken for _, broken in calls] for code in CODES}, index=index)
