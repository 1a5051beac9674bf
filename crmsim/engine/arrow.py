"""Columns as tables of Arrow, with types of our own choice, and those tables as bytes of Parquet and of CSV.

*Parquet*: ids, periods and times as packed differences, names as dictionaries (they come back as categories),
zstd level 1. Money is a floating number with two decimals, the nearest one to each whole cent: exact decimals
would be 60 % smaller, but pandas reads them as Python objects that cannot be multiplied by 0.5. Adding
`(amount * 100).round()` is exact; so are the totals in the manifest. *CSV*: money with two decimals.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.tables import Columns, Maybe, Named

ROWS_PER_GROUP = 1 << 20
MONEY = frozenset({"amount", "margin", "discount", "cost", "profit"})
"""Columns that hold money of the scenario's currency."""


def arrow_of(columns: Columns) -> Any:
    """The columns for Arrow; numbers and times are not copied."""
    import pyarrow as pa

    return pa.table({name: _array(column) for name, column in columns.items()})


def _array(column: npt.NDArray[Any] | Named | Maybe) -> Any:
    import pyarrow as pa

    if isinstance(column, Named):
        codes = pa.array(column.codes.astype(np.int32))
        names = pa.array(column.names, type=pa.string())
        return pa.DictionaryArray.from_arrays(codes, names, ordered=column.ordered)
    if isinstance(column, Maybe):
        return pa.array(column.numbers, mask=column.missing)
    return pa.array(column, type=pa.string() if column.dtype == object else None)


def arrow_table(table: pd.DataFrame) -> Any:
    """A table of pandas for Arrow, with the same types: those of pandas differ between its versions."""
    return arrow_of({str(name): _column(table[name]) for name in table.columns})


def _column(column: pd.Series[Any]) -> npt.NDArray[Any] | Named | Maybe:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Named(column.cat.codes.to_numpy(), tuple(column.cat.categories), ordered=bool(column.cat.ordered))
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column.to_numpy().astype("datetime64[s]")
    if isinstance(column.dtype, pd.Int64Dtype):
        return Maybe(column.fillna(0).to_numpy(dtype=np.int64), column.isna().to_numpy())
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy()
        missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(0, dtype=bool)
        return Maybe(values, missing) if missing.any() else values  # an unknown number is an empty cell
    return np.array(column.tolist(), dtype=object)


def parquet_of(table: Any) -> Any:
    """A table of Arrow as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    encodings = {field.name: _encoding(field.type) for field in table.schema}
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        row_group_size=ROWS_PER_GROUP,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name, encoding in encodings.items() if encoding is None],
        column_encoding={name: encoding for name, encoding in encodings.items() if encoding},
    )
    return sink.getvalue()


def _encoding(kind: Any) -> str | None:
    """How a column is packed; None: by a dictionary."""
    import pyarrow as pa

    if pa.types.is_floating(kind):
        return "BYTE_STREAM_SPLIT"
    return "DELTA_BINARY_PACKED" if pa.types.is_integer(kind) or pa.types.is_timestamp(kind) else None


def csv_of(table: Any) -> Any:
    """A table of Arrow as lines of CSV, without the line of names."""
    import pyarrow as pa
    import pyarrow.csv as pc

    names = [str(name) for column in table.columns for name in _names(column)]
    quoting = "needed" if any(set(name) & set(',"\r\n') for name in names) else "none"
    sink = pa.BufferOutputStream()
    pc.write_csv(_for_csv(table), sink, pc.WriteOptions(include_header=False, quoting_style=quoting))
    return sink.getvalue()


def _names(column: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.chunk(0).dictionary.to_pylist() if column.num_chunks else []
    return column.unique().to_pylist() if pa.types.is_string(column.type) else []


def _for_csv(table: Any) -> Any:
    """Names as text, and money as exact decimals, which are written with both their decimals."""
    import pyarrow as pa

    for number, field in enumerate(table.schema):
        if field.name in MONEY:
            whole = pa.array(cents_of(table[field.name])).cast(pa.decimal128(19, 0))
            exact = pa.Array.from_buffers(pa.decimal128(19, 2), len(whole), whole.buffers())
            table = table.set_column(number, field.name, exact)
        elif pa.types.is_dictionary(field.type):
            table = table.set_column(number, field.name, table[field.name].cast(pa.string()))
    return table


def cents_of(money: Any) -> npt.NDArray[np.int64]:
    """Money, a column of pandas or of Arrow, as whole cents."""
    cents: npt.NDArray[np.int64] = np.rint(np.asarray(money) * 100).astype(np.int64)
    return cents
