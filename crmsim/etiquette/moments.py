"""When simulated calls take place: moments that keep or break the rules of time, and attempts one after the other.

A moment is a weekday and a minute. All moments from 07:30 to 21:00, five minutes apart, and those next to the ends of
windows are sorted by the rules (TE6, TE7) that they break; a planned call draws one of those that break exactly what is
planned. Attempts before it (TE8) are put at gaps which are below, at or above the limits.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
import pandas as pd

from crmsim.errors import InputError
from crmsim.etiquette.calendars import DAY_MINUTES, DAYS, Hours, hours_of, time_codes

FIRST, LAST, STEP = 7 * 60 + 30, 21 * 60, 5
TRIES = 2_000


class Week:
    """The moments of a week under a table of windows, and the time from which one may call on a Monday."""

    def __init__(self, table: pd.DataFrame, earliest: int) -> None:
        self.hours: Hours = hours_of(table)
        self.industries, self.earliest = list(self.hours), earliest

    @cached_property
    def by_fault(self) -> dict[str, dict[frozenset[str], list[int]]]:
        """For each industry, minutes of the week by the rules of time that a call then breaks.

        The ends of windows stand there several times, so that they are drawn more often.
        """
        found: dict[str, dict[frozenset[str], list[int]]] = {industry: {} for industry in self.industries}
        for industry, minutes in found.items():
            for number, day in enumerate(DAYS):
                for minute in (*range(FIRST, LAST, STEP), *self._ends(industry, day)):
                    codes = self._codes(industry, day, minute)
                    minutes.setdefault(codes, []).append(number * DAY_MINUTES + minute)
        return found

    def _codes(self, industry: str, day: str, minute: int) -> frozenset[str]:
        return frozenset(time_codes(day, minute, industry, earliest=self.earliest, hours=self.hours))

    def _ends(self, industry: str, day: str) -> list[int]:
        """The ends of the windows of a day and the minutes beside them, each three times."""
        ends = [end for window in self.hours[industry].get(day, []) for end in window]
        ends += [self.earliest] if day == "mon" else []
        beside = [end + shift for end in ends for shift in (-1, 0, 1)]
        return [minute for minute in beside if 0 <= minute < DAY_MINUTES] * 3

    def is_good(self, industry: str, minute: int) -> bool:
        """Whether a call at this minute of the week breaks no rule of time; minutes before Monday are none."""
        day, clock = divmod(minute, DAY_MINUTES)
        return minute >= 0 and not self._codes(industry, DAYS[day], clock)

    def series(self, rng: np.random.Generator, faults: Collection[str]) -> tuple[str, list[int], list[bool]]:
        """An industry, and the attempts to reach one of its firms: minutes of the week, and whether each was answered.

        The last attempt breaks those of TE6, TE7 and TE8 that are among `faults`, the others break none. Whether the
        last is answered is not decided here; it stands as True.

        Errors: `InputError` when the table has no such moments.
        """
        wanted = frozenset(faults) & {"TE6", "TE7"}
        for _ in range(TRIES):
            industry = str(rng.choice(self.industries))
            moments = self.by_fault[industry].get(wanted)
            if not moments:
                continue
            last = int(rng.choice(moments))
            gaps, answered = _gaps(rng, is_hasty="TE8" in faults)
            minutes = [last - sum(gaps[place:]) for place in range(len(gaps))]
            if all(self.is_good(industry, minute) for minute in minutes):
                return industry, [*minutes, last], [*answered, True]
        raise InputError(f"windows: in this table no call breaks {' and '.join(sorted(faults)) or 'no rule'}.")


def _gaps(rng: np.random.Generator, *, is_hasty: bool) -> tuple[list[int], list[bool]]:
    """Minutes between the attempts, and whether those before the last were answered."""
    if is_hasty:
        if rng.random() < 0.5:
            return [int(rng.choice([1, 3, 5, 8, 9, 9]))], [False]
        return [_at_least(rng, 10), int(rng.choice([10, 15, 25, 40, 59, 59]))], [False, False]
    if rng.random() < 0.6:
        return [], []
    kind = rng.integers(3)
    if kind == 0:
        return [_at_least(rng, 10)], [False]
    if kind == 1:
        return [_at_least(rng, 10), _at_least(rng, 60)], [False, False]
    return [int(rng.integers(2, 9))], [True]


def _at_least(rng: np.random.Generator, least: int) -> int:
    """A gap that is long enough, often just."""
    return least if rng.random() < 0.5 else least + int(rng.integers(1, 16))
