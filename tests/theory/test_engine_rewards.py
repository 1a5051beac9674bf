"""The chain with rewards: expected months and profit of each stage, as tabled for the course's reference chain.

The table counts the present month in full, and the k-th later month divided by 1.01 to the k. `truth.exact_clv` and
`truth.clv` look ahead from the next month on: reward of the present month + value ahead / 1.01 is the table's number.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

MONTHS = {"acquisition": 12.8760, "growth": 14.6512, "maturity": 14.9612, "decline": 6.2016}
PROFIT = {"acquisition": 396.1240, "growth": 595.3488, "maturity": 655.0388, "decline": 193.7984}
PRESENT = {"acquisition": 338.8686, "growth": 526.8533, "maturity": 584.5356, "decline": 172.4865}
"""Expected months before churn, profit, and profit discounted by 1 % a month, from each stage on."""
AT, EVER = 4, 900
CHAIN = crm.scenario("markov_rewards").replace(customers=1_000, periods=12)


def one_each_month() -> Scenario:
    """The chain that pays 1 in every month before churn: its value is a number of months."""
    return CHAIN.replace(discount_rate=0.0, **{f"stages.{stage}.reward": 1.0 for stage in MONTHS})


def stage_before(run: Run) -> pd.Series:
    """Where each customer stands in the last month before `AT`."""
    stages = run.truth.stages
    return stages[stages["period"] == AT - 1].set_index("customer_id")["stage"].astype(str)


def by_stage(run: Run, ahead: pd.Series) -> pd.Series:
    """The value of a stage: its reward, and the mean of what lies ahead of the customers who stand there."""
    later = ahead.groupby(stage_before(run)).mean() / (1 + run.scenario.discount_rate)
    return later + pd.Series({name: stage.reward for name, stage in run.scenario.stages.items()})


@pytest.mark.parametrize(
    ("chain", "table"),
    [(one_each_month(), MONTHS), (CHAIN.replace(discount_rate=0.0), PROFIT), (CHAIN, PRESENT)],
    ids=["months", "profit", "present value"],
)
def test_closed_form_gives_the_table(chain: Scenario, table: dict[str, float]) -> None:
    run = crm.simulate(chain)
    value = by_stage(run, run.truth.exact_clv(at=AT, horizon=EVER))
    assert value[list(table)].to_numpy() == pytest.approx(list(table.values()), abs=5.1e-5)
    assert value["churn"] == 0
    short = by_stage(run, run.truth.exact_clv(at=AT, horizon=24))
    assert (short[list(table)] < value[list(table)] - 0.1).all()  # two years are not for ever


def test_replayed_futures_give_the_table() -> None:
    run = crm.simulate(CHAIN.replace(customers=3_000))
    clv = run.truth.clv(at=AT, horizon=200, replications=100)
    found, exact = by_stage(run, clv["clv"]), by_stage(run, run.truth.exact_clv(at=AT, horizon=EVER))
    for stage, tabled in PRESENT.items():
        own = clv.loc[stage_before(run) == stage, "clv_se"]
        se = np.sqrt((own**2).sum()) / len(own)
        assert abs(found[stage] - tabled) < 4 * se
        assert abs(found[stage] - exact[stage]) < 4 * se
        assert abs(found[stage] - (tabled - run.scenario.stages[stage].reward)) > 4 * se  # the present month left out


def test_lived_lives_give_the_table() -> None:
    """A cohort from acquisition to the end: 150 months leave fewer than one in ten thousand."""
    n = 150_000
    run = crm.simulate(CHAIN.replace(customers=n, periods=150))
    months = (run.lives.stage_log != 4).sum(axis=1)
    profit = run.truth.customers["profit"]
    for found, tabled, wrong in (
        (months, MONTHS["acquisition"], MONTHS["acquisition"] - 1),  # the present month does not count
        (profit, PROFIT["acquisition"], PROFIT["acquisition"] + 20),
    ):
        se = found.std() / np.sqrt(n)
        assert abs(found.mean() - tabled) < 4 * se
        assert abs(found.mean() - wrong) > 4 * se
