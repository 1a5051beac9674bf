"""Question 5: the value hierarchy from the top down and from the bottom up."""

import numpy as np
import pandas as pd

from crmsim.course.marking import Mistake, slip
from crmsim.value import importance_topdown, satisfaction_bottomup

TV03 = (
    [0.6, 0.4], [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]],
    [[0.4, 0.4, 0.2, 0.0], [0.0, 0.5, 0.5, 0.0], [0.1, 0.0, 0.3, 0.6]],
)


def importance(goal_weights, goals, consequences):
    """The function asked for in part a."""
    return importance_topdown(goal_weights, goals, consequences).attributes.rename_axis("attribute")


def named(weights, goals, consequences, *, order=None):
    """A made-up hierarchy with names; `order` shuffles the rows of the tables."""
    g, c, a = ([f"{letter}{k + 1}" for k in range(n)] for letter, n in (
        ("goal", len(goals)), ("use", len(consequences)), ("part", len(consequences[0]))))
    tables = pd.Series(weights, index=g), pd.DataFrame(goals, g, c), pd.DataFrame(consequences, c, a)
    if order is None:
        return tables
    return tables[0].iloc[::-1], tables[1], tables[2].iloc[order(len(c))]


def hierarchies(case):
    """TV03; the student's customers; a shuffled random one; one goal alone."""
    rng = case.rng("hierarchies")
    random = (rng.dirichlet([2] * 3), rng.dirichlet([1] * 4, 3), rng.dirichlet([1] * 6, 4))
    single = ([1.0], [[0.25, 0.75]], [[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])
    own = (case.goal_weights["weight"], case.goals, case.consequences)
    return [named(*TV03), own, named(*random, order=lambda n: np.roll(np.arange(n), 1)), named(*single)]


def by_place(weights, goals, consequences):
    """Matrix products without names."""
    values = np.asarray(weights) @ goals.to_numpy() @ consequences.to_numpy()
    return pd.Series(values, index=consequences.columns)


def equal_goals(weights, goals, consequences):
    """Every goal counts the same."""
    return importance(weights * 0 + 1 / len(weights), goals, consequences)


def of_consequences(weights, goals, consequences):
    """One level only."""
    return goals.mul(weights, axis=0).sum()


def without_goals(weights, goals, consequences):
    """Every consequence counts the same."""
    return consequences.mean()


def not_shares(weights, goals, consequences):
    """The goals' weights forgotten, added up."""
    return consequences.mul(goals.sum(), axis=0).sum()


def strongest(weights, goals, consequences):
    """Only the most important consequence."""
    return consequences.loc[of_consequences(weights, goals, consequences).idxmax()]


def always(found):
    """The same function for every case."""
    return lambda case: found


IMPORTANCE = [
    Mistake("by place", always(by_place), 0.5,
            "You multiplied row by row, whatever the rows are called. Go by the names: their order may differ."),
    Mistake("consequences", always(of_consequences), 0.5,
            "This is the importance of the consequences. Go down one level more, to the attributes."),
    Mistake("equal goals", always(equal_goals), 0.4,
            "You counted every goal the same. Multiply by the goals' weights."),
    Mistake("without weights", always(not_shares), 0.3,
            "You left out the goals' weights, so your shares do not sum to 1."),
    Mistake("without goals", always(without_goals), 0.2,
            "You counted every consequence the same. The goals say how important each is."),
    Mistake("only the first", always(strongest), 0.2,
            "You followed only the most important consequence. Add up over all of them."),
]


def upwards(case, grades=None, weights=None):
    """Satisfaction with consequences and goals, and overall."""
    grades = case.ratings.mean() if grades is None else grades
    weights = case.goal_weights["weight"] if weights is None else weights
    return satisfaction_bottomup(grades, case.consequences, case.goals, goal_weights=weights)


def own_importance(case):
    """Importance of each attribute to the student's customers."""
    return importance(case.goal_weights["weight"], case.goals, case.consequences)


def satisfaction(case):
    """The right answer to part b."""
    found, grades = upwards(case), case.ratings.mean()
    return {
        "overall": found.overall, "weakest_consequence": found.consequences.idxmin(),
        "weakest_goal": found.goals.idxmin(), "repair_first": own_importance(case)[grades < 0].idxmax(),
    }


SATISFACTION = [
    slip("overall", "empty as 0", lambda case: upwards(case, case.ratings.fillna(0).mean()).overall,
         "you counted \"no answer\" as 0. Leave it out."),
    slip("overall", "mean of the grades", lambda case: case.ratings.mean().mean(),
         "this is the mean of the attributes. Not all are equally important."),
    slip("overall", "mean of the goals", lambda case: upwards(case).goals.mean(),
         "you counted every goal the same. Multiply by the goals' weights."),
    slip("overall", "mean of the consequences", lambda case: upwards(case).consequences.mean(),
         "this is the mean of the consequences. Go up one level more, to the goals."),
    slip("weakest_consequence", "strongest", lambda case: upwards(case).consequences.idxmax(),
         "this is the one with the highest satisfaction."),
    slip("weakest_goal", "strongest", lambda case: upwards(case).goals.idxmax(),
         "this is the one with the highest satisfaction."),
    slip("repair_first", "worst grade", lambda case: case.ratings.mean().idxmin(),
         "this attribute has the worst grade. Among those below 0, ask which one is most important."),
    slip("repair_first", "most important", lambda case: own_importance(case).idxmax(),
         "this attribute is most important of all, but customers are content with it. Look at those below 0."),
]
