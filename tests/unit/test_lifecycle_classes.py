"""Five customer classes at their limits, life spans by three definitions, and the membership ladder (TV15)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.lifecycle import CLASSES, ClassParams, classify, ladder, lifetime, simulate_ladder

AT = pd.Timestamp("2026-06-30")
LIMITS = ClassParams(lapse_days=100, new_days=30, n_loyal=3, s_min=4)


def bought(*days_ago: int) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": 1, "time": [AT - pd.Timedelta(days=d) for d in days_ago], "amount": 9.0})


def class_of(table: pd.DataFrame, grade: float) -> str:
    return str(classify(table, at=AT, satisfaction=pd.Series({1: grade}), params=LIMITS)[1])


@pytest.mark.parametrize(
    ("days_ago", "grade", "expected"),
    [((100, 200), 3, "active"), ((101, 200), 3, "lapsed"), ((30,), 3, "new"), ((31,), 3, "active"),
     ((1, 2, 50), 4, "loyal"), ((1, 50), 5, "active"), ((1, 2, 50), 3.99, "active"),
     ((1, 2, 50), np.nan, "active"), ((101, 102, 103), 5, "lapsed"), ((1, 2, 3), 5, "loyal"),
     ((1, 2, 3), 3, "new"), ((0,), 1, "new"), ((-1, 101), 5, "lapsed")],
)  # fmt: skip
def test_limits_belong_to_the_class_and_the_rules_have_an_order(
    days_ago: tuple[int, ...], grade: float, expected: str
) -> None:
    assert class_of(bought(*days_ago), grade) == expected


def test_those_who_never_bought_are_potential_if_they_are_known() -> None:
    table, grades = bought(40), pd.Series({2: 5})
    classes = classify(table, at=AT, customers=[2, 1], satisfaction=grades, params=LIMITS)
    assert classes.to_dict() == {2: "potential", 1: "active"}
    assert classes.index.tolist() == [2, 1]
    assert classes.cat.categories.tolist() == list(CLASSES)
    assert classify(table, at=AT, satisfaction=grades, params=LIMITS).index.tolist() == [1]


def test_loyalty_needs_satisfaction_unless_it_is_given_up_openly() -> None:
    table = bought(1, 50, 60)
    with pytest.raises(InputError, match=r"s_min=None"):
        classify(table, at=AT, params=LIMITS)
    open_limits = ClassParams(lapse_days=100, new_days=30, n_loyal=3, s_min=None)
    assert classify(table, at=AT, params=open_limits)[1] == "loyal"


def test_customers_must_be_complete_and_named_once() -> None:
    grades = pd.Series({1: 5})
    with pytest.raises(InputError, match="1 has bought but is not in the list"):
        classify(bought(3), at=AT, customers=[2], satisfaction=grades)
    with pytest.raises(InputError, match="1 stands twice"):
        classify(bought(3), at=AT, customers=[1, 1], satisfaction=grades)
    with pytest.raises(InputError, match="two grades"):
        classify(bought(3), at=AT, satisfaction=pd.Series([4, 5], index=[1, 1]))


@pytest.mark.parametrize("wrong", [{"lapse_days": -1}, {"new_days": float("nan")}, {"n_loyal": 0}, {"n_loyal": 2.5}])
def test_limits_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        ClassParams(**wrong)  # type: ignore[arg-type]


def test_everybody_in_a_simulated_shop_has_one_class() -> None:
    run = crm.simulate(crm.scenario("retail").replace(customers=800, periods=18, seed=5))
    past, limits = run.until(12), ClassParams(s_min=None)
    classes = classify(past, params=limits)
    assert classes.index.equals(past.customers.index)
    assert set(classes) == set(CLASSES)
    silent = ~past.customers.index.isin(past.transactions["customer_id"])
    assert ((classes == "potential").to_numpy() == silent).all()
    just_before = classify(run, at=past.end - pd.Timedelta(seconds=1), params=limits)
    assert just_before.index.equals(past.customers.index)
    came_at_the_moment = run.customers.index[run.customers["acquired_on"] == past.end]
    assert len(came_at_the_moment) > 0
    assert (classify(run, at=past.end, params=limits)[came_at_the_moment] == "potential").all()


DATES = {"first_interest": "2025-01-01", "first_order": "2025-02-01", "last_order": "2025-12-01",
         "last_settled": "2026-01-15"}  # fmt: skip


def test_three_definitions_give_three_lengths() -> None:
    assert lifetime(DATES, definition="business") == 303
    assert lifetime(DATES, definition="whole") == 379
    assert lifetime(DATES, definition="relation") == 348
    table = pd.DataFrame([DATES, dict.fromkeys(DATES, "2025-01-01")]).apply(pd.to_datetime)
    assert table.apply(lifetime, axis=1, definition="whole").tolist() == [379, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"last_order": "2025-01-31"}, r"last_order \(2025-01-31\) lies before first_order"),
     ({"last_settled": None}, "still goes on"), ({"first_order": "soon"}, "'soon' is not a date")],
)  # fmt: skip
def test_dates_must_make_sense(change: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        lifetime(DATES | change, definition="business")


def test_definition_and_dates_must_be_known() -> None:
    with pytest.raises(InputError, match="Did you mean 'business'"):
        lifetime(DATES, definition="busines")
    with pytest.raises(InputError, match="'last_settled' is missing"):
        lifetime({k: v for k, v in DATES.items() if k != "last_settled"}, definition="business")


def test_ladder_of_the_course() -> None:
    assert ladder(1000, p_member=0.2, p_advocate=0.25) == 50
    assert ladder(1000, p_member=0.2, p_advocate=0.25) != 1000 * 0.25  # advocates among customers, no plan


def test_simulated_ladder_agrees_with_the_expectation() -> None:
    draws = simulate_ladder(1000, p_member=0.2, p_advocate=0.25, replications=4000, seed=11)
    n, p = 1000, 0.2 * 0.25
    error = draws["n_advocates"].mean() - n * p
    assert abs(error) < 4.5 * np.sqrt(n * p * (1 - p) / len(draws))
    variance_error = draws["n_advocates"].var() / (n * p * (1 - p)) - 1  # advocates are binomial(n, p)
    assert abs(variance_error) < 4.5 * np.sqrt(2 / len(draws))
    assert (draws["n_advocates"] <= draws["n_members"]).all()
    pd.testing.assert_frame_equal(
        draws, simulate_ladder(1000, p_member=0.2, p_advocate=0.25, replications=4000, seed=11)
    )


@pytest.mark.parametrize("wrong", [{"n": -1}, {"p_member": 1.2}, {"p_advocate": -0.1}, {"p_member": float("nan")}])
def test_ladder_checks_its_numbers(wrong: dict[str, float]) -> None:
    given = {"n": 10, "p_member": 0.5, "p_advocate": 0.5} | wrong
    n = given.pop("n")
    with pytest.raises(InputError, match=next(iter(wrong))):
        ladder(n, **given)
    with pytest.raises(InputError, match="replications"):
        simulate_ladder(1, p_member=0.5, p_advocate=0.5, replications=0)
