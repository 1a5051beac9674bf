"""Question 6, parts a and b: recency, frequency, monetary, purchase interval, and scores."""

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake, slip

DAY = pd.Timedelta(days=1)


def purchases(case, column):
    """A column of the purchases, customer by customer."""
    return case.transactions.groupby("customer_id")[column]


def rfm_table(case):
    """The right answer to part a."""
    wanted = crm.rfm(case)[["recency_days", "frequency", "monetary"]]
    return wanted.assign(interval_days=crm.segments.purchase_interval_days(case))


def span(case):
    """From the first purchase to the last."""
    return purchases(case, "time").max() - purchases(case, "time").min()


def n_intervals(case):
    """One less than purchases; empty for a single purchase."""
    return (purchases(case, "time").size() - 1).replace(0, np.nan)


TABLE = [
    slip("recency_days", "first purchase", lambda case: (case.today - purchases(case, "time").min()).dt.days,
         "these are the days since the first purchase. Take the last one."),
    slip("recency_days", "midnights", lambda case: (case.today - purchases(case, "time").max().dt.normalize()).dt.days,
         "you counted midnights. A full day has 24 hours."),
    slip("recency_days", "from the last row",
         lambda case: (case.transactions["time"].max() - purchases(case, "time").max()).dt.days,
         "look back from case.today, not from the last purchase in the table."),
    slip("frequency", "months", lambda case: purchases(case, "period").nunique(),
         "these are months with a purchase. Count the purchases."),
    slip("monetary", "mean", lambda case: purchases(case, "amount").mean(),
         "this is the mean of the purchases. Add them up."),
    slip("monetary", "margin", lambda case: purchases(case, "margin").sum(), "you added up `margin`. Take `amount`."),
    slip("interval_days", "divided by n", lambda case: span(case) / DAY / purchases(case, "time").size(),
         "you divided by the number of purchases. Between n purchases there are n - 1 intervals."),
    slip("interval_days", "zero", lambda case: rfm_table(case)["interval_days"].fillna(0),
         "after a single purchase there is no interval; that is not an interval of 0 days. Leave it empty."),
    slip("interval_days", "whole days", lambda case: span(case).dt.days / n_intervals(case),
         "you cut the time from first to last purchase to whole days before dividing."),
    slip("interval_days", "until today",
         lambda case: (case.today - purchases(case, "time").min()) / DAY / n_intervals(case),
         "the last interval ends with the last purchase, not today."),
]


def scored(*, equal=True, recency=(5, 4, 3, 2, 1), others=(5, 4, 3, 2, 1), places=(0, 1, 2)):
    """The function asked for in part b, or one with a slip."""

    def place(value, cuts):
        return next((i for i, cut in enumerate(cuts) if value > cut or (equal and value == cut)), len(cuts))

    def scores(recency_days, frequency, monetary):
        cuts = crm.segments.RFMCuts()
        found = [
            recency[place(-recency_days, [-cut for cut in cuts.recency_days])],
            others[place(frequency, cuts.frequency)], others[place(monetary, cuts.monetary)],
        ]
        return [found[i] for i in places]

    return lambda case: scores


def score_inputs(case):
    """Every cut from both sides, and six of the student's own customers."""
    own = rfm_table(case).sample(6, random_state=case.rng("scores"))
    on_cuts = [(30, 12, 5000), (60, 8, 2000.0), (90, 4, 1000), (180, 2, 300.0)]
    off_cuts = [(31, 11, 4999.0), (61, 7, 1999.99), (91, 3, 999.5), (181, 1, 299), (0, 40, 20.0), (300, 20, 9000)]
    mine = zip(own["recency_days"], own["frequency"], own["monetary"], strict=True)
    return on_cuts + off_cuts + [(int(r), int(f), float(m)) for r, f, m in mine]


SCORES = [
    Mistake("equal to a cut", scored(equal=False), 0.5, "A number that is equal to a cut gets the better score."),
    Mistake("recency turned round", scored(recency=(1, 2, 3, 4, 5)), 0.4,
            "Few days since the last purchase are good: they get the high score."),
    Mistake("1 is best", scored(recency=(1, 2, 3, 4, 5), others=(1, 2, 3, 4, 5)), 0.4, "5 is the best score, not 1."),
    Mistake("from 0 to 4", scored(recency=(4, 3, 2, 1, 0), others=(4, 3, 2, 1, 0)), 0.5,
            "The scores run from 1 to 5."),
    Mistake("another order", scored(places=(1, 0, 2)), 0.5, "The order is recency, frequency, monetary."),
]
