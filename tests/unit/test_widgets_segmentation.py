"""The segmentation board: its tables without widgets, then the widgets driven by setting their values."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.segments.scores import N_SCORES, RFM_SEGMENTS, RFMCuts
from crmsim.widgets import segmentation_board
from crmsim.widgets.board_words import moves_in_words
from crmsim.widgets.cutting import Cutting, board_at, first_period
from crmsim.widgets.segmentation import CUTS, controls_of


@pytest.fixture(scope="module")
def run():
    return crm.simulate(crm.scenario("retail").replace(customers=500, periods=18, seed=5))


@pytest.fixture(scope="module")
def board(run):
    return segmentation_board(run)


@pytest.fixture(autouse=True)
def _every_slider_back(request):
    yield
    if "board" in request.fixturenames:
        board = request.getfixturevalue("board")
        if any(board.controls[name].value != value for name, value in board._start.items()):
            board.reset()


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch, run):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"board needs the package ipywidgets.*pip install 'crmsim\[student\]'"):
        segmentation_board(run)


# Cuts


def test_the_cuts_at_the_start_are_those_of_the_package(run):
    assert Cutting().rfm_cuts() == RFMCuts()
    shown = board_at(run, period=18).customers
    pd.testing.assert_frame_equal(shown.drop(columns="abc_class"), crm.rfm(run))
    assert shown["abc_class"].equals(crm.abc(shown["monetary"]))


def test_no_choice_of_the_sliders_is_impossible(run):
    controls = controls_of(run)
    ends = [(controls[name].min, controls[name].max) for name in CUTS]
    for chosen in itertools.product(*ends):
        cutting = Cutting(**dict(zip(CUTS, chosen, strict=True)))
        assert len(set(cutting.rfm_cuts().recency_days)) == 4  # RFMCuts refuses what does not rise or fall
        assert 0 < cutting.large_share < cutting.medium_share <= 1


def test_a_cut_that_the_sliders_do_not_allow_would_be_refused():
    with pytest.raises(InputError, match="increase"):
        Cutting(lately_days=200, gone_days=150).rfm_cuts()


# Tables


def test_segments_and_classes_hold_everybody_once(run):
    shown = board_at(run, period=12, back=2)
    n_buyers = run.until(12).transactions["customer_id"].nunique()
    for table in (shown.segments, shown.classes):
        assert table["n_customers"].sum() == n_buyers == shown.grid.to_numpy().sum()
        assert table[["customer_share", "money_share"]].sum().tolist() == pytest.approx([1, 1])
    assert list(shown.segments.index) == [rule.name for rule in RFM_SEGMENTS]


def test_the_grid_counts_scores_and_not_the_other_way_round(run):
    shown = board_at(run, period=18)
    for f, r in itertools.product(range(1, N_SCORES + 1), repeat=2):
        both = (shown.customers["f_score"] == f) & (shown.customers["r_score"] == r)
        assert shown.grid.loc[f, r] == both.sum()
    assert shown.grid.index.tolist() == [5, 4, 3, 2, 1]
    assert not np.array_equal(shown.grid.sort_index().to_numpy(), shown.grid.sort_index().to_numpy().T)


@pytest.mark.parametrize("back", [1, 6])
def test_who_came_and_who_went(run, back):
    shown = board_at(run, period=15, back=back)
    before, now = crm.rfm(run.until(15 - back))["segment"], crm.rfm(run.until(15))["segment"]
    known = now.loc[before.index]
    for name in shown.segments.index:
        assert shown.segments.loc[name, "n_came"] == ((known == name) & (before != name)).sum()
        assert shown.segments.loc[name, "n_went"] == ((known != name) & (before == name)).sum()
    assert shown.moves.n_joined == len(now) - len(before)
    assert shown.segments["n_came"].sum() == shown.segments["n_went"].sum() > 0


def test_only_the_past_is_looked_at(run):
    assert board_at(run, period=10).customers.equals(board_at(run.until(10), period=10).customers)
    assert len(board_at(run, period=10).customers) < len(board_at(run, period=18).customers)


def test_nobody_moved_before_the_first_purchases(run):
    first = first_period(run)
    shown = board_at(run, period=first, back=12)
    assert shown.moves.changed_share == 0
    assert shown.moves.n_joined == 0
    assert "Most moves" not in moves_in_words(shown)


def test_what_cannot_be_sorted_is_refused(run):
    with pytest.raises(InputError, match=r"not a DataFrame; write\s+segmentation_board"):
        segmentation_board(run.transactions)
    silent = crm.scenario("retail").replace(customers=1, periods=1, seed=1, **{"traits.purchase_rate.mean": 0.001})
    with pytest.raises(InputError, match="Nobody has bought"):
        segmentation_board(crm.simulate(silent))


def test_too_many_customers_are_refused(run, monkeypatch):
    monkeypatch.setattr("crmsim.widgets.cutting.MOST_CUSTOMERS", 100)
    with pytest.raises(InputError, match=r"too many\. Give it at most 100"):
        segmentation_board(run)


# Widgets


def test_every_control_explains_itself(board):
    for control in board.controls.values():
        assert control.description
        assert len(control.tooltip) > 20
        assert not control.disabled


def test_a_cut_changes_the_tables_the_words_and_the_picture(board):
    before, picture, n_lost = board._words.value, bytes(board._picture.value), board.board.segments.loc["lost"]
    board.controls["gone_days"].value = 300
    after = board.board.segments.loc["lost"]
    assert after["n_customers"] < n_lost["n_customers"]
    assert "30, 60, 120, 300 days" in board._cuts.value
    assert board._words.value != before
    assert f">{after['n_customers']:,.0f}</td>" in board._words.value
    assert bytes(board._picture.value) != picture
    assert bytes(board._picture.value).startswith(b"\x89PNG")


def test_abc_cuts_move_the_classes_and_not_the_segments(board):
    segments, n_large = board.board.segments, board.board.classes.loc["A", "n_customers"]
    board.controls["large_share"].value = 0.5
    pd.testing.assert_frame_equal(board.board.segments, segments)
    assert board.board.classes.loc["A", "n_customers"] < n_large
    assert board.board.classes.loc["A", "money_share"] == pytest.approx(0.5, abs=0.05)


def test_a_month_passes_and_the_words_say_who_moved(board):
    for month in (9, 10, 11):
        board.controls["month"].value = month
        moves = board.board.moves
        said = re.search(r"Of ([\d,]+) customers seen at both moments, ([\d,]+) \(", board._words.value)
        numbers = [int(number.replace(",", "")) for number in said.groups()]
        assert numbers == [moves.n_customers, moves.table.to_numpy().sum() - np.trace(moves.table)]
    one = board.board.moves.changed_share
    board.controls["back"].value = 6
    assert board.board.moves.changed_share > one


@pytest.mark.parametrize("edge", ["min", "max"])
def test_all_sliders_at_an_end_work(board, edge):
    board.put(**{name: getattr(board.controls[name], edge) for name in (*CUTS, "back", "month")})
    assert board.board.segments["n_customers"].sum() > 0


def test_back_sets_every_slider_to_the_start(board):
    start = board._words.value
    board.put(**{name: board.controls[name].max for name in (*CUTS, "back")})
    assert board._words.value != start
    board.controls["reset"].click()
    assert board.cutting() == Cutting()
    assert board._words.value == start


def test_a_tiny_run_and_a_past_work():
    tiny = segmentation_board(crm.simulate(crm.scenario("retail").replace(customers=40, periods=4, seed=3)).until(3))
    tiny.controls["month"].value = tiny.controls["month"].min
    assert tiny.board.segments["n_customers"].sum() > 0
    assert "periods passed" in tiny.controls["month"].description


def test_a_notebook_shows_the_whole_board(board):
    bundle = board._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data
