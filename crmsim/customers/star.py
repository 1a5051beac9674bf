"""The star schema (星形模式): a run's tables taken apart into dimensions and facts.

A dimension (维度) describes, one row per thing; a fact (事实) happened, one row per event, and points to its
dimensions by keys. Names are stored once, in their dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine.records import Past
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario
from crmsim.settings.service_parts import Service

Tables = dict[str, pd.DataFrame]
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


NAMES = ("customer_channels", "regions", "regions_zh", "ages", "ages_zh", "categories", "reasons", "desks")
"""The lists of names that `ROWS` looks keys and Chinese names up in."""
ROWS = {
    ("dim_customer", "customers"): """
        *, {acquired_on} AS acquired_date_key, list_position($customer_channels, channel) AS channel_key,
        list_extract(CAST($regions_zh AS VARCHAR[]), list_position($regions, region)) AS region_zh,
        list_extract(CAST($ages_zh AS VARCHAR[]), list_position($ages, age_group)) AS age_group_zh""",
    ("fact_transactions", "transactions"): """
        *, $before + file_row_number AS transaction_id, {time} AS date_key,
        list_position($categories, category) AS product_key""",
    ("fact_contacts", "contacts"): """
        *, $before + file_row_number AS contact_id, {time} AS date_key,
        list_position($reasons, reason) AS reason_key, list_position($desks, channel) AS service_channel_key""",
    ("fact_surveys", "surveys"): "*, {time} AS date_key",
    ("fact_campaigns", "campaigns"): "*, {time} AS date_key",
}
"""What is selected from a file of a table for a dimension or facts; a key is a place in a list, from `FIRST_KEY`."""


def selected(columns: str) -> str:
    """The same with the keys of days written out: dates as numbers, yyyymmdd."""
    days = {name: f"year({name}) * 10000 + month({name}) * 100 + day({name})" for name in ("time", "acquired_on")}
    return columns.format(**days)


def names_of(run: Past) -> dict[str, list[str | None]]:
    """The lists that `ROWS` refers to."""
    scenario = run.scenario if isinstance(run, Run) else None
    regions, ages = _names(run.customers["region"]), _names(run.customers["age_group"])
    found: tuple[list[Any], ...] = (
        _names(run.customers["channel"]),
        *(regions, _chinese(regions, scenario.regions if scenario else {})),
        *(ages, _chinese(ages, scenario.age_groups if scenario else {})),
        *(_names(run.transactions["category"]), _names(run.contacts["reason"]), _names(run.contacts["channel"])),
    )
    return dict(zip(NAMES, found, strict=True))


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


def _names(column: pd.Series[Any]) -> list[str]:
    return [str(name) for name in column.cat.categories]


def _keys(names: list[str]) -> list[int]:
    return list(range(FIRST_KEY, FIRST_KEY + len(names)))


def _chinese(names: list[str], settings: Mapping[str, Any]) -> list[str | None]:
    return [settings[name].zh if name in settings else None for name in names]
