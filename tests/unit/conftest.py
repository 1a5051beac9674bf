"""What the tests of units share."""

from __future__ import annotations

import pytest
from streams import PART, sums

import crmsim as crm
from crmsim.settings.scenario import Scenario


@pytest.fixture(scope="session")
def whole(shop: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Checksums of what an uninterrupted run of the shop leaves."""
    return sums(crm.simulate_to(shop, tmp_path_factory.mktemp("whole") / "run", part_size=PART, threads=1))
