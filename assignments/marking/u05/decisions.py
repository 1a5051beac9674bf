"""Question 10: who gets a retention offer. What it brings is known to the simulator alone."""

from crmsim.course.marking import Mistake


def top(column, rows=None, *, smallest=False):
    """The customers of the branch with the largest values in a column, as many as there are offers."""

    def chosen(case):
        branch = case.branch if rows is None else case.branch[rows(case.branch)]
        return set(branch[column].sort_values(ascending=smallest, kind="stable").index[: case.n_offers])

    return chosen


POLICIES = [
    top("clv"),
    top("monetary", lambda branch: branch["recency_days"] <= 60),
    top("monetary", lambda branch: branch["probability_alive"] >= 0.5),
    top("clv", lambda branch: branch["frequency"] >= 3),
]
"""Simple good rules; which of them is best is a matter of the customers."""


def best_known(case):
    """The best of the simple good rules for these customers."""
    worth = case.truth["worth"]["worth"]
    return max((policy(case) for policy in POLICIES), key=lambda chosen: worth[list(chosen)].sum())


CHOSEN = [
    Mistake("most in danger", top("probability_alive", smallest=True), None,
            "You chose those who have most probably left. Nobody can keep a customer who is gone."),
    Mistake("half gone", top("clv", lambda branch: branch["probability_alive"].between(0.2, 0.6)), None,
            "You chose those in doubt. An offer pays where much can be lost: it needs a valuable customer."),
    Mistake("surest", top("probability_alive"), None,
            "You chose those who surely are still there. Most of them bring little: look at the value as well."),
    Mistake("money alone", top("monetary"), None,
            "You looked at the money alone: some spent much long ago and have left since."),
    Mistake("frequency alone", top("frequency"), None,
            "You looked at the number of purchases alone: some have left since, others buy for little money."),
    Mistake("expected purchases", top("expected_purchases"), None,
            "You looked at the purchases to come. What a purchase brings counts, too."),
    Mistake("long absent", top("recency_days"), None,
            "You chose those who have stayed away longest. Nearly all have left."),
]
