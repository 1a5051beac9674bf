"""The shipped firms do what their stories say: bills until cancelled, jars that run dry, owners who bring buyers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import crmsim as crm
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

ALIKE = {  # nothing but stages, and everybody of the same loyalty
    "service": None,
    "satisfaction": None,
    "surveys": None,
    "word_of_mouth": None,
    "traits.loyalty.sd": 0.0,
    "traits.price_elasticity.sd": 0.0,
    "traits.segments": {"everybody": {"zh": "全体", "share": 1.0}},
    "arrival": {"pattern": "cohort"},
}


def bills(run: Run) -> npt.NDArray[np.int64]:
    """Number of purchases, a row for each customer and a column for each period."""
    found = np.zeros((len(run.customers), run.periods), dtype=np.int64)
    who = np.searchsorted(run.customers.index, run.transactions["customer_id"])
    np.add.at(found, (who, run.transactions["period"]), 1)
    return found


def active(run: Run) -> npt.NDArray[np.bool_]:
    stages = run.truth.stages
    there = stages[stages["stage"] != "churn"]
    found = np.zeros((len(run.customers), run.periods), dtype=bool)
    found[np.searchsorted(run.customers.index, there["customer_id"]), there["period"]] = True
    return found


def z_of_share(count: float, share: float, n: int) -> float:
    return float(abs(count / n - share) / np.sqrt(share * (1 - share) / n))


# ---- telecom and insurance: contracts


def test_telecom_bills_every_month_until_cancelled() -> None:
    run = crm.simulate(crm.scenario("telecom").replace(customers=2_000, periods=24))
    billed, there = bills(run), active(run)
    assert (billed == there).all()
    assert (~there[:, 1:] & there[:, :-1]).any()  # somebody cancels
    assert (run.transactions["time"].to_numpy() == run.period_starts[run.transactions["period"]].to_numpy()).all()
    plans = run.transactions.drop_duplicates(["customer_id", "category"])
    assert plans["customer_id"].is_unique  # a plan stays what it is


def test_insurance_bills_once_in_twelve_months() -> None:
    run = crm.simulate(crm.scenario("insurance").replace(customers=2_000))
    age = np.arange(run.periods) - run.customers["acquired_period"].to_numpy()[:, None]
    due = active(run) & (age % 12 == 0)
    assert (bills(run) == due).all()
    assert (bills(run) != active(run)).any()
    assert set(bills(run).sum(axis=1)) == {1, 2, 3, 4, 5}
    spread = run.transactions["time"].dt.month.value_counts(normalize=True)
    assert spread.max() < 2 / 12  # premiums fall due all over the year


@pytest.mark.parametrize(("price", "elasticity"), [(1.2, 3.0), (0.8, 3.0), (1.2, 0.0)])
def test_the_price_of_a_contract_moves_the_odds_of_losing_ground(price: float, elasticity: float) -> None:
    """From the first month to the second: odds x price ^ elasticity, with base odds 0.045 : 0.955."""
    n = 100_000
    shop = crm.scenario("telecom").replace(
        customers=n, periods=2, **ALIKE, **{"traits.price_elasticity.mean": elasticity}
    )
    run = crm.simulate(shop, policy=[crm.Lever(at=1, price=price)])
    lost = np.isin(run.lives.stage_log[:, 1], [3, 4]).sum()
    odds = 0.045 / 0.955 * price**elasticity
    assert z_of_share(lost, odds / (1 + odds), n) < 4
    wrong = 0.045 * 1.08 if elasticity == 0 else 0.045  # a price that matters, or does not
    assert z_of_share(lost, wrong, n) > 4


# ---- rice_shop: households that use up stock


def loyal_households() -> Scenario:
    """Households that never leave, and that buy whenever the jar is empty."""
    stages = {name: {"zh": "段", "standing": k, "purchases": 1.0} for k, name in enumerate(("one", "two"))}
    chain = {"entry_stage": "one", "stages": stages, "moves": {name: {"one": 0.5, "two": 0.5} for name in stages}}
    return crm.scenario("rice_shop").replace(
        customers=4_000, periods=48, **{**ALIKE, **chain, "buying.here_share": 1.0, "season": (1.0,)}
    )


def test_a_jar_lasts_as_long_as_people_and_appetite_say() -> None:
    """Stock / (people x kg a person x appetite) months, up to 10 % less or more: the first 8 of each household."""
    run = crm.simulate(loyal_households())
    household = run.customers[["people", "kg_per_period"]].assign(appetite=run.truth.customers["purchase_rate"])
    household["lasting"] = 60 / (household["people"] * 10 * household["appetite"])
    assert (abs(household["kg_per_period"] * household["lasting"] - 60) < 0.5 * household["lasting"]).all()
    quick = household[household["lasting"] * 10 < run.periods]  # all 8 jars are empty by the end
    starts = run.period_starts.astype("int64")
    months = np.interp(run.transactions["time"].astype("int64"), starts, np.arange(len(starts)))
    bought = pd.Series(months, index=run.transactions["customer_id"]).groupby(level=0)
    lasted = bought.diff()[bought.cumcount().between(1, 8)]
    lasted = lasted[lasted.index.isin(quick.index)]
    assert len(lasted) == 8 * len(quick) > 10_000
    ratio = lasted / household.loc[lasted.index, "lasting"]
    assert ratio.between(0.8999, 1.1001).all()
    se = ratio.std() / np.sqrt(len(ratio))
    assert abs(ratio.mean() - 1) < 4 * se
    same = lasted / (6 / household.loc[lasted.index, "people"])  # appetite forgotten
    assert abs(same.mean() - 1) > 4 * same.std() / np.sqrt(len(quick))


def test_households_buy_elsewhere_too() -> None:
    """With a chance of 55 % here, these are 55 % of the times at which jars are empty."""
    all_here = crm.simulate(loyal_households()).transactions
    some = crm.simulate(loyal_households().replace(**{"buying.here_share": 0.55})).transactions
    times = {tuple(row) for row in all_here[["customer_id", "time"]].itertuples(index=False)}
    assert {tuple(row) for row in some[["customer_id", "time"]].itertuples(index=False)} <= times
    assert z_of_share(len(some), 0.55, len(all_here)) < 4
    assert z_of_share(len(some), 0.57, len(all_here)) > 4


def test_a_household_that_comes_back_buys_from_then_on() -> None:
    """Jars that ran dry while it was away were filled elsewhere: no purchase is dated back."""
    stages = {
        "here": {"zh": "在", "standing": 1, "purchases": 1.0},
        "away": {"zh": "不在", "standing": 0, "purchases": 0.0},
    }
    moves = {"here": {"here": 0.7, "away": 0.3}, "away": {"here": 0.2, "away": 0.8}}
    shop = loyal_households().replace(customers=300, entry_stage="here", stages=stages, moves=moves)
    bought = crm.simulate(shop).transactions
    assert (bought["period"].to_numpy() == np.searchsorted(shop_starts(shop), bought["time"], side="right") - 1).all()


def shop_starts(shop: Scenario) -> Any:
    return pd.date_range(shop.start, periods=shop.periods + 1, freq="MS").to_numpy().astype("datetime64[s]")


def due(past: Past) -> pd.Index:
    """The notebook of the story: last purchase, people and rice a month tell whose jar will be empty next month."""
    last = past.transactions.groupby("customer_id")["time"].max()
    days = 60 / past.customers.loc[last.index, "kg_per_period"] * 30.4
    empty = last + pd.to_timedelta(days, unit="D")
    return last.index[(empty > past.end - pd.Timedelta(days=3)) & (empty < past.end + pd.Timedelta(days=31))]


def test_delivery_before_the_jar_is_empty_pays() -> None:
    shop = crm.scenario("rice_shop").replace(customers=600, periods=18)

    def deliver(to: Any) -> list[crm.Offer]:
        return [crm.Offer(at=t, customers=to, lift=0.8, cost=3) for t in range(6, 18)]

    rounds = {
        "wait": [],
        "deliver": deliver(due),
        "deliver to anybody": deliver(lambda past: past.customers.index[::4]),
    }
    found = crm.compare(shop, rounds, replications=3)
    assert found.loc["deliver", "profit_difference"] > 4 * found.loc["deliver", "se"]
    assert found.loc["deliver", "profit_difference"] > 2 * found.loc["deliver to anybody", "profit_difference"]


# ---- real_estate: referrals decide


@pytest.fixture(scope="module")
def homes() -> Run:
    return crm.simulate(crm.scenario("real_estate").replace(customers=20_000))


def test_everybody_arrives_with_a_home_and_hardly_anybody_buys_another(homes: Run) -> None:
    first = homes.transactions.groupby("customer_id")["time"].min()
    assert (first == homes.customers["acquired_on"]).all()
    further = len(homes.transactions) - len(homes.customers)
    assert 0 < further < 0.05 * len(homes.customers)


def test_owners_bring_a_large_and_growing_share_of_the_deals(homes: Run) -> None:
    referred = homes.customers["referred_by"].notna()
    by_year = referred.groupby(homes.customers["acquired_on"].dt.year).mean()
    assert by_year.is_monotonic_increasing
    assert by_year.iloc[0] < 0.15
    assert 0.40 < by_year.iloc[-1] < 0.65
    assert (homes.customers["channel"].eq("referral") == referred).all()


def test_referred_owners_are_more_loyal_and_leave_less(homes: Run) -> None:
    referred = homes.customers["referred_by"].notna()
    loyalty = homes.truth.customers["loyalty"]
    channels = homes.scenario.arrival.channels
    more = channels["referral"].loyalty - sum(way.share * way.loyalty for way in channels.values())
    gap = loyalty[referred].mean() - loyalty[~referred].mean()
    se = np.hypot(loyalty[referred].sem(), loyalty[~referred].sem())
    assert abs(gap - more) < 4 * se
    assert abs(gap) > 4 * se
    moves, lived = homes.truth.moves, pd.Series(active(homes).sum(axis=1), index=homes.customers.index)
    left = homes.customers.index.isin(moves.loc[moves["after"] == "churn", "customer_id"])
    young = lived.clip(upper=24)  # a month of life is a chance to leave; the referred are younger, which is worse
    rate = [(left & (lived < 24))[group].sum() / young[group].sum() for group in (referred, ~referred)]
    assert rate[0] < rate[1]


def test_referrals_come_at_the_rate_of_the_scenario() -> None:
    """Where satisfaction does not matter, each owner's month brings 0.016 buyers of the next month."""
    shop = crm.scenario("real_estate").replace(customers=20_000, periods=36, **{"word_of_mouth.on_referrals": 0.0})
    run = crm.simulate(shop)
    months = active(run)[:, :-1].sum()
    brought = run.customers["referred_by"].notna().sum()
    assert abs(brought / months - 0.016) < 4 * np.sqrt(0.016 / months)
    assert abs(brought / months - 0.016 * 1.1) > 4 * np.sqrt(0.016 / months)


# ---- levers


@pytest.mark.parametrize("name", ["telecom", "insurance", "real_estate", "rice_shop"])
def test_better_service_satisfies_keeps_and_earns(name: str) -> None:
    shop = crm.scenario(name).replace(customers=4_000, periods=36)
    better = [crm.Lever(at=6, skill=1.4, waiting=0.5, reply=0.5)]
    before, after = crm.simulate(shop), crm.simulate(shop, policy=better)
    same = before.customers.index.intersection(after.customers.index)
    mood = (after.truth.customers["satisfaction"] - before.truth.customers["satisfaction"])[same]
    assert mood.mean() > 4 * mood.std() / np.sqrt(len(mood))
    assert active(after).sum() > active(before).sum()
    found = crm.compare(shop, {"as it is": [], "better": better}, replications=4)
    assert found.loc["as it is", "profit"] > 0
    assert found.loc["better", "profit_difference"] > 3 * found.loc["better", "se"]
