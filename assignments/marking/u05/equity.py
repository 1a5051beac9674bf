"""Question 5: customer equity within the planning period and the time of loyalty."""

import numpy as np

from crmsim.course.marking import Mistake, slip


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


ONE_SLIP = {
    "plan ignored": ({"periods": lambda table, plan: table["loyal_quarters"]},
                     "you counted loyal quarters after the end of the planning period."),
    "loyalty ignored": ({"periods": lambda table, plan: np.full(len(table), plan)},
                        "you counted the whole planning period for everybody. Some do not stay loyal so long."),
    "longer": ({"periods": lambda table, plan: np.maximum(table["loyal_quarters"], plan)},
               "take the shorter of the two times."),
    "no discounting": ({"rate": 0.0}, "you did not discount."),
    "first in full": ({"first": 0}, "the first quarter ends one quarter from today: discount it once."),
}
"""Slips in the value of a person: what is different, and the message."""


def everywhere(changed):
    """What such a slip makes of all present and potential customers."""

    def values(case):
        current, potential = of_members(case, **changed), of_prospects(case, **changed)
        return {"current": current, "potential": potential, "equity": current + potential}

    return values


def unweighted(case):
    """Potential customers counted as won."""
    potential = of_prospects(case, chance=False)
    return {"potential": potential, "equity": of_members(case) + potential}


def slips(entry, worth):
    """The slips in the value of one group of people alone."""
    return [slip(entry, name, lambda case, changed=changed: worth(case, **changed), message)
            for name, (changed, message) in ONE_SLIP.items()]


EQUITY = [
    *(Mistake(name, everywhere(changed), 0.4, message[0].upper() + message[1:])
      for name, (changed, message) in ONE_SLIP.items()),
    Mistake("probability forgotten", unweighted, 0.5,
            "You counted every potential customer as won. Multiply by the probability."),
    *slips("current", of_members), *slips("potential", of_prospects),
    slip("potential", "probability forgotten", lambda case: of_prospects(case, chance=False),
         "you counted everybody as won. Multiply by the probability."),
    slip("equity", "current only", of_members, "potential customers belong to customer equity, too."),
    slip("equity_1_year", "one quarter", lambda case: of_members(case, plan=1) + of_prospects(case, plan=1),
         "this is the value of one quarter. A year has four."),
    slip("equity_1_year", "current only", lambda case: of_members(case, plan=4),
         "potential customers belong to customer equity, too."),
]
