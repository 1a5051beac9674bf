"""Loyalty (客户忠诚度) as transactions show it: who stays, who comes again, how long it has lasted.

- **Retention rate** (保留率): of those who bought in the window before the last one, the share that bought in the last
  window, too.
- **Repeat rate** (重复购买率): of all who have bought, the share that has bought at least twice.
- **Tenure** (关系时长): days from the first purchase of a customer to the last one; 0 after a single purchase.

Without a contract nobody tells when he leaves: a customer who pauses longer than the window counts as lost, and tenure
is cut off at the end of the data. So both are too small, the more so the shorter the window.

Source: curriculum F06; the definitions are [EXT].
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.tables import end_of, transactions_of
from crmsim.errors import InputError


def loyalty(source: Any, *, window_days: float = 90, at: Any = None) -> pd.Series[float]:
    """Retention rate, repeat rate and mean tenure from transactions.

    Parameters
    ----------
    source : run, its past, or DataFrame
        One row per purchase: `customer_id`, `time`, `amount`.
    window_days : float
        Length of both windows, above 0.
    at : date, optional
        The moment from which one looks back; later purchases are left out. Needed for a plain table.

    Returns
    -------
    Series
        `n_buyers`, `n_before` (bought in the window before the last), `retention_rate` (missing if `n_before` is 0),
        `repeat_rate`, `tenure_days` (mean).

    Raises
    ------
    InputError
        The transactions are spoilt, the window is not above 0, or nobody had bought before `at`.

    Notes
    -----
    Curriculum F06. Windows: [at - 2w, at - w) and [at - w, at).

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-10", "2026-02-10", "2026-01-20", "2026-02-25"])
    >>> sales = pd.DataFrame({"customer_id": [1, 1, 2, 3], "time": days, "amount": 10.0})
    >>> loyalty(sales, window_days=30, at="2026-03-01").round(3).tolist()      # of 1 and 2, only 1 came again
    [3.0, 2.0, 0.5, 0.333, 10.333]
    """
    window = pd.Timedelta(days=checks.number("window_days", window_days, low=0, high=36_500, above=True))
    table, end = transactions_of(source), end_of(source, at)
    table = table[table["time"] < end]
    if len(table) == 0:
        raise InputError(f"loyalty: nobody had bought before {end}; give a later `at`.")
    groups = table.groupby("customer_id")["time"]
    first, last, times = groups.min(), groups.max(), groups.size()
    before = table.loc[(table["time"] >= end - 2 * window) & (table["time"] < end - window), "customer_id"].unique()
    found = {
        "n_buyers": len(times),
        "n_before": len(before),
        "retention_rate": (last.loc[before] >= end - window).mean() if len(before) else float("nan"),
        "repeat_rate": (times >= 2).mean(),
        "tenure_days": (last - first).dt.total_seconds().mean() / 86_400,
    }
    return pd.Series(found, name="loyalty", dtype=float)
