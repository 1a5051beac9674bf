"""Questions 5 and 7: the 80:20 rule, and moves between segments."""

import crmsim as crm
from crmsim.course.marking import Mistake, slip

from .identification import revenue


def top_share(values, n):
    """What the n largest bring."""
    return float(values.nlargest(n).sum() / values.sum())


def needed(case):
    """The smallest share of customers that brings 80% of the revenue."""
    curve = crm.segments.pareto_curve(revenue(case))
    return float(curve.loc[curve["value_share"] >= 0.80, "customer_share"].iloc[0])


def pareto(case):
    """The right answer to question 5."""
    values = {
        "revenue": revenue(case), "purchases": case.transactions["customer_id"].value_counts(),
        "branch": case.branch["monetary"],
    }
    return {name: crm.segments.pareto_share(column) for name, column in values.items()} | {"for_80": needed(case)}


def best_80_per_cent(case):
    """What the best 80% of the customers bring."""
    return top_share(revenue(case), round(0.8 * len(revenue(case))))


PARETO = [
    Mistake("per cent", lambda case: {key: 100 * value for key, value in pareto(case).items()}, 0.75,
            "Right, but in per cent. A share is a number from 0 to 1."),
    slip("revenue", "rows", lambda case: top_share(case.transactions["amount"], len(case.transactions) // 5),
         "these are the largest 20% of the purchases. Add up for each customer first."),
    slip("revenue", "smallest", lambda case: 1 - best_80_per_cent(case),
         "these are the smallest customers. Sort the largest first."),
    slip("revenue", "twenty", lambda case: top_share(revenue(case), 20),
         "these are the best 20 customers, not the best 20%."),
    slip("revenue", "everybody", lambda case: top_share(revenue(case), len(case.customers) // 5),
         "this is 20% of everybody in the CRM system. Take 20% of those who have bought."),
    slip("for_80", "number", lambda case: needed(case) * len(revenue(case)),
         "this is a number of customers. Divide it by the number of all who have bought."),
    slip("for_80", "of everybody", lambda case: needed(case) * len(revenue(case)) / len(case.customers),
         "divide by the number of those who have bought, not by everybody in the CRM system."),
    slip("for_80", "turned round", best_80_per_cent,
         "this is what the best 80% of the customers bring. Ask it the other way round."),
]


def has_moved(branch):
    """Whether each customer's segment differs from that of half a year ago; of new ones, an empty cell differs."""
    return branch["segment"] != branch["segment_before"]


def moves(case):
    """The right answer to question 7."""
    known = case.branch.dropna(subset=["segment_before"])
    champions = known[known["segment_before"] == "champions"]
    return {
        "n_both": len(known), "n_new": len(case.branch) - len(known),
        "changed_share": float(has_moved(known).mean()), "champions_left_share": float(has_moved(champions).mean()),
    }


def new_among_champions(case):
    """The share of today's champions who were no champions before."""
    branch = case.branch
    return float(has_moved(branch[branch["segment"] == "champions"]).mean())


MOVES = [
    slip("n_both", "all", lambda case: len(case.branch), "some customers had no segment half a year ago."),
    slip("n_new", "newcomers", lambda case: int((case.branch["segment"] == "newcomers").sum()),
         "these are in the segment newcomers. Count those who had no segment half a year ago."),
    slip("changed_share", "empty cells", lambda case: float(has_moved(case.branch).mean()),
         "an empty cell is no segment, so nobody has moved out of it. Leave the new customers out."),
    slip("changed_share", "divided by all",
         lambda case: moves(case)["changed_share"] * moves(case)["n_both"] / len(case.branch),
         "divide by the customers who have a segment at both moments, not by all."),
    slip("changed_share", "stayed", lambda case: 1 - moves(case)["changed_share"], "this is the share that stayed."),
    slip("champions_left_share", "stayed", lambda case: 1 - moves(case)["champions_left_share"],
         "this is the share that stayed champions."),
    slip("champions_left_share", "today", new_among_champions,
         "you began with today's champions. Begin with those of half a year ago."),
]
