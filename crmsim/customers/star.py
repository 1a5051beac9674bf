"""The star schema (星形模式): a run's tables taken apart into dimensions and facts.

A dimension (维度) describes, one row per thing; a fact (事实) happened, one row per event, and points to its
dimensions by keys. Names are stored once, in their dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine.output import Tables
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario
from crmsim.settings.service_parts import Service

FIRST_KEY = 1
COMPLAINT, COMPLAINT_ZH = "complaint", "投诉"
"""The reason that every service has; the scenario names the others."""


def dimensions(run: Past) -> Tables:
    """The dimensions that do not grow with the number of customers: days, channels, product categories, reasons."""
    scenario = run.scenario if isinstance(run, Run) else None
    service = scenario.service if scenario else None
    return {
        "dim_date": _days(run.period_starts),
        "dim_channel": _channels(_names(run.customers["channel"]), scenario),
        "dim_product": _products(_names(run.transactions["category"]), scenario),
        "dim_reason": _reasons(_names(run.contacts["reason"]), scenario),
        "dim_service_channel": _service_channels(_names(run.contacts["channel"]), service),
    }


def rows_of(part: Tables, run: Past, *, n_before: Mapping[str, int]) -> Tables:
    """The customers and facts of one part; `n_before`: rows of each table in the parts before it."""
    scenario = run.scenario if isinstance(run, Run) else None
    return {
        "dim_customer": _customers(part["customers"], scenario),
        "fact_transactions": _transactions(part["transactions"], n_before["transactions"]),
        "fact_contacts": _contacts(part["contacts"], n_before["contacts"]),
        "fact_surveys": part["surveys"].assign(date_key=day_key(part["surveys"]["time"])),
        "fact_campaigns": part["campaigns"].assign(date_key=day_key(part["campaigns"]["time"])),
    }


def day_key(times: pd.Series[Any]) -> pd.Series[Any]:
    """The key of a day: its date as a number, yyyymmdd.

    >>> day_key(pd.Series(pd.to_datetime(["2026-01-31 23:59:59"]))).tolist()
    [20260131]
    """
    return times.dt.year * 10_000 + times.dt.month * 100 + times.dt.day


def _days(period_starts: pd.DatetimeIndex) -> pd.DataFrame:
    days = pd.date_range(period_starts[0], period_starts[-1], freq="D", inclusive="left", unit="s")
    table = pd.DataFrame({"date": days, "date_key": day_key(days.to_series()).to_numpy()})
    for name in ("year", "quarter", "month", "day"):
        table[name] = getattr(days, name)
    table["weekday"] = days.day_of_week + 1
    table["is_weekend"] = table["weekday"] >= 6
    table["period"] = np.searchsorted(period_starts.to_numpy(), days.to_numpy(), side="right") - 1
    return table


def _channels(names: list[str], scenario: Scenario | None) -> pd.DataFrame:
    settings = scenario.arrival.channels if scenario else {}
    cost = [settings[name].cost if name in settings else np.nan for name in names]
    table = {"channel_key": _keys(names), "channel": names, "channel_zh": _chinese(names, settings)}
    return pd.DataFrame({**table, "acquisition_cost": cost})


def _products(names: list[str], scenario: Scenario | None) -> pd.DataFrame:
    zh = _chinese(names, scenario.categories if scenario else {})
    return pd.DataFrame({"product_key": _keys(names), "category": names, "category_zh": zh})


def _reasons(names: list[str], scenario: Scenario | None) -> pd.DataFrame:
    service = scenario.service if scenario else None
    complaint = {COMPLAINT: COMPLAINT_ZH} if scenario else {}
    zh = complaint | {name: reason.zh for name, reason in (service.reasons if service else {}).items()}
    return pd.DataFrame({"reason_key": _keys(names), "reason": names, "reason_zh": [zh.get(name) for name in names]})


def _service_channels(names: list[str], service: Service | None) -> pd.DataFrame:
    settings = service.channels if service else {}
    cost = [settings[name].cost if name in settings else np.nan for name in names]
    table = {"service_channel_key": _keys(names), "channel": names, "channel_zh": _chinese(names, settings)}
    return pd.DataFrame({**table, "contact_cost": cost})


def _customers(customers: pd.DataFrame, scenario: Scenario | None) -> pd.DataFrame:
    return customers.assign(
        acquired_date_key=day_key(customers["acquired_on"]),
        channel_key=customers["channel"].cat.codes.astype(np.int64) + FIRST_KEY,
        region_zh=_in_chinese(customers["region"], scenario.regions if scenario else {}),
        age_group_zh=_in_chinese(customers["age_group"], scenario.age_groups if scenario else {}),
    )


def _transactions(transactions: pd.DataFrame, n_before: int) -> pd.DataFrame:
    return transactions.assign(
        transaction_id=np.arange(n_before, n_before + len(transactions)),
        date_key=day_key(transactions["time"]),
        product_key=transactions["category"].cat.codes.astype(np.int64) + FIRST_KEY,
    )


def _contacts(contacts: pd.DataFrame, n_before: int) -> pd.DataFrame:
    return contacts.assign(
        contact_id=np.arange(n_before, n_before + len(contacts)),
        date_key=day_key(contacts["time"]),
        reason_key=contacts["reason"].cat.codes.astype(np.int64) + FIRST_KEY,
        service_channel_key=contacts["channel"].cat.codes.astype(np.int64) + FIRST_KEY,
    )


def _names(column: pd.Series[Any]) -> list[str]:
    return [str(name) for name in column.cat.categories]


def _keys(names: list[str]) -> list[int]:
    return list(range(FIRST_KEY, FIRST_KEY + len(names)))


def _chinese(names: list[str], settings: Mapping[str, Any]) -> list[str | None]:
    return [settings[name].zh if name in settings else None for name in names]


def _in_chinese(column: pd.Series[Any], settings: Mapping[str, Any]) -> Any:
    """The same column with Chinese names; two names may share one."""
    zh = np.array(_chinese(_names(column), settings), dtype=object)
    return pd.Series(zh[column.cat.codes.to_numpy()], index=column.index, dtype=object)
