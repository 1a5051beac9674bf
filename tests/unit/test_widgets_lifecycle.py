"""The lifecycle explorer: its arithmetic without widgets, then the widgets driven by setting their values."""

import itertools
import subprocess
import sys

import numpy as np
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.lifecycle.models import STAGES
from crmsim.widgets import lifecycle_explorer
from crmsim.widgets.changes import HIGHEST, LOWEST, MOVES, Change, changed_scenario, check_scenario, row_with
from crmsim.widgets.worlds import care_begins, two_worlds, world_of_run


@pytest.fixture(scope="module")
def shop():
    return crm.scenario("retail").replace(customers=600, periods=24, seed=5, word_of_mouth=None)


@pytest.fixture(scope="module")
def explorer(shop):
    return lifecycle_explorer(shop)


@pytest.fixture(autouse=True)
def _every_control_back(request):
    yield
    if "explorer" in request.fixturenames:
        request.getfixturevalue("explorer").reset()


def test_importing_the_package_loads_nothing_heavy():
    heavy = "{'ipywidgets', 'matplotlib', 'pandas'}"
    code = f"import sys, crmsim.widgets; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch, shop):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        lifecycle_explorer(shop)


# Moves


def test_the_rest_of_a_row_is_scaled():
    row = {"growth": 0.6, "maturity": 0.3, "decline": 0.06, "churn": 0.04}
    changed = row_with(row, "maturity", 0.65)
    assert changed == pytest.approx({"growth": 0.3, "maturity": 0.65, "decline": 0.03, "churn": 0.02})
    assert changed["growth"] != row["growth"]  # a row left as it is would sum to 1.35


@pytest.mark.parametrize("shares", list(itertools.product((LOWEST, 0.37, HIGHEST), repeat=len(MOVES))))
def test_no_choice_of_the_sliders_is_impossible(shop, shares):
    changed = changed_scenario(shop, dict(zip(MOVES, shares, strict=True)))
    for (stage, target), share in zip(MOVES, shares, strict=True):
        assert changed.moves[stage][target] == share
        assert sum(changed.moves[stage].values()) == pytest.approx(1, abs=1e-12)


def test_unchanged_shares_leave_the_scenario_as_it_is(shop):
    same = changed_scenario(shop, {move: shop.moves[move[0]][move[1]] for move in MOVES})
    assert same == shop


def test_scenarios_that_cannot_be_shown_are_refused(shop):
    with pytest.raises(InputError, match="at most 20,000"):
        check_scenario(shop.replace(customers=20_001))
    moves = {**{stage: dict(row) for stage, row in shop.moves.items()}}
    moves["decline"] = {"growth": 0.2, "decline": 0.8}
    with pytest.raises(InputError, match="from decline to churn"):
        check_scenario(shop.replace(moves=moves))
    two = {name: {"zh": name, "standing": standing, "purchases": 1.0} for standing, name in enumerate(("off", "on"))}
    other = shop.replace(stages=two, entry_stage="on", moves={"on": {"on": 0.9, "off": 0.1}, "off": {"off": 1.0}})
    with pytest.raises(InputError, match="five stages"):
        check_scenario(other)


# Worlds


@pytest.fixture(scope="module")
def cared(shop):
    return two_worlds(shop, Change(moves={("decline", "churn"): 0.2}, retention=0.8, cost=30))


def test_money_adds_up(cared):
    for world in (cared.base, cared.changed):
        assert world.money["profit"].sum() == pytest.approx(world.each["profit"].sum())
    assert cared.base.money["care_cost"].sum() == 0
    n_cared_for = cared.changed.money["care_cost"].sum() / 30
    assert n_cared_for == int(n_cared_for) > 0


def test_everybody_who_has_arrived_stands_in_one_stage(shop, cared):
    arrived = crm.simulate(shop).customers.groupby("acquired_period").size().cumsum()
    for world in (cared.base, cared.changed):
        assert list(world.stages.columns) == list(STAGES)
        assert world.stages.sum(axis=1).tolist() == arrived.tolist()
        assert (world.customers["true"] + world.stages["churn"]).tolist() == arrived.tolist()
        assert world.customers.iloc[-1].tolist() == [world.each["true"].sum(), world.each["seen"].sum()]


@pytest.mark.parametrize("window", [1, 3, 12])
def test_the_firm_counts_those_who_bought_within_the_window(shop, window):
    run = crm.simulate(shop.replace(customers=80))
    seen = world_of_run(run, window=window).customers["seen"]
    bought = set(zip(run.transactions["customer_id"], run.transactions["period"], strict=True))
    for period in range(run.periods):
        lately = range(max(0, period - window + 1), period + 1)
        count = sum(any((customer, p) in bought for p in lately) for customer in run.customers.index)
        assert seen[period] == count


