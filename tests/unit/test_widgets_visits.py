"""The visits explorer: its arithmetic without widgets, then the widgets driven by setting their values."""

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.widgets import visits_explorer
from crmsim.widgets.visiting import HAS, prospects_of, visited

WINS = (0.5, 0.2, 0.2, 0.1, 0.05, 0.05, 0.05, 0.0)


@pytest.fixture(scope="module")
def truth():
    flags = np.random.default_rng(5).random((1_500, 3)) < [0.6, 0.6, 0.5]
    return pd.DataFrame(flags, columns=HAS)


@pytest.fixture(scope="module")
def explorer(truth):
    return visits_explorer(truth, WINS)


@pytest.fixture(autouse=True)
def _every_control_back(request):
    yield
    if "explorer" in request.fixturenames:
        request.getfixturevalue("explorer").reset()


def run(truth, *, wrong_share=0.2, n_visits=200, seed=1):
    people = prospects_of(truth, WINS)
    return visited(people, wrong_share=wrong_share, n_visits=n_visits, cost=20, margin=300, seed=seed)


def test_money_adds_up(truth):
    found = run(truth)
    assert found.profit.loc[0].tolist() == [0, 0, 0]
    assert len(set(found.profit.loc[len(truth)])) == 1  # who visits everybody has no choice
    for name, row in found.summary.iterrows():
        assert row["profit"] == 300 * row["n_won"] - 20 * 200 == found.profit.loc[200, name]


def test_right_guesses_are_as_good_as_the_truth(truth):
    found = run(truth, wrong_share=0.0)
    pd.testing.assert_series_equal(found.profit["guess"], found.profit["truth"], check_names=False)


def test_better_guesses_find_more_effective_customers(truth):
    shares = [run(truth, wrong_share=share).summary.loc["guess", "effective_share"] for share in (0, 0.1, 0.2, 0.4)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < shares[0] / 2


def test_guesses_that_say_nothing_find_as_many_as_the_list(truth):
    """With half of the guesses wrong, the share of MAN1 differs from that of all by luck alone (four errors)."""
    share, n = truth.all(axis=1).mean(), 300
    tables = [run(truth, wrong_share=0.5, n_visits=n, seed=seed).summary for seed in range(20)]
    found = [table.loc["guess", "effective_share"] for table in tables]
    error = np.sqrt(share * (1 - share) / n / len(found))
    assert abs(np.mean(found) - share) < 4 * error
    assert abs(run(truth, wrong_share=0.2).summary.loc["guess", "effective_share"] - share) > 4 * error


def test_the_luck_of_who_is_visited_does_not_hang_on_the_guesses(truth):
    one, other = run(truth, wrong_share=0.1), run(truth, wrong_share=0.4)
    pd.testing.assert_frame_equal(one.profit[["list", "truth"]], other.profit[["list", "truth"]])
    assert not one.profit["guess"].equals(other.profit["guess"])


@pytest.mark.parametrize(("people", "wins", "says"), [
    (0, WINS, "no rows; give at least one"), (20_001, WINS, "20,001 people"),
    (3, WINS[:7], "eight shares"), (3, (2, *WINS[1:]), "eight shares"),
])  # fmt: skip
def test_what_cannot_be_shown_is_refused(people, wins, says):
    with pytest.raises(InputError, match=says):
        prospects_of(pd.DataFrame(True, index=range(people), columns=HAS), wins)


def test_a_missing_column_is_named(truth):
    with pytest.raises(InputError, match="has_need"):
        prospects_of(truth[["has_money", "has_authority"]], WINS)


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch, truth):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        visits_explorer(truth, WINS)


def test_every_control_explains_itself(explorer):
    for control in explorer.controls.values():
        assert control.description
        assert len(control.tooltip) > 20


def test_a_slider_changes_the_table_the_words_and_the_picture(explorer):
    before = bytes(explorer._picture.value)
    explorer.controls["visits"].value = 300
    assert explorer.visited.summary.loc["truth", "profit"] == explorer.visited.profit.loc[300, "truth"]
    assert f"{explorer.visited.summary.loc['truth', 'profit']:,.0f}" in explorer._words.value
    assert bytes(explorer._picture.value) != before
    assert before.startswith(b"\x89PNG")


def test_other_luck_and_back(explorer):
    start = explorer.visited.profit
    explorer.controls["luck"].click()
    assert not explorer.visited.profit.equals(start)
    explorer.controls["reset"].click()
    pd.testing.assert_frame_equal(explorer.visited.profit, start)


@pytest.mark.parametrize("edge", ["min", "max"])
def test_all_sliders_at_an_end_work(explorer, edge):
    for name in ("wrong", "visits", "cost", "margin"):
        explorer.controls[name].value = getattr(explorer.controls[name], edge)
    assert np.isfinite(explorer.visited.summary.to_numpy()).all()


def test_a_run_can_be_shown():
    people = crm.simulate(crm.scenario("retail").replace(customers=60, periods=1)).truth.customers
    assert len(visits_explorer(people, WINS).visited.profit) == 1 + len(people)
