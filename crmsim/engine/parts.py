"""A run in parts by customer: what a part holds, and what becomes of it on disk.

Part k of a table holds the customers k * 131,072 ... (k + 1) * 131,072 - 1 and all whom they have brought, directly
or not (their ids modulo `FAMILY` are the same), sorted by id, whatever the threads, the blocks and the machines that
lived them. So a part is written as soon as its families have been lived, and the same seed gives the same bytes.

A part's record says what was written: rows, money totals and the checksum of every file. It is written last, so
whoever finds the record finds the part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine import tables
from crmsim.engine.arrow import MONEY, arrow_of, arrow_table, cents_of, csv_of, parquet_of
from crmsim.engine.blocks import Block
from crmsim.engine.families import arrived, cut
from crmsim.engine.hidden import move_columns, stage_columns, trait_columns
from crmsim.engine.place import Place
from crmsim.engine.policy import FAMILY, Plan
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

CUSTOMERS_PER_PART = 131_072
RECORDS = ("customers", "transactions", "contacts", "surveys", "campaigns")
"""The tables of the firm."""
HIDDEN = ("truth/stages", "truth/moves", "truth/customers")
Makers = Mapping[str, Callable[[], Any]]
"""How each table of a part is made, as a table of Arrow; one after the other, so that only one is in memory."""
Record = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """What is written of a run, and how."""

    format: str = "parquet"
    truth: bool = True
    warehouse: bool = False
    part_size: int = CUSTOMERS_PER_PART

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables, by their place on disk."""
        return RECORDS + HIDDEN if self.truth else RECORDS

    def n_parts(self, n_customers: int) -> int:
        """How many parts so many families make; at least one, so that there is a file of every table."""
        return -(-max(n_customers, 1) // self.part_size)

    def files(self, table: str, number: int) -> list[str]:
        """What part `number` of a table becomes: files of the result, or pieces which one file is made of later."""
        stem = f"{table}/part-{number:05d}"
        hidden = table in HIDDEN
        found = [f"pieces/{stem}.csv"] if self.format == "csv" else []
        if self.format == "parquet" or (self.format == "duckdb" and hidden):
            found.append(f"files/{stem}.parquet")
        elif self.warehouse and not hidden:
            found.append(f"pieces/{stem}.parquet")
        return found

    def source(self, table: str, number: int) -> str:
        """The Parquet file which the warehouse is made from."""
        return next(name for name in self.files(table, number) if name.endswith(".parquet"))


def makers_of(scenario: Scenario, plan: Plan, lives: Block, *, starts: pd.DatetimeIndex, truth: bool) -> Makers:
    """The tables of these lives."""
    lives = arrived(lives, scenario.periods)
    columns: dict[str, Callable[[], tables.Columns]] = {
        "customers": partial(tables.customer_columns, scenario, lives, starts),
        "transactions": partial(tables.transaction_columns, scenario, lives.rows),
        "contacts": partial(tables.contact_columns, scenario, lives.contacts),
        "surveys": partial(tables.survey_columns, lives.answers, starts),
        "campaigns": partial(tables.campaign_columns, plan, starts, lives),
    }
    if truth:
        columns["truth/stages"] = partial(stage_columns, scenario, lives)
        columns["truth/moves"] = partial(move_columns, scenario, lives)
        columns["truth/customers"] = partial(trait_columns, scenario, lives)
    return {name: partial(_made, make) for name, make in columns.items()}


def _made(make: Callable[[], tables.Columns]) -> Any:
    return arrow_of(make())


def parts_of(run: Past, layout: Layout) -> Iterator[Makers]:
    """The tables of a run that is in memory, part by part."""
    if not isinstance(run, Run):
        yield from _parts_of_past(run, layout)
        return
    n_parts, size = layout.n_parts(run.scenario.customers), layout.part_size
    for k in range(n_parts):
        lives = run.lives if n_parts == 1 else cut(run.lives, k * size, (k + 1) * size)
        yield makers_of(run.scenario, run.plan, lives, starts=run.period_starts, truth=layout.truth)


def tables_of(run: Past, *, truth: bool) -> dict[str, pd.DataFrame]:
    """The tables of a run by their place on disk, customer_id as an ordinary column, sorted by it."""
    found = {name: getattr(run, name) for name in RECORDS} | {"customers": run.customers.reset_index()}
    if truth and isinstance(run, Run):
        found["truth/stages"], found["truth/moves"] = run.truth.stages, run.truth.moves
        found["truth/customers"] = run.truth.customers.reset_index()
    return found


def _parts_of_past(past: Past, layout: Layout) -> Iterator[Makers]:
    """The same of a run's past, of which only tables are left; families end with the last one that has arrived."""
    whole = tables_of(past, truth=False)
    part_of = {name: table["customer_id"].to_numpy() % FAMILY // layout.part_size for name, table in whole.items()}
    n_families = int((whole["customers"]["customer_id"] % FAMILY).max()) + 1 if len(past.customers) else 0
    for k in range(layout.n_parts(n_families)):
        yield {name: partial(_chosen, table, part_of[name] == k) for name, table in whole.items()}


def _chosen(table: pd.DataFrame, rows: Any) -> Any:
    return arrow_table(table if np.all(rows) else table[rows])


def write_part(place: Place, number: int, makers: Makers, layout: Layout) -> Record:
    """Write every table of part `number`, then its record, which comes back."""
    record: Record = {"rows": {}, "totals": {}, "files": {}}
    for table, make in makers.items():
        content = make()
        record["rows"][table] = content.num_rows
        record["totals"][table] = {
            name: int(cents_of(content[name]).sum()) for name in content.column_names if name in MONEY
        }
        for name in layout.files(table, number):
            write = csv_of if name.endswith(".csv") else parquet_of
            record["files"][name] = place.put(name, write(content))
    place.put(record_name(number), json.dumps(record).encode())
    return record


def record_name(number: int) -> str:
    """Where the record of a part lies."""
    return f"done/part-{number:05d}.json"


def finished(place: Place, number: int, layout: Layout) -> Record | None:
    """The record of a part, if it was finished and every file still has its checksum."""
    try:
        record: Record = json.loads(place.get(record_name(number)))
        wanted = {name for table in layout.tables for name in layout.files(table, number)}
        complete = set(record["files"]) == wanted and set(record["rows"]) == set(layout.tables)
        intact = complete and all(place.check(name) == check for name, check in record["files"].items())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return record if intact else None


def summed(records: list[Record]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Rows, and money totals in whole cents, of all parts together."""
    rows = {table: sum(record["rows"][table] for record in records) for table in records[0]["rows"]}
    totals = {
        table: {name: sum(record["totals"][table][name] for record in records) for name in sums}
        for table, sums in records[0]["totals"].items()
    }
    return rows, totals
