"""The same firm by other means: a plain loop, SimPy, Mesa, and NumPy month by month.

Each takes a firm, a number of customers and a seed, and returns what is needed to check it. Where a library leaves
a choice, the faster one is taken: SimPy wakes a customer once a month and not for every purchase, Mesa removes the
churned and collects nothing of its own, NumPy keeps only the living in its arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import numpy as np
from firm import COLUMNS, Firm, Outcome
from person import Person, outcome

Simulated = Callable[[], Outcome]


def plain_python(firm: Firm, n: int, seed: int) -> Simulated:
    """One customer after the other, one month after the other."""
    luck, rows, people = Random(seed), [], []  # type: tuple[Random, list[Record], list[Person]]
    for number in range(n):
        person = Person(number, firm=firm, luck=luck, rows=rows)
        people.append(person)
        for period in range(person.arrival, firm.periods):
            if not person.month(period):
                break
    return partial(outcome, people, rows)


def simpy_processes(firm: Firm, n: int, seed: int) -> Simulated:
    """A SimPy process for each customer."""
    import simpy

    env, luck, rows = simpy.Environment(), Random(seed), []  # type: tuple[Any, Random, list[Record]]

    def life(person: Person) -> Any:
        yield env.timeout(person.arrival)
        while person.month(env.now):
            yield env.timeout(1)

    people = [Person(number, firm=firm, luck=luck, rows=rows) for number in range(n)]
    for person in people:
        if person.arrival < firm.periods:
            env.process(life(person))
    env.run(until=firm.periods)
    return partial(outcome, people, rows)


def mesa_agents(firm: Firm, n: int, seed: int) -> Simulated:
    """A Mesa model whose agents step once a month."""
    import mesa

    class Customer(mesa.Agent):  # type: ignore[misc]
        def __init__(self, model: Any, person: Person) -> None:
            super().__init__(model)
            self.person = person

        def month(self, period: int) -> None:
            if not self.person.month(period):
                self.remove()

    luck, rows = Random(seed), []  # type: tuple[Random, list[Record]]
    model = mesa.Model(seed=seed)
    people = [Person(number, firm=firm, luck=luck, rows=rows) for number in range(n)]
    arriving: list[list[Person]] = [[] for _ in range(firm.periods + 1)]
    for person in people:
        arriving[person.arrival].append(person)
    for period in range(firm.periods):
        for person in arriving[period]:
            Customer(model, person)
        model.agents.do("month", period)
    return partial(outcome, people, rows)


def numpy_months(firm: Firm, n: int, seed: int) -> Simulated:
    """All living customers at once, month by month; at the end the rows are sorted by customer and time."""
    luck = np.random.default_rng(seed)
    channel, segment, arrival = (
        np.searchsorted(shares, luck.random(n), side="right")
        for shares in (firm.channel_cum, firm.segment_cum, firm.arrival_cum)
    )
    for shares in (firm.region_cum, firm.age_cum):
        np.searchsorted(shares, luck.random(n), side="right")
    rate = np.array(firm.segment_rate)[segment] * luck.gamma(firm.rate_shape, 1.0, n)
    spend = np.array(firm.segment_spend)[segment] / luck.gamma(firm.q, 1.0, n)
    loyalty = luck.normal(0, firm.loyalty_sd, n) + np.array(firm.channel_loyalty)[channel]
    push = np.exp(-loyalty - np.array(firm.segment_loyalty)[segment])
    profit = -np.array(firm.channel_cents)[channel] * (arrival < firm.periods)
    stage, months, parts = np.full(n, -1, dtype=np.int8), np.zeros(n, dtype=np.int64), []
    for period in range(firm.periods):
        stage = next_stages(firm, stage, push, luck)
        stage[arrival == period] = firm.entry
        alive = np.nonzero((stage >= 0) & (stage != firm.final))[0]
        months[alive] += 1
        profit[alive] -= np.array(firm.service_cents)[stage[alive]]
        mean = rate[alive] * np.array(firm.factor)[stage[alive]] * firm.season[period]
        parts.append(purchases(firm, np.repeat(alive, luck.poisson(mean)), period, spend, luck))
    rows = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    order = np.lexsort((rows["second"], rows["customer"]))
    rows = {name: column[order] for name, column in rows.items()}
    profit += np.bincount(rows["customer"], rows["margin"], minlength=n).astype(np.int64)
    return lambda: Outcome(rows, months, stage == firm.final, profit)


def next_stages(firm: Firm, stage: Any, push: Any, luck: np.random.Generator) -> Any:
    """Everybody's next stage, stage by stage."""
    following = stage.copy()
    for number, row in enumerate(firm.rows):
        here = np.nonzero(stage == number)[0] if number != firm.final else np.empty(0, dtype=np.int64)
        odds = push[here] * row.loss
        loses = luck.random(len(here)) * (1 - row.loss + odds) < odds
        v = luck.random(len(here))
        following[here] = np.array(row.other)[np.searchsorted(row.other_cum, v, side="right")]
        if row.losing:
            down = np.array(row.losing)[np.searchsorted(row.losing_cum, v[loses], side="right")]
            following[here[loses]] = down
    return following


def purchases(firm: Firm, who: Any, period: int, spend: Any, luck: np.random.Generator) -> dict[str, Any]:
    """One month's purchases of these customers, one entry for each purchase."""
    n, first, length = len(who), firm.second[period], firm.second[period + 1] - firm.second[period]
    category = np.searchsorted(firm.category_cum, luck.random(n), side="right")
    full = spend[who] * luck.gamma(firm.p, 1.0, n) * 100
    paid = np.maximum((full + 0.5).astype(np.int64), 1)
    goods = (full * (1 - np.array(firm.category_margin)[category]) + 0.5).astype(np.int64)
    return {
        "customer": who,
        "period": np.full(n, period, dtype=np.int16),
        "second": first + (luck.random(n) * length).astype(np.int64),
        "cents": paid,
        "margin": paid - goods,
        "category": category.astype(np.int8),
    }
