"""Question 5: a function that reports on a desk."""

import numpy as np
import pandas as pd

from crmsim.course.marking import Mistake

HOUR, WEEK, FORTNIGHT = (pd.Timedelta(hours=hours) for hours in (1, 7 * 24, 14 * 24))


def report(*, open_until="closed", waiting="until now", late=np.greater, share_of="known", resolved_of="closed",
           hours=lambda span: span / HOUR, limit=None, moment=None):
    """The function asked for, or one with a slip."""

    def desk_report(tickets, now, limit_hours):
        now, limit_hours = moment or now, limit or limit_hours
        answered = tickets["first_reply"].notna()
        reply = hours(tickets["first_reply"] - tickets["opened"])
        waited = hours(now - tickets["opened"])
        is_late = pd.Series(late(reply.where(answered, waited), limit_hours), index=tickets.index)
        if waiting == "left out":
            is_late &= answered
        if waiting == "all late":
            is_late |= ~answered
        known = answered | is_late if share_of == "known" else answered | ~answered
        done = tickets["closed"].notna() if resolved_of == "closed" else answered | ~answered
        mean_of = reply.where(answered, waited) if waiting == "in the mean" else reply[answered]
        return {
            "n_open": int(tickets[open_until].isna().sum()), "reply_hours": float(mean_of.mean()),
            "resolved_share": float(tickets.loc[done, "resolved"].mean()),
            "overdue_share": float(is_late[known].mean()),
        }

    return lambda case: desk_report


def desks(case):
    """The own desk of late, under two limits, and a week earlier; tickets on the limit; a desk with everything done."""
    rng, now = case.rng("desks"), case.today
    own = case.tickets[["opened", "first_reply", "closed", "resolved"]]
    late = own[own["opened"] >= now - FORTNIGHT].sample(90, random_state=rng).sort_index()
    some = late.sample(50, random_state=rng)
    done = own[own["closed"].notna()].sample(40, random_state=rng)
    before = a_week_ago(own, now).sample(50, random_state=rng)
    return [(late, now, 24), (some, now, 6), (before, now - WEEK, 24), (*on_the_limit(), 24), (done, now, 12)]


def a_week_ago(own, now):
    """What was known then of the tickets of two weeks."""
    then = now - WEEK
    week = own[own["opened"].between(then - FORTNIGHT, then, inclusive="left")]
    seen = week.assign(**{name: week[name].where(week[name] <= then) for name in ("first_reply", "closed")})
    return seen.assign(resolved=seen["resolved"] & seen["closed"].notna())


def on_the_limit():
    """Replies and waiting times of exactly 24 hours, a little more, and more than a day."""
    opened = pd.to_datetime(["2026-03-02 09:00"] * 4 + ["2026-03-04 12:00", "2026-03-04 11:59", "2026-03-05 10:00"])
    hours = [24, 24.5, 50, 3, None, None, None]
    reply = opened + pd.to_timedelta(hours, unit="h")
    table = pd.DataFrame({"opened": opened, "first_reply": reply, "closed": reply + pd.Timedelta(hours=2)})
    table.loc[2, "closed"] = pd.NaT
    return table.assign(resolved=[True, False, False, True] + [False] * 3), pd.Timestamp("2026-03-05 12:00")


REPORTS = [
    Mistake("waiting left out", report(waiting="left out", share_of="known"), 0.6,
            "overdue_share: who waits longer than the limit is overdue, too. You left tickets without a reply out."),
    Mistake("waiting all late", report(waiting="all late"), 0.6,
            "overdue_share: a young ticket without a reply is not overdue yet; leave it out."),
    Mistake("share of all tickets", report(share_of="all"), 0.6,
            "overdue_share: you divided by all tickets. Leave out those of which nobody knows yet."),
    Mistake("left out, share of all", report(waiting="left out", share_of="all"), 0.5,
            "overdue_share: you looked at tickets with a reply only, and divided by all."),
    Mistake("equal to the limit", report(late=np.greater_equal), 0.75,
            "overdue_share: exactly the limit is in time; overdue means more."),
    Mistake("resolved of all", report(resolved_of="all"), 0.6,
            "resolved_share: you divided by all tickets. Divide by those that are closed."),
    Mistake("open without a reply", report(open_until="first_reply"), 0.6,
            "n_open: you counted tickets without a reply. A ticket is open until it is closed."),
    Mistake("waiting in the mean", report(waiting="in the mean"), 0.6,
            "reply_hours: the mean is over tickets that have a reply."),
    Mistake("days cut off", report(hours=lambda span: span.dt.seconds / 3600), 0.4,
            "Your hours never reach 24: .dt.seconds leaves out whole days. Take .dt.total_seconds()."),
    Mistake("limit of 24 hours", report(limit=24), 0.6,
            "overdue_share: you always compare with 24 hours. Use `limit_hours`, which the function is given."),
    Mistake("today instead of now", lambda case: report(moment=case.today)(case), 0.6,
            "overdue_share: you always look back from `case.today`. Use `now`, which the function is given."),
    Mistake("in days", report(hours=lambda span: span.dt.total_seconds() / 86400), 0.4,
            "You computed with days. The limit and the answer are in hours."),
]
