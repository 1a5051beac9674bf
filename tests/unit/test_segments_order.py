"""Tables in the order of a run take a quicker way; any other order and any kind of id must give the same."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import crmsim as crm
from crmsim import lifecycle, value
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.segments import purchase_summary


@pytest.fixture(scope="module")
def sales(shop_run: Run) -> pd.DataFrame:
    return shop_run.transactions[["customer_id", "time", "amount"]]


def named(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(customer_id="customer " + table["customer_id"].astype(str).str.zfill(15))


@pytest.mark.parametrize("make", [lambda t: t.sample(frac=1, random_state=2), lambda t: t.iloc[::-1]])
def test_the_order_of_rows_does_not_matter(sales: pd.DataFrame, make: Any) -> None:
    other, at = make(sales), "2025-01-01"
    pd.testing.assert_frame_equal(purchase_summary(other, at=at), purchase_summary(sales, at=at))
    pd.testing.assert_frame_equal(value.summary(other, at=at), value.summary(sales, at=at))
    pd.testing.assert_frame_equal(lifecycle.cohort_table(other), lifecycle.cohort_table(sales))


def test_nor_does_the_kind_of_id(sales: pd.DataFrame) -> None:
    at = "2025-01-01"
    for function in (purchase_summary, value.summary, crm.rfm):
        expected, found = function(sales, at=at), function(named(sales), at=at)
        pd.testing.assert_frame_equal(found.reset_index(drop=True), expected.reset_index(drop=True))
    for period in ("week", "month", "quarter", "year"):
        cohorts = lifecycle.cohort_table(sales, period=period)
        pd.testing.assert_frame_equal(lifecycle.cohort_table(named(sales), period=period), cohorts)
        assert cohorts[0].sum() == sales["customer_id"].nunique()


def test_months_are_those_of_the_calendar(sales: pd.DataFrame) -> None:
    first = sales.groupby("customer_id")["time"].min().dt.to_period("M").dt.to_timestamp()
    assert lifecycle.cohort_table(sales)[0].to_dict() == first.value_counts().to_dict()
    days = pd.to_datetime(["1969-12-31", "1970-01-01"])
    before_1970 = pd.DataFrame({"customer_id": [1, 1], "time": days, "amount": 1.0})
    assert lifecycle.cohort_table(before_1970).to_numpy().tolist() == [[1, 1]]


def test_stages_in_any_order_and_with_any_id(shop_run: Run) -> None:
    log = shop_run.truth.stages
    expected = lifecycle.count_moves(log)
    for other in (log.sample(frac=1, random_state=3), named(log), log.assign(stage=log["stage"].astype(str))):
        pd.testing.assert_frame_equal(lifecycle.count_moves(other), expected)
    twice = pd.concat([log, log.iloc[[5]]])
    who = log["customer_id"].iloc[5]
    for table, name in ((twice, who), (named(twice), f"customer {who:015}")):
        with pytest.raises(InputError, match=f"customer {name} stands twice"):
            lifecycle.count_moves(table)
