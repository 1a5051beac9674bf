"""Simulated outfits for exercises: dress and jewellery with faults that were put in on purpose.

Every outfit begins without a fault: three colours at most, one colour of leather, plain dark socks, jewellery of one
colour and of the style of the clothes. Then the planned faults are put in, each so that it causes no other one: a
wrong belt takes a colour that is worn already. What was put in stands in the column `faults`, so that a check is
held against the plan and not against itself. All people and numbers are [EXT].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from crmsim.etiquette.facts import whole

DRESS_FAULTS = ("K03", "K04", "K05 label", "K05 tie", "K05 socks")
JEWELLERY_FAULTS = ("JW1", "JW2", "JW3")
FAULTS = DRESS_FAULTS + JEWELLERY_FAULTS
KINDS = ("ring", "earring", "necklace", "bracelet", "brooch", "watch")
STYLES = ("classic", "modern", "folk", "sporty")
SAME_COLOUR = {
    "gold": ("gold", "brass"), "silver": ("silver", "platinum", "steel"), "green": ("jade", "emerald"),
    "white": ("pearl", "shell"),
}  # fmt: skip
MOST_OUTFITS = 10_000


def outfits(n: int = 50, *, seed: int = 1) -> pd.DataFrame:
    """Return simulated outfits of men and women, with the faults that were put in.

    Parameters
    ----------
    n : int
        How many, 1 to 10,000. From 32 on every fault occurs at least three times.
    seed : int
        Same seed, same outfits.

    Returns
    -------
    DataFrame
        One row a person, index `person_id`. The fields of `check_outfit`; `jewellery`, a list of pieces for
        `check_jewellery`; `clothes_style`; and `faults`, a tuple of codes ("K05" with its part: "K05 socks").

    >>> table = outfits(50, seed=1)
    >>> len(table), {"K03", "JW2"} <= set(table["faults"].explode().dropna())
    (50, True)
    """
    whole(n, what="n", low=1)
    rng = np.random.default_rng(whole(seed, what="seed"))
    rows = [_person(_plan(place, rng), rng) for place in rng.permutation(min(n, MOST_OUTFITS))]
    return pd.DataFrame(rows, index=pd.Index([f"P{k:02d}" for k in range(1, len(rows) + 1)], name="person_id"))


def _plan(place: int, rng: np.random.Generator) -> list[str]:
    """Every fourth outfit is clean; the others have one fault in turn, and sometimes a second."""
    if place % 4 == 3:
        return []
    turn = 3 * (place // 4) + place % 4
    faults = {FAULTS[turn % len(FAULTS)]}
    if rng.random() < 0.35:
        faults.add(_one(FAULTS, rng))
    return sorted(faults, key=FAULTS.index)


def _person(faults: list[str], rng: np.random.Generator) -> dict[str, Any]:
    is_man = any(fault in DRESS_FAULTS for fault in faults) or rng.random() < 0.5
    clothes = _man(faults, rng) if is_man else _woman(rng)
    style = _one(STYLES, rng)
    return {**clothes, "jewellery": pieces(faults, style, rng), "clothes_style": style, "faults": tuple(faults)}


def _man(faults: list[str], rng: np.random.Generator) -> dict[str, Any]:
    main, shirt = _one(("navy", "charcoal"), rng), _one(("white", "light_blue"), rng)
    dark_leather = ("black", "brown", "dark_brown")
    leather = _one(dark_leather if "K05 socks" in faults else (*dark_leather, "grey"), rng)
    if leather == "black" and not {"K03", "K04"} & set(faults):
        main = _one((main, "black"), rng)  # two colours in all
    top = _one(("jacket", "short_sleeve_shirt") if "K05 tie" in faults else ("suit", "suit", "jacket"), rng)
    has_tie = "K05 tie" in faults or (top == "suit" and rng.random() < 0.8)
    tie, socks, pattern = (main if has_tie else None), _one((main, leather), rng), "plain"
    if "K05 socks" in faults:
        socks, pattern = _one([(shirt, "plain"), (main, "striped"), (main, "dotted")], rng)
    elif leather == "grey" and rng.random() < 0.5:
        socks = shirt  # light socks are no fault in shoes that are not dark
    if "K03" in faults:
        tie, socks = ("red", socks) if has_tie else (tie, "burgundy" if socks != shirt else "pink")
    belt, case = leather, leather
    if "K04" in faults:
        belt, case = _one([(main, leather), (leather, main), (main, main)], rng)
    worn = [main, shirt, tie, leather, socks, belt, case]
    return {
        "gender": "man", "colours": [colour for colour in worn if colour], "shoe": leather, "belt": belt,
        "briefcase": case, "sleeve_label": "K05 label" in faults, "top": top, "tie": has_tie, "sock_colour": socks,
        "sock_pattern": pattern,
    }  # fmt: skip


def _woman(rng: np.random.Generator) -> dict[str, Any]:
    """The dress rules of the material do not speak about her, so she wears what she likes."""
    colours = [str(colour) for colour in rng.permutation(["red", "white", "navy", "beige", "green", "black", "pink"])]
    shoe, belt, case, socks, *others = colours
    return {
        "gender": "woman", "colours": [shoe, belt, case, socks, *others[: rng.integers(0, 3)]], "shoe": shoe,
        "belt": belt, "briefcase": case, "sleeve_label": False, "top": _one(("suit", "jacket"), rng), "tie": False,
        "sock_colour": socks, "sock_pattern": _one(("plain", "striped"), rng),
    }  # fmt: skip


def pieces(faults: list[str], style: str, rng: np.random.Generator) -> list[dict[str, str]]:
    """Return the pieces that somebody in clothes of a style wears, with these faults of jewellery."""
    colour = _one(tuple(SAME_COLOUR), rng)
    worn = [
        {"kind": kind, "material": SAME_COLOUR[colour][0], "colour": colour, "style": style}
        for kind in _kinds(faults, rng)
    ]
    if worn and rng.random() < 0.4:
        worn[-1]["material"] = _one(SAME_COLOUR[colour][1:], rng)  # tolerated: the colour agrees
    if "JW2" in faults:
        other = _one([name for name in SAME_COLOUR if name != colour], rng)
        worn[0] |= {"material": SAME_COLOUR[other][0], "colour": other}
    if "JW3" in faults:
        other = _one([name for name in STYLES if name != style], rng)
        for piece in worn if rng.random() < 0.5 else worn[:1]:
            piece["style"] = other
    return worn


def _kinds(faults: list[str], rng: np.random.Generator) -> list[str]:
    """Kinds of the pieces, one entry a piece."""
    if "JW1" in faults:
        n_kinds = _one((1, 2, 4), rng)
        each = [1, 2, 1, 1] if n_kinds == 4 else [3] + [1] * (n_kinds - 1)
    else:
        n_kinds = int(rng.integers(1, 4) if faults else rng.integers(0, 4))
        each = [int(rng.integers(1, 3)) for _ in range(n_kinds)]
        if "JW2" in faults and sum(each) < 2:
            each = [2]
    names = [str(kind) for kind in rng.permutation(KINDS)[:n_kinds]]
    return [name for name, many in zip(names, each, strict=True) for _ in range(many)]


def _one(choices: Sequence[Any], rng: np.random.Generator) -> Any:
    return choices[int(rng.integers(len(choices)))]
