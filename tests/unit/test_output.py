"""What a run leaves on disk: the same tables in every format, the same bytes for the same seed, nothing hidden."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyarrow import csv

import crmsim as crm
from crmsim.customers.dictionary import COLUMNS, TABLES, WAREHOUSE, absent_from, columns_of
from crmsim.engine.arrow import MONEY
from crmsim.engine.parts import tables_of
from crmsim.engine.policy import FAMILY
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario


@pytest.fixture(scope="module")
def run(shop: Scenario) -> Run:
    """A run with offers, so that every table has rows."""
    gift = crm.Offer(at=3, customers=range(0, 400, 3), lift=0.5, cost=1.25, periods=2, name="gift")
    return crm.simulate(shop, policy=[gift, crm.Offer(at=5, customers=[1, 2], cost=2, name="card")])


@pytest.fixture(scope="module")
def rice_run() -> Run:
    """A run of households, whose customers have columns that no other scenario has."""
    return crm.simulate(crm.scenario("rice_shop").replace(customers=120, periods=12, seed=7))


@pytest.fixture(scope="module")
def parquet(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crm.save(run, tmp_path_factory.mktemp("parquet") / "run")


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def same(read: pd.DataFrame, table: pd.DataFrame) -> None:
    """Equal values in equal columns; times may have other units, and numbers that may be unknown another type."""
    kinds = {name: _compared_as(table[name]) for name in table.columns}
    read, table = (frame.reset_index(drop=True).astype(kinds) for frame in (read, table))
    pd.testing.assert_frame_equal(read, table, check_exact=True)


def _compared_as(column: pd.Series[Any]) -> str:
    if column.dtype.kind == "M":
        return "datetime64[s]"
    if isinstance(column.dtype, pd.Int64Dtype):
        return "Float64"
    return column.dtype.name if column.dtype.kind in "ifb" else "object"


def test_parquet_holds_the_tables_of_the_run(run: Run, parquet: Path) -> None:
    tables = tables_of(run, truth=True)
    assert set(tables) == {
        *("customers", "transactions", "contacts", "surveys", "campaigns"),
        *("truth/stages", "truth/moves", "truth/customers"),
    }
    for name, table in tables.items():
        assert len(table) > 2, name
        same(pd.read_parquet(parquet / name), table)
    assert tables["customers"]["referred_by"].notna().any()
    assert len(tables["campaigns"]) > 2


def test_names_come_back_as_categories_with_their_order(run: Run, parquet: Path) -> None:
    stage = pd.read_parquet(parquet / "truth" / "stages")["stage"].dtype
    assert stage.ordered
    assert stage.categories.tolist() == list(run.scenario.stages)
    assert pd.read_parquet(parquet / "transactions")["amount"].dtype == "float64"


def test_csv_and_parquet_agree(run: Run, parquet: Path, tmp_path: Path) -> None:
    folder = crm.save(run, tmp_path / "csv", format="csv")
    for name, table in tables_of(run, truth=True).items():
        times = [column for column in table.columns if table[column].dtype.kind == "M"]
        read = csv.read_csv(folder / f"{name}.csv").to_pandas()
        same(read, pd.read_parquet(parquet / name).astype(dict.fromkeys(times, "datetime64[s]")))


def test_csv_money_has_two_decimals(run: Run, tmp_path: Path) -> None:
    folder = crm.save(run, tmp_path / "csv", format="csv")
    amounts = pd.read_csv(folder / "transactions.csv", dtype=str)["amount"]
    assert amounts.str.fullmatch(r"\d+\.\d\d").all()
    assert amounts.str.endswith("0").any()  # a plain float would drop this zero


def test_csv_is_plain_and_names_with_commas_are_quoted(shop: Scenario, tmp_path: Path) -> None:
    goods = {
        "tea, green": {"zh": "绿茶", "share": 0.5, "margin": 0.2},
        'the "best"': {"zh": "好", "share": 0.5, "margin": 0.2},
    }
    run = crm.simulate(shop.replace(categories=goods, affinity=None))
    strange = crm.save(run, tmp_path / "strange", format="csv")
    same(pd.read_csv(strange / "transactions.csv", parse_dates=["time"]), run.transactions)
    plain = crm.save(crm.simulate(shop), tmp_path / "plain", format="csv")
    first, second = (plain / "customers.csv").read_text().splitlines()[:2]
    assert first == "customer_id,acquired_on,acquired_period,channel,region,age_group,kind,referred_by"
    assert re.fullmatch(r"\d+,2024-\d\d-01 00:00:00,\d+,[a-z_]+,[a-z]+,[\d+-]+,individual,\d*", second)


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_same_bytes_for_other_threads_and_partitions(shop: Scenario, tmp_path: Path, file_format: str) -> None:
    found = []
    for number, how in enumerate(({"threads": 1}, {"threads": 2, "partition_size": 37}, {"partition_size": 399})):
        found.append(files_of(crm.save(crm.simulate(shop, **how), tmp_path / str(number), format=file_format)))
    assert found[0] == found[1] == found[2]
    other = files_of(crm.save(crm.simulate(shop.replace(seed=8)), tmp_path / "other", format=file_format))
    assert all(other[name] != found[0][name] for name in found[0] if "transactions" in name or "manifest" in name)


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_parts_are_whole_families(run: Run, tmp_path: Path, file_format: str) -> None:
    whole = crm.save(run, tmp_path / "whole", format=file_format, warehouse=True)
    parts = crm.save(run, tmp_path / "parts", format=file_format, warehouse=True, part_size=150)
    assert (run.customers.index >= FAMILY).any()
    if file_format == "csv":
        lines = [sorted((folder / "transactions.csv").read_text().splitlines()) for folder in (parts, whole)]
        assert lines[0] == lines[1]
    else:
        assert [p.name for p in sorted((parts / "campaigns").iterdir())] == [f"part-0000{n}.parquet" for n in range(3)]
        for name, table in tables_of(run, truth=True).items():
            same(pd.read_parquet(parts / name).sort_values("customer_id", kind="stable"), table)
        second = pd.read_parquet(parts / "customers" / "part-00001.parquet")["customer_id"]
        assert second.is_monotonic_increasing
        assert second.max() >= FAMILY
        assert (second % FAMILY).between(150, 299).all()
    for view in ("transactions", "contacts"):
        assert list_of(whole, f"SELECT * FROM {view}") == list_of(parts, f"SELECT * FROM {view}")
    for fact, key in (("fact_transactions", "transaction_id"), ("fact_contacts", "contact_id")):
        ids = list_of(parts, f"SELECT {key} FROM {fact} ORDER BY {key}")
        assert ids == [(number,) for number in range(len(ids))]


def list_of(folder: Path, question: str) -> list[tuple[object, ...]]:
    with crm.customers.warehouse.connect(folder) as con:
        return list(con.sql(question).fetchall())


def test_manifest_says_what_there_is(run: Run, parquet: Path) -> None:
    manifest = json.loads((parquet / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == crm.__version__
    assert (manifest["seed"], manifest["replication"], manifest["periods"]) == (7, 0, 12)
    assert manifest["rows"] == {name: len(table) for name, table in tables_of(run, truth=True).items()}
    cents = round(run.transactions["amount"] * 100).astype(int).sum()
    assert manifest["totals"]["transactions"]["amount"] == f"{cents // 100}.{cents % 100:02d}"
    assert [offer["name"] for offer in manifest["policy"]] == ["gift", "card"]
    assert manifest["policy"][0]["n_customers"] == 134


def test_manifest_checksums_and_fingerprint_hold(run: Run, parquet: Path) -> None:
    manifest = json.loads((parquet / "manifest.json").read_text(encoding="utf-8"))
    files = files_of(parquet)
    del files["manifest.json"]
    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    text = json.dumps(manifest["scenario"], ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == manifest["scenario_sha256"] == run.scenario.fingerprint()


def test_manifest_names_no_machine_and_no_time(parquet: Path) -> None:
    text = (parquet / "manifest.json").read_text(encoding="utf-8")
    assert str(parquet.parent) not in text
    assert not re.search(r"\d\d:\d\d", text)


def test_files_for_students_hide_the_truth_and_the_seed(run: Run, tmp_path: Path) -> None:
    folder = crm.save(run, tmp_path / "student", truth=False, warehouse=True)
    assert not (folder / "truth").exists()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert not {"seed", "scenario", "scenario_sha256", "replication", "policy"} & set(manifest)
    text = b"".join(content for name, content in files_of(folder).items() if not name.endswith(".parquet"))
    for hidden in (b"truth/", b"purchase_rate", b"loyalty", b"lifecycle", run.scenario.fingerprint().encode()):
        assert hidden not in text


def test_the_past_of_a_run_is_saved_without_truth(run: Run, tmp_path: Path) -> None:
    folder = crm.save(run.until(6), tmp_path / "past", warehouse=True)
    assert not (folder / "truth").exists()
    assert pd.read_parquet(folder / "transactions")["period"].max() == 5
    assert list_of(folder, "SELECT DISTINCT category_zh FROM dim_product") == [(None,)]
    assert list_of(folder, "SELECT DISTINCT reason_zh FROM dim_reason") == [(None,)]


def test_a_past_without_customers_is_saved(tmp_path: Path) -> None:
    late = {"arrival.first_period_share": 0.0, "customers": 1, "periods": 30, "seed": 3}
    nobody = crm.simulate(crm.scenario("retail").replace(**late)).until(1)
    assert len(nobody.customers) == 0
    folder = crm.save(nobody, tmp_path / "nobody", warehouse=True)
    assert [len(pd.read_parquet(folder / name)) for name in tables_of(nobody, truth=False)] == [0] * 5


@pytest.mark.parametrize("world", ["run", "rice_run"])
def test_dictionary_holds_for_the_tables(world: str, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(world)
    tables, absent = tables_of(run, truth=True), absent_from(run.customers.columns)
    assert set(tables) | set(WAREHOUSE) == set(TABLES)
    assert (absent == set()) == (world == "rice_run")
    for name, table in tables.items():
        assert [column.column for column in columns_of(name, absent=absent)] == list(table.columns)
        for column in columns_of(name, absent=absent):
            text = "str" if table[column.column].dtype == object else str(table[column.column].dtype)  # pandas 2
            assert column.type == text, column


def test_dictionary_explains_every_column_in_both_languages() -> None:
    for texts in (*TABLES.values(), *((column.en, column.zh) for column in COLUMNS)):
        assert re.search("[a-z]{3}", texts[0])
        assert re.search("[\u4e00-\u9fff]", texts[1])
    files = [column for column in COLUMNS if column.table not in WAREHOUSE]
    amounts_of_money = {column.column for column in files if column.unit == "{currency}"}
    assert amounts_of_money - {"spend_level"} == MONEY  # an expectation is no sum in whole cents


def test_dictionary_file_can_be_read(run: Run, parquet: Path) -> None:
    table = pd.read_csv(parquet / "dictionary.csv", keep_default_na=False)
    assert list(table.columns) == ["table", "column", "type", "unit", "meaning", "meaning_zh"]
    assert set(table["table"]) == set(tables_of(run, truth=True))
    assert table.set_index(["table", "column"]).loc[("transactions", "amount"), "unit"] == "CNY"
    assert "| `amount` | float64 | CNY |" in (parquet / "dictionary.md").read_text(encoding="utf-8")


def test_only_the_columns_of_a_run_are_explained_beside_it(rice_run: Run, parquet: Path, tmp_path: Path) -> None:
    rice = crm.save(rice_run, tmp_path / "rice", warehouse=True)
    for folder, has_them in ((rice, True), (parquet, False)):
        table = pd.read_csv(folder / "dictionary.csv")
        explained = table["column"][table["table"] == "customers"].tolist()
        assert explained == list(pd.read_parquet(folder / "customers").columns)
        assert ("payday" in explained) == has_them
        assert ("`payday`" in (folder / "dictionary.md").read_text(encoding="utf-8")) == has_them
    same(pd.read_parquet(rice / "customers"), rice_run.customers.reset_index())


def test_unknown_table_is_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'transactions'"):
        columns_of("transaction")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "xlsx"}, "no format 'xlsx'"),
        ({"folder": ""}, "no name of a folder"),
        ({"run": 3}, "a run is needed"),
    ],
)
def test_save_refuses_what_it_cannot_use(run: Run, tmp_path: Path, change: dict[str, object], message: str) -> None:
    given = {"run": run, "folder": tmp_path / "x", "format": "parquet"} | change
    with pytest.raises(InputError, match=message):
        crm.save(given.pop("run"), given.pop("folder"), **given)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
