"""Gauss's hypergeometric function with a first parameter of 1: quick also where SciPy's is slow.

SciPy's function is the faster one for ordinary parameters, but with large ones near z = 1 it sums thousands
of terms, and a search that follows a flat ridge of the likelihood asks for just that. There Gauss's
continued fraction takes a few hundred steps at most, each cheap for a whole table of customers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from crmsim.value.likelihood import Array

_MOST_STEPS = 3_000
_LARGE = 50.0


def hyp2f1_one(a: Any, c: Any, z: Array) -> Array:
    """The value of 2F1(1, a; c + 1; z) for a > 0, c + 1 > a and 0 <= z < 1.

    Examples
    --------
    >>> hyp2f1_one(1.0, 1.0, np.array([0.0, 0.5])).round(6).tolist()
    [1.0, 1.386294]
    """
    from scipy.special import hyp2f1

    return gauss_fraction(a, c, z) if np.min(c) > _LARGE else np.asarray(hyp2f1(1.0, a, c + 1, z))


def gauss_fraction(a: Any, c: Any, z: Any) -> Array:
    """The value of 2F1(1, a; c + 1; z) for a > 0, c + 1 > a and 0 <= z < 1; NaN where it does not settle.

    Notes
    -----
    1 / (1 - k_1 z / (1 - k_2 z / (1 - ...))) with k_(2n+1) = (a+n)(c+n) / ((c+2n)(c+2n+1)) and
    k_(2n) = n(c-a+n) / ((c+2n-1)(c+2n)): Gauss 1813; evaluated forwards (Lentz 1976).

    Examples
    --------
    With a = c = 1 it is -log(1 - z) / z:

    >>> gauss_fraction(1.0, 1.0, np.array([0.0, 0.5])).round(6).tolist()
    [1.0, 1.386294]
    """
    a, c, z = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (a, c, z)))
    fraction, numerator, denominator = np.ones(z.shape), np.ones(z.shape), np.zeros(z.shape)
    for step in range(_MOST_STEPS):
        n = step // 2
        top = (n + 1) * (c - a + n + 1) if step % 2 else (a + n) * (c + n)
        k = z * top / ((c + step) * (c + step + 1))
        denominator = 1 / (1 - k * denominator)
        numerator = 1 - k / numerator
        change = numerator * denominator
        fraction = fraction * change
        if np.all(np.abs(change - 1) < 1e-14):
            return np.asarray(1 / fraction)
    return np.where(np.abs(change - 1) < 1e-10, 1 / fraction, np.nan)
