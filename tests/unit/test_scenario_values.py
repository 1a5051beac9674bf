"""A scenario is a frozen value: changed only by `replace`, equal by content, the same after a journey."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import crmsim as crm
from crmsim.settings.scenario import Scenario


def test_replace_leaves_the_original_alone(shop: Scenario) -> None:
    before = shop.to_json()
    other = shop.replace(customers=5, seed=8, **{"traits.loyalty.sd": 0.25, "arrival.channels.web.cost": 41})
    assert (other.customers, other.seed, other.traits.loyalty.sd) == (5, 8, 0.25)
    assert other.arrival.channels["web"].cost == 41
    assert other.traits.spend == shop.traits.spend
    assert shop.to_json() == before
    assert shop.replace() == shop


def test_replace_takes_numbers_of_numpy(shop: Scenario) -> None:
    changed = shop.replace(customers=np.int64(5), discount_rate=np.float64(0.02))
    assert changed == shop.replace(customers=5, discount_rate=0.02)
    assert type(changed.customers) is int


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"costumers": 5}, "Did you mean 'customers'?"),
        ({"traits.loialty.sd": 0.1}, "Did you mean 'loyalty'?"),
        ({"traits.loyalty.ds": 0.1}, "'traits.loyalty.ds'"),
        ({"seed.low": 1}, "'seed.low'"),
        ({"season.0": 1.0}, "'season.0'"),
        ({"": 1}, "no setting ''"),
        ({"customers": 0}, "greater than or equal to 1"),
        ({"customers": 2.5}, "2.5"),
        ({"customers": True}, "True"),
        ({"customers": None}, "None"),
        ({"customers": "many"}, "'many'"),
        ({"periods": 1201}, "1200"),
        ({"seed": -1}, "-1"),
        ({"seed": 2**63}, "less than"),
        ({"traits.loyalty.sd": float("nan")}, "nan"),
        ({"traits.segments.bargain.share": 0.3}, "sum to 1.1"),
        ({"stages": {}}, "0 stages"),
        ({"categories": {}}, "0 entries"),
        ({"moves": {"growth": {"growth": 1.0}}}, "is missing"),
        ({"season": ()}, "at least 1"),
        ({"season": (1.0, 2.0)}, "2 factors"),
    ],
)
def test_a_bad_replacement_is_refused(shop: Scenario, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(crm.InputError) as caught:
        shop.replace(**changes)
    assert says in str(caught.value)


def test_nothing_can_be_changed_in_place(shop: Scenario) -> None:
    with pytest.raises(ValidationError):
        shop.seed = 3
    with pytest.raises(ValidationError):
        shop.traits.loyalty.sd = 3.0
    with pytest.raises(ValidationError):
        shop.stages["growth"].purchases = 3.0
    for table in (shop.stages, shop.moves, shop.moves["growth"], shop.arrival.channels, shop.sources):
        with pytest.raises(TypeError):
            table["growth"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        shop.season[0] = 2.0  # type: ignore[index]


def test_what_was_given_to_replace_is_not_shared(shop: Scenario) -> None:
    row = dict(shop.moves["growth"])
    changed = shop.replace(**{"moves.growth": row})
    row["growth"] = 0.0
    assert changed.moves["growth"]["growth"] == shop.moves["growth"]["growth"]


def test_equal_by_content(shop: Scenario) -> None:
    twin, other = crm.scenario("retail").replace(customers=400, periods=12, seed=7), shop.replace(seed=8)
    assert twin == shop
    assert hash(twin) == hash(shop)
    assert twin.fingerprint() == shop.fingerprint()
    assert other != shop
    assert other.fingerprint() != shop.fingerprint()
    assert len({twin, shop, other}) == 2


@pytest.mark.parametrize("journey", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_the_same_after_a_journey(shop: Scenario, journey: Any) -> None:
    there = journey(shop)
    assert there == shop
    assert there.fingerprint() == shop.fingerprint()
    with pytest.raises(TypeError):
        there.moves["growth"]["growth"] = 1.0


def test_the_fingerprint_does_not_depend_on_the_process(shop: Scenario) -> None:
    code = "import crmsim as crm; print(crm.scenario('retail').fingerprint())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == crm.scenario("retail").fingerprint()


def test_the_order_within_a_table_counts(shop: Scenario) -> None:
    """Regions are drawn in their order: another order is another run, so it must be another value."""
    turned = shop.replace(regions=dict(reversed(shop.regions.items())))
    one, two = crm.simulate(shop).customers["region"], crm.simulate(turned).customers["region"]
    assert (one.astype("str") != two.astype("str")).any()
    assert turned != shop
    assert turned.fingerprint() != shop.fingerprint()


def test_it_says_what_it_is(shop: Scenario) -> None:
    assert repr(shop) == "<Scenario retail (City retailer, 城市零售商): 400 customers, 12 months, seed 7>"
    assert shop.start_date.isoformat() == "2024-01-01"
