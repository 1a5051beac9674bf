"""The shipped data: the files are what their cards say, and the card's licence travels along."""

from __future__ import annotations

import hashlib
import runpy
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import crmsim as crm
from crmsim.customers.datasets import _folder, card, dataset_names
from crmsim.errors import InputError


@pytest.mark.parametrize("name", dataset_names())
def test_the_card_tells_the_truth(name: str) -> None:
    about, table = card(name), crm.dataset(name)
    file = _folder(name) / about["file"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == about["sha256"]
    assert len(table) == about["rows"]
    assert table["customer_id"].nunique() == about["customers"]
    assert int(table.isna().sum().sum()) == about["missing_values"]
    assert {name: str(kind) for name, kind in table.dtypes.items()} == {
        name: column["type"] for name, column in about["columns"].items()
    }
    assert all({"unit", "meaning", "zh"} <= set(column) for column in about["columns"].values())
    assert {"source", "licence", "row", "about"} <= set(about)


def test_cdnow_in_numbers() -> None:
    about, table = card("cdnow"), crm.dataset("cdnow")
    cents = (table["amount"] * 100).round().astype("int64")
    assert cents.sum() == 24_409_194 == round(float(about["total_amount"]) * 100)
    assert (cents / 100 == table["amount"]).all()
    assert table["quantity"].sum() == about["total_quantity"]
    assert table["time"].min() == pd.Timestamp(about["first_day"])
    assert table["time"].max() == pd.Timestamp(about["last_day"])
    assert sorted(table["customer_id"].unique()) == list(range(1, 2358))
    first = table.groupby("customer_id")["time"].min()
    assert first.max() < pd.Timestamp("1997-04-01")  # a cohort of the first quarter
    assert (table["amount"] == 0).sum() == 8


def test_the_licence_notice_travels_along() -> None:
    notice = card("cdnow")["notice"]
    assert "Copyright (c) 2015, Cameron Davidson-Pilon" in notice
    assert "The above copyright notice and this permission notice shall be included" in notice


def script(name: str) -> dict[str, Any]:
    """The names defined in the script that made a data set."""
    return runpy.run_path(str(_folder(name) / "make.py"))


def test_the_script_makes_the_file_from_the_original() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
    original = Path(lifetimes.__file__).parent / "datasets" / "CDNOW_sample.txt"
    made = script("cdnow")["converted"](original.read_text(encoding="ascii"))
    assert made.encode("ascii") == (_folder("cdnow") / "cdnow.csv").read_bytes()


def test_the_script_refuses_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.txt"
    other.write_text("1 1 19970101 1 1.00\n", encoding="ascii")
    assert script("cdnow")["main"]([str(other)]) == 2
    assert "checksum differs" in capsys.readouterr().err
    assert script("cdnow")["main"]([]) == 2


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'cdnow'"):
        crm.dataset("cd_now")
    with pytest.raises(InputError, match="There is no data set 'x'"):
        crm.dataset("x")
