"""Question 9: for whom the shop cares for a year. What care brings is known to the simulator alone."""

from crmsim.course.marking import Mistake


def top(measure, rows=None):
    """The customers with the largest measure, as many as the budget pays for."""

    def chosen(case):
        others = case.others if rows is None else case.others[rows(case.others)]
        value = others[measure] if isinstance(measure, str) else measure(others)
        return set(value.nlargest(case.n_care).index)

    return chosen


def a_month(others):
    """Money a month since the customer came."""
    return others["monetary"] / others["months"]


def bought_within(days):
    """Who has bought lately."""
    return lambda others: others["recency_days"] <= days


POLICIES = [
    top(a_month, bought_within(45)), top(a_month, bought_within(60)), top(a_month, bought_within(90)),
    top("monetary", bought_within(60)),
]
"""Simple good rules; which of them is best is a matter of the customers."""


def best_known(case):
    """The best of the simple good rules for these customers."""
    worth = case.truth["worth"]
    return max((policy(case) for policy in POLICIES), key=lambda chosen: worth[list(chosen)].sum())


def of_class(name):
    """The best customers of one class."""
    return top("monetary", lambda others: others["customer_class"] == name)


CHOSEN = [
    Mistake("lapsed", of_class("lapsed"), None,
            "You chose lapsed customers. Nearly all are gone: of those nobody can be kept, and each costs the same."),
    Mistake("long absent", top("recency_days"), None,
            "You chose those who have stayed away longest. Nearly all are gone."),
    Mistake("money alone", top("monetary"), None,
            "You looked at the money alone: some spent much long ago and have left since."),
    Mistake("frequency alone", top("frequency"), None,
            "You looked at the number of purchases alone: some have left since, others buy for little money."),
    Mistake("lately alone", top(lambda others: -others["recency_days"]), None,
            "You looked at the last purchase alone. They are still there, but many bring less than care costs."),
    Mistake("oldest", top("months"), None,
            "You chose the oldest relations. Many are over, and of the others few are in danger."),
    Mistake("new", of_class("new"), None,
            "You chose new customers alone. An early stage is a good time, but look at the money, too."),
    Mistake("loyal", of_class("loyal"), None,
            "You chose loyal customers alone. They are mature, so there is less to save than early in a relation."),
]
