"""ABC, Pareto and Gini: the course's vector (TV06), ties, exact cuts, closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmsim.errors import InputError
from crmsim.segments import abc, gini, pareto_curve, pareto_share

TV06 = [500, 300, 80, 50, 30, 20, 10, 5, 3, 2]


def test_vector_of_the_course() -> None:
    classes = "".join(abc(TV06))
    assert classes == "AABBBCCCCC"
    assert classes != "AABBCCCCCC"  # class by the share including the customer, not the share before
    assert pareto_share(TV06) == 0.80


@pytest.mark.parametrize("unit", [1.0, 0.01, 0.1, 1 / 3, 1e-9, 1e9])
def test_shares_that_meet_a_cut_exactly(unit: float) -> None:
    assert "".join(abc(np.array(TV06) * unit)) == "AABBBCCCCC"
    assert "".join(abc(np.full(20, 0.1 * unit))) == "A" * 16 + "B" * 3 + "C"


def test_float_error_would_move_a_customer() -> None:
    values = np.full(10, 0.1)
    before_share = np.concatenate(([0], np.cumsum(values)[:-1])) / values.sum()
    assert before_share[8] < 0.80  # 0.7999999999999999 by addition, but 0.80 in truth
    assert "".join(abc(values)) == "AAAAAAAABB"


def test_ties_go_to_the_smaller_id_and_the_order_of_rows_is_kept() -> None:
    values = pd.Series([1.0, 1.0, 1.0, 1.0, 1.0], index=[30, 10, 50, 20, 40])
    classes = abc(values, cuts=(0.35, 0.75))
    assert classes.index.tolist() == [30, 10, 50, 20, 40]
    assert classes.sort_index().tolist() == ["A", "A", "B", "B", "C"]
    assert classes.cat.ordered
    assert classes.min() == "A"


def test_nobody_with_value_zero_is_better_than_c_and_one_customer_is_a() -> None:
    assert abc([5, 0]).tolist() == ["A", "C"]
    assert abc([0.01]).tolist() == ["A"]


@pytest.mark.parametrize("function", [abc, gini, pareto_share, pareto_curve])
@pytest.mark.parametrize(
    ("values", "words"),
    [([], "at least one"), (["x"], "number"), ([1.0, -2.0], "1 has -2.0.*clip"), ([1.0, np.nan], "fillna"),
     ([0.0, 0.0], "all are 0"), (pd.Series([1.0, 2.0], index=[7, 7]), "7 stands twice")],
)  # fmt: skip
def test_bad_values_are_named(function: object, values: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        function(values)  # type: ignore[operator]


@pytest.mark.parametrize("cuts", [(0.95, 0.80), (0.8, 0.8), (0.0, 0.5), (0.8, 1.2), (0.8,)])
def test_bad_cuts_are_refused(cuts: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="rising shares"):
        abc(TV06, cuts=cuts)


def test_equal_customers_bring_their_share_whatever_their_number() -> None:
    for n in (1, 3, 5, 7, 10):
        assert pareto_share(np.full(n, 20.0)) == pytest.approx(0.20, abs=1e-12)
    assert pareto_share([6, 3, 1], top=0.5) == pytest.approx(0.6 + 0.5 * 0.3)
    assert (pareto_share(TV06, top=0), pareto_share(TV06, top=1)) == (0, 1)
    with pytest.raises(InputError, match="top=20"):
        pareto_share(TV06, top=20)


def test_the_80_20_rule_holds_for_its_own_distribution() -> None:
    # Pareto distribution with Lorenz curve so that the best share s brings s^(1 - 1/alpha); 0.2 -> 0.8.
    exponent = np.log(0.8) / np.log(0.2)
    values = np.diff((np.arange(1001) / 1000) ** exponent)
    assert pareto_share(values) == pytest.approx(0.8, abs=1e-12)
    alpha = 1 / (1 - exponent)
    assert gini(values) == pytest.approx(1 / (2 * alpha - 1), abs=2e-3)


@pytest.mark.parametrize(
    ("quantile", "expected"), [(lambda u: u, 1 / 3), (lambda u: -np.log1p(-u), 1 / 2), (lambda u: u + 1, 1 / 9)]
)
def test_gini_of_known_distributions(quantile: object, expected: float) -> None:
    middle = (np.arange(20_000) + 0.5) / 20_000
    found = gini(quantile(middle))  # type: ignore[operator]
    assert found == pytest.approx(expected, abs=2e-4)
    assert found != pytest.approx(2 * expected, abs=2e-4)  # twice the area taken once too often


def test_gini_is_the_mean_difference_over_twice_the_mean() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.5, 9.0])
    difference = np.abs(values[:, None] - values).mean()
    assert gini(values) == pytest.approx(difference / (2 * values.mean()), abs=1e-12)


def test_curve_runs_from_nothing_to_everything() -> None:
    curve = pareto_curve(TV06)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == [1, 1]
    assert curve.index.name == "n_customers"
    assert curve.loc[2].tolist() == [0.2, 0.8]
