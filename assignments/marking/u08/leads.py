"""Questions 7 and 8: the best fifth of a list, and what a good lead costs by method."""

import numpy as np

from crmsim.course.marking import Mistake, slip
from crmsim.prospecting import top_prospects

from .qualified import CONDITIONS

HAS = [f"has_{name}" for name in CONDITIONS]


def expected(case):
    """Chance times value."""
    return case.shortlist["chance"] * case.shortlist["value"]


def share_of(case, ranked_by, n):
    """The share of the expected value that the first n by some measure carry."""
    return float(expected(case)[ranked_by.nlargest(n).index].sum() / expected(case).sum())


def n_top(case):
    """A fifth, counted up to a whole person."""
    return int(np.ceil(len(case.shortlist) / 5))


def best_fifth(case):
    """The right answer to question 7."""
    best = top_prospects(case.shortlist.rename(columns={"chance": "probability"}))
    return {
        "n_top": len(best.table), "captured_share": best.captured_share,
        "by_chance_share": share_of(case, case.shortlist["chance"], n_top(case)),
    }


def of_column(case, column):
    """What the best fifth by a column carry of this column."""
    values = case.shortlist[column]
    return float(values.nlargest(n_top(case)).sum() / values.sum())


def cut(case):
    """The answer of those who count 20% down to a whole person."""
    n = len(case.shortlist) // 5
    return {
        "n_top": n, "captured_share": share_of(case, expected(case), n),
        "by_chance_share": share_of(case, case.shortlist["chance"], n),
    }


FIFTH = [
    Mistake("cut", cut, 0.6, "You counted 20% down to a whole person. Count it up: of 11 people, 2.2 become 3."),
    Mistake("per cent", lambda case: {k: 100 * v for k, v in best_fifth(case).items() if k != "n_top"}, None,
            "The shares are in per cent. A share is a number from 0 to 1."),
    slip("n_top", "cut", lambda case: len(case.shortlist) // 5, "count up to a whole person."),
    slip("n_top", "not whole", lambda case: len(case.shortlist) / 5, "count up to a whole person."),
    slip("n_top", "twenty", lambda case: 20, "these are 20 people, not 20% of them."),
    slip("captured_share", "one fewer",
         lambda case: share_of(case, expected(case), n_top(case) - 1),
         "one person is missing: 20% is counted up to a whole person."),
    slip("captured_share", "by value", lambda case: share_of(case, case.shortlist["value"], n_top(case)),
         "you ranked by value alone."),
    slip("captured_share", "by chance", lambda case: share_of(case, case.shortlist["chance"], n_top(case)),
         "you ranked by chance alone. Rank by chance times value."),
    slip("captured_share", "of value", lambda case: of_column(case, "value"),
         "this is a share of the values. Multiply them by the chances first."),
    slip("by_chance_share", "one fewer", lambda case: cut(case)["by_chance_share"],
         "one person is missing: 20% is counted up to a whole person."),
    slip("by_chance_share", "of chance", lambda case: of_column(case, "chance"),
         "this is a share of the chances. Rank by chance, but add up expected values."),
    slip("by_chance_share", "by value", lambda case: share_of(case, case.shortlist["value"], n_top(case)),
         "you ranked by value."),
]


def by_method(case, *, good=None):
    """The right answer to question 8, or one in which something else makes a lead good."""
    visited = case.visited
    is_good = visited[HAS].all(axis=1) if good is None else good(visited)
    leads = is_good.groupby(visited["method"]).agg(n_leads="size", n_effective="sum")
    cost = case.costs.set_index("method")["cost_per_lead"].reindex(leads.index)
    share = leads["n_effective"] / leads["n_leads"]
    return leads.assign(effective_share=share, cost_per_effective=cost / share)


def only(*columns, **slip_of):
    """Some columns of a table with a slip: the others keep their credit."""
    return lambda case: by_method(case, **slip_of)[list(columns)]


GOOD = ("n_effective", "effective_share", "cost_per_effective")
METHODS = [
    Mistake("guessed", only(*GOOD, good=lambda v: v[[f"guess_{name}" for name in CONDITIONS]].all(axis=1)), None,
            "You counted who was guessed to be an effective customer. Take the columns has_..."),
    Mistake("prospects", only(*GOOD, good=lambda v: v["has_money"] & v["has_need"]), None,
            "You counted prospects, who have money and need. An effective customer has authority, too."),
    Mistake("bought", only(*GOOD, good=lambda v: v["bought"]), None,
            "You counted who bought. An effective customer has money, authority and need, whether won or not."),
    slip("n_effective", "bought", lambda case: by_method(case, good=lambda v: v["bought"])["n_effective"],
         "you counted who bought. An effective customer has money, authority and need."),
    slip("effective_share", "per cent", lambda case: 100 * by_method(case)["effective_share"],
         "this is in per cent. A share is a number from 0 to 1."),
    slip("effective_share", "of all effective",
         lambda case: by_method(case)["n_effective"] / by_method(case)["n_effective"].sum(),
         "this is the method's share of all effective customers. Divide by the leads of the method."),
    slip("cost_per_effective", "per lead", lambda case: by_method(case)["cost_per_effective"]
         * by_method(case)["effective_share"], "this is the cost of a lead."),
    slip("cost_per_effective", "total", lambda case: by_method(case)["cost_per_effective"]
         * by_method(case)["n_effective"], "this is the cost of all leads. Divide it by the effective customers."),
    slip("cost_per_effective", "one price over a number", lambda case: by_method(case)["cost_per_effective"]
         / by_method(case)["n_leads"], "you divided the cost of one lead. Take the cost of all leads of the method."),
    slip("cost_per_effective", "turned round", lambda case: 1 / by_method(case)["cost_per_effective"],
         "this is the number of effective customers for 1 CNY. Turn it round."),
    slip("cost_per_effective", "visits", lambda case: by_method(case)["cost_per_effective"]
         + case.visit_cost / by_method(case)["effective_share"],
         "you added the cost of the visits. Here only finding the people is counted."),
]
