"""Question 4: Kano's table as a function, and the class of each feature."""

from itertools import product

import pandas as pd

from crmsim.course.marking import Mistake, slip
from crmsim.service import kano_class, kano_majority
from crmsim.service.kano import ANSWERS


def letters(*, swapped=False, names=None, fix=lambda letter, functional, dysfunctional: letter):
    """The function asked for in part a, or one with a slip."""

    def kano(functional, dysfunctional):
        both = (dysfunctional, functional) if swapped else (functional, dysfunctional)
        letter = fix(kano_class(*both), *both)
        return (names or {}).get(letter, letter)

    return lambda case: kano


def pairs(case):
    """All pairs of answers."""
    return list(product(ANSWERS, ANSWERS))


LETTERS = [
    Mistake("rows and columns exchanged", letters(swapped=True), 0.3,
            "You exchanged the two answers: functional (with it) is the row, dysfunctional (without it) the column."),
    Mistake("A and M exchanged", letters(names={"A": "M", "M": "A"}), 0.3,
            "You exchanged A and M: attractive pleases when it is there, must-be hurts when it is missing."),
    Mistake("O and Q exchanged", letters(names={"O": "Q", "Q": "O"}), 0.6,
            "You exchanged O and Q: like with it and dislike without it is no contradiction."),
    Mistake("no Q", letters(fix=lambda letter, f, d: {"likeQ": "A", "dislikeQ": "R"}.get(f + letter, letter)), 0.8,
            "Who likes it both ways, or dislikes it both ways, contradicts himself: Q."),
    Mistake("every equal pair Q", letters(fix=lambda letter, f, d: "Q" if f == d else letter), 0.7,
            "Only two of the pairs on the diagonal contradict themselves: like and like, dislike and dislike."),
    Mistake("no R", letters(names={"R": "I"}), 0.4, "Reverse is missing: the customer is glad when it is not there."),
    Mistake("no M", letters(names={"M": "I"}), 0.7,
            "Must-be is missing: the customer takes it for granted, and dislikes it when it is not there."),
    Mistake("no I", letters(names={"I": "M"}), 0.4,
            "Indifferent is missing: with it or without it is nearly the same to the customer."),
    Mistake("always I", letters(names=dict.fromkeys("AOMRQ", "I")), 0,
            "Your function gives I to every pair. The table has six letters."),
    Mistake("no O", letters(names={"O": "A"}), 0.9, "One-dimensional is missing: like with it, dislike without it."),
]


def counts(case):
    """How many customers give each class to each feature, in the order of the package."""
    return kano_majority(case.kano)


def majority(case):
    """The right answer to part b."""
    return counts(case)[["kano", "share"]]


def swapped(case):
    """The classes if the two answers are exchanged."""
    other = case.kano.rename(columns={"functional": "dysfunctional", "dysfunctional": "functional"})
    return kano_majority(other)


def second(case):
    """The class in the second place."""
    table = counts(case)[list("MOAIRQ")]
    return pd.Series({name: row.nlargest(2).index[1] for name, row in table.iterrows()}).rename_axis("feature")


MAJORITIES = [
    slip("kano", "exchanged", lambda case: swapped(case)["kano"],
         "you exchanged the two answers: functional comes first."),
    slip("kano", "fewest", lambda case: counts(case)[list("MOAIRQ")].idxmin(axis=1),
         "this is the class that fewest customers give."),
    slip("kano", "second", second, "this is the class in the second place."),
    slip("share", "number", lambda case: counts(case)[list("MOAIRQ")].max(axis=1),
         "these are numbers of customers; divide by all who answered about the feature."),
    slip("share", "of all rows", lambda case: counts(case)[list("MOAIRQ")].max(axis=1) / len(case.kano),
         "divide by the answers about this feature, not by all rows."),
    slip("share", "exchanged", lambda case: swapped(case)["share"],
         "you exchanged the two answers: functional comes first."),
]
