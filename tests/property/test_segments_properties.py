"""What must hold for any customers: nobody is lost, order does not matter, better values never rank lower."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsim.segments import RFMCuts, abc, gini, make_options, migration, pareto_curve, pareto_share, rfm

calm = settings(max_examples=60, deadline=None, database=None)
AT = pd.Timestamp("2026-01-31")
values_of_customers = st.lists(st.integers(0, 10**7), min_size=1, max_size=40).filter(any)
purchases = st.lists(
    st.tuples(st.integers(1, 6), st.integers(-30, 400), st.integers(0, 10**6)), min_size=1, max_size=40
).filter(lambda rows: any(days >= 0 for _, days, _ in rows))


def cents(values: list[int]) -> pd.Series:
    return pd.Series(values, dtype=float) / 100


@calm
@given(values_of_customers, st.randoms(use_true_random=False))
def test_abc_depends_on_values_and_ids_only(values: list[int], luck: object) -> None:
    series = cents(values)
    order = list(series.index)
    luck.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_series_equal(abc(series.loc[order]).sort_index(), abc(series))
    pd.testing.assert_series_equal(abc(series * 1024), abc(series))


@calm
@given(values_of_customers)
def test_class_a_is_the_smallest_head_that_reaches_the_cut(values: list[int]) -> None:
    best = abc(cents(values)) == "A"
    whole, exact = sum(values), pd.Series(values)
    head = exact[best].sort_values(ascending=False)
    assert 100 * head.sum() >= 80 * whole  # exact: whole cents
    assert 100 * head.iloc[:-1].sum() < 80 * whole
    assert exact[best].min() >= exact[~best].max() if (~best).any() else True


@calm
@given(values_of_customers, st.floats(0, 1), st.floats(0, 1))
def test_pareto_share_is_a_rising_hollow_curve(values: list[int], one: float, two: float) -> None:
    low, high = sorted((one, two))
    shares = pareto_share(cents(values), top=low), pareto_share(cents(values), top=high)
    assert low - 1e-9 <= shares[0] <= shares[1] + 1e-12 <= 1 + 2e-12
    middle = pareto_share(cents(values), top=(low + high) / 2)
    assert middle >= sum(shares) / 2 - 1e-9  # better customers come first, so the curve bends down


@calm
@given(values_of_customers)
def test_gini_is_twice_the_area_above_the_diagonal(values: list[int]) -> None:
    curve = pareto_curve(cents(values))
    area = np.trapezoid(curve["value_share"], curve["customer_share"])
    assert abs(gini(cents(values)) - (2 * area - 1)) < 1e-9


@calm
@given(purchases, st.randoms(use_true_random=False))
def test_rfm_loses_nobody_and_no_money(rows: list[tuple[int, int, int]], luck: object) -> None:
    table = pd.DataFrame(rows, columns=["customer_id", "days", "cents"])
    table = table.assign(time=AT - pd.to_timedelta(table["days"], unit="D"), amount=table["cents"] / 100)
    past = table[table["days"] >= 0]
    found = rfm(table, at=AT)
    assert set(found.index) == set(past["customer_id"])
    assert found["frequency"].sum() == len(past)
    assert (found["monetary"] * 100).round().sum() == past["cents"].sum()
    assert (found["recency_days"] == past.groupby("customer_id")["days"].min()).all()
    order = list(table.index)
    luck.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(rfm(table.loc[order], at=AT), found)


@calm
@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=30).map(sorted))
def test_scores_never_turn_round(numbers: list[int]) -> None:
    cuts = RFMCuts()
    assert (np.diff(cuts.score_recency(numbers)) <= 0).all()
    assert (np.diff(cuts.score_frequency(numbers)) >= 0).all()
    assert (np.diff(cuts.score_monetary(numbers)) >= 0).all()
    assert set(cuts.score_monetary(numbers)) <= {1, 2, 3, 4, 5}


@calm
@given(st.lists(st.integers(-50, 50), min_size=1), st.sets(st.integers(-50, 50), min_size=1, max_size=6))
def test_every_value_lies_in_its_option(numbers: list[int], cuts: set[int]) -> None:
    limits = sorted(cuts)
    options = make_options(pd.Series(numbers), cuts=limits)
    low, high = [-np.inf, *limits], [*limits, np.inf]
    for number, code in zip(numbers, options.cat.codes, strict=True):
        assert low[code] <= number < high[code]


@calm
@given(st.dictionaries(st.integers(0, 9), st.sampled_from("ABC"), min_size=1), st.data())
def test_migration_conserves_customers(labels: dict[int, str], data: st.DataObject) -> None:
    after = {customer: data.draw(st.sampled_from("ABC")) for customer in labels}
    there, back = migration(pd.Series(labels), pd.Series(after)), migration(pd.Series(after), pd.Series(labels))
    assert there.table.to_numpy().sum() == there.n_customers == len(labels)
    assert (there.table.to_numpy() == back.table.to_numpy().T).all()
    assert there.changed_share == sum(labels[c] != after[c] for c in labels) / len(labels)
    assert migration(pd.Series(labels), pd.Series(labels)).changed_share == 0
