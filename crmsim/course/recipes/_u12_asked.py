"""What customers of unit 12 answer: experiences, weights of the facets, and scores of touch points. All [EXT]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.recipes._u12_words import TOUCH_POINTS

N_EXPERIENCES, LOW_INDEX = 300, 60
LEVELS = (2.9, 3.5, 4.1)
"""Quality of the three moments of an experience, from 1 to 5; which moment has which differs."""
Rng = np.random.Generator


def experiences(rng: Rng) -> pd.DataFrame:
    """Expected and perceived in one figure each, and how many people were told."""
    expected = rng.integers(3, 8, N_EXPERIENCES)
    change = rng.choice([-3, -2, -1, 0, 1, 2], N_EXPERIENCES, p=[0.06, 0.11, 0.18, 0.22, 0.27, 0.16])
    perceived = np.clip(expected + change, 1, 7)
    told = {"good": rng.uniform(1.6, 3.6), "bad": rng.uniform(5.0, 9.5)}
    mean = np.select([perceived > expected, perceived < expected], [told["good"], told["bad"]], 0.5)
    table = pd.DataFrame({"expected": expected, "perceived": perceived, "n_told": rng.poisson(mean)})
    return table.rename_axis("experience")


def modest(rng: Rng, answers: pd.DataFrame) -> pd.DataFrame:
    """The answers, less expected and perceived in two dimensions: ranks of the gap and of what is perceived differ."""
    dimensions = list(crm.service.catalogue("servqual").index)
    gap = crm.service.gaps(answers)["gap"].reindex(dimensions)
    while True:
        chosen = [f"{side}_{name}" for name in rng.permutation(dimensions)[:2] for side in ("expected", "perceived")]
        lower = answers.assign(**(answers[chosen] - 1).clip(lower=1))
        perceived = lower[[f"perceived_{name}" for name in dimensions]].mean().to_numpy()
        if (perceived.argsort() != gap.to_numpy().argsort()).any():
            return lower


def weights(rng: Rng, answers: pd.DataFrame) -> pd.DataFrame:
    """Five weights that sum to 1, in steps of 0.05, none below 0.05; they change what the scores alone would say."""
    facets = crm.service.catalogue("facets").index.rename("facet")
    for _ in range(200):
        parts = 1 + rng.multinomial(15, np.full(5, 0.2))
        table = pd.DataFrame({"weight": (parts / 20).round(2)}, index=facets)
        if not any(odd_weights(answers, table["weight"])):
            break
    return table


def odd_weights(answers: pd.DataFrame, weight: pd.Series[Any]) -> Iterator[str]:
    """Why these weights with these scores would hide a slip."""
    facets = answers[list(weight.index)]
    mean, index = facets.mean(), crm.service.facet_index(answers, weight.to_dict())
    if {mean.idxmin(), mean.idxmax()} & {(mean * weight).idxmin(), weight.idxmin()}:
        yield "the lowest or the highest facet is also that of the lowest weight"
    share, plain = ((scores < LOW_INDEX).mean() for scores in (index, facets.mean(axis=1)))
    if abs(mean.mean() - index.mean()) < 0.05 or abs(share - plain) < 0.01:
        yield "the weights change nothing"
    if ((index - LOW_INDEX).abs() < 1e-6).sum() > 2:
        yield "the low share hangs on rounding"


def touches(rng: Rng, answers: pd.DataFrame, moments: dict[str, str]) -> pd.DataFrame:
    """Each customer scores one touch point of each moment, from 1 to 5; one of the three is the worst of its moment."""
    perceived, expected = (answers.filter(like=side).mean(axis=1) for side in ("perceived_", "expected_"))
    mood = (perceived - expected).to_numpy() / 2
    parts = []
    for moment, level in zip(TOUCH_POINTS, rng.permutation(LEVELS), strict=True):
        points = rng.permutation([point for point, of in moments.items() if of == moment])
        quality = np.array([level - rng.uniform(0.4, 0.55), *(level + rng.uniform(0, 0.35, len(points) - 1))])
        which = rng.choice(len(points), len(answers), p=[0.48, 0.28, 0.24])  # the worst has not the lowest sum
        score = np.clip(np.rint(quality[which] + mood - mood.mean() + rng.normal(0, 0.8, len(answers))), 1, 5)
        parts.append(pd.DataFrame({"customer_id": answers.index, "point": points[which], "score": score.astype(int)}))
    return pd.concat(parts).sort_values("customer_id", kind="stable").reset_index(drop=True).rename_axis("row")
