"""A run: its tables, its clock, and what can and cannot be reached from its past."""

from __future__ import annotations

import dataclasses
import gc
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.engine import kernel
from crmsim.engine import room as rooms
from crmsim.engine.blocks import Block
from crmsim.engine.caching import collection_paused
from crmsim.engine.compare import Comparison
from crmsim.engine.policy import Plan
from crmsim.engine.simulate import Past, Run
from crmsim.engine.truth import Truth
from crmsim.engine.world import Setting
from crmsim.settings.scenario import Scenario

COLUMNS = {
    "customers": ["acquired_on", "acquired_period", "channel", "region", "age_group", "kind", "referred_by"],
    "transactions": ["customer_id", "time", "period", "amount", "margin", "category", "quantity", "discount"],
    "contacts": [
        "customer_id",
        "time",
        "period",
        "reason",
        "channel",
        "agent",
        "waiting_minutes",
        "handling_minutes",
        "first_reply_hours",
        "resolved",
    ],
    "surveys": ["customer_id", "time", "period", "satisfaction", "expected", "perceived"],
    "campaigns": ["customer_id", "time", "period", "offer", "cost"],
}
SEED = 987_654_321_012_345
HIDDEN = (Truth, Run, Scenario, Block, Plan, Setting, crm.Offer)


@pytest.fixture(scope="module")
def secret_run(shop: Scenario) -> Run:
    """A run with a seed that can be recognised, and an offer."""
    return crm.simulate(shop.replace(seed=SEED), policy=[crm.Offer(at=3, customers=range(100), lift=1.0, cost=2)])


def test_tables_have_the_documented_columns(shop_run: Run) -> None:
    for name, columns in COLUMNS.items():
        assert list(getattr(shop_run, name).columns) == columns
    assert shop_run.customers.index.name == "customer_id"
    assert shop_run.customers.index.dtype == np.int64
    kinds = shop_run.transactions.dtypes.astype("str").to_dict()
    assert kinds == {
        "customer_id": "int64",
        "time": "datetime64[s]",
        "period": "int64",
        "amount": "float64",
        "margin": "float64",
        "category": "category",
        "quantity": "int64",
        "discount": "float64",
    }
    assert shop_run.customers["acquired_on"].dtype == "datetime64[s]"
    stages = shop_run.truth.stages
    assert list(stages.columns) == ["customer_id", "period", "stage"]
    assert stages["stage"].cat.ordered
    assert list(stages["stage"].cat.categories) == ["acquisition", "growth", "maturity", "decline", "churn"]


def test_the_clock(shop: Scenario, shop_run: Run) -> None:
    assert shop_run.periods == 12
    assert len(shop_run.period_starts) == 13
    assert shop_run.end == shop_run.period_starts[-1] == pd.Timestamp("2025-01-01")
    assert (shop_run.customers["acquired_on"] == shop_run.period_starts[shop_run.customers["acquired_period"]]).all()
    weekly = crm.simulate(shop.replace(period="week", season=(1.0,), start="2024-01-31"))
    assert (np.diff(weekly.period_starts) == np.timedelta64(7, "D")).all()
    assert weekly.end == pd.Timestamp("2024-04-24")


def test_a_run_says_what_it_is(shop_run: Run) -> None:
    assert repr(shop_run).startswith("<Run: ")
    assert "12 periods to 2025-01-01, CNY" in repr(shop_run)
    assert repr(shop_run.until(3)).startswith("<Past: ")
    assert repr(shop_run.truth).startswith("<Truth")


@pytest.mark.parametrize("t", [0, 13, -1, 2.0, True, None, "3"])
def test_until_needs_a_period_of_the_run(shop_run: Run, t: Any) -> None:
    with pytest.raises(crm.InputError, match="from 1 to 12"):
        shop_run.until(t)


def test_until_twice_is_until_once(shop_run: Run) -> None:
    once, twice = shop_run.until(4), shop_run.until(9).until(4)
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(once, name), getattr(twice, name))
    assert once.end == twice.end == shop_run.period_starts[4]


