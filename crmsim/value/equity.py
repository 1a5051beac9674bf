"""What all customers together are worth: customer equity (客户资产), and who earns the firm most.

Customer equity counts the discounted benefit of current and of potential customers, within the firm's
planning period (计划期) and no longer than a customer stays loyal. A potential customer counts with the
probability of winning him.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from crmsim.customers.arguments import entries, is_number
from crmsim.customers.tables import require_columns, transactions_of
from crmsim.errors import InputError
from crmsim.value.cashflows import Flows, numbers, present_value


def customer_equity(current_clvs: Flows, potential: Iterable[tuple[float, float]] = ()) -> float:
    """Customer equity (客户资产): the lifetime values of current customers, plus those one may win.

    Parameters
    ----------
    current_clvs : sequence of float
        Lifetime value of each current customer, money of today; may be negative.
    potential : iterable of (probability, clv)
        For each potential customer the probability of winning him (0 to 1) and his lifetime value then.

    Returns
    -------
    float
        Money of today.

    Raises
    ------
    InputError
        A value is not a finite number, a probability is outside 0 to 1, or an entry is not a pair.

    Notes
    -----
    Sum of the current values plus sum of probability * value. To cut every value at the planning period,
    make it with `clv_within_plan`.

    Examples
    --------
    >>> customer_equity([120, 300, 50], [(0.2, 200), (0.05, 1000)])      # 470 + 40 + 50
    560.0
    """
    total = float(numbers(current_clvs, "current_clvs").sum())
    for place, pair in enumerate(entries("potential", potential, example="[(0.2, 200)]")):
        chance = numbers(pair, f"potential[{place}]")
        if len(chance) != 2:
            raise InputError(f"potential[{place}]: a pair (probability, clv) is needed, not {pair!r}.")
        if not 0 <= chance[0] <= 1:
            raise InputError(f"potential[{place}]: {chance[0]:g} is not a probability (0 to 1).")
        total += float(chance[0] * chance[1])
    return total


def clv_within_plan(
    flows: Flows, *, rate: float, plan_periods: int, loyal_periods: int | None = None
) -> float:
    """Present value of the flows within the planning period (计划期) and while the customer is loyal.

    Parameters
    ----------
    flows : sequence of float
        Profit expected one, two, ... periods from today.
    rate : float
        Discount rate a period, above -1.
    plan_periods : int
        Length of the firm's planning period in periods, 0 or more.
    loyal_periods : int, optional
        How long the customer stays loyal; without it, as long as there are flows.

    Returns
    -------
    float
        Money of today.

    Raises
    ------
    InputError
        A number of periods is negative or not whole, a flow is not a number, `rate` is -1 or less.

    Notes
    -----
    The horizon is the smaller of both lengths: the sources name both, the minimum is our reading.

    Examples
    --------
    >>> clv_within_plan([10, 10, 10, 10], rate=0, plan_periods=3)
    30.0
    >>> clv_within_plan([10, 10, 10, 10], rate=0, plan_periods=3, loyal_periods=2)
    20.0
    """
    money = numbers(flows, "flows")
    loyal = len(money) if loyal_periods is None else _whole(loyal_periods, "loyal_periods")
    return present_value(money[: min(_whole(plan_periods, "plan_periods"), loyal)], rate=rate)


def customer_profit(transactions: Any) -> pd.DataFrame:
    """What each customer has brought the firm (客户给企业带来的价值): revenue, cost and profit, best first.

    Parameters
    ----------
    transactions : Run, past or DataFrame
        One row per purchase: `customer_id`, `time`, `amount`, and either `margin` (amount less cost of the
        goods) or `cost`. Of a run or its past, the cost of campaigns counts as well.

    Returns
    -------
    DataFrame
        Indexed by `customer_id`: `revenue`, `cost`, `profit`; highest profit first, ties by id.

    Raises
    ------
    InputError
        A column is missing or of the wrong kind.

    Notes
    -----
    profit = revenue - cost, undiscounted.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "customer_id": [1, 2, 2], "time": pd.to_datetime(["2026-01-01"] * 3),
    ...     "amount": [100.0, 80.0, 40.0], "cost": [70.0, 30.0, 20.0],
    ... })
    >>> customer_profit(table).reset_index()
       customer_id  revenue  cost  profit
    0            2    120.0  50.0    70.0
    1            1    100.0  70.0    30.0
    """
    table = transactions_of(transactions)
    has_margin = "margin" in table.columns
    require_columns(table, {"margin" if has_margin else "cost": "number"}, what="transactions")
    cost = table["amount"] - table["margin"] if has_margin else table["cost"]
    sums = pd.DataFrame({"customer_id": table["customer_id"], "revenue": table["amount"], "cost": cost})
    result = sums.groupby("customer_id", sort=True).sum()
    campaigns = getattr(transactions, "campaigns", None)
    if campaigns is not None and len(campaigns):
        spent = campaigns.groupby("customer_id")[["cost"]].sum()
        result = result.add(spent, fill_value=0.0).fillna(0.0)[["revenue", "cost"]]
    result["profit"] = result["revenue"] - result["cost"]
    return result.sort_values("profit", ascending=False, kind="stable")


def _whole(number: Any, what: str) -> int:
    if not is_number(number) or number != int(number) or number < 0:
        raise InputError(f"{what}={number!r}: a number of periods is whole and not negative.")
    return int(number)
