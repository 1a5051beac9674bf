"""Question 3: which share of the panel moves from each stage to each stage in a month."""

import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake


def counts(case):
    """Moves between months that follow each other."""
    return crm.lifecycle.count_moves(case.stage_log).astype(float)


def shares(case):
    """The right answer."""
    return crm.lifecycle.estimate_moves(case.stage_log)


def paired(log, following):
    """Shares of each row, from a log and what is taken for the stage one month later."""
    stages = list(crm.lifecycle.STAGES)
    table = pd.crosstab(log["stage"], following).reindex(index=stages, columns=stages, fill_value=0)
    return table.div(table.sum(axis=1), axis=0)


def over_gaps(case):
    """The next interview, whenever it was."""
    log = case.stage_log
    return paired(log, log.groupby("customer_id")["stage"].shift(-1))


def over_customers(case):
    """The next row, whoever it is about."""
    return paired(case.stage_log, case.stage_log["stage"].shift(-1))


def backwards(case):
    """The stage one month before."""
    return paired(case.stage_log, case.stage_log.groupby("customer_id")["stage"].shift(1))


def survivors(case):
    """Only those who are still customers today."""
    log, panel = case.stage_log, case.panel
    kept = log[log["customer_id"].isin(panel.index[panel["stage"] != "churn"])]
    found = crm.lifecycle.estimate_moves(kept)
    stages = list(crm.lifecycle.STAGES)
    return found.reindex(index=stages, columns=stages)


def of_each(axis):
    """Counts divided by the sum of their column, or of the whole table."""

    def found(case):
        table = counts(case)
        return table / (table.sum() if axis == "column" else table.to_numpy().sum())

    return found


SHARES = [
    Mistake("over gaps", over_gaps, 0.7,
            "You also counted a move where an interview is missing in between. A move is from one month to the next."),
    Mistake("over customers", over_customers, 0.3,
            "You also counted from the last row of one customer to the first row of another."),
    Mistake("counts", counts, 0.6, "You counted well, but these are counts. Divide each row by its sum."),
    Mistake("per cent", lambda case: 100 * shares(case), 0.8, "Right, but in per cent. A share is from 0 to 1."),
    Mistake("columns", of_each("column"), 0.5,
            "Your columns sum to one. Divide each *row* by its sum: of those in this stage, where do they go?"),
    Mistake("whole table", of_each("table"), 0.5,
            "You divided by the sum of the whole table. Divide each row by its sum."),
    Mistake("on its side", lambda case: shares(case).T, 0.5,
            "Your table lies on its side: the rows are the stages now, the columns the stages one month later."),
    Mistake("backwards", backwards, 0.4, "You looked one month back. Look one month ahead."),
    Mistake("survivors", survivors, 0.3,
            "You left out those who are gone today. Then nobody ever leaves: keep everybody who ever was a customer."),
]
