"""Question 7a: loyalty as purchases show it."""

import pandas as pd

from crmsim.course.marking import slip
from crmsim.service import loyalty

DAY = pd.Timedelta(days=1)


def loyal(case):
    """The right answer to question 7a."""
    found = loyalty(case.transactions, window_days=case.window_days, at=case.today)
    return {name: float(found[name]) for name in ("retention_rate", "repeat_rate", "tenure_days")}


def bought(case, first, last):
    """Who bought from so many days ago to so many days ago."""
    ago = (case.today - case.transactions["time"]) / DAY
    return set(case.transactions.loc[(ago <= first) & (ago > last), "customer_id"])


def share(case, part, whole):
    """The part of `whole` that is in `part`."""
    return len(part & whole) / len(whole)


def times(case):
    """Moments of purchase, customer by customer."""
    return case.transactions.groupby("customer_id")["time"]


def span(case):
    """Days from first to last purchase."""
    return (times(case).max() - times(case).min()) / DAY


LOYAL = [
    slip("retention_rate", "of the last", lambda case: share(case, bought(case, 180, 90), bought(case, 90, 0)),
         "divide by those who bought in the window before, not by those of the last window."),
    slip("retention_rate", "all before", lambda case: share(case, bought(case, 90, 0), bought(case, 1e6, 90)),
         "the window before the last one begins 180 days before today."),
    slip("retention_rate", "of everybody",
         lambda case: len(bought(case, 90, 0) & bought(case, 180, 90)) / len(times(case)),
         "divide by those who bought in the window before, not by everybody."),
    slip("retention_rate", "active", lambda case: len(bought(case, 90, 0)) / len(times(case)),
         "this is the share of all customers who bought in the last window."),
    slip("retention_rate", "lost", lambda case: 1 - loyal(case)["retention_rate"], "these are those who did not come."),
    slip("repeat_rate", "more than two", lambda case: float((times(case).size() > 2).mean()), "two purchases count."),
    slip("repeat_rate", "once", lambda case: 1 - loyal(case)["repeat_rate"], "these are those who bought once."),
    slip("repeat_rate", "purchases", lambda case: float(case.transactions["customer_id"].duplicated().mean()),
         "this is a share of purchases. Count customers."),
    slip("tenure_days", "until today", lambda case: float(((case.today - times(case).min()) / DAY).mean()),
         "the relation is counted to the last purchase, not until today."),
    slip("tenure_days", "without single ones", lambda case: float(span(case)[times(case).size() > 1].mean()),
         "who bought once counts, too, with 0 days."),
    slip("tenure_days", "whole days",
         lambda case: float((times(case).max() - times(case).min()).dt.days.mean()),
         "you cut to whole days; keep the parts of a day."),
    slip("tenure_days", "recency", lambda case: float(((case.today - times(case).max()) / DAY).mean()),
         "these are the days since the last purchase."),
]
