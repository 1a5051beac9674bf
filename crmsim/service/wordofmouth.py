"""Word of mouth (口碑): dissatisfaction spreads faster than satisfaction (不满意传播更快).

**Balance.** If a satisfied customer tells n+ people and a dissatisfied one n-, good and bad words balance where

    p * n+ = (1 - p) * n-,    p = n- / (n+ + n-)

**Spread.** People know each other: a network with random links. Two messages start at the same moment, a good one at
satisfied customers, a bad one at dissatisfied ones. In every step each person who has heard a message passes it on
along each link with a probability, its rate; the bad rate is the higher one. Everybody passes on what he or she has
heard for ever, so a message that lasts reaches all who can be reached: what differs is how soon.

Luck belongs to link and step: both messages, and any rates, meet the same luck.

Source: the direction is the handout's (curriculum F05), without numbers; rates, network and TV14's 9 and 3 are [EXT].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.errors import InputError

Ids = npt.NDArray[np.int64]


def break_even_share(told_satisfied: float, told_dissatisfied: float) -> float:
    """The share of satisfied customers at which good and bad words balance.

    Parameters
    ----------
    told_satisfied, told_dissatisfied : float
        People that one customer tells; 0 or more, not both 0.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    InputError
        A number is negative, or both are 0.

    Notes
    -----
    n- / (n+ + n-). Curriculum F05, TV14.

    Examples
    --------
    >>> break_even_share(3, 9)
    0.75
    """
    good = checks.number("told_satisfied", told_satisfied, low=0)
    bad = checks.number("told_dissatisfied", told_dissatisfied, low=0)
    if good + bad == 0:
        raise InputError("break_even_share: nobody tells anything, so every share balances; give a number above 0.")
    return bad / (good + bad)


@dataclass(frozen=True, eq=False)
class Network:
    """People 0 .. n_people - 1 and their links, each link in both directions (`one[k]` can tell `other[k]`)."""

    n_people: int
    one: Ids
    other: Ids

    def __repr__(self) -> str:
        return f"<Network: {self.n_people:,} people, {len(self.one) // 2:,} links>"


def network(n_people: int, *, n_friends: float = 6, seed: int = 0) -> Network:
    """People with random links.

    Parameters
    ----------
    n_people : int
        2 to 100,000.
    n_friends : float
        Mean number of links of a person, above 0, at most 100.
    seed : int
        Other links.

    Returns
    -------
    Network

    Raises
    ------
    InputError
        A number is not possible.

    Notes
    -----
    n_people * n_friends / 2 pairs drawn at random; pairs drawn twice and links to oneself are dropped. [EXT]

    Examples
    --------
    >>> network(500, n_friends=4, seed=1).n_people
    500
    """
    n = checks.whole("n_people", n_people, low=2, high=100_000)
    mean = checks.number("n_friends", n_friends, low=0, high=100, above=True)
    rng = np.random.default_rng(np.random.SeedSequence([checks.whole("seed", seed, low=0, high=2**62), 31]))
    pairs = np.sort(rng.integers(0, n, (max(1, round(n * mean / 2)), 2)), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
    return Network(n, np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]]))


def spread(people: Network, *, sources: Iterable[int], rate: float, steps: int, seed: int = 0) -> pd.Series[int]:
    """How many people have heard a message after every step.

    Parameters
    ----------
    people : Network
    sources : iterable of int
        Who knows it from the start.
    rate : float
        Probability that somebody who knows passes it on along one link in one step, 0 to 1.
    steps : int
        0 to 1,000.
    seed : int
        Luck of links and steps; the same for any rate.

    Returns
    -------
    Series
        `n_heard`, indexed by `step`, 0 is the start.

    Raises
    ------
    InputError
        This is no network, a number is not possible, or a source is nobody of the network.

    Examples
    --------
    >>> chain = Network(3, np.array([0, 1, 1, 2]), np.array([1, 0, 2, 1]))
    >>> spread(chain, sources=[0], rate=1, steps=3).tolist()
    [1, 2, 3, 3]
    """
    checks.instance("people", people, Network, made_by="crm.service.network(1_000)")
    chance = checks.number("rate", rate, low=0, high=1)
    n_steps = checks.whole("steps", steps, low=0, high=1_000)
    heard = np.zeros(people.n_people, dtype=bool)
    heard[_sources(sources, people.n_people)] = True
    rng = np.random.default_rng(np.random.SeedSequence([checks.whole("seed", seed, low=0, high=2**62), 32]))
    counts = [int(heard.sum())]
    for _ in range(n_steps):
        passed = heard[people.one] & (rng.random(len(people.one)) < chance)
        heard[people.other[passed]] = True
        counts.append(int(heard.sum()))
    return pd.Series(counts, index=pd.RangeIndex(n_steps + 1, name="step"), name="n_heard")


def rumours(
    people: Network,
    *,
    satisfied_share: float,
    rates: tuple[float, float],
    n_sources: int = 20,
    steps: int = 12,
    seed: int = 0,
) -> pd.DataFrame:
    """A good and a bad message side by side.

    Parameters
    ----------
    people : Network
    satisfied_share : float
        Share of the sources that are satisfied and tell good; the others tell bad.
    rates : tuple of 2 floats
        Rate of the good and of the bad message.
    n_sources : int
        Customers with an experience to tell.
    steps, seed : int
        As for `spread`; the seed chooses the sources, too.

    Returns
    -------
    DataFrame
        Indexed by `step`: `heard_good`, `heard_bad` (people; some have heard both).

    Raises
    ------
    InputError
        As for `spread`.

    Examples
    --------
    >>> town = network(1_000, seed=1)
    >>> told = rumours(town, satisfied_share=0.5, rates=(0.05, 0.15), steps=6, seed=2)
    >>> bool(told.loc[6, "heard_bad"] > told.loc[6, "heard_good"])
    True
    """
    checks.instance("people", people, Network, made_by="crm.service.network(1_000)")
    share = checks.number("satisfied_share", satisfied_share, low=0, high=1)
    n = checks.whole("n_sources", n_sources, low=1, high=people.n_people)
    if not isinstance(rates, tuple) or len(rates) != 2:
        raise InputError(f"rates={rates!r}: give two, of the good and of the bad message, as in rates=(0.05, 0.15).")
    chosen = np.random.default_rng(np.random.SeedSequence([checks.whole("seed", seed, low=0, high=2**62), 33]))
    who = chosen.permutation(people.n_people)[:n]
    n_good = round(share * n)
    parts = {"heard_good": (who[:n_good], rates[0]), "heard_bad": (who[n_good:], rates[1])}
    told = {name: spread(people, sources=s, rate=r, steps=steps, seed=seed) for name, (s, r) in parts.items()}
    return pd.DataFrame(told)


def _sources(sources: Any, n_people: int) -> Ids:
    found = np.asarray(checks.names_of("sources", sources, example="[0, 5]"))
    if found.size and (not np.issubdtype(found.dtype, np.integer) or found.min() < 0 or found.max() >= n_people):
        raise InputError(f"sources: people are whole numbers from 0 to {n_people - 1}.")
    return found.astype(np.int64)
