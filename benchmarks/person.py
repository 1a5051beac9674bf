"""A customer as a Python object: the same life for the plain loop, for SimPy and for Mesa.

The three differ only in who calls `month`; what a customer does there is the same code, written for speed as far
as a person would write it: slots, bisection, no object for a purchase.
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp
from random import Random
from typing import Any

import numpy as np
from firm import COLUMNS, Firm, Outcome

Record = tuple[int, int, int, int, int, int]


class Person:
    """A customer: traits drawn at birth, a stage, and the money earned with him."""

    __slots__ = ("arrival", "firm", "luck", "months", "number", "profit", "push", "rate", "rows", "spend", "stage")

    def __init__(self, number: int, *, firm: Firm, luck: Random, rows: list[Record]) -> None:
        draw = luck.random
        channel, segment = bisect_right(firm.channel_cum, draw()), bisect_right(firm.segment_cum, draw())
        bisect_right(firm.region_cum, draw())
        bisect_right(firm.age_cum, draw())
        self.number, self.firm, self.luck, self.rows = number, firm, luck, rows
        self.arrival = bisect_right(firm.arrival_cum, draw())
        self.rate = firm.segment_rate[segment] * luck.gammavariate(firm.rate_shape, 1.0)
        self.spend = firm.segment_spend[segment] / luck.gammavariate(firm.q, 1.0)
        loyalty = luck.gauss(0.0, firm.loyalty_sd) + firm.channel_loyalty[channel] + firm.segment_loyalty[segment]
        self.push = exp(-loyalty)
        self.stage, self.months = -1, 0
        self.profit = -firm.channel_cents[channel] if self.arrival < firm.periods else 0

    def month(self, period: int) -> bool:
        """Live one month; whether there will be another."""
        firm = self.firm
        self.stage = firm.entry if self.stage < 0 else self.move()
        if self.stage == firm.final:
            return False
        self.months += 1
        self.profit -= firm.service_cents[self.stage]
        n = poisson(self.luck.random(), self.rate * firm.factor[self.stage] * firm.season[period])
        if n == 1:
            self.rows.append(self.purchase(period))
        elif n > 1:
            self.rows.extend(sorted((self.purchase(period) for _ in range(n)), key=lambda record: record[2]))
        return True

    def move(self) -> int:
        """The next stage: the odds of losing ground are multiplied by `push`."""
        row, draw = self.firm.rows[self.stage], self.luck.random
        odds = self.push * row.loss
        if draw() * (1.0 - row.loss + odds) < odds:
            return row.losing[bisect_right(row.losing_cum, draw())]
        return row.other[bisect_right(row.other_cum, draw())]

    def purchase(self, period: int) -> Record:
        """Time, amount, margin and category of one purchase."""
        firm, luck = self.firm, self.luck
        first = firm.second[period]
        when = first + int(luck.random() * (firm.second[period + 1] - first))
        category = bisect_right(firm.category_cum, luck.random())
        full = self.spend * luck.gammavariate(firm.p, 1.0) * 100
        paid = max(int(full + 0.5), 1)
        margin = paid - int(full * (1.0 - firm.category_margin[category]) + 0.5)
        self.profit += margin
        return self.number, period, when, paid, margin, category


def poisson(u: float, mean: float) -> int:
    """A Poisson number by inversion."""
    term = below = exp(-mean)
    n = 0
    while u > below and n < 1000:
        n += 1
        term *= mean / n
        below += term
    return n


def outcome(people: list[Person], rows: list[Record]) -> Outcome:
    """The lives of all people as arrays."""
    table = np.array(rows, dtype=np.int64).reshape(-1, len(COLUMNS))

    def column(name: str) -> Any:
        return np.array([getattr(person, name) for person in people])

    stage, final = column("stage"), people[0].firm.final
    columns = {name: table[:, k] for k, name in enumerate(COLUMNS)}
    return Outcome(columns, column("months"), stage == final, column("profit"))
