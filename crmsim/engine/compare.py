"""Comparing policies for the same customers with the same luck.

A customer whom a policy does not name lives the identical life under every policy, so only the named ones are
lived again. Of those, each keeps its luck: the difference is what the policy changed and nothing else. Replications
share the past (before the first action of any policy) and differ in the luck that follows.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine import blocks
from crmsim.engine.kernel import Clock, World
from crmsim.engine.policy import Offer, checked, touched
from crmsim.engine.simulate import PARTITION_SIZE, bar, whole
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
        No policy, too few replications, or an offer that names an unknown customer.

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=400, periods=12, seed=7)
    >>> offer = crm.Offer(at=6, customers=range(50), lift=0.5, cost=1, periods=3)
    >>> table = crm.compare(shop, {"nothing": [], "offer": [offer]}, replications=4)
    >>> float(table.loc["nothing", "profit_difference"])
    0.0
    """
    if not isinstance(policies, Mapping) or not policies:
        raise InputError("compare: give at least one named policy, for example {'nothing': [], 'offer': [offer]}.")
    named = {str(name): checked(policy, n_customers=scenario.customers) for name, policy in policies.items()}
    replications = whole(replications, "replications", least=2)
    branch = min((offer.at for offers in named.values() for offer in offers), default=0)
    someone = touched([offer for offers in named.values() for offer in offers])
    world = world_of(scenario, n_periods=scenario.periods)
    with bar(replications * (1 + len(named)), progress) as shown:
        first = next(iter(named.values()))
        total = np.zeros(replications)
        profits = {name: np.zeros((replications, len(someone))) for name in named}
        for number in range(replications):
            clock = Clock(0, scenario.periods, min(branch, scenario.periods), number, 1)
            total[number] = _everybody(scenario, world, first, clock, threads)
            for name, offers in named.items():
                profits[name][number] = _lived(someone, world, offers, clock)
            shown.update(1 + len(named))
    return _table(profits, total, someone)


def _everybody(scenario: Scenario, world: World, offers: tuple[Offer, ...], clock: Clock, threads: int | None) -> float:
    """Profit of the whole base, in money."""
    size = PARTITION_SIZE

    def block(number: int) -> int:
        first = number * size
        n = min(size, scenario.customers - first)
        ids = np.arange(first, first + n, dtype=np.int64)
        lives = blocks.live(ids, blocks.traits_of(ids, world), world, offers=offers, clock=clock)
        return int(lives.profit_cents.sum())

    workers = threads or max(1, os.cpu_count() or 1)
    return sum(blocks.in_threads(block, -(-scenario.customers // size), threads=workers)) / 100


def _lived(customers: Ids, world: World, offers: tuple[Offer, ...], clock: Clock) -> npt.NDArray[np.float64]:
    """Profit of these customers, in money."""
    return (
        blocks.live(customers, blocks.traits_of(customers, world), world, offers=offers, clock=clock).profit_cents / 100
    )


def _table(profits: dict[str, npt.NDArray[np.float64]], total: npt.NDArray[np.float64], someone: Ids) -> Comparison:
    base = next(iter(profits.values()))
    rows, per_customer = {}, {}
    for name, profit in profits.items():
        paired = profit - base
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
