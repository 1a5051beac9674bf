"""Who gets which case, what is in a case file, and what a case never holds."""

from __future__ import annotations

import logging
import zipfile
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import crmsim as crm
from crmsim.course.casefiles import file_name, read_case, write_case
from crmsim.course.cases import Case
from crmsim.course.identity import DEMO_SECRET, make_secret, nth_seed, read_secret, seed_of, student_hash
from crmsim.course.recipes import Recipe, make_case, recipe_of
from crmsim.course.roster import make_case_files
from crmsim.errors import InputError

TABLES = {
    "customers": pd.DataFrame(
        {"region": pd.Categorical(["north", "south"], categories=["south", "north", "west"]),
         "acquired_on": pd.to_datetime(["2025-01-01", "2025-02-01"]).as_unit("s")},
        index=pd.Index([3, 7], name="customer_id"),
    ),
    "transactions": pd.DataFrame({"customer_id": [3, 7], "time": pd.to_datetime(["2025-03-01"] * 2).as_unit("s"),
                                  "amount": [9.5, 1.25], "note": ["a", None]}),
}
CASE = Case("t01", pd.Timestamp("2026-01-01"), TABLES, {"currency": "CNY", "budget": 500})


def test_a_case_gives_copies_and_cannot_be_changed() -> None:
    customers = CASE.customers
    customers.loc[3, "region"] = "west"
    del CASE.tables["customers"]["region"]
    pd.testing.assert_frame_equal(CASE.customers, TABLES["customers"])
    with pytest.raises(FrozenInstanceError):
        CASE.today = None  # type: ignore[misc, assignment]
    assert (CASE.currency, CASE.budget, CASE.end) == ("CNY", 500, CASE.today)


def test_a_wrong_name_is_answered_with_a_near_one() -> None:
    with pytest.raises(AttributeError, match="Did you mean 'customers'"):
        _ = CASE.custommers
    with pytest.raises(KeyError, match="Did you mean 'transactions'"):
        CASE.tables["transaction"]


def test_a_case_file_holds_the_same_tables_and_the_same_bytes(tmp_path: Path) -> None:
    one, two = write_case(CASE, tmp_path / "one.zip"), write_case(CASE, tmp_path / "two.zip")
    assert one.read_bytes() == two.read_bytes()
    back = read_case(one)
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(back.tables[name], table)
    assert (back.assignment, back.today, dict(back.facts)) == (CASE.assignment, CASE.today, dict(CASE.facts))


def test_a_sealed_case_leaves_its_secrets_behind(tmp_path: Path) -> None:
    recipe = Recipe(lambda seed: CASE, truth=lambda seed: "hidden")
    sealed = make_case(recipe, "t01", "anna")
    path = write_case(sealed, tmp_path / "case.zip")
    with zipfile.ZipFile(path) as file:
        assert sorted(file.namelist()) == ["case.json", "customers.parquet", "transactions.parquet"]
        text = file.read("case.json").decode()
    assert str(sealed.seed) not in text
    assert "hidden" not in text
    assert "anna" not in text + path.name


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    path = write_case(CASE, tmp_path / "case.zip")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="damaged"):
        read_case(path)


def placed(folder: Path, *students: str) -> None:
    for student in students:
        write_case(Case("t01", CASE.today, TABLES, {"whose": student}), folder / file_name("t01", student))


def test_the_only_file_is_used_whoever_asks(tmp_path: Path, capsys: Any) -> None:
    placed(tmp_path, "anna")
    assert crm.course.case("t01", folder=tmp_path).whose == "anna"
    assert crm.course.case("t01", student=" ANNA", folder=tmp_path).whose == "anna"
    assert capsys.readouterr().out == ""
    assert crm.course.case("t01", student="ben", folder=tmp_path).whose == "anna"
    assert "Is it yours?" in capsys.readouterr().out


def test_among_several_files_the_id_decides(tmp_path: Path) -> None:
    placed(tmp_path, "anna", "ben")
    assert crm.course.case("t01", student="ben", folder=tmp_path).whose == "ben"
    for stranger in ("", "cleo"):
        with pytest.raises(InputError, match="There are 2 case files"):
            crm.course.case("t01", student=stranger, folder=tmp_path)


def test_without_a_file_one_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Studying by yourself"):
        crm.course.case("u06", folder=tmp_path)
    with pytest.raises(InputError, match="no case for an assignment called 'u99'"):
        crm.course.case("u99", student="anna", folder=tmp_path)


def test_self_study_makes_the_demo_case_and_says_so(tmp_path: Path, capsys: Any) -> None:
    case = crm.course.case("u06", student="anna", folder=tmp_path)
    assert "self-study" in capsys.readouterr().out
    again = make_case(recipe_of("u06"), "u06", "anna", secret=DEMO_SECRET, year="any")
    pd.testing.assert_frame_equal(case.transactions, again.transactions)
    assert type(case) is Case


