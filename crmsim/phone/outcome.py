"""What calls are worth: the third number of the scorecard, by callee, with its standard error.

Each callee's worth is the mean over his or her calls; callees differ independently, so the standard error of their mean
is their standard deviation over the root of their number. A difference of two scripts is taken callee by callee.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import number, pairs_of
from crmsim.errors import InputError, did_you_mean
from crmsim.phone.callee import call
from crmsim.phone.model import Script
from crmsim.phone.prepared import WINNING

RATES = ("answered", "written_as_won", "accepted", "opted_out", "complained", "satisfaction_change")


def worths(shipped: Mapping[str, Any], others: Mapping[str, float] | None) -> dict[str, float]:
    """What a yes, a complaint and the rest are worth: the shipped numbers, some replaced."""
    known = {name: float(value) for name, value in shipped.items() if name != "source"}
    given = {} if others is None else pairs_of("score: worth", others, example="{'accepted': 100}")
    for name, value in given.items():
        if name not in known:
            raise InputError(f"score: worth has no {name!r}. {did_you_mean(str(name), known)}")
        known[name] = number(f"score: worth: {name}", value)
    return known


def called(script: Script, people: pd.DataFrame, *, seed: int, replications: int, warm: bool) -> pd.DataFrame:
    """The results of calling everybody several times, one below the other."""
    return pd.concat([call(script, people, seed=seed, replication=k, warm=warm).results for k in range(replications)])


def worth_of(results: pd.DataFrame, worth: Mapping[str, float]) -> pd.Series[float]:
    """The mean worth of the calls to each callee, money.

    >>> one = {"satisfaction_change": 0.5, "seconds": 60, "accepted": True, "opted_out": False, "complained": False}
    >>> worth = {"satisfaction": 20, "minute": -1.5, "accepted": 100, "opted_out": -20, "complained": -40}
    >>> float(worth_of(pd.DataFrame([one]), worth)[0])
    108.5
    """
    value = worth["satisfaction"] * results["satisfaction_change"] + worth["minute"] * results["seconds"] / 60
    for name in ("accepted", "opted_out", "complained"):
        value = value + worth[name] * results[name]
    return value.groupby(level=0).mean()


def error_of(values: pd.Series[float]) -> float:
    """The standard error of a mean over callees."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def rates(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Shares of the dialled, and the mean change of satisfaction, of each script."""
    rows = {}
    for name, results in found.items():
        table = results.assign(written_as_won=results["disposition"].isin(WINNING))
        rows[name] = table[list(RATES)].astype(float).mean()
    return pd.DataFrame(rows).T
