"""Questions 1 and 3: present value, and lifetime value in the narrow and the broad sense."""

import crmsim as crm
from crmsim.course.marking import Mistake


def present_value(flows, rate):
    """The function asked for in question 1."""
    return crm.value.present_value(flows, rate=rate)


def weighted(weight):
    """A function that gives the k-th payment (from 1) the weight ``weight(k, rate)``."""
    return lambda case: lambda flows, rate: sum(
        flow * weight(k, rate) for k, flow in enumerate(flows, start=1)
    )


def own_flows(case):
    """What is expected of each of the three customers, and what has come: (past, future) by customer."""
    found = []
    for _, rows in case.three.sort_values("quarter").groupby("customer_id"):
        ahead = rows["quarter"] > 0
        found.append((rows["profit"][~ahead].tolist(), rows["profit"][ahead].tolist()))
    return found


def present_value_inputs(case):
    """Short and long rows, a rate of 0, losses, nothing at all, and the student's own customers."""
    rng, own = case.rng("flows"), own_flows(case)
    random = [round(float(flow), 2) for flow in rng.normal(100, 150, 9)]
    return [
        ([80, 60], 0.10), (own[0][1], case.rate_quarter), (random, 0.07), ([120, -30, 55.5], 0), ([0, 0, 0, 500], 0.25),
        ([], 0.05),
    ]


PRESENT_VALUES = [
    Mistake("first in full", weighted(lambda k, rate: (1 + rate) ** (1 - k)), 0.5,
            "You did not discount the first payment. It comes one period from today."),
    Mistake("no discounting", weighted(lambda k, rate: 1), 0.25,
            "You added up the payments. Later money is worth less today: divide by (1 + rate) once for each period."),
    Mistake("once", weighted(lambda k, rate: 1 / (1 + rate)), 0.3,
            "You divided every payment by 1 + rate once. The second one must be divided twice, and so on."),
    Mistake("simple interest", weighted(lambda k, rate: 1 / (1 + rate * k)), 0.4,
            "You used simple interest, 1 + rate * k. Interest earns interest: (1 + rate) ** k."),
    Mistake("compounded", weighted(lambda k, rate: (1 + rate) ** k), 0.3,
            "Your later payments grow. Discounting makes them smaller: divide."),
    Mistake("minus rate", weighted(lambda k, rate: (1 - rate) ** k), 0.4,
            "You multiplied by 1 - rate. Discounting divides by 1 + rate, which is not the same."),
    Mistake("per cent", weighted(lambda k, rate: (1 + rate / 100) ** -k), 0.5,
            "rate is a share already: 0.10 is 10%. Do not divide it by 100."),
]


def lifetime(*, from_period=1, past=lambda age, rate: (1 + rate) ** age, discount=True, narrow_too=False, counts=True):
    """The function asked for in question 3, or one with a slip."""

    def values(past_flows, future, rate):
        used = rate if discount else 0.0
        ahead = crm.value.present_value(future, rate=used, first_period=from_period)
        ages = range(len(past_flows) - 1, -1, -1)
        before = sum(flow * past(age, used) for age, flow in zip(ages, past_flows, strict=True)) if counts else 0.0
        return {"narrow": ahead + before if narrow_too else ahead, "broad": ahead + before}

    return lambda case: values


def lifetime_inputs(case):
    """The example of a textbook, a rate of 0, a new customer, and the three customers of the case."""
    rng = case.rng("lifetime")
    random = [[round(float(flow), 2) for flow in rng.normal(90, 60, n)] for n in (6, 5)]
    own = [(before, ahead, case.rate_quarter) for before, ahead in own_flows(case)]
    return [([100, 120, 90], [80, 60], 0.10), (*random, 0.08), ([50, 70], [40], 0), ([25], [60, 60, 60], 0.12), *own]


LIFETIMES = [
    Mistake("past as it was", lifetime(past=lambda age, rate: 1), 0.5,
            "broad: you added the past profits as they were. Valued today, money of k periods ago has grown by "
            "(1 + rate) ** k."),
    Mistake("past discounted", lifetime(past=lambda age, rate: (1 + rate) ** -age), 0.5,
            "broad: you discounted the past. Money that came earlier is worth more today, not less."),
    Mistake("today as yesterday", lifetime(past=lambda age, rate: (1 + rate) ** (age + 1)), 0.5,
            "broad: the last past profit belongs to today; it has had no time to grow."),
    Mistake("past turned round", lambda case: lambda past, future, rate: lifetime()(case)(past[::-1], future, rate),
            0.5, "broad: the past begins with the oldest profit; the last one is today's. You turned it round."),
    Mistake("future from today", lifetime(from_period=0), 0.4,
            "The first future profit comes one period from today, so it is discounted once."),
    Mistake("no discounting", lifetime(discount=False), 0.25,
            "You added up the profits. Lifetime value is a present value."),
    Mistake("past in narrow", lifetime(narrow_too=True), 0.5,
            "narrow: the narrow sense counts the future profit alone."),
    Mistake("broad without past", lifetime(counts=False), 0.5,
            "broad: the broad sense counts the whole relation, so the past profit too."),
]
