"""The case of unit 11, service, needs, staff and complaints (客户服务与投诉处理).

Three firms in one: the contacts of a simulated retailer, with the messages of some of them; notes on needs and scores
of applicants; and a complaint desk. The desk has worked four weeks with too few agents, so tickets lie open today. In
the next four weeks more complaints will come: how many agents should work then? The truth of this decision is the cost
of those weeks under every number of agents, on the same tickets with the same luck, several times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes import _u11_words as words
from crmsim.settings.scenario import Scenario

CUSTOMERS, PERIODS = 1_600, 12
N_DAYS, N_STAFF, N_URGENT, N_CONVERSATIONS = 28, 14, 6, 400
REPLICATIONS = 6
N_MORE = 6
"""So many agents more than now can be had."""
LIMIT_HOURS = 24
START = pd.Timestamp("2026-02-02")
TODAY = START + pd.Timedelta(days=N_DAYS)
WAGE = 14_000
OVERDUE, UNRESOLVED = 1.1, 0.7
"""Cost of a ticket that is late or not resolved, in money for each minute of its mean work."""
LOADS = (0.95, 0.92, 0.98, 0.90, 1.01, 0.94)
"""Work that comes, as a share of what the agents can do; tried in this order."""
SHORT = 0.95
"""The same in the next four weeks for one agent too few. So to scale the staff with the growth is often not enough."""
MIN_OVERDUE, MAX_OVERDUE, MIN_OPEN = 0.12, 0.75, 12
MIN_TICKETS = 230
Rng = np.random.Generator
Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _retail() -> Scenario:
    scenario: Scenario = crm.scenario("retail").replace(
        customers=CUSTOMERS, periods=PERIODS, word_of_mouth=None, surveys=None,
        **{"service.reasons.enquiry.rate": 0.16, "service.problems.share": 0.09},
    )
    return scenario


def _rng(what: str, seed: int) -> Rng:
    return np.random.default_rng(hashed(f"{what} of {seed}"))


def _contacts(seed: int) -> pd.DataFrame:
    table = crm.simulate(_retail().replace(seed=seed), progress=False).contacts
    keep = ["customer_id", "time", "reason", "channel", "waiting_minutes", "handling_minutes", "resolved"]
    table = table.sort_values("time", kind="stable").reset_index(drop=True)[keep].rename_axis("contact")
    return table.astype({"reason": str, "channel": str}).round({"waiting_minutes": 2, "handling_minutes": 2})


def _messages(contacts: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Who wrote or spoke in some contacts, message by message; in some of them only one side ever did."""
    chosen = np.sort(rng.permutation(len(contacts))[:N_CONVERSATIONS])
    channels = contacts["channel"].to_list()
    share = dict(zip(sorted(set(channels)), rng.uniform(0.45, 0.85, 9), strict=False))
    rows = []
    for number in chosen:
        channel = channels[number]
        both = rng.random() < share[channel]
        n = int(rng.integers(2, 7)) if both else int(rng.integers(1, 4))
        alone = str(rng.choice(["customer", "firm"]))
        senders = ["customer", "firm"] * 3 if both else [alone] * 3
        rows += [(int(number), channel, sender) for sender in senders[:n]]
    return pd.DataFrame(rows, columns=["contact", "channel", "sender"]).rename_axis("message")


def _applicants(rng: Rng) -> pd.DataFrame:
    """Three applicants' scores in the 23 competencies, without their groups, in any order."""
    scores = crm.service.draw_agents(3, seed=int(rng.integers(2**31))).T.to_numpy()
    table = crm.service.competencies()[["english", "chinese"]].assign(**dict(zip("ABC", scores.T, strict=True)))
    return table.sample(frac=1, random_state=rng).reset_index(drop=True).rename_axis("row")


