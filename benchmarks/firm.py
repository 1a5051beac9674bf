"""One firm for all ways of simulating it: the scenario as plain numbers, and what every way must bring back.

The model is that of `crmsim.engine.kernel` without contacts, satisfaction and word of mouth: five stages with moves
tilted by loyalty, Poisson purchases at a rate of the customer's own, Gamma-Gamma amounts in whole cents, seasons,
categories with margins, costs of arrival and of service. Each way draws its own luck in its own manner; `Outcome`
lets the results be compared in distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.engine.calendar import period_starts
from crmsim.settings.scenario import Scenario

COLUMNS = ("customer", "period", "second", "cents", "margin", "category")


def cumulative(shares: Any) -> list[float]:
    """Running sums that end in exactly 1."""
    sums = list(accumulate(shares))
    return [value / sums[-1] for value in sums]


@dataclass(frozen=True)
class Row:
    """Where customers of a stage go: first the moves that lose ground, then the others."""

    loss: float
    losing: list[int]
    losing_cum: list[float]
    other: list[int]
    other_cum: list[float]


@dataclass(frozen=True)
class Firm:
    """A scenario as lists of numbers, for code that knows nothing of scenarios."""

    periods: int
    arrival_cum: list[float]
    channel_cum: list[float]
    channel_cents: list[int]
    channel_loyalty: list[float]
    segment_cum: list[float]
    segment_rate: list[float]
    segment_spend: list[float]
    segment_loyalty: list[float]
    region_cum: list[float]
    age_cum: list[float]
    rate_shape: float
    p: float
    q: float
    loyalty_sd: float
    entry: int
    rows: list[Row]
    factor: list[float]
    service_cents: list[int]
    final: int
    season: list[float]
    second: list[int]
    category_cum: list[float]
    category_margin: list[float]


@dataclass
class Outcome:
    """What a way of simulating brings back: transactions in columns, and four numbers for each customer."""

    rows: dict[str, npt.NDArray[Any]]
    months: npt.NDArray[Any]
    """Months lived: from arrival on, while still a customer."""
    churned: npt.NDArray[Any]
    profit: npt.NDArray[Any]
    """Cents."""

    def per_customer(self) -> dict[str, npt.NDArray[np.float64]]:
        """The numbers in which all ways must agree, one entry for each customer."""
        n = len(self.months)
        return {
            "purchases": np.bincount(self.rows["customer"], minlength=n).astype(float),
            "revenue": np.bincount(self.rows["customer"], self.rows["cents"], minlength=n) / 100,
            "profit": self.profit / 100,
            "months lived": self.months.astype(float),
            "churned": self.churned.astype(float),
        }


def moves_of(s: Scenario, stage: str) -> Row:
    """One row of the scenario's moves, in the order of drawing."""
    names, standing = list(s.stages), [part.standing for part in s.stages.values()]
    p = [s.moves[stage].get(name, 0.0) for name in names]
    possible = sorted((k for k in range(len(names)) if p[k] > 0), key=lambda k: standing[k])
    losing = [k for k in possible if standing[k] < s.stages[stage].standing]
    other = [k for k in possible if k not in losing]
    losing_cum = cumulative(p[k] for k in losing) if losing else []
    return Row(sum(p[k] for k in losing), losing, losing_cum, other, cumulative(p[k] for k in other))


def firm_of(s: Scenario) -> Firm:
    """The plain numbers of a scenario with monthly periods."""
    channels, segments = list(s.arrival.channels.values()), list(s.traits.segments.values())
    later = (1 - s.arrival.first_period_share) / (s.arrival.over_periods - 1)
    stages, rate, spend = list(s.stages.values()), s.traits.purchase_rate, s.traits.spend
    starts = period_starts(s, s.periods)
    return Firm(
        periods=s.periods,
        arrival_cum=[s.arrival.first_period_share + later * t for t in range(s.periods)],
        channel_cum=cumulative(c.share for c in channels),
        channel_cents=[round(c.cost * 100) for c in channels],
        channel_loyalty=[c.loyalty for c in channels],
        segment_cum=cumulative(g.share for g in segments),
        segment_rate=[g.purchase_rate * rate.mean / rate.shape for g in segments],
        segment_spend=[g.spend * spend.mean * (spend.q - 1) / spend.p for g in segments],
        segment_loyalty=[g.loyalty for g in segments],
        region_cum=cumulative(g.share for g in s.regions.values()),
        age_cum=cumulative(g.share for g in s.age_groups.values()),
        rate_shape=rate.shape,
        p=spend.p,
        q=spend.q,
        loyalty_sd=s.traits.loyalty.sd,
        entry=list(s.stages).index(s.entry_stage),
        rows=[moves_of(s, name) for name in s.stages],
        factor=[stage.purchases for stage in stages],
        service_cents=[round(stage.service_cost * 100) for stage in stages],
        final=list(s.stages).index("churn"),
        season=[s.season[month - 1] for month in starts.month],
        second=[int(second) for second in starts.to_numpy().astype("datetime64[s]").astype(np.int64)],
        category_cum=cumulative(c.share for c in s.categories.values()),
        category_margin=[c.margin for c in s.categories.values()],
    )
