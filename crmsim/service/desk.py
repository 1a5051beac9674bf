"""A complaint desk (投诉处理): tickets queue for agents, hour by hour, with the truth behind every ticket.

Customers complain at random moments. The desk is open some hours of every day; a ticket that comes at night waits for
the morning. An agent who is free takes the next ticket: the first reply. He or she works on it without a break of
mind, closes it at the end, resolved or not, and takes the next one. Who has been free longest comes first. Work at
closing time goes on the next morning.

- Time an agent needs: the ticket's own work (exponential), divided by the agent's speed.
- Chance of resolution: `success_chances`, less what stress takes off (see `agents`).
- Luck belongs to the ticket, whoever takes it: the same seed gives the same tickets the same work and the same luck
  under any staffing. So two staffings can be compared without noise.

The engine is an event queue of two heaps: waiting tickets, and agents by the moment at which they are free. With agents
who are all alike and no stress it is the queue M/M/c, whose mean waiting time is known (`expected_wait_minutes`).

Source: curriculum F13 and 2.2 no. 8; all numbers are [EXT].
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.arguments import Numbers
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.service.agents import abilities, success_chances
from crmsim.service.tickets import MAX_TICKET

DAY_MINUTES = 24 * 60.0
STRESS_LOGIT, STRESS_TEMPO, MOST_STRESS = 0.4, 0.03, 4.0
ORDERS = ("first_come", "major_first")
_PURPOSE_LUCK = 22


@dataclass(frozen=True, kw_only=True)
class DeskRules:
    """How a desk works [EXT].

    Attributes
    ----------
    opens, closes : float
        Hours of the day; 0 and 24 for a desk that never closes.
    work_minutes : float
        Mean work of a ticket at speed 1.
    resolved_share : float
        Chance that an agent with 60 everywhere resolves a minor ticket of a calm desk.
    order : str
        ``"first_come"``, or ``"major_first"``: major tickets before minor ones.
    stress : bool
        Whether waiting tickets weigh on the agents.
    """

    opens: float = 9.0
    closes: float = 18.0
    work_minutes: float = 60.0
    resolved_share: float = 0.7
    order: str = "first_come"
    stress: bool = True

    def __post_init__(self) -> None:
        checks.number("opens", self.opens, low=0, high=24)
        checks.number("closes", self.closes, low=self.opens, high=24, above=True)
        checks.number("work_minutes", self.work_minutes, low=0, high=1e6, above=True)
        checks.number("resolved_share", self.resolved_share, low=0.01, high=0.99)
        checks.one_of("order", self.order, ORDERS)
        checks.flag("stress", self.stress)


@dataclass(frozen=True, eq=False)
class Desk:
    """What a desk has recorded, and the truth.

    Attributes
    ----------
    tickets : DataFrame
        A row per ticket: `opened`, `kind`, `severity`, `first_reply`, `closed`, `agent`, `resolved`.
    agents : DataFrame
        A row per agent: `n_tickets`, `busy_share` of the opening hours until the last ticket was closed,
        `resolved_share` (missing without a ticket).
    truth : DataFrame
        A row per ticket: `work_minutes` (at speed 1), `minutes` (it took), `load` (waiting tickets per agent when it
        was taken), `chance` (of being resolved by this agent then), `calm_chance` (without stress).
    """

    tickets: pd.DataFrame
    agents: pd.DataFrame
    truth: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Desk: {len(self.tickets):,} tickets, {len(self.agents):,} agents>"


def simulate_desk(
    tickets: pd.DataFrame, agents: pd.DataFrame, *, rules: DeskRules | None = None, seed: int = 0, replication: int = 0
) -> Desk:
    """Let agents work on tickets.

    Parameters
    ----------
    tickets : DataFrame
        One row per ticket, indexed by whole numbers from 0: `opened`, `kind`, `severity`, as from `draw_tickets`.
    agents : DataFrame
        Who works, as from `draw_agents`.
    rules : DeskRules, optional
    seed, replication : int
        Luck and work of the tickets; the same for any agents.

    Returns
    -------
    Desk

    Raises
    ------
    InputError
        A table is not as it should be, `rules` are no DeskRules, or there is nobody to work.

    Examples
    --------
    >>> from crmsim.service import draw_agents, draw_tickets
    >>> week = draw_tickets(n_days=7, per_day=20, seed=1)
    >>> few, many = (simulate_desk(week, draw_agents(5, seed=2).iloc[:n], seed=3) for n in (3, 5))
    >>> bool((many.tickets["first_reply"] - few.tickets["first_reply"]).mean() < pd.Timedelta(0))
    True
    """
    rules = DeskRules() if rules is None else rules
    checks.instance("rules", rules, DeskRules, made_by="crm.service.DeskRules(...)")
    chances = success_chances(tickets, agents, resolved_share=rules.resolved_share).to_numpy()
    require_columns(tickets, {"opened": "time"}, what="tickets")
    luck = _luck(tickets.index, seed=seed, replication=replication)
    work = -np.log1p(-luck[:, 0]) * rules.work_minutes
    taken = _served(_queue(tickets, rules), work, abilities(agents), rules.stress)
    calm = chances[np.arange(len(tickets)), taken["agent"].astype(int)]
    chance = 1 / (1 + (1 / calm - 1) * np.exp(STRESS_LOGIT * taken["excess"]))
    truth = {"work_minutes": work, "minutes": taken["end"] - taken["begin"], "load": taken["load"]}
    hidden = pd.DataFrame({**truth, "chance": chance, "calm_chance": calm}, index=tickets.index)
    records = tickets.assign(
        first_reply=_moments(taken["begin"], tickets, rules),
        closed=_moments(taken["end"], tickets, rules),
        agent=agents.index.to_numpy()[taken["agent"].astype(int)],
        resolved=luck[:, 1] < chance,
    )
    return Desk(records, _per_agent(records, hidden, agents, float(taken["end"].max())), hidden)


@dataclass(frozen=True, eq=False)
class _Queue:
    """Tickets in the order in which they come, in minutes of opening time; urgent ones go first."""

    order: Any
    arrivals: Numbers
    urgent: Any


def _queue(tickets: pd.DataFrame, rules: DeskRules) -> _Queue:
    opened = tickets["opened"]
    minutes = ((opened - opened.min().normalize()) / pd.Timedelta(minutes=1)).to_numpy()
    urgent = (tickets["severity"] == "major").to_numpy() & (rules.order == "major_first")
    return _Queue(np.argsort(opened.to_numpy(), kind="stable"), _to_open(minutes, rules), urgent)


def _served(queue: _Queue, work: Numbers, able: pd.DataFrame, stress: bool) -> dict[str, Numbers]:
    """The event loop, in minutes of opening time: who takes which ticket when. One loop: events have an order."""
    speed, bears = able["speed"].to_list(), able["stress"].to_list()
    free = [(0.0, number) for number in range(len(able))]
    waiting: list[tuple[bool, int, int]] = []
    now, coming, arrivals, order = 0.0, 0, queue.arrivals, queue.order
    found = {name: np.zeros(len(order)) for name in ("agent", "begin", "end", "load", "excess")}
    for _ in range(len(order)):
        since, agent = heapq.heappop(free)
        now = max(since, now if waiting else arrivals[order[coming]])
        while coming < len(order) and arrivals[order[coming]] <= now:
            heapq.heappush(waiting, (not queue.urgent[order[coming]], coming, int(order[coming])))
            coming += 1
        ticket = heapq.heappop(waiting)[2]
        load = len(waiting) / len(able)
        excess = min(max(load - bears[agent], 0.0), MOST_STRESS) if stress else 0.0
        end = now + work[ticket] / (speed[agent] * (1 - STRESS_TEMPO) ** excess)
        heapq.heappush(free, (end, agent))
        for name, value in zip(found, (agent, now, end, load, excess), strict=True):
            found[name][ticket] = value
    return found


def _luck(tickets: pd.Index[Any], *, seed: int, replication: int) -> Numbers:
    """Two uniform numbers for each ticket, addressed by its number: a ticket keeps its luck whoever else complains."""
    whole = pd.api.types.is_integer_dtype(tickets) and not tickets.has_duplicates
    if not whole or not 0 <= tickets.min() <= tickets.max() < MAX_TICKET:
        raise InputError(
            f"tickets: the index must hold different whole numbers from 0 to {MAX_TICKET - 1:,}; use "
            "table.reset_index(drop=True)."
        )
    first = checks.whole("seed", seed, low=0, high=2**62)
    where = [first, checks.whole("replication", replication, low=0), _PURPOSE_LUCK]
    return np.random.default_rng(np.random.SeedSequence(where)).random((int(tickets.max()) + 1, 2))[tickets]


def _to_open(minutes: Numbers, rules: DeskRules) -> Numbers:
    """Minutes on the clock as minutes of opening time."""
    open_minutes = (rules.closes - rules.opens) * 60
    days, rest = np.divmod(minutes, DAY_MINUTES)
    return days * open_minutes + np.clip(rest - rules.opens * 60, 0, open_minutes)


def _to_clock(minutes: Numbers, rules: DeskRules) -> Numbers:
    open_minutes = (rules.closes - rules.opens) * 60
    days, rest = np.divmod(minutes, open_minutes)
    return days * DAY_MINUTES + rules.opens * 60 + rest


def _moments(minutes: Numbers, tickets: pd.DataFrame, rules: DeskRules) -> pd.Series[Any]:
    """Minutes of opening time as moments, in whole seconds; never before the ticket came."""
    first = tickets["opened"].min().normalize()
    seconds = np.ceil(_to_clock(minutes, rules) * 60).astype("int64")
    moments = pd.Series(first + pd.to_timedelta(seconds, unit="s").as_unit("s"), index=tickets.index)
    return moments.where(moments >= tickets["opened"], tickets["opened"])


def _per_agent(records: pd.DataFrame, truth: pd.DataFrame, agents: pd.DataFrame, end: float) -> pd.DataFrame:
    groups = records.assign(minutes=truth["minutes"], resolved=records["resolved"].astype(float)).groupby("agent")
    table = pd.DataFrame({"n_tickets": groups.size(), "busy_share": groups["minutes"].sum() / end})
    table = table.reindex(agents.index, fill_value=0).rename_axis("agent")
    return table.assign(resolved_share=groups["resolved"].mean().reindex(agents.index))
