"""Staffing a desk: how many agents, and who takes which ticket.

**How many.** With c agents who work alike, tickets at random (lambda a minute) and exponential work (mean s), the mean
waiting time is Erlang's:

    a = lambda * s,   C = P(wait) = Erlang C formula,   mean wait = C * s / (c - a)   for a < c

With a >= c the queue grows for ever. Source: Erlang 1917; the formula as in any text on queues. [EXT]

**Who.** Each agent takes at most one ticket; the sum of the chances of success is to be greatest. This is the
assignment problem; it is solved exactly by `scipy.optimize.linear_sum_assignment`. [EXT]
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.errors import InputError


def expected_wait_minutes(n_agents: int, *, per_hour: float, work_minutes: float) -> float:
    """Mean time until an agent takes a ticket, at a desk that never closes.

    Parameters
    ----------
    n_agents : int
        Agents who work alike, 1 to 10,000.
    per_hour : float
        Tickets an hour, above 0.
    work_minutes : float
        Mean work of a ticket, above 0.

    Returns
    -------
    float
        Minutes; infinite where the agents cannot keep up.

    Raises
    ------
    InputError
        A number is not possible.

    Notes
    -----
    Erlang C [EXT], see the module. With one agent it is the mean wait of M/M/1: rho * s / (1 - rho).

    Examples
    --------
    >>> expected_wait_minutes(1, per_hour=1, work_minutes=30)      # 0.5 * 30 / 0.5
    30.0
    >>> expected_wait_minutes(2, per_hour=4, work_minutes=30)
    inf
    """
    n = checks.whole("n_agents", n_agents, low=1, high=10_000)
    work = checks.number("work_minutes", work_minutes, low=0, above=True)
    offered = checks.number("per_hour", per_hour, low=0, above=True) / 60 * work
    if offered >= n:
        return math.inf
    blocked = 1.0
    for number in range(1, n + 1):  # Erlang B by its recursion: no factorials, no overflow
        blocked = offered * blocked / (number + offered * blocked)
    waits = blocked / (1 - offered / n * (1 - blocked))
    return waits * work / (n - offered)


def best_assignment(chances: pd.DataFrame) -> pd.Series[Any]:
    """Who takes which ticket, so that most are resolved on average: each agent at most one, each ticket at most one.

    Parameters
    ----------
    chances : DataFrame
        A row per ticket, a column per agent: chance of success, 0 to 1, as from `success_chances`.

    Returns
    -------
    Series
        `agent`, indexed by `ticket`; with more tickets than agents, some tickets are left out.

    Raises
    ------
    InputError
        A chance is not from 0 to 1, or a ticket or agent stands twice.

    Notes
    -----
    Crouse 2016, as in scipy. [EXT]

    Examples
    --------
    >>> table = pd.DataFrame([[0.9, 0.8], [0.8, 0.2]], index=["t1", "t2"], columns=["Li", "Wu"])
    >>> best_assignment(table).to_dict()      # 0.8 + 0.8, though Li is best at t1
    {'t1': 'Wu', 't2': 'Li'}
    """
    from scipy.optimize import linear_sum_assignment

    values = _checked(chances)
    rows, columns = linear_sum_assignment(values, maximize=True)
    return pd.Series(chances.columns.to_numpy()[columns], index=chances.index[rows].rename("ticket"), name="agent")


def total_success(chances: pd.DataFrame, assignment: Mapping[Any, Any] | pd.Series[Any]) -> float:
    """Expected number of tickets that an assignment resolves.

    Parameters
    ----------
    chances : DataFrame
        As for `best_assignment`.
    assignment : mapping or Series
        Ticket to agent; each agent at most once.

    Returns
    -------
    float

    Raises
    ------
    InputError
        A ticket or an agent is unknown, or an agent stands twice.

    Examples
    --------
    >>> table = pd.DataFrame([[0.9, 0.8], [0.8, 0.2]], index=["t1", "t2"], columns=["Li", "Wu"])
    >>> round(total_success(table, {"t1": "Li", "t2": "Wu"}), 6)
    1.1
    """
    values = _checked(chances)
    pairs = checks.pairs_of("assignment", assignment, example="{'t1': 'Li'}")
    for ticket, agent in pairs.items():
        checks.label(f"assignment[{ticket!r}]", agent)
        if ticket not in chances.index or agent not in chances.columns:
            raise InputError(f"assignment: ticket {ticket!r} to agent {agent!r}: one of them stands not in the table.")
    if len(set(pairs.values())) < len(pairs):
        raise InputError("assignment: an agent stands twice; each takes at most one ticket.")
    rows = [chances.index.get_loc(ticket) for ticket in pairs]
    columns = [chances.columns.get_loc(agent) for agent in pairs.values()]
    return float(values[rows, columns].sum())


def _checked(chances: pd.DataFrame) -> Any:
    if not isinstance(chances, pd.DataFrame):
        raise InputError(f"chances: a table is needed, but a {type(chances).__name__} was given.")
    for what, names in (("ticket", chances.index), ("agent", chances.columns)):
        if names.has_duplicates:
            raise InputError(f"chances: {what} {names[names.duplicated()][0]!r} stands twice.")
    return checks.numbers("chances", np.asarray(chances), low=0, high=1)
