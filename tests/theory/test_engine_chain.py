"""The stages against the algebra of Markov chains: the course's reference chain, many customers.

Nobody buys here, so the lives of half a million customers are short work. A share is judged in its binomial
standard error, a mean in its sample standard error; 4 of them are allowed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import crmsim as crm
from crmsim.settings.scenario import Scenario

Log = npt.NDArray[np.int8]
N, PERIODS = 1_000_000, 40
CHURNED = {1: 0.1, 2: 0.179, 3: 0.24445, 6: 0.398999, 12: 0.619692}
"""Share churned so many months after acquisition, from the reference table."""
MONTHS = {"acquisition": 12.8760, "growth": 14.6512, "maturity": 14.9612, "decline": 6.2016}
"""Expected months before churn from each stage, the present month counted as one."""


@pytest.fixture(scope="module")
def idle_shop(plain_shop: Scenario) -> Scenario:
    return plain_shop.replace(**{"traits.purchase_rate.mean": 0.0})


@pytest.fixture(scope="module")
def log(idle_shop: Scenario) -> Log:
    """Stage numbers, a row for each customer and a column for each period."""
    return crm.simulate(idle_shop.replace(customers=N, periods=PERIODS)).lives.stage_log


def matrix(scenario: Scenario) -> npt.NDArray[np.float64]:
    names = list(scenario.stages)
    return np.array([[scenario.moves[a].get(b, 0.0) for b in names] for a in names])


def z_of_share(count: Any, share: Any, n: int = N) -> Any:
    """How many standard errors a count lies off."""
    return (count / n - share) / np.sqrt(share * (1 - share) / n)


def test_the_shop_holds_the_reference_chain(idle_shop: Scenario) -> None:
    """The published numbers follow from the rows of the scenario, so they are those to compare with."""
    moves = matrix(idle_shop)
    for months, share in CHURNED.items():
        assert np.linalg.matrix_power(moves, months)[0, 4] == pytest.approx(share, abs=5e-7)
    lasting = np.linalg.inv(np.eye(4) - moves[:4, :4]).sum(axis=1)
    assert lasting == pytest.approx(list(MONTHS.values()), abs=5e-5)


@pytest.mark.parametrize("months", CHURNED)
def test_share_churned(log: Log, months: int) -> None:
    count = (log[:, months] == 4).sum()
    assert abs(z_of_share(count, CHURNED[months])) < 4
    assert abs(z_of_share(count, CHURNED[months] * 1.01)) > 4


def test_occupancy_of_every_stage(idle_shop: Scenario, log: Log) -> None:
    share = np.eye(5)[0]
    worst = []
    for period in range(PERIODS):
        counts = np.bincount(log[:, period], minlength=5)
        assert counts.sum() == N
        possible = (share > 0) & (share < 1)
        assert (counts[~possible] == N * share[~possible]).all()
        worst += list(abs(z_of_share(counts[possible], share[possible])))
        share = share @ matrix(idle_shop)
    assert max(worst) < 4.9  # of 195 shares: once in five thousand times by chance
    off_by_one = z_of_share(np.bincount(log[:, 4], minlength=5), np.linalg.matrix_power(matrix(idle_shop), 5)[0])
    assert abs(off_by_one).max() > 50


def test_counted_moves_are_the_rows(idle_shop: Scenario, log: Log) -> None:
    """The estimate from counts, each move within its standard error (Anderson & Goodman 1957, section 2)."""
    pairs = log[:, :-1].astype(np.int64) * 5 + log[:, 1:]
    counts = np.bincount(pairs.ravel(), minlength=25).reshape(5, 5)
    moves, visits = matrix(idle_shop), counts.sum(axis=1, keepdims=True)
    assert (counts[moves == 0] == 0).all()
    inside = (moves > 0) & (moves < 1)
    z = (counts / visits - moves)[inside] / np.sqrt(moves * (1 - moves) / visits)[inside]
    assert abs(z).max() < 4.5
    assert abs(z).max() > 0.3  # luck is there


@pytest.mark.parametrize("stage", MONTHS)
def test_expected_months_before_churn(idle_shop: Scenario, stage: str) -> None:
    """From the first month in a stage on, to the end of everybody's life: 160 months leave one in ten thousand."""
    names = list(idle_shop.stages)
    log = crm.simulate(idle_shop.replace(customers=300_000, periods=160)).lives.stage_log
    here = log == names.index(stage)
    came = here.any(axis=1)
    first = here.argmax(axis=1)
    months = ((log != names.index("churn")).sum(axis=1) - first)[came]  # nobody comes back from churn
    se = months.std() / np.sqrt(came.sum())
    assert abs(months.mean() - MONTHS[stage]) < 4 * se + 0.003  # the lives cut off at the end
    assert abs(months.mean() - (MONTHS[stage] - 1)) > 4 * se + 0.003  # the present month does count


def test_loyalty_shifts_the_logit_of_losing_ground(idle_shop: Scenario) -> None:
    """Everybody with loyalty 0.8: the odds of the lower stages fall by the factor e to the -0.8."""
    loyal = idle_shop.replace(**{"traits.segments.everybody.loyalty": 0.5, "arrival.channels.door.loyalty": 0.3})
    log = crm.simulate(loyal.replace(customers=400_000, periods=2)).lives.stage_log
    lost = np.isin(log[:, 1], [3, 4]).sum()
    exact = 1 / (1 + np.exp(0.8) * 0.85 / 0.15)
    assert abs(z_of_share(lost, exact, 400_000)) < 4
    assert abs(z_of_share(lost, 0.15 * np.exp(-0.8), 400_000)) > 4  # a shift of the share itself
    churned = (log[:, 1] == 4).sum()
    assert abs(z_of_share(churned, exact * 0.10 / 0.15, 400_000)) < 4


def test_a_retention_offer_acts_like_loyalty(idle_shop: Scenario) -> None:
    n = 400_000
    offer = crm.Offer(at=1, customers=range(n), retention=0.8)
    log = crm.simulate(idle_shop.replace(customers=n, periods=3), policy=[offer]).lives.stage_log
    lost = np.isin(log[:, 1], [3, 4]).sum()
    assert abs(z_of_share(lost, 1 / (1 + np.exp(0.8) * 0.85 / 0.15), n)) < 4
    grown = log[:, 1] == 1
    after = np.isin(log[grown, 2], [3, 4]).sum()  # the offer is over
    assert abs(z_of_share(after, 0.10, grown.sum())) < 4
