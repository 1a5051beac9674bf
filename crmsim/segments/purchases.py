"""One row per customer: first and last purchase, how many, how much.

Everything that looks back on purchases (RFM, customer classes) starts here, so that "the past" means the same
everywhere: a purchase belongs to the past of the moment `at` if its time is not later than `at`. With dates
that carry no clock time, the purchases of the day `at` therefore count.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.tables import end_of, same_clock, transactions_of
from crmsim.errors import InputError

CENTS = 2  # decimals of money; sums of cents are rounded back to cents, so that 4999.999... cannot arise


def purchase_summary(source: Any, *, at: Any = None) -> pd.DataFrame:
    """First purchase, last purchase, number of purchases and total amount of every customer who has bought.

    Parameters
    ----------
    source : run, its past, or DataFrame
        Transactions with the columns customer_id, time (dates) and amount (money, not negative); a row is one
        purchase.
    at : date, optional
        The moment from which one looks back; later purchases are left out. Default: the end of the run. A
        plain table carries no clock, so `at` is needed there.

    Returns
    -------
    DataFrame
        Indexed by customer_id (sorted): `first_purchase`, `last_purchase` (dates), `n_purchases` (1 or more),
        `total_amount` (money, rounded to cents).

    Raises
    ------
    InputError
        A column is missing or spoilt, `at` is missing or later than the run's end, or nobody had bought yet.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer_id": [7, 7, 9], "amount": [20.0, 30.0, 5.0],
    ...                       "time": pd.to_datetime(["2026-01-01", "2026-01-11", "2026-02-01"])})
    >>> print(purchase_summary(sales, at="2026-01-31").reset_index().to_string(index=False))
     customer_id first_purchase last_purchase  n_purchases  total_amount
               7     2026-01-01    2026-01-11            2          50.0
    """
    past = past_transactions(source, at=look_back(source, at=at))
    summary = _of_ordered(past) if _in_order(past) else _of_any(past)
    summary["total_amount"] = summary["total_amount"].round(CENTS)
    return summary


def _of_any(past: pd.DataFrame) -> pd.DataFrame:
    return past.groupby("customer_id", sort=True).agg(
        first_purchase=("time", "min"),
        last_purchase=("time", "max"),
        n_purchases=("amount", "size"),
        total_amount=("amount", "sum"),
    )


def _of_ordered(past: pd.DataFrame) -> pd.DataFrame:
    """The same for purchases that stand by customer and time, in a single pass."""
    ids = past["customer_id"].to_numpy()
    starts = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    ends = np.append(starts[1:], len(ids)) - 1
    return pd.DataFrame(
        {
            "first_purchase": past["time"].array[starts],
            "last_purchase": past["time"].array[ends],
            "n_purchases": ends - starts + 1,
            "total_amount": np.add.reduceat(past["amount"].to_numpy(dtype=np.float64), starts),
        },
        index=pd.Index(ids[starts], name="customer_id"),
    )


def _in_order(past: pd.DataFrame) -> bool:
    """Whether customers are whole numbers that rise, and the times of each do: so it is with the tables of a run."""
    ids, times = past["customer_id"].to_numpy(), past["time"]
    if not np.issubdtype(ids.dtype, np.integer) or times.dt.tz is not None or (ids[1:] < ids[:-1]).any():
        return False
    moments = times.to_numpy()
    return bool(((ids[1:] != ids[:-1]) | (moments[1:] >= moments[:-1])).all())


def look_back(source: Any, *, at: Any) -> pd.Timestamp:
    """The moment `at` as a timestamp, refused if it lies after the end of the run."""
    moment = end_of(source, at)
    end = None if isinstance(source, pd.DataFrame) else getattr(source, "end", None)
    if end is not None and moment.tz is None and moment > pd.Timestamp(end):
        raise InputError(
            f"at={moment:%Y-%m-%d} is after the end of the data, {pd.Timestamp(end):%Y-%m-%d}; what happened "
            "in between is unknown. Give an earlier day, or leave `at` out."
        )
    return moment


def past_transactions(source: Any, *, at: pd.Timestamp) -> pd.DataFrame:
    """The transactions of `source` whose time is not later than `at` (at least one)."""
    table = transactions_of(source)
    times = table["time"]
    same_clock("at", at, times)
    past = times <= at
    if not past.any():
        raise InputError(
            f"No purchase up to at={at:%Y-%m-%d}: the first one in the table is on {times.min():%Y-%m-%d}. "
            "Give a later day."
        )
    return table if past.all() else table[past]


def whole_days(later: pd.Timestamp, earlier: pd.Series[Any]) -> pd.Series[Any]:
    """Full days of 24 hours between two moments: 30 days and 23 hours are 30 days."""
    days: pd.Series[Any] = (later - earlier).dt.days
    return days
