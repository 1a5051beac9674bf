"""The whole of `retail` with NumPy: everybody who lives at once, month by month.

Vectorised as a person would who wants it quick: only the living stand in the arrays, shares are looked up by
bisection, sums are counted by `bincount`, and columns are put together once, at the end. Rows stay in the order in
which they happen, which spares the sorting by customer and time that the kernel does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from shop import Shop
from shop_peers import Totals

from crmsim.settings.scenario import Scenario

ROWS = ("customer", "period", "second", "cents", "margin", "category")
CONTACTS = ("customer", "second", "waiting", "handling", "hours", "agent", "reason", "channel", "resolved")
ANSWERS = ("customer", "period", "satisfaction", "expected", "perceived")


def numpy_months(s: Scenario, seed: int) -> Totals:
    """The shop, and what each family did."""
    return Months(s, seed).totals()


class Months:
    """All who live; columns `number`, `stage`, `hold` ... of equal length, and what they did."""

    def __init__(self, s: Scenario, seed: int) -> None:
        self.s, self.shop, self.luck = s, Shop(s, seed), np.random.default_rng(seed)
        self.rows: list[tuple[Any, ...]] = []
        self.contacts: list[tuple[Any, ...]] = []
        self.answers: list[tuple[Any, ...]] = []
        self.sums = {name: np.zeros(s.customers) for name in ("customers", "months", "profit", "mood")}
        arrival = 1 + (self.luck.random(s.customers) * (self.shop.over - 1)).astype(np.int64)
        arrival[self.luck.random(s.customers) < self.shop.first_share] = 0
        order = np.argsort(arrival, kind="stable")
        come = np.searchsorted(arrival[order], np.arange(s.periods + 1))
        self.living = self.people(np.empty(0, dtype=np.int64), referred=False)
        born = np.empty(0, dtype=np.int64)
        for t in range(s.periods):
            self.move()
            fresh = [self.people(order[come[t] : come[t + 1]], referred=False), self.people(born, referred=True)]
            parts = [self.living, *fresh]
            self.living = {name: np.concatenate([part[name] for part in parts]) for name in self.living}
            born = self.month(t)
        self.count("mood", self.living["number"], self.living["mood"])

    def people(self, number: Any, *, referred: bool) -> dict[str, Any]:
        """These customers as they come."""
        shop, luck, traits, n = self.shop, self.luck, self.shop.traits, len(number)
        channel = self.pick(shop.channel_cum, n) if not referred else np.full(n, shop.referral)
        segment = self.pick(shop.segment_cum, n)
        for shares in shop.groups:
            self.pick(shares, n)
        self.count("customers", number)
        self.count("profit", number, -100 * np.array([c.cost for c in shop.channels])[channel])
        hold = luck.normal(traits.loyalty.mean, traits.loyalty.sd, n) + shop.word.loyalty * referred
        hold += np.array([c.loyalty for c in shop.channels])[channel]
        kinds, rate, spend = shop.segments, traits.purchase_rate, traits.spend
        level = spend.mean * (spend.q - 1) / spend.p / luck.gamma(spend.q, 1.0, n)
        often = luck.gamma(rate.shape, rate.mean / rate.shape, n)
        care = luck.normal(traits.service_sensitivity.mean, traits.service_sensitivity.sd, n)
        return {
            "number": number,
            "stage": np.full(n, shop.entry),
            "home": self.pick(shop.home_cum, n),
            "rate": np.array([k.purchase_rate for k in kinds])[segment] * often,
            "spend": np.array([k.spend for k in kinds])[segment] * level,
            "hold": hold + np.array([k.loyalty for k in kinds])[segment],
            "sensitivity": np.maximum(0.0, care),
            "patience": np.maximum(0.1, luck.exponential(traits.patience_minutes, n)),
            "mood": np.zeros(n),
            "expectation": np.full(n, shop.satisfaction.expectation),
        }

    def pick(self, cum: Any, n: int) -> Any:
        """So many draws by cumulative shares."""
        return np.searchsorted(cum, self.luck.random(n), side="right")

    def count(self, name: str, number: Any, values: Any = None) -> None:
        """Add to the sums of these families."""
        self.sums[name] += np.bincount(number, values, minlength=len(self.sums[name]))

    def move(self) -> None:
        """Everybody's next stage; who is lost leaves the arrays."""
        me, shop = self.living, self.shop
        push = np.exp(-me["hold"] - shop.satisfaction.on_loyalty * me["sensitivity"] * me["mood"])
        following = me["stage"].copy()
        for number, (loss, losing, losing_cum, other, other_cum) in enumerate(shop.moves):
            here = np.nonzero(me["stage"] == number)[0]
            if len(here) and losing:
                odds = push[here] * loss
                loses = self.luck.random(len(here)) * (1 - loss + odds) < odds
                for lost, to, cum in ((True, losing, losing_cum), (False, other, other_cum)):
                    mine = here[loses == lost]
                    at = np.searchsorted(cum, self.luck.random(len(mine)), side="right")
                    following[mine] = np.array(to)[np.minimum(at, len(to) - 1)]
        me["stage"] = following
        gone = following == shop.final
        self.count("mood", me["number"][gone], me["mood"][gone])
        self.living = {name: column[~gone] for name, column in me.items()}

    def month(self, t: int) -> Any:
        """One month; the families of those who were referred in it."""
        me, shop, luck = self.living, self.shop, self.luck
        n, number = len(me["number"]), me["number"]
        self.count("months", number)
        self.count("profit", number, -np.array(shop.service_cents, dtype=float)[me["stage"]])
        liking = np.exp(shop.satisfaction.on_purchases * me["sensitivity"] * me["mood"])
        counts = luck.poisson(me["rate"] * np.array(shop.factor)[me["stage"]] * shop.season[t] * liking)
        shock, waits, waited = np.zeros(n), np.zeros(n), np.zeros(n)
        trouble, when = self.buy(t, np.repeat(np.arange(n), counts))
        who, hours, resolved, when = self.go_wrong(trouble, when, shock)
        self.contact(who, when + 3600, np.zeros(len(who), dtype=np.int8), hours, resolved, waits, waited)
        calls = np.repeat(np.arange(n), luck.poisson(shop.contact_rate, n))
        first, length = shop.span[t]
        moments = first + (luck.random(len(calls)) * length).astype(np.int64)
        why = (1 + self.pick(shop.reason_cum, len(calls))).astype(np.int8)
        self.contact(calls, moments, why, np.zeros(len(calls)), np.ones(len(calls), dtype=bool), waits, waited)
        self.feel(t, np.nonzero((counts > 0) | (waits > 0))[0], shock, waits, waited)
        talk = np.exp(np.clip(shop.word.on_referrals * me["mood"], -5.0, 2.0))
        return np.repeat(number, luck.poisson(shop.word.referrals * talk))

    def buy(self, t: int, who: Any) -> tuple[Any, Any]:
        """The purchases of a month; who had a problem, and when."""
        me, shop, luck, n = self.living, self.shop, self.luck, len(who)
        first, length = shop.span[t]
        v, home, category = luck.random(n), me["home"][who], np.zeros(n, dtype=np.int8)
        for favourite, cum in enumerate(shop.category_cum):
            mine = home == favourite
            category[mine] = np.searchsorted(cum, v[mine], side="right")
        full = me["spend"][who] * luck.gamma(shop.traits.spend.p, 1.0, n) * 100
        paid = np.maximum((full + 0.5).astype(np.int64), 1)
        margin = paid - (full * np.array(shop.cost_share)[category] + 0.5).astype(np.int64)
        second = first + (luck.random(n) * length).astype(np.int64)
        number = me["number"][who]
        self.count("profit", number, margin)
        self.rows.append((number, np.full(n, t, dtype=np.int16), second, paid, margin, category))
        bad = luck.random(n) < shop.problems.share
        return who[bad], second[bad]

    def go_wrong(self, who: Any, when: Any, shock: Any) -> tuple[Any, Any, Any, Any]:
        """How problems end: those who complain, the hours until the reply, whether it is resolved, and when."""
        problems, luck, n = self.shop.problems, self.luck, len(who)
        major = luck.random(n) < problems.major_share
        speaks = luck.random(n) < np.where(major, problems.complain_major, problems.complain_minor)
        resolved, hours = luck.random(n) < problems.resolved_share, luck.exponential(problems.reply_hours, n)
        end = speaks * (1 + resolved * (1 + (hours <= problems.fast_hours)))
        kinds = [[k.silent, k.unresolved, k.resolved, k.fast] for k in (problems.minor, problems.major)]
        shock += np.bincount(who, np.array(kinds)[major.astype(int), end], minlength=len(shock))
        return who[speaks], hours[speaks], resolved[speaks], when[speaks]

    def contact(
        self, who: Any, when: Any, reason: Any, hours: Any, resolved: Any, waits: Any, waited: Any
    ) -> None:  # fmt: skip
        """These get in touch; their number of waits and their minutes are added up."""
        shop, luck, n = self.shop, self.luck, len(who)
        desk = self.pick(shop.desk_cum, n)
        waiting, handling, cents = (np.array(column, dtype=float)[desk] for column in zip(*shop.desks, strict=True))
        minutes = luck.exponential(1.0, n) * waiting
        waits += np.bincount(who, minlength=len(waits))
        waited += np.bincount(who, minutes, minlength=len(waits))
        number = self.living["number"][who]
        self.count("profit", number, -cents)
        agent = (luck.random(n) * shop.s.service.agents).astype(np.int32)
        row = (number, when, minutes, luck.exponential(1.0, n) * handling, hours, agent, reason, desk, resolved)
        self.contacts.append(row)

    def feel(self, t: int, who: Any, shock: Any, waits: Any, waited: Any) -> None:
        """Satisfaction after a month with experiences, and surveys."""
        me, part, surveys, luck, n = self.living, self.shop.satisfaction, self.shop.surveys, self.luck, len(who)
        perceived, expected = part.quality + luck.normal(0, part.quality_sd, n), me["expectation"][who]
        kept = np.maximum(-2.0, 1 - waited[who] / np.maximum(waits[who], 1) / me["patience"][who])
        perceived += part.waiting * kept * (waits[who] > 0)
        perceived += part.surprise * (luck.random(n) < part.surprise_share)
        mood = part.memory * me["mood"][who] + (1 - part.memory) * (perceived - expected) + shock[who]
        me["mood"][who] = mood
        me["expectation"][who] = expected + part.learning * (perceived - expected)
        asked = luck.random(n) < surveys.share
        scores = []
        for felt in (mood[asked], expected[asked], perceived[asked]):
            score = surveys.middle + surveys.per_unit * felt + surveys.noise_sd * luck.normal(size=len(felt))
            scores.append(np.clip(np.floor(score + 0.5), 1, 5).astype(np.int8))
        self.answers.append((me["number"][who[asked]], np.full(asked.sum(), t, dtype=np.int16), *scores))

    def totals(self) -> Totals:
        """The columns put together, and one number for each family."""
        found, n = dict(self.sums), self.s.customers
        for name, columns, parts in (
            ("purchases", ROWS, self.rows),
            ("contacts", CONTACTS, self.contacts),
            ("answers", ANSWERS, self.answers),
        ):
            table = {key: np.concatenate(part) for key, part in zip(columns, zip(*parts, strict=True), strict=True)}
            found[name] = np.bincount(table["customer"], minlength=n) * 1.0
        return found
