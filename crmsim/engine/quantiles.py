"""Tables of quantiles for the compiled kernel: fine towards both tails, read without a branch."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crmsim.engine.kernel import OCTAVES, STEPS

Floats = npt.NDArray[np.float64]


def quantile_table(lower: Callable[[Floats], Floats], upper: Callable[[Floats], Floats]) -> Floats:
    """Quantiles at tail probabilities that get finer towards both ends, for `kernel.quantile`.

    Row 0 holds the quantiles at tail mass m below, row 1 those at mass m above; m falls from 0.5 (entries 0 and 1,
    because nothing lies between 0.5 and 0.5) to 2^-33. Linear interpolation between them is off by less than
    2e-4 of the value for Gamma shapes from 0.2 on.

    Parameters
    ----------
    lower, upper : callable
        Quantile function and inverse survival function, over arrays.
    """
    octave, step = np.divmod(np.arange(OCTAVES * STEPS + 1), STEPS)
    # Within an octave the steps are equal: a double's leading bits count them.
    mass = 0.5 ** (octave + 1) * (1 - 0.5 * step / STEPS)
    mass = np.concatenate([[0.5], mass])
    return np.stack([lower(mass), upper(mass)])


@lru_cache(maxsize=64)
def gamma_table(shape: float, scale: float = 1.0) -> Floats:
    """Quantiles of Gamma(shape) times `scale`."""
    from scipy import special

    return quantile_table(
        lambda mass: special.gammaincinv(shape, mass) * scale, lambda mass: special.gammainccinv(shape, mass) * scale
    )


@lru_cache(maxsize=64)
def beta_table(a: float, b: float) -> Floats:
    """Quantiles of Beta(a, b)."""
    from scipy import special

    return quantile_table(lambda mass: special.betaincinv(a, b, mass), lambda mass: special.betainccinv(a, b, mass))


@lru_cache(maxsize=1)
def normal_table() -> Floats:
    """Quantiles of Normal(0, 1)."""
    from scipy import special

    return quantile_table(special.ndtri, lambda mass: -special.ndtri(mass))


def constant_table(value: float) -> Floats:
    """A quantile table of a constant."""
    return quantile_table(lambda mass: np.full_like(mass, value), lambda mass: np.full_like(mass, value))
