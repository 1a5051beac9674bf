"""What an office notes beside its list of prospects, for unit 8: visits, acquaintances, hours of calls.

Each table holds, by construction, what tells right from nearly right: equal gaps between visits, people named twice,
numbers that are equal to a limit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

N_PEOPLE = 60
N_BLOCKS = 12
N_RISING, N_EQUAL, N_BROKEN, N_FALLING = 10, 5, 7, 8
GOALS = ("two appointments", "one appointment", "three new names")
Rng = np.random.Generator


def visits(ids: npt.NDArray[np.int64], rng: Rng) -> pd.DataFrame:
    """Days on which some people were visited, in any order; in a part of them the visits became more frequent."""
    rows: list[tuple[int, int]] = []
    kinds = ["rising"] * N_RISING + ["equal"] * N_EQUAL + ["broken"] * N_BROKEN + ["falling"] * N_FALLING
    for who, kind in zip(rng.choice(ids, len(kinds), replace=False), kinds, strict=True):
        days = int(rng.integers(1, 60)) + np.concatenate(([0], np.cumsum(_gaps(kind, rng))))
        rows += [(int(who), int(day)) for day in days]
    return pd.DataFrame(rows, columns=["prospect_id", "day"]).iloc[rng.permutation(len(rows))].reset_index(drop=True)


def _gaps(kind: str, rng: Rng) -> list[int]:
    """Gaps in days, of which all but those of `broken` and `falling` never become longer."""
    gaps = sorted((int(gap) for gap in rng.choice(np.arange(5, 40), rng.integers(3, 5), replace=False)), reverse=True)
    if kind == "equal":
        gaps[1] = gaps[0]
    if kind == "broken":  # shorter at the end than at the beginning, but once longer in between
        gaps[1] = gaps[0] + int(rng.integers(1, 9))
    return gaps[::-1] if kind == "falling" else gaps


def acquaintances(rng: Rng) -> pd.DataFrame:
    """Who knows whom, as people told it: many pairs stand there twice, or in both directions.

    One person is known by most; another stands in more rows, because those rows are told again and again.
    """
    people = [f"P{number:02d}" for number in rng.permutation(N_PEOPLE) + 1]
    links = _links(rng)
    n_known = np.bincount(np.array(links).ravel(), minlength=N_PEOPLE)
    decoy = int(n_known[1:].argmax()) + 1
    mine, theirs = ([link for link in links if who in link] for who in (0, decoy))
    n_again = int(n_known[0] - n_known[decoy]) + 36
    again = [theirs[k % len(theirs)][::1 if k % 2 else -1] for k in range(n_again)]
    pairs = [link[::1 if rng.random() < 0.5 else -1] for link in [*links, *mine[:3]]] + again
    rows = [(people[one], people[other]) for one, other in pairs]
    return pd.DataFrame(rows, columns=["person", "knows"]).iloc[rng.permutation(len(rows))].reset_index(drop=True)


def _links(rng: Rng) -> list[tuple[int, int]]:
    """A network in which person 0 knows most, and those who know many get to know more."""
    n_known = np.ones(N_PEOPLE)
    links: set[tuple[int, int]] = set()
    for new in range(3, N_PEOPLE):
        weight = n_known[:new].copy()
        weight[0] = 0
        for old in rng.choice(new, 2, replace=False, p=weight / weight.sum()):
            links.add((int(old), new))
            n_known[[old, new]] += 1
    most = int(max(np.bincount(np.array(list(links)).ravel())))
    return sorted(links) + [(0, int(k)) for k in rng.choice(np.arange(3, N_PEOPLE), most + 3, replace=False)]


def call_blocks(rng: Rng) -> pd.DataFrame:
    """Hours of calls as they were noted; some numbers are equal to a limit."""
    def either(share: float) -> bool:
        return bool(rng.random() < share)

    rows: list[dict[str, Any]] = []
    for _ in range(N_BLOCKS):
        n_calls = int(rng.choice([9, 12, 15, 15, 18, 20]))
        rows.append({
            "minutes": int(rng.choice([45, 55, 60, 60, 75, 90])), "n_calls": n_calls,
            "mean_call_minutes": float(rng.choice([1.8, 2.4, 3.0, 3.0, 3.4, 4.1])), "has_list": either(0.7),
            "n_interruptions": int(rng.choice([0, 0, 0, 1, 3])), "n_cards": n_calls - int(rng.choice([0, 0, 2])),
            "goal": str(rng.choice(GOALS)) if either(0.7) else "",
            "longest_pause_minutes": float(rng.choice([2.0, 4.5, 5.0, 5.0, 7.5, 12.0])),
        })
    return pd.DataFrame(rows).rename_axis("block")
