"""Question 9: the lifetime value of the student's own customers in the next year, estimated from the past."""

from functools import lru_cache

import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake

HORIZON = 12


@lru_cache(maxsize=16)
def estimated(case, model="bg_nbd", horizon=HORIZON):
    """What a method of the library says of a case; kept, because a model is slow to fit."""
    return crm.estimate_clv(case, horizon=horizon, model=model, rate=case.rate_month)


def by(model="bg_nbd", *, horizon=HORIZON, column="clv"):
    """A column of what a method of the library says."""
    return lambda case: estimated(case, model, horizon)[column]


reference = by()
"""A good method: it lets customers leave in silence. It is not the best possible one."""


def true_values(case):
    """The true expected profit of the next year, of everybody who has bought."""
    buyers = pd.Index(case.transactions["customer_id"].unique(), name="customer_id")
    return case.truth["clv"]["clv"].reindex(buyers)


def revenue(case):
    """Money paid instead of margin."""
    found = estimated(case)
    return found["discounted_purchases"] * found["expected_spend"]


def past_margin(case):
    """What has come already."""
    return case.transactions.groupby("customer_id")["margin"].sum()


METHODS = [
    Mistake("historic", by("historic"), 0.25,
            "You let everybody go on for ever as before. Many of your customers have left since, without a word. Test "
            "the methods on the past: the total of this one is far too high."),
    Mistake("cohort", by("cohort"), None,
            "You gave all who came at the same time the same value. Their own purchases say more."),
    Mistake("revenue", revenue, None,
            "You counted the money paid. Only the margin is the firm's: see the column margin."),
    Mistake("past", past_margin, None,
            "You handed in what has come already. What is asked for is the profit of the next twelve months."),
    Mistake("one month", by(horizon=1), None, "This is the value of one month. Twelve are asked for."),
    Mistake("purchases", by(column="expected_purchases"), None,
            "These are purchases. What is asked for is money."),
]
