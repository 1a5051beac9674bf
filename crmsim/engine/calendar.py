"""The periods of a scenario: when each begins, its season, and what the firm's levers do in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.kernel import PERIOD
from crmsim.engine.levers import Lever
from crmsim.engine.numbers import Floats
from crmsim.settings.scenario import Scenario


def period_starts(scenario: Scenario, n_periods: int) -> pd.DatetimeIndex:
    """First moment of periods 0 .. n_periods, so that the last entry is the end of the last period."""
    return _starts(scenario.start, scenario.period, n_periods)


@lru_cache(maxsize=64)
def _starts(start: Any, period: str, n_periods: int) -> pd.DatetimeIndex:
    """The same, remembered: small runs in their hundreds would spend much of their time here."""
    frequency = {"day": "D", "week": "7D", "month": "MS", "year": "YS"}[period]
    starts = pd.date_range(start, periods=n_periods + 1, freq=frequency, unit="s")
    return pd.DatetimeIndex(starts.to_numpy())


def periods_of(scenario: Scenario, n_periods: int, levers: Sequence[Lever]) -> npt.NDArray[Any]:
    """Calendar, season and levers of each period; several levers at once multiply."""
    seconds = period_starts(scenario, n_periods).to_numpy().astype("datetime64[s]").astype(np.int64)
    periods = np.ones(n_periods, dtype=PERIOD)
    periods["start"], periods["length"] = seconds[:-1], np.diff(seconds)
    periods["season"] = seasons(scenario, n_periods)
    periods["scheme"] = float(scenario.scheme is not None and scenario.scheme.running)
    periods["discount"] = (1 + scenario.discount_rate) ** -np.arange(n_periods, dtype=np.float64)
    for lever in levers:
        span = slice(lever.at, min(lever.at + lever.periods, n_periods))
        for name in ("price", "waiting", "skill", "reply"):
            periods[name][span] *= getattr(lever, name)
        if lever.scheme is not None:
            periods["scheme"][span] = float(lever.scheme)
    return periods


def seasons(scenario: Scenario, n_periods: int) -> Floats:
    """The seasonal factor of each period by its calendar month or week; one factor stands for all.

    Weeks of a year are counted from January 1; the day or two beyond the 52nd have the factor of the first.
    """
    factors = np.array(scenario.season, dtype=np.float64)
    if len(factors) == 1:
        return np.full(n_periods, factors[0])
    starts = period_starts(scenario, n_periods)[:-1]
    if scenario.period == "month":
        return factors[starts.month.to_numpy() - 1]
    if scenario.period == "day":
        return factors[starts.day_of_week.to_numpy()]
    return factors[(starts.day_of_year.to_numpy() - 1) // 7 % len(factors)]
