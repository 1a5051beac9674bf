"""Questions 8 and 9: who takes which ticket, and how many agents work next month; judged by what it changes."""

import math
from functools import partial as bound

import pandas as pd

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.marking import Mistake
from crmsim.course.values import Outcome, key_of
from crmsim.service import DeskRules, best_assignment, draw_tickets, simulate_desk


def assignment():
    """Ticket to agent: the share of what the best assignment gains over T1 to A1, T2 to A2, ..."""
    return Comparer(_pairs, _by_success, is_decision=True, resembles=lambda answer, wrong: answer == wrong)


def _pairs(value):
    """Ticket to agent, whatever the case of letters."""
    return {ticket: key_of(agent) for ticket, agent in reading.as_mapping(value).items()}


def _by_success(answer, truth, *, worth):
    if set(answer) != set(truth):
        return Outcome(0.0, "Give an agent to each of the tickets T1 to T6, and to nothing else.")
    if not all(isinstance(agent, str) and agent in worth for agent in answer.values()):
        return Outcome(0.0, "The agents are called A1 to A6.")
    if len(set(answer.values())) < len(answer):
        return Outcome(0.0, "An agent stands twice; each has time for one ticket.")
    first = dict(zip(truth, worth, strict=True))  # columns and rows in their order
    now, own, best = (sum(worth[agent][ticket] for ticket, agent in pairs.items()) for pairs in (first, answer, truth))
    share = max(0.0, (own - now) / (best - now))
    if share > 1 - 1e-6:
        return Outcome(1.0)
    return Outcome(share, f"Your assignment gains {share:.0%} of what the best one gains over T1 to A1, T2 to A2, ...")


def best(case):
    """The best assignment, in the order of the tickets."""
    return best_assignment(case.chances).to_dict()


def in_turn(case):
    """Each ticket takes the best agent who is left."""
    left, found = list(case.chances.columns), {}
    for ticket in case.chances.index:
        found[ticket] = case.chances.loc[ticket, left].idxmax()
        left.remove(found[ticket])
    return found


def largest_first(case):
    """The highest chance of the table first, then the highest that is left."""
    table, found = case.chances.copy(), {}
    while len(table):
        ticket = table.max(axis=1).idxmax()
        found[ticket] = table.loc[ticket].idxmax()
        table = table.drop(index=ticket, columns=found[ticket])
    return found


ASSIGNED = [
    Mistake("one after the other", in_turn, None,
            "Each ticket took the best agent who was left. A later ticket may need that agent more."),
    Mistake("highest chance first", largest_first, None,
            "You took the highest chance first. It can leave bad pairs for the rest: look at all six at once."),
    Mistake("the best of each row", lambda case: case.chances.idxmax(axis=1).to_dict(), 0.25,
            "You took the best agent of each ticket, and some agents twice. Each agent has time for one ticket."),
    Mistake("the worst", lambda case: best_assignment(1 - case.chances).to_dict(), 0,
            "This is the worst assignment: make the sum large, not small."),
    Mistake("as they stand", lambda case: dict(zip(case.chances.index, case.chances, strict=True)), 0,
            "This is the order of the table: T1 to A1, T2 to A2, ..."),
]


def number_of_agents(*, full, above):
    """A number of agents: what it saves, as a share of what the best number saves; points from `above` to `full`."""
    compare = bound(_by_cost, full=full, above=above)
    return Comparer(reading.as_number, compare, is_decision=True, resembles=lambda answer, wrong: answer == wrong)


def _by_cost(answer, truth, *, worth, full, above):
    """`worth` is the cost of every possible number; the smallest is that of today."""
    if answer not in worth:
        return Outcome(0.0, f"From {min(worth)} to {max(worth)} agents are possible.")
    saved, most = (worth[min(worth)] - worth[number] for number in (answer, truth))
    if saved >= full * most:
        return Outcome(1.0)
    if saved <= 0:
        return Outcome(0.0, "With so many agents the next four weeks cost no less than with the agents of today.")
    return Outcome(max(0.0, (saved / most - above) / (full - above)),
                   f"It saves {saved / most:.0%} of what the best number known saves. "
                   + ("More would be better." if answer < truth else "Fewer would be better."))


def cheapest(case):
    """The number of agents with the lowest cost."""
    return int(case.truth.idxmin())


def as_without_growth(case):
    """What one finds who tries numbers out on a month like the last."""
    rules, cost = DeskRules(work_minutes=case.work_minutes), {}
    month = draw_tickets(n_days=28, per_day=len(case.tickets) / 28, seed=1)
    for n in case.truth.index:
        log = simulate_desk(month, case.agents.head(n), rules=rules, seed=1).tickets
        late = log["first_reply"] - log["opened"] > pd.Timedelta(hours=24)
        cost[int(n)] = case.wage * n + case.overdue_cost * late.sum() + case.unresolved_cost * (~log["resolved"]).sum()
    return min(cost, key=cost.get)


STAFFED = [
    Mistake("as today", lambda case: case.n_now, None,
            "So many work today, and tickets lie open. Next month more complaints will come."),
    Mistake("growth alone", lambda case: math.ceil(case.n_now * case.growth), None,
            "So many come out if the staff grows as the complaints do. But the desk of today has too few already."),
    Mistake("without growth", as_without_growth, None,
            "So many are best for as many complaints as now. Take the growth into `per_day`."),
    Mistake("as many as possible", lambda case: case.n_most, None,
            "Agents who have nothing to do cost their wage, too."),
]
