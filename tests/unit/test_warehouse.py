"""The warehouse: a star schema that adds up, hides what is hidden, and cannot reach the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import crmsim as crm
from crmsim.customers.dictionary import TABLES, WAREHOUSE, absent_from, columns_of
from crmsim.customers.warehouse import connect
from crmsim.engine.parts import tables_of
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario


@pytest.fixture(scope="module")
def run(shop: Scenario) -> Run:
    offer = crm.Offer(at=3, customers=range(0, 400, 3), lift=0.5, discount=0.1, cost=1.25)
    return crm.simulate(shop, policy=[offer])


@pytest.fixture(scope="module")
def rice_run() -> Run:
    """A run of households, whose customers have columns that no other scenario has."""
    return crm.simulate(crm.scenario("rice_shop").replace(customers=120, periods=12, seed=7))


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crm.save(run, tmp_path_factory.mktemp("warehouse") / "run", format="duckdb")


@pytest.fixture
def con(folder: Path) -> Iterator[Any]:
    with connect(folder) as opened:
        yield opened


def one(con: Any, question: str) -> Any:
    return con.sql(question).fetchall()[0][0]


def test_with_the_format_duckdb_the_records_are_in_the_warehouse_alone(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        *("dictionary.csv", "dictionary.md", "manifest.json", "truth", "warehouse.duckdb")
    }


def test_totals_are_those_of_the_run(con: Any, run: Run, folder: Path) -> None:
    totals = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["totals"]
    for column in ("amount", "margin", "discount"):
        exact = Decimal(totals["transactions"][column])
        assert one(con, f"SELECT sum({column}) FROM fact_transactions") == exact
        assert abs(run.transactions[column].sum() - float(exact)) < 0.005
    assert one(con, "SELECT sum(cost) FROM fact_campaigns") == Decimal(totals["campaigns"]["cost"]) > 0
    counted = {"dim_customer": run.customers, "fact_contacts": run.contacts, "fact_surveys": run.surveys}
    for name, table in counted.items():
        assert one(con, f"SELECT count(*) FROM {name}") == len(table) > 0
    paid = "SELECT sum(contact_cost) FROM fact_contacts JOIN dim_service_channel USING (service_channel_key)"
    assert float(one(con, paid)) == pytest.approx(crm.customers.money.statement(run)["contact_cost"])


def test_views_are_the_tables_of_the_run(con: Any, run: Run) -> None:
    same_as_the_tables(con, run)


def test_a_scenario_with_columns_of_its_own_has_them_in_the_warehouse(rice_run: Run, tmp_path: Path) -> None:
    with connect(crm.save(rice_run, tmp_path / "rice", format="duckdb")) as con:
        same_as_the_tables(con, rice_run)
        for table in WAREHOUSE:
            found = con.sql(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
            assert found == [(column.column, column.type) for column in columns_of(table)]


def same_as_the_tables(con: Any, run: Run) -> None:
    for name, table in tables_of(run, truth=False).items():
        read = con.sql(f"SELECT * FROM {name}").df()
        assert list(read.columns) == list(table.columns)
        for column in table.columns:
            assert read[column].astype(str).tolist() == table[column].astype(read[column].dtype).astype(str).tolist()


def test_every_key_is_found_in_its_dimension(con: Any) -> None:
    for fact, dimension, keys in (
        ("fact_transactions", "dim_customer", "customer_id"),
        ("fact_transactions", "dim_product", "product_key"),
        ("fact_transactions", "dim_date", "date_key"),
        ("fact_campaigns", "dim_customer", "customer_id"),
        ("fact_campaigns", "dim_date", "date_key"),
        ("fact_contacts", "dim_customer", "customer_id"),
        ("fact_contacts", "dim_reason", "reason_key"),
        ("fact_contacts", "dim_service_channel", "service_channel_key"),
        ("fact_contacts", "dim_date", "date_key"),
        ("fact_surveys", "dim_customer", "customer_id"),
        ("fact_surveys", "dim_date", "date_key"),
        ("dim_customer", "dim_channel", "channel_key"),
    ):
        question = f"SELECT count(*), count(d.{keys}) FROM {fact} f LEFT JOIN {dimension} d USING ({keys})"
        [(n_rows, n_found)] = con.sql(question).fetchall()
        assert n_rows == n_found > 0
    stray = "SELECT count(*) FROM {} f JOIN dim_date d USING (date_key) WHERE {}"
    for fact in ("fact_transactions", "fact_contacts", "fact_surveys"):
        assert one(con, stray.format(fact, "CAST(f.time AS DATE) <> d.date OR f.period <> d.period")) == 0
    parents = "SELECT count(*) FROM dim_customer c JOIN dim_customer p ON c.referred_by = p.customer_id"
    assert one(con, parents) == one(con, "SELECT count(referred_by) FROM dim_customer") > 0


def test_every_day_stands_in_the_calendar_once(con: Any, run: Run) -> None:
    days = con.sql("SELECT * FROM dim_date ORDER BY date_key").df()
    assert days["date"].tolist() == pd.date_range("2024-01-01", "2024-12-31").tolist()
    assert days["period"].tolist() == (days["date"].dt.month - 1).tolist()
    new_year = days.set_index("date_key").loc[20240101]  # a Monday
    assert (new_year["weekday"], new_year["quarter"], new_year["is_weekend"]) == (1, 1, False)
    assert days["is_weekend"].sum() == 104  # 52 Saturdays and 52 Sundays in 2024


def test_names_are_there_in_chinese(con: Any, run: Run) -> None:
    question = "SELECT category, category_zh FROM dim_product ORDER BY product_key"
    assert con.sql(question).fetchall() == [(name, c.zh) for name, c in run.scenario.categories.items()]
    cost = con.sql("SELECT channel, acquisition_cost FROM dim_channel").fetchall()
    assert dict(cost) == {name: c.cost for name, c in run.scenario.arrival.channels.items()}
    service = run.scenario.service
    assert service is not None
    reasons = {"complaint": "投诉"} | {name: reason.zh for name, reason in service.reasons.items()}
    assert dict(con.sql("SELECT reason, reason_zh FROM dim_reason").fetchall()) == reasons
    desks = con.sql("SELECT channel, channel_zh, contact_cost FROM dim_service_channel").fetchall()
    assert desks == [(name, desk.zh, desk.cost) for name, desk in service.channels.items()]
    pair = con.sql("SELECT DISTINCT region_zh FROM dim_customer WHERE region = 'north'").fetchall()
    assert pair == [("北区",)]


def test_dictionary_holds_for_the_warehouse(con: Any, run: Run) -> None:
    absent = absent_from(run.customers.columns)
    assert {name for (name,) in con.sql("SELECT table_name FROM duckdb_tables()").fetchall()} == set(WAREHOUSE)
    for table in WAREHOUSE:
        found = con.sql(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
        assert found == [(column.column, column.type) for column in columns_of(table, absent=absent)]
    comments = con.sql("SELECT table_name, comment FROM duckdb_tables()").fetchall()
    assert dict(comments) == {table: " ".join(TABLES[table]) for table in WAREHOUSE}
    assert one(con, "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NOT NULL") == sum(
        len(columns_of(table, absent=absent)) for table in WAREHOUSE
    )


def test_nothing_hidden_is_in_it(con: Any, run: Run) -> None:
    columns = {name for (name,) in con.sql("SELECT column_name FROM duckdb_columns()").fetchall()}
    recorded = {column for table in tables_of(run, truth=False).values() for column in table.columns}
    hidden = {*run.truth.customers.columns, *run.truth.stages.columns, *run.truth.moves.columns} - recorded
    assert {"stage", "cause", "profit", "has_money"} <= hidden
    assert not columns & hidden


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO dim_channel VALUES (99, 'x', 'x', 1)",
        "CREATE TABLE mine (a INTEGER)",
        "SELECT * FROM read_csv('{folder}/dictionary.csv')",
        "SELECT * FROM '{folder}/truth/customers/part-00000.parquet'",
        "COPY dim_channel TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
    ],
)
def test_a_question_can_only_read(con: Any, folder: Path, statement: str) -> None:
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(duckdb.Error):
        con.execute(statement.format(folder=folder.as_posix()))
    assert {path.name for path in folder.iterdir()} == before


def test_the_primary_key_holds(folder: Path) -> None:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as plain:
        kinds = plain.sql(
            "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    assert {name for (name,) in kinds} == {name for name in WAREHOUSE if name.startswith("dim_")}


def test_no_warehouse_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        connect(tmp_path)
    (tmp_path / "notes.duckdb").write_text("these are notes, and long enough to be read as a database header" * 99)
    with pytest.raises(InputError, match="cannot be opened"):
        connect(tmp_path / "notes.duckdb")
