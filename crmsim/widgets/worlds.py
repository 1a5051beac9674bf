"""Two worlds with the same customers and the same luck: a firm as it is, and the same firm changed.

The second world has other moves, or care, or both (see `changes`). The care begins in period `at` and reaches
everybody who bought within the `window` periods before.

What the firm sees is not what is true. True customers are those who have arrived and not churned. The firm
counts those who bought in the last `window` periods, the present one included.

Customers are independent, so the difference of the two worlds, the sum of n customers' differences d, has the
standard error sqrt(n) sd(d). With other luck in the second world it would be sqrt(n (var a + var b)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.offers import Offer
from crmsim.engine.simulate import Run, simulate
from crmsim.lifecycle.models import STAGES
from crmsim.settings.scenario import Scenario
from crmsim.widgets.changes import Change, changed_scenario, check_scenario


@dataclass(frozen=True)
class World:
    """One of the two worlds, as tables by period.

    Attributes
    ----------
    stages : DataFrame
        True number of customers in each stage.
    customers : DataFrame
        `true` and `seen`: customers by the truth and by the firm's rule.
    money : DataFrame
        `margin`, `acquisition_cost`, `service_cost`, `care_cost`, and `profit` (money a period).
    each : DataFrame
        One row per customer: `profit` over all periods; `true` and `seen` at the end (0 or 1).
    """

    stages: pd.DataFrame
    customers: pd.DataFrame
    money: pd.DataFrame
    each: pd.DataFrame


@dataclass(frozen=True)
class TwoWorlds:
    """The firm as it is and changed, and `summary`: how much they differ, and how sure one can be.

    `summary` is indexed by measure (`profit`, `true_customers`, `seen_customers`): `base`, `changed`,
    `difference`, `se` (standard error of the difference) and `se_other_luck` (what it would be without
    the same luck). `n_touched` is the number of customers whose life differs at all.
    """

    base: World
    changed: World
    summary: pd.DataFrame
    n_touched: int


def two_worlds(
    scenario: Scenario, change: Change, *, window: int = 3, at: int | None = None, replication: int = 0
) -> TwoWorlds:
    """Live the same customers with the same luck in the firm as it is and in the changed one.

    Parameters
    ----------
    scenario : Scenario
        The firm as it is, with the five stages.
    change : Change
        What is different.
    window : int
        Periods without a purchase after which the firm takes a customer for gone, 1 or more.
    at : int, optional
        Period in which the care begins; by default after a third of the time.
    replication : int
        Which luck; the same in both worlds.

    Returns
    -------
    TwoWorlds

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=300, periods=12, seed=7)
    >>> two_worlds(shop, Change()).summary["difference"].tolist()
    [0.0, 0.0, 0.0]
    """
    scenario = check_scenario(scenario)
    at = care_begins(scenario) if at is None else at
    base = _base(scenario, window, replication)
    policy = _care(scenario, change, at=at, window=window, replication=replication)
    run = simulate(changed_scenario(scenario, change.moves), policy=policy, replication=replication)
    changed = world_of_run(run, window=window)
    touched = base.each["profit"].ne(changed.each["profit"]) | base.each["true"].ne(changed.each["true"])
    return TwoWorlds(base, changed, _summary(base.each, changed.each), int(touched.sum()))


def care_begins(scenario: Scenario) -> int:
    """The period in which the care begins, unless asked otherwise: after a third of the time."""
    return max(1, scenario.periods // 3)


@lru_cache(maxsize=8)
def _base(scenario: Scenario, window: int, replication: int) -> World:
    return world_of_run(_run(scenario, replication), window=window)


@lru_cache(maxsize=4)
def _run(scenario: Scenario, replication: int) -> Run:
    return simulate(scenario, replication=replication)


def _care(scenario: Scenario, change: Change, *, at: int, window: int, replication: int) -> list[Offer]:
    if change.retention == 0 and change.cost == 0:
        return []
    # Whom the firm names must follow from what it sees in the changed world, in which the care has not begun.
    past = simulate(changed_scenario(scenario, change.moves), replication=replication).until(at)
    last = past.transactions.groupby("customer_id")["period"].max()
    return [
        Offer(
            at=at,
            customers=last.index[last >= at - window],
            retention=change.retention,
            cost=change.cost,
            periods=max(scenario.periods - at, 1),
            name="care",
        )
    ]


def world_of_run(run: Run, *, window: int) -> World:
    """The tables of one world."""
    log = run.truth.stages
    counts = pd.crosstab(log["period"], log["stage"])
    stages = counts.reindex(index=pd.RangeIndex(run.periods, name="period"), columns=list(STAGES), fill_value=0)
    bought, ids = _bought(run)
    seen = _within(bought, window)
    gone = log[(log["period"] == run.periods - 1) & (log["stage"] == "churn")]["customer_id"]
    table = {"profit": run.truth.customers["profit"].to_numpy(), "true": ~ids.isin(gone), "seen": seen[:, -1]}
    each = pd.DataFrame(table, index=ids).astype(float)
    customers = pd.DataFrame({"true": stages.drop(columns="churn").sum(axis=1), "seen": seen.sum(axis=0)})
    return World(stages, customers, _money(run, stages), each)


def _bought(run: Run) -> tuple[npt.NDArray[np.bool_], pd.Index[Any]]:
    ids = run.customers.index
    table = np.zeros((len(ids), run.periods), dtype=bool)
    row = ids.get_indexer(pd.Index(run.transactions["customer_id"]))
    table[row, run.transactions["period"].to_numpy()] = True
    return table, ids


def _within(bought: npt.NDArray[np.bool_], window: int) -> npt.NDArray[np.bool_]:
    """Whether there was a purchase in this period or one of the `window` - 1 before."""
    total = np.cumsum(bought, axis=1)
    before = np.zeros_like(total)
    if window < bought.shape[1]:
        before[:, window:] = total[:, :-window]
    seen: npt.NDArray[np.bool_] = total > before
    return seen


def _money(run: Run, stages: pd.DataFrame) -> pd.DataFrame:
    channel_cost = {name: channel.cost for name, channel in run.scenario.arrival.channels.items()}
    arrivals = run.customers["channel"].astype(str).map(channel_cost).groupby(run.customers["acquired_period"])
    service = pd.Series({name: stage.service_cost for name, stage in run.scenario.stages.items()})
    parts = {
        "margin": run.transactions.groupby("period")["margin"].sum(),
        "acquisition_cost": arrivals.sum(),
        "service_cost": (stages @ service.reindex(stages.columns)).add(_contacts(run), fill_value=0),
        "care_cost": run.campaigns.groupby("period")["cost"].sum(),
    }
    table = pd.DataFrame(parts, index=stages.index).astype(float).fillna(0.0)
    costs = table[["acquisition_cost", "service_cost", "care_cost"]].sum(axis=1)
    return table.assign(profit=table["margin"] - costs)


def _contacts(run: Run) -> pd.Series[Any]:
    """What the contacts of each period cost."""
    desks = run.scenario.service.channels if run.scenario.service else {}
    cost = pd.Series([desks[name].cost for name in run.contacts["channel"]], dtype="float64")
    return cost.groupby(run.contacts["period"]).sum()


def _summary(base: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    difference, n = changed - base, len(base)
    table = pd.DataFrame(
        {
            "base": base.sum(),
            "changed": changed.sum(),
            "difference": difference.sum(),
            "se": np.sqrt(n * difference.var()),
            "se_other_luck": np.sqrt(n * (base.var() + changed.var())),
        }
    )
    return table.rename(index={"true": "true_customers", "seen": "seen_customers"}).rename_axis("measure")
