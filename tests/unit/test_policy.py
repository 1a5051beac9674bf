"""Offers: what they accept, what they refuse, whom they reach and what they cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.engine.policy import Plan, Step, actions_for, checked
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario


@pytest.mark.parametrize(
    "ids",
    [[3, 1, 5], (1, 3, 5), {5, 3, 1}, range(1, 6, 2), np.array([5, 3, 1]), pd.Index([1, 5, 3]), pd.Series([1, 3, 5])],
)
def test_whatever_names_customers_will_do(ids: Any) -> None:
    offer = crm.Offer(at=0, customers=ids)
    assert offer.customers.tolist() == [1, 3, 5]
    assert offer.customers.dtype == np.int64


def test_an_offer_cannot_be_changed() -> None:
    ids = np.array([1, 2, 3])
    offer = crm.Offer(at=0, customers=ids)
    ids[0] = 9
    assert offer.customers.tolist() == [1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        offer.customers[0] = 9
    with pytest.raises(AttributeError):
        offer.lift = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"at": -1}, "at=-1"),
        ({"at": 1.5}, "whole number"),
        ({"at": True}, "at=True"),
        ({"at": "May"}, "at='May'"),
        ({"lift": -1.1}, "lift=-1.1"),
        ({"lift": float("nan")}, "lift=nan"),
        ({"lift": float("inf")}, "lift=inf"),
        ({"lift": "30%"}, "lift='30%'"),
        ({"discount": 1.01}, "from 0 to 1"),
        ({"discount": -0.1}, "discount=-0.1"),
        ({"retention": 21}, "from -20 to 20"),
        ({"cost": -1}, "cost=-1"),
        ({"periods": 0}, "periods=0"),
        ({"name": 5}, "name=5"),
        ({"customers": "all"}, "'all'"),
        ({"customers": 3}, "customers=3"),
        ({"customers": None}, "customers=None"),
        ({"customers": [1, 1]}, "customer 1 is named twice"),
        ({"customers": [1.5]}, "1.5"),
        ({"customers": [True, False]}, "True"),
        ({"customers": ["C1"]}, "'C1'"),
        ({"customers": [None]}, "whole numbers"),
        ({"customers": [2**63]}, "no customer 9223372036854775808"),
        ({"customers": [2**70]}, "whole numbers"),
        ({"customers": pd.DataFrame({"customer_id": [1]})}, "table.index"),
        ({"customers": {1: "a"}}, "table.index"),
    ],
)
def test_a_bad_offer_is_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(crm.InputError) as caught:
        crm.Offer(**{"at": 0, "customers": [1], **arguments})
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (crm.Offer(at=0, customers=[1]), "write [offer]"),
        (5, "write [offer]"),
        ("nothing", "crm.Offer"),
        ([{"at": 0}], "crm.Offer"),
        ([crm.Offer(at=0, customers=[3, 400])], "unknown customer 400; ids run from 0 to 399"),
        ([crm.Offer(at=0, customers=[-1, 400, 401])], "unknown customer -1 and 2 more"),
    ],
)
def test_a_bad_policy_is_refused(shop: Scenario, policy: Any, says: str) -> None:
    with pytest.raises(crm.InputError) as caught:
        crm.simulate(shop, policy=policy)
    assert says in str(caught.value)
    with pytest.raises(crm.InputError):
        crm.compare(shop, {"policy": policy})


def test_actions_go_to_those_they_name() -> None:
    offers = [
        crm.Offer(at=2, customers=[5, 9, 70], lift=0.5, cost=1.5, periods=3),
        crm.Offer(at=1, customers=[9, 11], discount=0.1, retention=-2),
    ]
    plan = Plan(tuple(Step(offer, offer.customers.astype(np.uint64)) for offer in offers))
    first, actions = actions_for(plan.steps, np.array([4, 5, 9, 12], dtype=np.uint64))
    assert first.tolist() == [0, 0, 1, 3, 3]
    assert actions["start"].tolist() == [2, 2, 1]
    assert actions["stop"].tolist() == [5, 5, 2]
    assert actions["lift"].tolist() == [0.5, 0.5, 0.0]
    assert actions["discount"].tolist() == [0.0, 0.0, 0.1]
    assert actions["retention"].tolist() == [0.0, 0.0, -2.0]
    assert actions["cents"].tolist() == [150, 150, 0]
    assert plan.roots.tolist() == [5, 9, 11, 70]
    assert len(Plan().roots) == 0
    assert actions_for(plan.steps, np.empty(0, dtype=np.uint64))[0].tolist() == [0]
    assert checked(None, n_customers=3) == ()


def test_names_may_stand_in_any_order() -> None:
    """Referred customers of a block are not sorted by name."""
    step = Step(crm.Offer(at=1, customers=[3, 8]), np.array([3, 8], dtype=np.uint64))
    first, _ = actions_for([step], np.array([9, 8, 1, 3], dtype=np.uint64))
    assert np.diff(first).tolist() == [0, 1, 0, 1]


def test_campaigns_list_whom_an_offer_reached(shop: Scenario, shop_run: Run) -> None:
    offers = [
        crm.Offer(at=4, customers=range(40), cost=1.005, name="first"),
        crm.Offer(at=2, customers=range(30, 60), cost=2, name="second"),
        crm.Offer(at=12, customers=range(5), cost=2, name="after the end"),
        crm.Offer(at=3, customers=[], cost=2, name="to nobody"),
    ]
    table = crm.simulate(shop, policy=offers).campaigns
    arrival = shop_run.customers["acquired_period"]
    assert set(table.loc[table["offer"] == "first", "customer_id"]) == set(
        arrival[(arrival <= 4) & (arrival.index < 40)].index
    )
    assert set(table["offer"]) == {"first", "second"}
    assert (table.loc[table["offer"] == "first", "cost"] == 1.0).all()  # whole cents, as in the profit
    assert (table["time"] == shop_run.period_starts[table["period"]]).all()
    assert table.equals(table.sort_values(["customer_id", "period"], kind="stable"))
    assert table.dtypes.to_dict() == shop_run.campaigns.dtypes.to_dict()


def test_who_comes_later_is_not_reached(shop: Scenario, shop_run: Run) -> None:
    """Neither the cost nor the effect of an offer meets a customer who arrives after it."""
    offer = crm.Offer(at=2, customers=range(400), lift=5.0, discount=0.5, retention=3.0, cost=7, periods=10)
    run = crm.simulate(shop, policy=[offer])
    known = run.customers.index.intersection(shop_run.customers.index)
    known = known[known < 400]
    late = known[run.customers.loc[known, "acquired_period"] > 2]
    assert len(late) > 50
    assert run.truth.customers.loc[late].equals(shop_run.truth.customers.loc[late])
    early = known.difference(late)
    assert not run.truth.customers.loc[early].equals(shop_run.truth.customers.loc[early])
