"""From the kernel's arrays to the tables of a firm: one row meaning, one unit, named categories.

Money is whole cents inside, so that it adds up exactly; it becomes a number with two decimals only here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.blocks import Block
from crmsim.engine.kernel import Rows
from crmsim.engine.policy import Offer
from crmsim.settings.scenario import Scenario


def customer_table(scenario: Scenario, lives: Block, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """One row per customer who has arrived by the end of the run, indexed by `customer_id`."""
    here = lives.traits.arrival < len(starts) - 1
    traits = lives.traits
    arrival = traits.arrival[here].astype(np.int64)
    table = {
        "acquired_on": starts[arrival],
        "acquired_period": arrival,
        "channel": named(traits.channel[here], scenario.arrival.channels),
        "region": named(traits.region[here], scenario.regions),
        "age_group": named(traits.age[here], scenario.age_groups),
    }
    return pd.DataFrame(table, index=pd.Index(lives.customers[here], name="customer_id"))


def transaction_table(scenario: Scenario, rows: Rows) -> pd.DataFrame:
    """One row per purchase, sorted by customer and time."""
    table = {
        "customer_id": rows.customer,
        "time": rows.second.view("datetime64[s]"),
        "period": rows.period.astype(np.int64),
        "amount": rows.cents / 100,
        "margin": rows.margin / 100,
        "category": named(rows.category, scenario.categories),
    }
    return pd.DataFrame(table)


def campaign_table(offers: Sequence[Offer], starts: pd.DatetimeIndex, lives: Block) -> pd.DataFrame:
    """One row per customer whom an offer reached: those who had arrived by then."""
    parts = [_reached(offer, starts, lives) for offer in offers if offer.at < len(starts) - 1]
    empty = {
        "customer_id": "int64",
        "time": "datetime64[s]",
        "period": "int64",
        "offer": "str",
        "cost": "float64",
    }
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["customer_id", "period"], kind="stable", ignore_index=True)


def _reached(offer: Offer, starts: pd.DatetimeIndex, lives: Block) -> pd.DataFrame:
    arrived = lives.traits.arrival[offer.customers] <= offer.at
    ids = offer.customers[arrived]
    return pd.DataFrame(
        {
            "customer_id": ids,
            "time": starts[offer.at],
            "period": offer.at,
            "offer": offer.name,
            "cost": round(offer.cost * 100) / 100,
        }
    ).astype({"time": "datetime64[s]"})


def named(codes: npt.NDArray[Any], names: Iterable[str], *, ordered: bool = False) -> pd.Categorical:
    """Codes with their names: small in memory, readable in a table."""
    return pd.Categorical.from_codes(
        codes, categories=pd.Index(list(names), dtype=object).astype("str"), ordered=ordered
    )
