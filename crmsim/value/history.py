"""What the models of repeat buying need to know of a customer: how often, how lately, for how long.

The models read nothing of a customer but three numbers (Fader, Hardie & Lee 2005): x, the number of repeat
purchases; t_x, how old the customer was at the last of them; and T, how old the customer is now. Age is
counted from the first purchase. Here they are called `frequency`, `recency_at_last` and `age`, because
*recency* (最近一次消费) means something else to everybody who does RFM: time since the last purchase.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number, one_of
from crmsim.customers.tables import end_of, transactions_of
from crmsim.errors import InputError, told

Array = npt.NDArray[Any]


def summary(transactions: Any, *, at: Any = None, unit_days: float = 7, merge: str = "day") -> pd.DataFrame:
    """Frequency, age at the last purchase, age and mean spend of every customer who has bought.

    Purchases after `at` are left out, and so are customers who had not bought by then. Several rows of one
    customer on one calendar day are one purchase with the day's total amount, which happened at the start
    of that day: the convention behind the published numbers. With ``merge="none"`` every row is a purchase
    of its own at its exact time, even two rows of the same second.

    Parameters
    ----------
    transactions : Run, past or DataFrame
        One row per purchase: `customer_id`, `time`, `amount` (money, not negative).
    at : date, optional
        The moment one looks back from; a purchase exactly then counts. Needed for a plain table; a run or
        its past knows its own end.
    unit_days : float
        Length of one unit of time in days: 7 counts in weeks.
    merge : "day" or "none"
        Whether the rows of one customer and day are one purchase.

    Returns
    -------
    DataFrame
        Indexed by `customer_id`, sorted: `frequency` (repeat purchases, x), `recency_at_last` (age at the
        last purchase in units, t_x; 0 without repeat), `age` (units since the first purchase, T),
        `mean_spend` (mean amount of the repeat purchases, NaN without repeat) and `n_purchases`
        (frequency + 1).

    Raises
    ------
    InputError
        A column is missing or of the wrong kind, nobody had bought by `at`, `unit_days` is not positive.

    Notes
    -----
    Source: Fader, Hardie & Lee 2005, Marketing Science 24(2), section 3; a day merged into one purchase as
    in their CDNOW example. The first purchase is left out of `mean_spend` as it is of `frequency`.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "customer_id": [1, 1, 1, 2],
    ...     "time": pd.to_datetime(["2026-01-01", "2026-01-15", "2026-01-15", "2026-01-08"]),
    ...     "amount": [10.0, 20.0, 5.0, 9.0],
    ... })
    >>> summary(table, at="2026-01-29").reset_index()
       customer_id  frequency  recency_at_last  age  mean_spend  n_purchases
    0            1          1              2.0  4.0        25.0            2
    1            2          0              0.0  3.0         NaN            1
    """
    if not is_number(unit_days) or unit_days <= 0:
        raise InputError(f"unit_days={told(unit_days)}: a unit of time is longer than 0 days; 7 means weeks.")
    one_of("merge", merge, ("day", "none"))
    end = end_of(transactions, at)
    names, customer, moment, amount = purchases(transactions_of(transactions), end, merge=merge)
    return _table(names, customer, moment, amount, end=end, unit_days=unit_days)


def purchases(table: pd.DataFrame, end: pd.Timestamp, *, merge: str) -> tuple[Any, Array, Array, Array]:
    """Names of the customers, and code, moment and amount of every purchase, sorted by the first two."""
    past = table["time"] <= end
    known = table if past.all() else table.loc[past, ["customer_id", "time", "amount"]]
    if len(known) == 0:
        raise InputError(
            f"Nobody had bought by {end}: the first purchase in the table is of {table['time'].min()}; "
            "give a later day as at=..."
        )
    customer, names = pd.factorize(known["customer_id"], sort=True)
    moment = known["time"].to_numpy("datetime64[s]")
    amount = known["amount"].to_numpy("float64")
    if merge == "day":
        moment = moment.astype("datetime64[D]")
    if not _in_order(customer, moment):  # a run's purchases are, and sorting is the slowest step
        order = np.lexsort((moment, customer))
        customer, moment, amount = customer[order], moment[order], amount[order]
    if merge == "day":
        new = _changes(customer) | _changes(moment)
        starts = np.flatnonzero(new)
        customer, moment, amount = customer[starts], moment[starts], np.add.reduceat(amount, starts)
    return names, customer, moment.astype("datetime64[s]"), amount


def _in_order(customer: Array, moment: Array) -> bool:
    """Whether the purchases stand by customer, and those of one customer by time."""
    step = customer[1:] - customer[:-1]
    return bool(((step > 0) | ((step == 0) & (moment[1:] >= moment[:-1]))).all())


def _changes(values: Array) -> Array:
    """True where a value differs from the one before it, and at the first."""
    return np.concatenate([[True], values[1:] != values[:-1]])


def _table(
    names: Any, customer: Array, moment: Array, amount: Array, *, end: pd.Timestamp, unit_days: float
) -> pd.DataFrame:
    """The summary of sorted purchases."""
    first = np.flatnonzero(_changes(customer))
    last = np.append(first[1:], len(customer)) - 1
    frequency = last - first
    repeat_amount = amount.copy()
    repeat_amount[first] = 0.0
    spent = np.add.reduceat(repeat_amount, first)
    return pd.DataFrame(
        {
            "frequency": frequency,
            "recency_at_last": _units(moment[last] - moment[first], unit_days),
            "age": _units(end.to_datetime64() - moment[first], unit_days),
            "mean_spend": np.divide(spent, frequency, out=np.full(len(first), np.nan), where=frequency > 0),
            "n_purchases": frequency + 1,
        },
        index=pd.Index(names, name="customer_id"),
    )


def _units(spans: Array, unit_days: float) -> Array:
    return spans / np.timedelta64(1, "s") / (unit_days * 86_400)
