"""BG/BB and shifted-beta-geometric as scenarios: the simulated agrees with the closed forms, written out here again.

Every mean and share is judged in its own standard error, 4 of them allowed; each test names a wrong value as well,
one that a plausible slip would give, and which the same customers reject.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special

import crmsim as crm
from crmsim.engine.simulate import Run

Floats = npt.NDArray[np.float64]
HIGH_END = (100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4)
"""Share of the 'High end' subscribers left after 0 to 12 years, in %: Fader & Hardie 2007, table 1."""


def z_of_mean(values: Any, expected: float) -> float:
    return abs(float((values.mean() - expected) / (values.std(ddof=1) / np.sqrt(len(values)))))


def z_of_share(count: Any, share: Any, n: int) -> Any:
    return abs((count / n - share) / np.sqrt(share * (1 - share) / n))


@pytest.fixture(scope="module")
def bg_bb() -> Run:
    return crm.simulate(crm.scenario("bg_bb").replace(customers=300_000))


# ---- BG/BB: Fader, Hardie & Shang 2010


def bg_bb_params(run: Run) -> tuple[float, float, float, float]:
    chance, dropout = run.scenario.traits.purchase_chance, run.scenario.traits.dropout
    assert chance is not None
    assert dropout is not None
    return chance.a, chance.b, dropout.a, dropout.b


def bg_bb_mean(alpha: float, beta: float, gamma: float, delta: float, n: int) -> float:
    """Expected purchases on n occasions: chance to buy x expected occasions lived through."""
    survived = np.exp(special.betaln(gamma, delta + np.arange(1, n + 1)) - special.betaln(gamma, delta))
    return float(alpha / (alpha + beta) * survived.sum())


def bg_bb_shares(alpha: float, beta: float, gamma: float, delta: float, n: int) -> Floats:
    """Probabilities of 0 .. n purchases on n occasions: alive throughout, or for the first i occasions only."""

    def bought(x: Any, i: int) -> Any:
        log = special.betaln(alpha + x, beta + i - x) - special.betaln(alpha, beta)
        return special.comb(i, x) * np.exp(log)

    shares = np.zeros(n + 1)
    for i in range(n + 1):
        stayed = (gamma, delta + n) if i == n else (gamma + 1, delta + i)
        shares[: i + 1] += bought(np.arange(i + 1), i) * np.exp(special.betaln(*stayed) - special.betaln(gamma, delta))
    return shares


def occasions_bought(run: Run, n: int) -> npt.NDArray[np.int64]:
    bought = run.transactions
    return np.bincount(bought["customer_id"][bought["period"] <= n], minlength=len(run.customers)) - 1


@pytest.mark.parametrize("n", [6, 11])
def test_bg_bb_purchases(bg_bb: Run, n: int) -> None:
    x, params = occasions_bought(bg_bb, n), bg_bb_params(bg_bb)
    assert z_of_mean(x, bg_bb_mean(*params, n)) < 4
    shares = bg_bb_shares(*params, n)
    assert shares.sum() == pytest.approx(1)
    assert z_of_share(np.bincount(x, minlength=n + 1), shares, len(x)).max() < 4
    gamma, delta = params[2:]
    sure = special.beta(gamma, delta) / special.beta(gamma, delta + 1)
    assert z_of_mean(x, bg_bb_mean(*params, n) * sure) > 10  # leaving only possible after an occasion


# ---- shifted-beta-geometric: Fader & Hardie 2007


def sbg_survival(alpha: float, beta: float, years: int) -> Floats:
    """Share left after 0 .. years, from the retention rates (beta + t - 1) / (alpha + beta + t - 1), eq. (7)."""
    t = np.arange(1, years + 1)
    return np.concatenate([[1.0], np.cumprod((beta + t - 1) / (alpha + beta + t - 1))])


def test_sbg_survival() -> None:
    n = 600_000
    run = crm.simulate(crm.scenario("sbg_high_end").replace(customers=n))
    dropout = run.scenario.traits.dropout
    assert dropout is not None
    left = np.bincount(run.transactions["period"])  # a fee from each who is left
    assert left[0] == n
    exact = sbg_survival(dropout.a, dropout.b, 12)
    assert z_of_share(left[1:], exact[1:], n).max() < 4
    assert z_of_share(left[1:], sbg_survival(dropout.b, dropout.a, 12)[1:], n).min() > 50  # who leaves, who stays
    constant = (1 - dropout.a / (dropout.a + dropout.b)) ** np.arange(13)  # nobody differs
    assert z_of_share(left[2:], constant[2:], n).min() > 20
    noise = 400 * np.sqrt(exact * (1 - exact) / n)  # 4 standard errors, in points
    misfit = abs(exact * 100 - HIGH_END).max()  # of the model itself, in its worst year: 1.8 points
    assert misfit < 1.9
    assert (abs(left / n * 100 - HIGH_END) < misfit + noise).all()
    assert abs(constant * 100 - HIGH_END).max() > 20
