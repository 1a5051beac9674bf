"""A run that is written while it is lived has the bytes of the run in memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streams import GIFT, PART, names, sums

import crmsim as crm
from crmsim.engine import streaming
from crmsim.engine.arrow import arrow_of, arrow_table
from crmsim.engine.blocks import in_order
from crmsim.engine.families import cut
from crmsim.engine.parts import Layout, makers_of, tables_of
from crmsim.engine.place import FolderPlace
from crmsim.engine.policy import FAMILY, Plan
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario


@pytest.mark.parametrize("file_format", ["parquet", "csv", "duckdb"])
@pytest.mark.parametrize("policy", [None, [GIFT]], ids=["nothing", "gift"])
def test_the_bytes_are_those_of_the_run_in_memory(
    shop: Scenario, tmp_path: Path, file_format: str, policy: Any
) -> None:
    files = {"format": file_format, "warehouse": True, "part_size": PART}
    saved = sums(crm.save(crm.simulate(shop, policy=policy), tmp_path / "saved", **files))
    assert len(saved) >= 8
    ways = ({"threads": 1}, {"threads": 2, "partition_size": 7}, {"threads": 8, "partition_size": PART}, {"threads": 3})
    for number, how in enumerate(ways):
        assert sums(crm.simulate_to(shop, tmp_path / str(number), policy=policy, **files, **how)) == saved
    other = sums(crm.simulate_to(shop.replace(seed=8), tmp_path / "other", policy=policy, **files))
    assert all(other[name] != saved[name] for name in saved if "customers" in name or "manifest" in name)


def test_the_warehouse_is_that_of_the_run_in_memory(shop: Scenario, tmp_path: Path) -> None:
    folders = [
        crm.save(crm.simulate(shop, policy=[GIFT]), tmp_path / "saved", format="duckdb"),
        crm.simulate_to(shop, tmp_path / "streamed", policy=[GIFT], format="duckdb", part_size=PART),
    ]
    rows = []
    for folder in folders:
        with crm.customers.warehouse.connect(folder) as con:
            tables = [name for (name,) in con.sql("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
            rows.append({name: sorted(map(str, con.sql(f"FROM {name}").fetchall())) for name in tables})
    ids = ("fact_transactions", "fact_contacts")  # numbers follow the parts
    first, second = ({name: len(found) for name, found in one.items()} for one in rows[:2])
    assert first == second
    assert all(rows[0][name] == rows[1][name] for name in rows[0] if name not in ids)


def test_a_rule_is_asked_with_everybodys_past(shop: Scenario, tmp_path: Path) -> None:
    def best(past: Any) -> Any:
        return past.transactions.groupby("customer_id")["amount"].sum().nlargest(20).index

    policy = [crm.Offer(at=6, customers=best, lift=0.5, cost=2, name="best")]
    streamed = crm.simulate_to(shop, tmp_path / "streamed", policy=policy, part_size=PART)
    assert sums(streamed) == sums(crm.save(crm.simulate(shop, policy=policy), tmp_path / "saved", part_size=PART))
    assert len(pd.read_parquet(streamed / "campaigns")) == 20


def test_the_part_size_is_part_of_what_the_output_is(shop: Scenario, tmp_path: Path, whole: dict[str, str]) -> None:
    other = crm.simulate_to(shop, tmp_path / "run", part_size=PART + 1)
    assert json.loads((other / "manifest.json").read_text(encoding="utf-8"))["customers_per_part"] == PART + 1
    assert sums(other)["manifest.json"] != whole["manifest.json"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenario": "retail"}, "a scenario is needed"),
        ({"format": "xlsx"}, "no format 'xlsx'"),
        ({"out": ""}, "no name of a folder"),
        ({"part_size": 0}, "part_size=0"),
        ({"partition_size": 2.5}, "partition_size=2.5"),
        ({"threads": 0}, "threads=0"),
        ({"replication": -1}, "replication=-1"),
        ({"policy": [crm.Offer(at=1, customers=[400])]}, "unknown customer 400"),
    ],
)
def test_what_cannot_be_used_is_refused(
    shop: Scenario, tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    how = {"scenario": shop, "out": tmp_path / "run", **given}
    with pytest.raises(InputError, match=message):
        crm.simulate_to(how.pop("scenario"), how.pop("out"), **how)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("name", ["retail", "rice_shop", "insurance", "markov_rewards"])
def test_tables_for_the_disk_are_those_in_memory(name: str) -> None:
    cards = [crm.Offer(at=at, customers=range(300), name=name) for at, name in ((5, "card"), (3, "gift"), (5, "pen"))]
    run = crm.simulate(crm.scenario(name).replace(customers=300, periods=12, seed=7), policy=cards)
    makers = makers_of(run.scenario, run.plan, run.lives, starts=run.period_starts, truth=True)
    for table, frame in tables_of(run, truth=True).items():
        assert makers[table]().equals(arrow_table(frame)), table


def test_blocks_are_cut_along_families(shop: Scenario) -> None:
    whole = crm.simulate(shop.replace(customers=1_000)).lives
    assert (whole.customers >= FAMILY).any()
    pieces = [cut(whole, begin, begin + 250) for begin in range(0, 1_000, 250)]
    assert all((piece.customers % FAMILY // 250 == k).all() for k, piece in enumerate(pieces))
    together = in_order(pieces)
    for field, column in vars(whole).items():
        assert np.array_equal(getattr(together, field), column), field


def test_memory_holds_one_part_for_each_thread(shop: Scenario, tmp_path: Path) -> None:
    job = streaming.Job(shop, Plan(), 0, Layout(part_size=PART), 20)
    lives = streaming.live_part(job, 4, threads=2)
    assert set(lives.customers % FAMILY) == set(range(360, 400))
    assert job.customers_in(4) == 40
    record = streaming.make_part(job, FolderPlace(tmp_path), 4)
    assert not any(isinstance(value, (pd.DataFrame, np.ndarray)) for value in record.values())


def test_columns_without_rows_have_their_types(shop_run: Run) -> None:
    nobody = streaming.Job(shop_run.scenario, Plan(), 0, Layout(), 20).shape
    for table, frame in tables_of(nobody, truth=True).items():
        assert len(frame) == 0
        assert frame.dtypes.equals(tables_of(shop_run, truth=True)[table].dtypes), table
    assert arrow_of({"x": np.empty(0)}).num_rows == 0
