"""The statement of a firm's money: every line from the tables, and their sum that of the truth, to the cent."""

from __future__ import annotations

import pandas as pd
import pytest

import crmsim as crm
from crmsim.customers.money import SIGNS, scheme_rewards, statement
from crmsim.engine.levers import Lever
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

SCHEME = {"threshold": 300.0, "decay": 0.9, "loyalty": 0.2, "reward_share": 0.03, "running": True}


def small(name: str) -> Scenario:
    shop = crm.scenario(name)
    return shop.replace(customers=min(shop.customers, 300), periods=min(shop.periods, 18))


def cents(money: float) -> int:
    return round(money * 100)


def profit_of_customers(run: Run) -> int:
    return int((run.truth.customers["profit"] * 100).round().sum())


@pytest.mark.parametrize("name", crm.scenarios())
def test_the_profit_is_that_of_the_customers_less_the_levers(name: str) -> None:
    shop = small(name)
    policy = [
        crm.Offer(at=2, customers=range(0, shop.customers, 2), lift=0.2, discount=0.1, cost=1.255, periods=3),
        Lever(at=4, periods=5, scheme=False, cost=100.07),
        Lever(at=6, periods=2, scheme=True, price=1.1),
    ]
    for world in (shop, shop.replace(scheme=SCHEME)):
        run = crm.simulate(world, policy=policy)
        money = statement(run)
        assert cents(money["profit"]) == profit_of_customers(run) - 50_035
        assert cents(money["profit"]) == sum(sign * cents(money[line]) for line, sign in SIGNS.items())
        assert cents(money["revenue"]) - cents(money["cost_of_goods"]) == cents(money["margin"])
        assert money["scheme_cost"] >= 0
        assert world.scheme is not None or money["scheme_cost"] == 0


def test_a_cost_that_is_a_fraction_of_a_cent_is_rounded_as_in_the_truth(shop: Scenario) -> None:
    run = crm.simulate(shop.replace(**{"stages.growth.service_cost": 2.014, "stages.growth.reward": 0.009}))
    assert cents(statement(run)["profit"]) == profit_of_customers(run)


def test_each_line_is_counted_from_its_own_table(shop: Scenario) -> None:
    run = crm.simulate(shop, policy=[crm.Offer(at=3, customers=range(0, 400, 3), lift=0.5, cost=1.25)])
    money = statement(run)
    assert money["offer_cost"] == pytest.approx(1.25 * len(run.campaigns))
    assert money["revenue"] == pytest.approx(run.transactions["amount"].sum())
    assert shop.service is not None
    cost = {name: channel.cost for name, channel in shop.service.channels.items()}
    assert money["contact_cost"] == pytest.approx(run.contacts["channel"].astype(str).map(cost).sum())
    assert (money[["contact_cost", "acquisition_cost", "service_cost"]] > 0).all()
    assert (money[["scheme_cost", "stage_reward", "lever_cost"]] == 0).all()


def test_members_are_rewarded_by_hand(shop: Scenario) -> None:
    run = crm.simulate(shop.replace(scheme=SCHEME))
    given = pd.Series(scheme_rewards(run), index=run.transactions.index)
    rows = run.transactions
    busiest = rows[rows["customer_id"] == rows["customer_id"].value_counts().index[0]]
    points = 0.0
    for period in range(run.periods):
        now = busiest[busiest["period"] == period]
        for row, amount in now["amount"].items():
            assert given[row] == (int(amount * 3 + 0.5) if points >= 300 else 0)
        points = points * 0.9 + now["amount"].sum()
    assert given[busiest.index].sum() > 0
