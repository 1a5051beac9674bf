"""Question 2: how long the customers of the closed files lived, by three definitions."""

import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake, slip

COLUMNS = {"business_days": "business", "whole_days": "whole", "relation_days": "relation"}


def complete(case):
    """The files; where no matter was open, everything was settled with the last order."""
    return case.files.assign(last_settled=case.files["last_settled"].fillna(case.files["last_order"]))


def until_today(case):
    """The files as somebody reads them who takes an empty cell for an open matter."""
    return case.files.assign(last_settled=case.files["last_settled"].fillna(case.today))


def lives(case):
    """The right answer."""
    files = complete(case)
    return pd.DataFrame({
        column: files.apply(crm.lifecycle.lifetime, axis=1, definition=name) for column, name in COLUMNS.items()
    })


def span(start, end, *, files=lambda case: case.files):
    """Days from one date to another."""
    return lambda case: (files(case)[end] - files(case)[start]).dt.days


def columns(change):
    """A slip that runs through the whole table."""
    return lambda case: change(lives(case))


SPANS = [
    Mistake("both ends", columns(lambda table: table + 1), 0.7,
            "You counted both ends. From the 1st to the 3rd of a month are two days."),
    Mistake("months", columns(lambda table: table / 30), 0.5, "These are months. Days are asked for."),
    Mistake("negative", columns(lambda table: -table), 0.5, "Take the later date minus the earlier one."),
    *(slip(name, "empty cells", span(start, "last_settled"),
           "where `last_settled` is empty, nothing was open: everything was settled with the last order.")
      for name, start in {"whole_days": "first_interest", "relation_days": "first_order"}.items()),
    *(slip(name, "until today", span(start, "last_settled", files=until_today),
           "where `last_settled` is empty, everything was settled with the last order, not today.")
      for name, start in {"whole_days": "first_interest", "relation_days": "first_order"}.items()),
    slip("whole_days", "from the first order", span("first_order", "last_settled", files=complete),
         "this life begins when the customer begins to learn about the firm."),
    slip("whole_days", "until the last order", span("first_interest", "last_order"),
         "this life ends only when all related matters are settled."),
    slip("relation_days", "from the first interest", span("first_interest", "last_settled", files=complete),
         "before the first order there is no relation that could be kept up."),
    slip("relation_days", "until the last order", span("first_order", "last_order"),
         "a claim that is still open keeps the relation up."),
    slip("business_days", "from the first interest", span("first_interest", "last_order"),
         "business begins with the first order."),
    slip("business_days", "until all is settled", span("first_order", "last_settled", files=complete),
         "business ends with the last order."),
]
