"""Question 6, part c: who gets a care package. What a package brings is known to the simulator alone."""

from crmsim.course.marking import Mistake


def top(column, rows=None):
    """The customers of the branch with the largest values in a column, as many as there are packages."""

    def chosen(case):
        branch = case.branch if rows is None else case.branch[rows(case.branch)]
        return set(branch[column].nlargest(case.n_packages).index)

    return chosen


reference = top("monetary", lambda branch: branch["recency_days"] <= 60)
"""A simple good rule: bought lately, and among those much. It is not the best possible one."""

CHOSEN = [
    Mistake("money alone", top("monetary"), 0.6,
            "You looked at the money alone: some of your customers spent much long ago and have left since."),
    Mistake("frequency alone", top("frequency"), 0.4,
            "You looked at the number of purchases alone: some have left since, others buy for little money."),
    Mistake("long absent", top("recency_days"), 0,
            "You chose those who have stayed away longest. Nearly all have left: no package brings them back."),
    Mistake("at risk", top("monetary", lambda branch: branch["segment"] == "at_risk"), 0,
            "Most frequent buyers who have stayed away for two months or more have left: no package brings them back."),
]
