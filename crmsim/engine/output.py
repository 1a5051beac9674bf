"""The tables of a run as files, in parts by customer.

Part k of a table holds the customers k * 131,072 ... (k + 1) * 131,072 - 1 and all whom they have brought, directly
or not (their ids modulo `FAMILY` are the same), sorted by id, whatever the threads and the blocks that lived them. So
a part can be written as soon as its families have been lived, and the same seed gives the same bytes.

*Parquet*: ids, periods and times as packed differences, names as dictionaries (they come back as categories),
zstd level 1. Money is a floating number with two decimals, the nearest one to each whole cent: exact decimals
would be 60 % smaller, but pandas reads them as Python objects that cannot be multiplied by 0.5. Adding
`(amount * 100).round()` is exact; so are the totals in the manifest. *CSV*: one file per table, money with
two decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.policy import FAMILY
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run

CUSTOMERS_PER_PART = 131_072
ROWS_PER_GROUP = 1 << 20
MONEY = frozenset({"amount", "margin", "discount", "cost", "profit"})
"""Columns that hold money of the scenario's currency."""
Tables = dict[str, pd.DataFrame]
Parts = npt.NDArray[np.int64]
"""The number of the part in which each row of a table lies."""


def tables_of(run: Past, *, truth: bool) -> Tables:
    """The tables of a run by their place on disk, customer_id as an ordinary column, sorted by it."""
    tables = {
        "customers": run.customers.reset_index(),
        "transactions": run.transactions,
        "contacts": run.contacts,
        "surveys": run.surveys,
        "campaigns": run.campaigns,
    }
    if truth and isinstance(run, Run):
        tables["truth/stages"] = run.truth.stages
        tables["truth/moves"] = run.truth.moves
        tables["truth/customers"] = run.truth.customers.reset_index()
    return tables


def in_parts(tables: Tables, *, n_customers: int) -> Iterator[Tables]:
    """The same tables, families by families; each part has every table, empty ones too.

    n_customers: how many families there may be, the ids below `FAMILY`.
    """
    numbers = range(-(-max(n_customers, 1) // CUSTOMERS_PER_PART))
    ready = {name: _by_part(table) for name, table in tables.items()}
    for number in numbers:
        yield {name: _slice(table, part_of, number) for name, (table, part_of) in ready.items()}


def _by_part(table: pd.DataFrame) -> tuple[pd.DataFrame, Parts]:
    """The table with its rows in the order of parts, within one by customer as before, and the part of each row."""
    part_of = table["customer_id"].to_numpy() % FAMILY // CUSTOMERS_PER_PART
    if (np.diff(part_of) >= 0).all():
        return table, part_of
    order = np.argsort(part_of, kind="stable")
    return table.iloc[order], part_of[order]


def _slice(table: pd.DataFrame, part_of: Parts, number: int) -> pd.DataFrame:
    begin, end = np.searchsorted(part_of, [number, number + 1])
    return table.iloc[begin:end]


def write_part(folder: Path, number: int, tables: Tables, *, file_format: str) -> None:
    """Write part `number` (from 0, in order) of every table: `parquet` or `csv`."""
    write = {"parquet": _write_parquet, "csv": _write_csv}[file_format]
    for name, table in tables.items():
        write(folder / name, number, table)


def _write_parquet(place: Path, number: int, table: pd.DataFrame) -> None:
    import pyarrow.parquet as pq

    place.mkdir(parents=True, exist_ok=True)
    arrow = arrow_table(table)
    encodings = {field.name: _encoding(field.type) for field in arrow.schema}
    pq.write_table(
        arrow,
        place / f"part-{number:05d}.parquet",
        row_group_size=ROWS_PER_GROUP,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name, encoding in encodings.items() if encoding is None],
        column_encoding={name: encoding for name, encoding in encodings.items() if encoding},
    )


def _encoding(kind: Any) -> str | None:
    """How a column is packed; None: by a dictionary."""
    import pyarrow as pa

    if pa.types.is_floating(kind):
        return "BYTE_STREAM_SPLIT"
    return "DELTA_BINARY_PACKED" if pa.types.is_integer(kind) or pa.types.is_timestamp(kind) else None


def arrow_table(table: pd.DataFrame) -> Any:
    """The table for Arrow, with types of our own choice: those of pandas differ between its versions."""
    import pyarrow as pa

    return pa.table({name: _arrow_column(table[name]) for name in table.columns})


def _arrow_column(column: pd.Series[Any]) -> Any:
    import pyarrow as pa

    if isinstance(column.dtype, pd.CategoricalDtype):
        names = pa.array(column.cat.categories.tolist(), type=pa.string())
        codes = column.cat.codes.to_numpy().astype(np.int32)
        return pa.DictionaryArray.from_arrays(codes, names, ordered=column.cat.ordered)
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return pa.array(column.to_numpy().astype("datetime64[s]"))
    if isinstance(column.dtype, pd.Int64Dtype):
        return pa.array(column.array, type=pa.int64())
    if pd.api.types.is_numeric_dtype(column.dtype):
        return pa.array(column.to_numpy(), from_pandas=True)  # an unknown number is an empty cell
    return pa.array(column.tolist(), type=pa.string())


def _write_csv(place: Path, number: int, table: pd.DataFrame) -> None:
    import pyarrow.csv as pc

    path = place.with_name(f"{place.name}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [str(name) for column in table for name in _names(table[column])]
    quoting = "needed" if any(set(name) & set(',"\r\n') for name in names) else "none"
    with path.open("ab" if number else "wb") as file:
        if not number:
            file.write((",".join(table.columns) + "\n").encode())
        pc.write_csv(_for_csv(table), file, pc.WriteOptions(include_header=False, quoting_style=quoting))


def _names(column: pd.Series[Any]) -> Any:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.categories
    return [] if column.dtype.kind in "Mifb" else column.unique()


def _for_csv(table: pd.DataFrame) -> Any:
    """Names as text, and money as exact decimals, which are written with both their decimals."""
    import pyarrow as pa

    arrow = arrow_table(table)
    for number, field in enumerate(arrow.schema):
        if field.name in MONEY:
            whole = pa.array(cents_of(table[field.name])).cast(pa.decimal128(19, 0))
            exact = pa.Array.from_buffers(pa.decimal128(19, 2), len(whole), whole.buffers())
            arrow = arrow.set_column(number, field.name, exact)
        elif pa.types.is_dictionary(field.type):
            arrow = arrow.set_column(number, field.name, arrow[field.name].cast(pa.string()))
    return arrow


def cents_of(money: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """Money as whole cents."""
    cents: npt.NDArray[np.int64] = np.rint(money.to_numpy() * 100).astype(np.int64)
    return cents


def totals_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, int]]:
    """Sum of every money column of every table, in whole cents."""
    return {
        name: {column: int(cents_of(table[column]).sum()) for column in table.columns if column in MONEY}
        for name, table in tables.items()
    }