def _chances(rng: Rng) -> pd.DataFrame:
    """Chances of six urgent tickets, one of each kind, with six agents; the first that need some thought."""
    labels = [f"T{k}" for k in range(1, N_URGENT + 1)]
    while True:
        agents = crm.service.draw_agents(N_URGENT, seed=int(rng.integers(2**31)))
        severity = rng.choice(["minor", "major"], N_URGENT)
        tickets = pd.DataFrame({"kind": rng.permutation(list(crm.service.KINDS)), "severity": severity})
        table = crm.service.success_chances(tickets, agents).round(3).set_axis(pd.Index(labels, name="ticket"))
        table = table.set_axis([f"A{k}" for k in range(1, N_URGENT + 1)], axis=1)
        if not [*_odd_chances(table)]:
            return table


def _odd_chances(chances: pd.DataFrame) -> Iterator[str]:
    best = crm.service.total_success(chances, crm.service.best_assignment(chances))
    if best - sum(np.diag(chances)) < 0.30 or best - greedy(chances) < 0.06:
        yield "an assignment without thought is nearly the best one"
    if chances.idxmax(axis=1).nunique() == len(chances):
        yield "every ticket has another best agent"


def greedy(chances: pd.DataFrame) -> float:
    """What comes out if each ticket, in its order, takes the best agent who is left."""
    left, total = list(chances.columns), 0.0
    for ticket in chances.index:
        agent = chances.loc[ticket, left].idxmax()
        left.remove(agent)
        total += float(chances.loc[ticket, agent])
    return total


@dataclass(frozen=True, eq=False)
class _Desk:
    """A desk that has too few agents, as it looks today."""

    log: pd.DataFrame
    agents: pd.DataFrame
    n_now: int
    work_minutes: int
    growth: float

    @property
    def per_day(self) -> float:
        """Complaints a day in the next four weeks."""
        return len(self.log) / N_DAYS * self.growth

    @property
    def overdue_cost(self) -> int:
        return 5 * round(OVERDUE * self.work_minutes / 5)

    @property
    def unresolved_cost(self) -> int:
        return 5 * round(UNRESOLVED * self.work_minutes / 5)

    def cost(self, log: pd.DataFrame, n_agents: int) -> float:
        """What so many agents and what they left undone cost in the end."""
        late = (log["first_reply"] - log["opened"]).dt.total_seconds() > LIMIT_HOURS * 3_600
        lost = self.overdue_cost * late.sum() + self.unresolved_cost * (~log["resolved"]).sum()
        return float(WAGE * n_agents + lost)


@lru_cache(maxsize=4)
def _desk(seed: int) -> _Desk:
    """A desk whose agents have about as much work as they can do: tried with more and less until tickets lie open."""
    rng = _rng("desk", seed)
    n_now, work = int(rng.integers(2, 5)), int(rng.integers(50, 101))
    agents = crm.service.draw_agents(N_STAFF, seed=hashed(f"staff of {seed}") % 2**31)
    can_do = (crm.service.abilities(agents)["speed"].cumsum() * 540 / work).to_numpy()  # tickets a day, by agents
    rules = crm.service.DeskRules(work_minutes=work)
    for load in LOADS:
        tickets = crm.service.draw_tickets(
            n_days=N_DAYS, per_day=load * can_do[n_now - 1], start=START, seed=seed % 2**31)
        log = crm.service.simulate_desk(tickets, agents.iloc[:n_now], rules=rules, seed=seed % 2**31).tickets
        desk = _Desk(_as_of_today(log), agents, n_now, work, _growth(len(log), can_do, n_now, rng))
        if not [*_odd_desk(desk.log)]:
            break
    return desk


def _growth(n_tickets: int, can_do: Floats, n_now: int, rng: Rng) -> float:
    """How many times as many complaints will come: so many that even one, two or three agents more are too few."""
    growths = SHORT * can_do[n_now:n_now + 3] * N_DAYS / n_tickets
    fitting = growths[(growths >= 1.1) & (growths <= 1.9)]
    return round(float(rng.choice(fitting if len(fitting) else growths)), 2)


