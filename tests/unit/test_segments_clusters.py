"""Clusters and their honest measures, agreement with hidden segments, and its money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmsim as crm
from crmsim.errors import InputError
from crmsim.segments import adjusted_rand, cluster, compare_clusters, score_segments

calm = settings(max_examples=60, deadline=None, database=None)
labels = st.lists(st.integers(0, 3), min_size=2, max_size=30)


def blobs(n: int, *, apart: float, seed: int = 1, groups: int = 3) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    hidden = np.arange(n) % groups
    points = rng.normal(size=(n, 2)) + apart * np.column_stack([np.cos(hidden * 2.1), np.sin(hidden * 2.1)])
    index = pd.RangeIndex(n, name="customer_id") + 500
    return pd.DataFrame(points, columns=["a", "b"], index=index), pd.Series(hidden, index=index)


@calm
@given(st.data(), labels)
def test_adjusted_rand_is_that_of_scikit_learn(data: Any, one: list[int]) -> None:
    from sklearn.metrics import adjusted_rand_score

    other = data.draw(st.lists(st.integers(0, 3), min_size=len(one), max_size=len(one)))
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand(other, one))
    assert adjusted_rand(one, [f"x{k}" for k in one]) == 1.0


def test_chance_gives_zero_and_not_the_share_that_agrees() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 2, 20_000), rng.integers(0, 2, 20_000)
    assert abs(adjusted_rand(one, other)) < 0.01
    together = np.equal.outer(one[:500], one[:500]) == np.equal.outer(other[:500], other[:500])
    assert together.mean() > 0.4  # the slip: the plain Rand index calls chance one half


def test_clear_groups_are_found_and_believed() -> None:
    table, hidden = blobs(300, apart=6.0)
    found = cluster(table, n_clusters=3)
    assert score_segments(found.labels, hidden).adjusted_rand > 0.98
    assert found.silhouette > 0.75 > 0.65 > found.null_silhouette
    assert found.stability > 0.95
    assert found.centres["n_customers"].tolist() == [100, 100, 100]
    assert found.centres["n_customers"].is_monotonic_decreasing
    for name, centre in found.centres.iterrows():
        assert centre["a"] == pytest.approx(table["a"][found.labels == name].mean())


def test_groups_where_there_are_none_are_not_believed() -> None:
    table, _ = blobs(400, apart=0.0)
    found = cluster(table, n_clusters=4)
    assert found.labels.nunique() == 4  # k-means finds what it is asked for
    assert found.stability < 0.8
    assert abs(found.silhouette - found.null_silhouette) < 0.05


def test_the_number_of_groups_shows() -> None:
    table, _ = blobs(240, apart=6.0)
    measures = compare_clusters(table, numbers=range(2, 6), n_splits=4)
    assert measures["silhouette"].idxmax() == 3 == measures["stability"].idxmax()
    assert measures["smallest_share"].between(0, 1 / measures.index).all()


def test_scale_and_order_do_not_matter_and_the_seed_decides() -> None:
    table, _ = blobs(120, apart=4.0)
    found = cluster(table, n_clusters=3, seed=5).labels
    assert adjusted_rand(found, cluster(table * [1000, 0.001], n_clusters=3, seed=5).labels) == 1.0
    shuffled = table.sample(frac=1, random_state=1)
    assert adjusted_rand(found, cluster(shuffled, n_clusters=3, seed=9).labels.loc[found.index]) > 0.95
    pd.testing.assert_series_equal(found, cluster(table, n_clusters=3, seed=5).labels)


def test_a_logarithm_helps_where_the_tail_is_long() -> None:
    rng = np.random.default_rng(2)
    hidden = np.repeat([0, 1], 150)
    money = pd.DataFrame({"monetary": np.exp(rng.normal(size=300) + 5 * hidden)})
    scores = [adjusted_rand(cluster(money, n_clusters=2, logs=logs).labels, hidden) for logs in ([], ["monetary"])]
    assert scores[0] < 0.5 < 0.9 < scores[1]


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        (lambda t: t.assign(a=1.0), {}, "'a' has one value only"),
        (lambda t: t.assign(a="x"), {}, "'a' holds"),
        (lambda t: t.assign(a=np.nan), {}, "'a' is empty in row 0"),
        (lambda t: t, {"columns": ["a", "c"]}, "'c' is missing"),
        (lambda t: t, {"n_clusters": 1}, "n_clusters=1 must be"),
        (lambda t: t, {"n_clusters": 2.0}, "n_clusters=2.0 must be"),
        (lambda t: t, {"n_clusters": 11}, "too few for 11"),
        (lambda t: t, {"n_splits": 0}, "n_splits=0"),
        (lambda t: t, {"logs": ["z"]}, "'z' is not among"),
        (lambda t: t - 100, {"logs": ["a"]}, "'a' has values below 0"),
        (lambda t: t.set_axis([1] * 20), {}, "customer 1 stands twice"),
        (lambda t: t.iloc[:0], {}, "no rows"),
    ],
)
def test_bad_tables_are_refused(change: Any, options: dict[str, Any], words: str) -> None:
    table = blobs(20, apart=1.0)[0]
    with pytest.raises(InputError, match=words):
        cluster(change(table), **({"n_clusters": 2} | options))


def gains_of(hidden: pd.Series, *, noise: float, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    own = pd.DataFrame({name: np.where(hidden == k, 5.0, -3.0) for k, name in enumerate("xyz")}, index=hidden.index)
    return own + rng.normal(scale=noise, size=own.shape)


def test_the_right_segments_earn_what_is_there() -> None:
    hidden = pd.Series(np.arange(900) % 3)
    gains = gains_of(hidden, noise=2.0)
    score = score_segments(hidden, hidden, gains=gains)
    money = score.money
    assert money is not None
    earned = money["earned"]
    assert earned["these segments"] == earned["hidden segments"]
    assert abs(earned["hidden segments"] - 900 * 5) < 4.5 * money.loc["hidden segments", "se"]
    assert earned["one for all"] == 0.0  # any one offer loses, so nothing is best
    assert score.choices is not None
    assert score.choices["offer"].tolist() == ["x", "y", "z"]
    np.testing.assert_allclose(money["per_customer"], earned / 900)


def test_segments_made_of_luck_earn_nothing_although_hindsight_says_so() -> None:
    rng = np.random.default_rng(4)
    hidden = pd.Series(np.arange(900) % 3)
    luck = pd.Series(rng.integers(0, 300, 900))
    gains = pd.DataFrame(rng.normal(scale=10.0, size=(900, 3)), columns=list("xyz"))
    score = score_segments(luck, hidden, gains=gains)
    assert score.money is not None
    assert abs(score.adjusted_rand) < 0.01
    row = score.money.loc["these segments"]
    assert abs(row["earned"]) < 4.5 * row["se"]
    by_hindsight = gains.groupby(luck).sum().clip(lower=0).max(axis=1).sum()  # the slip: chosen and earned on the same
    assert by_hindsight > 4.5 * row["se"]


def test_with_a_simulated_firm() -> None:
    left_out = dict.fromkeys(["affinity", "service", "satisfaction", "surveys", "word_of_mouth"])
    shop = crm.scenario("retail").replace(customers=300, periods=8, seed=7, **left_out)
    run = crm.simulate(shop)
    everybody = range(300)
    policies = {"nothing": [], "more": [crm.Offer(at=4, customers=everybody, lift=0.5, cost=2.0, periods=3)]}
    gains = crm.compare(shop, policies, replications=2).customers
    score = score_segments(run.truth.customers["segment"], run.truth.customers, gains=gains)
    assert score.adjusted_rand == 1.0
    assert score.n_customers == len(run.customers)
    assert score.money is not None
    assert score.money.loc["these segments", "earned"] == score.money.loc["hidden segments", "earned"]
    rfm = crm.score_segments(crm.rfm(run)["segment"], run.truth.customers)
    assert rfm.n_customers + rfm.n_not_labelled == len(run.customers)
    assert -0.2 < rfm.adjusted_rand < 0.9
    assert rfm.money is None is rfm.choices


def test_bad_labels_and_gains_are_refused() -> None:
    good = pd.Series(list("aabbab"))
    for given_labels, truth, gains, words in [
        (list("ab"), good, None, "labels: a Series of segments"),
        (good.set_axis([0, 0, 1, 2, 3, 4]), good, None, "labels: customer 0 stands twice"),
        (good.where(good.index > 0), good, None, "labels: customer 0 has no segment"),
        (good, good.set_axis(range(10, 16)), None, "no customer stands in both"),
        (good, pd.DataFrame({"x": [1]}), None, "truth: a Series"),
        (good, good, pd.DataFrame({"offer": ["x"] * 6}), "gains: column 'offer' holds"),
        (good, good, pd.DataFrame({"offer": [1.0] * 6}, index=range(90, 96)), "fewer than four"),
        (good, good, pd.DataFrame({"offer": [1.0] * 6}, index=[0, 0, 1, 2, 3, 4]), "gains: customer 0 stands twice"),
    ]:
        with pytest.raises(InputError, match=words):
            score_segments(given_labels, truth, gains=gains)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="2 labels and 3"):
        adjusted_rand([1, 2], [1, 2, 3])
