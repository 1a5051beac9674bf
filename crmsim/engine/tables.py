"""From the kernel's arrays to the columns of a firm's tables: one row meaning, one unit, named categories.

Money is whole cents inside, so that it adds up exactly; it becomes a number with two decimals only here. Columns
are arrays; they become tables of pandas (`frame`) in memory and of Arrow (`crmsim.engine.arrow`) on the way to disk,
so that both hold the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.blocks import Block
from crmsim.engine.families import arrived
from crmsim.engine.policy import Plan, Step
from crmsim.engine.room import Table
from crmsim.settings.scenario import Scenario

_DAYS = np.uint64(28)
_SECOND = np.timedelta64(1, "s")


class Named(NamedTuple):
    """A column of names: a code for each row, and what the codes mean."""

    codes: npt.NDArray[Any]
    names: tuple[str, ...]
    ordered: bool = False


class Maybe(NamedTuple):
    """A column of numbers of which some are missing."""

    numbers: npt.NDArray[Any]
    missing: npt.NDArray[np.bool_]


Columns = dict[str, npt.NDArray[Any] | Named | Maybe]


def customer_columns(scenario: Scenario, lives: Block, starts: pd.DatetimeIndex) -> Columns:
    """One row per customer who has arrived by the end of the run."""
    lives = arrived(lives, len(starts) - 1)
    traits, referrer = lives.traits, lives.referred_by
    arrival = traits["arrival"].astype(np.int64)
    columns: Columns = {
        "customer_id": lives.customers,
        "acquired_on": starts.to_numpy()[arrival],
        "acquired_period": arrival,
        "channel": Named(traits["channel"], tuple(scenario.arrival.channels)),
        "region": Named(traits["region"], tuple(scenario.regions)),
        "age_group": Named(traits["age"], tuple(scenario.age_groups)),
        "kind": Named(traits["company"], ("individual", "company")),
        "referred_by": Maybe(referrer, referrer < 0),
    }
    if scenario.buying.kind == "stock":
        columns["people"] = traits["people"].astype(np.int64)
        columns["kg_per_period"] = np.round(traits["people"] * scenario.buying.kg_per_person * traits["rate"], 1)
        payday = (lives.names * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(40)) % _DAYS + np.uint64(1)
        columns["payday"] = payday.astype(np.int64)
    return columns


def transaction_columns(scenario: Scenario, rows: Table) -> Columns:
    """One row per purchase, sorted by customer and time."""
    unit_cents = np.array([round(min(c.unit_price, 1e12) * 100) for c in scenario.categories.values()])
    listed = rows["cents"] + rows["given"]
    return {
        "customer_id": rows["customer"].copy(),
        "time": rows["second"].astype("datetime64[s]"),
        "period": rows["period"].astype(np.int64),
        "amount": rows["cents"] / 100,
        "margin": rows["margin"] / 100,
        "category": Named(rows["category"], tuple(scenario.categories)),
        "quantity": np.maximum(1, np.rint(listed / unit_cents[rows["category"]])).astype(np.int64),
        "discount": rows["given"] / 100,
    }


def contact_columns(scenario: Scenario, contacts: Table) -> Columns:
    """One row per contact (enquiry, complaint, ...), sorted by customer and time."""
    service = scenario.service
    reasons = ("complaint", *(service.reasons if service else ()))
    contacts = contacts[np.lexsort((contacts["second"], contacts["customer"]))]
    return {
        "customer_id": contacts["customer"].copy(),
        "time": contacts["second"].astype("datetime64[s]"),
        "period": contacts["period"].astype(np.int64),
        "reason": Named(contacts["reason"], reasons),
        "channel": Named(contacts["channel"], tuple(service.channels) if service else ("none",)),
        "agent": contacts["agent"].astype(np.int64),
        "waiting_minutes": np.round(contacts["waiting"] / 60, 2),
        "handling_minutes": np.round(contacts["handling"] / 60, 2),
        "first_reply_hours": Maybe(np.round(contacts["reply"] / 60, 2), contacts["reason"] != 0),
        "resolved": contacts["resolved"].astype(bool),
    }


def survey_columns(answers: Table, starts: pd.DatetimeIndex) -> Columns:
    """One row per answered survey: scores from 1 to 5, asked at the end of a period."""
    return {
        "customer_id": answers["customer"].copy(),
        "time": starts.to_numpy()[answers["period"].astype(np.int64) + 1] - _SECOND,
        **{
            name: answers[name].astype(np.int64)
            for name in ("period", "satisfaction", "expected", "perceived")
        },
    }  # fmt: skip


def campaign_columns(plan: Plan, starts: pd.DatetimeIndex, lives: Block) -> Columns:
    """One row per customer whom an offer reached: those who had arrived by then."""
    steps = [step for step in plan.steps if step.offer.at < len(starts) - 1]
    reached = [_reached(step, lives) for step in steps]
    step_of = np.repeat(np.arange(len(steps)), [len(ids) for ids in reached])
    customers = np.concatenate([np.empty(0, dtype=np.int64), *reached])
    period_of = np.array([step.offer.at for step in steps], dtype=np.int64)
    order = np.lexsort((period_of[step_of], customers))
    step_of = step_of[order]
    return {
        "customer_id": customers[order],
        "time": starts.to_numpy()[period_of[step_of]],
        "period": period_of[step_of],
        "offer": np.array([str(step.offer.name) for step in steps], dtype=object)[step_of],
        "cost": np.array([round(step.offer.cost * 100) / 100 for step in steps], dtype=np.float64)[step_of],
    }


def _reached(step: Step, lives: Block) -> npt.NDArray[np.int64]:
    offer = step.offer
    return lives.customers[np.isin(lives.customers, offer.customers) & (lives.traits["arrival"] <= offer.at)]


def frame(columns: Columns, *, index: str | None = None) -> pd.DataFrame:
    """The columns as a table of pandas."""
    table = {name: _series(column) for name, column in columns.items() if name != index}
    return pd.DataFrame(table, index=None if index is None else pd.Index(columns[index], name=index))


def _series(column: npt.NDArray[Any] | Named | Maybe) -> Any:
    if isinstance(column, Named):
        return named(column.codes, column.names, ordered=column.ordered)
    if isinstance(column, Maybe):
        if column.numbers.dtype.kind == "f":
            return np.where(column.missing, np.nan, column.numbers)
        return pd.arrays.IntegerArray(column.numbers.copy(), column.missing.copy())
    return pd.Series(column.tolist(), dtype="str") if column.dtype == object else column


def named(codes: npt.NDArray[Any], names: Iterable[str], *, ordered: bool = False) -> pd.Categorical:
    """Codes with their names: small in memory, readable in a table."""
    categories = pd.Index(list(names), dtype=object).astype("str")
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=categories, ordered=ordered)
