"""From a uniform to a trait, a number of purchases, a move: each inversion against the exact distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from numba import njit
from scipy import special, stats

from crmsim.engine import kernel
from crmsim.engine.quantiles import beta_table, gamma_table, normal_table, quantile_table
from crmsim.engine.world import Setting, setting_of
from crmsim.settings.scenario import Scenario

Floats = npt.NDArray[np.float64]
SHAPES = [0.2, 0.5, 1.0, 1.6, 3.74, 6.25, 80.0]


@njit
def quantiles(table: Any, u: Any) -> Any:
    numbers, found = table.ravel(), np.empty(len(u))
    for i in range(len(u)):
        found[i] = kernel.quantile(numbers, kernel.FIRST, u[i])
    return found


@njit
def poissons(keys: Any, mean: Any) -> Any:
    """For each key: the uniform it starts from, and the number drawn."""
    luck, found = np.empty(len(keys)), np.empty(len(keys), dtype=np.int64)
    for i in range(len(keys)):
        luck[i] = kernel.uniform(keys[i], kernel.COUNT, np.int64(3), kernel.FIRST)
        found[i] = kernel.poisson(keys[i], kernel.COUNT, np.int64(3), mean[i])
    return luck, found


@njit
def drawn(numbers: Any, at: int, n_stages: int, n_losses: int, push: float, u: Any) -> Any:
    found = np.empty(len(u), dtype=np.int64)
    for i in range(len(u)):
        found[i] = kernel.move(numbers, at, n_stages, n_losses, push, u[i])
    return found


def moves(setting: Setting, stage: int, shift: float, u: Floats) -> Any:
    """The next stage for each luck, with the odds of losing ground shifted."""
    n, n_losses = len(setting.world.stages), setting.world.stages["n_losses"][stage]
    at = setting.rules["at_moves"][0] + stage * (2 * n + 1)
    return drawn(setting.numbers, at, np.int64(n), n_losses, float(np.exp(-shift)), u)


def grid() -> Floats:
    """Uniforms from one tail to the other, as fine at the ends as in the middle."""
    tail = 2.0 ** -np.linspace(1, 33, 20_001)
    return np.concatenate([tail, 1 - tail])


def relative_error(shape: float, exact_shape: float) -> float:
    u = grid()
    exact = np.where(u < 0.5, special.gammaincinv(exact_shape, u), special.gammainccinv(exact_shape, 1 - u))
    return float(np.max(np.abs(quantiles(gamma_table(shape), u) / exact - 1)))


@pytest.mark.parametrize("shape", SHAPES)
def test_gamma_quantiles(shape: float) -> None:
    assert relative_error(shape, shape) < 2e-4
    assert relative_error(shape, shape * 1.01) > 2e-4


def test_normal_quantiles() -> None:
    u = grid()
    table = normal_table()
    error = np.abs(quantiles(table, u) - special.ndtri(u))
    assert error.max() < 2e-4
    assert np.abs(quantiles(table, u) - special.ndtri(u) - 1e-3).max() > 2e-4


@pytest.mark.parametrize(("a", "b"), [(0.793, 2.426), (0.668, 3.806), (1.0, 1.0), (5.0, 2.0)])
def test_beta_quantiles(a: float, b: float) -> None:
    u = grid()
    exact = np.where(u < 0.5, special.betaincinv(a, b, u), special.betainccinv(a, b, 1 - u))
    assert np.abs(quantiles(beta_table(a, b), u) - exact).max() < 2e-4
    assert np.abs(quantiles(beta_table(a * 1.01, b), u) - exact).max() > 2e-4


def test_quantiles_never_fall() -> None:
    u = np.sort(grid())
    for shape in SHAPES:
        assert (np.diff(quantiles(gamma_table(shape), u)) >= 0).all()


def test_quantiles_beyond_the_table_stay_finite() -> None:
    ends = np.array([2.0**-53, 2.0**-40, 1 - 2.0**-40, 1 - 2.0**-53])
    table = quantile_table(special.ndtri, lambda mass: -special.ndtri(mass))
    assert np.isfinite(quantiles(table, ends)).all()
    assert (np.diff(quantiles(table, ends)) >= 0).all()


@pytest.mark.parametrize("mean", [1e-9, 0.02, 0.7, 3.0, 17.0, 127.9, 128.0])
def test_poisson_is_the_inverse_of_the_distribution(mean: float) -> None:
    keys = np.arange(20_000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    luck, found = poissons(keys, np.full(len(keys), mean))
    assert (found == stats.poisson.ppf(luck, mean)).all()
    if mean > 0.1:
        assert (found != stats.poisson.ppf(luck, mean * 1.01)).any()


@pytest.mark.parametrize("mean", [128.5, 300.0, 2_000.0])
def test_large_poisson_means(mean: float) -> None:
    """A sum of several draws has the exact mean and variance, and stays below the exact tail quantiles."""
    keys = np.arange(50_000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    _, found = poissons(keys, np.full(len(keys), mean))
    n = len(keys)
    assert abs(found.mean() - mean) < 4 * np.sqrt(mean / n)
    assert abs(found.mean() - mean * 1.01) > 4 * np.sqrt(mean / n)
    assert abs(found.var() / mean - 1) < 4 * np.sqrt((2 + 1 / mean) / n)
    edges = stats.poisson.ppf(np.linspace(0, 1, 21), mean)
    counts = np.histogram(found, bins=np.concatenate([[-1], edges[1:-1], [np.inf]]) + 0.5)[0]
    shares = np.diff(np.concatenate([[0], stats.poisson.cdf(edges[1:-1], mean), [1]]))
    assert ((counts - n * shares) ** 2 / (n * shares)).sum() < stats.chi2.isf(1e-6, len(counts) - 1)


def test_poisson_rises_with_the_mean() -> None:
    means = np.concatenate([np.linspace(0, 3, 200), np.linspace(3, 600, 600)])
    for key in range(20):
        _, found = poissons(np.full(len(means), key, dtype=np.uint64), means)
        assert (np.diff(found) >= 0).all()
        assert found[0] == 0


def test_no_mean_runs_away() -> None:
    _, found = poissons(np.arange(3, dtype=np.uint64), np.array([1e300, np.inf, np.nan]))
    assert found[0] == pytest.approx(kernel.MOST_PURCHASES, rel=0.05)
    assert found[1] == pytest.approx(kernel.MOST_PURCHASES, rel=0.05)
    assert found[2] == 0


def tilted(scenario: Scenario, stage: str, shift: float) -> dict[str, float]:
    """The row of a stage when the logit of losing ground falls by `shift`, worked out plainly."""
    row, standing = scenario.moves[stage], {name: part.standing for name, part in scenario.stages.items()}
    loses = {to: p for to, p in row.items() if standing[to] < standing[stage]}
    before = sum(loses.values())
    after = 1 / (1 + np.exp(shift - np.log(before / (1 - before)))) if 0 < before < 1 else before
    return {to: p * after / before if to in loses else p * (1 - after) / (1 - before) for to, p in row.items() if p > 0}


def shares_of_moves(scenario: Scenario, stage: str, shift: float, n: int = 200_000) -> dict[str, float]:
    """Shares of the next stage when the luck is an even grid: no luck at all."""
    names = list(scenario.stages)
    found = moves(setting_of(scenario, n_periods=1), names.index(stage), shift, (np.arange(n) + 0.5) / n)
    return {names[k]: count / n for k, count in enumerate(np.bincount(found, minlength=len(names))) if count}


@pytest.mark.parametrize("shift", [0.0, 0.5, -1.2, 300.0])
@pytest.mark.parametrize("stage", ["acquisition", "growth", "maturity", "decline", "churn"])
def test_moves_follow_the_row(shop: Scenario, stage: str, shift: float) -> None:
    found, exact = shares_of_moves(shop, stage, shift), tilted(shop, stage, shift)
    assert found == pytest.approx({to: p for to, p in exact.items() if p > 1e-9}, abs=1e-5)


def test_a_wrong_tilt_is_rejected(shop: Scenario) -> None:
    assert shares_of_moves(shop, "decline", 0.5) != pytest.approx(tilted(shop, "decline", 0.51), abs=1e-5)


def test_less_push_never_means_a_lower_standing(shop: Scenario) -> None:
    """The same luck and more loyalty: the next standing is the same or higher, for every stage and every luck."""
    setting = setting_of(shop, n_periods=1)
    standing = np.array([stage.standing for stage in shop.stages.values()])
    u = (np.arange(20_000) + 0.5) / 20_000
    for stage in range(len(standing)):
        before = None
        for shift in (-2.0, -0.3, 0.0, 0.7, 3.0):
            found = standing[moves(setting, stage, shift, u)]
            assert before is None or (found >= before).all()
            before = found
