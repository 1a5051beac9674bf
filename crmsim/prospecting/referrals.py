"""The snowball (滚雪球法): after every visit, ask for names; and the central person of a network (光辉效应法).

If every visit yields r new names on average, n visits of one round lead to n * r visits in the next. From one start,
round k holds r**k visits, and k rounds together 1 + r + ... + r**k: a branching process (Watson & Galton 1875). It
grows for r > 1, and for r < 1 it dies out after 1 / (1 - r) visits on average. In a town of N people the names begin
to repeat, and growth ends (`population`).

Source: curriculum PM4, PM11. Numbers and the Poisson draw are [EXT].
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments
from crmsim.customers.arguments import is_number
from crmsim.errors import InputError, told


def snowball(names_per_visit: float, *, rounds: int, start: float = 1.0) -> float:
    """Expected number of people visited after so many rounds, those of the start included.

    Parameters
    ----------
    names_per_visit : float
        Mean number of new names from a visit, all of them visited in the next round; 0 or more.
    rounds : int
        Rounds after the start, 0 or more.
    start : float
        Visits of the start, 0 or more.

    Returns
    -------
    float

    Raises
    ------
    InputError
        A number is negative or missing, or `rounds` is not whole.

    Notes
    -----
    start * (1 + r + r**2 + ... + r**rounds). Curriculum PM11.

    Examples
    --------
    >>> snowball(2, rounds=3)      # 1 + 2 + 4 + 8
    15.0
    """
    _check(rounds, names_per_visit=names_per_visit, start=start)
    return float(start * sum(float(names_per_visit) ** k for k in range(rounds + 1)))


def simulate_snowball(
    names_per_visit: float,
    *,
    rounds: int,
    start: int = 1,
    population: int | None = None,
    replications: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Let the snowball roll again and again: visits in every round.

    A visit yields a Poisson number of names. With a `population` each name is anybody of it, and those already
    visited are not visited again.

    Parameters
    ----------
    names_per_visit, rounds
        As for `snowball`.
    start : int
        Visits of the start, 0 or more, at most the population.
    population : int, optional
        People there are, 1 or more; without it, every name is new.
    replications : int
        How often, 1 or more.
    seed : int
        The same seed gives the same table.

    Returns
    -------
    DataFrame
        One row per `replication`, one column per `round` (0 is the start): visits. The sum of a row is the number of
        people visited.

    Raises
    ------
    InputError
        As for `snowball`; or more than a million visits are to be expected in one row.

    Notes
    -----
    Names per round ~ Poisson(visits * names_per_visit); of N people of whom u are not yet visited, n names reach
    Binomial(u, 1 - (1 - 1/N)**n). The binomial treats people as independent, which for large N they almost are. [EXT].

    Examples
    --------
    >>> simulate_snowball(0, rounds=2, start=5, replications=1).iloc[0].tolist()
    [5, 0, 0]
    """
    _check(rounds, names_per_visit=names_per_visit, start=start)
    _check_simulation(start, population, replications)
    rounds = int(rounds)
    if population is None and snowball(names_per_visit, rounds=rounds, start=start) > 1e6:
        raise InputError(
            f"names_per_visit={names_per_visit}, rounds={rounds}: more than a million visits are to be expected; give "
            "fewer rounds, or a population."
        )
    rng = np.random.default_rng(arguments.seed_of(seed))
    visits = np.full((int(replications), rounds + 1), int(start), dtype=np.int64)
    for k in range(1, rounds + 1):
        names = rng.poisson(visits[:, k - 1] * float(names_per_visit))
        visits[:, k] = names
        if population is not None:
            left = population - visits[:, :k].sum(axis=1)
            visits[:, k] = rng.binomial(left, 1 - (1 - 1 / population) ** names)
    return pd.DataFrame(visits).rename_axis("replication").rename_axis("round", axis=1)


def centre_of_influence(links: Iterable[tuple[Any, Any]]) -> pd.Series[Any]:
    """How many others each person of a network knows, the central person (中心人物) first.

    Parameters
    ----------
    links : iterable of pairs
        Who knows whom; each pair counts once, in either order.

    Returns
    -------
    Series
        `n_links` (people known), indexed by `person`; most first, ties by name.

    Raises
    ------
    InputError
        An entry is not a pair, somebody is linked to himself, or there is no link.

    Notes
    -----
    The degree in the network. Curriculum PM4; that the central person is the one with most links is [EXT].

    Examples
    --------
    >>> centre_of_influence([("Li", "Wang"), ("Li", "Chen"), ("Chen", "Li")]).to_dict()
    {'Li': 2, 'Chen': 1, 'Wang': 1}
    """
    known: dict[Any, set[Any]] = {}
    for place, pair in enumerate(arguments.entries("links", links, example="[('Li', 'Wang')]")):
        one, other = _pair(pair, place)
        known.setdefault(one, set()).add(other)
        known.setdefault(other, set()).add(one)
    if not known:
        raise InputError("links: at least one pair is needed, as in [('Li', 'Wang')].")
    ranked = sorted(known, key=lambda person: (-len(known[person]), str(person)))
    return pd.Series([len(known[p]) for p in ranked], index=pd.Index(ranked, name="person"), name="n_links")


def _pair(pair: Any, place: int) -> tuple[Any, Any]:
    """Two different people, or `InputError`."""
    both = list(pair) if isinstance(pair, tuple | list | np.ndarray) else []
    if len(both) == 2:
        one, other = (arguments.label(f"links[{place}]", person) for person in both)
        if one != other:
            return one, other
    raise InputError(f"links[{place}]={told(pair)} is not a pair of two different people.")


def _check(rounds: Any, **amounts: Any) -> None:
    for name, value in amounts.items():
        if not is_number(value) or value < 0:
            raise InputError(f"{name}={value!r} must be a number of 0 or more.")
    if isinstance(rounds, bool) or not isinstance(rounds, int | np.integer) or rounds < 0:
        raise InputError(f"rounds={rounds!r} must be a whole number of 0 or more.")


def _check_simulation(start: Any, population: Any, replications: Any) -> None:
    arguments.whole("replications", replications, low=1)
    if start % 1 != 0:
        raise InputError(f"start={start!r} is not possible: give a whole number of 0 or more.")
    is_given = arguments.is_number(population)
    if population is not None and (not is_given or population < 1 or population % 1 != 0 or start > population):
        raise InputError(
            f"population={told(population)} must be whole, 1 or more, and hold the start={start!r}."
        )
