"""Cohorts: customers who first bought in the same period, followed as they age.

The **cohort** (同期群) of a customer is the calendar period of the first purchase; the **age** in a later
period is the number of periods since, 0 in the period of the first purchase itself. A cell of the cohort
table counts the customers of the cohort who bought at that age at least once. Periods that had not happened
when the data end are empty, never 0: nobody has looked yet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.tables import require_columns, transactions_of
from crmsim.errors import InputError, did_you_mean, told

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
PERIODS = ("week", *MONTHS_IN)
DAYS_TO_MONDAY = 3  # 1970-01-01, day 0, was a Thursday
Ints = npt.NDArray[np.int64]


def cohort_table(source: Any, *, period: str = "month") -> pd.DataFrame:
    """Number of customers of every cohort who bought at every age.

    If the data end within a period, the last cell of every row is not complete.

    Parameters
    ----------
    source : run, its past, or DataFrame
        Transactions with the columns customer_id, time (dates) and amount; a row is one purchase. The last
        period is the one in which the run ends, or for a plain table the one of its last purchase.
    period : str
        "week" (from Monday), "month", "quarter" or "year" of the calendar.

    Returns
    -------
    DataFrame
        Rows `cohort` (first day of the period; cohorts that have customers), columns `age_months` (or weeks
        ...; 0, 1, ...); whole numbers, empty where the data have ended.

    Raises
    ------
    InputError
        The transactions are spoilt, or the period is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2026-01-05", "2026-01-25", "2026-03-01", "2026-01-09", "2026-02-14"])
    >>> sales = pd.DataFrame({"customer_id": [1, 1, 1, 2, 3], "time": days, "amount": 10.0})
    >>> cohort_table(sales).fillna(-1).values.tolist()
    [[2, 0, 1], [1, 0, -1]]
    """
    if not isinstance(period, str) or period not in PERIODS:
        raise InputError(f"period: there is no {told(period)}. {did_you_mean(str(period), PERIODS)}")
    table = transactions_of(source)
    numbers = _numbers(table["time"], period)
    first, last = int(numbers.min()), _last_number(source, numbers, period)
    cohort, age = _active_cells(table["customer_id"], numbers - first)
    n_periods = last - first + 1
    counts = np.bincount(cohort * n_periods + age, minlength=n_periods**2).reshape(n_periods, n_periods)
    rows = np.flatnonzero(counts[:, 0])
    cells = pd.DataFrame(
        counts[rows],
        index=pd.Index(_starts(rows + first, period), name="cohort"),
        columns=pd.RangeIndex(n_periods, name=f"age_{period}s"),
    )
    seen = rows[:, None] + np.arange(n_periods) < n_periods
    return cells.astype("Int64").where(seen).iloc[:, : n_periods - int(rows[0])]


def retention(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Share of each cohort that bought at each age.

    A customer who pauses and comes back counts again, so a row can rise.

    Parameters
    ----------
    cohorts : DataFrame
        From `cohort_table`.

    Returns
    -------
    DataFrame
        The counts divided by those at age 0: shares from 0 to 1, empty where the data have ended.

    Raises
    ------
    InputError
        This is no table of counts with at least one row and column.

    Examples
    --------
    >>> import pandas as pd
    >>> retention(pd.DataFrame({0: [4, 2], 1: [3, None]})).fillna(-1).values.tolist()
    [[1.0, 0.75], [1.0, -1.0]]
    """
    require_columns(cohorts, {}, what="cohorts")
    try:
        counts = cohorts.astype("Float64").astype(float)
    except (TypeError, ValueError) as error:
        raise InputError("cohorts: a cell is no number; give the table of counts of cohort_table.") from error
    if counts.shape[1] == 0 or (counts < 0).any(axis=None) or not (counts.iloc[:, 0] > 0).all():
        raise InputError(
            "cohorts: the first column holds the size of each cohort, above 0, and no count is negative; give the "
            "table of cohort_table."
        )
    return counts.div(counts.iloc[:, 0], axis=0)


def _numbers(times: pd.Series[Any], period: str) -> Ints:
    """The calendar period of every time, as a whole number that rises by one from period to period."""
    moments = times.dt.tz_localize(None).to_numpy()
    if period == "week":
        weekdays: Ints = moments.astype("datetime64[D]").astype(np.int64)
        return (weekdays + DAYS_TO_MONDAY) // 7
    day_of: Ints = moments.astype("datetime64[D]").astype(np.int64)
    first = int(day_of.min())
    # the calendar is slow, so it is asked once for every day and not for every purchase
    days = np.arange(first, int(day_of.max()) + 1).astype("datetime64[D]")
    months: Ints = days.astype("datetime64[M]").astype(np.int64) // MONTHS_IN[period]
    return months[day_of - first]


def _starts(numbers: Ints, period: str) -> pd.DatetimeIndex:
    """The first day of the periods with these numbers."""
    if period == "week":
        days = numbers * 7 - DAYS_TO_MONDAY
        return pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]"))
    months = numbers * MONTHS_IN[period]
    return pd.DatetimeIndex(months.astype("datetime64[M]").astype("datetime64[s]"))


def _codes(customers: pd.Series[Any]) -> Ints:
    """Whole numbers from 0 for the customers; without a table of names where they stand in order, as in a run."""
    ids = customers.to_numpy()
    if np.issubdtype(ids.dtype, np.integer) and (ids[1:] >= ids[:-1]).all():
        return np.concatenate(([0], np.cumsum(ids[1:] != ids[:-1])))
    return pd.factorize(customers)[0]


def _last_number(source: Any, numbers: Ints, period: str) -> int:
    end = None if isinstance(source, pd.DataFrame) else getattr(source, "end", None)
    if end is None:
        return int(numbers.max())
    last_moment = pd.Timestamp(end) - pd.Timedelta(seconds=1)  # a run ends when the next period begins
    return int(_numbers(pd.Series([last_moment]), period)[0])


def _active_cells(customers: pd.Series[Any], numbers: Ints) -> tuple[Ints, Ints]:
    """Cohort and age of every pair of a customer and a period in which the customer bought."""
    n_periods = int(numbers.max()) + 1
    pairs = _codes(customers) * n_periods + numbers
    if (pairs[1:] < pairs[:-1]).any():  # transactions of a run are in order, and sorting is the slowest step
        pairs = np.sort(pairs)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    customer, number = np.divmod(pairs, n_periods)
    is_first = np.concatenate(([True], customer[1:] != customer[:-1]))
    cohort = number[is_first][np.cumsum(is_first) - 1]
    return cohort, number - cohort
