"""What an office notes about its people and their meetings, for unit 10.

The tables hold, by construction, what tells right from nearly right: a woman in many colours, the same colour twice, a
point ticked twice, a point that is none of the five, two people who collide by one pair alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.etiquette.rule import rule
from crmsim.etiquette.scenes import SURNAMES

N_GROUPS = 12
COLLISIONS = (("rank", 1, 5), ("generation", "younger", "elder"), ("gender", "man", "woman"), ("married", False, True),
              ("rank", 1, 5))  # fmt: skip
"""In so many groups two people collide: a column, what stands there for the older and for the younger of the two."""
OTHER_POINTS = ("timetable", "coffee")
_MEN = ("top", "shirt", "shoe", "sock", "belt", "briefcase")
_FLAT = ("gender", "shoe", "belt", "briefcase", "sleeve_label", "top", "tie", "sock_colour", "sock_pattern",
         "clothes_style")  # fmt: skip
Rng = np.random.Generator


def outfit_table(people: pd.DataFrame) -> pd.DataFrame:
    """What is noted about each person, without lists and without the faults."""
    return people[list(_FLAT)].copy()


def clothes(people: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """One row for each thing that somebody wears or carries, in any order."""
    rows = [(who, item, colour) for who, row in people.iterrows() for item, colour in _worn(row)]
    table = pd.DataFrame(rows, columns=["person_id", "item", "colour"])
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def _worn(row: Any) -> list[tuple[str, str]]:
    colours = list(row["colours"])
    if row["gender"] == "woman":
        names = ["shoe", "belt", "briefcase", "sock", "top", "shirt"]
    else:
        names = [*_MEN[:2], *(["tie"] if row["tie"] else []), *_MEN[2:]]
    return list(zip(names, colours, strict=False))


def pieces(people: pd.DataFrame) -> pd.DataFrame:
    """One row for each piece of jewellery."""
    rows = [{"person_id": who, **piece} for who, worn in people["jewellery"].items() for piece in worn]
    return pd.DataFrame(rows)


def flat_meetings(table: pd.DataFrame) -> pd.DataFrame:
    """Meetings with the facts of the two people side by side, without what was planned."""
    flat = table[["phase", "appointed", "arrived"]].copy()
    for place, letter in enumerate("pq"):
        for fact in ("name", "gender", "generation", "rank", "side"):
            flat[f"{letter}_{fact}"] = [people[place][fact] for people in table["people"]]
    return flat


def groups(rng: Rng) -> pd.DataFrame:
    """People who are greeted together: in some groups all pairs agree on an order, in others they collide."""
    order = rng.permutation(N_GROUPS)
    return pd.concat([_group(place, int(kind), rng) for place, kind in enumerate(order)], ignore_index=True)


def _group(place: int, kind: int, rng: Rng) -> pd.DataFrame:
    """A group; the first kinds are those of `COLLISIONS`, in all others the pairs agree."""
    n = int(rng.integers(3, 6))
    n_elder, n_women, n_married = (int(rng.integers(0, n + 1)) for _ in range(3))
    people = pd.DataFrame({
        "group": f"G{place + 1:02d}", "name": rng.permutation(SURNAMES)[:n],
        "age": np.sort(rng.choice(np.arange(24, 66), n, replace=False))[::-1],
        "generation": ["elder"] * n_elder + ["younger"] * (n - n_elder),
        "gender": ["woman"] * n_women + ["man"] * (n - n_women),
        "married": [True] * n_married + [False] * (n - n_married),
        "rank": np.sort(rng.integers(1, 6, n))[::-1],
    })  # fmt: skip
    if kind < len(COLLISIONS):
        _collide(people, *COLLISIONS[kind], rng=rng)
    return people.iloc[rng.permutation(n)]


def _collide(people: pd.DataFrame, column: str, older: Any, younger: Any, *, rng: Rng) -> None:
    """Of two neighbours in age the younger comes first by another pair of the handout than age."""
    k = int(rng.integers(0, len(people) - 1))
    people.loc[k, column], people.loc[k + 1, column] = older, younger


def checklists(people: pd.Index[Any], rng: Rng) -> pd.DataFrame:
    """Ticks on the checklists of people who prepare a visit: some lack a point, some ticked one twice."""
    points = list(rule("K01").parameters["points"])
    chosen = rng.choice(people, 24, replace=False)
    rows = [(str(who), point) for k, who in enumerate(chosen) for point in _ticked(k % 4, points, rng)]
    table = pd.DataFrame(rows, columns=["person_id", "point"])
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def _ticked(kind: int, points: list[str], rng: Rng) -> list[str]:
    """Kinds: all five, all five and more, one missing, one missing though there are five ticks."""
    lacking = points[int(rng.integers(5))] if kind >= 2 else None
    ticked = [point for point in points if point != lacking]
    other = str(rng.choice([*OTHER_POINTS, ticked[0]]))
    return [*ticked, other] if kind in (1, 3) else ticked
