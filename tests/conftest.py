"""What the tests of several folders share: small worlds, made once."""

from __future__ import annotations

import signal

import pytest

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As a job in the background: programs that the tests start would not notice an interruption either.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shop() -> Scenario:
    """The retail shop, small: 400 customers, 12 periods."""
    return crm.scenario("retail").replace(customers=400, periods=12, seed=7)


@pytest.fixture(scope="session")
def shop_run(shop: Scenario) -> Run:
    """A run of the small shop in which the firm does nothing. Nobody may change its tables."""
    return crm.simulate(shop)


@pytest.fixture(scope="session")
def bare_shop(shop: Scenario) -> Scenario:
    """The retail shop with stages, purchases and seasons only: no service, satisfaction or word of mouth."""
    left_out = dict.fromkeys(["affinity", "service", "satisfaction", "surveys", "word_of_mouth"])
    return shop.replace(**left_out)


@pytest.fixture(scope="session")
def plain_shop(bare_shop: Scenario) -> Scenario:
    """A shop whose customers differ in nothing but luck: the closed forms of the course hold for it.

    One segment, one channel that costs nothing, no loyalty, no season, one category, no service, no satisfaction, no
    word of mouth; everybody arrives in period 0.
    """
    return bare_shop.replace(
        **{
            "arrival": {
                "first_period_share": 1.0,
                "over_periods": 1,
                "channels": {"door": {"zh": "门店", "share": 1.0, "cost": 0.0}},
            },
            "traits.loyalty.sd": 0.0,
            "traits.segments": {"everybody": {"zh": "全体", "share": 1.0}},
            "season": (1.0,),
            "categories": {"goods": {"zh": "商品", "share": 1.0, "margin": 0.25}},
        }
    )
