"""The models as objects: parameters in and out, refusals that name the reason, nothing silently wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.value.model import distinct

value = crm.value
KNOWN = pd.DataFrame(
    {"frequency": [0, 2], "recency_at_last": [0.0, 5.0], "age": [9.0, 9.0], "mean_spend": [np.nan, 20.0]},
    index=pd.Index([11, 12], name="customer_id"),
)
MODELS = {
    value.BGNBD: {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
    value.ParetoNBD: {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669},
    value.GammaGamma: {"p": 6.25, "q": 3.74, "gamma": 15.45},
    value.ShiftedBetaGeometric: {"alpha": 0.668, "beta": 3.806},
}


@pytest.mark.parametrize("kind", MODELS)
def test_known_parameters_in_and_out(kind: Any) -> None:
    model = kind.from_params(**MODELS[kind])
    assert dict(model.params) == MODELS[kind]
    assert "=" in repr(model)
    with pytest.raises(TypeError):
        model.params["r"] = 2
    with pytest.raises(InputError, match="not fitted to data"):
        _ = model.standard_errors
    with pytest.raises(InputError, match="not fitted to data"):
        _ = model.converged


@pytest.mark.parametrize("kind", MODELS)
def test_parameters_are_checked(kind: Any) -> None:
    name = kind.names[0]
    wrong: dict[str, Any]
    for wrong, message in [
        ({name: 0}, "greater than 0"),
        ({name: float("nan")}, "not a number"),
        ({name: "1"}, "not a number"),
        ({"lambda": 1}, "no parameter 'lambda'"),
    ]:
        with pytest.raises(InputError, match=message):
            kind.from_params(**(MODELS[kind] | wrong))
    with pytest.raises(InputError, match=f"{name} is missing"):
        kind.from_params(**{k: v for k, v in MODELS[kind].items() if k != name})


@pytest.mark.parametrize("kind", MODELS)
def test_asking_before_fitting_says_what_to_do(kind: Any) -> None:
    assert repr(kind()) == f"{kind.__name__}(not fitted)"
    with pytest.raises(InputError, match=r"call \.fit"):
        _ = kind().params


@pytest.mark.parametrize("kind", [value.BGNBD, value.ParetoNBD])
def test_predictions_keep_the_customers(kind: Any) -> None:
    model = kind.from_params(**MODELS[kind])
    for result in (model.probability_alive(KNOWN), model.expected_purchases(26, summary=KNOWN)):
        assert result.index.equals(KNOWN.index)
        assert result.name in ("probability_alive", "expected_purchases")
    assert (model.expected_purchases(0, summary=KNOWN) == 0).all()
    assert isinstance(model.expected_purchases(5), float)
    assert model.expected_purchases([0, 5, 50]).shape == (3,)


def test_who_has_not_bought_again_is_alive_for_certain_in_one_model_only() -> None:
    """Why a customer without a repeat purchase may score higher than one with: he could not leave yet."""
    alive = {
        kind: kind.from_params(**MODELS[kind]).probability_alive(KNOWN)
        for kind in (value.BGNBD, value.ParetoNBD)
    }
    assert alive[value.BGNBD][11] == 1
    assert alive[value.BGNBD][11] > alive[value.BGNBD][12]
    assert alive[value.ParetoNBD][11] < 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": [9.0, 4.0]}, "recency_at_last is greater than age"),
        ({"recency_at_last": [1.0, 5.0]}, "no repeat purchase, in row 0 .index 11."),
        ({"frequency": [0, 1.5]}, "not whole"),
        ({"frequency": [0, -1]}, "negative"),
        ({"age": [9.0, np.nan]}, "is empty in row 1"),
    ],
)
def test_contradictory_tables_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        value.BGNBD().fit(KNOWN.assign(**change))


@pytest.mark.parametrize("t", [-1, float("inf"), "soon", None])
def test_lengths_of_time_are_checked(t: Any) -> None:
    with pytest.raises(InputError, match="t="):
        value.BGNBD.from_params(**MODELS[value.BGNBD]).expected_purchases(t)


def test_one_length_of_time_for_known_customers() -> None:
    with pytest.raises(InputError, match="one length"):
        value.ParetoNBD.from_params(**MODELS[value.ParetoNBD]).expected_purchases([1, 2], summary=KNOWN)


class TestFitsThatCannotWork:
    def test_nobody_came_back(self) -> None:
        once = pd.DataFrame({"frequency": 0, "recency_at_last": 0.0, "age": np.linspace(5, 50, 300)})
        for kind in (value.BGNBD, value.ParetoNBD):
            with pytest.raises(value.FitError, match="customers"):
                kind().fit(once)
        with pytest.raises(value.FitError, match="no customer has a repeat purchase"):
            value.GammaGamma().fit(once.assign(mean_spend=np.nan))

    def test_a_failed_fit_leaves_no_parameters(self) -> None:
        model = value.BGNBD()
        with pytest.raises(value.FitError, match="prior_weight=1"):
            model.fit(pd.DataFrame({"frequency": 0, "recency_at_last": 0.0, "age": np.linspace(5, 50, 300)}))
        assert repr(model) == "BGNBD(not fitted)"

    def test_all_customers_alike(self) -> None:
        alike = pd.DataFrame({"frequency": 5, "recency_at_last": 48.0, "age": 50.0}, index=range(200))
        with pytest.raises(value.FitError):
            value.BGNBD().fit(alike)

    def test_everybody_stays_or_leaves_at_once(self) -> None:
        with pytest.raises(value.FitError):
            value.ShiftedBetaGeometric().fit([100, 100, 100])
        with pytest.raises(value.FitError):
            value.ShiftedBetaGeometric().fit([100, 0])

    def test_a_prior_holds_them_to_usual_sizes(self) -> None:
        alike = pd.DataFrame({"frequency": 5, "recency_at_last": 48.0, "age": 50.0}, index=range(200))
        for kind in (value.BGNBD, value.ParetoNBD):
            model = kind().fit(alike, prior_weight=1)
            assert model.converged
            assert max(model.standard_errors[name] / model.params[name] for name in model.names) < 1.01
        with pytest.raises(InputError, match="prior_weight=-1"):
            value.BGNBD().fit(alike, prior_weight=-1)


class TestSpend:
    heavy = value.GammaGamma.from_params(p=2, q=0.9, gamma=10)

    def test_no_mean_no_number(self) -> None:
        with pytest.raises(InputError, match="q <= 1, so the mean spend of all customers does not exist"):
            self.heavy.expected_spend()
        with pytest.raises(InputError, match="and 1 of them"):
            self.heavy.expected_spend(KNOWN)

    def test_a_mean_of_ones_own_is_never_negative(self) -> None:
        assert self.heavy.expected_spend(KNOWN.loc[[12]])[12] == pytest.approx(2 * (10 + 40) / (4 - 0.1))

    def test_amounts_must_be_positive_where_there_is_one(self) -> None:
        with pytest.raises(InputError, match="mean_spend is 0 for customer 12"):
            value.GammaGamma().fit(KNOWN.assign(mean_spend=[np.nan, 0.0]))
        with pytest.raises(InputError, match="is negative"):
            value.GammaGamma().fit(KNOWN.assign(mean_spend=[np.nan, -1.0]))
        with pytest.raises(InputError, match="is empty"):
            value.GammaGamma().fit(KNOWN.assign(mean_spend=[5.0, np.nan]))


class TestContracts:
    def test_counts_and_customers_give_the_same_fit(self) -> None:
        counts = [1000, 869, 743, 653]
        ages = np.repeat([1, 2, 3, 3], [131, 126, 90, 653])
        churned = np.repeat([True, True, True, False], [131, 126, 90, 653])
        one = value.ShiftedBetaGeometric().fit(counts)
        other = value.ShiftedBetaGeometric().fit(pd.DataFrame({"age": ages, "churned": churned}))
        assert one.log_likelihood == pytest.approx(other.log_likelihood)
        np.testing.assert_allclose(list(one.params.values()), list(other.params.values()), rtol=1e-6)
        assert one.n_customers == other.n_customers == 1000

    @pytest.mark.parametrize(
        ("customers", "message"),
        [
            ([100, 90, 95], "rises from 90 to 95 at renewal 2"),
            ([100], "at least two"),
            ([100, -1], "0 or more"),
            ("many", "numbers of customers"),
            (pd.DataFrame({"age": [1, 2], "churned": [1, 0]}), "True or False"),
            (pd.DataFrame({"age": [0, 2], "churned": [True, False]}), "first renewal is age 1"),
            (pd.DataFrame({"age": [1, 2]}), "'churned' is missing"),
        ],
    )
    def test_mistakes_are_named(self, customers: Any, message: str) -> None:
        with pytest.raises(InputError, match=message):
            value.ShiftedBetaGeometric().fit(customers)

    def test_renewals_are_counted_from_1(self) -> None:
        with pytest.raises(InputError, match="counted from 1"):
            value.ShiftedBetaGeometric.from_params(alpha=1, beta=1).retention_rate(0)


def test_equal_rows_are_counted_once() -> None:
    rows, counts = distinct(np.array([1, 0, 1, 1]), np.array([2.0, 0.0, 2.0, 3.0]))
    assert [column.tolist() for column in rows] == [[0, 1, 1], [0.0, 2.0, 3.0]]
    assert counts.tolist() == [1, 2, 1]


def test_a_large_table_gives_the_fit_of_its_distinct_rows() -> None:
    """Past 40,000 distinct rows the search begins on a thinned table; the place it ends at is the same."""
    small = value.summary(crm.dataset("cdnow"), at="1997-09-30")
    shifts = np.arange(30) * 1e-7
    large = pd.concat([small.assign(age=small["age"] + shift) for shift in shifts])
    one, many = value.BGNBD().fit(small), value.BGNBD().fit(large)
    np.testing.assert_allclose(list(one.params.values()), list(many.params.values()), rtol=1e-4)
    ratio = np.array([one.standard_errors[n] / many.standard_errors[n] for n in one.names])
    np.testing.assert_allclose(ratio, np.sqrt(30), rtol=1e-3)


def test_scipy_waits_until_an_estimator_works() -> None:
    code = (
        "import sys, crmsim; from crmsim.value import BGNBD, present_value, estimate_clv; "
        "BGNBD.from_params(r=1, alpha=1, a=1, b=1); sys.exit('scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
