"""Question 4: realised minus paid, and economic value."""

from crmsim.course.marking import Mistake, slip

FACETS = ["nature", "quality", "brand", "after_sales"]


def got(case):
    """What each customer realises."""
    return case.interviews[FACETS].sum(axis=1)


def paid(case):
    """What each customer pays."""
    return case.interviews["price"] + case.interviews["extra"]


def n_turned(case):
    """How many the additional costs alone turn."""
    return int(((paid(case) > got(case)) & (case.interviews["price"] <= got(case))).sum())


def n_price_too_high(case):
    """For how many the price alone is too much."""
    return int((case.interviews["price"] > got(case)).sum())


def realised(case):
    """The right answer to part a."""
    return {
        "mean_value": float((got(case) - paid(case)).mean()), "n_paid_more": int((paid(case) > got(case)).sum()),
        "n_turned": n_turned(case), "brand_share": float(case.interviews["brand"].sum() / got(case).sum()),
    }


REALISED = [
    Mistake("brand in per cent", lambda case: {"brand_share": 100 * realised(case)["brand_share"]}, None,
            "brand_share: right, but in per cent. A share is a number from 0 to 1."),
    slip("mean_value", "without extra", lambda case: (got(case) - case.interviews["price"]).mean(),
         "you left out the additional costs."),
    slip("mean_value", "extra added",
         lambda case: (got(case) - case.interviews["price"] + case.interviews["extra"]).mean(),
         "you added the additional costs. Brackets: got - (price + extra)."),
    slip("mean_value", "realised alone", lambda case: got(case).mean(),
         "this is what they realised. Subtract what they paid."),
    slip("mean_value", "total", lambda case: (got(case) - paid(case)).sum(),
         "this is the total. Divide by the customers."),
    slip("n_paid_more", "price alone", n_price_too_high, "you left out the additional costs."),
    slip("n_paid_more", "others", lambda case: int((paid(case) <= got(case)).sum()),
         "these are those who got their money's worth."),
    slip("n_turned", "all", lambda case: realised(case)["n_paid_more"],
         "these are all who paid more. Count only those for whom the price alone was not too much."),
    slip("n_turned", "price too high", n_price_too_high,
         "for these the price alone was too much already. Count the others."),
    slip("brand_share", "of value", lambda case: case.interviews["brand"].sum() / (got(case) - paid(case)).sum(),
         "you divided by the customer value. Divide by everything realised."),
    slip("brand_share", "mean of shares", lambda case: (case.interviews["brand"] / got(case)).mean(),
         "this is the mean of everybody's own share. Add up the money of all first, then divide."),
]


def saving(lowest, *, now="two_year_cost"):
    """What everybody saves against some lowest cost."""
    return lambda case: case.interviews[now] - lowest(case)


def lowest_of_level(case, column="two_year_cost"):
    """The lowest cost of each customer's level."""
    return case.interviews["function_level"].map(case.offers.groupby("function_level")[column].min())


savings = saving(lowest_of_level)
"""The right answer to part b."""


def first_to_buy(case):
    """The two-year cost of the phone that is cheapest to buy in each level."""
    names = case.offers.groupby("function_level")["c_money"].idxmin()
    return case.interviews["function_level"].map(case.offers["two_year_cost"].loc[names].set_axis(names.index))


SAVINGS = [
    Mistake("any function", saving(lambda case: case.offers["two_year_cost"].min()), 0.4,
            "You compared with the cheapest phone of all. Economic value is saved for the same function."),
    Mistake("turned round", lambda case: -savings(case), 0.5,
            "The sign is turned round: what is saved is the present cost minus the new one."),
    Mistake("never negative", lambda case: savings(case).clip(lower=0), 0.6,
            "If the best phone costs more than the present one, the economic value is negative, not 0."),
    Mistake("mean of the level", saving(lambda case: case.interviews["function_level"].map(
        case.offers.groupby("function_level")["two_year_cost"].mean())), 0.5,
            "You compared with the mean of the level. Take the phone with the lowest cost."),
    Mistake("price", saving(lambda case: lowest_of_level(case, "c_money")), 0.4,
            "You compared with a price. `two_year_cost` holds everything that a phone costs."),
    Mistake("cheapest to buy", saving(first_to_buy), 0.6,
            "You chose the phone with the lowest price of the level. Choose the one with the lowest two_year_cost."),
    Mistake("lowest cost alone", lowest_of_level, 0.3,
            "These are the costs of the best phone. Subtract them from what the present phone costs."),
]
