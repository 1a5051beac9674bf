"""The data warehouse (数据仓库): the firm's records as a star schema in one DuckDB file.

Facts (事实) are what happened: `fact_transactions`, `fact_contacts`, `fact_surveys`, `fact_campaigns`. Dimensions
(维度) say who, what, how, why and when: `dim_customer`, `dim_product`, `dim_channel`, `dim_service_channel`,
`dim_reason`, `dim_date`. A fact points to its dimensions by keys. The views `customers`, `transactions`, `contacts`,
`surveys` and `campaigns` put facts and dimensions together again, for beginners. Money is exact (decimal), so every
total equals that of the files. Nothing hidden from the firm is in it.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from crmsim.customers.dictionary import TABLES, absent_from, columns_of
from crmsim.customers.star import ROWS, dimensions, names_of, selected
from crmsim.engine.arrow import arrow_table
from crmsim.engine.records import Past
from crmsim.errors import InputError, told

FILE = "warehouse.duckdb"
MEMORY = "1GB"
"""What DuckDB may use while the file is made."""
PARTS_AT_ONCE = 8
"""Parts in a transaction: what it changes stays in memory until it ends."""
Part = Callable[[str], AbstractContextManager[Path]]
CONSTRAINTS = {
    ("dim_customer", "customer_id"): "PRIMARY KEY",
    ("dim_customer", "channel_key"): "REFERENCES dim_channel (channel_key)",
    ("dim_customer", "acquired_date_key"): "REFERENCES dim_date (date_key)",
    ("dim_product", "product_key"): "PRIMARY KEY",
    ("dim_channel", "channel_key"): "PRIMARY KEY",
    ("dim_reason", "reason_key"): "PRIMARY KEY",
    ("dim_service_channel", "service_channel_key"): "PRIMARY KEY",
    ("dim_date", "date_key"): "PRIMARY KEY",
    ("fact_transactions", "amount"): "CHECK (amount > 0)",
    ("fact_transactions", "quantity"): "CHECK (quantity > 0)",
    ("fact_transactions", "discount"): "CHECK (discount >= 0)",
    ("fact_campaigns", "cost"): "CHECK (cost >= 0)",
}
MAY_BE_EMPTY = {
    *("channel_zh", "category_zh", "region_zh", "age_group_zh", "reason_zh", "acquisition_cost", "contact_cost"),
    *("referred_by", "first_reply_hours"),
}
"""The first line: known from the scenario; the past of a run does not carry them."""
ORDER = (
    *("dim_date", "dim_channel", "dim_product", "dim_reason", "dim_service_channel", "dim_customer"),
    *("fact_transactions", "fact_contacts", "fact_surveys", "fact_campaigns"),
)
VIEWS = """
CREATE VIEW customers AS
SELECT customer_id, CAST(date AS TIMESTAMP) AS acquired_on, acquired_period, channel, {others}
FROM dim_customer JOIN dim_channel USING (channel_key) JOIN dim_date ON date_key = acquired_date_key
ORDER BY customer_id;
CREATE VIEW transactions AS
SELECT customer_id, time, period, amount, margin, category, quantity, discount
FROM fact_transactions JOIN dim_product USING (product_key) ORDER BY customer_id, transaction_id;
CREATE VIEW contacts AS
SELECT customer_id, time, period, reason, channel, agent, waiting_minutes, handling_minutes, first_reply_hours, resolved
FROM fact_contacts JOIN dim_reason USING (reason_key) JOIN dim_service_channel USING (service_channel_key)
ORDER BY customer_id, contact_id;
CREATE VIEW surveys AS
SELECT customer_id, time, period, satisfaction, expected, perceived FROM fact_surveys ORDER BY customer_id, period;
CREATE VIEW campaigns AS
SELECT customer_id, time, period, offer, cost FROM fact_campaigns ORDER BY customer_id, period, offer;
"""


def connect(path: str | Path) -> Any:
    """Open a warehouse for questions: it can be read, and nothing else on the machine can be touched.

    Parameters
    ----------
    path : str or Path
        The file `warehouse.duckdb`, or the folder that holds it.

    Returns
    -------
    duckdb.DuckDBPyConnection
        `con.sql("SELECT ...").df()` gives a pandas table.

    Raises
    ------
    InputError
        There is no warehouse at this place, or it is open for writing elsewhere.

    Examples
    --------
    >>> import tempfile, crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=50, periods=6, seed=7))
    >>> folder = crm.save(run, tempfile.mkdtemp(), warehouse=True)
    >>> with connect(folder) as con:
    ...     con.sql("SELECT category FROM dim_product ORDER BY product_key LIMIT 2").fetchall()
    [('food',), ('household',)]
    """
    import duckdb

    if not isinstance(path, (str, Path)):
        raise InputError(f"path={told(path)} is no name of a file; write for example 'my-run/{FILE}'.")
    file = Path(path) / FILE if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise InputError(f"{file}: there is no such file; write one with crm.save(run, folder, warehouse=True).")
    locked: dict[str, Any] = {"enable_external_access": "false", "lock_configuration": "true"}
    try:
        return duckdb.connect(str(file), read_only=True, config=locked)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{file}: this cannot be opened as a DuckDB warehouse: {reason}") from None


def build(path: Path, run: Past, parts: Iterable[Part]) -> None:
    """Write the warehouse of a run.

    Parameters
    ----------
    path : Path
        The file to make.
    run : Past
        Whose calendar, names and scenario count; its tables may be empty.
    parts : iterable of function of a table's name
        For each part, what gives a context with the path of the Parquet file that holds a table.

    Raises
    ------
    OSError
        The disk is full or the file cannot be written.
    """
    import duckdb

    try:
        with duckdb.connect(str(path), config={"memory_limit": MEMORY}) as con:
            con.execute("BEGIN")
            con.execute(_plan(absent := absent_from(run.customers.columns)))
            for name, rows in dimensions(run).items():
                con.register("new_rows", arrow_table(rows))
                con.execute(f"INSERT INTO {name} SELECT {_wanted(name, absent)} FROM new_rows")  # noqa: S608
                con.unregister("new_rows")
            _insert_parts(con, parts, names_of(run), absent)
            con.execute("COMMIT")
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        # "TransactionContext Error: Failed to commit: Could not write file "...": No space left on device"
        raise OSError(errno.EIO, str(error).splitlines()[0].rsplit(": ", 1)[-1]) from None
    except duckdb.OutOfMemoryException:
        raise InputError(
            f"The warehouse of this run does not fit into {MEMORY} of memory; write it without --warehouse."
        ) from None


def _insert_parts(con: Any, parts: Iterable[Part], names: dict[str, list[str | None]], absent: Collection[str]) -> None:
    """The rows of all parts, in their order."""
    before = dict.fromkeys((name for name, _ in ROWS), 0)
    for number, part in enumerate(parts, start=1):
        for (name, table), columns in ROWS.items():
            source = f"SELECT {selected(columns)} FROM read_parquet($file, file_row_number = true)"  # noqa: S608
            command = f"INSERT INTO {name} SELECT {_wanted(name, absent)} FROM ({source})"  # noqa: S608
            with part(table) as file:
                given = {"file": str(file), "before": before[name], **names}
                used = {key: value for key, value in given.items() if f"${key}" in re.findall(r"\$\w+", command)}
                before[name] += con.execute(command, used).fetchone()[0]
        if number % PARTS_AT_ONCE == 0:
            con.execute("COMMIT; CHECKPOINT; BEGIN")


def _wanted(name: str, absent: Collection[str]) -> str:
    return ", ".join(column.column for column in columns_of(name, absent=absent))


def _plan(absent: Collection[str]) -> str:
    """The statements that make the empty tables, the views and the comments."""
    columns = [column.column for column in columns_of("customers", absent=absent)]
    others = ", ".join(columns[columns.index("channel") + 1 :])
    tables = "".join(_create_table(table, absent) for table in ORDER)
    return tables + VIEWS.format(others=others) + "".join(_comment(table, absent) for table in ORDER)


def _create_table(table: str, absent: Collection[str]) -> str:
    lines = []
    for column in columns_of(table, absent=absent):
        needed = "" if column.column in MAY_BE_EMPTY else "NOT NULL"
        lines.append(f"{column.column} {column.type} {needed} {CONSTRAINTS.get(column[:2], '')}")
    return f"CREATE TABLE {table} ({', '.join(lines)});\n"


def _comment(table: str, absent: Collection[str]) -> str:
    texts = {f"TABLE {table}": " ".join(TABLES[table])}
    texts |= {f"COLUMN {table}.{c.column}": f"{c.en} {c.zh}" for c in columns_of(table, absent=absent)}
    return "".join(f"COMMENT ON {place} IS '{text}';\n" for place, text in texts.items())
