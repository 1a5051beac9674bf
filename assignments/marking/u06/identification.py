"""Question 1: the people of four lists, the potential and the valuable customers among them."""

from crmsim.course.marking import slip

LISTS = ("social_media", "market_research", "feedback")


def revenue(case):
    """Total amount for each customer who has bought."""
    return case.transactions.groupby("customer_id")["amount"].sum()


def buyers(case):
    """Everybody who has bought."""
    return set(case.transactions["customer_id"])


def people(case, lists=LISTS):
    """Everybody in the CRM system or in one of the lists."""
    return set(case.customers.index).union(*(case.tables[name]["customer_id"] for name in lists))


def potential(case):
    """Everybody who has never bought."""
    return people(case) - buyers(case)


def top_need(case, among):
    """The need named most often."""
    research = case.market_research
    return research[research["customer_id"].isin(among)]["need"].value_counts().idxmax()


def found(case):
    """The right answer."""
    return {
        "n_people": len(people(case)), "n_potential": len(potential(case)),
        "top_need": top_need(case, potential(case)), "best_customer": int(revenue(case).idxmax()),
    }


def best_by(column, how):
    """The customer who is best by another measure."""
    return lambda case: int(case.transactions.groupby("customer_id")[column].agg(how).idxmax())


FOUND = [
    slip("n_people", "rows", lambda case: len(case.customers) + sum(len(case.tables[name]) for name in LISTS),
         "you counted rows. Somebody who stands in several rows is still one person."),
    slip("n_people", "CRM system only", lambda case: len(case.customers),
         "these are the people in the CRM system alone."),
    *(slip("n_people", f"without {left}", lambda case, left=left: len(people(case, [n for n in LISTS if n != left])),
           f"the list {left} is left out.") for left in LISTS),
    slip("n_potential", "outside the CRM system", lambda case: len(people(case) - set(case.customers.index)),
         "some people in the CRM system have never bought either."),
    slip("n_potential", "CRM system only", lambda case: len(set(case.customers.index) - buyers(case)),
         "look at the people in the other three lists as well."),
    slip("top_need", "of all", lambda case: top_need(case, people(case)),
         "this is what all people asked need. Look at the potential customers alone."),
    slip("best_customer", "most purchases", best_by("amount", "count"),
         "this customer has most purchases, not the highest total."),
    slip("best_customer", "largest purchase", best_by("amount", "max"),
         "this customer made the largest single purchase."),
]
