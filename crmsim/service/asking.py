"""A long questionnaire (问卷): expectations, perceptions, facets, Kano's pairs, and what is true behind every answer.

The short survey of a run asks one question. This one asks customers of a finished run many, and what they answer
follows from their hidden satisfaction (``run.truth.customers["satisfaction"]``):

    expected = 5.3 + own level            on a scale from 1 to 7
    perceived = expected + what the firm does well or badly in this dimension + 1.2 * satisfaction + taste
    facet = 70 + what the firm does well or badly there + 15 * satisfaction + taste        from 0 to 100

Numbers outside a scale are put on its end. The truth holds these numbers; an answer is whole, rounded up or down by
chance so that it is right on average. For each feature a customer has a class of Kano, mostly that of the majority, and
gives one of the pairs of answers that belong to it; a share of the pairs is given without thought.

All numbers are [EXT].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.arguments import Numbers
from crmsim.errors import InputError
from crmsim.service.kano import ANSWERS, kano_table
from crmsim.service.lists import catalogue

FEATURES = {
    "answer_in_a_day": ("M", "O"),
    "birthday_gift": ("A", "I"),
    "clean_shop": ("M",),
    "open_on_sunday": ("O", "A"),
    "self_checkout": ("I", "A", "R"),
    "text_messages": ("R", "I"),
}
"""Feature to the classes that the majority may give it; which of them differs between seeds."""
MAJORITY_SHARE, CARELESS_SHARE = 0.60, 0.08
STRENGTHS = (-0.90, -0.55, -0.20, 0.10, 0.40)
FACET_STRENGTHS = (-14.0, -7.0, 0.0, 6.0, 12.0)
Rng = np.random.Generator


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """Answers, and the truth behind them.

    Attributes
    ----------
    answers : DataFrame
        Indexed by `customer_id`: `expected_<dimension>` and `perceived_<dimension>` (1 to 7) for SERVQUAL's five, and
        the five facets (0 to 100).
    kano : DataFrame
        A row per customer and feature: `customer_id`, `feature`, `functional`, `dysfunctional`.
    truth : DataFrame
        The columns of `answers` before rounding, and `satisfaction`.
    kano_truth : DataFrame
        Indexed by `customer_id`, a column per feature: the class of each customer.
    kano_classes : Series
        `kano` of the majority of all customers, indexed by `feature`.
    """

    answers: pd.DataFrame
    kano: pd.DataFrame
    truth: pd.DataFrame
    kano_truth: pd.DataFrame
    kano_classes: pd.Series[Any]

    def __repr__(self) -> str:
        return f"<Questionnaire: {len(self.answers):,} customers>"


def questionnaire(run: Any, *, n_customers: int = 600, seed: int = 0) -> Questionnaire:
    """Ask some customers of a simulated firm.

    Parameters
    ----------
    run : Run
        From `crm.simulate`; the truth is needed.
    n_customers : int
        How many answer, drawn at random; at most as many as there are.
    seed : int
        Other customers, another firm's strengths and weaknesses, other answers.

    Returns
    -------
    Questionnaire

    Raises
    ------
    InputError
        This is not a run with a truth, or there are fewer customers.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=6, seed=7))
    >>> asked = questionnaire(run, n_customers=50, seed=1)
    >>> asked.answers.shape, len(asked.kano)
    ((50, 15), 300)
    """
    if not hasattr(run, "truth"):
        raise InputError(f"questionnaire: a run of crm.simulate is needed, but a {type(run).__name__} was given.")
    hidden = run.truth.customers["satisfaction"]
    n = checks.whole("n_customers", n_customers, low=1, high=len(hidden))
    rng = np.random.default_rng(np.random.SeedSequence([checks.whole("seed", seed, low=0, high=2**62), 41]))
    felt = hidden.iloc[np.sort(rng.permutation(len(hidden))[:n])]
    truth = pd.DataFrame({**_dimensions(felt.to_numpy(), rng), **_facets(felt.to_numpy(), rng)}, index=felt.index)
    answers = (truth + rng.random(truth.shape)).floordiv(1).astype("int64")
    majority = {feature: str(rng.choice(possible)) for feature, possible in FEATURES.items()}
    classes = pd.Series(majority, name="kano").rename_axis("feature")
    own = _own_classes(classes.to_numpy(), n, rng)
    kano_truth = pd.DataFrame(own, index=felt.index, columns=list(FEATURES))
    return Questionnaire(answers, _pairs(kano_truth, rng), truth.assign(satisfaction=felt), kano_truth, classes)


def _dimensions(felt: Numbers, rng: Rng) -> dict[str, Numbers]:
    level, found = 0.6 * rng.standard_normal(len(felt)), {}
    for name, strength in zip(catalogue("servqual").index, rng.permutation(STRENGTHS), strict=True):
        expected = np.clip(5.3 + level + 0.3 * rng.standard_normal(len(felt)), 1, 7)
        taste = 0.5 * rng.standard_normal(len(felt))
        found[f"expected_{name}"] = expected
        found[f"perceived_{name}"] = np.clip(expected + strength + 1.2 * felt + taste, 1, 7)
    return found


def _facets(felt: Numbers, rng: Rng) -> dict[str, Numbers]:
    strengths = zip(catalogue("facets").index, rng.permutation(FACET_STRENGTHS), strict=True)
    noise = {name: 70 + strength + 8 * rng.standard_normal(len(felt)) for name, strength in strengths}
    return {name: np.clip(value + 15 * felt, 0, 100) for name, value in noise.items()}


def _own_classes(majority: Any, n: int, rng: Rng) -> Any:
    others = rng.choice(["M", "O", "A", "I"], (n, len(majority)))
    return np.where(rng.random((n, len(majority))) < MAJORITY_SHARE, majority, others)


def _pairs(classes: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """One pair of answers for each customer and feature: a cell of Kano's table with that class, or any cell."""
    letters = kano_table().to_numpy().ravel()
    wanted = classes.to_numpy().ravel()
    cell = rng.integers(0, len(letters), len(wanted))
    careful = rng.random(len(wanted)) >= CARELESS_SHARE
    for letter in np.unique(wanted):
        here = careful & (wanted == letter)
        cell[here] = rng.choice(np.flatnonzero(letters == letter), int(here.sum()))
    answers = np.array(ANSWERS)
    return pd.DataFrame(
        {
            "customer_id": np.repeat(classes.index.to_numpy(), classes.shape[1]),
            "feature": np.tile(list(classes.columns), len(classes)),
            "functional": answers[cell // len(ANSWERS)],
            "dysfunctional": answers[cell % len(ANSWERS)],
        }
    )
