"""What visits bring to somebody who goes down the list, who guesses, and who knows: tables, no widgets.

Each guess about money, authority or need is wrong with the same probability. Visits go first to those whose row of
the MAN rule wins most often: the guessed row, or the true one; or just down the list. Whether a visit wins somebody
hangs on the true row and on luck, which is the same whoever is chosen. A guess that is wrong at some probability is
wrong at every higher one, so that a slider moves nothing but what it says. All numbers are [EXT].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number
from crmsim.errors import InputError, told
from crmsim.prospecting import qualify

HAS = ("has_money", "has_authority", "has_need")
CHOICES = ("list", "guess", "truth")
N_ROWS = 8
MOST_PROSPECTS = 20_000


@dataclass(frozen=True, eq=False)
class Prospects:
    """People with their truth, and how often a visit wins somebody in each of the eight rows."""

    truth: pd.DataFrame
    wins: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Visited:
    """What visits bring.

    Attributes
    ----------
    profit : DataFrame
        Indexed by number of visits from 0 on; "list", "guess", "truth": money, costs counted.
    summary : DataFrame
        Indexed by "list", "guess", "truth": `profit`, `n_won`, `effective_share` (MAN1 among those visited) for the
        number of visits asked for.
    """

    profit: pd.DataFrame
    summary: pd.DataFrame


def prospects_of(truth: pd.DataFrame, wins: Sequence[float]) -> Prospects:
    """Check what is to be shown.

    Errors: `InputError` for too many people or none, eight shares that are none, or a column that is missing.
    """
    qualify(truth)
    if len(truth) > MOST_PROSPECTS:
        raise InputError(f"prospects: {len(truth):,} people were given; {MOST_PROSPECTS:,} can be shown at once.")
    shares = list(wins) if isinstance(wins, Iterable) else []
    if len(shares) != N_ROWS or not all(is_number(share) and 0 <= share <= 1 for share in shares):
        raise InputError(f"wins={told(wins)}: give eight shares from 0 to 1, for MAN1 to MAN8.")
    return Prospects(truth[list(HAS)].copy(), tuple(float(share) for share in shares))


def visited(
    people: Prospects, *, wrong_share: float, n_visits: int, cost: float, margin: float, seed: int = 1,
) -> Visited:  # fmt: skip
    """What so many visits bring under the three choices.

    Parameters
    ----------
    people : Prospects
    wrong_share : float
        Probability that a guess is wrong, 0 to 1.
    n_visits : int
        At most as many as there are people.
    cost, margin : float
        Money for a visit, and from somebody who is won.
    seed : int
        Which luck: of the guesses and of the visits.

    Examples
    --------
    >>> truth = pd.DataFrame({"has_money": [False, True], "has_authority": [False, True], "has_need": [False, True]})
    >>> two = prospects_of(truth, [1, 0, 0, 0, 0, 0, 0, 0])
    >>> visited(two, wrong_share=0, n_visits=1, cost=20, margin=300).summary["profit"].tolist()
    [-20.0, 280.0, 280.0]
    """
    rng = np.random.default_rng(seed)
    guessed = people.truth ^ (rng.random(people.truth.shape) < wrong_share)
    chance, seems = _chances(people.truth, people.wins), _chances(guessed, people.wins)
    won, is_best = rng.random(len(chance)) < chance, people.truth.all(axis=1).to_numpy()
    orders = dict(zip(CHOICES, (np.arange(len(chance)), _best_first(seems), _best_first(chance)), strict=True))
    profit = {name: np.append(0.0, np.cumsum(margin * won[order] - cost)) for name, order in orders.items()}
    rows = {
        name: {
            "profit": profit[name][n_visits], "n_won": int(won[order[:n_visits]].sum()),
            "effective_share": float(is_best[order[:n_visits]].mean()),
        }
        for name, order in orders.items()
    }  # fmt: skip
    return Visited(pd.DataFrame(profit).rename_axis("n_visits"), pd.DataFrame.from_dict(rows, orient="index"))


def _chances(table: pd.DataFrame, wins: tuple[float, ...]) -> npt.NDArray[np.float64]:
    return np.asarray(wins)[qualify(table)["man"].cat.codes.to_numpy()]


def _best_first(chance: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    return np.argsort(-chance, kind="stable")
