"""The hash behind every draw: it is the published one, and its output looks like luck wherever one looks.

Every test of luck has a fixed seed, so its result never changes; the critical values are those of a test that a
perfect source would fail once in a million times.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from numba import njit
from scipy import stats

from crmsim.engine import kernel

Floats = npt.NDArray[np.float64]
N = 200_000
ALPHA = 1e-6
PURPOSES = [name for name in vars(kernel) if name.isupper() and isinstance(getattr(kernel, name), np.uint64)]


@njit
def outputs(key: Any, n: int) -> Any:
    """The first outputs of the stream with this key."""
    found = np.empty(n, dtype=np.uint64)
    for k in range(n):
        found[k] = kernel.bits(key, np.uint64(0), np.int64(0), np.int64(k))
    return found


@njit
def uniforms(seed: Any, replication: Any, customer: Any, purpose: Any, period: Any, item: Any) -> Any:
    """One uniform for each address (arrays of one length)."""
    found = np.empty(len(customer))
    for i in range(len(customer)):
        key = kernel.luck(seed[i], replication[i], customer[i])
        found[i] = kernel.uniform(key, purpose[i], period[i], item[i])
    return found


@njit
def unmixed(key: Any, n: int) -> Any:
    """What the addresses would give without the hash: a source that the tests must refuse."""
    found = np.empty(n)
    for k in range(n):
        found[k] = np.float64((key + np.uint64(0x9E3779B97F4A7C15) * np.uint64(k)) >> np.uint64(11)) * 2.0**-53
    return found


AXES = {"seed": np.uint64, "replication": np.int64, "customer": np.uint64, "purpose": np.uint64, "period": np.int64}
START = {"seed": 7, "replication": 0, "customer": 0, "purpose": 17, "period": 0, "item": 0}


def draws(**addresses: Any) -> Floats:
    """Uniforms at the given addresses; what is not named stands at its start."""
    named = np.broadcast_arrays(*[addresses.get(axis, START[axis]) for axis in START])
    columns = [
        np.ascontiguousarray(values).astype(AXES.get(axis, np.int64)) for axis, values in zip(START, named, strict=True)
    ]
    return np.asarray(uniforms(*columns))


def chi_square(counts: npt.NDArray[Any]) -> float:
    """Chi-square of counts against equal shares, over its critical value: above 1 is a failure."""
    flat = counts.ravel()
    expected = flat.sum() / len(flat)
    return float(((flat - expected) ** 2).sum() / expected / stats.chi2.isf(ALPHA, len(flat) - 1))


def pair_cells(one: Floats, two: Floats) -> npt.NDArray[Any]:
    return np.histogram2d(one, two, bins=16, range=((0, 1), (0, 1)))[0]


def correlation(one: Floats, two: Floats) -> float:
    """Correlation over its critical value."""
    return float(abs(np.corrcoef(one, two)[0, 1]) * np.sqrt(len(one)) / stats.norm.isf(ALPHA / 2))


def test_the_hash_is_the_published_splitmix64() -> None:
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert outputs(np.uint64(1234567), 5).tolist() == published
    assert outputs(np.uint64(1234568), 5).tolist() != published


def test_purposes_have_different_numbers() -> None:
    numbers = [int(getattr(kernel, name)) for name in PURPOSES if not name.startswith("_")]
    assert len(numbers) >= 12
    assert len(set(numbers)) == len(numbers)


def test_addresses_do_not_collide() -> None:
    grid = np.meshgrid(np.arange(40), [1, 8, 16, 17, 18, 19], np.arange(40), np.arange(40), indexing="ij")
    customer, purpose, period, item = (axis.ravel() for axis in grid)
    assert len(np.unique(draws(customer=customer, purpose=purpose, period=period, item=item))) == len(customer)


def test_uniforms_lie_strictly_between_zero_and_one() -> None:
    seen = draws(customer=np.arange(N))
    assert 0 < seen.min() < 1e-4
    assert 1 - 1e-4 < seen.max() < 1
    assert ((seen * 2.0**53) % 2 == 1).all()  # the middles of 2^52 cells: 0 and 1 cannot come


@pytest.mark.parametrize("axis", START)
def test_uniform_along_every_axis(axis: str) -> None:
    n = 250 if axis == "purpose" else 60_000 if axis == "period" else N
    along = np.arange(n)
    seen = (
        draws(**{axis: along})
        if n > 1000
        else draws(customer=np.repeat(np.arange(1000), n), purpose=np.tile(along, 1000))
    )
    assert chi_square(np.histogram(seen, bins=256, range=(0, 1))[0]) < 1
    low_bits = (seen * 2.0**52).astype(np.int64) % 256
    assert chi_square(np.bincount(low_bits, minlength=256)) < 1


@pytest.mark.parametrize("axis", START)
@pytest.mark.parametrize("step", [1, 2, 64])
def test_neighbours_are_independent(axis: str, step: int) -> None:
    customer = np.arange(N)
    here = {"customer": customer, axis: customer % 8 if axis != "customer" else customer}
    one, two = draws(**here), draws(**{**here, axis: here[axis] + step})
    assert chi_square(pair_cells(one, two)) < 1
    assert correlation(one, two) < 1
    squares = (one - 0.5) ** 2, (two - 0.5) ** 2  # dependence that leaves the plain correlation at zero
    assert correlation(*squares) < 1


def test_traits_share_no_luck_with_lives() -> None:
    """Replication -1 is the luck of traits: no replication from 0 on repeats it."""
    customer = np.arange(N)
    traits = draws(customer=customer, replication=-1)
    for replication in (0, 1, 2):
        assert correlation(traits, draws(customer=customer, replication=replication)) < 1


def test_a_source_without_the_hash_is_refused() -> None:
    weak = np.asarray(unmixed(np.uint64(7), N + 1))
    assert chi_square(pair_cells(weak[:-1], weak[1:])) > 1
    assert chi_square(np.histogram(np.sqrt(draws(customer=np.arange(N))), bins=256, range=(0, 1))[0]) > 1
