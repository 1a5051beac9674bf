"""The luck of a call: every draw has an address, so that two scripts meet the same luck.

A draw is the uniform number at (seed, replication, customer) and (purpose, occasion, item), by the same hash as the
engine's (see `crmsim.engine.kernel`), for many customers at once. The occasion of a line is its stage and how many
lines of that stage came before it in the call: a sentence that is changed, or put in, late in a call leaves the luck of
everything before it alone, and a further line in the opening leaves that of the pitch alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]

# Purposes. Those of the engine are below 128; never renumber one: it would change every call.
RUDE, HURRY, LANGUAGE, SURNAME, HONORIFIC, OBJECTIONS, TRUST, INTEREST = range(128, 136)
PICK_UP, WHO, HANG_UP, INTENT, THRESHOLD, WORDS, COMPLAINT = range(144, 151)
FOR_LIFE = -1
"""The replication that traits are drawn in."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(1)


def keys(seed: int, replication: int, customers: npt.ArrayLike) -> Keys:
    """The key of each customer's luck in one replication; `FOR_LIFE` is the one for traits."""
    names = np.asarray(customers).astype(np.uint64)
    with np.errstate(over="ignore"):
        start = _mix(np.full(1, seed % 2**64, dtype=np.uint64) + _GOLDEN)
        return _mix(_mix(start + _GOLDEN * np.uint64(replication + 2)) + _GOLDEN * (names + _ONE))


def uniforms(of: Keys, purpose: int, occasion: Any = 0) -> Floats:
    """One number strictly between 0 and 1 for each key.

    Parameters
    ----------
    of : array
        From `keys`.
    purpose : int
        What it decides.
    occasion : int or array of int
        0 to 65,535, one for all or one for each key.

    Examples
    --------
    >>> one = keys(7, 0, [3, 5])
    >>> bool((uniforms(one, INTENT, 2)[1:] == uniforms(one[1:], INTENT, [2])).all())
    True
    """
    address = np.uint64(purpose << 56) | (np.asarray(occasion).astype(np.uint64) << np.uint64(40))
    with np.errstate(over="ignore"):
        found = _mix(of + _GOLDEN * (address + _ONE))
    return ((found >> np.uint64(12)).astype(np.float64) + 0.5) * 2.220446049250313e-16


def _mix(z: Keys) -> Keys:
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))
