"""What the engine guarantees, for any valid scenario and any policy: see the module `crmsim.engine`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import crmsim as crm
from crmsim.engine.policy import FAMILY
from crmsim.engine.simulate import Past, Run
from crmsim.settings.scenario import Scenario

calm = settings(max_examples=40, deadline=None, database=None)
RETAIL = crm.scenario("retail")
shares = st.lists(st.integers(1, 9), min_size=1, max_size=4).map(lambda parts: [part / sum(parts) for part in parts])
factors = st.sampled_from([0.0, 0.3, 1.0, 2.5])
logits = st.sampled_from([-2.0, 0.0, 0.4])


@st.composite
def chains(draw: Any) -> dict[str, Any]:
    """Two to five stages with any standing and any moves; stage k can always go on to stage k + 1."""
    names = [f"stage{k}" for k in range(draw(st.integers(2, 5)))]
    weights = [[draw(st.integers(0, 5)) + (to == k + 1) for to in range(len(names))] for k in range(len(names))]
    weights = [row if any(row) else [int(to == k) for to in range(len(names))] for k, row in enumerate(weights)]
    rows = [{name: part / sum(row) for name, part in zip(names, row, strict=True)} for row in weights]
    stage = st.fixed_dictionaries({"standing": st.integers(-1, 3), "purchases": factors, "service_cost": factors})
    return {
        "entry_stage": names[0],
        "stages": {name: {"zh": "段", **draw(stage)} for name in names},
        "moves": dict(zip(names, rows, strict=True)),
    }


def word_of_mouth(channels: list[str]) -> Any:
    """Referrals often enough for families of several generations."""
    rates = {"referrals": st.sampled_from([0.0, 0.1, 0.4]), "on_referrals": st.sampled_from([0.0, 1.5])}
    return st.fixed_dictionaries({"channel": st.sampled_from(channels), **rates})


@st.composite
def shops(draw: Any) -> Scenario:
    """Small scenarios of every kind."""
    channels = {
        f"way{k}": {"zh": "路", "share": share, "cost": draw(factors), "loyalty": draw(logits)}
        for k, share in enumerate(draw(shares))
    }
    segments = {
        f"kind{k}": {"zh": "类", "share": share, "purchase_rate": draw(factors), "loyalty": draw(logits)}
        for k, share in enumerate(draw(shares))
    }
    arrival = {
        "first_period_share": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "over_periods": draw(st.integers(1, 9)),
        "channels": channels,
    }
    changes = {
        "customers": draw(st.integers(1, 40)),
        "periods": draw(st.integers(2, 8)),
        "seed": draw(st.integers(0, 2**63 - 1)),
        "season": tuple(draw(st.lists(factors, min_size=12, max_size=12))) if draw(st.booleans()) else (1.0,),
        "arrival": arrival,
        "traits.segments": segments,
        "word_of_mouth": draw(st.none() | word_of_mouth(list(channels))),
        **{part: None for part in ("service", "satisfaction", "surveys", "affinity") if draw(st.booleans())},
        **draw(chains()),
    }
    return RETAIL.replace(**changes)


@st.composite
def policies(draw: Any, shop: Scenario) -> list[crm.Offer]:
    """Up to three offers to some of the customers."""
    return [
        crm.Offer(
            at=draw(st.integers(0, 9)),
            customers=draw(st.sets(st.integers(0, shop.customers - 1))),
            lift=draw(st.sampled_from([-1.0, 0.0, 0.5, 3.0])),
            discount=draw(st.sampled_from([0.0, 0.2, 1.0])),
            retention=draw(st.sampled_from([-3.0, 0.0, 0.7])),
            cost=draw(st.sampled_from([0.0, 1.25, 0.005])),
            periods=draw(st.integers(1, 4)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]


worlds = shops().flatmap(lambda shop: st.tuples(st.just(shop), policies(shop)))


def cents(money: pd.Series[Any]) -> Any:
    whole = (money * 100).round()
    assert (abs(money * 100 - whole) < 1e-6).all()
    return whole.astype(np.int64)


def same_past(one: Past, two: Past) -> None:
    assert_frame_equal(one.customers, two.customers, check_exact=True)
    assert_frame_equal(one.transactions, two.transactions, check_exact=True)
    assert_frame_equal(one.contacts, two.contacts, check_exact=True)
    assert_frame_equal(one.surveys, two.surveys, check_exact=True)
    assert_frame_equal(one.campaigns, two.campaigns, check_exact=True)
    assert one.period_starts.equals(two.period_starts)


def same_truth(one: Run, two: Run) -> None:
    assert_frame_equal(one.truth.stages, two.truth.stages, check_exact=True)
    assert_frame_equal(one.truth.customers, two.truth.customers, check_exact=True)


def only(run: Run, ids: Any) -> dict[str, pd.DataFrame]:
    """Everything about some customers and their families, truth included."""
    events = ("transactions", "contacts", "surveys", "campaigns")
    tables = {name: getattr(run, name) for name in events} | {"stages": run.truth.stages, "moves": run.truth.moves}
    own = {name: table[(table["customer_id"] % FAMILY).isin(ids)] for name, table in tables.items()}
    indexed = {"customers": run.customers, "truth": run.truth.customers}
    chosen = {name: table.reset_index(drop=True) for name, table in own.items()}
    return chosen | {name: table[(table.index % FAMILY).isin(ids)] for name, table in indexed.items()}


@calm
@given(worlds, st.sampled_from([1, 2, 8]), st.integers(1, 41))
def test_threads_and_partitions_change_nothing(world: Any, threads: int, partition_size: int) -> None:
    shop, policy = world
    one = crm.simulate(shop, policy=policy, threads=1)
    two = crm.simulate(shop, policy=policy, threads=threads, partition_size=partition_size)
    same_past(one, two)
    same_truth(one, two)
    at = {"at": shop.periods, "horizon": 3, "replications": 3}
    assert_frame_equal(one.truth.clv(**at), two.truth.clv(**at, threads=threads), check_exact=True)


@calm
@given(worlds, st.integers(1, 60))
def test_more_customers_begin_with_the_same_ones(world: Any, more: int) -> None:
    shop, policy = world
    few = crm.simulate(shop, policy=policy)
    many = crm.simulate(shop.replace(customers=shop.customers + more), policy=policy)
    first = range(shop.customers)
    for name, table in only(few, first).items():
        assert_frame_equal(table, only(many, first)[name], check_exact=True)


@calm
@given(worlds, st.data())
def test_until_is_the_shorter_run(world: Any, data: Any) -> None:
    shop, policy = world
    t = data.draw(st.integers(1, shop.periods))
    run, short = crm.simulate(shop, policy=policy), crm.simulate(shop.replace(periods=t), policy=policy)
    same_past(run.until(t), short)
    assert run.until(t).end == short.end
    stages = run.truth.stages
    assert_frame_equal(stages[stages["period"] < t].reset_index(drop=True), short.truth.stages, check_exact=True)


@calm
@given(worlds, st.integers(0, 3))
def test_untouched_customers_live_the_identical_life(world: Any, replication: int) -> None:
    shop, policy = world
    named = {int(i) for offer in policy for i in offer.customers}
    untouched = [i for i in range(shop.customers) if i not in named]
    without = only(crm.simulate(shop, replication=replication), untouched)
    with_policy = only(crm.simulate(shop, policy=policy, replication=replication), untouched)
    for name, table in without.items():
        assert_frame_equal(table, with_policy[name], check_exact=True)


@calm
@given(worlds)
def test_money_adds_up_to_the_cent(world: Any) -> None:
    shop, policy = world
    run = crm.simulate(shop, policy=policy)
    stages, transactions = run.truth.stages, run.transactions
    costs = {name: round(100 * stage.service_cost) for name, stage in shop.stages.items()}
    arrival_costs = {name: round(100 * channel.cost) for name, channel in shop.arrival.channels.items()}
    paid = [-arrival_costs[channel] for channel in run.customers["channel"]]
    profit = pd.Series(paid, index=run.customers.index, dtype="int64")
    service = pd.Series([costs[stage] for stage in stages["stage"]], dtype="int64").groupby(stages["customer_id"]).sum()
    campaigns = cents(run.campaigns["cost"]).groupby(run.campaigns["customer_id"]).sum()
    margin = cents(transactions["margin"]).groupby(transactions["customer_id"]).sum()
    desks = {name: round(100 * desk.cost) for name, desk in shop.service.channels.items()} if shop.service else {}
    cost = pd.Series([desks[name] for name in run.contacts["channel"]], dtype="int64")
    served = cost.groupby(run.contacts["customer_id"]).sum()
    profit = (
        profit.sub(served, fill_value=0)
        .sub(service, fill_value=0)
        .sub(campaigns, fill_value=0)
        .add(margin, fill_value=0)
    )
    assert (profit == cents(run.truth.customers["profit"])).all()
    assert profit.index.equals(run.truth.customers.index)
    assert (cents(transactions["amount"]) >= 1).all()


@calm
@given(worlds)
def test_lives_are_in_order(world: Any) -> None:
    """One stage per customer and period from arrival on; purchases only then, sorted, and in no idle stage."""
    shop, policy = world
    run = crm.simulate(shop, policy=policy)
    stages, transactions = run.truth.stages, run.transactions
    lived = shop.periods - run.customers["acquired_period"]
    assert stages.groupby("customer_id").size().to_dict() == lived.to_dict()
    assert not stages.duplicated(["customer_id", "period"]).any()
    assert (stages.groupby("customer_id")["stage"].first() == shop.entry_stage).all()
    joined = transactions.merge(stages, on=["customer_id", "period"], how="left")
    assert joined["stage"].notna().all()  # nobody buys before arrival
    idle = [name for name, stage in shop.stages.items() if stage.purchases == 0]
    assert not joined["stage"].isin(idle).any()
    starts = run.period_starts.to_numpy()
    assert (starts[transactions["period"]] <= transactions["time"].to_numpy()).all()
    assert (transactions["time"].to_numpy() < starts[transactions["period"] + 1]).all()
    assert transactions[["customer_id", "time"]].equals(
        transactions[["customer_id", "time"]].sort_values(["customer_id", "time"], kind="stable")
    )


@calm
@given(worlds)
def test_every_move_is_possible(world: Any) -> None:
    shop, policy = world
    stages = crm.simulate(shop, policy=policy).truth.stages
    following = stages.groupby("customer_id")["stage"].shift(-1)
    moves = set(zip(stages["stage"].astype("str"), following.astype("str"), strict=True))
    possible = {(a, b) for a, row in shop.moves.items() for b, p in row.items() if p > 0}
    assert {(a, b) for a, b in moves if b in shop.stages} <= possible


@pytest.mark.parametrize("periods", [1, 2])
def test_the_shortest_runs(shop: Scenario, periods: int) -> None:
    run = crm.simulate(shop.replace(customers=1, periods=periods, **{"arrival.over_periods": 1}))
    assert len(run.truth.stages) == periods
    assert len(run.truth.clv(at=1, horizon=1, replications=2)) == 1
