"""Questions 4 and 5: the time of a call, and how often one may try."""

from crmsim.course.marking import Mistake
from crmsim.etiquette import check_attempts
from crmsim.etiquette.calendars import clock_minutes, clock_text, hours_of, time_codes


def at_a_time(*, is_inside=None, earliest=None, days=("mon",), ignore_days=False, first_only=False, late=False):
    """The function asked for, or one with a slip."""
    inside = is_inside or (lambda begin, clock, end: begin <= clock <= end)

    def make(case):
        rows, limit = case.windows.to_dict("records"), earliest or case.monday_earliest

        def function(weekday, start, industry):
            good = [(row["from"], row["to"]) for row in rows if row["industry"] == industry
                    and (ignore_days or weekday in row["weekdays"].split())][:1 if first_only else None]
            found = ["TE6"] if weekday in days and (start <= limit if late else start < limit) else []
            return found if any(inside(begin, start, end) for begin, end in good) else [*found, "TE7"]

        return function

    return make


def right_time(case):
    """The library's own check."""
    hours, earliest = hours_of(case.windows), clock_minutes(case.monday_earliest)

    def function(weekday, start, industry):
        return time_codes(weekday, clock_minutes(start), industry, earliest=earliest, hours=hours)

    return function


def moments(case):
    """Both ends of every window and the minutes beside them, Mondays, and a day without a window."""
    found = []
    for row in case.windows.to_dict("records"):
        day = next(each for each in row["weekdays"].split() if each != "mon")
        begin, end = clock_minutes(row["from"]), clock_minutes(row["to"])
        found += [(day, clock_text(minute), row["industry"]) for minute in (begin - 1, begin, end, end + 1)]
        found.append((day, clock_text((begin + end) // 2), row["industry"]))
    earliest, early = clock_minutes(case.monday_earliest), case.windows["industry"].iloc[0]
    found += [("mon", clock_text(earliest + shift), name) for shift in (-1, 0, 1) for name in
              case.windows["industry"].unique()]
    found += [(day, clock_text(earliest - 15), early) for day in ("tue", "fri")]
    workdays = case.windows[~case.windows["weekdays"].str.contains("sun")]
    return found + [("sun", row["from"], row["industry"]) for row in workdays.head(4).to_dict("records")]


TIMES = [
    Mistake("ends excluded", at_a_time(is_inside=lambda begin, clock, end: begin < clock < end), 0.6,
            "The ends of a window are inside: a call at 09:00 sharp is in a window that begins at 09:00."),
    Mistake("end excluded", at_a_time(is_inside=lambda begin, clock, end: begin <= clock < end), 0.75,
            "The end of a window is inside, too."),
    Mistake("days ignored", at_a_time(ignore_days=True), 0.6, "You did not look at the weekdays of a window."),
    Mistake("first window", at_a_time(first_only=True), 0.5,
            "You looked at the first window alone. Most industries have two."),
    Mistake("ten o'clock", at_a_time(earliest="10:00"), 0.75,
            "On a Monday your firm does not begin at ten: take case.monday_earliest."),
    Mistake("every day", at_a_time(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun")), 0.5,
            "TE6 is for Mondays alone."),
    Mistake("earliest itself", at_a_time(late=True), 0.8, "A call exactly at the earliest time is good."),
]


def too_soon(*, equal=False, base=1, reset=True, second_only=False, same_limit=False, from_first=False):
    """The function asked for, or one with a slip."""

    def function(times, answered, min_gap, cooldown):
        found, streak = [], 0
        for place in range(1, len(times)):
            streak = 0 if answered[place - 1] and reset else streak + (not answered[place - 1])
            limit = min_gap if streak < 2 or same_limit else cooldown
            gap = times[place] - times[0 if from_first else place - 1]
            is_soon = gap <= limit if equal else gap < limit
            if streak and is_soon and not (second_only and streak > 1):
                found.append(place + base)
        return found

    return lambda case: function


def right_attempts(case):
    """The library's own check."""

    def function(times, answered, min_gap, cooldown):
        return [found.place for found in check_attempts(times, answered, min_gap=min_gap, cooldown=cooldown)]

    return function


def series(case):
    """Attempts at, below and above the limits, and some as they come."""
    rng = case.rng("attempts")
    none = 3 * [False]
    fixed = [
        ([0, 10], none[:2], 10, 60), ([0, 9], none[:2], 10, 60), ([0, 10, 70], none, 10, 60),
        ([0, 10, 69], none, 10, 60),
        ([0, 5, 15], [False, True, False], 10, 60), ([0, 12, 20], [True, False, False], 10, 60),
        ([0, 4, 30, 75], 4 * [False], 5, 45), ([100, 130, 190], none, 30, 60), ([540], [False], 10, 60),
        ([0, 20, 25, 40], [False, True, False, False], 15, 60), ([0, 10, 25, 100], [False, False, True, False], 10, 30),
    ]
    for _ in range(8):
        n = int(rng.integers(3, 7))
        times = rng.choice([3, 5, 10, 15, 30, 45, 60, 90], n).cumsum() + 540
        fixed.append((times.tolist(), (rng.random(n) < 0.3).tolist(), int(rng.choice([5, 10, 15])),
                      int(rng.choice([30, 45, 60]))))
    return fixed


ATTEMPTS = [
    Mistake("equal counts", too_soon(equal=True), 0.6, "Exactly the least time is enough."),
    Mistake("from zero", too_soon(base=0), 0.6, "Attempts are numbered from 1: the second attempt has the number 2."),
    Mistake("no reset", too_soon(reset=False), 0.6, "An answered call begins the count anew."),
    Mistake("second attempt alone", too_soon(second_only=True), 0.4,
            "You looked at the call after one unanswered call. After two in a row the cooldown holds."),
    Mistake("one limit", too_soon(same_limit=True), 0.5,
            "After two unanswered calls in a row the limit is the cooldown, not the smaller gap."),
    Mistake("since the first", too_soon(from_first=True), 0.4,
            "You counted the minutes since the first call. What counts is the last one."),
]