def test_seeds_depend_on_secret_year_assignment_and_student_and_nothing_else() -> None:
    base = seed_of("u06", "anna", secret=b"s" * 32, year="2026")
    assert base == seed_of("u06", " Anna", secret=b"s" * 32, year="2026")
    others = {
        seed_of("u06", "anna", secret=b"t" * 32, year="2026"), seed_of("u06", "anna", secret=b"s" * 32, year="2027"),
        seed_of("u07", "anna", secret=b"s" * 32, year="2026"), seed_of("u06", "anne", secret=b"s" * 32, year="2026"),
        seed_of("u06", "anna", year="2026"), nth_seed(base, 1), nth_seed(base, 2),
    }
    assert len(others - {base}) == 7
    assert all(0 <= seed < 2**63 for seed in others)
    assert nth_seed(base, 0) == base
    assert seed_of("u06", "anna", year="2026") == seed_of("u06", "anna", year="2027")


def test_seeds_are_those_of_the_published_algorithm() -> None:
    """Keyed BLAKE2b (RFC 7693) by hand; another order of the fields gives another number."""
    import hashlib

    def by_hand(*fields: str) -> int:
        key = hashlib.blake2b(b"k" * 32).digest()
        digest = hashlib.blake2b("\x1f".join(fields).encode(), digest_size=8, key=key).digest()
        return int.from_bytes(digest, "big") // 2

    found = seed_of("u06", "anna", secret=b"k" * 32, year="2026")
    assert found == by_hand("case", "2026", "u06", "anna")
    assert found != by_hand("case", "2026", "anna", "u06")


def test_the_secret_is_made_once_and_kept(tmp_path: Path, caplog: Any) -> None:
    with caplog.at_level(logging.WARNING):
        assert read_secret(tmp_path) == DEMO_SECRET
    assert "public demo secret" in caplog.text
    path = make_secret(tmp_path)
    secret = read_secret(tmp_path)
    assert len(secret) >= 32
    assert path.stat().st_mode & 0o077 == 0
    assert make_secret(tmp_path).read_bytes().strip() == secret
    path.write_text("short", encoding="ascii")
    with pytest.raises(InputError, match="at least 32"):
        read_secret(tmp_path)


def test_an_unfair_case_is_made_again_with_the_next_seed() -> None:
    def build(seed: int) -> Case:
        return Case("t01", CASE.today, TABLES, {"seed_mod": seed % 4})

    picky = Recipe(build, lambda case: ["too small"] if case.seed_mod else [])
    first = [nth_seed(seed_of("t01", "anna"), attempt) for attempt in range(50)]
    assert make_case(picky, "t01", "anna").seed == next(seed for seed in first if seed % 4 == 0)
    with pytest.raises(InputError, match="never right"):
        make_case(Recipe(build, lambda case: ["never right"]), "t01", "anna")


def test_a_number_without_quotes_is_a_student_id(tmp_path: Path, mini_course: Path) -> None:
    """Student ids are often numbers, and beginners leave the quotes out."""
    number, text = (crm.course.case("u06", student=student, folder=tmp_path) for student in (20260001, "20260001"))
    pd.testing.assert_frame_equal(number.customers, text.customers)
    [made] = make_case_files(mini_course, "t01", [20260001])
    assert [made] == make_case_files(mini_course, "t01", ["20260001"])


@pytest.mark.parametrize(("function", "arguments", "says"), [
    (crm.course.case, {"assignment": "u06", "student": 2.5}, "2.5 is no student id: write it in quotes"),
    (crm.course.case, {"assignment": "u06", "student": True}, "True is no student id"),
    (crm.course.case, {"assignment": 6, "student": "anna"}, "no case for an assignment called 6"),
    (crm.course.case, {"assignment": "u06", "student": "anna", "folder": 3}, "folder=3 is no folder"),
    (make_secret, {"folder": "nowhere/at all"}, "cannot be written .No such file"),
    (make_secret, {"folder": None}, "folder=None is no folder"),
    (read_secret, {"folder": 3}, "folder=3 is no folder"),
    (make_case_files, {"folder": ".", "assignment": "t01", "students": "anna"}, "students='anna' are no student ids"),
    (make_case_files, {"folder": None, "assignment": "t01", "students": ["anna"]}, "folder=None is no folder"),
])  # fmt: skip
def test_what_cannot_be_a_case_is_named(function: Any, arguments: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        function(**arguments)


def test_case_files_for_a_roster(mini_course: Path) -> None:
    make_secret(mini_course)
    try:
        anna, ben = make_case_files(mini_course, "t01", ["anna", "ben"])
        assert anna.name == f"case-t01-{student_hash('anna')}.zip"
        assert not read_case(anna).transactions.equals(read_case(ben).transactions)
        with pytest.raises(InputError, match="no course folder"):
            make_case_files(mini_course / "text", "t01", ["anna"])
    finally:
        (mini_course / "course-secret.txt").unlink()


@pytest.mark.parametrize("student", [f"2026{number:04d}" for number in range(20)])
def test_cases_of_u06_are_fair_and_hold_only_what_a_firm_sees(student: str) -> None:
    case = make_case(recipe_of("u06"), "u06", student).public()
    assert 600 <= len(case.customers) <= 1_000
    assert case.transactions["time"].max() < case.today
    assert set(case.transactions["customer_id"]) <= set(case.customers.index)
    assert not case.branch.index.equals(case.customers.index)
    visible = {*case.customers.columns, *case.transactions.columns, *case.branch.columns}
    assert not visible & {"stage", "loyalty", "purchase_rate", "spend_level", "seed"}
