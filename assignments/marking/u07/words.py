"""Questions 1 and 8: the order of the lifecycle models, customer classes, the ladder, statements."""

import crmsim as crm
from crmsim.course.marking import Mistake, slip

MODELS = {name: list(model.parts) for name, model in crm.lifecycle.MODELS.items()}


def swapped(model, one, other):
    """The parts of a model with two of them exchanged."""
    change = {one: other, other: one}
    return lambda case: [change.get(part, part) for part in MODELS[model]]


def reverse(model):
    """The parts of a model from the last to the first."""
    return lambda case: MODELS[model][::-1]


ORDERS = [
    slip("development", "acquire first", swapped("development", "attract", "acquire"),
         "before a customer can be won, somebody must become interested."),
    slip("development", "retain before manage", swapped("development", "manage", "retain"),
         "the last aim is to retain the customer."),
    slip("relationship", "churn before decline", swapped("relationship", "decline", "churn"),
         "a relation first becomes weaker, then it ends."),
    slip("relationship", "maturity before growth", swapped("relationship", "growth", "maturity"),
         "a relation first grows, then it is mature."),
    slip("management", "development first", swapped("management", "establishment", "development"),
         "what is not established cannot develop."),
    slip("management", "decline before maturity", swapped("management", "maturity", "decline"),
         "a relation becomes weaker after its best time, not before."),
    slip("cycle", "keep before improve", swapped("cycle", "improve", "keep"),
         "of the three steps, to improve comes before to keep."),
    *(slip(model, "reverse", reverse(model), "you began with the last part.") for model in MODELS),
]

CARDS = {
    "a": "potential", "b": "potential", "c": "new", "d": "lapsed", "e": "loyal", "f": "member", "g": "advocate",
    "h": "true", "i": "false", "j": "false",
}
MIXED_UP = [
    slip("a", "real customers", lambda case: "new", "to attract comes before any business."),
    slip("b", "new", lambda case: "new", "a new customer has begun to trade."),
    slip("d", "active", lambda case: "active", "the business has been broken off, for whatever reason."),
    slip("e", "active", lambda case: "active",
         "an active customer buys continuously as well, but here is more: satisfaction, and a long relation."),
    Mistake("member and advocate", lambda case: {"f": "advocate", "g": "member"}, None,
            "You exchanged the rungs: the plan makes members; those who praise the firm and bring others come last."),
    slip("f", "loyal", lambda case: "loyal", "whoever takes part in a plan need not be satisfied."),
    slip("h", "one mix", lambda case: "false", "this is what lifecycle management is for."),
    slip("i", "every model", lambda case: "true", "look at the last parts of the four models."),
    slip("j", "last order", lambda case: "true", "open claims and payments belong to that life, too."),
]
