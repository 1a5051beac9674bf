"""Question 6: tickets that lie open at the end of each day."""

import pandas as pd

from crmsim.course.marking import Mistake
from crmsim.service import backlog

DAY = pd.Timedelta(days=1)


def days(case):
    """The 28 days."""
    return pd.date_range(case.first_day, periods=28, name="day")


def by_day(case):
    """The right answer."""
    return backlog(case.tickets, at=case.today).rename_axis("day")


def counted(case, condition):
    """One number for each day."""
    return pd.Series([int(condition(case.tickets, day).sum()) for day in days(case)], index=days(case))


def still(table, moment, until="closed"):
    """Tickets that are open at a moment."""
    return (table["opened"] < moment) & ~(table[until] < moment)


def on(column):
    """Whether something happened on a day."""
    return lambda table, day: (table[column] >= day) & (table[column] < day + DAY)


BACKLOGS = [
    Mistake("at the start of the day", lambda case: counted(case, lambda table, day: still(table, day)), 0.6,
            "You counted at the start of each day. Count at its end, which is the start of the next day."),
    Mistake("without a reply", lambda case: counted(case, lambda table, day: still(table, day + DAY, "first_reply")),
            0.5, "You counted tickets without a reply. A ticket is open until it is closed."),
    Mistake("closed ones only", lambda case: counted(
        case, lambda table, day: (table["opened"] < day + DAY) & (table["closed"] >= day + DAY)), 0.6,
            "You left out tickets that are not closed even today. They are open on every day since they came."),
    Mistake("new tickets", lambda case: counted(case, on("opened")), 0.2,
            "These are the new tickets of each day. Count all that were opened before the end of the day and are not "
            "closed by then."),
    Mistake("new and still open", lambda case: counted(
        case, lambda table, day: still(table, day + DAY) & (table["opened"] >= day)), 0.3,
            "You counted only tickets that were opened on the day itself. Older ones can be open, too."),
    Mistake("not added up", lambda case: counted(case, on("opened")) - counted(case, on("closed")), 0.4,
            "This is how much the backlog changes each day. Add it up: .cumsum()."),
    Mistake("all opened", lambda case: counted(case, on("opened")).cumsum(), 0.3,
            "You never took closed tickets away."),
    Mistake("open today", lambda case: counted(
        case, lambda table, day: (table["opened"] < day + DAY) & table["closed"].isna()), 0.3,
            "You counted tickets that are open today. Many others were open then and have been closed since."),
]
