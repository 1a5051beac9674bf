"""Comparing policies for the same customers with the same luck.

A customer whom a policy does not name lives the identical life under every policy, so only the named ones are
lived again. Of those, each keeps its luck: the difference is what the policy changed and nothing else. Replications
share the past (before the first action of any policy) and differ in the luck that follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine import blocks
from crmsim.engine.blocks import whole, workers
from crmsim.engine.kernel import Clock, World
from crmsim.engine.policy import Offer, checked, touched
from crmsim.engine.simulate import PARTITION_SIZE, bar
from crmsim.engine.world import world_of
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

Ids = npt.NDArray[np.int64]


class Comparison(pd.DataFrame):
    """Policies side by side: a table indexed by name, and `.customers` with the difference for each customer."""

    customers: pd.DataFrame
    _metadata = ["customers"]  # noqa: RUF012 - the way in which pandas is told of an attribute

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
        Name to policy (list of offers); the first is what the others are compared with.
    replications : int
        Futures, at least 2. All share the past before the first action of any policy.

    Returns
    -------
    Comparison
        Indexed by policy: `profit` (mean over replications, undiscounted money of all periods),
        `profit_difference` from the first policy, `se` of that difference. `.customers` has one column per policy:
        the mean difference for each named customer (0 for everybody else).

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
    """
    named = _named(scenario, policies)
    replications = whole(replications, "replications", least=2)
    everyone = np.arange(scenario.customers, dtype=np.int64)
    someone = touched([offer for offers in named.values() for offer in offers])
    world = world_of(scenario, n_periods=scenario.periods)
    branch = min((offer.at for offers in named.values() for offer in offers), default=0)
    total = np.zeros(replications)
    profits = {name: np.zeros((replications, len(someone))) for name in named}
    with bar(replications * scenario.customers, progress) as shown:
        for number in range(replications):
            clock = Clock(0, scenario.periods, branch, number, 1)
            first = next(iter(named.values()))
            total[number] = _profit(everyone, world, first, clock, workers(threads)).sum()
            for name, offers in named.items():
                profits[name][number] = _profit(someone, world, offers, clock, workers(threads))
            shown.update(scenario.customers)
    return _table(profits, total / 100, someone)


def _named(scenario: Scenario, policies: Any) -> dict[str, tuple[Offer, ...]]:
    """The policies with their checked offers, by name."""
    if not isinstance(scenario, Scenario):
        raise InputError(f"compare: a scenario is needed, but {scenario!r} was given; use crm.scenario('retail').")
    if not isinstance(policies, Mapping) or not policies:
        raise InputError("compare: give at least one named policy, for example {'nothing': [], 'offer': [offer]}.")
    named = {str(name): checked(policy, n_customers=scenario.customers) for name, policy in policies.items()}
    for offer in (offer for offers in named.values() for offer in offers):
        if offer.at >= scenario.periods:
            raise InputError(
                f"Offer {offer.name!r} is made in period {offer.at}, but the last period is {scenario.periods - 1}: "
                "it would change nothing. Choose an earlier `at`, or more periods with scenario.replace(periods=...)."
            )
    return named


def _profit(customers: Ids, world: World, offers: tuple[Offer, ...], clock: Clock, threads: int) -> Ids:
    """Profit of each of these customers, in cents."""
    parts = [customers[i : i + PARTITION_SIZE] for i in range(0, len(customers), PARTITION_SIZE)]

    def block(number: int) -> Ids:
        ids = parts[number]
        return blocks.live(ids, blocks.traits_of(ids, world), world, offers=offers, clock=clock).profit_cents

    return np.concatenate([np.empty(0, dtype=np.int64), *blocks.in_threads(block, len(parts), threads=threads)])


def _table(profits: dict[str, npt.NDArray[np.float64]], total: npt.NDArray[np.float64], someone: Ids) -> Comparison:
    base = next(iter(profits.values()))
    rows, per_customer = {}, {}
    for name, profit in profits.items():
        paired = (profit - base) / 100
        difference = paired.sum(axis=1)
        rows[name] = {
            "profit": float((total + difference).mean()),
            "profit_difference": float(difference.mean()),
            "se": float(difference.std(ddof=1) / np.sqrt(len(difference))),
        }
        per_customer[name] = paired.mean(axis=0)
    table = Comparison(pd.DataFrame.from_dict(rows, orient="index"))
    table.index.name = "policy"
    table.customers = pd.DataFrame(per_customer, index=pd.Index(someone, name="customer_id"))
    return table
