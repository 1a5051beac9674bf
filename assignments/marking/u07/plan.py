"""Question 7: the ladder from customer to member to advocate."""

from math import sqrt

import crmsim as crm
from crmsim.course.marking import Mistake, slip


def p_member(case):
    """The share of those invited who joined."""
    return float(case.plan["joined"].mean())


def p_advocate(case):
    """The share of the members who became advocates."""
    return float(case.plan["advocate"].sum() / case.plan["joined"].sum())


def n_advocates(case):
    """Expected advocates among those invited next."""
    return crm.lifecycle.ladder(case.n_next, p_member=p_member(case), p_advocate=p_advocate(case))


def spread(case):
    """Standard deviation of the number of advocates: each of those invited becomes one or not."""
    p = p_member(case) * p_advocate(case)
    return sqrt(case.n_next * p * (1 - p))


def climb(case):
    """The right answer."""
    return {"p_member": p_member(case), "p_advocate": p_advocate(case), "n_advocates": n_advocates(case),
            "spread": spread(case)}


def of_all(case):
    """Advocates among all who were invited."""
    return float(case.plan["advocate"].mean())


CLIMBS = [
    Mistake("per cent", lambda case: {"p_member": 100 * p_member(case), "p_advocate": 100 * p_advocate(case)}, None,
            "p_member and p_advocate are in per cent. A share is a number from 0 to 1."),
    Mistake("divided by all who were invited", lambda case: {"p_advocate": of_all(case),
                                             "n_advocates": case.n_next * p_member(case) * of_all(case)}, 0.5,
            "p_advocate: only a member can become an advocate: divide by the members. The next two entries follow "
            "from this."),
    slip("p_member", "number", lambda case: int(case.plan["joined"].sum()),
         "this is a number of people. Divide it by all who were invited."),
    slip("p_advocate", "of all", of_all, "only a member can become an advocate: divide by the members."),
    slip("p_advocate", "number", lambda case: int(case.plan["advocate"].sum()),
         "this is a number of people. Divide it by the members."),
    slip("n_advocates", "members", lambda case: case.n_next * p_member(case),
         "these are the members. They still have to become advocates."),
    slip("n_advocates", "one step", lambda case: case.n_next * p_advocate(case),
         "you left out the first rung: not everybody becomes a member."),
    slip("n_advocates", "multiplied twice", lambda case: case.n_next * p_member(case) * of_all(case),
         "you multiplied by the share of members twice."),
    slip("n_advocates", "the last plan", lambda case: int(case.plan["advocate"].sum()),
         "these are the advocates of the last plan. Asked are those among case.n_next people."),
    slip("spread", "variance", lambda case: spread(case) ** 2,
         "this is the variance. The standard deviation is its square root: .std()."),
    slip("spread", "fixed members",
         lambda case: sqrt(case.n_next * p_member(case) * p_advocate(case) * (1 - p_advocate(case))),
         "you let the same number of customers become members each time. Chance works on this rung, too."),
    slip("spread", "of members", lambda case: sqrt(case.n_next * p_member(case) * (1 - p_member(case))),
         "this is the spread of the members. Asked is that of the advocates."),
    slip("spread", "standard error", lambda case: spread(case) / 100,
         "you divided by the root of the number of climbs. Asked is how much one climb differs from another."),
]
