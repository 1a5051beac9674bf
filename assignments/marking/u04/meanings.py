"""Question 3: the place of every phone under the four meanings of perceived value."""

import crmsim as crm
from crmsim.course.marking import slip

from .market import COSTS, VALUES


def told(case):
    """The offers with the columns that the four meanings ask for."""
    offers = case.offers
    return offers.assign(
        price=offers["c_money"], benefit=offers[VALUES].sum(axis=1), cost=offers[COSTS].sum(axis=1),
    )


def places(case):
    """The right answer."""
    return crm.value.rank_by_meaning(told(case), n_wants=case.n_wants)


def ranked(score, *, ascending=False, method="min"):
    """A column of places by some score."""
    return lambda case: score(told(case)).rank(ascending=ascending, method=method)


def ratio(offers):
    """Quality for the price."""
    return offers["quality"] / offers["price"]


def difference(offers):
    """Benefit for all that is given."""
    return offers["benefit"] - offers["cost"]


PLACES = [
    slip("low_price", "dearest first", ranked(lambda offers: offers["price"]), "you put the dearest phone first."),
    slip("low_price", "all costs", ranked(lambda offers: -offers["cost"]),
         "you took all four costs. A low price means the price."),
    slip("what_i_want", "fewest first", ranked(lambda offers: offers["wants_met"], ascending=True),
         "you put the phone that meets the fewest wants first."),
    *(slip("what_i_want", f"ties: {method}", ranked(lambda offers: offers["wants_met"], method=method),
           "phones that meet equally many wants share the better place, and the next places are left out.")
      for method in ("average", "dense", "first", "max")),
    slip("quality_for_price", "quality alone", ranked(lambda offers: offers["quality"]),
         "you looked at the quality alone. Divide it by the price."),
    slip("quality_for_price", "price for quality", ranked(lambda offers: 1 / ratio(offers)),
         "you put the phone first that has least quality for the price."),
    slip("quality_for_price", "difference", ranked(lambda offers: offers["quality"] - offers["price"]),
         "you subtracted the price. Here the quality is divided by it."),
    slip("benefit_for_cost", "ratio", ranked(lambda offers: offers["benefit"] / offers["cost"]),
         "you divided the benefit by the cost. Here the cost is subtracted."),
    slip("benefit_for_cost", "benefit alone", ranked(lambda offers: offers["benefit"]),
         "you looked at the benefit alone. Subtract everything that is given."),
    slip("benefit_for_cost", "price alone", ranked(lambda offers: offers["benefit"] - offers["price"]),
         "you subtracted the price alone. Everything that is given counts, time and effort, too."),
    slip("benefit_for_cost", "worst first", ranked(difference, ascending=True), "you put the worst phone first."),
]
