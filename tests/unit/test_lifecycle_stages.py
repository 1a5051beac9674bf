"""Counting moves and checking tables of moves: gaps, order, labels, messages that name the row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.lifecycle import (
    MODELS,
    STAGES,
    check_moves,
    count_moves,
    estimate_moves,
    expected_life,
    expected_visits,
    move_intervals,
    occupancy,
    reference_moves,
)


def stage_log(*rows: tuple[int, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "period", "stage"])


def test_moves_need_periods_that_follow_each_other_and_one_customer() -> None:
    log = stage_log((1, 0, "growth"), (1, 2, "churn"), (2, 3, "growth"), (2, 4, "growth"), (3, 5, "churn"))
    assert count_moves(log).to_numpy().tolist() == [[1, 0], [0, 0]]


def test_order_of_rows_does_not_matter() -> None:
    log = stage_log((1, 0, "growth"), (1, 1, "decline"), (1, 2, "churn"), (2, 1, "growth"), (2, 2, "growth"))
    counts = count_moves(log)
    assert counts.index.tolist() == ["growth", "decline", "churn"]  # the course's order, not the alphabet's
    for seed in range(5):
        pd.testing.assert_frame_equal(count_moves(log.sample(frac=1, random_state=seed)), counts)


def test_names_of_stages_may_be_the_firms_own() -> None:
    log = stage_log((1, 0, "silver"), (1, 1, "gold"))
    assert count_moves(log).index.tolist() == ["gold", "silver"]
    kinds = pd.CategoricalDtype(["silver", "gold", "platinum"], ordered=True)
    counts = count_moves(log.assign(stage=log["stage"].astype(kinds)))
    assert counts.index.tolist() == ["silver", "gold", "platinum"]
    assert (counts.index.name, counts.columns.name) == ("stage", "next_stage")


def test_a_customer_cannot_be_in_two_stages() -> None:
    with pytest.raises(InputError, match="customer 7 stands twice in period 1"):
        count_moves(stage_log((7, 1, "growth"), (7, 0, "growth"), (7, 1, "churn")))
    with pytest.raises(InputError, match="'period' is not whole"):
        count_moves(stage_log((7, 1.5, "growth")))  # type: ignore[arg-type]


def test_a_stage_never_left_has_an_empty_row_that_is_explained() -> None:
    moves = estimate_moves(stage_log((1, 0, "growth"), (1, 1, "growth"), (1, 2, "churn")))
    assert moves.loc["growth"].tolist() == [0.5, 0.5]
    assert moves.loc["churn"].isna().all()
    with pytest.raises(InputError, match=r"row 'churn' is empty.*moves.loc\['churn', 'churn'\] = 1"):
        occupancy(moves, start="growth", n_periods=1)
    assert expected_life(moves)["growth"] == 2  # the final stage's own row is not used
    intervals = move_intervals(count_moves(stage_log((1, 0, "growth"), (1, 1, "churn"))))
    assert intervals.loc[("churn", "churn"), "n_moves"] == 0
    assert intervals.loc[("churn", "churn"), ["share", "low", "high"]].isna().all()


def broken(row: str, column: str, value: float) -> pd.DataFrame:
    moves = reference_moves()
    moves.loc[row, column] = value
    return moves


@pytest.mark.parametrize(
    ("moves", "words"),
    [(broken("growth", "churn", 0.05), "row 'growth' sums to 1.01"),
     (broken("growth", "churn", 0.04 + 2e-9), "row 'growth' sums to 1.000000002"),
     (broken("decline", "acquisition", -0.1), "row 'decline' is"),
     (broken("decline", "acquisition", np.nan), "row 'decline' is"),
     (reference_moves().drop(columns="churn"), "the same stages"),
     (reference_moves().rename(index={"churn": "gone"}), "the same stages"),
     (reference_moves().to_numpy(), "ndarray was given")],
)  # fmt: skip
@pytest.mark.parametrize("use", [check_moves, lambda moves: occupancy(moves, start="growth", n_periods=2)])
def test_tables_of_moves_are_checked(moves: pd.DataFrame, words: str, use: object) -> None:
    with pytest.raises(InputError, match=words):
        use(moves)  # type: ignore[operator]


def test_tiny_rounding_and_another_order_of_columns_are_accepted() -> None:
    check_moves(broken("growth", "churn", 0.04 + 1e-10))
    turned = reference_moves()[list(reversed(STAGES))]
    pd.testing.assert_frame_equal(check_moves(turned), reference_moves())
    pd.testing.assert_series_equal(expected_life(turned), expected_life(reference_moves()))


def test_occupancy_keeps_the_unit_of_its_start() -> None:
    ahead = occupancy(reference_moves(), start={"acquisition": 600, "maturity": 400}, n_periods=3)
    np.testing.assert_allclose(ahead.sum(axis=1), 1000)
    assert ahead.loc[0].tolist() == [600, 0, 400, 0, 0]
    assert ahead.loc[1, "churn"] == pytest.approx(60 + 8)
    assert ahead.index.tolist() == [0, 1, 2, 3]
    with pytest.raises(InputError, match="Did you mean 'maturity'"):
        occupancy(reference_moves(), start="maturty", n_periods=1)
    with pytest.raises(InputError, match="0 or more"):
        occupancy(reference_moves(), start={"growth": -1}, n_periods=1)
    with pytest.raises(InputError, match="n_periods=-1"):
        occupancy(reference_moves(), start="growth", n_periods=-1)


def test_life_without_end_is_refused() -> None:
    moves = broken("maturity", "churn", 0.0)
    moves.loc["maturity", ["maturity", "decline"]] = [1.0, 0.0]
    with pytest.raises(InputError, match=r"cannot be reached from \['maturity'\]"):
        expected_life(moves)
    with pytest.raises(InputError, match="no stage 'lost'"):
        expected_visits(reference_moves(), absorbing="lost")


def test_winning_back_does_not_change_the_time_to_first_churn() -> None:
    won_back = reference_moves()
    won_back.loc["churn", ["growth", "churn"]] = [0.1, 0.9]
    pd.testing.assert_series_equal(expected_life(won_back), expected_life(reference_moves()))
    assert won_back.loc["churn", "churn"] == 0.9  # the given table is left as it was


def test_lifecycle_models_of_the_course() -> None:
    orders = {name: list(model.parts) for name, model in MODELS.items()}
    assert orders == {
        "development": ["attract", "acquire", "manage", "retain"],
        "relationship": ["acquisition", "growth", "maturity", "decline", "churn"],
        "management": ["establishment", "development", "maturity", "decline"],
        "cycle": ["acquire", "improve", "keep"],
    }
    assert all(set(model.stage_of.values()) <= set(STAGES) for model in MODELS.values())


def test_a_simulated_shop_gives_a_fit_table() -> None:
    run = crm.simulate(crm.scenario("retail").replace(customers=600, periods=18, seed=5))
    log = run.truth.stages
    moves = check_moves(estimate_moves(log))
    assert moves.index.tolist() == list(STAGES)
    assert count_moves(log).to_numpy().sum() == len(log) - log["customer_id"].nunique()
    assert expected_life(moves).between(1, 100).all()
