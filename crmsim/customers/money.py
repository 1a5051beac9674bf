"""Where a firm's money came from and went (利润表), added up in whole cents.

revenue - cost of goods = margin; margin - acquisition - service - offers = profit. The service cost depends on
the hidden stage of each customer, so the statement is made from a run, not from its records alone.
"""

from __future__ import annotations

import pandas as pd

from crmsim.engine.output import cents_of
from crmsim.engine.simulate import Run

LINES = (
    "revenue",
    "cost_of_goods",
    "margin",
    "acquisition_cost",
    "service_cost",
    "offer_cost",
    "profit",
)


def statement(run: Run) -> pd.Series[float]:
    """Revenue, costs and profit of a whole run, undiscounted.

    Parameters
    ----------
    run : Run
        From `crm.simulate`.

    Returns
    -------
    Series
        Money of the run's currency, two decimals, indexed by `line`: revenue, cost_of_goods, margin,
        acquisition_cost, service_cost, offer_cost, profit. Costs are positive numbers.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=200, periods=12, seed=7))
    >>> money = statement(run)
    >>> spent = money["acquisition_cost"] + money["service_cost"] + money["offer_cost"]
    >>> bool(abs(money["margin"] - spent - money["profit"]) < 0.005)
    True
    """
    tables = (run.transactions["amount"], run.transactions["margin"], run.campaigns["cost"])
    revenue, margin, offers = (int(cents_of(column).sum()) for column in tables)
    acquisition, service = _acquisition(run), _service(run)
    profit = margin - acquisition - service - offers
    cents = (revenue, revenue - margin, margin, acquisition, service, offers, profit)
    return pd.Series([value / 100 for value in cents], index=pd.Index(LINES, name="line"), name=run.currency)


def _acquisition(run: Run) -> int:
    channels = run.scenario.arrival.channels
    arrived = run.customers["channel"].value_counts()
    return sum(int(n) * round(channels[str(name)].cost * 100) for name, n in arrived.items())


def _service(run: Run) -> int:
    stages = run.scenario.stages
    lived = run.truth.stages["stage"].value_counts()
    return sum(int(n) * round(stages[str(name)].service_cost * 100) for name, n in lived.items())
