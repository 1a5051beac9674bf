"""Head office's plans in the case of unit 5: forecasts and lists that begin with what customers really brought.

The profits of the past are the student's own customers'. What head office expects of them (how long they stay, what
they may buy besides) is drawn at random: it is a plan to compute with, not the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine.records import Past

N_KEY = 12
N_PROSPECTS = 40
QUARTERS = 8
MONTHS = 3
STATES = ("fresh", "warm", "cool", "gone")
"""Months since the last purchase: 0, 1 or 2, 3 to 5, 6 or more. Who has come to the last one stays there."""
FROM_MONTHS = (1, 3, 6)
PAST_QUARTERS, AHEAD = 6, 4


def costs(past: Past, channels: Mapping[str, Any]) -> pd.DataFrame:
    """One row per cost that a customer made: contacts of the service, and gifts."""
    contacts = past.contacts[["customer_id", "time"]].assign(
        kind="service", cost=[channels[name].cost for name in past.contacts["channel"]],
    )
    gifts = past.campaigns[["customer_id", "time", "cost"]].assign(kind="gift")
    table = pd.concat([contacts, gifts[contacts.columns]])
    return table.sort_values(["time", "customer_id"], kind="stable").reset_index(drop=True)


def profit_by_month(past: Past, costs: pd.DataFrame, *, n_months: int) -> pd.DataFrame:
    """Margin less costs, a row for each customer who has bought and a column for each month."""
    bought = past.transactions
    months = bought["period"].to_numpy()
    margin = bought.assign(month=months).pivot_table(
        index="customer_id", columns="month", values="margin", aggfunc="sum", observed=True,
    )
    month = past.period_starts.searchsorted(costs["time"], side="right") - 1
    spent = costs.assign(month=month).pivot_table(index="customer_id", columns="month", values="cost", aggfunc="sum")
    margin, spent = (
        table.reindex(index=margin.index, columns=range(n_months)).fillna(0.0) for table in (margin, spent)
    )
    return margin - spent


def forecast(by_month: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The key customers' expected profit in each of the next quarters, current and potential; rows in any order."""
    key = (by_month.iloc[:, -12:].sum(axis=1) / 4).nlargest(N_KEY)
    rows = []
    for customer, profit in key.items():
        keep, more, n = rng.uniform(0.75, 0.97), rng.uniform(0.02, 0.15), int(rng.integers(5, QUARTERS + 1))
        rows += [
            {"customer_id": customer, "quarter": k, "current": profit * keep**k, "potential": profit * more * (k - 1)}
            for k in range(1, n + 1)
        ]
    table = pd.DataFrame(rows).round(2)
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def members(by_month: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Customers who bought in the last half-year: profit a quarter, and how long head office thinks they stay loyal."""
    profit = by_month.iloc[:, -12:].sum(axis=1) / 4
    lately = (by_month.iloc[:, -6:] > 0).any(axis=1) & (profit > 1)
    table = pd.DataFrame({"profit_per_quarter": profit[lately].round(2)})
    return table.assign(loyal_quarters=np.clip(rng.geometric(0.14, len(table)), 1, 20))


def prospects(by_month: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """People whom the firm may win: the chance, and what they would bring, like some customer of the firm."""
    profit = by_month.iloc[:, -12:].sum(axis=1) / 4
    like = rng.choice(profit[profit > 5].to_numpy(), N_PROSPECTS, replace=False)
    return pd.DataFrame(
        {
            "probability": rng.choice([0.05, 0.1, 0.2, 0.3, 0.5], N_PROSPECTS),
            "profit_per_quarter": like.round(2),
            "loyal_quarters": np.clip(rng.geometric(0.14, N_PROSPECTS), 1, 20),
        },
        index=pd.RangeIndex(1, N_PROSPECTS + 1, name="prospect_id"),
    )


def states(past: Past, by_month: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Monthly moves between the states of silence (rows: from), and the mean profit of a month in each state."""
    state = _state_by_month(past, by_month)
    now, later = state[:, :-1].ravel(), state[:, 1:].ravel()
    known = (now >= 0) & (now < len(STATES) - 1)
    counts = pd.crosstab(now[known], later[known]).reindex(index=range(4), columns=range(4), fill_value=0)
    counts.iloc[-1, -1] = 1
    moves = counts.div(counts.sum(axis=1), axis=0).round(3).to_numpy(copy=True)
    moves[:, 0] = (1 - moves[:, 1:].sum(axis=1)).round(3)
    names = pd.Index(STATES, name="state")
    profit = [by_month.to_numpy()[state == k].mean() for k in range(3)]
    worth = pd.Series([*profit, 0.0], index=names, name="profit").round(2)
    return pd.DataFrame(moves, index=names, columns=STATES), worth


def _state_by_month(past: Past, by_month: pd.DataFrame) -> Any:
    """The number of the state in each month; -1 before the first purchase; who is gone stays gone."""
    bought = np.zeros(by_month.shape, dtype=bool)
    sales = past.transactions
    bought[by_month.index.get_indexer(pd.Index(sales["customer_id"])), sales["period"].to_numpy()] = True
    months = np.arange(bought.shape[1])
    last = np.maximum.accumulate(np.where(bought, months, -1), axis=1)
    state = np.where(last < 0, -1, np.searchsorted(FROM_MONTHS, months - last, side="right"))
    return np.maximum.accumulate(np.where(state == 3, 3, -1), axis=1).clip(state)


def three(by_month: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Three customers: one of the past, one of today, one of tomorrow. One row per customer and quarter, 0 is the last.

    `profit` is what has come (quarter 0 and earlier) or is expected (from 1 on) if the customer goes on as now;
    `potential` is what may come besides.
    """
    quarters = by_month.T.groupby(np.arange(by_month.shape[1]) // MONTHS).sum().T
    names = _old_steady_new(quarters, customers)
    level, steady, _ = (float(quarters.loc[[name]].to_numpy().mean()) for name in names)
    ahead = np.arange(1, AHEAD + 1)
    expected = [level * 0.1 * 0.5**ahead, np.full(AHEAD, steady), np.full(AHEAD, steady * 0.5)]
    besides = [0.0 * ahead, np.full(AHEAD, steady * 0.05), steady * (0.4 + 0.3 * ahead)]
    parts = [
        pd.DataFrame({
            "customer_id": name, "quarter": np.arange(1 - PAST_QUARTERS, AHEAD + 1),
            "profit": [*quarters.loc[name], *goes_on], "potential": [*np.zeros(PAST_QUARTERS), *more],
        })
        for name, goes_on, more in zip(names, expected, besides, strict=True)
    ]
    return pd.concat(parts, ignore_index=True).round(2)


def _old_steady_new(quarters: pd.DataFrame, customers: pd.DataFrame) -> list[int]:
    total = quarters.sum(axis=1)
    silent = total[(quarters.iloc[:, -1] <= 0) & (quarters.iloc[:, 0] > 0)]
    old = _label(silent.idxmax())
    steady = total[(quarters > 0).sum(axis=1) >= PAST_QUARTERS - 1].drop(old, errors="ignore")
    arrived = customers["acquired_period"].reindex(total.index)
    new = total[(arrived >= MONTHS * (PAST_QUARTERS - 2)) & (total > 0)]
    middle = (steady - 0.45 * total[old]).abs().idxmin()
    return [old, _label(middle), _label((new - 0.1 * total[old]).abs().idxmin())]


def _label(found: Any) -> int:
    return int(found)


def three_ways(three: pd.DataFrame, *, rate: float) -> pd.DataFrame:
    """Lifetime value of each of the three: broad, narrow, and current plus potential."""
    growth = (1 + rate) ** -three["quarter"].astype(float)
    ahead = three["quarter"] > 0
    parts = {
        "broad": three["profit"] * growth, "narrow": (three["profit"] * growth).where(ahead, 0.0),
        "current_potential": ((three["profit"] + three["potential"]) * growth).where(ahead, 0.0),
    }
    return pd.DataFrame(parts).groupby(three["customer_id"]).sum()
