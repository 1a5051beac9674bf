"""The whole of `retail` as Python objects: satisfaction, service, surveys, favourites and word of mouth.

The same life for the plain loop, for SimPy and for Mesa, which differ only in who calls `month`. It is written for
speed as far as a person would write it: slots, bisection, numbers taken out of the scenario once, tuples for rows.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, pairwise
from math import exp, floor
from random import Random
from typing import Any

from firm import cumulative
from person import poisson

from crmsim.engine.calendar import period_starts
from crmsim.settings.scenario import Scenario


class Shop:
    """The scenario as plain numbers, and what happens in it."""

    def __init__(self, s: Scenario, seed: int) -> None:
        self.luck, self.periods = Random(seed), s.periods
        self.rows: list[tuple[Any, ...]] = []
        self.contacts: list[tuple[Any, ...]] = []
        self.answers: list[tuple[Any, ...]] = []
        self.born: list[list[Customer]] = [[] for _ in range(s.periods + 1)]
        self.s, self.satisfaction, self.problems = s, s.satisfaction, s.service.problems
        self.surveys, self.word, self.traits = s.surveys, s.word_of_mouth, s.traits
        self.first_share, self.over = s.arrival.first_period_share, s.arrival.over_periods
        channels, segments = list(s.arrival.channels.values()), list(s.traits.segments.values())
        self.channels, self.segments = channels, segments
        self.channel_cum = cumulative([c.share for c in channels])
        self.segment_cum = cumulative([g.share for g in segments])
        self.referral = list(s.arrival.channels).index(s.word_of_mouth.channel)
        self.groups = [cumulative([g.share for g in part.values()]) for part in (s.regions, s.age_groups)]
        self.home_cum = cumulative([c.share for c in s.categories.values()])
        self.cost_share = [1 - c.margin for c in s.categories.values()]
        self.category_cum = [
            cumulative([c.share * s.affinity[home][name] for name, c in s.categories.items()]) for home in s.categories
        ]
        stages = list(s.stages.values())
        self.factor = [stage.purchases for stage in stages]
        self.service_cents = [round(stage.service_cost * 100) for stage in stages]
        self.entry, self.final = list(s.stages).index(s.entry_stage), list(s.stages).index("churn")
        self.moves = [self.row(name) for name in s.stages]
        self.desks = [(d.waiting_minutes, d.handling_minutes, round(d.cost * 100)) for d in s.service.channels.values()]
        self.desk_cum = cumulative([d.share for d in s.service.channels.values()])
        self.contact_rate = sum(reason.rate for reason in s.service.reasons.values())
        self.reason_cum = cumulative([reason.rate for reason in s.service.reasons.values()])
        starts = period_starts(s, s.periods).to_numpy().astype("datetime64[s]").astype(int).tolist()
        self.span = [(first, after - first) for first, after in pairwise(starts)]
        self.season = [s.season[start.month - 1] for start in period_starts(s, s.periods)[:-1]]

    def row(self, name: str) -> tuple[float, list[int], list[float], list[int], list[float]]:
        """Where customers of a stage go: probability of a loss; targets and cumulative shares of losses and others."""
        names, own = list(self.s.stages), self.s.stages[name].standing
        row = {k: self.s.moves[name].get(to, 0.0) for k, to in enumerate(names)}
        losing = [k for k in row if self.s.stages[names[k]].standing < own and row[k]]
        other = [k for k in row if k not in losing and row[k]]
        loss = sum(row[k] for k in losing)
        shares = [list(accumulate(row[k] / total for k in part)) for part, total in ((losing, loss), (other, 1 - loss))]
        return loss, losing, shares[0], other, shares[1]


class Customer:
    """A customer: traits drawn at birth, and a month's life."""

    __slots__ = (
        "arrival",
        "expectation",
        "hold",
        "home",
        "months",
        "mood",
        "number",
        "patience",
        "profit",
        "rate",
        "sensitivity",
        "shop",
        "spend",
        "stage",
        "told",
    )  # fmt: skip

    def __init__(self, shop: Shop, number: int, arrival: int | None = None) -> None:
        luck = shop.luck
        draw, traits = luck.random, shop.traits
        channel, self.arrival = bisect_right(shop.channel_cum, draw()), 0
        if arrival is not None:
            channel, self.arrival = shop.referral, arrival
        elif draw() >= shop.first_share:
            self.arrival = 1 + int(draw() * (shop.over - 1))
        segment = shop.segments[bisect_right(shop.segment_cum, draw())]
        for shares in shop.groups:
            bisect_right(shares, draw())
        self.home = bisect_right(shop.home_cum, draw())
        rate = traits.purchase_rate
        self.rate = segment.purchase_rate * luck.gammavariate(rate.shape, rate.mean / rate.shape)
        self.spend = segment.spend * traits.spend.mean * (traits.spend.q - 1) / luck.gammavariate(traits.spend.q, 1.0)
        self.spend /= traits.spend.p
        own = luck.gauss(traits.loyalty.mean, traits.loyalty.sd) + segment.loyalty + shop.channels[channel].loyalty
        self.hold = own + (shop.word.loyalty if arrival is not None else 0.0)
        self.sensitivity = max(0.0, luck.gauss(traits.service_sensitivity.mean, traits.service_sensitivity.sd))
        self.patience = max(0.1, luck.expovariate(1 / traits.patience_minutes))
        self.shop, self.number, self.stage, self.mood, self.months, self.told = shop, number, -1, 0.0, 0, 0.0
        self.expectation = shop.satisfaction.expectation
        self.profit = -round(shop.channels[channel].cost * 100)

    def month(self, t: int) -> bool:
        """Live one month; whether there will be another."""
        shop = self.shop
        self.stage = shop.entry if self.stage < 0 else self.move()
        if self.stage == shop.final:
            return False
        luck, part = shop.luck, shop.satisfaction
        self.months += 1
        self.profit -= shop.service_cents[self.stage]
        liking = exp(part.on_purchases * self.sensitivity * self.mood)
        n = poisson(luck.random(), self.rate * shop.factor[self.stage] * shop.season[t] * liking)
        first, length = shop.span[t]
        shock, waits = 0.0, []
        for when in sorted(first + int(luck.random() * length) for _ in range(n)) if n else ():
            if self.buy(t, when):
                shock += self.complain(t, when, waits)
        for _ in range(poisson(luck.random(), shop.contact_rate)):
            reason = 1 + bisect_right(shop.reason_cum, luck.random())
            waits.append(self.contact(t, first + int(luck.random() * length), reason, 0.0, True))
        if n or waits:
            self.feel(t, shock, waits)
        talk = exp(max(-5.0, min(2.0, shop.word.on_referrals * self.mood)))
        for _ in range(poisson(luck.random(), shop.word.referrals * talk)):
            if t + 1 < shop.periods:
                shop.born[t + 1].append(Customer(shop, self.number, t + 1))
        return True

    def move(self) -> int:
        """The next stage: what the customer holds on by divides the odds of losing ground."""
        shop = self.shop
        loss, losing, losing_cum, other, other_cum = shop.moves[self.stage]
        draw = shop.luck.random
        odds = exp(-self.hold - shop.satisfaction.on_loyalty * self.sensitivity * self.mood) * loss
        if draw() * (1.0 - loss + odds) < odds:
            return losing[min(bisect_right(losing_cum, draw()), len(losing) - 1)]
        return other[min(bisect_right(other_cum, draw()), len(other) - 1)]

    def buy(self, t: int, when: int) -> bool:
        """One purchase; whether something goes wrong with it."""
        shop = self.shop
        category = bisect_right(shop.category_cum[self.home], shop.luck.random())
        full = self.spend * shop.luck.gammavariate(shop.traits.spend.p, 1.0) * 100
        paid = max(int(full + 0.5), 1)
        margin = paid - int(full * shop.cost_share[category] + 0.5)
        self.profit += margin
        shop.rows.append((self.number, t, when, paid, margin, category))
        return shop.luck.random() < shop.problems.share

    def complain(self, t: int, when: int, waits: list[float]) -> float:
        """What the end of a problem does to the mood."""
        problems, luck = self.shop.problems, self.shop.luck
        major = luck.random() < problems.major_share
        kind = problems.major if major else problems.minor
        if luck.random() >= (problems.complain_major if major else problems.complain_minor):
            return float(kind.silent)
        resolved, hours = luck.random() < problems.resolved_share, luck.expovariate(1 / problems.reply_hours)
        waits.append(self.contact(t, when + 3600, 0, hours, resolved))
        return float((kind.fast if hours <= problems.fast_hours else kind.resolved) if resolved else kind.unresolved)

    def contact(self, t: int, when: int, reason: int, hours: float, resolved: bool) -> float:
        """Get in touch; the minutes of waiting."""
        shop, luck = self.shop, self.shop.luck
        desk = bisect_right(shop.desk_cum, luck.random())
        waiting, handling, cents = shop.desks[desk]
        wait = luck.expovariate(1 / waiting) if waiting else 0.0
        self.profit -= cents
        agent = int(luck.random() * shop.s.service.agents)
        row = (self.number, t, when, wait, luck.expovariate(1 / handling), hours, agent, reason, desk, resolved)
        shop.contacts.append(row)
        return wait

    def feel(self, t: int, shock: float, waits: list[float]) -> None:
        """Satisfaction after a month with experiences."""
        shop, luck = self.shop, self.shop.luck
        part, surveys = shop.satisfaction, shop.surveys
        perceived, expected = part.quality + luck.gauss(0.0, part.quality_sd), self.expectation
        if waits:
            perceived += part.waiting * max(-2.0, 1 - sum(waits) / len(waits) / self.patience)
        if luck.random() < part.surprise_share:
            perceived += part.surprise
        self.mood = part.memory * self.mood + (1 - part.memory) * (perceived - expected) + shock
        self.expectation += part.learning * (perceived - expected)
        self.told += shop.word.tells_satisfied * max(self.mood, 0.0)
        if luck.random() < surveys.share:
            scores = [surveys.middle + surveys.per_unit * felt for felt in (self.mood, expected, perceived)]
            noisy = [max(1, min(5, floor(score + surveys.noise_sd * luck.gauss(0.0, 1.0) + 0.5))) for score in scores]
            shop.answers.append((self.number, t, *noisy))
