"""What simulated callees refuse: impossible calls, tables of other things, and faulty tables of the model."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.callee import call
from crmsim.phone.tables import INTENTS, tables, tables_of


@pytest.mark.parametrize(("change", "says"), [
    ({"seed": -1}, "seed=-1"), ({"replication": 0.5}, "replication=0.5"), ({"script_language": "fr"}, "'zh' or 'en'"),
    ({"n_dials": 0}, "n_dials=0"),
])  # fmt: skip
def test_impossible_calls_are_refused(people, baseline, change, says):
    with pytest.raises(InputError, match=says):
        call(baseline, people.head(3), **change)


def test_the_table_must_be_one_of_callees(people, baseline):
    with pytest.raises(InputError, match="no column 'need'"):
        call(baseline, people.drop(columns="need"))
    with pytest.raises(InputError, match="stands twice"):
        call(baseline, pd.concat([people.head(2), people.head(1)]))
    with pytest.raises(InputError, match=r"crm\.phone\.load"):
        call("a script", people)


@pytest.mark.parametrize(("before", "after", "says"), [
    ("trust: 2.6", "trsut: 2.6", "Did you mean 'trust'"), ("acts: [greet]", "acts: [gret]", "gret"),
    ("  source: assumption\n\n# Whether", "\n# Whether", "people has no source"),
    ("id: half_a_name", "id: says_who", "same id"),
])  # fmt: skip
def test_a_faulty_table_is_refused(tmp_path, before, after, says):
    text = Path(crm.__file__).with_name("phone").joinpath("callee.yaml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "callee.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        tables_of(tmp_path / "callee.yaml")


def test_every_row_names_its_source():
    table = tables()
    assert all(row.source for row in [*table.moves, *table.start])
    assert set(table.intents) == set(INTENTS) - {"hang_up"}
