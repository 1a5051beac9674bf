"""The summary table: what is counted, from when, until when."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError

summary = crm.value.summary


def purchases(*rows: tuple[int, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "time", "amount"])
    return table.assign(time=pd.to_datetime(table["time"]))


TABLE = purchases(
    (7, "2026-01-20 18:00", 8),
    (7, "2026-01-06 09:00", 100),
    (7, "2026-01-20 08:00", 4),
    (3, "2026-01-08 12:00", 50),
    (7, "2026-02-03 00:00", 30),
    (9, "2026-03-01 10:00", 70),
)


def test_by_hand() -> None:
    table = summary(TABLE, at="2026-02-03")
    assert table.index.tolist() == [3, 7]
    assert table.index.name == "customer_id"
    assert table["frequency"].tolist() == [0, 2]
    assert table["n_purchases"].tolist() == [1, 3]
    assert table["recency_at_last"].tolist() == [0, 4]
    np.testing.assert_allclose(table["age"], [26 / 7, 4])
    assert np.isnan(table.loc[3, "mean_spend"])
    assert table.loc[7, "mean_spend"] == (12 + 30) / 2  # not (8 + 4 + 30) / 3, and without the first 100


def test_every_row_a_purchase_of_its_own() -> None:
    table = summary(TABLE, at="2026-02-03", merge="none", unit_days=1)
    assert table["frequency"].tolist() == [0, 3]
    np.testing.assert_allclose(table["recency_at_last"], [0, 27 + 15 / 24])
    np.testing.assert_allclose(table["age"], [25.5, 27 + 15 / 24])
    assert table.loc[7, "mean_spend"] == 14


def test_later_purchases_do_not_count() -> None:
    early = summary(TABLE, at="2026-02-02 23:59:59")
    assert early["frequency"].tolist() == [0, 1]
    pd.testing.assert_frame_equal(
        early, summary(TABLE[TABLE["time"] < "2026-02-03"], at="2026-02-02 23:59:59")
    )


def test_the_unit_changes_times_alone() -> None:
    weeks, days = summary(TABLE, at="2026-03-05"), summary(TABLE, at="2026-03-05", unit_days=1)
    np.testing.assert_allclose(weeks[["recency_at_last", "age"]] * 7, days[["recency_at_last", "age"]])
    pd.testing.assert_frame_equal(
        weeks.drop(columns=["recency_at_last", "age"]), days.drop(columns=["recency_at_last", "age"])
    )


def test_order_of_rows_does_not_matter_and_the_table_is_left_alone() -> None:
    before = TABLE.copy()
    shuffled = TABLE.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(summary(TABLE, at="2026-03-05"), summary(shuffled, at="2026-03-05"))
    pd.testing.assert_frame_equal(TABLE, before)


def test_names_of_customers_may_be_words() -> None:
    table = TABLE.assign(customer_id=TABLE["customer_id"].map({7: "Li", 3: "An", 9: "Wu"}))
    assert summary(table, at="2026-03-05").index.tolist() == ["An", "Li", "Wu"]


def test_a_past_knows_its_own_end() -> None:
    class Past:
        transactions = TABLE
        end = pd.Timestamp("2026-02-03")

    pd.testing.assert_frame_equal(summary(Past()), summary(TABLE, at="2026-02-03"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "at='"),
        ({"at": "2025-12-31"}, "Nobody had bought by 2025-12-31"),
        ({"at": "2026-02-03", "unit_days": 0}, "unit_days=0"),
        ({"at": "2026-02-03", "merge": "days"}, "'day'"),
    ],
)
def test_mistakes_are_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        summary(TABLE, **options)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="'amount' is missing"):
        summary(TABLE.rename(columns={"amount": "money"}), at="2026-02-03")
