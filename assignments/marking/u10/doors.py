"""Questions 6 and 8: arrivals of one's own people, and who was prepared."""

from crmsim.course.marking import Mistake, slip
from crmsim.etiquette import arrivals, check_preparation
from crmsim.etiquette.doorstep import CLASSES
from crmsim.etiquette.rule import rule


def early(case):
    """Minutes from arrival to the appointed time."""
    return arrivals(case.meetings)["early_minutes"]


def times(case):
    """The right answer to question 6."""
    found = arrivals(case.meetings)
    counts = {f"n_{name}": int((found["arrival"] == name).sum()) for name in CLASSES}
    is_late = found["arrival"] == "late"
    late_minutes = -found.loc[is_late, "early_minutes"].mean()
    return {**counts, "late_share": float(is_late.mean()), "mean_late_minutes": float(late_minutes)}


def n(case, low, high):
    """How many arrive so many minutes early, both ends included."""
    return int(early(case).between(low, high).sum())


TIMES = [
    Mistake("wrong way round", lambda case: {"n_late": n(case, 0.01, 1e9), "n_too_early": n(case, -1e9, -7.01)}, 0.4,
            "You subtracted the wrong way round: early = appointed - arrived."),
    Mistake("seconds", lambda case: {"n_too_early": n(case, 0.12, 1e9), "n_best": n(case, 5 / 60, 7 / 60)}, 0.5,
            "These are seconds: divide by 60 for minutes."),
    slip("n_too_early", "from seven", lambda case: n(case, 7, 1e9), "seven minutes early is still best."),
    slip("n_too_early", "all early", lambda case: n(case, 0.01, 1e9), "only more than seven minutes are too early."),
    slip("n_best", "without the ends", lambda case: n(case, 5.01, 6.99), "five and seven minutes count as best."),
    slip("n_best", "without five", lambda case: n(case, 5.01, 7), "five minutes count as best."),
    slip("n_acceptable", "with five", lambda case: n(case, 0, 5), "five minutes count as best already."),
    slip("n_acceptable", "without zero", lambda case: n(case, 0.01, 4.99), "on the minute is on time."),
    slip("n_late", "with zero", lambda case: n(case, -1e9, 0), "on the minute is on time."),
    slip("n_late", "not best", lambda case: len(case.meetings) - times(case)["n_best"],
         "these are all who do not arrive best."),
    slip("late_share", "per cent", lambda case: 100 * times(case)["late_share"], "a share is a number from 0 to 1."),
    slip("mean_late_minutes", "negative", lambda case: -times(case)["mean_late_minutes"],
         "the sign is turned round: minutes late are above 0."),
    slip("mean_late_minutes", "of all", lambda case: float(-early(case).mean()), "this is a mean of all meetings."),
    slip("mean_late_minutes", "clipped", lambda case: float((-early(case)).clip(lower=0).mean()),
         "divide by those who came late, not by all."),
    slip("mean_late_minutes", "seconds", lambda case: times(case)["mean_late_minutes"] * 60, "these are seconds."),
    slip("mean_late_minutes", "hours", lambda case: times(case)["mean_late_minutes"] / 60, "these are hours."),
]


def ready(case):
    """The right answer to question 8."""
    return _where(case, lambda points: not check_preparation(points & _known()))


def _known():
    return set(rule("K01").parameters["points"])


def _ticks(case):
    return case.checklists.groupby("person_id")["point"]


def _where(case, holds):
    return {who for who, points in _ticks(case).apply(set).items() if holds(points)}


READY = [
    Mistake("five ticks", lambda case: set(_ticks(case).size().loc[lambda n: n >= 5].index), 0.5,
            "You counted ticks. Some people ticked a point twice, or a point that is none of the five."),
    Mistake("five different", lambda case: set(_ticks(case).nunique().loc[lambda n: n >= 5].index), 0.6,
            "You counted different points. Coffee and timetable are none of the five."),
    Mistake("exactly five", lambda case: set(_ticks(case).size().loc[lambda n: n == 5].index), 0.3,
            "You counted ticks. Ask which of the five points are there."),
    Mistake("exactly these five", lambda case: _where(case, lambda points: points == _known()), 0.5,
            "Who ticked more than the five points is ready, too."),
    Mistake("nothing else", lambda case: _where(case, lambda points: points <= _known()), 0.2,
            "You turned the question round. Ask whether all five are among the points of the person."),
    Mistake("not ready", lambda case: set(case.checklists["person_id"]) - ready(case), 0,
            "These are those who are not ready."),
    Mistake("everybody", lambda case: set(case.checklists["person_id"]), 0.2, "You named everybody."),
]
