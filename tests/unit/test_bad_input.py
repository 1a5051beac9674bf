"""Whatever is given to a public function, it ends in a result or in one clear message.

Good arguments are those of the example in the docstring of each function; junk takes their place, one at a time and all
at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import junk
import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

PACKAGES = ("etiquette", "lifecycle", "phone", "plots", "prospecting", "segments", "service", "value", "widgets")
# What makes a function quick that works long on good arguments.
QUICK: dict[str, dict[str, Any]] = {
    "segments.cluster": {"n_splits": 1},
    "service.effect": {"policies": {"as it is": []}, "replications": 2, "horizon": 1, "futures": 2},
    "value.estimate_clv": {"model": "historic", "horizon": 2},
    "value.score_policy": {"replications": 2},
    "etiquette.call_logs": {"n": 1, "faults": [{"TE3"}]},
    "phone.score": {"replications": 1},
    "crmsim.compare": {"replications": 2},
}
# Functions that are public in the package itself, or in a module that stands for itself.
OTHERS = (
    *("simulate", "simulate_to", "compare", "save", "scenario"),
    *("customers.datasets.dataset", "customers.datasets.card", "customers.money.statement"),
    *("customers.warehouse.connect", "course.check", "course.glossary", "course.hand_in", "course.how_far"),
    "course.case",
)
FUNCTIONS = [
    *(name for package in PACKAGES for name in junk.public(package, inspect.isfunction)),
    *(name if "." in name else f"crmsim.{name}" for name in OTHERS),
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_junk_ends_in_a_result_or_one_message(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    good = {**junk.arguments_of(name), **QUICK.get(name, {})}
    assert list(junk.complaints(junk.named(name), good)) == []


@pytest.mark.parametrize("kind", [crm.Offer, crm.Lever])
def test_an_action_of_junk_ends_in_a_run_or_one_message(kind: Any, shop: Scenario) -> None:
    few, good = shop.replace(customers=5, periods=4), {"at": 1, "periods": 2}
    good |= {"customers": [1, 2]} if kind is crm.Offer else {}

    def tried(**arguments: Any) -> str:
        action = kind(**arguments)
        crm.simulate(few, policy=[action])
        return repr(action)

    given = {**junk.JUNK, "customers": lambda past: past.customers.index[:1]}
    ends = {f"{name}={label}": junk.complaint(tried, {**good, name: thing})
            for name in inspect.signature(kind).parameters for label, thing in given.items()
            if (name, label) != ("customers", "function")}  # a rule of the user's own that fails says so itself
    assert {where: end for where, end in ends.items() if end} == {}


def test_a_setting_of_junk_ends_in_a_scenario_or_one_message(shop: Scenario) -> None:
    inner = ("traits.loyalty.sd", "moves.growth", "service.channels", "arrival.channels", "nothing.at.all")
    ends = {f"{name}={label}": junk.complaint(shop.replace, {name: thing})
            for name in (*type(shop).model_fields, *inner) for label, thing in junk.JUNK.items()}
    assert {where: end for where, end in ends.items() if end} == {}


def test_another_error_would_be_noticed() -> None:
    assert junk.complaint(len, {"obj": 3}) is not None
    assert junk.complaint(crm.segments.gini, {"values": [1, 2]}) is None


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


SALES = pd.DataFrame({"customer_id": [1, 1, 2], "time": pd.to_datetime(["2026-01-01", "2026-01-09", "2026-01-05"]),
                      "amount": [9.0, 5.0, 3.0]})
ELSEWHERE = SALES.assign(time=SALES["time"].dt.tz_localize("Asia/Shanghai"))
LATER = pd.Timestamp("2026-01-31", tz="Asia/Shanghai")


def without_grades(table: pd.DataFrame, at: Any) -> Any:
    return crm.lifecycle.classify(table, at=at, params=crm.lifecycle.ClassParams(s_min=None))


LOOKING_BACK: list[Callable[..., Any]] = [
    crm.segments.rfm, without_grades, crm.value.summary, crm.service.loyalty,
    lambda table, at: crm.value.Historic().fit(table, at=at), lambda table, at: crm.value.Cohort().fit(table, at=at),
    lambda table, at: crm.value.estimate_clv(table, at=at, model="historic", horizon=2),
]


@pytest.mark.parametrize("look_back", LOOKING_BACK)
def test_a_moment_and_a_table_on_other_clocks_are_told_apart(look_back: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match=r"at=2026.* in the time zone Asia/Shanghai, but .* have none; leave it out"):
        look_back(SALES, at=LATER)
    with pytest.raises(InputError, match=r"has no time zone, but .* are in Asia/Shanghai; take it off .*tz_localize"):
        look_back(ELSEWHERE, at="2026-01-31")
    look_back(ELSEWHERE, at=LATER)


def test_tickets_and_lives_on_two_clocks_are_told() -> None:
    opened = {"opened": SALES["time"], "first_reply": SALES["time"], "closed": SALES["time"], "resolved": True}
    with pytest.raises(InputError, match=r"at=2026.*dates of the tickets have none"):
        crm.service.complaint_metrics(pd.DataFrame(opened), at=LATER, limit_hours=24)
    days = dict.fromkeys(["first_interest", "first_order", "last_order"], "2026-01-01") | {"last_settled": LATER}
    with pytest.raises(InputError, match=r"last_settled=2026.*only one of them has a time zone"):
        crm.lifecycle.lifetime(days, definition="whole")
