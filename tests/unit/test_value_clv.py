"""Estimated customer values, their score against a truth, and profit per customer."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError

value = crm.value


@pytest.fixture(scope="module")
def transactions() -> pd.DataFrame:
    """Every fifth customer of CDNOW, with a margin of 40%."""
    table = crm.dataset("cdnow")
    table = table[(table["customer_id"] % 5 == 0) & (table["amount"] > 0)]
    return table.assign(margin=table["amount"] * 0.4)


@pytest.fixture(scope="module")
def estimate(transactions: pd.DataFrame) -> pd.DataFrame:
    return crm.estimate_clv(transactions, horizon=12, at="1997-09-30", rate=0.01)


def test_the_parts_multiply_to_the_whole(estimate: pd.DataFrame) -> None:
    parts = estimate["discounted_purchases"] * estimate["expected_spend"] * estimate["margin_share"]
    np.testing.assert_allclose(estimate["clv"], parts)
    assert (estimate["clv"] > 0).all()
    assert estimate["margin_share"].unique().round(12).tolist() == [0.4]
    assert estimate["probability_alive"].between(0, 1).all()
    assert estimate.index.name == "customer_id"


def test_the_same_by_hand(transactions: pd.DataFrame, estimate: pd.DataFrame) -> None:
    """From the models alone, month by month, the first month undiscounted."""
    summary = value.summary(transactions, at="1997-09-30")
    buying, spending = value.BGNBD().fit(summary), value.GammaGamma().fit(summary)
    moments = [pd.Timestamp("1997-09-30") + pd.DateOffset(months=k) for k in range(13)]
    clv, before = pd.Series(0.0, index=summary.index), pd.Series(0.0, index=summary.index)
    for month, end in enumerate(moments[1:]):
        by_then = buying.expected_purchases((end - moments[0]).days / 7, summary=summary)
        clv += (by_then - before) * spending.expected_spend(summary) * 0.4 / 1.01**month
        before = by_then
    np.testing.assert_allclose(estimate["clv"], clv, rtol=1e-9)
    assert not np.allclose(estimate["clv"], clv / 1.01, rtol=1e-4)  # the slip: the first month discounted


def test_without_margin_the_amount_counts(transactions: pd.DataFrame, estimate: pd.DataFrame) -> None:
    amounts = crm.estimate_clv(transactions.drop(columns="margin"), horizon=12, at="1997-09-30", rate=0.01)
    np.testing.assert_allclose(amounts["clv"] * 0.4, estimate["clv"])


def test_customers_who_got_everything_free_are_estimated_too(transactions: pd.DataFrame) -> None:
    someone = int(transactions["customer_id"].mode().iloc[0])
    free = transactions.assign(
        amount=transactions["amount"].where(transactions["customer_id"] != someone, 0.0)
    )
    result = crm.estimate_clv(free, horizon=12, at="1997-09-30")
    assert 0 < result.loc[someone, "expected_spend"] < result["expected_spend"].drop(someone).min()


def test_longer_is_more_and_discounting_is_less(transactions: pd.DataFrame, estimate: pd.DataFrame) -> None:
    def total(**options: Any) -> float:
        return float(crm.estimate_clv(transactions, at="1997-09-30", **options)["clv"].sum())

    assert total(horizon=6, rate=0.01) < estimate["clv"].sum() < total(horizon=12)
    assert total(horizon=12, rate=0.01, period="week") < total(horizon=3, rate=0.01)


def test_the_other_model_of_purchases_ranks_the_customers_alike(
    transactions: pd.DataFrame, estimate: pd.DataFrame
) -> None:
    other = crm.estimate_clv(transactions, horizon=12, at="1997-09-30", rate=0.01, model="pareto_nbd")
    score = crm.score_clv(other, estimate)
    assert score.rank_correlation > 0.85
    assert score.top_share > 0.9
    assert 0.6 < score.value_share < 0.95  # whoever bought once is not alive for certain


def test_a_past_brings_its_calendar_and_its_rate(transactions: pd.DataFrame) -> None:
    class Past:
        end = pd.Timestamp("1997-09-30")
        period_starts = pd.date_range("1997-09-16", "1997-09-30", freq="7D")
        discount_rate = 0.02

    Past.transactions = transactions[transactions["time"] <= Past.end]
    plain = crm.estimate_clv(transactions, horizon=4, at=Past.end, rate=0.02, period="week")
    pd.testing.assert_frame_equal(crm.estimate_clv(Past(), horizon=4), plain)


def test_the_future_of_the_table_is_not_looked_at(transactions: pd.DataFrame, estimate: pd.DataFrame) -> None:
    past = transactions[transactions["time"] <= "1997-09-30"]
    pd.testing.assert_frame_equal(crm.estimate_clv(past, horizon=12, at="1997-09-30", rate=0.01), estimate)


def test_a_table_too_small_is_estimated_with_a_warning() -> None:
    rng = np.random.default_rng(3)
    days = pd.to_datetime("2026-01-01") + pd.to_timedelta(np.tile(np.arange(6) * 7, 20), unit="D")
    table = pd.DataFrame(
        {"customer_id": np.repeat(np.arange(20), 6), "time": days, "amount": rng.uniform(9, 11, 120)}
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        result = crm.estimate_clv(table, horizon=3, at="2026-02-10")
    assert {warning.category for warning in said} == {value.FitWarning}
    assert all("20 customers" in str(warning.message) for warning in said)
    assert said[0].filename == __file__
    assert result["clv"].between(20, 400).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": 0}, "horizon=0"),
        ({"horizon": 1.5}, "horizon=1.5"),
        ({"horizon": 1, "model": "bgnbd"}, "'bg_nbd'"),
        ({"horizon": 1, "rate": -1}, "above -1"),
        ({"horizon": 1, "period": "year"}, "period='year'"),
        ({"horizon": 1, "at": None}, "at="),
    ],
)
def test_mistakes_are_named(transactions: pd.DataFrame, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        crm.estimate_clv(transactions, **({"at": "1997-09-30"} | options))


class TestScore:
    truth = pd.DataFrame(
        {"clv": [100.0, 50, 30, 20, 0, 9], "clv_se": [3.0, 4, 0, 0, 0, 0]}, index=[1, 2, 3, 4, 5, 6]
    )
    guess = pd.DataFrame({"clv": [90.0, 60, 10, 20, 5]}, index=[5, 1, 2, 4, 3])

    def test_by_hand(self) -> None:
        score = crm.score_clv(self.guess, self.truth)
        errors = np.array([60 - 100, 10 - 50, 5 - 30, 20 - 20, 90 - 0])
        assert score.customers["error"].tolist() == errors.tolist()
        assert (score.n_customers, score.n_not_estimated) == (5, 1)
        assert score.mean_error == errors.mean()
        assert score.mean_absolute_error == np.abs(errors).mean()
        assert score.root_mean_square_error == pytest.approx(np.sqrt((errors**2).mean()))
        assert score.truth_error == pytest.approx(np.sqrt(25 / 5))
        assert score.value_share == 185 / 200
        assert score.top_share == 0
        assert score.customers.columns.tolist() == ["estimate", "truth", "error", "truth_se"]

    def test_rank_correlation_with_ties_agrees_with_scipy(self) -> None:
        from scipy.stats import spearmanr

        rng = np.random.default_rng(5)
        one, other = pd.Series(rng.integers(0, 9, 200) * 1.0), pd.Series(rng.integers(0, 9, 200) * 1.0)
        score = crm.score_clv(one + other, other.to_frame("clv"))
        assert score.rank_correlation == pytest.approx(spearmanr(one + other, other).statistic)
        assert score.rank_correlation != pytest.approx(np.corrcoef(one + other, other)[0, 1], abs=1e-4)

    def test_the_truth_itself_scores_full_marks(self) -> None:
        score = crm.score_clv(self.truth, self.truth)
        assert (score.root_mean_square_error, score.value_share, score.top_share) == (0, 1, 1)
        assert score.rank_correlation == pytest.approx(1)

    def test_it_reads_well(self) -> None:
        score = crm.score_clv(self.guess, self.truth)
        assert "estimated share of value" in repr(score)
        assert "92.5%" in repr(score)
        assert score._repr_html_().count("<tr>") == len(repr(score).splitlines())

    def test_mistakes_are_named(self) -> None:
        with pytest.raises(InputError, match="no customer stands in both"):
            crm.score_clv(self.guess.set_axis(range(50, 55)), self.truth)
        with pytest.raises(InputError, match="customer 1 stands in the table more than once"):
            crm.score_clv(pd.concat([self.truth, self.truth.loc[[1]]]), self.truth)
        with pytest.raises(InputError, match="estimate: the column 'clv' is missing"):
            crm.score_clv(self.guess.rename(columns={"clv": "value"}), self.truth)


class TestProfit:
    table = pd.DataFrame(
        {
            "customer_id": [1, 2, 2, 3],
            "time": pd.to_datetime(["2026-01-01"] * 4),
            "amount": [100.0, 80, 40, 50],
        }
    )

    def test_margin_or_cost(self) -> None:
        by_cost = value.customer_profit(self.table.assign(cost=[70, 30, 20, 20]))
        by_margin = value.customer_profit(self.table.assign(margin=[30, 50, 20, 30]))
        pd.testing.assert_frame_equal(by_cost, by_margin, check_dtype=False)
        assert by_cost["profit"].to_dict() == {2: 70, 1: 30, 3: 30}
        assert by_cost.index.tolist() == [2, 1, 3]  # of equal profit the lower number first

    def test_campaigns_count(self) -> None:
        class Past:
            transactions = self.table.assign(margin=[30.0, 50, 20, 30])
            campaigns = pd.DataFrame({"customer_id": [1, 9], "cost": [12.0, 12.0]})

        assert value.customer_profit(Past())["profit"].to_dict() == {2: 70, 3: 30, 1: 18, 9: -12}

    def test_without_either_it_says_so(self) -> None:
        with pytest.raises(InputError, match="'cost' is missing"):
            value.customer_profit(self.table)


def test_on_a_simulated_firm_the_estimate_beats_the_mean_and_finds_the_best() -> None:
    run = crm.simulate(crm.scenario("retail").replace(customers=1_500, periods=24, seed=4))
    truth = run.truth.clv(at=24, horizon=12, replications=40)
    for model in ("bg_nbd", "pareto_nbd"):
        score = crm.score_clv(crm.estimate_clv(run.until(24), horizon=12, rate=0.01, model=model), truth)
        same_for_all = float(score.customers["truth"].std())
        assert score.root_mean_square_error < 0.75 * same_for_all
        assert score.rank_correlation > 0.6
        assert score.top_share > 0.5  # 0.2 by chance
        assert 0.6 < score.value_share < 1.6
