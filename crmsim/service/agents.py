"""Agents of a complaint desk (客服人员): 23 competency scores (素质), and what follows from them.

Scores run from 0 to 100. Three abilities follow from the means of the competencies that drive them (`competencies`):

    speed       = exp((mean - 60) / 40)          factor on the tempo of work: 1 at a mean of 60
    resolution  = chance + (mean - 60) / 15      on the logit scale: the chance that a ticket is resolved
    stress      = mean / 20                      waiting tickets per agent that he or she bears

Where more tickets wait than an agent bears, each further one (up to four) lowers the logit of resolution by 0.4 and
the tempo by 3 %. A kind of ticket asks most for certain competencies (`KINDS`): for a given ticket and agent the mean
of these decides, with the same weight.

The handout lists the competencies and says of none what it does: all of this is [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.arguments import Numbers
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.service.lists import competencies

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "angry": ("L01.3", "L02.1", "L03.8"),
        "technical": ("L03.2", "L03.3", "L04.3"),
        "broken_promise": ("L02.2", "L02.5", "L04.1"),
        "delivery": ("L03.7", "L04.2", "L04.4"),
        "invoice": ("L03.1", "L03.5", "L04.3"),
        "relations": ("L02.3", "L02.4", "L03.6"),
    }
)
"""Kind of ticket to the competencies it asks for [EXT]."""
MIDDLE, SPEED_UNIT, LOGIT_UNIT, STRESS_UNIT = 60.0, 40.0, 15.0, 20.0
MAJOR_LOGIT = -0.8
"""What a major problem takes off the logit of resolution."""


def draw_agents(n_agents: int, *, seed: int = 0) -> pd.DataFrame:
    """Agents with their 23 competency scores, as a personnel office might have measured them.

    Parameters
    ----------
    n_agents : int
        1 to 10,000.
    seed : int
        Other people.

    Returns
    -------
    DataFrame
        Indexed by `agent` (0, 1, ...): a column per competency (L01.1 ... L04.4), 0 to 100. Means differ between agents
        (sd 6), between the groups of one agent (sd 8), and between competencies (sd 8); around 60. [EXT]

    Raises
    ------
    InputError
        The number of agents is not possible.

    Examples
    --------
    >>> draw_agents(3, seed=1).shape
    (3, 23)
    """
    n = checks.whole("n_agents", n_agents, low=1, high=10_000)
    table = competencies()
    rng = np.random.default_rng(np.random.SeedSequence([checks.whole("seed", seed, low=0, high=2**62), 11]))
    group = pd.factorize(table["group"])[0]
    scores = MIDDLE + 6 * rng.standard_normal((n, 1)) + 8 * rng.standard_normal((n, 4))[:, group]
    scores = np.rint(scores + 8 * rng.standard_normal((n, len(table)))).clip(0, 100)
    return pd.DataFrame(scores, index=pd.RangeIndex(n, name="agent"), columns=list(table.index)).astype("int64")


def group_means(agents: pd.DataFrame) -> pd.DataFrame:
    """Mean score of each agent in the four groups of competencies: the corners of a radar picture.

    Parameters
    ----------
    agents : DataFrame
        As from `draw_agents`.

    Returns
    -------
    DataFrame
        A row per agent: `psychological`, `character`, `skill`, `comprehensive`; 0 to 100.

    Raises
    ------
    InputError
        A competency is missing, or a score is not from 0 to 100.

    Examples
    --------
    >>> group_means(pd.DataFrame(50, index=[0], columns=competencies().index)).loc[0].tolist()
    [50.0, 50.0, 50.0, 50.0]
    """
    scores = checked_agents(agents)
    groups = competencies()["group"]
    parts = groups.groupby(groups, sort=False)
    return pd.DataFrame({str(name): scores[list(part.index)].mean(axis=1) for name, part in parts})


def abilities(agents: pd.DataFrame) -> pd.DataFrame:
    """What the scores of agents mean at a desk: speed, resolution, tolerance of stress.

    Parameters
    ----------
    agents : DataFrame
        As from `draw_agents`.

    Returns
    -------
    DataFrame
        A row per agent: `speed` (factor on the tempo), `resolution` (logit added), `stress` (waiting tickets each).

    Raises
    ------
    InputError
        As for `group_means`.

    Notes
    -----
    [EXT]; formulas in the module.

    Examples
    --------
    >>> abilities(pd.DataFrame(60, index=[0], columns=competencies().index)).loc[0].tolist()
    [1.0, 0.0, 3.0]
    """
    scores = checked_agents(agents).to_numpy(float)
    mean = {name: _mean(scores, ids) for name, ids in _driving().items()}
    found = {
        "speed": np.exp((mean["speed"] - MIDDLE) / SPEED_UNIT),
        "resolution": (mean["resolution"] - MIDDLE) / LOGIT_UNIT,
        "stress": mean["stress"] / STRESS_UNIT,
    }
    return pd.DataFrame(found, index=agents.index)


def success_chances(tickets: pd.DataFrame, agents: pd.DataFrame, *, resolved_share: float = 0.7) -> pd.DataFrame:
    """Chance that a ticket is resolved, for every ticket and agent, when the desk is calm.

    Parameters
    ----------
    tickets : DataFrame
        One row per ticket: `kind` (see `KINDS`), `severity` ("minor" or "major").
    agents : DataFrame
        As from `draw_agents`.
    resolved_share : float
        Chance of an agent with 60 everywhere on a minor ticket, between 0 and 1.

    Returns
    -------
    DataFrame
        A row per ticket, a column per agent; 0 to 1.

    Raises
    ------
    InputError
        A column is missing, or a kind or severity unknown; a score is not from 0 to 100; the share is 0 or 1.

    Notes
    -----
    logit = logit(resolved_share) + mean of (resolution, the kind's competencies) - 0.8 if major. [EXT]

    Examples
    --------
    >>> tickets = pd.DataFrame({"kind": ["angry", "invoice"], "severity": ["minor", "major"]})
    >>> agents = pd.DataFrame(60, index=[0], columns=competencies().index)
    >>> success_chances(tickets, agents)[0].round(3).tolist()
    [0.7, 0.512]
    """
    check_tickets(tickets)
    base = checks.number("resolved_share", resolved_share, low=0.01, high=0.99)
    logit = np.log(base / (1 - base)) + _fit(tickets, agents) + _severity(tickets)[:, None]
    return pd.DataFrame(1 / (1 + np.exp(-logit)), index=tickets.index, columns=agents.index)


def check_tickets(tickets: pd.DataFrame) -> None:
    """Raise `InputError` unless kinds and severities are known."""
    require_columns(tickets, {"kind": "id", "severity": "id"}, what="tickets")
    for column, known in (("kind", list(KINDS)), ("severity", ["minor", "major"])):
        unknown = tickets.loc[~tickets[column].isin(known), column]
        if len(unknown):
            checks.one_of(f"tickets: row {unknown.index[0]!r}, {column}", str(unknown.iloc[0]), known)


def checked_agents(agents: pd.DataFrame) -> pd.DataFrame:
    """The 23 scores of the agents, in the order of the handout, or `InputError`."""
    names = list(_places())
    if not isinstance(agents, pd.DataFrame) or not set(names) <= set(agents.columns) or len(agents) == 0:
        require_columns(agents, dict.fromkeys(names, "id"), what="agents")
    if agents.index.has_duplicates:
        raise InputError(f"agents: {agents.index[agents.index.duplicated()][0]} stands twice; keep one row for each.")
    scores = agents[names]
    if not all(kind.kind in "iuf" for kind in scores.dtypes):
        require_columns(agents, dict.fromkeys(names, "number"), what="agents")
    checks.numbers("agents", scores.to_numpy(), low=0, high=100)
    return scores


def _fit(tickets: pd.DataFrame, agents: pd.DataFrame) -> Numbers:
    """What each agent's scores add to the logit of each ticket."""
    scores = checked_agents(agents).to_numpy(float)
    asked = np.array([_mean(scores, ids) for ids in KINDS.values()])[pd.Categorical(tickets["kind"], list(KINDS)).codes]
    return (asked + _mean(scores, _driving()["resolution"]) - 2 * MIDDLE) / LOGIT_UNIT / 2


@cache
def _driving() -> dict[str, tuple[str, ...]]:
    drives = competencies()["drives"]
    return {name: tuple(drives.index[drives == name]) for name in ("speed", "resolution", "stress")}


@cache
def _places() -> dict[str, int]:
    return {name: place for place, name in enumerate(competencies().index)}


def _mean(scores: Numbers, ids: tuple[str, ...]) -> Numbers:
    """Each agent's mean score in some competencies."""
    return np.asarray(scores[:, [_places()[name] for name in ids]].mean(axis=1))


def _severity(tickets: pd.DataFrame) -> Any:
    return np.where(tickets["severity"] == "major", MAJOR_LOGIT, 0.0)
