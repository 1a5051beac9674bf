"""When to be at the door (拜访时间): too early, best, acceptable, late.

early = appointed time - arrival, in minutes. "late" if early < 0 (VT3); "best" if 5 <= early <= 7 (VT4);
"too_early" if early > 7 (VT2); "acceptable" if 0 <= early < 5. The material says what is best and that one should be
neither too early nor late; the limits of "too early" and "acceptable" are [EXT]. The meeting begins at the appointed
time (VT1), whenever one arrived before it.

Source: curriculum VT1-VT4.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.etiquette.rule import Finding, rule

CLASSES = ("too_early", "best", "acceptable", "late")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_NO_DAY = dt.date(2000, 1, 1)


def arrival(appointed: Any, arrived: Any) -> str:
    """Return the class of an arrival: "too_early", "best", "acceptable" or "late".

    Parameters
    ----------
    appointed, arrived : str, datetime or Timestamp
        Both times of one day ("14:54"), or both moments ("2026-03-02 14:54").

    Errors: `InputError` for what is no time, or a time of day beside a moment.

    >>> [arrival("15:00", time) for time in ("14:52", "14:53", "14:55", "14:56", "15:00", "15:01")]
    ['too_early', 'best', 'best', 'acceptable', 'acceptable', 'late']
    """
    return str(_classes(np.array([minutes_early(appointed, arrived)]))[0])


def minutes_early(appointed: Any, arrived: Any) -> float:
    """Return the minutes from arrival to the appointed time; negative when late.

    >>> minutes_early("15:00", "15:02:30")
    -2.5
    """
    (due, due_has_day), (came, came_has_day) = _moment(appointed, "appointed"), _moment(arrived, "arrived")
    if due_has_day != came_has_day:
        raise InputError(f"appointed={appointed!r} and arrived={arrived!r}: give both with a day, or both without.")
    if (due.tzinfo is None) != (came.tzinfo is None):
        raise InputError(f"appointed={appointed!r} and arrived={arrived!r}: give both with a time zone, or neither.")
    return (due - came).total_seconds() / 60


def check_arrival(appointed: Any, arrived: Any) -> list[Finding]:
    """Return VT2 or VT3 with the evidence, or nothing.

    >>> check_arrival("15:00", "15:10")[0].evidence
    '10 minutes late'
    """
    early, name = minutes_early(appointed, arrived), arrival(appointed, arrived)
    advice = "Be at the door five to seven minutes before the time."
    if name == "late":
        return [Finding("VT3", f"{-early:g} minutes late", str(arrived), advice)]
    if name == "too_early":
        return [Finding("VT2", f"{early:g} minutes early", str(arrived), "Wait near by. " + advice)]
    return []


def arrivals(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return the class of every meeting of a table.

    Parameters
    ----------
    meetings : DataFrame
        One row a meeting: `appointed`, `arrived` (dates with time).

    Returns
    -------
    DataFrame
        The same rows: `early_minutes` (negative when late), `arrival` (class), `code` ("VT2", "VT3" or empty), `begins`
        (the appointed time; the arrival for those who are late).

    Errors: `InputError` for a missing column, an empty cell, or a column that holds no dates.

    >>> due = pd.Timestamp("2026-03-02 15:00")
    >>> table = pd.DataFrame({"appointed": due, "arrived": [due - pd.Timedelta(minutes=m) for m in (8, 6, -1)]})
    >>> arrivals(table)["arrival"].tolist()
    ['too_early', 'best', 'late']
    """
    require_columns(meetings, {"appointed": "time", "arrived": "time"}, what="meetings")
    appointed, arrived = meetings["appointed"], meetings["arrived"]
    try:
        early = (appointed - arrived).dt.total_seconds() / 60
    except TypeError:
        raise InputError("meetings: give `appointed` and `arrived` both with a time zone, or neither.") from None
    found = pd.Series(_classes(early.to_numpy()), index=meetings.index)
    codes = found.map({"too_early": "VT2", "late": "VT3"}).fillna("")
    begins = appointed.where(appointed >= arrived, arrived)
    return pd.DataFrame({"early_minutes": early, "arrival": found, "code": codes, "begins": begins})


def _classes(early: Any) -> Any:
    best, most = rule("VT4").parameters, rule("VT2").parameters["too_early_minutes"]
    is_best = (early >= best["latest_minutes"]) & (early <= best["earliest_minutes"])
    return np.select([early < 0, is_best, early > most], ["late", "best", "too_early"], "acceptable")


def _moment(value: Any, what: str) -> tuple[pd.Timestamp, bool]:
    """A moment, and whether it has a day of its own."""
    clock = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if clock:
        hour, minute, second = (int(part or 0) for part in clock.groups())
        value = dt.time(hour, minute, second)
    if isinstance(value, dt.time):
        return pd.Timestamp(dt.datetime.combine(_NO_DAY, value)), False
    if isinstance(value, (str, dt.datetime, np.datetime64)):
        moment = pd.to_datetime(value, errors="coerce")
        if not pd.isna(moment):
            return moment, True
    raise InputError(f"{what}={value!r} is no time; write '14:54' or '2026-03-02 14:54'.")