def reachable(start: Any) -> list[Any]:
    """Every object that attributes, items and elements lead to."""
    seen, waiting, found = set(), [start], []
    while waiting:
        here = waiting.pop()
        if id(here) in seen or isinstance(here, type) or callable(here) or type(here).__name__ == "module":
            continue
        seen.add(id(here))
        found.append(here)
        waiting += list(getattr(here, "__dict__", {}).values())
        waiting += [getattr(here, name) for name in getattr(type(here), "__slots__", ()) if hasattr(here, name)]
        if isinstance(here, dict):
            waiting += [*here.keys(), *here.values()]
        elif isinstance(here, (list, tuple, set, frozenset)):
            waiting += list(here)
        elif isinstance(here, np.ndarray):
            waiting += [here.base] if here.base is not None else []
            waiting += list(here.ravel()) if here.dtype == object else []
        elif isinstance(here, (pd.DataFrame, pd.Series, pd.Index)):
            waiting += [here.attrs] if hasattr(here, "attrs") else []
            waiting += (
                [here[name] for name in here] if isinstance(here, pd.DataFrame) else [here.array, here.to_numpy()]
            )
            waiting += [here.index] if not isinstance(here, pd.Index) else []
    return found


def leaks(past: Past, run: Run) -> list[str]:
    """What is hidden and yet can be reached."""
    found = reachable(past)
    secrets = [run.lives.traits, run.lives.stage_log, run.lives.cause_log, run.lives.sums]
    arrays = [here for here in found if isinstance(here, np.ndarray)]
    names = [type(here).__name__ for here in found if isinstance(here, HIDDEN)]
    names += ["seed" for here in found if isinstance(here, (int, np.integer)) and int(here) == SEED]
    names += ["seed in text" for here in found if isinstance(here, str) and str(SEED) in here]
    return names + ["array" for here in arrays for secret in secrets if np.shares_memory(here, secret)]


def test_nothing_hidden_can_be_reached_from_the_past(secret_run: Run) -> None:
    past = secret_run.until(6)
    assert type(past) is Past
    assert not hasattr(past, "truth")
    names = {field.name for field in dataclasses.fields(past)}
    assert names == COLUMNS.keys() | {"period_starts", "currency", "discount_rate"}
    assert len(past.campaigns) > 10
    assert leaks(past, secret_run) == []
    assert max(past.transactions["period"]) == 5
    assert past.transactions["time"].max() < past.end
    assert past.customers["acquired_on"].max() < past.end


def test_the_search_finds_what_is_hidden(secret_run: Run) -> None:
    """The same search from the run itself finds all of it; so does one from a past with a forgotten column."""
    found = leaks(secret_run, secret_run)
    assert {"Truth", "Scenario", "Block", "Plan", "seed", "array"} <= {*found, "Truth" if secret_run.truth else ""}
    careless = dataclasses.replace(secret_run.until(6))
    careless.customers.attrs["source"] = secret_run.scenario
    assert "Scenario" in leaks(careless, secret_run)


def test_a_pickled_past_holds_no_secret(secret_run: Run) -> None:
    text = pickle.dumps(secret_run.until(6))
    for word in (b"Truth", b"Scenario", b"Offer", b"stage_log", b"loyalty", SEED.to_bytes(7, "little")):
        assert word not in text
    assert SEED.to_bytes(7, "little") in pickle.dumps(secret_run)


def test_a_run_survives_a_journey(secret_run: Run) -> None:
    there = pickle.loads(pickle.dumps(secret_run))
    pd.testing.assert_frame_equal(there.transactions, secret_run.transactions)
    pd.testing.assert_frame_equal(there.truth.stages, secret_run.truth.stages)
    table = crm.compare(secret_run.scenario, {"a": []}, replications=2)
    back = pickle.loads(pickle.dumps(table))
    assert isinstance(back, Comparison)
    assert back.customers.equals(table.customers)


