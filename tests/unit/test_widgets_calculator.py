"""The value calculator: its arithmetic without widgets, then the widgets driven by setting their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from crmsim.errors import InputError
from crmsim.widgets import value_calculator
from crmsim.widgets.offering import COMPONENTS, OWN, SCORES, example_hierarchy, ranked, two_ways
from crmsim.widgets.offering_words import DOWN, UP

ROWS = [[120, 45, 20, 15, 100, 20, 10, 6], [90, 60, 30, 20, 110, 10, 5, 5], [150, 10, 10, 30, 80, 40, 30, 20]]
OFFERS = pd.DataFrame(ROWS, index=["A", "B", "C"], columns=list(COMPONENTS))
MEANING = {column: name for name, column in SCORES.items()}


@pytest.fixture(scope="module")
def shared() -> Any:
    return value_calculator(OFFERS)


@pytest.fixture
def calculator(shared: Any) -> Iterator[Any]:
    yield shared
    shared.reset()


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        value_calculator(OFFERS)


# Arithmetic


def test_each_meaning_has_its_own_order() -> None:
    first = {score: ranked(OFFERS, score).index[0] for score in SCORES.values()}
    assert first == {
        "delivered_value": "B", "low_price": "C", "what_i_want": "A", "quality_for_price": "C", "benefit_for_cost": "B",
    }
    table = ranked(OFFERS, "delivered_value")
    assert table["delivered_value"].tolist() == [70, 64, 30]
    assert table["place"].tolist() == [1, 2, 3]


def test_equal_offers_share_the_better_place() -> None:
    twins = OFFERS.loc[["A", "A", "C"]].set_axis(["A", "twin", "C"])
    assert ranked(twins, "delivered_value")["place"].tolist() == [1, 1, 3]


def test_both_directions_agree_for_any_setting() -> None:
    goals, consequences = example_hierarchy()
    for first in (0.0, 0.35, 1.0):
        grades = dict(zip(consequences.columns, (-2.0, 0.5, 1.3, -0.4), strict=True))
        found = two_ways(goals, consequences, first=first, grades=grades)
        assert found.up.overall == pytest.approx(float((found.down.attributes * found.grades).sum()), abs=1e-12)
        assert found.down.attributes.sum() == pytest.approx(1)
    assert found.up.overall != pytest.approx(found.grades.mean())


@pytest.mark.parametrize(("offers", "words"), [
    (OFFERS.iloc[:0], "1 to 6 offers, not 0"),
    (pd.concat([OFFERS] * 3).set_axis([f"P{k}" for k in range(9)]), "1 to 6 offers, not 9"),
    (OFFERS.assign(c_money=0), "needs a price"),
    (OFFERS.drop(columns="c_time"), "c_time"),
    (OFFERS.rename(index={"A": OWN}), "call yours otherwise"),
])
def test_offers_that_cannot_be_shown_are_refused(offers: pd.DataFrame, words: str) -> None:
    with pytest.raises(InputError, match=words):
        value_calculator(offers)


def test_a_hierarchy_needs_both_tables_with_two_goals_and_no_idle_attribute() -> None:
    goals, consequences = example_hierarchy()
    for bad in ((goals, None), (goals.iloc[:1], consequences), (goals.to_numpy(), consequences)):
        with pytest.raises(InputError, match="both goals and consequences"):
            value_calculator(OFFERS, goals=bad[0], consequences=bad[1])
    with pytest.raises(InputError, match="colour leads to no consequence"):
        value_calculator(OFFERS, goals=goals, consequences=consequences.assign(colour=0.0))


# Widgets


def test_every_control_explains_itself_and_can_be_reached_by_keyboard(calculator: Any) -> None:
    for control in calculator.controls.values():
        assert control.description
        assert len(control.tooltip) > 20
        assert not control.disabled
        assert control.tabbable is not False


def test_it_starts_with_the_worst_offer(calculator: Any) -> None:
    assert calculator.market.loc[OWN].tolist() == OFFERS.loc["C"].tolist()
    assert calculator.ranking["place"].to_dict() == {"B": 1, "A": 2, "C": 3, OWN: 3}


def test_a_slider_changes_the_market_the_words_and_the_picture(calculator: Any) -> None:
    before = bytes(calculator._picture.value)
    calculator.controls["c_time"].value = 0
    calculator.controls["c_energy"].value = 20
    assert calculator.ranking.loc[OWN, "delivered_value"] == 80
    assert calculator.ranking.index[0] == OWN
    assert f"Best by <b>delivered value 客户让渡价值</b>: {OWN}." in calculator._ranking.value
    assert bytes(calculator._picture.value) != before
    assert bytes(calculator._picture.value).startswith(b"\x89PNG")


def test_another_meaning_has_another_winner(calculator: Any) -> None:
    calculator.controls["c_money"].value = 60
    calculator.controls["meaning"].value = MEANING["low_price"]
    assert calculator.ranking.index[0] == OWN
    calculator.controls["meaning"].value = MEANING["benefit_for_cost"]
    assert calculator.ranking.index[0] == "B"
    assert "Your offer has place 3" in calculator._ranking.value


def test_the_hierarchy_is_read_in_both_directions(calculator: Any) -> None:
    assert "<b>pot</b> the most important" in calculator._levels.value
    assert calculator.hierarchy.down.attributes.round(3).tolist() == [0.172, 0.286, 0.326, 0.216]
    calculator.controls["goal"].value = 0.0
    assert "<b>guarantee</b> the most important" in calculator._levels.value
    calculator.controls["direction"].value = UP
    calculator.controls["grade guarantee"].value = 1.0
    assert "Overall satisfaction: <b>0.360</b>" in calculator._levels.value
    calculator.controls["direction"].value = DOWN
    assert "Overall" not in calculator._levels.value


def test_back_sets_every_control_to_the_start(calculator: Any) -> None:
    before = (calculator._ranking.value, calculator._levels.value)
    for name in ("v_image", "c_physical", "goal", "grade pot"):
        calculator.controls[name].value = calculator.controls[name].max
    calculator.controls["meaning"].value = MEANING["low_price"]
    assert calculator._ranking.value != before[0]
    calculator.controls["reset"].click()
    assert (calculator._ranking.value, calculator._levels.value) == before


@pytest.mark.parametrize("edge", ["min", "max"])
def test_all_sliders_at_an_end_work_under_every_meaning(calculator: Any, edge: str) -> None:
    for control in calculator.controls.values():
        if hasattr(control, edge):
            control.value = getattr(control, edge)
    for meaning in SCORES:
        calculator.controls["meaning"].value = meaning
        assert calculator.ranking["score"].notna().all()


def test_names_are_shown_as_text(calculator: Any) -> None:
    odd = value_calculator(OFFERS.rename(index={"A": "<b>A&B</b>"}))
    assert "<b>A&B" not in odd._ranking.value
    assert "&lt;b&gt;A&amp;B" in odd._ranking.value


def test_a_notebook_shows_the_whole_calculator(calculator: Any) -> None:
    bundle = calculator._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
