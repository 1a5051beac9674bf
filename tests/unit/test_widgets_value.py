"""The value explorer: its arithmetic without widgets, then the widget driven by setting its values."""

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.widgets import value_explorer
from crmsim.widgets.valuing import MOST_PERIODS, flows_of, valued

PAST, FUTURE, MORE = [100, 120, 90], [80, 60], [10, 20]


def test_without_loyalty_and_plan_it_is_what_the_library_says():
    found = valued(flows_of(PAST, FUTURE, MORE), rate=0.10).values
    assert found["narrow"] == pytest.approx(122.3140, abs=1e-4)
    assert found["broad"] == pytest.approx(465.3140, abs=1e-4)
    assert found["current_potential"] == crm.value.clv_current_potential(FUTURE, MORE, rate=0.10)


def test_loyalty_and_plan_cut_the_future_and_leave_the_past():
    customer = flows_of(PAST, FUTURE, MORE)
    half = valued(customer, rate=0.0, keep=0.5)
    assert half.values.to_dict() == {"narrow": 55.0, "broad": 365.0, "current_potential": 65.0}
    one = valued(customer, rate=0.0, plan=1)
    assert one.values.to_dict() == {"narrow": 80.0, "broad": 390.0, "current_potential": 90.0}
    assert one.periods["profit"].tolist() == [100, 120, 90, 80, 60]
    assert one.periods["expected"].tolist() == [100, 120, 90, 80, 0]
    assert half.periods.loc[0, "worth"] == 90


def test_the_bars_add_up_to_the_values():
    found = valued(flows_of(PAST, FUTURE, MORE[:1]), rate=0.07, keep=0.8)
    ahead = found.periods.loc[1:]
    assert found.periods["worth"].sum() == pytest.approx(found.values["broad"])
    assert ahead["worth"].sum() == pytest.approx(found.values["narrow"])
    both = ahead["worth"].sum() + ahead["worth_potential"].sum()
    assert both == pytest.approx(found.values["current_potential"]) != pytest.approx(found.values["narrow"])


TOO_FEW_OR_MANY = [([], [1], []), ([1], [], []), ([1], [1], [1, 1]), ([1], [1] * (MOST_PERIODS + 1), [])]


@pytest.mark.parametrize("flows", TOO_FEW_OR_MANY)
def test_flows_that_cannot_be_shown_are_refused(flows):
    with pytest.raises(InputError, match="value_explorer: there are"):
        flows_of(*flows)


def test_what_is_no_number_is_named():
    with pytest.raises(InputError, match="future"):
        value_explorer(PAST, ["eighty"])


def test_a_slider_changes_words_and_picture_and_back_restores_them():
    explorer = value_explorer(PAST, FUTURE, MORE)
    before = explorer._words.value, bytes(explorer._picture.value)
    assert "465.31" in before[0]
    explorer.controls["rate"].value = 0.0
    explorer.controls["keep"].value = 0.5
    assert "365.00" in explorer._words.value
    assert bytes(explorer._picture.value).startswith(b"\x89PNG")
    assert bytes(explorer._picture.value) != before[1]
    explorer.controls["reset"].click()
    assert (explorer._words.value, bytes(explorer._picture.value)) == before


def test_every_control_says_what_it_does_and_sends_its_value_when_let_go():
    explorer = value_explorer(PAST, FUTURE)
    for name, control in explorer.controls.items():
        assert control.description
        assert control.tooltip
        assert name == "reset" or control.continuous_update is False
    assert explorer.controls["plan"].max == len(FUTURE)


def test_it_is_shown_as_a_widget():
    shown = value_explorer(PAST, FUTURE)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
