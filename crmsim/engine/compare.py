"""Comparing policies for the same customers with the same luck.

A customer whom a policy does not touch - by an offer, by a lever, or through a referral - lives the identical life
under every policy, so where only offers differ, only the families they reach are lived again. Each customer keeps its
luck: the difference is what the policy changed and nothing else. Replications share the past (before the first action
of any policy) and differ in the luck that follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine import blocks
from crmsim.engine.blocks import whole, workers
from crmsim.engine.kernel import Clock
from crmsim.engine.levers import Lever
from crmsim.engine.offers import Offer
from crmsim.engine.policy import FAMILY, Plan, checked
from crmsim.engine.room import Keep
from crmsim.engine.simulate import PARTITION_SIZE, bar, ready_plan
from crmsim.engine.world import setting_of
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

Ids = npt.NDArray[np.int64]
Actions = tuple[Offer | Lever, ...]


class Comparison(pd.DataFrame):
    """Policies side by side: a table indexed by name, and `.customers` with the difference for each customer.

    `.customers_se` holds the standard errors of these differences.
    """

    customers: pd.DataFrame
    customers_se: pd.DataFrame
    _metadata = ["customers", "customers_se"]  # noqa: RUF012 - the way in which pandas is told of an attribute

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame


def compare(
    scenario: Scenario,
    policies: Mapping[str, Any],
    *,
    replications: int = 20,
    threads: int | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Profit of each policy, and how much better it is than the first one, on paired luck.

    Parameters
    ----------
    scenario : Scenario
    policies : dict
        Name to policy (list of offers and levers); the first is what the others are compared with.
    replications : int
        Futures, at least 2. All share the past before the first action of any policy.
    threads : int, optional
        At most so many blocks of customers at once.
    progress : bool, optional
        Show a bar.

    Returns
    -------
    Comparison
        Indexed by policy: `profit` (mean over replications, undiscounted money of all periods, including that of
        referred customers and the cost of levers), `profit_difference` from the first policy, `se` of that
        difference. `.customers` has one column per policy: the mean difference for each touched customer together
        with everybody who came through that customer's family.

    Raises
    ------
    InputError
        No policy, too few replications, or an offer that names an unknown customer or comes after the end.

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=400, periods=12, seed=7)
    >>> offer = crm.Offer(at=6, customers=range(50), lift=0.5, cost=1, periods=3)
    >>> table = crm.compare(shop, {"nothing": [], "offer": [offer]}, replications=4)
    >>> float(table.loc["nothing", "profit_difference"])
    0.0
    """  # fmt: skip
    named = _named(scenario, policies)
    replications = whole(replications, "replications", least=2)
    branch = min((action.at for actions in named.values() for action in actions), default=0)
    everyone = np.arange(scenario.customers, dtype=np.int64)
    totals: list[float] = []
    profits: dict[str, list[pd.Series[float]]] = {name: [] for name in named}
    with bar(replications * scenario.customers, progress) as shown:
        for number in range(replications):
            plans = {name: ready_plan(scenario, a, replication=number, branch=branch) for name, a in named.items()}
            clock = Clock(scenario.periods, branch, 0, number, 1, 0)
            someone = _touched(list(plans.values()), everyone)
            totals.append(_profit(scenario, everyone, next(iter(plans.values())), clock, workers(threads)).sum() / 100)
            for name, plan in plans.items():
                cents = _profit(scenario, someone, plan, clock, workers(threads))
                profits[name].append(pd.Series(cents / 100, index=someone))
            shown.update(scenario.customers)
    return _table(profits, np.array(totals), {name: plan.lever_cost(scenario.periods) for name, plan in plans.items()})


def _named(scenario: Scenario, policies: Any) -> dict[str, Actions]:
    """The policies with their checked actions, by name."""
    if not isinstance(scenario, Scenario):
        raise InputError(f"compare: a scenario is needed, but {scenario!r} was given; use crm.scenario('retail').")
    if not isinstance(policies, Mapping) or not policies:
        raise InputError("compare: give at least one named policy, for example {'nothing': [], 'offer': [offer]}.")
    named = {str(name): checked(policy, n_customers=scenario.customers) for name, policy in policies.items()}
    for action in (action for actions in named.values() for action in actions):
        if action.at >= scenario.periods:
            raise InputError(
                f"{type(action).__name__} {action.name!r} is made in period {action.at}, but the last period is "
                f"{scenario.periods - 1}: it would change nothing. Choose an earlier `at`, or more periods with "
                "scenario.replace(periods=...)."
            )
    return named


def _touched(plans: list[Plan], everyone: Ids) -> Ids:
    """The customers (not referred by anybody) whose families may live differently under these policies."""
    if len({plan.levers for plan in plans}) > 1:
        return everyone
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *(plan.roots for plan in plans)]))


def _profit(scenario: Scenario, roots: Ids, plan: Plan, clock: Clock, threads: int) -> Ids:
    """Profit of each of these customers' families, in cents."""
    setting = setting_of(scenario, n_periods=scenario.periods, levers=plan.levers)
    parts = [roots[i : i + PARTITION_SIZE] for i in range(0, len(roots), PARTITION_SIZE)]

    def block(number: int) -> Ids:
        lives = blocks.live_families(parts[number], setting, steps=plan.steps, clock=clock, keep=Keep())
        family = np.searchsorted(parts[number], lives.customers % FAMILY)
        return np.bincount(family, weights=lives.sums["cents"], minlength=len(parts[number])).astype(np.int64)

    return np.concatenate([np.empty(0, dtype=np.int64), *blocks.in_threads(block, len(parts), threads=threads)])


def _table(
    profits: dict[str, list[pd.Series[float]]], totals: npt.NDArray[np.float64], costs: dict[str, float]
) -> Comparison:
    first = next(iter(profits))
    rows, per_customer, errors = {}, {}, {}
    for name, profit in profits.items():
        paired = pd.concat([own - base for own, base in zip(profit, profits[first], strict=True)], axis=1).fillna(0.0)
        difference = paired.to_numpy().sum(axis=0) - (costs[name] - costs[first])
        rows[name] = {
            "profit": float((totals + difference).mean()) - costs[first],
            "profit_difference": float(difference.mean()),
            "se": float(difference.std(ddof=1) / np.sqrt(len(difference))),
        }
        per_customer[name] = paired.mean(axis=1)
        errors[name] = paired.std(axis=1) / np.sqrt(len(difference))
    table = Comparison(pd.DataFrame.from_dict(rows, orient="index"))
    table.index.name = "policy"
    table.customers, table.customers_se = (
        pd.DataFrame(found).rename_axis("customer_id").sort_index() for found in (per_customer, errors)
    )
    return table
