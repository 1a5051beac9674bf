"""Each formula of the models a second way: by integrating over the customers or over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import crmsim as crm
from crmsim.value import bgnbd as bgnbd_module
from crmsim.value import gammagamma as gamma_module
from crmsim.value import paretonbd as pareto_module

value = crm.value
HISTORIES = [(0, 0.0, 20.0), (1, 5.0, 20.0), (4, 19.0, 20.0), (4, 6.0, 20.0), (4, 20.0, 20.0)]
BG = {"r": 0.8, "alpha": 5.0, "a": 0.9, "b": 2.5}
PARETO = {"r": 0.8, "alpha": 5.0, "s": 1.4, "beta": 30.0}


def one(x: int, last: float, age: float) -> pd.DataFrame:
    return pd.DataFrame({"frequency": [x], "recency_at_last": [last], "age": [age]})


def arrays(x: int, last: float, age: float) -> tuple[np.ndarray, ...]:
    return tuple(np.array([float(number)]) for number in (x, last, age))


def mean_over(f: Callable[[float, float], float], first: Any, second: Any) -> float:
    """Mean of f(u, v) over two independent traits, by Gauss-Legendre on the ranks of both."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    # Ranks crowd at both ends, where the traits have their tails.
    rank = 1 / (1 + np.exp(-25 * nodes))
    weight = weights * 25 * rank * (1 - rank)
    table = f(first.ppf(rank)[:, None], second.ppf(rank)[None, :])
    return float(weight @ table @ weight)


def bg_given(x: int, last: float, age: float) -> Callable[..., Any]:
    """Likelihood of a history for a customer with rate u and drop-out probability v; the part still alive."""

    def alive(u: Any, v: Any) -> Any:
        return (1 - v) ** x * u**x * np.exp(-u * age)

    def left(u: Any, v: Any) -> Any:
        return (x > 0) * v * (1 - v) ** max(x - 1, 0) * u**x * np.exp(-u * last)

    return lambda u, v, part: alive(u, v) if part == "alive" else alive(u, v) + left(u, v)


def pareto_given(x: int, last: float, age: float) -> Callable[..., Any]:
    def alive(u: Any, v: Any) -> Any:
        return u**x * np.exp(-(u + v) * age)

    def left(u: Any, v: Any) -> Any:
        return u**x * v / (u + v) * (np.exp(-(u + v) * last) - np.exp(-(u + v) * age))

    return lambda u, v, part: alive(u, v) if part == "alive" else alive(u, v) + left(u, v)


def bg_future(u: Any, v: Any, t: float) -> Any:
    return -np.expm1(-u * v * t) / v


def pareto_future(u: Any, v: Any, t: float) -> Any:
    return -u * np.expm1(-v * t) / v


