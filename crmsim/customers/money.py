"""Where a firm's money came from and went (利润表), added up in whole cents.

revenue - cost of goods = margin; margin - acquisition - service + stage rewards - contacts - loyalty scheme - offers
- levers = profit. What a stage costs and brings depends on the hidden stage of each customer, so the statement is made
from a run, not from its records alone. Every line is added up from the tables on its own; none is what the others
leave over. Without the levers, which no customer causes, the profit is that of all customers in the truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.arrow import cents_of
from crmsim.engine.simulate import Run
from crmsim.errors import InputError, told

SIGNS = {
    "margin": 1,
    "acquisition_cost": -1,
    "service_cost": -1,
    "stage_reward": 1,
    "contact_cost": -1,
    "scheme_cost": -1,
    "offer_cost": -1,
    "lever_cost": -1,
}
"""The lines that make the profit: added or taken away."""
LINES = ("revenue", "cost_of_goods", *SIGNS, "profit")


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
        acquisition_cost, service_cost, stage_reward, contact_cost, scheme_cost, offer_cost, lever_cost, profit.
        Costs are positive numbers; stage_reward is what stages bring, negative where they take.

    Raises
    ------
    InputError
        It is no run with its truth.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=200, periods=12, seed=7))
    >>> money = statement(run)
    >>> bool(abs(sum(sign * money[line] for line, sign in SIGNS.items()) - money["profit"]) < 0.005)
    True
    """
    if not isinstance(run, Run):
        raise InputError(f"statement: a run is needed, but {told(run)} was given; use crm.simulate(scenario).")
    cents = _cents(run)
    cents["cost_of_goods"] = cents["revenue"] - cents["margin"]
    cents["profit"] = sum(sign * cents[line] for line, sign in SIGNS.items())
    return pd.Series([cents[line] / 100 for line in LINES], index=pd.Index(LINES, name="line"), name=run.currency)


def _cents(run: Run) -> dict[str, int]:
    service, reward = _stages(run)
    return {
        "revenue": _total(run.transactions["amount"]),
        "margin": _total(run.transactions["margin"]),
        "acquisition_cost": _per_row(run.customers["channel"], run.scenario.arrival.channels),
        "service_cost": service,
        "stage_reward": reward,
        "contact_cost": _contacts(run),
        "scheme_cost": int(scheme_rewards(run).sum()),
        "offer_cost": _total(run.campaigns["cost"]),
        "lever_cost": round(run.plan.lever_cost(run.periods) * 100),
    }


def _total(money: pd.Series[Any]) -> int:
    return int(cents_of(money).sum())


def _per_row(names: pd.Series[Any], settings: Any) -> int:
    """The cost of each row by its name."""
    return sum(int(n) * round(settings[str(name)].cost * 100) for name, n in names.value_counts().items() if n)


def _contacts(run: Run) -> int:
    service = run.scenario.service
    return _per_row(run.contacts["channel"], service.channels) if service else 0


def _stages(run: Run) -> tuple[int, int]:
    """What serving customers in their stages costs, and what the stages bring."""
    service = reward = 0
    for name, n in run.truth.stages["stage"].value_counts().items():
        stage = run.scenario.stages[str(name)]
        cost = round(stage.service_cost * 100)
        service += int(n) * cost
        reward += int(n) * (round((stage.reward - stage.service_cost) * 100) + cost)  # the engine rounds them as one
    return service, reward


def scheme_rewards(run: Run) -> npt.NDArray[np.int64]:
    """The reward (cents) that the loyalty scheme gives for each transaction of a run.

    A member is who has, at the start of a period in which the scheme runs, as many points as the threshold; a purchase
    brings a point a cent, and at the start of each period a share `decay` of the points is left.
    """
    rewards = np.zeros(len(run.transactions), dtype=np.int64)
    scheme, cents = run.scenario.scheme, cents_of(run.transactions["amount"])
    if scheme is None:
        return rewards
    period = run.transactions["period"].to_numpy()
    whose, ids = pd.factorize(run.transactions["customer_id"])
    points = np.zeros(len(ids))
    for now, runs in enumerate(_scheme_runs(run)):
        rows = np.flatnonzero(period == now)
        if runs:
            member = points[whose[rows]] >= float(scheme.threshold * 100)
            rewards[rows] = np.where(member, cents[rows] * float(scheme.reward_share) + 0.5, 0.0)
        points *= float(scheme.decay)
        np.add.at(points, whose[rows], cents[rows])  # one after the other, as the engine adds them
    return rewards


def _scheme_runs(run: Run) -> list[bool]:
    """Whether the scheme runs in each period: the last lever that says so counts."""
    runs = [run.scenario.scheme is not None and run.scenario.scheme.running] * run.periods
    for lever in run.plan.levers:
        if lever.scheme is not None:
            span = range(min(lever.at, run.periods), min(lever.at + lever.periods, run.periods))
            runs[span.start : span.stop] = [lever.scheme] * len(span)
    return runs
