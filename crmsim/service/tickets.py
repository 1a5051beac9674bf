"""Tickets of a complaint desk: complaints that come at random, day and night.

Source: a Poisson process, with kinds and severities drawn independently; all numbers are [EXT].
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.tables import date_of
from crmsim.errors import InputError
from crmsim.service.agents import KINDS

MAX_TICKET = 1_000_000
MAJOR_SHARE = 0.25
_PURPOSE = 21


def draw_tickets(*, n_days: int, per_day: float, start: Any = "2026-01-05", seed: int = 0) -> pd.DataFrame:
    """Complaints that come at random, day and night.

    Parameters
    ----------
    n_days : int
        1 to 3,660.
    per_day : float
        Mean number of tickets a day, above 0, at most 10,000.
    start : date
        The first day.
    seed : int
        Other tickets.

    Returns
    -------
    DataFrame
        Indexed by `ticket` (0, 1, ...) in order of time: `opened`, `kind` (see `KINDS`), `severity` (a quarter is
        "major").

    Raises
    ------
    InputError
        A number or the date is not possible, or there would be more than a million tickets.

    Notes
    -----
    A Poisson process. [EXT]

    Examples
    --------
    >>> draw_tickets(n_days=7, per_day=20, seed=1).columns.tolist()
    ['opened', 'kind', 'severity']
    """
    days = checks.whole("n_days", n_days, low=1, high=3_660)
    rate = checks.number("per_day", per_day, low=0, high=10_000, above=True)
    rng = np.random.default_rng(np.random.SeedSequence([checks.whole("seed", seed, low=0, high=2**62), _PURPOSE]))
    n = int(rng.poisson(rate * days))
    if n > MAX_TICKET:
        raise InputError(f"n_days={n_days}, per_day={per_day}: {n:,} tickets are too many; at most {MAX_TICKET:,}.")
    seconds = np.sort(rng.integers(0, days * 86_400, n))
    opened = date_of("start", start).normalize() + pd.to_timedelta(seconds, unit="s")
    kind, severity = rng.choice(list(KINDS), n), rng.choice(["minor", "major"], n, p=[1 - MAJOR_SHARE, MAJOR_SHARE])
    table = {"opened": opened.as_unit("s"), "kind": kind, "severity": severity}
    return pd.DataFrame(table, index=pd.RangeIndex(n, name="ticket"))
