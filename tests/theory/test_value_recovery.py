"""Recovery: customers are invented with known parameters, and the estimators must find them again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm

value = crm.value
BG = {"r": 0.8, "alpha": 5.0, "a": 0.9, "b": 2.5}
PARETO = {"r": 0.8, "alpha": 5.0, "s": 1.4, "beta": 30.0}


def bg_customers(n: int, rng: np.random.Generator, r: float, alpha: float, a: float, b: float) -> pd.DataFrame:
    """Invented customers, one purchase after another."""
    age = rng.uniform(20, 100, n)
    rate, leaves = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    x, last, now = np.zeros(n, int), np.zeros(n), np.zeros(n)
    alive = np.arange(n)
    while len(alive):
        now[alive] += rng.exponential(1, len(alive)) / np.maximum(rate[alive], 1e-300)
        alive = alive[now[alive] <= age[alive]]
        x[alive] += 1
        last[alive] = now[alive]
        alive = alive[rng.random(len(alive)) >= leaves[alive]]
    return pd.DataFrame({"frequency": x, "recency_at_last": last, "age": age})


def pareto_customers(n: int, rng: np.random.Generator, r: float, alpha: float, s: float, beta: float) -> pd.DataFrame:
    age = rng.uniform(20, 100, n)
    rate, death = rng.gamma(r, 1 / alpha, n), rng.exponential(1, n) / rng.gamma(s, 1 / beta, n)
    lived = np.minimum(age, death)
    x = rng.poisson(rate * lived)
    last = np.where(x > 0, lived * rng.random(n) ** (1 / np.maximum(x, 1)), 0.0)
    return pd.DataFrame({"frequency": x, "recency_at_last": last, "age": age})


@pytest.mark.parametrize(
    ("kind", "invent", "params"),
    [(value.BGNBD, bg_customers, BG), (value.ParetoNBD, pareto_customers, PARETO)],
    ids=["BG/NBD", "Pareto/NBD"],
)
def test_parameters_are_recovered(kind: Any, invent: Any, params: dict[str, float]) -> None:
    model = kind().fit(invent(5_000, np.random.default_rng(11), **params))
    deviations = [(model.params[name] - true) / model.standard_errors[name] for name, true in params.items()]
    assert np.abs(deviations).max() < 4
    doubled = [(model.params[name] - 2 * true) / model.standard_errors[name] for name, true in params.items()]
    assert np.abs(doubled).max() > 4


def test_gamma_gamma_and_sbg_are_recovered() -> None:
    rng = np.random.default_rng(12)
    x = 1 + rng.poisson(3, 20_000)
    spend = rng.gamma(6.25 * x) / rng.gamma(3.74, 1 / 15.45, 20_000) / x
    gamma = value.GammaGamma().fit(pd.DataFrame({"frequency": x, "mean_spend": spend}))
    for name, true in {"p": 6.25, "q": 3.74, "gamma": 15.45}.items():
        assert abs(gamma.params[name] - true) < 4 * gamma.standard_errors[name] < 0.7 * true
    churned_at, n_seen = rng.geometric(rng.beta(0.8, 3.0, 4_000)), rng.integers(1, 10, 4_000)
    contracts = pd.DataFrame({"age": np.minimum(churned_at, n_seen), "churned": churned_at <= n_seen})
    sbg = value.ShiftedBetaGeometric().fit(contracts)
    for name, true in {"alpha": 0.8, "beta": 3.0}.items():
        assert abs(sbg.params[name] - true) < 4 * sbg.standard_errors[name] < 0.7 * true


def test_standard_errors_match_the_spread_over_repeated_samples() -> None:
    rng = np.random.default_rng(13)
    fits = [value.BGNBD().fit(bg_customers(1_000, rng, **BG)) for _ in range(60)]
    for name in ("r", "alpha"):
        spread = np.std([fit.params[name] for fit in fits], ddof=1)
        claimed = np.mean([fit.standard_errors[name] for fit in fits])
        # The spread of 60 values is itself known to about 1 / sqrt(2 * 59) = 9%.
        assert 1 - 4 * 0.092 < spread / claimed < 1 + 4 * 0.092
