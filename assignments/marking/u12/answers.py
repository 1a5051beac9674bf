"""Questions 1, 3 and 5: the short survey, the weighted index of the facets, the gaps."""

import pandas as pd

from crmsim.course.marking import slip
from crmsim.service import facet_index
from crmsim.service import gaps as gaps_of

DIMENSIONS = ("reliability", "responsiveness", "assurance", "empathy", "tangibles")


def scores(case):
    """All answers to the short survey."""
    return case.surveys["satisfaction"]


def of_each(case, which):
    """One answer of each customer: the "first" or the "last", or their "mean"."""
    ordered = case.surveys.sort_values("time", kind="stable")
    return float(getattr(ordered.groupby("customer_id")["satisfaction"], which)().mean())


def survey(case):
    """The right answer to question 1."""
    return {
        "n_customers": int(case.surveys["customer_id"].nunique()), "index": float(scores(case).mean()),
        "top_two_box": float((scores(case) >= 4).mean()), "latest_index": of_each(case, "last"),
    }


SURVEYS = [
    slip("n_customers", "rows", lambda case: len(case.surveys), "these are answers; some customers answered twice."),
    slip("index", "median", lambda case: float(scores(case).median()), "this is the median; the index is the mean."),
    slip("index", "top two box", lambda case: survey(case)["top_two_box"], "this is a share; the index is the mean."),
    slip("top_two_box", "above four", lambda case: float((scores(case) > 4).mean()),
         "4 belongs to the two best boxes."),
    slip("top_two_box", "three boxes", lambda case: float((scores(case) >= 3).mean()), "3 is not one of the two best."),
    slip("top_two_box", "per cent", lambda case: 100 * survey(case)["top_two_box"],
         "a share is a number from 0 to 1."),
    slip("top_two_box", "number", lambda case: int((scores(case) >= 4).sum()), "this is a number of answers."),
    slip("latest_index", "all", lambda case: survey(case)["index"],
         "this is the mean of all answers. Take one answer of each customer."),
    slip("latest_index", "first", lambda case: of_each(case, "first"),
         "these are the first answers; take the latest ones."),
    slip("latest_index", "mean", lambda case: of_each(case, "mean"),
         "this is each customer's mean; take the latest answer."),
]


def facet_scores(case):
    """Scores of the five facets, in the order of the weights."""
    return case.answers[list(case.weights.index)]


def index(case):
    """Each customer's weighted index."""
    return facet_index(facet_scores(case), case.weights["weight"].to_dict())


def facets(case):
    """The right answer to question 3."""
    return {
        "mean_index": float(index(case).mean()), "lowest_facet": str(facet_scores(case).mean().idxmin()),
        "low_share": float((index(case) < case.low_index).mean()),
    }


def weighted(case):
    """Mean score times weight, facet by facet."""
    return facet_scores(case).mean() * case.weights["weight"]


FACETS = [
    slip("mean_index", "without weights", lambda case: float(facet_scores(case).to_numpy().mean()),
         "this is the plain mean. Multiply each facet by its weight first."),
    slip("mean_index", "divided by five", lambda case: facets(case)["mean_index"] / 5,
         "the weights sum to 1 already, so add up and do not divide by five."),
    slip("lowest_facet", "weighted", lambda case: str(weighted(case).idxmin()),
         "a low weight makes no low score: compare the means without weights."),
    slip("lowest_facet", "highest", lambda case: str(facet_scores(case).mean().idxmax()), "this is the highest one."),
    slip("lowest_facet", "weight", lambda case: str(case.weights["weight"].idxmin()),
         "this facet has the lowest weight, not the lowest score."),
    slip("low_share", "above", lambda case: 1 - facets(case)["low_share"], "these are the others: at 60 or above."),
    slip("low_share", "without weights", lambda case: float((facet_scores(case).mean(axis=1) < case.low_index).mean()),
         "take the weighted index of each customer, not the plain mean."),
    slip("low_share", "scores", lambda case: float((facet_scores(case) < case.low_index).to_numpy().mean()),
         "this is the share of single scores. Count customers: one weighted index for each."),
    slip("low_share", "per cent", lambda case: 100 * facets(case)["low_share"], "a share is a number from 0 to 1."),
    slip("low_share", "number", lambda case: int((index(case) < case.low_index).sum()),
         "this is a number of customers; divide it by all of them."),
]


def side(case, name):
    """The five scores "expected" or "perceived" of each customer."""
    return case.answers[[f"{name}_{dimension}" for dimension in DIMENSIONS]].set_axis(DIMENSIONS, axis=1)


def felt(case):
    """Perceived less expected, for each customer and dimension."""
    return side(case, "perceived") - side(case, "expected")


def gaps(case):
    """The right answer to question 5."""
    gap = gaps_of(case.answers)["gap"].reindex(DIMENSIONS)
    table = pd.DataFrame({"gap": gap, "disappointed": (felt(case) < 0).mean(), "rank": gap.rank().astype(int)})
    return table.rename_axis("dimension")


def of_each_dimension(change):
    """A column with a slip."""
    return lambda case: change(case).rename_axis("dimension")


GAPS = [
    slip("gap", "turned round", of_each_dimension(lambda case: -gaps(case)["gap"]),
         "you subtracted the wrong way round: perceived - expected."),
    slip("gap", "perceived alone", of_each_dimension(lambda case: side(case, "perceived").mean()),
         "these are the perceived scores. Take off what was expected."),
    slip("gap", "ratio", of_each_dimension(lambda case: side(case, "perceived").mean() / side(case, "expected").mean()),
         "you divided. The gap is a difference."),
    slip("gap", "sum", of_each_dimension(lambda case: felt(case).sum()), "these are sums; a gap is a mean."),
    slip("gap", "size", of_each_dimension(lambda case: gaps(case)["gap"].abs()),
         "you took the sign away. Below 0 customers got less than they expected."),
    slip("disappointed", "with confirmed", of_each_dimension(lambda case: (felt(case) <= 0).mean()),
         "who got just what was expected is not disappointed."),
    slip("disappointed", "pleased", of_each_dimension(lambda case: (felt(case) > 0).mean()),
         "these are the customers who got more than they expected."),
    slip("disappointed", "number", of_each_dimension(lambda case: (felt(case) < 0).sum()),
         "these are numbers of customers; divide by all of them."),
    slip("disappointed", "per cent", of_each_dimension(lambda case: 100 * (felt(case) < 0).mean()),
         "a share is a number from 0 to 1."),
    slip("rank", "turned round", of_each_dimension(lambda case: 6 - gaps(case)["rank"]),
         "you turned it round: 1 is the lowest gap."),
    slip("rank", "closest to 0", of_each_dimension(lambda case: gaps(case)["gap"].abs().rank()),
         "1 is not the gap closest to 0, but the one furthest below 0."),
    slip("rank", "perceived", of_each_dimension(lambda case: side(case, "perceived").mean().rank()),
         "you ranked what was perceived. Rank the gaps."),
    slip("rank", "places", of_each_dimension(lambda case: gaps(case)["rank"] - 1), "begin with 1, not with 0."),
]
