"""Questions 5 and 6: the class of a customer by what a firm can see, and whether the hidden stage agrees."""

from itertools import chain, combinations

import pandas as pd

from crmsim.course.marking import Mistake, slip

RULES = ("potential", "lapsed", "loyal", "new")


def labelled(*, order=RULES, strict=(), fixed=None, unasked=False, unbought="potential"):
    """The function asked for in question 5, or one with a slip."""

    def at_most(value, limit, rule):
        return value < limit or (rule not in strict and value == limit)

    def customer_class(n_purchases, first_days, last_days, grade, lapse_days):
        limit = lapse_days if fixed is None else fixed
        satisfied = unasked if grade is None else at_most(-grade, -4, "grade")
        found = {
            "potential": n_purchases == 0,
            "lapsed": n_purchases > 0 and not at_most(last_days, limit, "lapsed"),
            "loyal": satisfied and at_most(-n_purchases, -6, "purchases"),
            "new": n_purchases > 0 and at_most(first_days, 90, "new"),
        }
        name = next((name for name in order if found[name]), "active")
        return unbought if name == "potential" else name

    return lambda case: customer_class


def inputs(case):
    """Every limit from both sides, every pair of rules that fit at once, no grade, and six own customers."""
    fixed = [
        (0, None, None, None, 180), (0, None, None, 5, 90), (1, 90, 90, None, 180), (1, 91, 91, None, 180),
        (5, 60, 4, 5, 180), (6, 300, 4, 4, 180), (6, 300, 4, 3, 180), (6, 300, 4, None, 180), (7, 80, 10, 5, 180),
        (9, 400, 180, 5, 180), (9, 400, 181, 5, 180), (3, 400, 180, None, 180), (3, 400, 181, None, 180),
        (2, 85, 70, 4, 60), (2, 85, 60, 4, 60), (8, 500, 100, 4, 90), (8, 500, 100, 4, 120), (5, 91, 20, 4, 180),
    ]
    own = case.panel.dropna(subset=["first_days"]).sample(6, random_state=case.rng("classes"))
    rows = zip(own["frequency"], own["first_days"], own["recency_days"], own["grade"], strict=True)
    return fixed + [(int(n), int(a), int(b), None if pd.isna(g) else int(g), 180) for n, a, b, g in rows]


LIMITS = {
    "lapsed": "Whoever last bought exactly lapse_days days ago is not lapsed yet: that is not *more than* lapse_days.",
    "purchases": "6 purchases are *at least* 6: enough to be loyal.",
    "grade": "A grade of 4 is *at least* 4: enough to be loyal.",
    "new": "Whoever first bought exactly 90 days ago is still new: *at most* 90 days.",
}
"""The limits, and what to tell somebody who is one too strict."""

LABELS = [
    Mistake("equal to a limit", labelled(strict=LIMITS), 0.6,
            "A number that is equal to a limit still keeps it: 180 days are not *more than* 180 days, and a grade "
            "of 4 is *at least* 4."),
    Mistake("180 days always", labelled(fixed=180), 0.7,
            "You wrote 180 days into the function. Use lapse_days: it is not always 180."),
    Mistake("no grade is good", labelled(unasked=True), 0.7,
            "Somebody without a grade has not been shown to be satisfied, and is not loyal."),
    Mistake("never bought", labelled(unbought="new"), 0.7,
            "Somebody who has never bought is potential: a new customer has begun to trade."),
    Mistake("new before loyal", labelled(order=("potential", "lapsed", "new", "loyal")), 0.8,
            "The order of the rules counts: loyal comes before new."),
    Mistake("loyal before lapsed", labelled(order=("potential", "loyal", "lapsed", "new")), 0.7,
            "The order of the rules counts: whoever no longer buys is lapsed, however good he was."),
    Mistake("new before lapsed", labelled(order=("potential", "new", "lapsed", "loyal")), 0.7,
            "The order of the rules counts: lapsed comes before new and loyal."),
    *(Mistake(f"limits of {' and '.join(some)}", labelled(strict=some), None,
              "\n".join(LIMITS[name] for name in some))
      for some in chain(combinations(LIMITS, 1), combinations(LIMITS, 2))),
]


def buyers(case):
    """The panel without those who have never bought."""
    return case.panel[case.panel["customer_class"] != "potential"]


def shares(rows):
    """How class and stage agree."""
    lapsed, gone = rows["customer_class"] == "lapsed", rows["stage"] == "churn"
    loyal = rows["customer_class"] == "loyal"
    return {
        "agreement_share": float((lapsed == gone).mean()), "found_share": float(lapsed[gone].mean()),
        "right_share": float(gone[lapsed].mean()), "n_loyal_gone": int((loyal & gone).sum()),
    }


def agreement(case):
    """The right answer to question 6."""
    return shares(buyers(case))


AGREEMENT = [
    Mistake("with potential", lambda case: dict(list(shares(case.panel).items())[:2]), None,
            "You counted the potential customers as well. They have no business that could lapse."),
    Mistake("exchanged", lambda case: {"found_share": agreement(case)["right_share"],
                                       "right_share": agreement(case)["found_share"]},
            None, "You exchanged found_share and right_share: of whom is it a share?"),
    slip("agreement_share", "with potential", lambda case: shares(case.panel)["agreement_share"],
         "you counted the potential customers as well."),
    slip("found_share", "exchanged", lambda case: agreement(case)["right_share"],
         "you divided by the lapsed customers. Divide by those who are gone."),
    slip("right_share", "exchanged", lambda case: agreement(case)["found_share"],
         "you divided by those who are gone. Divide by the lapsed customers."),
    slip("agreement_share", "both true", lambda case: float(
        ((buyers(case)["customer_class"] == "lapsed") & (buyers(case)["stage"] == "churn")).mean()),
         "these are the customers who are lapsed and gone. Those who are neither agree as well."),
    slip("agreement_share", "disagree", lambda case: 1 - agreement(case)["agreement_share"],
         "this is the share that does not agree."),
    slip("n_loyal_gone", "loyal and there", lambda case: int(
        ((case.panel["customer_class"] == "loyal") & (case.panel["stage"] != "churn")).sum()),
         "these are the loyal customers who are still there."),
    slip("n_loyal_gone", "all loyal", lambda case: int((case.panel["customer_class"] == "loyal").sum()),
         "these are all loyal customers. Count those who are gone."),
    slip("n_loyal_gone", "share", lambda case: agreement(case)["n_loyal_gone"]
         / float((case.panel["customer_class"] == "loyal").sum()), "this is a share. Count the customers."),
    slip("right_share", "of all", lambda case: float(
        ((case.panel["customer_class"] == "lapsed") & (case.panel["stage"] == "churn")).sum() / len(buyers(case))),
         "divide by the lapsed customers, not by all."),
]
