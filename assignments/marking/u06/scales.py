"""Questions 3 and 4: functions that cut a scale into options and customers into ABC classes."""

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake

from .identification import revenue

NAMES = {"A": "large", "B": "medium", "C": "small"}


def options(*, at_cut="right", label=lambda labels, n: labels[n]):
    """The function asked for in question 3, or one with a slip."""
    return lambda case: lambda values, cuts, labels: [
        label(list(labels), int(n)) for n in np.searchsorted(list(cuts), list(values), side=at_cut)
    ]


def option_inputs(case):
    """Values below, on, between and above the cuts; one trial on the student's own customers."""
    rng, spent = case.rng("options"), revenue(case)
    low = float(spent.median())
    return [
        (pd.Series([18, 17, 75, 40, 60], name="age_years"), [18, 60], ["minor", "adult", "senior"]),
        (pd.concat([spent, pd.Series([low])]), [low, 2 * low], ["small", "middle", "big"]),
        (pd.Series([4.0, 5.0, 6.0]), [5.0], ["no", "yes"]),
        (pd.Series([*rng.integers(0, 50, 12), 9, 10, 20, 40, 50]), [10, 20, 30, 40], list("abcde")),
        (pd.Series([-1.5, 0, 2.5, 2.4]), [0, 2.5], ["down", "flat", "up"]),
    ]


OPTIONS = [
    Mistake("equal to a cut", options(at_cut="left"), 0.5,
            "A value that is equal to a cut belongs to the upper option."),
    Mistake("number instead of label", options(label=lambda labels, n: n), 0.5,
            "You returned the number of the option. Return its label: labels[number]."),
    Mistake("from the top", options(label=lambda labels, n: labels[::-1][n]), 0.25,
            "The labels stand in the order from the lowest option to the highest."),
    Mistake("ends left out", options(label=lambda labels, n: labels[n] if 0 < n < len(labels) - 1 else None), 0.25,
            "Values below the first cut and above the last cut have an option, too."),
    Mistake("one too low", options(label=lambda labels, n: labels[n - 1] if n else None), 0.25,
            "Values below the first cut belong to the first option: labels[0]."),
]


def abc(values):
    """The function asked for in question 4."""
    return crm.abc(values).map(NAMES)


def classes(*, before=True, limit="right", largest_first=True, by_id=True, by_value=True, aligned=True, names=NAMES):
    """A function like `abc`, step by step, with a slip."""

    def labels(values):
        start = values.sort_index() if by_id else values
        ranked = start.sort_values(ascending=not largest_first, kind="stable")
        counted = ranked if by_value else ranked * 0 + 1
        share = ((counted.cumsum() - counted * before) / counted.sum()).round(9)
        letters = np.array(list("ABC"))[np.searchsorted([0.80, 0.95], share, side=limit)]
        return pd.Series(letters, index=ranked.index if aligned else values.index).map(names)

    return lambda case: labels


def by_customer(ids, values):
    """Values of made-up customers."""
    return pd.Series(values, index=pd.Index(ids, name="customer_id"), dtype=float)


def abc_inputs(case):
    """The student's own customers in any order; a share of exactly 0.80; a tie across a limit; random values."""
    rng, spent = case.rng("abc"), revenue(case)
    exact = by_customer([31, 12, 45, 7, 22, 90, 3, 18, 66, 51], [80, 3, 500, 20, 5, 300, 50, 2, 30, 10])
    tied = by_customer([8, 5, 2, 9, 4, 1], [14, 14, 50, 22, 1, 2])
    random = by_customer(rng.permutation(np.arange(100, 140)), rng.permutation(np.arange(40) ** 3 + 7))
    return [(spent.loc[rng.permutation(spent.index)],), (exact,), (tied,), (random,)]


CLASSES = [
    Mistake("own share included", classes(before=False), 0.6,
            "You took the share with the customer in it. Take what the customers *before* bring."),
    Mistake("own share included, up to 0.80", classes(before=False, limit="left"), 0.6,
            "You took the share with the customer in it. Take what the customers *before* bring."),
    Mistake("exactly 0.80", classes(limit="left"), 0.8,
            "large means less than 0.80: when the customers before bring exactly 0.80, it is medium."),
    Mistake("ties", classes(by_id=False), 0.8, "Of two equal values, the smaller customer_id comes first."),
    Mistake("letters", classes(names={letter: letter for letter in "ABC"}), 0.8,
            "The classes are right, but their names are large, medium and small."),
    Mistake("smallest first", classes(largest_first=False), 0.4,
            "You began with the smallest. Begin with the largest."),
    Mistake("labels moved", classes(aligned=False), 0.4,
            "The classes stand beside the wrong customers: after sorting, keep the index of the sorted values."),
    Mistake("share of customers", classes(by_value=False), 0.2,
            "You counted customers. The shares are shares of the total value."),
]
