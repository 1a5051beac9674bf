"""The loyalty explorer: its arithmetic without widgets, then the widgets driven by setting their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.widgets import loyalty_explorer
from crmsim.widgets.keeping import CLASSES, TOOLS, Setting, checked_shop, classes, two_years

SHOP = checked_shop(crm.scenario("retail").replace(customers=500, seed=4))
GROUP = classes(SHOP)


@pytest.fixture(scope="module")
def explorer() -> Any:
    return loyalty_explorer(crm.scenario("retail").replace(customers=500, seed=4))


@pytest.fixture(autouse=True)
def _every_control_back(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "explorer" in request.fixturenames:
        request.getfixturevalue("explorer").reset()


def test_every_class_has_customers_who_bought_lately() -> None:
    assert set(GROUP) == set(CLASSES)
    assert len(GROUP) < SHOP.customers


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_without_strength_changes_nothing_but_what_it_costs(tool: str) -> None:
    found = two_years(SHOP, GROUP, Setting(tool=tool, strength=0.0, cost=10.0))
    assert found.summary.loc["profit", "difference"] == pytest.approx(-10 * len(GROUP))
    assert found.summary.loc["churned", "difference"] == 0
    assert found.gains["gain"].tolist() == pytest.approx([-10.0] * 3)


def test_gains_and_numbers_reached_add_up_to_the_profit() -> None:
    found = two_years(SHOP, GROUP, Setting(cost=5.0))
    total = (found.gains["gain"] * found.gains["n_customers"]).sum()
    assert total == pytest.approx(found.summary.loc["profit", "difference"])
    assert total != pytest.approx(0)


def test_only_who_is_reached_changes() -> None:
    found = two_years(SHOP, GROUP, Setting(group="big", cost=5.0))
    assert found.gains.loc[["small", "middle"]].eq(0).all(axis=None)
    assert found.gains.loc["big", "n_customers"] == (GROUP == "big").sum() > 0
    assert found.gains.loc["big", "gain"] > 0


def test_care_keeps_customers_and_more_than_expected_pleases_them() -> None:
    care, more = (two_years(SHOP, GROUP, Setting(tool=tool, strength=2.0)).summary for tool in ("care", "exceed"))
    assert care.loc["churned", "difference"] < -2 * care.loc["churned", "se"]
    assert more.loc["satisfaction", "difference"] > 0


def test_a_dearer_tool_brings_less_by_just_its_price() -> None:
    cheap = two_years(SHOP, GROUP, Setting(cost=10.0))
    dear = two_years(SHOP, GROUP, replace(Setting(), cost=25.0))
    assert (cheap.gains["gain"] - dear.gains["gain"]).tolist() == pytest.approx([15.0] * 3)


@pytest.mark.parametrize(("scenario", "says"), [
    ("retail", "a scenario is needed"),
    (crm.scenario("retail").replace(customers=30_000), "too many"),
    (crm.scenario("retail").replace(satisfaction=None), "has no satisfaction"),
])  # fmt: skip
def test_what_cannot_be_shown_is_refused(scenario: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        loyalty_explorer(scenario)


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        loyalty_explorer()


def test_every_control_explains_itself(explorer: Any) -> None:
    for control in explorer.controls.values():
        assert control.description
        assert len(control.tooltip) > 20


def test_a_control_changes_the_table_the_words_and_the_picture(explorer: Any) -> None:
    before, words = bytes(explorer._picture.value), explorer._words.value
    explorer.controls["tool"].value = "coupon"
    assert f"{explorer.years.summary.loc['profit', 'difference']:,.0f}" in explorer._words.value
    assert explorer._words.value != words
    assert bytes(explorer._picture.value) != before
    assert before.startswith(b"\x89PNG")


def test_other_luck_and_back(explorer: Any) -> None:
    start = explorer.years.gains
    explorer.controls["luck"].click()
    assert not explorer.years.gains.equals(start)
    explorer.controls["reset"].click()
    assert explorer.years.gains.equals(start)


@pytest.mark.parametrize("edge", ["min", "max"])
def test_all_controls_at_an_end_work(explorer: Any, edge: str) -> None:
    for name in ("strength", "cost"):
        explorer.controls[name].value = getattr(explorer.controls[name], edge)
    for tool in TOOLS:
        explorer.controls["tool"].value = tool
        assert explorer.years.gains.notna().all(axis=None)