def test_tables_of_a_run_are_its_own(secret_run: Run) -> None:
    """Changing a table in place changes neither the truth nor a later past."""
    run = crm.simulate(secret_run.scenario)
    before = run.truth.stages, run.truth.customers
    run.transactions.loc[:, "amount"] = -1.0
    run.customers.loc[:, "acquired_period"] = 0
    pd.testing.assert_frame_equal(run.truth.stages, before[0])
    pd.testing.assert_frame_equal(run.truth.customers, before[1])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"threads": 0}, "threads=0"),
        ({"threads": 1.5}, "threads=1.5"),
        ({"partition_size": 0}, "partition_size=0"),
        ({"replication": -1}, "replication=-1"),
        ({"replication": 2**63}, "replication="),
        ({"replication": True}, "replication=True"),
    ],
)
def test_bad_arguments_are_refused(shop: Scenario, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(crm.InputError) as caught:
        crm.simulate(shop, **arguments)
    assert says in str(caught.value)


def test_a_scenario_is_needed(shop: Scenario) -> None:
    for wrong in ("retail", None, shop.model_dump()):
        with pytest.raises(crm.InputError, match="a scenario is needed"):
            crm.simulate(wrong)  # type: ignore[arg-type]
        with pytest.raises(crm.InputError, match="a scenario is needed"):
            crm.compare(wrong, {"a": []})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"at": 0}, "at=0"),
        ({"at": 13}, "from 1 to 12"),
        ({"horizon": 0}, "horizon=0"),
        ({"horizon": 1201}, "1200"),
        ({"replications": 1}, "replications=1"),
        ({"threads": 0}, "threads=0"),
        ({"at": "6"}, "at='6'"),
    ],
)
def test_bad_arguments_of_clv_are_refused(shop_run: Run, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(crm.InputError) as caught:
        shop_run.truth.clv(**{"at": 6, "horizon": 2, "replications": 2, **arguments})
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("policies", "replications", "says"),
    [
        ({}, 2, "at least one named policy"),
        ([], 2, "at least one named policy"),
        ({"a": None}, 1, "replications=1"),
        ({"late": [crm.Offer(at=12, customers=[1])]}, 2, "the last period is 11"),
    ],
)
def test_bad_arguments_of_compare_are_refused(shop: Scenario, policies: Any, replications: int, says: str) -> None:
    with pytest.raises(crm.InputError) as caught:
        crm.compare(shop, policies, replications=replications)
    assert says in str(caught.value)


def test_a_run_is_silent_unless_asked(shop: Scenario, capfd: pytest.CaptureFixture[str]) -> None:
    crm.simulate(shop)
    assert capfd.readouterr() == ("", "")
    crm.simulate(shop, progress=True)
    assert "customers" in capfd.readouterr().err


@pytest.mark.parametrize("room", [1, 7, 100])
def test_a_buffer_that_is_too_small_changes_nothing(
    shop: Scenario, shop_run: Run, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel goes on in a further buffer, from the start of the customer who did not fit."""
    monkeypatch.setattr(rooms, "ROOM", dict.fromkeys(rooms.ROOM, room))
    run = crm.simulate(shop)
    pd.testing.assert_frame_equal(run.transactions, shop_run.transactions)
    pd.testing.assert_frame_equal(run.truth.customers, shop_run.truth.customers)
    pd.testing.assert_frame_equal(run.truth.stages, shop_run.truth.stages)


def test_the_kernel_is_compiled_once() -> None:
    """Arrays of another kind, say with gaps, would be a second compilation of many seconds."""
    shop = crm.scenario("retail").replace(customers=400, periods=12)
    policy = [crm.Offer(at=3, customers=[1, 2], lift=0.1), crm.Lever(at=4, periods=2, price=0.9)]
    run = crm.simulate(shop, policy=policy)
    assert run.customers["referred_by"].notna().any()
    run.truth.clv(at=6, horizon=2, replications=2)
    crm.compare(shop, {"nothing": [], "dearer": [crm.Lever(at=4, periods=2, price=1.1)]}, replications=2)
    assert (len(kernel.live.signatures), len(kernel.draw_traits.signatures)) == (1, 1)


def test_looking_for_garbage_goes_on_after_compiling() -> None:
    gc.disable()
    with collection_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
    gc.enable()
    with pytest.raises(ZeroDivisionError), collection_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_the_order_does_not_depend_on_a_first_block_in_which_nothing_happens(shop: Scenario) -> None:
    """Blocks of one customer: some first ones buy nothing, while those whom others referred do."""
    talkative = shop.replace(customers=30, periods=4, **{"word_of_mouth.referrals": 0.3})
    seen = 0
    for seed in range(12):
        one = crm.simulate(talkative.replace(seed=seed)).transactions
        two = crm.simulate(talkative.replace(seed=seed), partition_size=1, threads=1).transactions
        pd.testing.assert_frame_equal(one, two)
        seen += bool((one["customer_id"] != 0).all() and (one["customer_id"] >= 10**11).any())
    assert seen >= 3
