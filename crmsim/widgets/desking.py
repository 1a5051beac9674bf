"""What the service desk explorer shows: a desk as it is and a desk changed, on the same luck, as tables; no widgets.

Both desks work for four weeks. A ticket keeps its work and its luck whoever takes it, so a change of staff, tempo or
order changes nothing else. Another number of tickets a day means other tickets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmsim.errors import InputError
from crmsim.service.agents import abilities
from crmsim.service.complaints import backlog, complaint_metrics
from crmsim.service.desk import Desk, DeskRules, simulate_desk
from crmsim.service.tickets import draw_tickets

N_DAYS = 28
MOST_AGENTS = 25
MEASURES = ("first_reply_hours", "overdue_share", "resolved_share", "n_open", "busy_share")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the sliders say."""

    n_agents: int = 5
    per_day: int = 40
    work_minutes: int = 60
    limit_hours: int = 24
    order: str = "first_come"


@dataclass(frozen=True, eq=False)
class TwoDesks:
    """A desk as it is, and changed.

    Attributes
    ----------
    summary : DataFrame
        Columns "as it is" and "changed"; rows `first_reply_hours`, `overdue_share`, `resolved_share`, `n_open` (after
        four weeks), `busy_share` (mean over the agents).
    backlog : DataFrame
        Open tickets at the end of each day, a column for each desk.
    base, changed : Desk
        Records and truth.
    """

    summary: pd.DataFrame
    backlog: pd.DataFrame
    base: Desk
    changed: Desk


def checked_staff(agents: pd.DataFrame) -> pd.DataFrame:
    """The agents who may work.

    Errors: `InputError` for nobody or too many, or for scores that are none.
    """
    if not isinstance(agents, pd.DataFrame) or not 2 <= len(agents) <= MOST_AGENTS:
        n = len(agents) if isinstance(agents, pd.DataFrame) else "no table"
        raise InputError(
            f"agents: {n} given; a table of 2 to {MOST_AGENTS} agents is needed, as from crm.service.draw_agents(12)."
        )
    abilities(agents)
    return agents


def two_desks(agents: pd.DataFrame, base: Setting, changed: Setting, *, seed: int = 1) -> TwoDesks:
    """Let both desks work on the same luck.

    Parameters
    ----------
    agents : DataFrame
        Those who may work; the first `n_agents` do.
    base, changed : Setting
    seed : int
        Which luck.

    Examples
    --------
    >>> from crmsim.service import draw_agents
    >>> found = two_desks(draw_agents(8, seed=1), Setting(), replace(Setting(), n_agents=8))
    >>> bool(found.summary.loc["overdue_share", "changed"] < found.summary.loc["overdue_share", "as it is"])
    True
    """
    # The limit is a way of looking, not a change of the desk: both are measured by the same.
    limits = replace(base, limit_hours=changed.limit_hours)
    desks = {"as it is": _worked(agents, limits, seed), "changed": _worked(agents, changed, seed)}
    summary = pd.DataFrame({name: _summary(desk, changed.limit_hours) for name, desk in desks.items()})
    end = _end(desks["as it is"])
    lines = pd.DataFrame({name: backlog(desk, at=end) for name, desk in desks.items()}).fillna(0)
    return TwoDesks(summary.loc[list(MEASURES)], lines, desks["as it is"], desks["changed"])


def _worked(agents: pd.DataFrame, how: Setting, seed: int) -> Desk:
    tickets = draw_tickets(n_days=N_DAYS, per_day=how.per_day, seed=seed)
    rules = DeskRules(work_minutes=how.work_minutes, order=how.order)
    return simulate_desk(tickets, agents.iloc[: how.n_agents], rules=rules, seed=seed)


def _end(desk: Desk) -> pd.Timestamp:
    first = pd.Timestamp(desk.tickets["opened"].min())
    return first.normalize() + pd.Timedelta(days=N_DAYS)


def _summary(desk: Desk, limit_hours: int) -> pd.Series[float]:
    seen = complaint_metrics(desk, limit_hours=limit_hours, at=_end(desk)).iloc[0]
    busy = pd.Series({"busy_share": float(np.clip(desk.agents["busy_share"].mean(), 0, 1))})
    return pd.concat([seen[list(MEASURES[:-1])].astype(float), busy])
