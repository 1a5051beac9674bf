"""Whatever is given to a public function of the analysis packages, it ends in a result or in one clear message.

Good arguments are those of the example in the docstring of each function; junk takes their place, one at a time and all
at once.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import io
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError

PACKAGES = ("etiquette", "lifecycle", "phone", "prospecting", "segments", "service", "value")
JUNK: dict[str, Any] = {
    "nothing": None,
    "whole": 3,
    "negative": -1.5,
    "text": "x",
    "list": [],
    "dict": {},
    "mixed": [1, "a", None],
    "set": {1, 2},
    "empty table": pd.DataFrame(),
    "table": pd.DataFrame({"a": [1, 2]}),
    "words": pd.Series(["a", "b"]),
    "nan": float("nan"),
    "function": len,
    "true": True,
    "no date": pd.NaT,
}
# What makes a function quick that works long on good arguments.
QUICK: dict[str, dict[str, Any]] = {
    "segments.cluster": {"n_splits": 1},
    "service.effect": {"policies": {"as it is": []}, "replications": 2, "horizon": 1, "futures": 2},
    "value.estimate_clv": {"model": "historic", "horizon": 2},
    "value.score_policy": {"replications": 2},
    "etiquette.call_logs": {"n": 1, "faults": [{"TE3"}]},
    "phone.score": {"replications": 1},
}
BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def functions() -> Iterator[str]:
    for package in PACKAGES:
        home = importlib.import_module(f"crmsim.{package}")
        yield from (f"{package}.{name}" for name in home.__all__ if inspect.isfunction(getattr(home, name)))


def function_of(name: str) -> Callable[..., Any]:
    package, short = name.split(".")
    return getattr(importlib.import_module(f"crmsim.{package}"), short)


class Recorded(Exception):  # noqa: N818 - stops an example at the call that is looked for
    """The function was called with these arguments."""


def good_arguments(name: str) -> dict[str, Any]:
    """The arguments of the first call in the example of the docstring."""
    function, found = function_of(name), {}
    package, short = name.split(".")

    def record(*args: Any, **kwargs: Any) -> None:
        found.update(inspect.signature(function).bind(*args, **kwargs).arguments)
        raise Recorded

    world = {**vars(importlib.import_module(function.__module__)), function.__name__: record, short: record}
    steps = doctest.DocTestParser().get_examples(inspect.getdoc(function) or "")
    home = importlib.import_module(f"crmsim.{package}")
    with mock.patch.object(home, short, record), contextlib.suppress(Recorded):
        for step in steps:
            exec(compile(step.source, name, "single"), world)
    return {**found, **QUICK.get(name, {})}


def complaint(function: Callable[..., Any], arguments: dict[str, Any]) -> str | None:
    """None if the call ends as it should, else how it ends."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            function(**arguments)
        except InputError as error:
            return None if str(error).strip() else "an empty message"
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:90]}"
    return None


def complaints(name: str) -> Iterator[str]:
    function, good = function_of(name), good_arguments(name)
    parameters = [one for one in inspect.signature(function).parameters.values() if one.kind in BY_NAME]
    needed = {one.name for one in parameters if one.default is one.empty}
    assert needed <= set(good), "the example does not call the function"
    for label, junk in JUNK.items():
        cases = {one.name: {**good, one.name: junk} for one in parameters} | {"all": dict.fromkeys(needed, junk)}
        ends = {where: complaint(function, arguments) for where, arguments in cases.items()}
        yield from (f"{where}={label}: {end}" for where, end in ends.items() if end)


@pytest.mark.parametrize("name", list(functions()))
def test_junk_ends_in_a_result_or_one_message(name: str) -> None:
    assert list(complaints(name)) == []


def test_another_error_would_be_noticed() -> None:
    assert complaint(len, {"obj": 3}) is not None
    assert complaint(crm.segments.gini, {"values": [1, 2]}) is None


@pytest.mark.parametrize("function", [crm.abc, crm.segments.gini, crm.segments.pareto_curve, crm.segments.pareto_share])
@pytest.mark.parametrize(
    ("values", "words"),
    [
        (pd.DataFrame({"id": ["a"], "amount": [3.0]}), r"values: one column .*table\['amount'\]"),
        (pd.DataFrame(), r"table\['amount'\]"),
        (pd.Series([], dtype=float), "there are none"),
        (pd.Series([1.0, 2.0], index=[7, 7]), "customer 7 stands twice"),
        (pd.Series([1.0, -2.0], index=[7, 9]), "customer 9 has -2.0 .row 1.*losses"),
        (pd.Series([np.nan, 2.0], index=[7, 9]), "customer 7 has nan .row 0.*fillna"),
        (pd.Series([pd.NA, 2], dtype="Int64"), "customer 0 has nan"),
        (pd.Series(["12", "3"]), "to_numeric"),
        (np.ones((2, 2)), "2 dimensions"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_shared_out_is_named(function: Callable[..., Any], values: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        function(values)


TWICE = pd.Series(["A", "B"], index=[7, 7])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: crm.segments.migration(TWICE, TWICE), "7 stands twice in 'before'"),
        (lambda: crm.lifecycle.expected_life(crm.lifecycle.reference_moves(), absorbing="chrun"), "mean 'churn'"),
        (lambda: crm.lifecycle.occupancy(crm.lifecycle.reference_moves(), start="grow", n_periods=1), "mean 'growth'"),
        (lambda: crm.lifecycle.retention(pd.DataFrame({0: [0], 1: [1]})), "size of each cohort"),
        (lambda: crm.lifecycle.retention(pd.DataFrame()), "no rows"),
        (lambda: crm.segments.rfm(pd.DataFrame(), at="2026-01-31"), "'customer_id' is missing"),
        (lambda: crm.lifecycle.ladder("10", p_member=0.5, p_advocate=0.5), "n='10' must be a number"),
        (lambda: crm.lifecycle.lifetime({"first_interest": 5}, definition="whole"), "first_interest=5 is not a date"),
        (lambda: crm.phone.call(crm.phone.TINY, None), "a script is needed"),
        (lambda: crm.phone.mermaid(crm.phone.parse(crm.phone.TINY), marked="open"), "a list is needed"),
        (lambda: crm.service.draw_tickets(n_days=1, per_day=1, start=5), "start=5 is not a date"),
        (lambda: crm.value.with_errors(crm.value.BGNBD(), "x"), "question: a function"),
    ],
)
def test_a_real_mistake_is_told_with_what_to_do(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()
