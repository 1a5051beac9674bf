"""Comparing policies for the same customers with the same luck.

A customer whom a policy does not touch - by an offer, by a lever, or through a referral - lives the identical life
under every policy, so where only offers differ, only the families they reach are lived again. Each customer keeps its
luck: the difference is what the policy changed and nothing else. Replications share the past (before the first action
of any policy) and differ in the luck that follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.blocks import whole, workers
from crmsim.engine.kernel import Clock
from crmsim.engine.outcomes import PROFIT, Outcomes, lever_costs, measures, outcomes
from crmsim.engine.policy import Action, Plan, checked
from crmsim.engine.simulate import bar, ready_plan
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

Ids = npt.NDArray[np.int64]
Actions = tuple[Action, ...]


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
        Name to policy (list of offers, levers and campaigns); the first is what the others are compared with.
    replications : int
        Futures, at least 2. All share the past before the first action of any policy.
    threads : int, optional
        At most so many blocks of customers at once.
    progress : bool, optional
        Show a bar.

    Returns
    -------
    Comparison
        Indexed by policy, means over replications: `profit` (undiscounted money of all periods, including that of
        referred customers and the cost of levers), `profit_difference` from the first policy, `se` of that
        difference; then three more, each with `..._difference` and `..._se`: `equity` (customer equity: money from
        the first action of any policy to the end, discounted to then), `satisfaction` (mean remembered satisfaction
        at the end of all who have come), `churned` (share of all who have come that stand in the lowest stage then).
        `.customers` has one column per policy: the mean difference in profit for each touched customer together with
        everybody who came through that customer's family.

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
    totals: list[Outcomes] = []
    touched: dict[str, list[pd.DataFrame]] = {name: [] for name in named}
    with bar(replications * scenario.customers, progress) as shown:
        for number in range(replications):
            plans = {name: ready_plan(scenario, a, replication=number, branch=branch) for name, a in named.items()}
            clock = Clock(scenario.periods, branch, 0, number, 1, branch)
            someone = _touched(list(plans.values()), everyone)
            totals.append(outcomes(scenario, everyone, next(iter(plans.values())), clock, workers(threads)).sum(axis=0))
            for name, plan in plans.items():
                found = outcomes(scenario, someone, plan, clock, workers(threads))
                touched[name].append(pd.DataFrame(found, index=someone))
            shown.update(scenario.customers)
    costs = {name: lever_costs(plan.levers, scenario, branch) for name, plan in plans.items()}
    return _table(touched, np.array(totals), costs)


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


def _table(touched: dict[str, list[pd.DataFrame]], totals: Outcomes, costs: dict[str, Outcomes]) -> Comparison:
    """Put together what each policy came to; totals (replications, measures): of everybody under the first policy."""
    first = next(iter(touched))
    rows, per_customer, errors, base = {}, {}, {}, measures(totals - costs[first])
    for name, own in touched.items():
        paired = [one.sub(other, fill_value=0.0) for one, other in zip(own, touched[first], strict=True)]
        change = np.array([one.sum(axis=0) for one in paired]) - (costs[name] - costs[first])
        mine = measures(totals - costs[first] + change)
        rows[name] = {key: value for what, of in mine.items() for key, value in _row(what, of, of - base[what])}
        profit = pd.concat([one[PROFIT] for one in paired], axis=1).fillna(0.0)
        per_customer[name] = profit.mean(axis=1)
        errors[name] = profit.std(axis=1) / np.sqrt(len(paired))
    table = Comparison(pd.DataFrame.from_dict(rows, orient="index"))
    table.index.name = "policy"
    table.customers, table.customers_se = (
        pd.DataFrame(found).rename_axis("customer_id").sort_index() for found in (per_customer, errors)
    )
    return table


def _row(what: str, values: Outcomes, differences: Outcomes) -> Iterator[tuple[str, float]]:
    """Mean, mean difference, and its standard error over replications."""
    yield what, float(values.mean())
    yield f"{what}_difference", float(differences.mean())
    yield "se" if what == "profit" else f"{what}_se", float(differences.std(ddof=1) / np.sqrt(len(differences)))
