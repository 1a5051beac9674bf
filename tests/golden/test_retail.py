"""Stored numbers of one small run: they change only on purpose, together with a line in the changelog.

When a change of the engine or of the scenario is meant to move them: run `python tests/golden/test_retail.py`,
which writes `retail.json` anew and prints its checksum, and say in `CHANGELOG.md`, under *Numbers*, what moved and
why, naming the first twelve digits of that checksum.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import crmsim as crm

HERE = Path(__file__).parent
STORED = HERE / "retail.json"
CHANGELOG = HERE.parent.parent / "CHANGELOG.md"


def cents(money: pd.Series[Any]) -> int:
    return int((money * 100).round().astype("int64").sum())


def checksum(table: pd.DataFrame) -> str:
    """SHA-256 of a table as text, which depends on neither the machine nor the version of pandas."""
    lines = ("|".join(map(str, row)) for row in table.itertuples(index=False, name=None))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def numbers() -> dict[str, Any]:
    """The run's counts, sums and checksums."""
    run = crm.simulate(crm.scenario("retail").replace(customers=500, periods=12, seed=7))
    rows, hidden, stages = run.transactions, run.truth.customers, run.truth.stages
    last = stages.loc[stages["period"] == 11, "stage"].value_counts()
    whole = {name: (rows[name] * 100).round().astype("int64") for name in ("amount", "margin", "discount")}
    plain = rows.assign(time=rows["time"].astype("int64"), **whole)
    contacts, surveys, moves = run.contacts, run.surveys, run.truth.moves
    found = {
        "customers": len(run.customers),
        "transactions": len(rows),
        "amount_cents": cents(rows["amount"]),
        "margin_cents": cents(rows["margin"]),
        "profit_cents": cents(hidden["profit"]),
        "transactions_by_period": rows.groupby("period").size().tolist(),
        "transactions_by_category": rows["category"].value_counts().sort_index().to_dict(),
        "customers_by_channel": run.customers["channel"].value_counts().sort_index().to_dict(),
        "customers_by_segment": hidden["segment"].value_counts().sort_index().to_dict(),
        "last_stage": {str(stage): int(last[stage]) for stage in stages["stage"].cat.categories},
        "referred": int(run.customers["referred_by"].notna().sum()),
        "contacts_by_reason": contacts["reason"].value_counts().sort_index().to_dict(),
        "contacts_by_channel": contacts["channel"].value_counts().sort_index().to_dict(),
        "resolved": int(contacts["resolved"].sum()),
        "surveys_by_satisfaction": surveys["satisfaction"].value_counts().sort_index().tolist(),
        "moves_by_cause": moves["cause"].value_counts().sort_index().to_dict(),
        "transactions_sha256": checksum(plain),
        "stages_sha256": checksum(stages),
        "surveys_sha256": checksum(surveys.assign(time=surveys["time"].astype("int64"))),
    }
    return json.loads(json.dumps(found))


def stamp(stored: str) -> str:
    return hashlib.sha256(stored.encode()).hexdigest()[:12]


def test_the_numbers_have_not_moved() -> None:
    assert numbers() == json.loads(STORED.read_text(encoding="utf-8"))


def test_the_changelog_tells_of_these_numbers() -> None:
    _, *sections = CHANGELOG.read_text(encoding="utf-8").split("### Numbers")
    assert stamp(STORED.read_text(encoding="utf-8")) in "".join(sections)


@pytest.mark.parametrize("name", ["amount", "customer_id"])
def test_the_checksum_sees_every_cell(name: str) -> None:
    table = pd.DataFrame({"customer_id": [1, 2], "amount": [100, 250]})
    other = table.copy()
    other.loc[1, name] += 1
    assert checksum(table) != checksum(other)


if __name__ == "__main__":
    text = json.dumps(numbers(), indent=1, ensure_ascii=False) + "\n"
    STORED.write_text(text, encoding="utf-8")
    print(f"{STORED.name} written; name {stamp(text)} in CHANGELOG.md under Numbers, with what moved and why.")
