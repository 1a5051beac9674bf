"""Question 5: customer equity within the planning period and the time of loyalty."""

import numpy as np

from crmsim.course.marking import slip


def level(table, periods, rate, *, first=1):
    """Present value of the same profit in each of so many periods, customer by customer."""
    months = np.asarray(periods, dtype=float)
    factor = months if rate == 0 else (1 - (1 + rate) ** -months) / rate
    return table["profit_per_quarter"] * factor * (1 + rate) ** (1 - first)


def cut(table, plan):
    """The shorter of plan and loyalty."""
    return np.minimum(table["loyal_quarters"], plan)


def of_members(case, *, periods=cut, rate=None, first=1, plan=None):
    """What the present customers are worth together."""
    plan = case.plan_quarters if plan is None else plan
    rate = case.rate_quarter if rate is None else rate
    return float(level(case.members, periods(case.members, plan), rate, first=first).sum())


def of_prospects(case, *, chance=True, periods=cut, rate=None, first=1, plan=None):
    """What the potential customers are worth together."""
    people = case.prospects
    plan = case.plan_quarters if plan is None else plan
    rate = case.rate_quarter if rate is None else rate
    worth = level(people, periods(people, plan), rate, first=first)
    return float((worth * (people["probability"] if chance else 1)).sum())


def equity(case):
    """The right answer."""
    both = [(of_members(case, plan=plan), of_prospects(case, plan=plan)) for plan in (None, 4)]
    return {"current": both[0][0], "potential": both[0][1], "equity": sum(both[0]), "equity_1_year": sum(both[1])}


def slips(entry, worth):
    """Slips in the value of a group of people."""
    loyal, plan_only, longer = (
        lambda table, plan: table["loyal_quarters"], lambda table, plan: np.full(len(table), plan),
        lambda table, plan: np.maximum(table["loyal_quarters"], plan),
    )
    return [
        slip(entry, "plan ignored", lambda case: worth(case, periods=loyal),
             "you counted loyal quarters after the end of the planning period."),
        slip(entry, "loyalty ignored", lambda case: worth(case, periods=plan_only),
             "you counted the whole planning period for everybody. Some do not stay loyal so long."),
        slip(entry, "longer", lambda case: worth(case, periods=longer), "take the shorter of the two times."),
        slip(entry, "no discounting", lambda case: worth(case, rate=0.0), "you did not discount."),
        slip(entry, "first in full", lambda case: worth(case, first=0),
             "the first quarter ends one quarter from today: discount it once."),
    ]


EQUITY = [
    *slips("current", of_members), *slips("potential", of_prospects),
    slip("potential", "probability forgotten", lambda case: of_prospects(case, chance=False),
         "you counted everybody as won. Multiply by the probability."),
    slip("equity", "current only", of_members, "potential customers belong to customer equity, too."),
    slip("equity_1_year", "one quarter", lambda case: of_members(case, plan=1) + of_prospects(case, plan=1),
         "this is the value of one quarter. A year has four."),
    slip("equity_1_year", "current only", lambda case: of_members(case, plan=4),
         "potential customers belong to customer equity, too."),
]
