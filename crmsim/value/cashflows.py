"""Present value (现值), and three meanings of customer lifetime value (客户终生价值).

One unit of money in k periods is worth 1 / (1 + rate)**k today; one unit received k periods ago is worth
(1 + rate)**k today. The course knows three readings of a customer's lifetime value:

- narrow (狭义): only the future profit, valued today;
- broad (广义): all profit of the whole relation, past and future; valued today, so that past profit is
  compounded, or valued at the start of the relation;
- current plus potential (当前价值 + 潜在价值): both streams of future profit, valued today.

Everywhere the last past flow belongs to today (t = 0) and the first future flow comes one period from today
(t = 1). The sources give no value date, and no word on discounting in the narrow reading: the convention is
ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.customers.arguments import is_number, one_of, whole
from crmsim.errors import InputError, told

Flows = Sequence[float] | npt.ArrayLike


def present_value(flows: Flows, *, rate: float, first_period: int = 1) -> float:
    """What a row of payments, one a period, is worth today.

    Parameters
    ----------
    flows : sequence of float
        Money in consecutive periods; may be negative, may be empty (worth 0).
    rate : float
        Discount rate a period, above -1; 0.10 is 10%.
    first_period : int
        Period of the first payment: 1 is one period from today, 0 is today, -2 is two periods ago.

    Returns
    -------
    float
        Money, valued at period 0.

    Raises
    ------
    InputError
        A flow is not a finite number, `rate` is -1 or less, or `first_period` is not whole.

    Notes
    -----
    Sum of flows[k] / (1 + rate) ** (first_period + k); any textbook of finance.

    Examples
    --------
    >>> round(present_value([80, 60], rate=0.10), 4)      # 80/1.1 + 60/1.21
    122.314
    >>> present_value([80, 60], rate=0)
    140.0
    """
    money = numbers(flows, "flows")
    growth = 1 + checked_rate(rate)
    periods = whole("first_period", first_period, low=-10_000_000) + np.arange(len(money))
    return float(money @ growth ** -periods.astype(np.float64))


def clv_narrow(past: Flows, future: Flows, *, rate: float) -> float:
    """Lifetime value in the narrow sense (狭义): the future profit only, valued today.

    Parameters
    ----------
    past : sequence of float
        Profit of the past periods, the last one today; checked, but it does not count.
    future : sequence of float
        Profit expected one, two, ... periods from today.
    rate : float
        Discount rate a period, above -1.

    Returns
    -------
    float
        Money of today.

    Raises
    ------
    InputError
        A flow is not a finite number, or `rate` is -1 or less.

    Notes
    -----
    Present value of `future`; definition: customer lifetime value in the narrow sense.

    Examples
    --------
    >>> round(clv_narrow([100, 120, 90], [80, 60], rate=0.10), 4)
    122.314
    """
    numbers(past, "past")
    return present_value(future, rate=rate)


def clv_broad(past: Flows, future: Flows, *, rate: float, valued: str = "today") -> float:
    """Lifetime value in the broad sense (广义): the profit of the whole relation, past and future.

    Parameters
    ----------
    past : sequence of float
        Profit of the past periods, the last one today.
    future : sequence of float
        Profit expected one, two, ... periods from today.
    rate : float
        Discount rate a period, above -1.
    valued : "today" or "start"
        Value date: today (past profit is compounded) or the first past period (all is discounted to it).

    Returns
    -------
    float
        Money of the value date.

    Raises
    ------
    InputError
        A flow is not a finite number, `rate` is -1 or less, or `valued` is not known.

    Notes
    -----
    The value at the start is the value today divided by (1 + rate) ** (number of past flows - 1).

    Examples
    --------
    >>> round(clv_broad([100, 120, 90], [80, 60], rate=0.10), 4)      # 121 + 132 + 90 + 122.314
    465.314
    >>> round(clv_broad([100, 120, 90], [80, 60], rate=0.10, valued="start"), 4)
    384.5571
    """
    one_of("valued", valued, ("today", "start"))
    n_earlier = max(len(numbers(past, "past")) - 1, 0)
    first = 0 if valued == "start" else -n_earlier
    earlier = present_value(past, rate=rate, first_period=first)
    return earlier + present_value(future, rate=rate, first_period=first + n_earlier + 1)


def clv_current_potential(current: Flows, potential: Flows, *, rate: float) -> float:
    """Lifetime value as current value (当前价值) plus potential value (潜在价值), both valued today.

    Parameters
    ----------
    current : sequence of float
        Profit expected one, two, ... periods from today if the customer goes on as now.
    potential : sequence of float
        Further profit expected in the same periods: more purchases, other products, referrals.
    rate : float
        Discount rate a period, above -1.

    Returns
    -------
    float
        Money of today.

    Raises
    ------
    InputError
        A flow is not a finite number, or `rate` is -1 or less.

    Notes
    -----
    Sum of the two present values; the streams may differ in length.

    Examples
    --------
    >>> round(clv_current_potential([55, 60.5], [11], rate=0.10), 6)      # 50 + 50 + 10
    110.0
    """
    return present_value(current, rate=rate) + present_value(potential, rate=rate)


def numbers(values: Any, what: str) -> npt.NDArray[np.float64]:
    """`values` as a row of finite numbers, or `InputError` naming the bad one."""
    try:
        row = np.asarray(values if hasattr(values, "__len__") else list(values), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what}: a row of numbers is needed, such as [80, 60], not {told(values)}.") from error
    if row.ndim != 1:
        raise InputError(f"{what}: a row of numbers is needed, such as [80, 60], not {told(values)}.")
    bad = ~np.isfinite(row)
    if bad.any():
        place = int(bad.argmax())
        raise InputError(f"{what}[{place}] is {row[place]}; every number must be finite.")
    return row


def checked_rate(rate: Any) -> float:
    """`rate` as a number above -1, or `InputError`."""
    if not is_number(rate):
        raise InputError(f"rate={told(rate)} is not a discount rate; write rate=0.10 for 10% a period.")
    if rate <= -1:
        raise InputError(f"rate={rate!r} must be above -1; write rate=0.10 for 10% a period.")
    return float(rate)