def test_nothing_changed_nothing_differs(shop):
    worlds = two_worlds(shop, Change())
    assert worlds.n_touched == 0
    assert (worlds.summary[["difference", "se"]] == 0).all(axis=None)


def test_who_is_not_cared_for_lives_the_same_life(shop):
    worlds = two_worlds(shop, Change(retention=1.5, cost=10), window=2)
    at = care_begins(shop)
    sold = crm.simulate(shop).until(at).transactions
    named = sold.loc[sold["period"] >= at - 2, "customer_id"].unique()
    difference = worlds.changed.each["profit"] - worlds.base.each["profit"]
    assert (difference.drop(named) == 0).all()
    assert (difference[named] != 0).all()  # everybody named costs at least the care
    assert worlds.n_touched == len(named)


def test_worse_moves_lose_customers_and_money(shop):
    worse = two_worlds(shop, Change(moves={("decline", "churn"): 0.8, ("acquisition", "churn"): 0.5}))
    better = two_worlds(shop, Change(moves={("decline", "churn"): 0.05, ("maturity", "decline"): 0.02}))
    for measure in ("profit", "true_customers", "seen_customers"):
        assert worse.summary.loc[measure, "difference"] < -3 * worse.summary.loc[measure, "se"] < 0
        assert better.summary.loc[measure, "difference"] > 3 * better.summary.loc[measure, "se"] > 0


def test_standard_error_is_that_of_a_sum_over_customers(cared):
    paired = (cared.changed.each - cared.base.each)["profit"].to_numpy()
    row = cared.summary.loc["profit"]
    assert row["difference"] == pytest.approx(paired.sum())
    assert row["se"] == pytest.approx(np.sqrt(len(paired)) * paired.std(ddof=1))
    assert row["se"] < row["se_other_luck"] / 2


# Widgets


def test_every_control_explains_itself(explorer):
    for control in explorer.controls.values():
        assert control.description
        assert len(control.tooltip) > 20
        assert not control.disabled


def test_a_slider_changes_the_world_the_words_and_the_picture(explorer):
    before = bytes(explorer._picture.value)
    assert "All moves are as they are" in explorer._rows.value
    explorer.controls["decline to churn"].value = 0.10
    assert explorer.worlds.summary.loc["profit", "difference"] > 0
    assert "decline</b> growth 0.064, maturity 0.064, decline 0.771, churn 0.100" in explorer._rows.value
    assert f"{explorer.worlds.summary.loc['profit', 'difference']:+,.0f}" in explorer._differences.value
    assert bytes(explorer._picture.value) != before
    assert bytes(explorer._picture.value).startswith(b"\x89PNG")


def test_care_costs_nothing_while_there_is_none(explorer):
    explorer.controls["cost"].value = 200
    assert explorer.worlds.n_touched == 0
    explorer.controls["care"].value = 1.0
    assert explorer.worlds.changed.money["care_cost"].sum() > 0
    dear = explorer.worlds.summary.loc["profit", "difference"]
    explorer.controls["cost"].value = 0
    assert explorer.worlds.summary.loc["profit", "difference"] > dear


def test_the_window_moves_what_is_seen_and_not_the_truth(explorer):
    narrow = explorer.worlds.base.customers
    explorer.controls["window"].value = 9
    wide = explorer.worlds.base.customers
    assert wide["true"].equals(narrow["true"])
    assert (wide["seen"] >= narrow["seen"]).all()
    assert wide["seen"].sum() > narrow["seen"].sum()


def test_other_luck_is_the_same_in_both_worlds(explorer):
    profit = explorer.worlds.summary.loc["profit", "base"]
    explorer.controls["luck"].click()
    assert explorer.worlds.summary.loc["profit", "base"] != profit
    assert explorer.worlds.n_touched == 0
    explorer.controls["back"].click()
    assert explorer.worlds.summary.loc["profit", "base"] == profit


def test_back_sets_every_slider_to_the_start(explorer):
    for name in ("growth to maturity", "care", "window"):
        explorer.controls[name].value = explorer.controls[name].max
    explorer.reset()
    assert explorer.change() == Change(moves={move: explorer.scenario.moves[move[0]][move[1]] for move in MOVES})
    assert explorer.worlds.n_touched == 0


@pytest.mark.parametrize("edge", ["min", "max"])
def test_all_sliders_at_an_end_work(explorer, edge):
    for name in [*(f"{a} to {b}" for a, b in MOVES), "care", "cost", "window"]:
        explorer.controls[name].value = getattr(explorer.controls[name], edge)
    assert np.isfinite(explorer.worlds.summary.to_numpy()).all()


def test_a_tiny_firm_works():
    tiny = lifecycle_explorer(crm.scenario("retail").replace(customers=2, periods=1))
    tiny.controls["care"].value = 1.0
    assert tiny.worlds.summary.loc["profit", "difference"] == 0


def test_a_notebook_shows_the_whole_explorer(explorer):
    bundle = explorer._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
