"""Question 10: which skills a block of calls neglects, and whom the firm visited more and more often."""

import operator
from itertools import pairwise

from crmsim.course.marking import Mistake
from crmsim.prospecting import BlockLimits

GOOD = {
    "minutes": 60, "n_calls": 15, "mean_call_minutes": 3.0, "has_list": True, "n_interruptions": 0, "n_cards": 15,
    "goal": "two appointments", "longest_pause_minutes": 5.0,
}
"""A block that keeps every limit, and only just."""
BAD = {
    "minutes": 59, "n_calls": 14, "mean_call_minutes": 3.1, "has_list": False, "n_interruptions": 1, "n_cards": 13,
    "goal": "", "longest_pause_minutes": 5.5,
}


def audited(*, below=operator.lt, above=operator.gt, without=(), cards=None, turned=False, as_list=list):
    """The function asked for, or one with a slip."""
    limits = BlockLimits()

    def neglected(block):
        broken = {
            "PK1": below(block["minutes"], limits.min_minutes), "PK2": below(block["n_calls"], limits.n_calls),
            "PK3": above(block["mean_call_minutes"], limits.mean_minutes), "PK4": not block["has_list"],
            "PK5": block["n_interruptions"] > 0, "PK6": block["n_cards"] < (cards or block["n_calls"]),
            "PK7": block["goal"] == "", "PK8": above(block["longest_pause_minutes"], limits.idle_minutes),
        }
        return as_list(skill for skill, is_broken in broken.items() if is_broken != turned and skill not in without)

    return lambda case: neglected


def blocks(case):
    """A good block, two bad ones, a limit from both sides, and the student's own blocks."""
    mixed = GOOD | {"minutes": 120, "n_calls": 30, "n_cards": 29, "mean_call_minutes": 2.0}
    own = [{name: _plain(value) for name, value in row.items()} for row in case.call_blocks.to_dict("records")]
    return [(block,) for block in (GOOD, BAD, mixed, GOOD | {"n_calls": 12, "n_cards": 12}, *own)]


def _plain(value):
    return value.item() if hasattr(value, "item") else value


AUDITED = [
    Mistake("equal to a limit", audited(below=operator.le, above=operator.ge), 0.5,
            "A number that is equal to a limit is good enough."),
    Mistake("equal to a lower limit", audited(below=operator.le), 0.6,
            "A number that is equal to a limit is good enough: 60 minutes are an hour, 15 calls are enough."),
    Mistake("equal to an upper limit", audited(above=operator.ge), 0.6,
            "A number that is equal to a limit is good enough: 3 minutes for a call, 5 minutes of pause."),
    Mistake("kept, not neglected", audited(turned=True), 0.4, "These are the skills that were kept."),
    Mistake("first one only", audited(as_list=lambda found: list(found)[:1]), 0.3,
            "Your function stops at the first skill. A block can neglect several."),
    Mistake("cards against 15", audited(cards=15), 0.7,
            "PK6: one card for each call is due, not 15 cards."),
    Mistake("without cards", audited(without=("PK6",)), 0.75, "PK6 is missing: one card for each call is due."),
    Mistake("without pauses", audited(without=("PK8",)), 0.75, "PK8 is missing: look at the longest pause."),
]


def days(case):
    """The days of the visits to each person, in order of time."""
    return case.visits.sort_values("day").groupby("prospect_id")["day"].apply(list)


def those(gaps_are_good):
    """People whose gaps fulfil a condition."""

    def chosen(case):
        gaps = {who: [after - before for before, after in pairwise(each)] for who, each in days(case).items()}
        return {int(who) for who, each in gaps.items() if gaps_are_good(each)}

    return chosen


def never(longer):
    """A condition on neighbouring gaps that must never be true."""
    return lambda gaps: not any(longer(after, before) for before, after in pairwise(gaps))


visited_more_often = those(never(operator.gt))

MORE_OFTEN = [
    Mistake("strictly shorter", those(never(operator.ge)), 0.6,
            "Equal gaps are good enough: only a gap that is longer than the one before breaks the principle."),
    Mistake("first and last gap", those(lambda gaps: gaps[-1] <= gaps[0]), 0.4,
            "You compared the first gap and the last one. No gap in between may be longer than the one before."),
    Mistake("less often", those(never(operator.lt)), 0, "You turned it round: these were visited less and less often."),
    Mistake("the others", those(lambda gaps: not never(operator.gt)(gaps)), 0,
            "You turned it round: with these, a gap was longer than the one before."),
    Mistake("everybody", those(lambda gaps: True), 0, "You named everybody who was visited."),
]
