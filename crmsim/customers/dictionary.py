"""The data dictionary (数据字典): what every column of every table means, in English and Chinese.

The text stands in `columns.py`, the one place where it is written down; the files beside the data, the comments in
the warehouse and the documentation are made from it, and a test holds it equal to the real columns.

Some columns are optional: only some scenarios have them. What is made for a run leaves out those that the run does
not have (`absent_from`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from typing import NamedTuple

from crmsim.customers.columns import TEXT
from crmsim.errors import InputError, did_you_mean


class Column(NamedTuple):
    """One column of one table."""

    table: str
    column: str
    type: str
    unit: str
    en: str
    zh: str
    optional: bool = False
    """Whether only some scenarios have it."""


def _parsed(text: str) -> tuple[dict[str, tuple[str, str]], list[Column]]:
    tables: dict[str, tuple[str, str]] = {}
    columns = []
    for block in text.strip().split("\n\n"):
        head, *lines = block.splitlines()
        table, meaning = head.split(": ", 1)
        en, zh = (part.strip() for part in meaning.split("|"))
        tables[table] = (en, zh)
        columns += [_column(table, line) for line in lines]
    return tables, columns


def _column(table: str, line: str) -> Column:
    name, kind, unit, en, zh = (part.strip() for part in line.split("|"))
    return Column(table, name.removesuffix("?"), kind, unit, en, zh, optional=name.endswith("?"))


TABLES, COLUMNS = _parsed(TEXT)
"""What a row of each table is, in English and Chinese; and all columns of all tables."""
WAREHOUSE = tuple(name for name in TABLES if name.startswith(("dim_", "fact_")))


def absent_from(present: Iterable[str]) -> frozenset[str]:
    """The optional columns that are not among the names of those present.

    >>> sorted(absent_from(["customer_id", "people", "payday"]))
    ['kg_per_period']
    """
    return frozenset(column.column for column in COLUMNS if column.optional) - set(present)


def columns_of(table: str, *, absent: Collection[str] = ()) -> list[Column]:
    """The columns of a table, in their order.

    Parameters
    ----------
    table : str
        As on disk: ``"customers"``, ``"truth/stages"``, ``"fact_transactions"`` ...
    absent : collection of str, optional
        Columns to leave out: those that a run does not have, from `absent_from`.

    Returns
    -------
    list of Column
        Each with `table`, `column`, `type`, `unit`, `en`, `zh`, and `optional`: only some scenarios have it.

    Raises
    ------
    InputError
        There is no such table.

    Examples
    --------
    >>> [column.column for column in columns_of("dim_product")]
    ['product_key', 'category', 'category_zh']
    """
    if table not in TABLES:
        raise InputError(f"There is no table {table!r}. {did_you_mean(table, TABLES)}")
    return [column for column in COLUMNS if column.table == table and column.column not in absent]


def as_csv(tables: Iterable[str], *, currency: str, absent: Collection[str] = ()) -> str:
    """The dictionary of these tables as CSV text: table, column, type, unit, meaning, meaning_zh."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "column", "type", "unit", "meaning", "meaning_zh"])
    for table in tables:
        for column in columns_of(table, absent=absent):
            unit = column.unit.format(currency=currency)
            writer.writerow([column.table, column.column, column.type, unit, column.en, column.zh])
    return text.getvalue()


def as_markdown(tables: Iterable[str], *, currency: str, absent: Collection[str] = ()) -> str:
    """The dictionary of these tables as Markdown, a heading and a table for each."""
    lines = ["# Data dictionary 数据字典"]
    for table in tables:
        en, zh = TABLES[table]
        lines += ["", f"## {table}", "", f"{en.capitalize()}. {zh}。", ""]
        lines += ["| Column 列 | Type 类型 | Unit 单位 | Meaning | 含义 |", "|---|---|---|---|---|"]
        lines += [
            f"| `{c.column}` | {c.type} | {c.unit.format(currency=currency)} | {c.en} | {c.zh} |"
            for c in columns_of(table, absent=absent)
        ]
    return "\n".join(lines) + "\n"
