"""Tables of quantiles for the compiled kernel: fine towards both tails, read without a branch.

They are kept on the disk, beside the compiled kernel: to load SciPy and to work them out takes half a second, which
is much of a short run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy

from crmsim.engine.caching import choose_cache
from crmsim.engine.kernel import OCTAVES, STEPS

Floats = npt.NDArray[np.float64]
SHAPE = (2, OCTAVES * STEPS + 2)
MOST_KEPT = 200
"""Tables on the disk, at most: whoever tries out hundreds of scenarios shall not find them there for ever."""


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


def kept(name: str, make: Callable[[], Floats]) -> Floats:
    """The table from the disk, or made, and kept for the next start; a file that is no such table is made anew."""
    path = Path(choose_cache()) / "tables" / f"{name}-scipy-{scipy.__version__}.npy"
    with suppress(OSError, ValueError, EOFError):
        found = np.load(path, allow_pickle=False)
        if found.shape == SHAPE and found.dtype == np.float64 and np.isfinite(found).all():
            return found
    table = make()
    with suppress(OSError):  # a disk that is full or read-only only costs the half second next time
        path.parent.mkdir(parents=True, exist_ok=True)
        if len(list(path.parent.iterdir())) >= MOST_KEPT:
            return table
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npy", delete=False) as half:
            np.save(half, table)
        os.replace(half.name, path)
    return table


@lru_cache(maxsize=64)
def gamma_table(shape: float, scale: float = 1.0) -> Floats:
    """Quantiles of Gamma(shape) times `scale`."""

    def make() -> Floats:
        from scipy import special

        return quantile_table(lambda mass: special.gammaincinv(shape, mass), lambda m: special.gammainccinv(shape, m))

    return kept(f"gamma-{shape!r}", make) * scale


@lru_cache(maxsize=64)
def beta_table(a: float, b: float) -> Floats:
    """Quantiles of Beta(a, b)."""

    def make() -> Floats:
        from scipy import special

        return quantile_table(lambda mass: special.betaincinv(a, b, mass), lambda m: special.betainccinv(a, b, m))

    return kept(f"beta-{a!r}-{b!r}", make)


@lru_cache(maxsize=1)
def normal_table() -> Floats:
    """Quantiles of Normal(0, 1)."""

    def make() -> Floats:
        from scipy import special

        return quantile_table(special.ndtri, lambda mass: -special.ndtri(mass))

    return kept("normal", make)


def constant_table(value: float) -> Floats:
    """A quantile table of a constant."""
    return quantile_table(lambda mass: np.full_like(mass, value), lambda mass: np.full_like(mass, value))
