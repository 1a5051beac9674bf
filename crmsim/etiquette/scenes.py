"""Simulated meetings for exercises: two people, a phase, a time of arrival, and what was planned.

A meeting is made from a plan: which rules are to name the first person and which the second. The facts of the two
people follow from it (HS1: one is of the elder generation, the other of the younger; a rule that is not to speak
finds equal facts). So the answer is known before any function is asked. All people and numbers are [EXT].
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.etiquette.facts import whole

CLEAR = (
    ("HS1",), ("HS2",), ("HS3",), ("HS6",), ("HS7",), ("HS1", "HS2"), ("HS2", "HS3"), ("HS3", "HS6"), ("HS1", "HS7"),
    ("HS1", "HS2", "HS3"), ("HS2", "HS7"), (),
)  # fmt: skip
"""Plans without a conflict: the rules that name one and the same person."""
COLLIDING = (
    (("HS2",), ("HS3",)), (("HS1",), ("HS2",)), (("HS3",), ("HS6",)), (("HS1",), ("HS7",)), (("HS2",), ("HS6",)),
    (("HS1", "HS2"), ("HS3",)),
)  # fmt: skip
"""Plans with a conflict: the rules that name one person, and those that name the other."""
EARLY = {"too_early": (8, 9, 15, 25), "best": (5, 6, 7), "acceptable": (0, 1, 3, 4), "late": (-1, -2, -10)}
CODES = {"too_early": "VT2", "late": "VT3"}
SURNAMES = ("Li", "Wang", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun", "Ma", "Zhu")
MOST_MEETINGS = 10_000


def meetings(n: int = 60, *, seed: int = 1) -> pd.DataFrame:
    """Return simulated meetings of two people, with what was planned.

    Parameters
    ----------
    n : int
        How many, 1 to 10,000; a third of them are conflicts.
    seed : int
        Same seed, same meetings.

    Returns
    -------
    DataFrame
        One row a meeting, index `meeting_id`: `phase`, `people` (list of two dicts for `who_first`), `appointed`,
        `arrived`, `offered` (the name of the one who in fact offered a hand first). What was planned: `first` (the
        name; empty if nobody), `codes` (of the rules that speak), `is_conflict`, `arrival` (class), and `faults`: codes
        of the rules that were broken, where no conflict is.

    >>> table = meetings(60, seed=1)
    >>> len(table), int(table["is_conflict"].sum())
    (60, 20)
    """
    whole(n, what="n", low=1)
    rng = np.random.default_rng(whole(seed, what="seed"))
    rows = [_meeting(place, rng) for place in rng.permutation(min(n, MOST_MEETINGS))]
    return pd.DataFrame(rows, index=pd.Index([f"M{k:02d}" for k in range(1, len(rows) + 1)], name="meeting_id"))


def _meeting(place: int, rng: np.random.Generator) -> dict[str, Any]:
    turn = int(place) // 3
    mine: tuple[str, ...] = CLEAR[(2 * turn + place % 3) % len(CLEAR)]
    other: tuple[str, ...] = ()
    if place % 3 == 2:
        mine, other = COLLIDING[turn % len(COLLIDING)]
    phase, people = two_people(mine, other, rng)
    first = people[0]["name"] if mine and not other else ""
    offered = people[int(rng.integers(2))]["name"]
    if rng.random() < 0.5:
        people.reverse()
    broken = mine if first and offered != first else ()
    handshake = {"first": first, "codes": tuple(sorted(mine + other)), "is_conflict": bool(other)}
    times = _times(rng)
    late = tuple(CODES[name] for name in [times["arrival"]] if name in CODES)
    seen = {"phase": phase, "people": people, "appointed": times["appointed"], "arrived": times["arrived"]}
    return {**seen, "offered": offered, **handshake, "arrival": times["arrival"], "faults": (*broken, *late)}


def two_people(
    mine: tuple[str, ...], other: tuple[str, ...], rng: np.random.Generator
) -> tuple[str, list[dict[str, Any]]]:
    """Return a phase and two people; the rules `mine` name the first of them, `other` the second, and no more speak."""
    lead = dict.fromkeys(mine, 0) | dict.fromkeys(other, 1)
    phase = "arrival" if "HS6" in lead else "departure" if "HS7" in lead else "middle"
    genders = _pair(lead.get("HS3"), "woman", "man", same=str(rng.choice(["woman", "man"])))
    generations = _pair(lead.get("HS1"), "elder", "younger", same=str(rng.choice(["elder", "younger"])))
    low, high = sorted(int(rank) for rank in rng.permutation(np.arange(1, 6))[:2])
    ranks = _pair(lead.get("HS2"), high, low, same=low)
    sides = _pair(_host(lead), "host", "guest", same="guest")
    names = rng.permutation(SURNAMES)[:2]
    if phase == "middle" and rng.random() < 0.5:
        sides = _pair(int(rng.integers(2)), "host", "guest", same="")  # no rule asks for the sides in the middle
    people = [
        {
            "name": f"{'Ms' if genders[k] == 'woman' else 'Mr'} {names[k]}", "gender": genders[k],
            "generation": generations[k], "age": _age(generations[k], rng), "rank": ranks[k], "side": sides[k],
        }
        for k in (0, 1)
    ]  # fmt: skip
    return phase, people


def _host(lead: dict[str, int]) -> int | None:
    """The place of the host, if the sides are to speak: HS6 names the host, HS7 the guest."""
    if "HS6" in lead:
        return lead["HS6"]
    return 1 - lead["HS7"] if "HS7" in lead else None


def _pair(place: int | None, first: Any, second: Any, *, same: Any) -> tuple[Any, Any]:
    """Facts of the two: `first` at a place and `second` at the other, or the same twice."""
    if place is None:
        return same, same
    return (first, second) if place == 0 else (second, first)


def _age(generation: str, rng: np.random.Generator) -> int:
    low, high = (50, 66) if generation == "elder" else (24, 42)
    return int(rng.integers(low, high))


def _times(rng: np.random.Generator) -> dict[str, Any]:
    name = str(rng.choice(list(EARLY)))
    hours, quarters, days = int(rng.integers(9, 17)), int(rng.integers(4)), int(rng.integers(20))
    appointed = pd.Timestamp("2026-03-02") + pd.Timedelta(days=days, hours=hours, minutes=15 * quarters)
    arrived = appointed - pd.Timedelta(minutes=int(rng.choice(EARLY[name])))
    return {"appointed": appointed, "arrived": arrived, "arrival": name}
