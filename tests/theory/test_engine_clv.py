"""The true value of a customer against the chain's algebra: sum over months of (P d)^k m, worked out exactly.

For a customer with known rate, spend level and loyalty, the expected margin of a stage is rate x factor x season x
spend level x mean margin, less the service cost; stages follow the row tilted by his loyalty. So `truth.clv` must
agree with plain matrix algebra customer by customer, within the standard error it reports. Rounding to cents
favours nobody and is far below that error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import crmsim as crm
from crmsim.engine.calendar import seasons
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

Floats = npt.NDArray[np.float64]
AT, HORIZON = 6, 12


def tilted_rows(scenario: Scenario, loyalty: Floats) -> Floats:
    """The matrix of moves of each customer, (n, S, S): odds of losing ground times e to the -loyalty."""
    names = list(scenario.stages)
    standing = np.array([stage.standing for stage in scenario.stages.values()])
    moves = np.array([[scenario.moves[a].get(b, 0.0) for b in names] for a in names])
    loses = standing[None, :] < standing[:, None]
    before = np.where(loses, moves, 0).sum(axis=1)
    push = np.exp(-loyalty)[:, None]
    after = push * before / (1 - before + push * before)
    down = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    return np.where(loses, moves * down[:, :, None], moves * ((1 - after) / (1 - before))[:, :, None])


def exact_values(scenario: Scenario, run: Run, *, horizon: int = HORIZON, margin_factor: float = 1.0) -> Floats:
    """Expected discounted margin less service cost of periods AT .. AT + horizon - 1, for each customer of the run."""
    stages = run.truth.stages
    now = stages.loc[stages["period"] == AT - 1].set_index("customer_id")["stage"].cat.codes
    hidden = run.truth.customers.loc[now.index]
    rows = tilted_rows(scenario, hidden["loyalty"].to_numpy())
    share = np.eye(len(scenario.stages))[now]
    factor = np.array([stage.purchases for stage in scenario.stages.values()])
    cost = np.array([stage.service_cost for stage in scenario.stages.values()])
    margin = sum(category.share * category.margin for category in scenario.categories.values())
    bought = (hidden["purchase_rate"] * hidden["spend_level"]).to_numpy() * margin * margin_factor
    season, total = seasons(scenario, AT + horizon), np.zeros(len(now))
    for k in range(horizon):
        share = np.einsum("ns,nst->nt", share, rows)
        worth = bought[:, None] * factor * season[AT + k] - cost
        total += (share * worth).sum(axis=1) / (1 + scenario.discount_rate) ** k
    return total


def z_scores(found: Any, exact: Floats) -> Floats:
    uncertain = found["clv_se"].to_numpy() > 0
    return (found["clv"].to_numpy() - exact)[uncertain] / found["clv_se"].to_numpy()[uncertain]


def total_z(found: Any, exact: Floats) -> float:
    """Error of the sum over all customers in its standard error: means hide no bias here."""
    return float((found["clv"].sum() - exact.sum()) / np.sqrt((found["clv_se"] ** 2).sum()))


@pytest.fixture(scope="module")
def plain_run(plain_shop: Scenario) -> Run:
    return crm.simulate(plain_shop.replace(customers=2_500, periods=AT + 1))


@pytest.fixture(scope="module")
def retail_run(bare_shop: Scenario) -> Run:
    """Segments, channels, loyalty, seasons, categories: all for which there is a closed form."""
    return crm.simulate(bare_shop.replace(customers=4_000, periods=AT))


def test_the_algebra_is_the_geometric_series(plain_shop: Scenario, plain_run: Run) -> None:
    """Over a long horizon the sum above is (I - P / (1 + d))^-1 m, less what the first move takes."""
    names = list(plain_shop.stages)
    moves = np.array([[plain_shop.moves[a].get(b, 0.0) for b in names] for a in names])
    hidden, d = plain_run.truth.customers, 1 + plain_shop.discount_rate
    factor = np.array([stage.purchases for stage in plain_shop.stages.values()])
    cost = np.array([stage.service_cost for stage in plain_shop.stages.values()])
    worth = np.outer(hidden["purchase_rate"] * hidden["spend_level"] * 0.25, factor) - cost
    from_now = worth @ (moves @ np.linalg.inv(np.eye(5) - moves / d)).T
    stages = plain_run.truth.stages
    now = stages.loc[stages["period"] == AT - 1, "stage"].cat.codes.to_numpy()
    series = from_now[np.arange(len(now)), now]
    assert exact_values(plain_shop, plain_run, horizon=400) == pytest.approx(series, rel=1e-9, abs=1e-9)


def test_values_of_customers_who_differ_only_in_rate_and_spend(plain_shop: Scenario, plain_run: Run) -> None:
    found = plain_run.truth.clv(at=AT, horizon=HORIZON, replications=400)
    exact = exact_values(plain_shop, plain_run)
    assert len(found) == 2_500
    assert abs(total_z(found, exact)) < 4
    assert abs(total_z(found, exact_values(plain_shop, plain_run, margin_factor=1.02))) > 4
    assert abs(total_z(found, exact_values(plain_shop, plain_run, horizon=HORIZON + 1))) > 4


def test_values_in_a_mixed_shop(bare_shop: Scenario, retail_run: Run) -> None:
    found = retail_run.truth.clv(at=AT, horizon=HORIZON, replications=400)
    exact = exact_values(bare_shop, retail_run)
    arrived = retail_run.customers["acquired_period"] < AT
    assert found.index.equals(retail_run.customers.index[arrived])
    assert abs(total_z(found, exact)) < 4
    assert abs(total_z(found, exact_values(bare_shop.replace(discount_rate=0.03), retail_run))) > 4
    summer = retail_run.truth.clv(at=AT, horizon=2, replications=400)
    assert abs(total_z(summer, exact_values(bare_shop, retail_run, horizon=2))) < 4
    assert abs(total_z(summer, exact_values(bare_shop.replace(season=(1.0,)), retail_run, horizon=2))) > 4


def test_standard_errors_cover(bare_shop: Scenario, retail_run: Run) -> None:
    """z over customers: hardly any beyond 4, mean square one; a standard deviation in place of the error would show."""
    found = retail_run.truth.clv(at=AT, horizon=HORIZON, replications=1_000)
    z = z_scores(found, exact_values(bare_shop, retail_run))
    assert len(z) > 1_000
    assert (abs(z) < 4).mean() > 0.997
    squares = z**2
    tolerance = 4 * squares.std() / np.sqrt(len(z))
    assert abs(squares.mean() - 1) < tolerance
    assert abs(squares.mean() / 1_000 - 1) > tolerance
    assert abs(1.15**2 * squares.mean() - 1) > tolerance


def test_lost_customers_are_worth_nothing_for_certain(retail_run: Run) -> None:
    found = retail_run.truth.clv(at=AT, horizon=HORIZON, replications=20)
    stages = retail_run.truth.stages
    lost = stages.loc[(stages["period"] == AT - 1) & (stages["stage"] == "churn"), "customer_id"]
    assert len(lost) > 100
    assert (found.loc[lost] == 0).all(axis=None)
    assert (found.drop(lost)["clv_se"] > 0).all()


def test_the_standard_error_falls_with_the_root_of_replications(retail_run: Run) -> None:
    few, many = (retail_run.truth.clv(at=AT, horizon=HORIZON, replications=r)["clv_se"] for r in (100, 1_600))
    alive = many > 0
    ratio = np.sqrt((few[alive] ** 2).sum() / (many[alive] ** 2).sum())
    assert ratio == pytest.approx(4, rel=0.1)


def test_values_count_offers_already_decided(plain_shop: Scenario) -> None:
    """An offer in the future that everybody has been promised: its cost and its lift are in the value."""
    shop = plain_shop.replace(customers=1_500, periods=AT + 2)
    offer = crm.Offer(at=AT, customers=range(0, 1_500, 2), lift=0.5, cost=4)
    run = crm.simulate(shop, policy=[offer])
    found = run.truth.clv(at=AT, horizon=1, replications=400)
    without = crm.simulate(shop).truth.clv(at=AT, horizon=1, replications=400)
    named, others = offer.customers, np.setdiff1d(np.arange(1_500), offer.customers)
    assert (found.loc[others] == without.loc[others]).all(axis=None)
    gross = exact_values(shop.replace(**{f"stages.{s}.service_cost": 0.0 for s in shop.stages}), run, horizon=1)
    expected = exact_values(shop, run, horizon=1)[named] + 0.5 * gross[named] - 4
    assert abs(total_z(found.loc[named], expected)) < 4
    assert abs(total_z(found.loc[named], expected + 4)) > 4


def test_values_do_not_depend_on_the_length_of_the_run(shop: Scenario) -> None:
    """The future is lived anew: what the run itself did after `at` plays no part."""
    values = [crm.simulate(shop.replace(periods=t)).truth.clv(at=AT, horizon=8, replications=10) for t in (AT, 12)]
    assert values[0].equals(values[1])
    rerun = crm.simulate(shop).truth.clv(at=AT, horizon=8, replications=10)
    assert values[1].equals(rerun)
