"""The last rungs of the ladder on which customers form (客户的形成): customer, member, advocate.

A membership plan (成员计划) turns a customer into a member (成员) with probability p_member; a member becomes
an advocate (拥护者), who praises the firm and brings others, with probability p_advocate. Customers climb
independently of each other. Both numbers are invented [EXT]; the handout gives the rungs only.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmsim.customers import arguments
from crmsim.errors import InputError, told


def ladder(n: float, *, p_member: float, p_advocate: float) -> float:
    """Expected number of advocates among n customers: n · p_member · p_advocate.

    Parameters
    ----------
    n : float
        Customers, 0 or more.
    p_member, p_advocate : float
        Probability that a customer becomes a member, and that a member becomes an advocate; 0 to 1.

    Returns
    -------
    float
        Expected advocates.

    Raises
    ------
    InputError
        `n` is negative or no number, or a probability is not between 0 and 1.

    Examples
    --------
    >>> ladder(1000, p_member=0.2, p_advocate=0.25)
    50.0
    """
    _check(n, p_member=p_member, p_advocate=p_advocate)
    return float(n * p_member * p_advocate)


def simulate_ladder(
    n: int, *, p_member: float, p_advocate: float, replications: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """Let n customers climb the ladder again and again.

    Parameters
    ----------
    n : int
        Customers, 0 or more.
    p_member, p_advocate : float
        As for `ladder`.
    replications : int
        How often all customers climb, 1 or more.
    seed : int
        The same seed gives the same table.

    Returns
    -------
    DataFrame
        One row per `replication` (0, 1, ...): `n_members` and `n_advocates`.

    Raises
    ------
    InputError
        As for `ladder`, `n` is not whole, or there is not one replication.

    Examples
    --------
    >>> simulate_ladder(1000, p_member=1.0, p_advocate=0.0, replications=2).values.tolist()
    [[1000, 0], [1000, 0]]
    """
    _check(n, p_member=p_member, p_advocate=p_advocate)
    n_customers = arguments.whole("n", n, low=0, high=2**62)
    rng = np.random.default_rng(arguments.seed_of(seed))
    members = rng.binomial(n_customers, p_member, size=arguments.whole("replications", replications, low=1))
    advocates = rng.binomial(members, p_advocate)
    return pd.DataFrame({"n_members": members, "n_advocates": advocates}).rename_axis("replication")


def _check(n: float, **probabilities: float) -> None:
    if not arguments.is_number(n) or n < 0:
        raise InputError(f"n={told(n)} must be a number of customers, 0 or more.")
    for name, p in probabilities.items():
        if not arguments.is_number(p) or not 0 <= p <= 1:
            raise InputError(f"{name}={told(p)} must be a probability from 0 to 1; write 0.2 for 20%.")
