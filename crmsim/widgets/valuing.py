"""What one customer is worth when the discount rate, the loyalty or the plan is another one: tables, no widgets.

The forecast holds what a customer brings who stays for certain. If only a share `keep` stays from one period to the
next, the k-th future profit is expected to be keep**k of the forecast; and a plan of n periods counts no later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmsim.errors import InputError
from crmsim.value.cashflows import clv_broad, clv_current_potential, clv_narrow, numbers

MOST_PERIODS = 60


@dataclass(frozen=True, eq=False)
class Flows:
    """What a customer brought and is expected to bring; `potential` has one entry for each of `future`."""

    past: tuple[float, ...]
    future: tuple[float, ...]
    potential: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Valued:
    """One customer, valued.

    Attributes
    ----------
    periods : DataFrame
        Indexed by `period` (0 is today): `profit` and `potential` as forecast, `expected` and `expected_potential`
        after loyalty and plan, `worth` and `worth_potential` today; money.
    values : Series
        Lifetime value: "narrow", "broad", "current_potential"; money of today.
    """

    periods: pd.DataFrame
    values: pd.Series[float]


def flows_of(past: Sequence[float], future: Sequence[float], potential: Sequence[float]) -> Flows:
    """The flows as numbers, the potential filled up with zeros.

    Errors: `InputError` for what is no number, for no past, or a potential longer than the future.
    """
    rows = [tuple(numbers(row, name).tolist()) for row, name in
            ((past, "past"), (future, "future"), (potential, "potential"))]
    n_past, n_future, n_more = map(len, rows)
    if not 1 <= n_past <= MOST_PERIODS or not 1 <= n_future <= MOST_PERIODS or n_more > n_future:
        raise InputError(
            f"value_explorer: there are {n_past} past, {n_future} future and {n_more} potential profits. Give 1 to "
            f"{MOST_PERIODS} of the first two, and no more potential than future ones."
        )
    return Flows(rows[0], rows[1], rows[2] + (0.0,) * (n_future - n_more))


def valued(flows: Flows, *, rate: float, keep: float = 1.0, plan: int = MOST_PERIODS) -> Valued:
    """The customer's value.

    Parameters
    ----------
    flows : Flows
    rate : float
        Discount rate a period, above -1.
    keep : float
        Share that stays from one period to the next, 0 to 1.
    plan : int
        Planning period: later profits do not count.

    Examples
    --------
    >>> customer = flows_of([100, 120, 90], [80, 60], [])
    >>> valued(customer, rate=0.10).values.round(2).to_dict()
    {'narrow': 122.31, 'broad': 465.31, 'current_potential': 122.31}
    >>> float(valued(customer, rate=0, keep=0.5).values["narrow"])      # 40 + 15
    55.0
    """
    n_past, n_future = len(flows.past), len(flows.future)
    period = np.arange(1 - n_past, n_future + 1)
    ahead = period[period > 0].astype(float)
    stays = keep**ahead * (ahead <= plan)
    future, more = np.array(flows.future) * stays, np.array(flows.potential) * stays
    none = np.zeros(n_past)
    table = pd.DataFrame(
        {
            "profit": [*flows.past, *flows.future], "potential": [*none, *flows.potential],
            "expected": [*flows.past, *future], "expected_potential": [*none, *more],
        },
        index=pd.Index(period, name="period"),
    )
    weight = (1 + rate) ** -period.astype(float)
    table["worth"], table["worth_potential"] = table["expected"] * weight, table["expected_potential"] * weight
    values = {
        "narrow": clv_narrow(flows.past, future, rate=rate), "broad": clv_broad(flows.past, future, rate=rate),
        "current_potential": clv_current_potential(future, more, rate=rate),
    }
    return Valued(table, pd.Series(values, name="clv"))
