"""Question 1: the four steps of a round of calls, and firms without a card."""

from crmsim.course.marking import Mistake, slip
from crmsim.etiquette import FLOW

PLACES = ("first", "second", "third", "fourth")
STEPS = dict(zip(PLACES, FLOW, strict=True))


def called(case):
    """The firms that were called."""
    return set(case.events["prospect_id"])


def done(case):
    """The right answer."""
    lacking = called(case) - set(case.cards["prospect_id"])
    return {**STEPS, "n_called": len(called(case)), "n_without_card": len(lacking)}


def exchanged(one, other):
    """Two steps taken for each other."""
    place = {step: name for name, step in STEPS.items()}
    return lambda case: {place[one]: other, place[other]: one}


ROUND = [
    Mistake("mood first", exchanged("order_data", "prepare"), None,
            "First the data are put in order; then come tools and mood."),
    Mistake("card before the call", exchanged("call", "file_card"), None,
            "The card is filled in after each firm, with what the call has shown."),
    slip("n_called", "calls", lambda case: case.events["call_id"].nunique(),
         "these are calls. Some firms were called several times: count different firms."),
    slip("n_called", "events", lambda case: len(case.events), "these are events. Count different firms."),
    slip("n_called", "cards", lambda case: len(case.cards), "these are cards. Count the firms in case.events."),
    slip("n_without_card", "difference", lambda case: len(called(case)) - len(case.cards),
         "you took the number of cards off. Some firms have two cards, and one card belongs to nobody you called."),
    slip("n_without_card", "difference of firms",
         lambda case: len(called(case)) - case.cards["prospect_id"].nunique(),
         "one card belongs to a firm that was not called. Count the firms called that are on no card."),
    slip("n_without_card", "with a card", lambda case: len(called(case) & set(case.cards["prospect_id"])),
         "these have a card. Count those without."),
    slip("n_without_card", "cards of nobody", lambda case: len(set(case.cards["prospect_id"]) - called(case)),
         "you turned it round: these are cards of firms that were not called."),
]
