"""What lies on the desks of a call centre, for unit 9: customer cards, notes of supervisors, a call to be repaired.

Each table holds, by construction, what tells right from nearly right: firms with two cards or none, calls with several
notes, agents whose calls are often long but seldom clean.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.etiquette.logs import call_logs

AGENTS = ("李明", "陈静", "王芳", "刘洋", "赵敏")
N_CALLS = 200
LACKING_AND_TWICE = ((4, 1), (5, 1), (6, 1), (5, 2), (6, 2))
"""Firms without a card and with two, such that every wrong way to count gives another number."""
CODES = [f"TE{number}" for number in range(1, 12)]
Rng = np.random.Generator


def cards(firms: npt.NDArray[Any], rng: Rng) -> pd.DataFrame:
    """The cards filed: some firms have none, some two, and one card belongs to nobody who was called."""
    n_lacking, n_twice = LACKING_AND_TWICE[int(rng.integers(len(LACKING_AND_TWICE)))]
    order = rng.permutation(firms)
    filed = [*order[n_lacking:], *order[-n_twice:], f"P{int(rng.integers(900, 999)):04d}"]
    mixed = rng.permutation(filed)
    return pd.DataFrame({"card_no": np.arange(1, len(mixed) + 1), "prospect_id": mixed.astype(str)})


def supervisors(rng: Rng) -> tuple[pd.DataFrame, pd.DataFrame]:
    """200 calls with their agent, and one row for every rule that a supervisor saw broken.

    Agents differ in how often they slip, and in how much goes wrong when something does.
    """
    shares = rng.permutation([0.45, 0.15, 0.15, 0.13, 0.12])
    agents = rng.choice(AGENTS, N_CALLS, p=shares)
    slips = dict(zip(AGENTS, rng.permutation([0.25, 0.38, 0.5, 0.62, 0.75]), strict=True))
    many = dict(zip(AGENTS, rng.permutation([1.1, 1.4, 1.8, 2.4, 3.0]), strict=True))
    ids = [f"T{number:04d}" for number in rng.permutation(N_CALLS) + 1]
    rows = []
    for call_id, agent in zip(ids, agents, strict=True):
        if rng.random() < slips[str(agent)]:
            n = min(1 + int(rng.poisson(many[str(agent)] - 1)), 6)
            rows += [(call_id, str(code)) for code in rng.choice(CODES, n, replace=False)]
    calls = pd.DataFrame({"call_id": ids, "agent": agents.astype(str)})
    noted = pd.DataFrame(rows, columns=["call_id", "code"])
    return calls, noted.iloc[rng.permutation(len(noted))].reset_index(drop=True)


def bad_call(rng: Rng) -> pd.DataFrame:
    """One call that breaks three rules, each of which a change of one row repairs."""
    faults = {str(rng.choice(["TE3", "TE4"])), "TE5", "TE11"}
    seed = int(rng.integers(2**31))
    chinese, english = (call_logs(1, seed=seed, language=language, faults=[faults]) for language in ("zh", "en"))
    table = chinese.events.assign(english=english.events["text"])
    return table[table["call_id"] == chinese.prospects["call_id"].iloc[0]].reset_index(drop=True)
