"""Answers leave the notebook as data and come back the same, and nothing that comes back can do harm."""

from __future__ import annotations

import contextlib
import json
import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsim.course.decoding import decode
from crmsim.course.describing import describe
from crmsim.course.encoding import MAX_VALUES, encode
from crmsim.course.reading import READERS, Unreadable
from crmsim.course.values import Problem, key_of, normalised, same


def travelled(value: Any) -> Any:
    """A value after the journey through strict JSON."""
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


SCALARS = [
    (np.int64(3), 3), (np.float32(0.5), 0.5), (np.bool_(True), True), (np.str_("a"), "a"), (Decimal("1.5"), 1.5),
    (Fraction(1, 4), 0.25), (date(2026, 1, 2), pd.Timestamp("2026-01-02")), (None, None), (pd.NaT, None),
    (pd.NA, None), (timedelta(days=2), pd.Timedelta(days=2)), (math.inf, math.inf), (pd.Period("2026-03"), "2026-03"),
    (np.datetime64("2026-01-02"), pd.Timestamp("2026-01-02")), (np.array(7), 7), ("\ud800", "?"),
]


@pytest.mark.parametrize(("value", "expected"), SCALARS, ids=lambda value: repr(value))
def test_single_values_arrive(value: Any, expected: Any) -> None:
    arrived = travelled(value)
    assert arrived == expected
    assert type(arrived) is type(expected)


def test_nan_arrives_as_nan() -> None:
    assert math.isnan(travelled(np.nan))


CONTAINERS = [
    [1, "a", None], (1, (2, 3)), {1: "a", (1, 2): [3]}, frozenset({1, "b"}), [], {},
]


@pytest.mark.parametrize("value", CONTAINERS, ids=range(len(CONTAINERS)))
def test_containers_arrive(value: Any) -> None:
    assert travelled(value) == value


TABLES = [
    pd.Series([1, 2], index=pd.Index([5, 6], name="customer_id"), name="n"),
    pd.Series([1.5, np.nan], index=["a", "b"]),
    pd.Series([1, None], dtype="Int64"),
    pd.Series(pd.to_datetime(["2026-01-01", None])),
    pd.Series([pd.Timedelta(days=1)]),
    pd.Series([], dtype="float64"),
    pd.Series([1, 2], index=pd.MultiIndex.from_tuples([(1, "a"), (1, "b")], names=["id", "class"])),
]


@pytest.mark.parametrize("value", TABLES, ids=lambda value: str(value.dtype))
def test_series_arrive_with_index_and_dtype(value: Any) -> None:
    pd.testing.assert_series_equal(travelled(value), value)


def test_a_table_arrives() -> None:
    table = pd.DataFrame({"n": [1, 2], "class": ["A", None], "on": pd.to_datetime(["2026-01-01", "2026-01-02"])})
    pd.testing.assert_frame_equal(travelled(table), table)
    empty = travelled(pd.DataFrame(index=[1, 2]))
    assert empty.shape == (2, 0)


def test_arrays_and_indexes_arrive() -> None:
    np.testing.assert_array_equal(travelled(np.array([[1, 2], [3, 4]])), [[1, 2], [3, 4]])
    pd.testing.assert_index_equal(travelled(pd.Index([3, 4], name="id")), pd.Index([3, 4], name="id"))
    assert travelled({"a": 1}.keys()) == ["a"]
    assert travelled(pd.Categorical(["a", "b"])) == ["a", "b"]


REFUSED = [print, lambda: 0, object(), (n for n in "ab"), pd.DataFrame({"a": [1]}).groupby("a"), 10**30, b"bytes", 1j]


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: type(value).__name__)
def test_what_is_no_answer_is_refused_by_name(value: Any) -> None:
    arrived = travelled(value)
    assert isinstance(arrived, Problem)
    assert "cannot be handed in" in arrived.text


def test_endless_and_huge_answers_are_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert travelled(endless).kind == "too_large"
    assert travelled(list(range(MAX_VALUES + 1))).kind == "too_large"
    assert travelled("x" * 3_000_000).kind == "too_large"


def test_a_class_that_raises_at_every_touch_is_refused() -> None:
    class Nasty(dict):  # type: ignore[type-arg]
        def items(self) -> Any:
            raise RuntimeError

    assert travelled(Nasty()).kind == "unsupported"


def nested(depth: int) -> Any:
    data: Any = 1
    for _ in range(depth):
        data = {"kind": "list", "items": [data]}
    return data


HOSTILE = [
    {}, {"kind": "list"}, {"kind": ["list"]}, {"kind": "list", "items": 3}, {"kind": "number", "value": "1e999"},
    {"kind": "time", "value": "9" * 10_000}, {"kind": "time", "value": "nat"}, {"kind": "span", "value": 1e300},
    {"kind": "dict", "items": [[1]]}, {"kind": "dict", "items": [[{"kind": "dict", "items": []}, 1]]},
    {"kind": "set", "items": [{"kind": "dict", "items": []}]}, {"kind": "array", "items": [[1], [1, 2]], "dtype": "x"},
    {"kind": "series", "name": 1, "index": {"names": [None], "items": [1, 2]}, "values": [1]},
    {"kind": "series", "name": 1, "index": {"names": [], "items": []}, "values": []},
    {"kind": "table", "index": {"names": [None], "items": [1]}, "columns": [{"name": "a", "values": [1, 2]}]},
    {"kind": "results", "items": [{"error": {}}, 3]}, 10**50, math.nan, nested(9_000),
    {"kind": "missing", "text": {"kind": "list"}}, {"kind": "python", "code": "exit()"},
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_data_become_a_problem(data: Any) -> None:
    assert isinstance(decode(data), Problem)


KINDS = ["list", "tuple", "set", "dict", "array", "index", "series", "table", "results", "time", "span", "number",
         "missing", "blank", "nonsense"]
LEAVES = (st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
          | st.sampled_from(["nan", "int64", "datetime64[s]", "str", "2026-01-01", "2026-01-01T00:00+02:00"]))
FIELDS = ["items", "value", "values", "index", "names", "columns", "name", "dtype", "text", "error"]
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6).flatmap(
        lambda fields: st.sampled_from(KINDS).map(lambda kind: {**fields, "kind": kind})
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_data_whatsoever_break_reading(data: Any) -> None:
    value = decode(data)
    assert isinstance(describe(value), str)
    for read in READERS.values():
        with contextlib.suppress(Unreadable):
            read(value)


@pytest.mark.parametrize(("one", "other"), [(17, 17.0), ("At-Risk ", "at_risk"), ("Ａ", "a"), ((1, "B"), [1.0, "b"])])
def test_one_key_in_several_ways(one: Any, other: Any) -> None:
    assert key_of(one) == key_of(other)
    assert hash(key_of(one)) == hash(key_of(other))


def test_texts_that_mean_other_things_stay_apart() -> None:
    assert normalised("A+") != normalised("A")
    assert normalised("客户") != normalised("顾客")
    assert key_of("17") != key_of(17)


def test_numbers_are_the_same_within_the_larger_tolerance() -> None:
    assert same(100.009, 100.0, abs=0.01)
    assert not same(100.011, 100.0, abs=0.01)
    assert same(1_000_000.5, 1_000_000, rel=1e-6)
    assert not same(math.inf, 1.0)
    assert not same(pd.Timedelta(days=1), 1)
