"""Options of an index, and moves between segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crmsim.errors import InputError
from crmsim.segments import make_options, migration


def test_a_value_equal_to_a_cut_belongs_to_the_upper_option() -> None:
    age = pd.Series([17.999, 18, 59.999, 60, np.inf, -np.inf], name="age_years", index=list("abcdef"))
    options = make_options(age, cuts=(18, 60), labels=("minor", "adult", "senior"))
    assert options.tolist() == ["minor", "adult", "adult", "senior", "senior", "minor"]
    assert options.name == "age_years"
    assert options.index.equals(age.index)
    assert (options >= "adult").tolist() == [False, True, True, True, True, False]


def test_missing_stays_missing_and_labels_say_the_range() -> None:
    options = make_options(pd.Series([1, None, 3], dtype="Int64"), cuts=[2.5])
    assert options.cat.categories.tolist() == ["below 2.5", "2.5 or more"]
    assert options.isna().tolist() == [False, True, False]


@pytest.mark.parametrize("cuts", [(), (3, 2), (2, 2), (1, float("nan"))])
def test_cuts_must_rise(cuts: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="rising"):
        make_options(pd.Series([1]), cuts=cuts)


def test_labels_must_fit_and_values_be_numbers() -> None:
    with pytest.raises(InputError, match=r"2 cut\(s\) make 3 options"):
        make_options(pd.Series([1]), cuts=(1, 2), labels=("low", "high"))
    with pytest.raises(InputError, match="different"):
        make_options(pd.Series([1]), cuts=(1,), labels=("low", "low"))
    with pytest.raises(InputError, match="'income'"):
        make_options(pd.Series(["much"], name="income"), cuts=(1,))


def test_migration_counts_only_those_labelled_twice() -> None:
    before = pd.Series({1: "new", 2: "new", 3: "old", 4: "old", 5: "old"})
    after = pd.Series({2: "old", 1: "new", 3: "old", 4: "gone", 6: "new", 7: "new"})
    moved = migration(before, after)
    assert moved.table.loc["new"].to_dict() == {"gone": 0, "new": 1, "old": 1}
    assert moved.table.loc["old"].to_dict() == {"gone": 1, "new": 0, "old": 1}
    assert moved.table.index.tolist() == moved.table.columns.tolist()
    assert (moved.n_customers, moved.n_left, moved.n_joined) == (4, 1, 2)
    assert moved.changed_share == 0.5
    assert moved.shares.loc["old", "gone"] == 0.5
    assert moved.shares.loc["gone"].isna().all()


def test_migration_keeps_the_order_of_categories() -> None:
    kinds = pd.CategoricalDtype(["low", "high", "top"])
    labels = pd.Series(["high", "low"], dtype=kinds)
    assert migration(labels, labels).table.index.tolist() == ["low", "high", "top"]


def test_migration_refuses_what_it_cannot_count() -> None:
    label = pd.Series({1: "a"})
    with pytest.raises(InputError, match="no customer stands in both"):
        migration(label, pd.Series({2: "a"}))
    with pytest.raises(InputError, match="1 stands twice in 'after'"):
        migration(label, pd.Series(["a", "a"], index=[1, 1]))
    with pytest.raises(InputError, match=r"before.dropna\(\)"):
        migration(pd.Series({1: None}), label)
