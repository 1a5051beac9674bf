"""The lifecycle chain against published digits (TV10), closed forms, second implementations and recovery."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmsim.lifecycle import (
    count_moves,
    estimate_moves,
    expected_life,
    expected_visits,
    move_intervals,
    occupancy,
    reference_moves,
)

LIFE = {"acquisition": 12.8760, "growth": 14.6512, "maturity": 14.9612, "decline": 6.2016}
CHURNED = {1: 0.1, 2: 0.179, 3: 0.24445, 6: 0.398999, 12: 0.619692}


def test_expected_life_of_the_course() -> None:
    life = expected_life(reference_moves())
    assert life.round(4).to_dict() == LIFE
    not_counting_now = life - 1
    assert not_counting_now.round(4).to_dict() != LIFE
    one_over_churn = 1 / reference_moves()["churn"].drop("churn")  # right only if nobody changed stage before
    assert (one_over_churn - life).abs().min() > 2.5


def test_share_churned_of_the_course() -> None:
    churned = occupancy(reference_moves(), start="acquisition", n_periods=12)["churn"]
    assert {k: round(churned[k], 6) for k in CHURNED} == CHURNED
    each_month_alike = 1 - 0.9 ** np.array(list(CHURNED))  # the first month's churn, repeated
    assert abs(each_month_alike[-1] - CHURNED[12]) > 0.09


def test_profit_before_churn_follows_from_the_visits() -> None:
    profit = pd.Series({"acquisition": -20, "growth": 30, "maturity": 50, "decline": 15})
    value = expected_visits(reference_moves()) @ profit
    assert value.round(4).tolist() == [396.1240, 595.3488, 655.0388, 193.7984]


def test_visits_are_the_sum_of_all_later_occupancies() -> None:
    later = occupancy(reference_moves(), start="growth", n_periods=1500).drop(columns="churn")
    visits = expected_visits(reference_moves()).loc["growth"]
    np.testing.assert_allclose(later.sum().to_numpy(), visits.to_numpy(), atol=1e-10)


def test_life_with_one_stage_is_geometric() -> None:
    moves = pd.DataFrame([[0.8, 0.2], [0, 1]], index=["on", "churn"], columns=["on", "churn"])
    assert expected_life(moves)["on"] == pytest.approx(5)
    alive = occupancy(moves, start="on", n_periods=6)["on"]
    np.testing.assert_allclose(alive, 0.8 ** np.arange(7))


def lived(n_customers: int, n_periods: int, seed: int) -> pd.DataFrame:
    """A stage log of customers who live by the reference moves, drawn here and not by the engine."""
    rng, moves = np.random.default_rng(seed), reference_moves()
    limits = moves.to_numpy().cumsum(axis=1)
    log = np.zeros((n_customers, n_periods), dtype=int)
    for t in range(1, n_periods):
        log[:, t] = (rng.random((n_customers, 1)) > limits[log[:, t - 1]]).sum(axis=1)
    customer, period = np.divmod(np.arange(log.size), n_periods)
    stage = pd.Categorical.from_codes(log.ravel(), categories=moves.index)
    return pd.DataFrame({"customer_id": customer, "period": period, "stage": stage})


def test_known_moves_are_recovered() -> None:
    log, truth = lived(20_000, 24, seed=3), reference_moves()
    counts = count_moves(log)
    found, chance = estimate_moves(log).to_numpy(), truth.to_numpy()
    standard_error = np.sqrt(chance * (1 - chance) / counts.sum(axis=1).to_numpy()[:, None])
    certain = standard_error == 0
    assert (found[certain] == chance[certain]).all()
    assert np.abs((found - chance)[~certain] / standard_error[~certain]).max() < 4.5
    by_column = (counts / counts.sum()).to_numpy()  # the wrong way round: where those now in a stage came from
    assert np.abs((by_column - chance)[~certain] / standard_error[~certain]).max() > 45


def test_recovered_moves_predict_the_occupancy_seen() -> None:
    log = lived(20_000, 13, seed=4)
    expected = occupancy(reference_moves(), start="acquisition", n_periods=12).loc[12]
    seen = log.loc[log["period"] == 12, "stage"].value_counts(normalize=True)
    error = (seen - expected) / np.sqrt(expected * (1 - expected) / 20_000)
    assert error.abs().max() < 4.5


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_interval_agrees_with_scipy(level: float) -> None:
    counts = pd.DataFrame([[40, 3], [0, 12]], index=["on", "churn"], columns=["on", "churn"])
    table = move_intervals(counts, level=level)
    for (stage, next_stage), row in table.iterrows():
        n = int(counts.loc[stage].sum())
        test = stats.binomtest(int(counts.loc[stage, next_stage]), n)
        expected = test.proportion_ci(confidence_level=level, method="wilson")
        assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), abs=1e-12)
        assert row["standard_error"] == pytest.approx(np.sqrt(row["share"] * (1 - row["share"]) / n))


def test_wilson_covers_rare_moves_where_the_plain_interval_does_not() -> None:
    n, p = 60, 0.02
    moved = np.arange(n + 1)
    weights = stats.binom.pmf(moved, n, p)
    tables = [move_intervals(pd.DataFrame([[k, n - k]], index=["on"], columns=["churn", "on"])) for k in moved]
    rows = pd.DataFrame([table.loc[("on", "churn")] for table in tables])
    wilson = weights @ ((rows["low"] <= p) & (p <= rows["high"])).to_numpy()
    plain = weights @ ((rows["share"] - p).abs() <= 1.96 * rows["standard_error"]).to_numpy()
    assert wilson > 0.93
    assert plain < 0.75
