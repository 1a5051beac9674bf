"""Question 5: who of a group is greeted first, and a plan for a crowd."""

import pandas as pd

from crmsim.course.marking import Mistake
from crmsim.etiquette import order_group

CROWD = ["Li", "Wang", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang"]


def first_greeted(case):
    """The right answer to part a."""
    orders = {str(name): order_group(people) for name, people in case.groups.groupby("group")}
    return {name: order[0] if isinstance(order, list) else "conflict" for name, order in orders.items()}


def top_by(column):
    """Who is first by one column alone, in every group."""
    return lambda case: case.groups.sort_values(column, ascending=False).groupby("group")["name"].first().to_dict()


def without(column):
    """The answer of somebody who leaves one pair out: for him all people are the same in that column."""
    return lambda case: _ordered(case.groups.assign(**{column: case.groups[column].iloc[0]}))


def _ordered(people):
    return first_greeted(pd.Series({"groups": people}))


def unless_conflict(choose):
    """The names that somebody gives who sees every conflict, but orders the others in another way."""
    return lambda case: {k: v if v == "conflict" else choose(case)[k] for k, v in first_greeted(case).items()}


def only_the_top(case):
    """Conflicts are seen only where they touch the oldest person."""
    found = {}
    for name, people in case.groups.groupby("group"):
        oldest = people.loc[people["age"].idxmax()]
        pairs = [order_group([oldest.to_dict(), other.to_dict()]) for _, other in people.iterrows()
                 if other["name"] != oldest["name"]]
        found[str(name)] = oldest["name"] if all(isinstance(pair, list) for pair in pairs) else "conflict"
    return found


GREETED = [
    Mistake("by age, no conflicts", top_by("age"), 0.25,
            "You took the oldest of every group. In some groups the pairs of HS4 disagree."),
    *[Mistake(f"without {column}", without(column), 0.75, f"You left out the pair {pair}.") for column, pair in [
        ("rank", "superior before subordinate"), ("generation", "elder generation before younger"),
        ("gender", "lady before gentleman"), ("married", "married before unmarried")]],
    Mistake("only the top", only_the_top, 0.6,
            "A group is in conflict when any two of its people are, not only when the first one is."),
    Mistake("everything a conflict", lambda case: dict.fromkeys(first_greeted(case), "conflict"), 0.2,
            "In some groups all pairs agree on one order. If you sorted by age: the oldest first."),
    Mistake("the last", unless_conflict(lambda case: case.groups.sort_values("age").groupby("group")["name"].first()),
            0.5, "You named the most humble one. Greeting begins with the most honoured."),
    Mistake("first of the table", unless_conflict(lambda case: case.groups.groupby("group")["name"].first()), 0.4,
            "You took the first of the table. The rows are in no order."),
]


def crowds(case):
    """Crowds to try the function on: none, fewer than are near, exactly so many, more."""
    return [(CROWD[:n], near) for n, near in [(0, 3), (1, 3), (2, 3), (3, 3), (4, 3), (8, 3), (8, 1), (5, 0)]]


def planned(*, off=0, swap=False, all_nod=False, fixed=None):
    """The function asked for, or one with a slip."""

    def plan(names, near):
        n = (near if fixed is None else fixed) + off
        shake, nod = list(names)[:n], list(names) if all_nod else list(names)[n:]
        return {"shake": nod, "nod": shake} if swap else {"shake": shake, "nod": nod}

    return lambda case: plan


PLANS = [
    Mistake("one too many", planned(off=1), 0.3, "You shake one hand too many: the nearest `near` people."),
    Mistake("one too few", planned(off=-1), 0.3, "You shake one hand too few: the nearest `near` people."),
    Mistake("exchanged", planned(swap=True), 0.2, "You exchanged the two lists."),
    Mistake("some in both", planned(all_nod=True), 0.4, "Everybody stands in exactly one of the two lists."),
    Mistake("three always", planned(fixed=3), 0.7, "Use the argument `near`; it is not always 3."),
    Mistake("two always", planned(fixed=2), 0.4, "Use the argument `near`; it is not always 2 as in the example."),
    Mistake("the furthest", lambda case: lambda names, near: {
        "shake": list(names)[len(names) - near:] if near else [], "nod": list(names)[:len(names) - near]}, 0.3,
            "The list begins with the nearest; you took the furthest."),
]
