"""What is said to be independent is: traits of a customer, and the parts of his purchases.

Two draws that shared an address, or two parts of one draw that shared bits, would show here and hardly elsewhere.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import stats

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

LIMIT = 4.9
"""Standard errors: with about 60 correlations, passed by chance once in fifteen thousand times."""
TRAITS = ["arrival", "channel", "region", "age_group", "segment", "rate", "spend", "loyalty"]
PARTS = ["moment", "category", "amount", "item"]


def correlation_z(one: Any, two: Any) -> float:
    """Rank correlation in standard errors."""
    return float(stats.spearmanr(one, two).statistic * np.sqrt(len(one)))


@pytest.fixture(scope="module")
def run(bare_shop: Scenario) -> Run:
    """The shop with segments that differ in nothing, so that a segment is one more independent draw."""
    same = {name: {"zh": group.zh, "share": group.share} for name, group in bare_shop.traits.segments.items()}
    ways = {name: {"zh": way.zh, "share": way.share, "cost": 0.0} for name, way in bare_shop.arrival.channels.items()}
    alike = {"traits.segments": same, "arrival.channels": ways, "arrival.over_periods": 12}
    return crm.simulate(bare_shop.replace(customers=120_000, **alike))


@pytest.fixture(scope="module")
def traits(run: Run) -> dict[str, npt.NDArray[Any]]:
    seen, hidden = run.customers, run.truth.customers
    return {
        "arrival": seen["acquired_period"].to_numpy(),
        **{name: seen[name].cat.codes.to_numpy() for name in ("channel", "region", "age_group")},
        "segment": hidden["segment"].cat.codes.to_numpy(),
        "rate": hidden["purchase_rate"].to_numpy(),
        "spend": hidden["spend_level"].to_numpy(),
        "loyalty": hidden["loyalty"].to_numpy(),
    }


@pytest.fixture(scope="module")
def parts(run: Run) -> dict[str, npt.NDArray[Any]]:
    """One entry for each purchase; amounts in units of the customer's own level."""
    rows = run.transactions
    level = run.truth.customers["spend_level"].reindex(rows["customer_id"]).to_numpy()
    starts = run.period_starts.to_numpy().astype(np.int64)
    second = rows["time"].to_numpy().astype(np.int64)
    return {
        "moment": (second - starts[rows["period"]]) / np.diff(starts)[rows["period"]],
        "category": rows["category"].cat.codes.to_numpy(),
        "amount": rows["amount"].to_numpy() / level,
        "item": rows.groupby(["customer_id", "period"]).cumcount().to_numpy(),
    }


@pytest.mark.parametrize(("one", "two"), list(combinations(TRAITS, 2)))
def test_traits_are_independent(traits: dict[str, Any], one: str, two: str) -> None:
    assert abs(correlation_z(traits[one], traits[two])) < LIMIT


def test_a_little_shared_luck_would_be_noticed(traits: dict[str, Any]) -> None:
    """Three customers of a hundred whose spend level follows their rate."""
    mixed = traits["spend"].copy()
    mixed[::33] = np.quantile(mixed, stats.rankdata(traits["rate"][::33]) / len(mixed[::33]))
    assert abs(correlation_z(traits["rate"], mixed)) > LIMIT


@pytest.mark.parametrize(("one", "two"), [pair for pair in combinations(PARTS, 2) if set(pair) != {"moment", "item"}])
def test_parts_of_a_purchase_are_independent(parts: dict[str, Any], one: str, two: str) -> None:
    """Except the moment and the rank in the month: purchases are listed in the order of time."""
    assert abs(correlation_z(parts[one], parts[two])) < LIMIT


def test_the_order_of_time_is_seen(parts: dict[str, Any]) -> None:
    assert correlation_z(parts["moment"], parts["item"]) > LIMIT


@pytest.mark.parametrize("part", ["moment", "category", "amount"])
@pytest.mark.parametrize("between", ["periods", "customers"])
def test_purchases_do_not_repeat_each_other(run: Run, parts: dict[str, Any], part: str, between: str) -> None:
    """First purchases of months in which there was one only: neither the next month nor the next customer echoes it."""
    table = run.transactions[["customer_id", "period"]].assign(value=parts[part])
    once = table[~table.duplicated(["customer_id", "period"], keep=False)].set_index(["customer_id", "period"])["value"]
    later = once.copy()
    step = (0, 1) if between == "periods" else (1, 0)
    customers, periods = later.index.get_level_values(0) - step[0], later.index.get_level_values(1) - step[1]
    later.index = pd.MultiIndex.from_arrays([customers, periods], names=once.index.names)
    pairs = pd.concat([once, later], axis=1, keys=["here", "there"], join="inner")
    assert len(pairs) > 10_000
    assert abs(correlation_z(pairs["here"], pairs["there"])) < LIMIT


def test_rates_say_nothing_about_stages(run: Run) -> None:
    """Purchases and moves use luck of their own: who buys much in his first month moves like everybody else."""
    stages = run.truth.stages
    second = stages.groupby("customer_id").nth(1).set_index("customer_id")["stage"].cat.codes
    first_month = run.transactions.merge(run.customers[["acquired_period"]], left_on="customer_id", right_index=True)
    first_month = first_month[first_month["period"] == first_month["acquired_period"]]
    bought = first_month.groupby("customer_id").size().reindex(second.index, fill_value=0)
    assert abs(correlation_z(bought, second)) < LIMIT
    assert abs(correlation_z(run.truth.customers["purchase_rate"].loc[second.index], second)) < LIMIT
