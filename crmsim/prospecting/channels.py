"""What each way of finding customers costs and brings, and how to spend a budget on them.

A channel is judged by its cost per *qualified* customer (curriculum PM1-PM12), not by its cost per head: a cheap
channel that brings people without money, authority or need is dear. Who is qualified is hidden from the firm; in a
simulation it can be looked up in ``run.truth.customers``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.prospecting.catalogue import CHANNEL_METHODS
from crmsim.prospecting.man import qualify


def channel_results(run: Any) -> pd.DataFrame:
    """Customers, qualified customers, cost and profit of every channel of a simulated firm.

    Parameters
    ----------
    run : Run
        From `crm.simulate`; the truth is needed.

    Returns
    -------
    DataFrame
        Indexed by `channel`, in the order of the scenario: `method` (PM id, missing where nobody prospected),
        `n_customers`, `n_effective` (MAN1: all three), `n_prospects` (money and need), `cost` (money spent on winning
        them), `cost_per_customer`, `cost_per_effective` (missing if there is none), `profit` (money of the lived
        periods, undiscounted, that cost included).

    Raises
    ------
    InputError
        This is not a run with a truth.

    Notes
    -----
    Curriculum PM1-PM12, I05; costs and profits are the scenario's, [EXT].

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=400, periods=12, seed=7))
    >>> table = channel_results(run)
    >>> table.loc["referral", "method"], int(table["n_customers"].sum()) == len(run.customers)
    ('PM3', True)
    """
    if not hasattr(run, "truth") or not hasattr(run, "scenario"):
        raise InputError(
            f"channel_results: a run of crm.simulate is needed, but a {type(run).__name__} was given; a past and real "
            "data do not know who is qualified."
        )
    channels = run.scenario.arrival.channels
    hidden = run.truth.customers
    found = qualify(hidden)
    heads = pd.DataFrame(
        {
            "channel": run.customers["channel"].reindex(hidden.index).astype(object),
            "n_customers": 1,
            "n_effective": (found["man"] == "MAN1").astype(int),
            "n_prospects": found["is_prospect"].astype(int),
            "profit": hidden["profit"],
        }
    )
    table = heads.groupby("channel").sum().reindex(list(channels)).fillna(0.0).rename_axis("channel")
    counts = ["n_customers", "n_effective", "n_prospects"]
    table[counts] = table[counts].astype("int64")
    table.insert(3, "cost", table["n_customers"] * np.array([float(each.cost) for each in channels.values()]))
    table.insert(4, "cost_per_customer", table["cost"] / table["n_customers"].replace(0, np.nan))
    table.insert(5, "cost_per_effective", table["cost"] / table["n_effective"].replace(0, np.nan))
    table.insert(0, "method", [CHANNEL_METHODS.get(name) for name in table.index])
    return table


def spend_budget(methods: pd.DataFrame, *, budget: float) -> pd.DataFrame:
    """How many leads to buy from each method: always the cheapest qualified lead next, until the money is gone.

    Parameters
    ----------
    methods : DataFrame
        One row per method, named by the index: `cost_per_lead` (money, above 0), `qualified_share` (0 to 1),
        `n_available` (leads there are, 0 or more).
    budget : float
        Money, 0 or more.

    Returns
    -------
    DataFrame
        Cheapest qualified lead first, ties in the order given: `cost_per_qualified` (money; infinite if none
        qualifies), `n_leads` (fractions allowed), `n_qualified` (expected), `cost` (money).

    Raises
    ------
    InputError
        A column is missing, a cost is 0, a share is above 1, a method stands twice, or the budget is negative.

    Notes
    -----
    Best possible if leads can be bought in fractions (the fractional knapsack, Dantzig 1957). Curriculum PM1-PM12; the
    problem is [EXT].

    Examples
    --------
    >>> table = pd.DataFrame({"cost_per_lead": [20.0, 6.0], "qualified_share": [0.5, 0.1], "n_available": [10, 100]},
    ...                      index=["PM3", "PM9"])
    >>> spend_budget(table, budget=260)[["cost_per_qualified", "n_leads", "n_qualified"]].values.tolist()
    [[40.0, 10.0, 5.0], [60.0, 10.0, 1.0]]
    """
    kinds = {"cost_per_lead": "money", "qualified_share": "money", "n_available": "money"}
    require_columns(methods, kinds, what="methods")
    _check_methods(methods, budget)
    with np.errstate(divide="ignore"):
        price = methods["cost_per_lead"] / methods["qualified_share"]
    ranked = methods.assign(cost_per_qualified=price).sort_values("cost_per_qualified", kind="stable")
    whole = (ranked["cost_per_lead"] * ranked["n_available"]).where(ranked["qualified_share"] > 0, 0.0)
    spent = whole.cumsum().clip(upper=budget).diff().fillna(whole.clip(upper=budget))
    n_leads = spent / ranked["cost_per_lead"]
    return pd.DataFrame(
        {
            "cost_per_qualified": ranked["cost_per_qualified"],
            "n_leads": n_leads,
            "n_qualified": n_leads * ranked["qualified_share"],
            "cost": spent,
        }
    )


def _check_methods(methods: pd.DataFrame, budget: Any) -> None:
    if methods.index.has_duplicates:
        twice = methods.index[methods.index.duplicated()][0]
        raise InputError(f"methods: {twice} stands twice; keep one row for each.")
    for bad, why in (
        (methods["cost_per_lead"] == 0, "cost_per_lead is 0: leads without cost need no budget; leave them out"),
        (methods["qualified_share"] > 1, "qualified_share is above 1; write 0.2 for 20%"),
    ):
        if bad.any():
            raise InputError(f"methods: row {methods.index[bad.to_numpy()][0]}: {why}.")
    if not is_number(budget) or budget < 0:
        raise InputError(f"budget={budget!r} must be money, 0 or more.")
