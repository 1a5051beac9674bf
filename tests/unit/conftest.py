"""What the tests of units share: a run as files; callees, a decent script, and one with a changed line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streams import PART, sums

import crmsim as crm
from crmsim.engine.simulate import Run
from crmsim.phone.model import Script
from crmsim.phone.reading import load
from crmsim.settings.scenario import Scenario

Changed = Callable[..., Script]


@pytest.fixture(scope="session")
def phone_run() -> Run:
    """The retailer after a year; some 3,200 customers have come."""
    return crm.simulate(crm.scenario("retail").replace(customers=6_000, periods=12, seed=7))


@pytest.fixture(scope="session")
def people(phone_run: Run) -> pd.DataFrame:
    """Everybody as a callee who has never been called. Nobody may change the table."""
    return crm.phone.callees(phone_run, seed=3)


@pytest.fixture(scope="session")
def baseline() -> Script:
    """The shipped baseline: a decent call of 15 nodes that asks for an appointment."""
    return load(Path(crm.__file__).parent / "phone" / "baseline.yaml")


@pytest.fixture(scope="session")
def changed(baseline: Script) -> Changed:
    """A function that gives the baseline with other Chinese words at some nodes or ends: changed(offer="...")."""

    def with_lines(**lines: str) -> Script:
        content = baseline.model_dump(by_alias=True)
        parts = {part["id"]: part for part in [*content["nodes"], *content["ends"]]}
        for name, words in lines.items():
            parts[name]["say"] = {"zh": words}
        return Script.model_validate(content)

    return with_lines


@pytest.fixture(scope="session")
def whole(shop: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Checksums of what an uninterrupted run of the shop leaves."""
    return sums(crm.simulate_to(shop, tmp_path_factory.mktemp("whole") / "run", part_size=PART, threads=1))