CASES = {
    "BG/NBD": (
        value.BGNBD, BG, bgnbd_module._log_likelihood, bg_given, bg_future,
        stats.gamma(BG["r"], scale=1 / BG["alpha"]), stats.beta(BG["a"], BG["b"]),
    ),
    "Pareto/NBD": (
        value.ParetoNBD, PARETO, pareto_module._log_likelihood, pareto_given, pareto_future,
        stats.gamma(PARETO["r"], scale=1 / PARETO["alpha"]), stats.gamma(PARETO["s"], scale=1 / PARETO["beta"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("history", HISTORIES)
def test_by_integration_over_customers(case: str, history: tuple[int, float, float]) -> None:
    kind, params, log_likelihood, given, future, first, second = CASES[case]
    likelihood = given(*history)
    whole = mean_over(lambda u, v: likelihood(u, v, "all"), first, second)
    alive = mean_over(lambda u, v: likelihood(u, v, "alive"), first, second)
    bought = mean_over(lambda u, v: likelihood(u, v, "alive") * future(u, v, 10.0), first, second)
    found = log_likelihood(np.array(list(params.values())), arrays(*history))[0]
    assert np.exp(found) == pytest.approx(whole, rel=2e-6)
    model = kind.from_params(**params)
    assert model.probability_alive(one(*history))[0] == pytest.approx(alive / whole, rel=2e-6)
    assert model.expected_purchases(10.0, summary=one(*history))[0] == pytest.approx(bought / whole, rel=2e-6)
    assert model.expected_purchases(10.0) == pytest.approx(mean_over(lambda u, v: future(u, v, 10.0), first, second))
    if history[0] and history[1] < history[2]:
        without_silence = model.expected_purchases(10.0, summary=one(history[0], history[2], history[2]))[0]
        assert without_silence != pytest.approx(bought / whole, rel=1e-2)


@pytest.mark.parametrize(("a", "b"), [(1.0, 2.0), (1 + 1e-7, 2.0), (0.4, 0.6), (0.3, 0.3), (0.6, 0.2), (3.0, 0.5)])
def test_bgnbd_expectation_has_no_holes(a: float, b: float) -> None:
    """At a = 1 and a + b = 1 the published formula is 0 / 0, below that its denominator is negative."""
    from scipy.special import hyp2f1

    r, alpha, t = 0.5, 4.0, 30.0
    direct, _ = integrate.quad(lambda u: r / alpha * hyp2f1(r + 1, a, a + b, -u / alpha), 0, t, epsabs=0)
    found = value.BGNBD.from_params(r=r, alpha=alpha, a=a, b=b).expected_purchases(t)
    assert found == pytest.approx(direct, rel=1e-7)
    assert found != pytest.approx(r / alpha * t, rel=0.1)  # nobody leaves


@pytest.mark.parametrize("s", [1.0, 1.0 + 1e-9, 0.999999])
def test_pareto_expectation_is_smooth_at_s_1(s: float) -> None:
    found = value.ParetoNBD.from_params(r=2, alpha=4, s=s, beta=10).expected_purchases(10)
    assert found == pytest.approx(0.5 * 10 * np.log(2), rel=1e-5)


@pytest.mark.parametrize(("alpha", "beta"), [(10.0, 11.0), (11.0, 10.0), (2.0, 400.0), (400.0, 2.0), (7.0, 7.0)])
@pytest.mark.parametrize("x", [0, 1, 60])
@pytest.mark.parametrize(("r", "s"), [(0.5, 0.6), (80.0, 3.0), (2.0, 300.0)])
def test_pareto_likelihood_by_integration_over_the_moment_of_leaving(
    alpha: float, beta: float, x: int, r: float, s: float
) -> None:
    last, age = (0.0, 30.0) if x == 0 else (22.0, 30.0)
    params, rows = np.array([r, alpha, s, beta]), arrays(x, last, age)
    start = pareto_module._log_left(params, rows)[0]

    def density(y: float) -> float:
        log = np.log(s) - np.log(beta + y) - r * np.log1p(y / alpha) - x * np.log(alpha + y) - s * np.log1p(y / beta)
        return float(np.exp(log - start))

    found, _ = integrate.quad(density, last, age, epsabs=0, epsrel=1e-11)
    assert found == pytest.approx(1.0, rel=1e-8)


def test_many_purchases_do_not_overflow() -> None:
    """Fader & Hardie 2013 on the BG/NBD model's #NUM! error: hundreds of purchases broke early programs."""
    busy = pd.DataFrame({"frequency": [500, 5_000], "recency_at_last": [99.9, 99.9], "age": [100.0, 100.0]})
    for model in (value.BGNBD.from_params(**BG), value.ParetoNBD.from_params(**PARETO)):
        alive = model.probability_alive(busy)
        expected = model.expected_purchases(10, summary=busy)
        assert (alive > 0).all()
        assert (alive <= 1).all()
        assert (expected > 0).all()
        assert (expected <= 1.02 * busy["frequency"] / 10).all()


def test_sbg_by_multiplying_retention_rates() -> None:
    model = value.ShiftedBetaGeometric.from_params(alpha=0.668, beta=3.806)
    survival = np.cumprod(model.retention_rate(np.arange(1, 13)))
    np.testing.assert_allclose(model.probability_alive(np.arange(1, 13)), survival)
    assert model.expected_purchases(12) == pytest.approx(survival.sum())
    assert model.expected_purchases(5, age=7) == pytest.approx(survival[7:].sum() / survival[6])
    assert model.expected_purchases(5, age=7) != pytest.approx(model.expected_purchases(5), rel=0.05)


def test_gamma_gamma_by_integration_over_customers() -> None:
    p, q, gamma, x, mean = 3.0, 2.5, 20.0, 4, 37.0
    rate = stats.gamma(q, scale=1 / gamma)

    def integral(f: Callable[[float], float]) -> float:
        return float(integrate.quad(lambda nu: f(nu) * rate.pdf(nu), 0, np.inf, epsabs=0)[0])

    def likelihood(nu: float) -> float:
        return float(stats.gamma(p * x, scale=1 / (nu * x)).pdf(mean))

    whole = integral(likelihood)
    rows = (np.array([float(x)]), np.array([mean]))
    assert np.exp(gamma_module._log_likelihood(np.array([p, q, gamma]), rows))[0] == pytest.approx(whole)
    spend = integral(lambda nu: likelihood(nu) * p / nu) / whole
    model = value.GammaGamma.from_params(p=p, q=q, gamma=gamma)
    found = model.expected_spend(pd.DataFrame({"frequency": [x], "mean_spend": [mean]}))[0]
    assert found == pytest.approx(spend)
    assert found != pytest.approx(mean, rel=1e-3)  # his own mean alone
    assert model.expected_spend() == pytest.approx(integral(lambda nu: p / nu))
