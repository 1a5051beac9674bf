"""How often one may dial a number that nobody answers (TE8).

The handout: two consecutive calls, 10 minutes apart, unanswered: no third call for a short time. Read as a check:
the second call comes at least `min_gap` minutes after the first one that nobody answered [INF], and every further
call at least `cooldown` minutes [EXT] after the one before, as long as two calls in a row were not answered. Exactly
these times pass. An answered call begins the count anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import entries
from crmsim.errors import InputError
from crmsim.etiquette.calendars import clock_minutes, clock_text
from crmsim.etiquette.rule import Finding, rule


def check_attempts(
    times: Iterable[Any], answered: Iterable[bool], *, min_gap: float | None = None, cooldown: float | None = None,
) -> list[Finding]:
    """Which attempts to reach one person came too soon after calls that nobody answered (TE8).

    Parameters
    ----------
    times : sequence of number, str or datetime
        Start of each attempt, never earlier than the one before: minutes, "14:05" (all on one day), or Timestamps.
    answered : sequence of bool
        Whether somebody answered, for each attempt.
    min_gap : float, optional
        Least minutes from an unanswered call to the second one; by default 10. Exactly so many pass.
    cooldown : float, optional
        Least minutes from the second unanswered call in a row to the next; by default 60 [EXT]. Exactly so many pass.

    Returns
    -------
    list of Finding
        One TE8 for each attempt that came too soon; `place` is its number, from 1.

    Raises
    ------
    InputError
        The lengths differ, a time cannot be read, or the times fall.

    Notes
    -----
    Curriculum TE8.

    Examples
    --------
    >>> check_attempts(["14:00", "14:10", "15:10"], [False, False, True])
    []
    >>> [(found.place, found.evidence) for found in check_attempts([0, 10, 69], [False, False, False])]
    [(3, '59 minutes after 2 calls without an answer; at least 60')]
    """
    minutes = _minutes(entries("times", times, example="['14:00', '14:10']"))
    heard = _flags(entries("answered", answered, example="[False, True]"))
    if len(minutes) != len(heard):
        raise InputError(f"There are {len(minutes)} times but {len(heard)} entries in `answered`; give one for each.")
    parameters = rule("TE8").parameters
    limits = [_limit("min_gap", min_gap, parameters), _limit("cooldown", cooldown, parameters)]
    return [_too_soon(place + 1, gap, streak, limits) for place, gap, streak in _gaps(minutes, heard)
            if streak and gap < limits[min(streak, 2) - 1] - 1e-9]


def _too_soon(place: int, gap: float, streak: int, limits: Sequence[float]) -> Finding:
    least = limits[min(streak, 2) - 1]
    calls = "1 call" if streak == 1 else f"{streak} calls"
    advice = f"Wait {least:g} minutes after {'a call' if streak == 1 else 'two calls in a row'} without an answer."
    return Finding("TE8", f"{gap:g} minutes after {calls} without an answer; at least {least:g}", place, advice)


def _gaps(minutes: Sequence[float], answered: Sequence[bool]) -> list[tuple[int, float, int]]:
    """Each attempt but the first: its place, minutes since the one before, unanswered calls in a row before it."""
    found, streak = [], 0
    for place in range(1, len(minutes)):
        streak = 0 if answered[place - 1] else streak + 1
        found.append((place, minutes[place] - minutes[place - 1], streak))
    return found


def _limit(name: str, value: Any, parameters: Any) -> float:
    value = parameters[name] if value is None else value
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not 0 <= value < float("inf"):
        raise InputError(f"{name}={value!r} must be a number of minutes, 0 or more.")
    return float(value)


def _flags(answered: list[Any]) -> list[bool]:
    for place, flag in enumerate(answered, start=1):
        if not isinstance(flag, (bool, np.bool_)):
            raise InputError(f"answered, attempt {place}: True or False is needed, not {flag!r}.")
    return [bool(flag) for flag in answered]


def _minutes(times: list[Any]) -> list[float]:
    minutes = [_minute(time, place) for place, time in enumerate(times, start=1)]
    for place, (before, after) in enumerate(pairwise(minutes), start=2):
        if after < before:
            raise InputError(f"times, attempt {place}: {times[place - 1]!r} is before {times[place - 2]!r}; sort them.")
    return minutes


def _minute(time: Any, place: int) -> float:
    if isinstance(time, (datetime, np.datetime64)) and not pd.isna(time):
        return pd.Timestamp(time).timestamp() / 60
    if isinstance(time, (int, float, np.number)) and not isinstance(time, bool) and np.isfinite(time):
        return float(time)
    if isinstance(time, str):
        try:
            return float(clock_minutes(time))
        except InputError as error:
            raise InputError(f"times, attempt {place}: {error}") from None
    raise InputError(f"times, attempt {place}: {time!r} is no time; give minutes, '14:05' or a Timestamp.")


def attempts_log(events: pd.DataFrame) -> pd.DataFrame:
    """The attempts to reach each prospect in a log of one week, and how long after the last one they came.

    Parameters
    ----------
    events : DataFrame
        A table `call_events`: one row per event (see `check_call`). It covers one week, from Monday to Sunday.

    Returns
    -------
    DataFrame
        One row per call, by prospect and time: `prospect_id`, `call_id`, `attempt_no`, `weekday`, `start`, `answered`,
        `gap_minutes` (since the call before to the same prospect; nan for the first), `n_unanswered_before` (calls in
        a row, just before, that nobody answered).

    Raises
    ------
    InputError
        The table is not in order; row and column are named.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(30, seed=1)
    >>> int(attempts_log(logs.events)["attempt_no"].max())
    3
    """
    from crmsim.etiquette.calllog import calls_of

    calls = sorted(calls_of(events), key=lambda call: (str(call.prospect_id), call.week_minute, call.attempt_no))
    rows, streak, before = [], 0, None
    for call in calls:
        same = before is not None and before.prospect_id == call.prospect_id
        streak = (0 if before.answered else streak + 1) if same and before is not None else 0
        gap = float(call.week_minute - before.week_minute) if same and before is not None else float("nan")
        start = clock_text(call.minutes)
        rows.append((call.prospect_id, call.call_id, call.attempt_no, call.weekday, start, call.answered, gap, streak))
        before = call
    names = ["prospect_id", "call_id", "attempt_no", "weekday", "start", "answered", "gap_minutes",
             "n_unanswered_before"]
    return pd.DataFrame(rows, columns=names)
