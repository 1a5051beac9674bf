"""Room for the customers of a block that grows as they refer others."""

from __future__ import annotations

import numpy as np

import crmsim as crm
from crmsim.engine.room import Crowd
from crmsim.settings.scenario import Scenario


def test_generations_stand_one_below_the_other_however_many_come() -> None:
    crowd, expected = Crowd(2, n_periods=3), []
    for number, n in enumerate((2, 50, 0, 200)):
        traits, stages, causes, sums = crowd.more(n)
        assert (stages == -1).all()
        assert not causes.any()
        assert not sums["cents"].any()
        traits["rate"], stages[:], sums["cents"] = number, number, number
        expected += [number] * n
    traits, stages, causes, sums = crowd.all()
    assert stages.shape == causes.shape == (252, 3)
    assert traits["rate"].tolist() == stages[:, 2].tolist() == sums["cents"].tolist() == expected


def test_without_periods_no_stages_are_kept() -> None:
    crowd = Crowd(1, n_periods=None)
    crowd.more(500)
    assert [len(table) for table in crowd.all()] == [500, 0, 0, 500]


def test_more_are_referred_than_there_was_room_for(shop: Scenario) -> None:
    """The same customers live the same lives, whether they stand in one block or each root in its own."""
    talkative = shop.replace(customers=40, periods=8, **{"word_of_mouth.referrals": 0.5})
    whole, single = crm.simulate(talkative), crm.simulate(talkative, partition_size=1, threads=1)
    assert len(whole.customers) > 40 + 5 + 64, "otherwise nothing grows"
    assert whole.truth.customers.equals(single.truth.customers)
    assert np.array_equal(whole.truth.stages.to_numpy(), single.truth.stages.to_numpy())
