"""Cohort tables: two other ways to the same numbers (pandas, SQL), and what lies beyond the data's end."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.lifecycle import cohort_table, retention

SQL = """
    with active as (select distinct customer_id, date_trunc('{period}', time) as start from sales),
         aged as (select customer_id, start, min(start) over (partition by customer_id) as cohort from active)
    select cohort, date_diff('{period}', cohort, start) as age, count(*) as customers
    from aged group by all
"""


def random_sales(seed: int, n: int = 3000) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    seconds = rng.integers(0, 500 * 86_400, n).astype("timedelta64[s]")
    time = np.datetime64("2024-11-20T00:00:00", "s") + seconds
    return pd.DataFrame({"customer_id": rng.integers(0, 400, n), "time": time, "amount": 1.0})


def long_form(table: pd.DataFrame) -> dict[tuple[pd.Timestamp, int], int]:
    cells = table.reset_index().melt("cohort", var_name="age", value_name="n").dropna()
    return {(pd.Timestamp(c), int(age)): int(n) for c, age, n in cells.itertuples(index=False) if n > 0}


@pytest.mark.parametrize("period", ["week", "month", "quarter", "year"])
def test_agrees_with_sql(period: str) -> None:
    sales = random_sales(seed=2)
    found = long_form(cohort_table(sales, period=period))
    with duckdb.connect() as warehouse:
        warehouse.register("sales", sales)
        rows = warehouse.execute(SQL.format(period=period)).fetchall()
    assert found == {(pd.Timestamp(cohort), age): n for cohort, age, n in rows}


@pytest.mark.parametrize(("period", "code"), [("week", "W-SUN"), ("month", "M"), ("quarter", "Q"), ("year", "Y")])
def test_agrees_with_pandas(period: str, code: str) -> None:
    sales = random_sales(seed=3)
    start = sales["time"].dt.to_period(code)
    cohort = start.groupby(sales["customer_id"]).transform("min")
    age = start.astype("int64") - cohort.astype("int64")
    expected = sales.groupby([cohort.dt.start_time, age])["customer_id"].nunique()
    assert long_form(cohort_table(sales, period=period)) == {k: int(n) for k, n in expected.items()}


def test_order_of_rows_does_not_matter() -> None:
    sales = random_sales(seed=4)
    table = cohort_table(sales)
    pd.testing.assert_frame_equal(cohort_table(sales.sort_values(["customer_id", "time"])), table)
    pd.testing.assert_frame_equal(cohort_table(sales.sample(frac=1, random_state=1)), table)


def test_what_has_not_happened_yet_is_empty_and_not_zero() -> None:
    days = pd.to_datetime(["2025-12-31T23:59:59", "2026-01-01T00:00:00", "2026-03-31T00:00:00"])
    sales = pd.DataFrame({"customer_id": [1, 2, 1], "time": days, "amount": 1.0})
    table = cohort_table(sales)
    assert table.index.tolist() == [pd.Timestamp("2025-12-01"), pd.Timestamp("2026-01-01")]
    assert table.columns.tolist() == [0, 1, 2, 3]
    assert (table.index.name, table.columns.name) == ("cohort", "age_months")
    assert table.loc["2025-12-01"].tolist() == [1, 0, 0, 1]
    assert table.loc["2026-01-01"].fillna(-1).tolist() == [1, 0, 0, -1]
    assert retention(table).loc["2026-01-01"].isna().tolist() == [False, False, False, True]


def test_a_run_ends_before_its_last_moment() -> None:
    run = crm.simulate(crm.scenario("retail").replace(customers=400, periods=12, seed=5))
    past = run.until(6)
    table = cohort_table(past)
    assert table.shape[1] == 6
    assert table[0].sum() == past.transactions["customer_id"].nunique()
    assert int(table.notna().to_numpy().sum()) == 21  # a triangle of 6 + 5 + ... + 1 cells
    by_period = past.transactions.groupby("period")["customer_id"].nunique()
    diagonals = [sum(table.iloc[row, t - row] for row in range(t + 1)) for t in range(6)]
    assert diagonals == by_period.tolist()


def test_retention_is_the_share_of_the_cohort() -> None:
    shares = retention(cohort_table(random_sales(seed=5), period="quarter"))
    assert (shares[0] == 1).all()
    assert shares.min().min() >= 0
    assert shares.max().max() == 1


def test_an_unknown_period_is_named() -> None:
    with pytest.raises(InputError, match="Did you mean 'month'"):
        cohort_table(random_sales(seed=1), period="months")
