"""The whole of `retail` by a plain loop, by SimPy and by Mesa; and what a family does, to compare them with the kernel.

Each takes a scenario and a seed and brings back one number for each family (a customer and all whom it brought) and
total. Where a library leaves a choice, the faster one is taken, as in `peers`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from shop import Customer, Shop

from crmsim.engine.blocks import Block
from crmsim.engine.policy import FAMILY
from crmsim.settings.scenario import Scenario

Totals = dict[str, np.ndarray]


def plain_python(s: Scenario, seed: int) -> Totals:
    """Month by month, everybody who lives."""
    shop = founded(s, seed)
    living, everyone = [], []
    for t in range(s.periods):
        everyone += shop.born[t]
        living = [customer for customer in living + shop.born[t] if customer.month(t)]
    return totals(shop, everyone)


def simpy_processes(s: Scenario, seed: int) -> Totals:
    """A SimPy process for each customer; one more lets those in who come in a month."""
    import simpy

    shop, env, everyone = founded(s, seed), simpy.Environment(), []

    def life(customer: Customer) -> Any:
        while customer.month(int(env.now)):
            yield env.timeout(1)

    def door() -> Any:
        for t in range(s.periods):
            everyone.extend(shop.born[t])
            for customer in shop.born[t]:
                env.process(life(customer))
            yield env.timeout(1)

    env.process(door())
    env.run(until=s.periods)
    return totals(shop, everyone)


def mesa_agents(s: Scenario, seed: int) -> Totals:
    """A Mesa model whose agents step once a month."""
    import mesa

    class Agent(mesa.Agent):  # type: ignore[misc]
        def __init__(self, model: Any, customer: Customer) -> None:
            super().__init__(model)
            self.customer = customer

        def month(self, t: int) -> None:
            if not self.customer.month(t):
                self.remove()

    shop, model, everyone = founded(s, seed), mesa.Model(seed=seed), []
    for t in range(s.periods):
        everyone += shop.born[t]
        for customer in shop.born[t]:
            Agent(model, customer)
        model.agents.do("month", t)
    return totals(shop, everyone)


def founded(s: Scenario, seed: int) -> Shop:
    """A shop with all customers who come by themselves."""
    shop = Shop(s, seed)
    for number in range(s.customers):
        customer = Customer(shop, number)
        if customer.arrival < s.periods:
            shop.born[customer.arrival].append(customer)
    return shop


def totals(shop: Shop, everyone: list[Customer]) -> Totals:
    """What each family did."""
    n, found = shop.s.customers, {}
    root = np.array([customer.number for customer in everyone])
    found["customers"] = np.bincount(root, minlength=n) * 1.0
    for name in ("months", "profit", "mood"):
        found[name] = np.bincount(root, [getattr(customer, name) for customer in everyone], minlength=n)
    for name, rows in (("purchases", shop.rows), ("contacts", shop.contacts), ("answers", shop.answers)):
        found[name] = np.bincount([row[0] for row in rows], minlength=n) * 1.0
    return found


def totals_of(blocks: list[Block], n: int, final: int) -> Totals:
    """The same of the kernel's blocks."""
    names = ("customers", "months", "profit", "mood", "purchases", "contacts", "answers")
    found = {name: np.zeros(n) for name in names}
    for block in blocks:
        arrived = block.stage_log.max(axis=1) >= 0
        root = block.customers % FAMILY
        months = ((block.stage_log >= 0) & (block.stage_log != final)).sum(axis=1)
        for name, values in (("customers", arrived), ("months", months), ("profit", block.sums["cents"])):
            found[name] += np.bincount(root, values, minlength=n)
        found["mood"] += np.bincount(root, block.sums["mood"], minlength=n)
        for name, rows in (("purchases", block.rows), ("contacts", block.contacts), ("answers", block.answers)):
            found[name] += np.bincount(rows["customer"] % FAMILY, minlength=n)
    return found


def furthest(one: Totals, two: Totals) -> tuple[float, str]:
    """The largest difference of two means, in standard errors, and of what."""
    z = {
        name: abs(mine.mean() - two[name].mean()) / np.sqrt(mine.var() / len(mine) + two[name].var() / len(two[name]))
        for name, mine in one.items()
    }
    name = max(z, key=lambda key: z[key])
    return float(z[name]), name
