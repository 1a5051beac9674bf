"""Arrival and preparation: the boundaries of the classes, one meeting and tables of them, refused input."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsim.errors import InputError
from crmsim.etiquette import arrival, arrivals, check_arrival, check_preparation, meetings
from crmsim.etiquette.doorstep import minutes_early

DUE = pd.Timestamp("2026-03-02 15:00")
BOUNDARIES = {
    -1: "late", 0: "acceptable", 4: "acceptable", 5: "best", 7: "best", 8: "too_early",
    -0.01: "late", 4.99: "acceptable", 7.01: "too_early",
}  # fmt: skip


def before(minutes):
    return DUE - pd.Timedelta(seconds=60 * minutes)


@pytest.mark.parametrize(("minutes", "name"), BOUNDARIES.items())
def test_the_boundaries(minutes, name):
    assert arrival(DUE, before(minutes)) == name


def test_a_table_says_what_one_meeting_says():
    times = {"appointed": DUE, "arrived": [before(minutes) for minutes in BOUNDARIES]}
    table = pd.DataFrame(times, index=list("abcdefghi"))
    found = arrivals(table)
    assert found["arrival"].tolist() == list(BOUNDARIES.values())
    assert found["early_minutes"].to_numpy() == pytest.approx(list(BOUNDARIES), abs=1e-6)
    assert list(found.index) == list("abcdefghi")
    assert found["code"].tolist() == [{"late": "VT3", "too_early": "VT2"}.get(name, "") for name in BOUNDARIES.values()]
    assert (found["begins"] == table[["appointed", "arrived"]].max(axis=1)).all()
    assert found.loc["b", "begins"] == DUE


@given(st.integers(-600, 600))
def test_every_minute_has_one_class_and_one_finding_at_most(minutes):
    name, found = arrival(DUE, before(minutes)), check_arrival(DUE, before(minutes))
    assert name == ("late" if minutes < 0 else "acceptable" if minutes < 5 else "best" if minutes <= 7 else "too_early")
    assert [finding.code for finding in found] == {"late": ["VT3"], "too_early": ["VT2"]}.get(name, [])
    assert all(f"{abs(minutes)} minutes" in finding.evidence for finding in found)


@pytest.mark.parametrize(("appointed", "arrived"), [
    ("15:00", "14:54"), (" 15:00 ", "14:54:00"), (dt.time(15), dt.time(14, 54)),
    ("2026-03-02 15:00", "2026-03-02 14:54"), (np.datetime64("2026-03-02T15:00"), "2026-03-02T14:54"),
    (dt.datetime(2026, 3, 2, 15), DUE - pd.Timedelta(minutes=6)),
    ("9:00", "8:54"), ("2026-03-03 00:03", "2026-03-02 23:57"),
    (DUE.tz_localize("Asia/Shanghai"), DUE.tz_localize("Asia/Shanghai") - pd.Timedelta(minutes=6)),
])  # fmt: skip
def test_times_may_be_written_in_many_ways(appointed, arrived):
    assert minutes_early(appointed, arrived) == 6
    assert arrival(appointed, arrived) == "best"


@pytest.mark.parametrize(("appointed", "arrived", "says"), [
    ("15:00", "25:00", "arrived='25:00' is no time"), ("three", "15:00", "appointed='three'"),
    (None, "15:00", "no time"),
    (15, "15:00", "appointed=15"), ("15:00", pd.NaT, "no time"), ("15:00", DUE, "both with a day"),
    (DUE, DUE.tz_localize("UTC"), "time zone"), ("", "15:00", "no time"), (["15:00"], "15:00", "no time"),
])  # fmt: skip
def test_what_is_no_time_is_refused(appointed, arrived, says):
    with pytest.raises(InputError, match=says):
        arrival(appointed, arrived)


@pytest.mark.parametrize(("table", "says"), [
    (pd.DataFrame({"appointed": [DUE]}), "'arrived' is missing"),
    (pd.DataFrame({"appointed": [DUE], "arrived": ["14:54"]}), "dates are needed"),
    (pd.DataFrame({"appointed": [DUE], "arrived": [pd.NaT]}), "is empty in row 0"),
    (pd.DataFrame({"appointed": [DUE], "arrived": [DUE.tz_localize("UTC")]}), "time zone"),
    (pd.DataFrame({"appointed": [], "arrived": []}), "no rows"),
    ([DUE], "a pandas table"),
])  # fmt: skip
def test_a_table_that_cannot_be_judged_is_refused(table, says):
    with pytest.raises(InputError, match=says):
        arrivals(table)


@pytest.mark.parametrize("seed", range(4))
def test_the_meetings_arrive_as_planned(seed):
    table = meetings(60, seed=seed)
    found = arrivals(table)
    assert (found["arrival"] == table["arrival"]).all()
    planned = table["faults"].map(lambda faults: "".join(code for code in faults if code.startswith("VT")))
    assert (found["code"] == planned).all()
    assert set(table["arrival"]) == {"too_early", "best", "acceptable", "late"}


# Preparation

POINTS = ["clothes", "grooming", "speech_and_bearing", "expression", "movement"]


@given(st.sets(st.sampled_from(POINTS)))
def test_what_was_not_done_is_missing(done):
    assert [finding.place for finding in check_preparation(done)] == [point for point in POINTS if point not in done]
    assert {finding.code for finding in check_preparation(done)} <= {"K01"}


def test_all_five_are_enough_however_given():
    assert check_preparation(tuple(POINTS)) == check_preparation(pd.Series(POINTS[::-1])) == []
    assert "服装" in check_preparation([])[0].evidence


@pytest.mark.parametrize(("done", "says"), [
    (["clothing"], "Did you mean 'clothes'"), ("clothes", "a list is needed"), ([3], "a text is needed"),
    (None, "a list"),
])  # fmt: skip
def test_an_unknown_point_is_refused(done, says):
    with pytest.raises(InputError, match=says):
        check_preparation(done)