def _as_of_today(log: pd.DataFrame) -> pd.DataFrame:
    """What is known by now: no reply and no end that come later."""
    seen = log.assign(**{name: log[name].where(log[name] <= TODAY) for name in ("first_reply", "closed")})
    return seen.assign(resolved=seen["resolved"] & seen["closed"].notna(), agent=seen["agent"].where(
        seen["first_reply"].notna()).astype("Int64"))


def build(seed: int) -> Case:
    """The tables of one student."""
    contacts = _contacts(seed)
    desk = _desk(seed)
    who, complaint = words.complaint(_rng("complaint", seed))
    tables = {
        "notes": words.notes(_rng("notes", seed))[0], "applicants": _applicants(_rng("applicants", seed)),
        "tickets": desk.log, "agents": desk.agents, "contacts": contacts,
        "messages": _messages(contacts, _rng("messages", seed)), "chances": _chances(_rng("chances", seed)),
    }
    facts = {
        "currency": "CNY", "limit_hours": LIMIT_HOURS, "first_day": str(START.date()), "n_now": desk.n_now,
        "n_most": desk.n_now + N_MORE, "work_minutes": desk.work_minutes, "growth": desk.growth, "wage": WAGE,
        "overdue_cost": desk.overdue_cost, "unresolved_cost": desk.unresolved_cost, "complaint_from": who,
        "complaint": complaint,
    }
    return Case("u11", TODAY, tables, facts)


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a slip that nobody could see, or a desk in which nothing happens."""
    return [*_odd_desk(case.tickets), *_odd_chances(case.chances), *_odd_talk(case)]


def _odd_desk(log: pd.DataFrame) -> Iterator[str]:
    found = crm.service.complaint_metrics(log, limit_hours=LIMIT_HOURS, at=TODAY).loc["all"]
    if len(log) < MIN_TICKETS:
        yield "too few tickets"
    if not MIN_OVERDUE <= found["overdue_share"] <= MAX_OVERDUE or found["n_open"] < MIN_OPEN:
        yield "too few or too many tickets are overdue or open"
    waiting = log["first_reply"].isna()
    old = waiting & (log["opened"] < TODAY - pd.Timedelta(hours=LIMIT_HOURS))
    if old.sum() < 4 or (waiting & ~old).sum() < 4 or (log["closed"].isna() & ~waiting).sum() < 1:
        yield "tickets that wait are all young or all old, or nobody works on one"


def _odd_talk(case: Case) -> Iterator[str]:
    talks = case.messages.groupby(["channel", "contact"])["sender"].nunique()
    counts = talks.groupby("channel").agg(["size", lambda each: (each == 2).sum()])
    if len(counts) < 4 or counts.min().min() < 5 or (counts.iloc[:, 0] - counts.iloc[:, 1]).min() < 3:
        yield "a channel has hardly any conversation, or only such of two sides"


def costs(seed: int) -> pd.Series[float]:
    """Mean cost of the next four weeks under every number of agents: wages, overdue and unresolved tickets."""
    desk = _desk(seed)
    rules = crm.service.DeskRules(work_minutes=desk.work_minutes)
    found = pd.DataFrame(0.0, index=range(REPLICATIONS), columns=range(desk.n_now, desk.n_now + N_MORE + 1))
    for k in found.index:
        ahead = hashed(f"future {k} of {seed}") % 2**31
        tickets = crm.service.draw_tickets(n_days=N_DAYS, per_day=desk.per_day, start=TODAY, seed=ahead)
        for n in found.columns:
            log = crm.service.simulate_desk(tickets, desk.agents.iloc[:n], rules=rules, seed=ahead).tickets
            found.loc[k, n] = desk.cost(log, int(n))
    return found.mean()


RECIPE = Recipe(build, unfair, truth=costs)
