"""Question 9: the central person of a network, and a snowball of visits."""

from crmsim.course.marking import slip
from crmsim.prospecting import centre_of_influence, snowball

START, ROUNDS = 10, 3


def links(case):
    """The pairs as people told them."""
    return case.acquaintances.itertuples(index=False, name=None)


def names(case):
    """Mean number of names from a visit."""
    return float(case.visited["n_names"].mean())


def found(case):
    """The right answer."""
    known = centre_of_influence(links(case))
    return {
        "centre": str(known.index[0]), "n_known": int(known.iloc[0]), "names_per_visit": names(case),
        "n_visited": snowball(names(case), rounds=ROUNDS, start=START),
    }


def rows_of(case):
    """In how many rows each person stands, in either column."""
    table = case.acquaintances
    return table["person"].value_counts().add(table["knows"].value_counts(), fill_value=0)


def distinct(case, column, other):
    """How many different people stand beside each person of one column."""
    return case.acquaintances.groupby(column)[other].nunique()


CIRCLE = [
    slip("centre", "most rows", lambda case: str(rows_of(case).idxmax()),
         "this person stands in most rows. But some pairs stand there several times: count different people."),
    slip("centre", "first column", lambda case: str(case.acquaintances["person"].value_counts().idxmax()),
         "you looked at the first column alone, and counted rows. Knowing works in both directions."),
    slip("centre", "second column", lambda case: str(case.acquaintances["knows"].value_counts().idxmax()),
         "you looked at the second column alone, and counted rows. Knowing works in both directions."),
    slip("n_known", "rows", lambda case: int(rows_of(case)[found(case)["centre"]]),
         "these are rows. Count different people."),
    slip("n_known", "most rows", lambda case: int(rows_of(case).max()), "these are rows. Count different people."),
    slip("n_known", "one column", lambda case: int(distinct(case, "person", "knows")[found(case)["centre"]]),
         "you looked at one column alone. Knowing works in both directions."),
    slip("names_per_visit", "some visits",
         lambda case: float(case.visited.loc[case.visited["n_names"] > 0, "n_names"].mean()),
         "you left out visits that brought no name."),
    slip("names_per_visit", "total", lambda case: int(case.visited["n_names"].sum()),
         "this is the total. Divide it by the number of visits."),
    slip("n_visited", "last round", lambda case: START * names(case) ** ROUNDS,
         "these are the visits of the last round alone. Add up all rounds and the start."),
    slip("n_visited", "without start", lambda case: found(case)["n_visited"] - START,
         "the visits of the start are missing."),
    slip("n_visited", "from one", lambda case: snowball(names(case), rounds=ROUNDS),
         "you started with one visit."),
    slip("n_visited", "a round too few", lambda case: snowball(names(case), rounds=ROUNDS - 1, start=START),
         "one round is missing: three rounds follow the start."),
    slip("n_visited", "no growth", lambda case: START * (1 + ROUNDS * names(case)),
         "you added the same number each round. The people of the last round give names, too."),
]
