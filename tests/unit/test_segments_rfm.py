"""RFM: the course's cut points (TV07), the clock, segment names as data, and the handout's own R."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.segments import RFM_SEGMENTS, RFMCuts, SegmentRule, purchase_interval_days, purchase_summary, rfm
from crmsim.segments.scores import segment_of_scores

AT = pd.Timestamp("2026-01-31")


def sales(*rows: tuple[object, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "time", "amount"])
    return table.assign(time=pd.to_datetime(table["time"], format="ISO8601"))


def one_customer(recency_days: int, frequency: int, monetary: float) -> pd.DataFrame:
    """`frequency` purchases on the day that lies `recency_days` back, adding up to `monetary`."""
    amounts = np.full(frequency, np.floor(monetary / frequency))
    amounts[0] += monetary - amounts.sum()
    when = AT - pd.Timedelta(days=recency_days)
    return pd.DataFrame({"customer_id": 1, "time": when, "amount": amounts})


@pytest.mark.parametrize(
    ("given", "score"),
    [((30, 12, 5000), "555"), ((31, 11, 4999), "444"), ((181, 1, 299), "111"), ((60, 8, 2000), "444"),
     ((61, 7, 1999), "333"), ((90, 4, 1000), "333"), ((91, 3, 999), "222"), ((180, 2, 300), "222")],
)  # fmt: skip
def test_cut_points_of_the_course(given: tuple[int, int, float], score: str) -> None:
    row = rfm(one_customer(*given), at=AT).loc[1]
    assert (row["recency_days"], row["frequency"], row["monetary"]) == given
    assert row["score"] == score
    assert f"{row['r_score']}{row['f_score']}{row['m_score']}" == score


def test_recency_counts_full_days_of_24_hours() -> None:
    table = rfm(sales((1, "2025-12-31 12:00", 5), (2, "2026-01-01 00:00:01", 5), (3, "2026-01-31", 5)), at=AT)
    assert table["recency_days"].to_dict() == {1: 30, 2: 29, 3: 0}
    assert table["recency_days"].dtype == np.int64


def test_a_purchase_at_the_moment_counts_and_a_later_one_does_not() -> None:
    table = sales((1, "2026-01-31", 5), (1, "2026-01-31 00:00:01", 7), (2, "2026-02-03", 9))
    seen = rfm(table, at=AT)
    assert seen[["frequency", "monetary"]].to_dict("index") == {1: {"frequency": 1, "monetary": 5.0}}


def test_sums_of_cents_do_not_fall_below_a_cut_by_rounding() -> None:
    table = pd.DataFrame({"customer_id": 1, "time": AT, "amount": [0.7, 0.1]})
    assert table["amount"].sum() < 0.8  # 0.7999999999999999 in floats
    assert rfm(table, at=AT, cuts=RFMCuts(monetary=(4, 3, 2, 0.8))).loc[1, "m_score"] == 2


def test_order_of_rows_and_kind_of_ids_do_not_matter() -> None:
    table = sales(("b", "2026-01-02", 5), ("a", "2025-12-02", 7), ("b", "2025-11-02", 1))
    pd.testing.assert_frame_equal(rfm(table, at=AT), rfm(table.iloc[::-1], at=AT))
    assert rfm(table, at=AT).index.tolist() == ["a", "b"]
    assert rfm(table, at=AT).index.name == "customer_id"


def test_every_score_has_exactly_one_of_the_shipped_names() -> None:
    numbers = segment_of_scores(RFM_SEGMENTS)
    assert numbers.shape == (5, 5, 5)
    assert set(numbers.ravel()) == set(range(len(RFM_SEGMENTS)))


@pytest.mark.parametrize(
    ("given", "segment"),
    [((60, 8, 2000), "champions"), ((60, 8, 1999), "regulars"), ((60, 4, 9000), "regulars"),
     ((60, 3, 300), "promising"), ((60, 1, 300), "newcomers"), ((61, 4, 300), "at_risk"),
     ((180, 12, 9000), "at_risk"), ((61, 3, 300), "fading"), ((181, 12, 9000), "lost")],
)  # fmt: skip
def test_segment_names(given: tuple[int, int, float], segment: str) -> None:
    assert rfm(one_customer(*given), at=AT).loc[1, "segment"] == segment


def test_own_rules_and_cuts() -> None:
    rules = (SegmentRule("dear", "贵客", "much money", m=(4, 5)), SegmentRule("others", "其他", "all others"))
    table = rfm(one_customer(1, 1, 50), at=AT, cuts=RFMCuts(monetary=(50, 40, 30, 20)), rules=rules)
    assert table.loc[1, "segment"] == "dear"
    assert table["segment"].cat.categories.tolist() == ["dear", "others"]


def test_rules_must_be_complete_and_names_unique() -> None:
    rule = SegmentRule("dear", "贵客", "much money", m=(4, 5))
    with pytest.raises(InputError, match="r=1, f=1, m=1"):
        rfm(one_customer(1, 1, 50), at=AT, rules=[rule])
    with pytest.raises(InputError, match="twice"):
        segment_of_scores([rule, rule])
    with pytest.raises(InputError, match=r"'dear'.*f="):
        SegmentRule("dear", "贵客", "", f=(4, 6))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"recency_days": (30, 60, 90)}, "give four"), ({"recency_days": (30, 60, 60, 90)}, "equal"),
     ({"monetary": (300, 1000, 2000, 5000)}, r"Write \(5000, 2000, 1000, 300\)"),
     ({"frequency": (12, 8, 4, -1)}, "-1"), ({"monetary": (float("nan"), 3, 2, 1)}, "nan"),
     ({"monetary": ("9", 3, 2, 1)}, "'9'")],
)  # fmt: skip
def test_cuts_are_checked(wrong: dict[str, tuple[float, ...]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        RFMCuts(**wrong)


def test_cuts_are_a_frozen_value() -> None:
    limits = [12, 8, 4, 2]
    cuts = RFMCuts(frequency=limits)  # type: ignore[arg-type]
    limits[0] = 99
    assert cuts == RFMCuts()
    with pytest.raises(dataclasses.FrozenInstanceError):
        cuts.frequency = (4, 3, 2, 1)  # type: ignore[misc]


def test_messages_about_the_clock() -> None:
    table = sales((1, "2026-01-02", 5))
    with pytest.raises(InputError, match="give the day"):
        rfm(table)
    with pytest.raises(InputError, match=r"2025-12-31.*first one in the table is on 2026-01-02"):
        rfm(table, at="2025-12-31")
    with pytest.raises(InputError, match="time zone"):
        rfm(table, at=pd.Timestamp("2026-01-31", tz="Asia/Shanghai"))
    with pytest.raises(InputError, match="'amount' is missing"):
        rfm(table.drop(columns="amount"), at=AT)


def test_interval_is_the_mean_gap_and_needs_two_purchases() -> None:
    table = sales((1, "2026-01-01", 5), (1, "2026-01-02 12:00", 5), (1, "2026-01-04", 5), (2, "2026-01-01", 5))
    interval = purchase_interval_days(table)
    assert interval.name == "purchase_interval_days"
    assert interval[1] == 1.5
    assert interval[1] != 1.0  # span divided by purchases instead of gaps
    assert np.isnan(interval[2])
    assert purchase_interval_days(table, at="2026-01-03")[1] == 1.5
    with pytest.raises(InputError, match="no rows"):
        purchase_interval_days(table.iloc[:0])


def test_interval_and_recency_are_different_things() -> None:
    weekly_but_gone = sales(*((1, str(day), 5.0) for day in pd.date_range("2024-12-01", periods=5, freq="7D")))
    assert purchase_interval_days(weekly_but_gone)[1] == 7
    assert rfm(weekly_but_gone, at=AT).loc[1, "recency_days"] == 398


@pytest.fixture(scope="module")
def run() -> crm.engine.simulate.Run:
    return crm.simulate(crm.scenario("retail").replace(customers=800, periods=18, seed=5))


def test_a_run_knows_its_clock(run: crm.engine.simulate.Run) -> None:
    past = run.until(12)
    table = crm.rfm(past)
    pd.testing.assert_frame_equal(table, rfm(past.transactions, at=past.end))
    pd.testing.assert_frame_equal(table, rfm(run, at=past.end))
    assert table["frequency"].sum() == len(past.transactions)
    assert table["monetary"].sum() == pytest.approx(past.transactions["amount"].sum(), abs=0.005)
    assert (table["segment"] == "at_risk").any()
    with pytest.raises(InputError, match="after the end"):
        rfm(past, at=run.end)
    with pytest.raises(InputError, match=r"run.until\(12\)"):
        rfm(run, at=12)


def test_those_who_never_bought_do_not_appear_but_can_be_added(run: crm.engine.simulate.Run) -> None:
    table = crm.rfm(run)
    everybody = table.reindex(run.customers.index)
    silent = everybody.index[everybody["frequency"].isna()]
    assert 0 < len(silent) == len(run.customers) - run.transactions["customer_id"].nunique()
    assert purchase_summary(run).index.equals(table.index)


def test_the_short_name_is_the_function() -> None:
    assert crm.rfm is rfm
    assert crm.segments.rfm is rfm
    assert crm.abc is crm.segments.abc
    assert callable(crm.segments.migration)
