"""Question 6: whom to visit. What a visit brings is known to the simulator alone."""

from crmsim.course.marking import Mistake

GUESSES = ["guess_money", "guess_authority", "guess_need"]


def reference(case):
    """The best choice for one who sees what the firm sees, and knows how often guesses are wrong and visits win."""
    return set(case.truth["expected"].nlargest(case.n_visits).index)


def top(rows=None):
    """The prospects with the highest premiums."""

    def chosen(case):
        prospects = case.prospects if rows is None else case.prospects[rows(case.prospects)]
        return set(prospects["premium"].nlargest(case.n_visits).index)

    return chosen


def first(rows):
    """The first prospects of the table that fit."""
    return lambda case: set(case.prospects[rows(case.prospects)].index[:case.n_visits])


def last(column):
    """The prospects with the lowest values."""
    return lambda case: set(case.prospects[column].nsmallest(case.n_visits).index)


CHOSEN = [
    Mistake("premium alone", top(), 0.5,
            "You looked at the premium alone: of many of those the agents guess that money, authority or need is "
            "missing."),
    Mistake("first of MAN1", first(lambda p: p[GUESSES].all(axis=1)), 0.6,
            "You took the first of those who seem to have all three. There are more than you can visit: among them, "
            "who pays most?"),
    Mistake("none of the three", top(lambda p: ~p[GUESSES].any(axis=1)), 0,
            "You chose people who seem to have neither money nor authority nor need. The advice is: stop the contact."),
    Mistake("lowest premium", last("premium"), 0, "You chose those who pay least: sort the largest first."),
    Mistake("first of the list", first(lambda p: p["premium"] > 0), 0.1,
            "You took the first names of the list, whoever they are."),
]
