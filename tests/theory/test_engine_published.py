"""BG/NBD and Pareto/NBD as scenarios: the simulated agrees with the closed forms, which are written out here again.

Every mean and share is judged in its own standard error, 4 of them allowed; each test names a wrong value as well,
one that a plausible slip would give, and which the same customers reject.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

Floats = npt.NDArray[np.float64]
N = 300_000


class History(NamedTuple):
    """Repeat purchases of customers in their first weeks, in the sense of the literature."""

    x: npt.NDArray[np.int64]
    last: Floats
    """t_x: week of the last purchase."""


def history(run: Run, weeks: float) -> History:
    rows, n = run.lives.rows, len(run.lives.customers)
    time = (rows["second"] - run.period_starts[0].timestamp()) / (7 * 86_400)
    seen = time < weeks
    last = np.zeros(n)
    np.maximum.at(last, rows["customer"][seen], time[seen])
    return History(np.bincount(rows["customer"][seen], minlength=n) - 1, last)


def z_of_mean(values: Any, expected: float) -> float:
    return abs(float((values.mean() - expected) / (values.std(ddof=1) / np.sqrt(len(values)))))


def z_of_share(count: Any, share: Any, n: int) -> Any:
    return abs((count / n - share) / np.sqrt(share * (1 - share) / n))


def active(run: Run, period: int) -> npt.NDArray[np.bool_]:
    """Who is still there at the start of a period."""
    return run.lives.stage_log[:, period] == 0


@pytest.fixture(scope="module")
def bg_nbd() -> Run:
    return crm.simulate(crm.scenario("bg_nbd_cdnow").replace(customers=N))


@pytest.fixture(scope="module")
def pareto_nbd() -> Run:
    return crm.simulate(crm.scenario("pareto_nbd_cdnow").replace(customers=N))


def rate_of(scenario: Scenario) -> tuple[float, float]:
    rate = scenario.traits.purchase_rate
    assert rate.alpha is not None
    return rate.shape, rate.alpha


# ---- BG/NBD: Fader, Hardie & Lee 2005


def bg_nbd_mean(r: float, alpha: float, a: float, b: float, t: float) -> float:
    """Expected repeat purchases until t, eq. (9)."""
    tail = (alpha / (alpha + t)) ** r * special.hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return float((a + b - 1) / (a - 1) * (1 - tail))


def bg_nbd_shares(r: float, alpha: float, a: float, b: float, t: float) -> Floats:
    """Probabilities of 0 to 7 repeat purchases until t, eq. (8)."""
    x = np.arange(8)
    nbd = np.exp(special.gammaln(r + x) - special.gammaln(r) - special.gammaln(x + 1))
    nbd *= (alpha / (alpha + t)) ** r * (t / (alpha + t)) ** x
    stayed = np.exp(special.betaln(a, b + x) - special.betaln(a, b)) * nbd
    left = np.exp(special.betaln(a + 1, b + x - 1) - special.betaln(a, b)) * (1 - np.cumsum(nbd) + nbd)
    return np.where(x > 0, stayed + left, stayed)


def bg_params(run: Run) -> tuple[float, float, float, float]:
    dropout = run.scenario.traits.dropout
    assert dropout is not None
    return *rate_of(run.scenario), dropout.a, dropout.b


@pytest.mark.parametrize("t", [39, 78])
def test_bg_nbd_expected_purchases(bg_nbd: Run, t: int) -> None:
    x, exact = history(bg_nbd, t).x, bg_nbd_mean(*bg_params(bg_nbd), t)
    assert z_of_mean(x, exact) < 4
    assert z_of_mean(x, bg_nbd_mean(*bg_params(bg_nbd), t * 0.95)) > 4  # a clock that is 5 % slow
    r, alpha, a, b = bg_params(bg_nbd)
    assert z_of_mean(x, bg_nbd_mean(r, alpha, b, a, t)) > 50  # staying taken for leaving


def test_bg_nbd_number_of_purchases(bg_nbd: Run) -> None:
    x, shares = history(bg_nbd, 39).x, bg_nbd_shares(*bg_params(bg_nbd), 39)
    counts = np.bincount(x, minlength=8)[:8]
    assert z_of_share(counts, shares, N).max() < 4
    a, b = bg_params(bg_nbd)[2:]
    none = a / (a + b) + b / (a + b) * shares[0]  # some would leave after the first purchase
    assert z_of_share(counts[0], none, N) > 50


def bg_nbd_alive(params: tuple[float, ...], seen: History, t: float) -> Floats:
    """Probability to be active at t given the purchases until then: Fader, Hardie & Lee 2005, from eq. (6)."""
    r, alpha, a, b = params
    silent = (alpha + t) / (alpha + seen.last)
    odds = a / (b + np.maximum(seen.x, 1) - 1) * silent ** (r + seen.x)
    return np.where(seen.x > 0, 1 / (1 + odds), 1.0)


def worst_bin(chance: Floats, alive: npt.NDArray[np.bool_]) -> float:
    """Ten equal bins of the predicted chance: largest z of alive customers less the sum of their chances."""
    order = np.argsort(chance)
    bins = [(chance[part], alive[part]) for part in np.array_split(order, 10)]
    return max(abs(a.sum() - p.sum()) / np.sqrt((p * (1 - p)).sum()) for p, a in bins)


def test_bg_nbd_probability_alive(bg_nbd: Run) -> None:
    """Of customers who are active with chance p by the formula, a share p is active."""
    seen, alive = history(bg_nbd, 39), active(bg_nbd, 39)
    assert alive[seen.x == 0].all()  # nobody leaves before a repeat purchase
    repeat = seen.x > 0
    chance = bg_nbd_alive(bg_params(bg_nbd), seen, 39)
    assert worst_bin(chance[repeat], alive[repeat]) < 4
    late = bg_nbd_alive(bg_params(bg_nbd), History(seen.x + 1, seen.last), 39)  # the first purchase counted as well
    assert worst_bin(late[repeat], alive[repeat]) > 10


# ---- Pareto/NBD: Schmittlein, Morrison & Colombo 1987; Fader & Hardie 2005, a note on deriving the model


def pareto_params(run: Run) -> tuple[float, float, float, float]:
    dropout = run.scenario.traits.dropout
    assert dropout is not None
    return *rate_of(run.scenario), dropout.shape, dropout.alpha


def pareto_nbd_mean(r: float, alpha: float, s: float, beta: float, t: float) -> float:
    """Expected repeat purchases until t, eq. (27) of the note."""
    return r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1))


@pytest.mark.parametrize("t", [39, 78])
def test_pareto_nbd_expected_purchases(pareto_nbd: Run, t: int) -> None:
    x, params = history(pareto_nbd, t).x, pareto_params(pareto_nbd)
    assert z_of_mean(x, pareto_nbd_mean(*params, t)) < 4
    assert z_of_mean(x, pareto_nbd_mean(*params, t * 1.05)) > 4  # a clock that is 5 % fast
    assert z_of_mean(x, params[0] / params[1] * t) > 50  # nobody leaves: the NBD alone


def test_pareto_nbd_survival(pareto_nbd: Run) -> None:
    _, _, s, beta = pareto_params(pareto_nbd)
    weeks = np.array([1, 4, 13, 26, 39, 52, 77])
    left = np.array([active(pareto_nbd, week).sum() for week in weeks])
    assert z_of_share(left, (beta / (beta + weeks)) ** s, N).max() < 4
    assert z_of_share(left, np.exp(-s / beta * weeks), N).max() > 50  # all with the same rate of leaving
    assert z_of_share(left, (beta / (beta + weeks - 0.5)) ** s, N).max() > 4  # those who leave do so in mid-week


# ---- the parameters again, from the simulated purchases, by a public library


def test_parameters_of_bg_nbd_recovered() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library is no longer maintained
        from lifetimes import BetaGeoFitter

        run = crm.simulate(crm.scenario("bg_nbd_cdnow").replace(customers=20_000, periods=39, seed=5))
        seen = history(run, 39)
        fitted = BetaGeoFitter().fit(seen.x, seen.last, np.full(len(seen.x), 39.0))
        names = ["r", "alpha", "a", "b"]
        found, se = fitted.params_[names].to_numpy(), fitted.standard_errors_[names].to_numpy()
    assert (abs(found - bg_params(run)) / se).max() < 4
    r, alpha, a, b = bg_params(run)
    assert (abs(found - (r, alpha, b, a)) / se).max() > 4  # leaving and staying mixed up


def test_parameters_of_pareto_nbd_recovered() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import ParetoNBDFitter

        run = crm.simulate(crm.scenario("pareto_nbd_cdnow").replace(customers=20_000, periods=39, seed=5))
        seen = history(run, 39)
        known = (seen.x, seen.last, np.full(len(seen.x), 39.0))
        found = ParetoNBDFitter().fit(*known).params_.to_numpy()
        se = standard_errors(lambda params: ParetoNBDFitter._conditional_log_likelihood(params, *known), found)
    assert (abs(found - pareto_params(run)) / se).max() < 4
    r, alpha, s, beta = pareto_params(run)
    assert (abs(found - (s, beta, r, alpha)) / se).max() > 4  # buying and leaving mixed up


def standard_errors(log_likelihood: Any, params: Floats) -> Floats:
    """From the outer product of the customers' scores, by central differences."""
    steps = np.diag(params * 1e-4)
    scores = np.stack([(log_likelihood(params + d) - log_likelihood(params - d)) / (2 * d.sum()) for d in steps])
    return np.sqrt(np.diag(np.linalg.inv(scores @ scores.T)))
