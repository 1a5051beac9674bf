"""When one may telephone: not too early on Monday (TE6), and at the hours of the other side's industry (TE7).

A moment is a weekday and a time of day. It is inside a window when it is neither before its beginning nor after its
end: both ends pass. The handout names neither an hour nor a table; both are parameters [EXT] (`telephone.yaml`,
`industries.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told
from crmsim.etiquette.rule import Finding, rule

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_FILE = Path(__file__).with_name("industries.csv")
_CHINESE = dict(zip("一二三四五六日天", (*DAYS, "sun"), strict=True))
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：][0-5]\d)?")
Hours = dict[str, dict[str, list[tuple[int, int]]]]


def weekday_of(value: Any) -> str:
    """A weekday in short: "mon" ... "sun", from "Monday", "Mon", "周一", "星期一".

    >>> weekday_of("周二"), weekday_of("Friday")
    ('tue', 'fri')
    """
    word = value.strip().casefold() if isinstance(value, str) else ""
    if len(word) >= 3 and any(name.startswith(word.rstrip(".")) for name in _ENGLISH):
        return word[:3]
    if word in ("tues", "thur", "thurs"):
        return word[:3]
    chinese = re.fullmatch(r"(?:周|星期|礼拜|週)([一二三四五六日天])", word)
    if chinese:
        return _CHINESE[chinese[1]]
    raise InputError(f"{value!r} is no weekday; write one of {', '.join(DAYS)}.")


def clock_minutes(value: Any) -> int:
    """Minutes since midnight of a time of day: "09:30", or a `time`.

    >>> clock_minutes("09:30")
    570
    """
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise InputError(f"{value!r} is no time of day; write hours and minutes as in '09:30'.")
    return int(found[1]) * 60 + int(found[2])


def clock_text(minutes: float) -> str:
    """A time of day from minutes since midnight.

    >>> clock_text(570)
    '09:30'
    """
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def moment_of(start: Any) -> tuple[str, int]:
    """Weekday and minutes since midnight of "mon 09:30", "周一 9:30" or a date with a time.

    >>> moment_of("Mon 09:30")
    ('mon', 570)
    """
    if isinstance(start, datetime) and not pd.isna(start):
        return DAYS[start.weekday()], start.hour * 60 + start.minute
    parts = start.split() if isinstance(start, str) else []
    if len(parts) != 2:
        raise InputError(f"start={start!r}: weekday and time are needed, for instance 'mon 09:30', or a Timestamp.")
    return weekday_of(parts[0]), clock_minutes(parts[1])


def windows() -> pd.DataFrame:
    """The hours at which firms of an industry can be called well [EXT].

    Returns
    -------
    DataFrame
        One row per industry and stretch of time: `industry`, `zh`, `weekdays` (short names, a space between), `from`
        and `to` ("HH:MM", both ends inside).

    Examples
    --------
    >>> windows().query("industry == 'bank'")[["from", "to"]].to_numpy().tolist()
    [['09:30', '11:30'], ['14:30', '16:30']]
    """
    return pd.read_csv(_FILE)


@cache
def _usual_hours() -> Hours:
    return hours_of(windows())


def hours_of(table: pd.DataFrame) -> Hours:
    """A table of windows by industry and weekday, in minutes since midnight.

    Errors: `InputError` for a missing column, a wrong day or time, or a window that ends before it begins.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"windows: a table is needed, as crm.etiquette.windows(), but {told(table)} was given.")
    lacking = [name for name in ("industry", "weekdays", "from", "to") if name not in table.columns]
    if lacking:
        raise InputError(f"windows: the column {lacking[0]!r} is missing; needed: industry, weekdays, from, to.")
    hours: Hours = {}
    for number, row in enumerate(table.to_dict("records")):
        try:
            days = [weekday_of(day) for day in str(row["weekdays"]).split()]
            begin, end = clock_minutes(row["from"]), clock_minutes(row["to"])
        except InputError as error:
            raise InputError(f"windows, row {number}: {error}") from None
        if end < begin:
            raise InputError(f"windows, row {number}: the window ends at {row['to']}, before {row['from']}.")
        for day in days:
            hours.setdefault(str(row["industry"]), {}).setdefault(day, []).append((begin, end))
    return hours


def check_time(
    start: Any, industry: str | None = None, *, monday_earliest: Any = None, table: pd.DataFrame | None = None,
) -> list[Finding]:
    """Whether a call comes too early on a Monday (TE6), or at the wrong time for the industry (TE7).

    Parameters
    ----------
    start : str or datetime
        Weekday and time of the call: "mon 09:30", "周一 9:30", or a Timestamp. Seconds do not count.
    industry : str, optional
        A name of the table; without it TE7 is not judged.
    monday_earliest : str, optional
        Time from which one may call on a Monday; this time itself passes. By default that of the rule, 10:00 [EXT].
    table : DataFrame, optional
        Windows like those of `windows`, which are the default [EXT]. Both ends of a window pass.

    Returns
    -------
    list of Finding
        Of TE6 and TE7; empty for a good time.

    Raises
    ------
    InputError
        This is no moment, or the industry is not in the table.

    Notes
    -----
    Curriculum TE6, TE7.

    Examples
    --------
    >>> [finding.code for finding in check_time("mon 09:59", "office")]
    ['TE6']
    >>> check_time("mon 10:00", "office")
    []
    >>> [finding.code for finding in check_time("tue 12:00", "office")]
    ['TE7']
    """
    day, minutes = moment_of(start)
    earliest = rule("TE6").parameters["monday_earliest"] if monday_earliest is None else monday_earliest
    hours = _usual_hours() if table is None else hours_of(table)
    return time_findings(day, minutes, industry, earliest=clock_minutes(earliest), hours=hours)


def time_findings(
    day: str, minutes: int, industry: str | None, *, earliest: int, hours: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """The findings of `check_time` for a moment that was read already."""
    hours = _usual_hours() if hours is None else hours
    broken, shown = time_codes(day, minutes, industry, earliest=earliest, hours=hours), f"{day} {clock_text(minutes)}"
    findings = []
    if "TE6" in broken:
        advice = f"On a Monday call from {clock_text(earliest)} on."
        findings.append(Finding("TE6", f"{shown} is before {clock_text(earliest)}", shown, advice))
    if "TE7" in broken:
        good = hours[str(industry)].get(day, [])
        times = ", ".join(f"{clock_text(begin)}-{clock_text(end)}" for begin, end in good) or "on another day"
        findings.append(Finding("TE7", f"{shown} is outside the hours of {industry}", shown, f"Call {times}."))
    return findings


def time_codes(
    day: str, minutes: int, industry: str | None, *, earliest: int, hours: Mapping[str, Any],
) -> list[str]:
    """The codes of `time_findings` alone."""
    broken = ["TE6"] if day == "mon" and minutes < earliest else []
    if industry is None:
        return broken
    if not isinstance(industry, str) or industry not in hours:
        near = did_you_mean(str(industry), hours)
        raise InputError(f"There are no hours for the industry {told(industry)}. {near}")
    if not any(begin <= minutes <= end for begin, end in hours[industry].get(day, ())):
        broken.append("TE7")
    return broken
