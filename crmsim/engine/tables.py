"""From the kernel's arrays to the tables of a firm: one row meaning, one unit, named categories.

Money is whole cents inside, so that it adds up exactly; it becomes a number with two decimals only here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.blocks import Block, Table
from crmsim.engine.policy import Plan, Step
from crmsim.settings.scenario import Scenario

_DAYS = np.uint64(28)


def customer_table(scenario: Scenario, lives: Block, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """One row per customer who has arrived by the end of the run, indexed by `customer_id`."""
    here = lives.traits["arrival"] < len(starts) - 1
    traits = lives.traits
    arrival = traits["arrival"][here].astype(np.int64)
    referrer = pd.Series(lives.referred_by[here], dtype="Int64")
    table = {
        "acquired_on": starts[arrival],
        "acquired_period": arrival,
        "channel": named(traits["channel"][here], scenario.arrival.channels),
        "region": named(traits["region"][here], scenario.regions),
        "age_group": named(traits["age"][here], scenario.age_groups),
        "kind": named(traits["company"][here], ("individual", "company")),
        "referred_by": referrer.mask(referrer < 0).array,
    }
    if scenario.buying.kind == "stock":
        table["people"] = traits["people"][here].astype(np.int64)
        eaten = traits["people"][here] * scenario.buying.kg_per_person * traits["rate"][here]
        table["kg_per_period"] = np.round(eaten, 1)
        table["payday"] = (lives.names[here] * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(40)) % _DAYS + np.uint64(1)
        table["payday"] = table["payday"].astype(np.int64)
    return pd.DataFrame(table, index=pd.Index(lives.customers[here], name="customer_id"))


def transaction_table(scenario: Scenario, rows: Table) -> pd.DataFrame:
    """One row per purchase, sorted by customer and time."""
    unit_cents = np.array([round(min(c.unit_price, 1e12) * 100) for c in scenario.categories.values()])
    listed = rows["cents"] + rows["given"]
    table = {
        "customer_id": rows["customer"].copy(),
        "time": rows["second"].astype("datetime64[s]"),
        "period": rows["period"].astype(np.int64),
        "amount": rows["cents"] / 100,
        "margin": rows["margin"] / 100,
        "category": named(rows["category"], scenario.categories),
        "quantity": np.maximum(1, np.rint(listed / unit_cents[rows["category"]])).astype(np.int64),
        "discount": rows["given"] / 100,
    }
    return pd.DataFrame(table)


def contact_table(scenario: Scenario, contacts: Table) -> pd.DataFrame:
    """One row per contact (enquiry, complaint, ...), sorted by customer and time."""
    service = scenario.service
    reasons = ("complaint", *(service.reasons if service else ()))
    complaint = contacts["reason"] == 0
    table = {
        "customer_id": contacts["customer"].copy(),
        "time": contacts["second"].astype("datetime64[s]"),
        "period": contacts["period"].astype(np.int64),
        "reason": named(contacts["reason"], reasons),
        "channel": named(contacts["channel"], service.channels if service else ("none",)),
        "agent": contacts["agent"].astype(np.int64),
        "waiting_minutes": np.round(contacts["waiting"] / 60, 2),
        "handling_minutes": np.round(contacts["handling"] / 60, 2),
        "first_reply_hours": np.where(complaint, np.round(contacts["reply"] / 60, 2), np.nan),
        "resolved": contacts["resolved"].astype(bool),
    }
    return pd.DataFrame(table).sort_values(["customer_id", "time"], kind="stable", ignore_index=True)


def survey_table(answers: Table, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """One row per answered survey: scores from 1 to 5, asked at the end of a period."""
    table = {
        "customer_id": answers["customer"].copy(),
        "time": (starts[answers["period"].astype(np.int64) + 1] - pd.Timedelta(seconds=1)).as_unit("s"),
        "period": answers["period"].astype(np.int64),
        "satisfaction": answers["satisfaction"].astype(np.int64),
        "expected": answers["expected"].astype(np.int64),
        "perceived": answers["perceived"].astype(np.int64),
    }
    return pd.DataFrame(table)


def campaign_table(plan: Plan, starts: pd.DatetimeIndex, lives: Block) -> pd.DataFrame:
    """One row per customer whom an offer reached: those who had arrived by then."""
    parts = [_reached(step, starts, lives) for step in plan.steps if step.offer.at < len(starts) - 1]
    empty = {"customer_id": "int64", "time": "datetime64[s]", "period": "int64", "offer": "str", "cost": "float64"}
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["customer_id", "period"], kind="stable", ignore_index=True)


def _reached(step: Step, starts: pd.DatetimeIndex, lives: Block) -> pd.DataFrame:
    offer = step.offer
    ids = lives.customers[np.isin(lives.customers, offer.customers) & (lives.traits["arrival"] <= offer.at)]
    table = {
        "customer_id": ids,
        "time": starts[offer.at],
        "period": offer.at,
        "offer": offer.name,
        "cost": round(offer.cost * 100) / 100,
    }
    return pd.DataFrame(table).astype({"time": "datetime64[s]"})


def named(codes: npt.NDArray[Any], names: Iterable[str], *, ordered: bool = False) -> pd.Categorical:
    """Codes with their names: small in memory, readable in a table."""
    categories = pd.Index(list(names), dtype=object).astype("str")
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=categories, ordered=ordered)
