"""Index systems, identification and customer knowledge: by hand, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmsim import lifecycle
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.segments import (
    INDEX_SYSTEMS,
    evaluation_table,
    identify,
    index_columns,
    knowledge_profile,
    short_list,
    trade_trend,
)
from crmsim.segments.identification import CLASSES


def test_the_two_systems_have_three_groups_each() -> None:
    names = [group.english for group in INDEX_SYSTEMS["individual"]]
    assert names == ["quantity bought", "demographics", "survey data"]
    assert [group.evaluated for group in INDEX_SYSTEMS["individual"]] == [False, True, True]
    assert len(INDEX_SYSTEMS["company"]) == 3
    found = index_columns(["satisfaction_grade", "expected_years", "age"], kind="company")
    assert found == {
        "years of trade": ["expected_years"], "yearly profit": [], "satisfaction grade": ["satisfaction_grade"]
    }  # fmt: skip
    with pytest.raises(InputError, match="Did you mean 'company'"):
        index_columns(["age"], kind="compny")


def test_every_index_gets_options_of_its_own() -> None:
    people = pd.DataFrame({"age": [17, 18, 60], "income": [10.0, np.nan, 30.0], "education": ["a", "b", "a"]})
    table = evaluation_table(people, options={"age": (18, 60), "income": (20,), "education": None})
    assert table["age"].tolist() == ["below 18", "18 to below 60", "60 or more"]
    assert table["income"].isna().tolist() == [False, True, False]
    assert table["education"].tolist() == ["a", "b", "a"]
    for wrong, options, words in [
        (people, {}, "options is empty"),
        (people, {"agee": (1,)}, "'agee' is missing. Did you mean 'age'"),
        (people, {"education": (1, 2)}, "'education' holds"),
        (people.set_axis([1, 1, 2]), {"age": (18,)}, "1 stands twice"),
    ]:
        with pytest.raises(InputError, match=words):
            evaluation_table(wrong, options=options)  # type: ignore[arg-type]


def test_the_trend_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(1)
    years = [2019, 2020, 2022, 2025]
    table = pd.DataFrame(rng.uniform(0, 50, (5, 4)), columns=years, index=list("ABCDE"))
    expected = [np.polyfit(years, row, 1)[0] for row in table.to_numpy()]
    np.testing.assert_allclose(trade_trend(table), expected, atol=1e-9)
    assert not np.allclose(trade_trend(table), np.diff(table.to_numpy(), axis=1).mean(axis=1))  # the slip: mean step
    for wrong, words in [
        (table[[2019]], "two or more rising years"),
        (table[[2020, 2019]], "rising years"),
        (table.rename(columns={2019: "first"}), "rising years"),
        (table.replace({table.loc["B", 2020]: -1.0}), "2020 is negative in row 1"),
        (table.set_axis(list("AACDE")), "A stands twice"),
    ]:
        with pytest.raises(InputError, match=words):
            trade_trend(wrong)


SOURCES = {
    "crm": pd.DataFrame({"customer_id": [1, 2, 3, 3]}),
    "social": pd.DataFrame({"customer_id": [3, 4, 5]}),
    "survey": pd.DataFrame({"customer_id": [5, 5]}),
}


def test_one_list_from_many_sources() -> None:
    table = identify(SOURCES, values=pd.Series({3: 10.0, 1: 10.0, 2: 80.0, 4: 0.0}), top=0.5)
    assert table.index.tolist() == [1, 2, 3, 4, 5]
    assert table["n_records"].tolist() == [1, 1, 3, 1, 3]
    assert table["n_sources"].tolist() == [1, 1, 2, 1, 2]
    assert table["is_potential"].tolist() == [False, False, False, True, True]
    assert table["is_valuable"].tolist() == [True, True, False, False, False]  # half of three are two; 1 comes before 3
    assert table["n_records"].sum() == sum(map(len, SOURCES.values()))


@pytest.mark.parametrize(
    ("sources", "values", "options", "words"),
    [
        ({}, {1: 1.0}, {}, "sources is empty"),
        ({"crm": pd.DataFrame({"id": [1]})}, {1: 1.0}, {}, "source 'crm': the column 'customer_id' is missing"),
        (SOURCES, {9: 1.0}, {}, "customer 9 has bought but stands in no source"),
        (SOURCES, {1: -1.0}, {}, "'value' is negative"),
        (SOURCES, {1: 1.0}, {"top": 0}, "top=0"),
    ],
)
def test_bad_sources_are_refused(sources: Any, values: dict[int, float], options: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        identify(sources, values=pd.Series(values), **options)


def test_values_that_stand_twice_are_refused() -> None:
    with pytest.raises(InputError, match="customer 1 stands twice"):
        identify(SOURCES, values=pd.Series([1.0, 2.0], index=[1, 1]))


def test_knowledge_of_a_simulated_firm(shop_run: Run) -> None:
    profile = knowledge_profile(shop_run.transactions, shop_run.contacts)
    buyer = profile["n_purchases"].idxmax()
    own = shop_run.transactions[shop_run.transactions["customer_id"] == buyer]
    assert profile.loc[buyer, "favourite_category"] in own["category"].mode().tolist()
    assert profile.loc[buyer, "mean_amount"] == pytest.approx(own["amount"].mean())
    calls = shop_run.contacts[shop_run.contacts["customer_id"] == buyer]["channel"]
    assert profile.loc[buyer, "preferred_channel"] in calls.mode().tolist()
    assert len(profile) == shop_run.transactions["customer_id"].nunique()
    silent = knowledge_profile(shop_run.transactions, shop_run.contacts.iloc[:0])
    assert silent["preferred_channel"].isna().all()
    with pytest.raises(InputError, match="'category' is missing"):
        knowledge_profile(shop_run.transactions.drop(columns="category"), shop_run.contacts)


def test_the_short_list_is_part_of_the_five_classes(shop_run: Run) -> None:
    assert CLASSES == lifecycle.CLASSES
    classes = lifecycle.classify(shop_run, params=lifecycle.ClassParams(s_min=None))
    short = short_list(classes)
    assert short.isna().equals(classes.isin(["active", "lapsed"]))
    assert (short.dropna().astype(str) == classes[short.notna()].astype(str)).all()
    with pytest.raises(InputError, match=r"customer 0 has the class 'loyl'\. Did you mean 'loyal'"):
        short_list(pd.Series(["loyl"]))
