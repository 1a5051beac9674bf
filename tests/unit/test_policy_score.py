"""The score of a policy between nothing and the best one known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario


@pytest.fixture(scope="module")
def firm() -> Scenario:
    left_out = dict.fromkeys(["affinity", "service", "satisfaction", "surveys", "word_of_mouth"])
    return crm.scenario("retail").replace(customers=400, periods=10, seed=7, **left_out)


def offer(customers: Any = range(400), **changes: Any) -> crm.Offer:
    return crm.Offer(**({"at": 4, "customers": customers, "lift": 1.0, "cost": 1.0, "periods": 4} | changes))


def test_the_two_ends_of_the_scale(firm: Scenario) -> None:
    best = crm.score_policy(firm, [offer()], best=[offer()], replications=3)
    assert (best.share, best.se) == (1.0, 0.0)
    nothing = crm.score_policy(firm, [], best=[offer()], replications=3)
    assert nothing.share == 0.0 == nothing.gain
    assert nothing.se == pytest.approx(0, abs=1e-9)
    assert best.best_gain == nothing.best_gain > 0
    assert best.profit == pytest.approx(nothing.profit + best.gain)


def test_a_wasteful_policy_is_below_nothing_and_gets_no_points(firm: Scenario) -> None:
    waste = crm.score_policy(firm, [offer(lift=0.0, cost=5.0)], best=[offer()], replications=3)
    n_reached = (crm.simulate(firm).customers["acquired_period"] <= 4).sum()
    assert waste.gain == pytest.approx(-5.0 * n_reached)
    assert waste.share < 0 == waste.points(20)
    better = crm.score_policy(firm, [offer()], best=[offer(range(100))], replications=3)
    assert better.share > 1
    assert better.points(20) == 20


def test_the_standard_error_is_that_of_the_ratio(firm: Scenario) -> None:
    """Against the ratio made by hand from single replications, and against ignoring the pairing."""
    policy, best = [offer(range(0, 400, 2), lift=0.5)], [offer()]
    score = crm.score_policy(firm, policy, best=best, replications=12)
    table = crm.compare(firm, {"nothing": [], "policy": policy, "best": best}, replications=12)
    gain, best_gain = table["profit_difference"][["policy", "best"]]
    assert score.share == pytest.approx(gain / best_gain)
    unpaired = np.hypot(table.loc["policy", "se"], score.share * table.loc["best", "se"]) / best_gain
    assert 0 < score.se < unpaired


def test_the_error_over_seeds_covers_the_difference_to_many_seeds(firm: Scenario) -> None:
    small = firm.replace(customers=150, periods=8)
    half = [offer(lambda past: past.customers.index[::2])]
    full = [offer(lambda past: past.customers.index)]
    few = crm.score_policy(small, half, best=full, replications=2, seeds=range(1, 9))
    assert few.table.index.tolist() == list(range(1, 9))
    assert few.share == pytest.approx(few.table["gain"].sum() / few.table["best_gain"].sum())
    assert abs(few.share - 0.5) < 4.5 * few.se  # every second customer brings half of it
    assert abs(few.share - 1.0) > 4.5 * few.se


def test_what_is_refused(firm: Scenario) -> None:
    with pytest.raises(InputError, match="no scale from 0"):
        crm.score_policy(firm, [offer()], best=[offer(lift=0.0, cost=5.0)], replications=2)
    with pytest.raises(InputError, match="no scale"):
        crm.score_policy(firm, [offer()], best=[], replications=2)
    for seeds in ([1], [1, 1], []):
        with pytest.raises(InputError, match="at least two different"):
            crm.score_policy(firm, [], best=[offer()], seeds=seeds)
    with pytest.raises(InputError, match="A policy is a list"):
        crm.score_policy(firm, offer(), best=[offer()])
