"""Whether anybody picks up: cold numbers may be dead and mostly stay unanswered; a known customer answers more.

The table ``callee.yaml`` holds the shares and their sources.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crmsim.phone import luck
from crmsim.phone.tables import Tables


def picked_up(keys: luck.Keys, tables: Tables, *, warm: bool, n_dials: int = 1) -> npt.NDArray[np.int64]:
    """The dial (from 1) at which each callee picks up; 0: at none of them.

    Parameters
    ----------
    keys : array
        The luck of the callees in one replication.
    tables : Tables
    warm : bool
        A list of customers; False: cold numbers, of which a share is dead whenever they are dialled.
    n_dials : int
        How often a number is dialled at most.

    Examples
    --------
    >>> from crmsim.phone.tables import tables
    >>> found = picked_up(luck.keys(1, 0, range(100_000)), tables(), warm=False)
    >>> bool(abs((found > 0).mean() - 0.2837) < 4 * (0.2837 * 0.7163 / 100_000) ** 0.5)
    True
    """
    dead = 0.0 if warm else tables.number("answering", "cold_dead_share")
    answered = tables.number("answering", "warm_answered_share" if warm else "cold_answered_share")
    found = np.zeros(len(keys), dtype=np.int64)
    alive = luck.uniforms(keys, luck.PICK_UP, 0) >= dead
    for dial in range(1, n_dials + 1):
        hears = luck.uniforms(keys, luck.PICK_UP, dial) < answered / (1.0 - dead)
        found[alive & hears & (found == 0)] = dial
    return found
