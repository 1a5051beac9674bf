"""Scenario files: every way of getting one wrong ends in one message with file, line, column and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import crmsim as crm
from crmsim.settings import yaml_file
from crmsim.settings.scenario import Scenario

RETAIL = (Path(crm.__file__).parent / "scenarios" / "retail.yaml").read_text(encoding="utf-8")
Write = Callable[[str], Path]

# (what is wrong, text to find, text in its place, text at the place that the message must point to, words it must say)
MISTAKES = [
    ("unknown key", "seed: 1", "sead: 1", "sead", ["'sead'", "Did you mean 'seed'?"]),
    ("unknown key inside", "cost: 15", "cots: 15", "cots", ["arrival.channels.walk_in.cots", "Did you mean 'cost'?"]),
    ("missing key", "currency: CNY\n", "", None, ["'currency' is missing", "Add it"]),
    ("missing key inside", "shape: 1.6, ", "", "purchase_rate", ["'shape' is missing"]),
    ("row over one", "acquisition: 0.50", "acquisition: 0.51", "acquisition: {", ["1.01", "Take away 0.01"]),
    ("row below one", "maturity: 0.90", "maturity: 0.89", "maturity:    {", ["0.99", "Add 0.01"]),
    ("shares not one", "share: 0.46", "share: 0.40", "categories", ["sum to 0.94", "Add 0.06"]),
    ("negative rate", "mean: 1.0}", "mean: -1.0}", "mean", ["traits.purchase_rate.mean", "-1.0"]),
    ("negative probability", "churn: 0.10}", "churn: -0.10}", "churn", ["moves.acquisition.churn", "-0.1"]),
    ("nobody gets there", "maturity: 0.30", "growth: 0.30", None, ["duplicate key"]),
    ("unknown target", "maturity: 0.30", "maturty: 0.30", "maturty", ["'maturty'", "Did you mean 'maturity'?"]),
    ("missing row", "  churn:       {churn: 1.0}\n", "", "moves", ["row of stage 'churn' is missing"]),
    ("unknown entry", "entry_stage: acquisition", "entry_stage: aquisition", "entry_stage", ["'acquisition'"]),
    ("duplicate key", "seed: 1\n", "seed: 1\nseed: 2\n", "seed: 2", ["duplicate key"]),
    ("text for a number", "shape: 1.6", 'shape: "1.6"', "shape", ["'1.6'"]),
    ("yes for a number", "discount_rate: 0.01", "discount_rate: yes", "discount_rate", ["'yes'"]),
    ("true for a number", "discount_rate: 0.01", "discount_rate: true", "discount_rate", ["True"]),
    ("fraction for a count", "\nperiods: 36", "\nperiods: 36.5", "periods", ["36.5"]),
    (
        "list for a table",
        "purchase_rate: {shape: 1.6, mean: 1.0}",
        "purchase_rate: [1, 2]",
        "purchase_rate",
        ["[1, 2]"],
    ),
    ("not a number", "mean: 110", "mean: .nan", "mean", ["nan"]),
    ("infinite", "mean: 110", "mean: 1e999", "mean", ["inf"]),
    ("no such day", '"2024-01-01"', '"2024-02-30"', "start", ["'2024-02-30'", "2024-01-01"]),
    ("no such day, unquoted", '"2024-01-01"', "2024-02-30", "start", ["'2024-02-30'"]),
    ("week date", '"2024-01-01"', "2024-W01-1", "start", ["'2024-W01-1'"]),
    ("middle of a month", '"2024-01-01"', "2024-01-15", "start", ["first of a month"]),
    ("year", '"2024-01-01"', "1492-01-01", "start", ["1492"]),
    ("currency", "currency: CNY", "currency: yuan", "currency", ["'yuan'"]),
    ("period", "period: month", "period: hour", "period: hour", ["'month'"]),
    ("season", "season: [1.20, ", "season: [", "season", ["11 factors"]),
    ("season's third factor", "0.80, 0.90", "0.80, -0.90", "-0.90", ["season.2"]),
    ("alias", "share: 0.40", "share: *x", "*x", ["aliases"]),
    ("anchor", "share: 0.40", "share: &x 0.40", "&x", ["anchors"]),
    ("tag", "scenario: retail", "scenario: !!python/name:os.system", "!!python", ["tags"]),
    ("two documents", "scenario: retail", "scenario: retail\n---\na: 1", "---", ["YAML"]),
    ("tab", "  first_period_share", "\tfirst_period_share", "\tfirst_period_share", ["YAML"]),
    ("brackets", "[1.20", "[[1.20", None, ["YAML"]),
    ("depth", "currency: CNY", "currency: " + "[" * 3_000, None, ["levels"]),
    ("unit", "mean: 1.0}", "mean: 9000.0}", "mean", ["purchases a month", "At most"]),
    ("money", "mean: 110", "mean: 900000000", "mean", ["At most", "check the unit"]),
    ("source of nothing", "traits.loyalty: ass", "traits.loialty: ass", "traits.loialty", ["Did you mean 'loyalty'?"]),
    ("half a character", "zh: 到店", 'zh: "\\ud800"', '"\\ud800"', ["surrogate"]),
    ("number as a name", "  north:", "  1:", "1: {", ["regions.1"]),
]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file_of(text: str) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_bytes(text.encode("utf-8"))
        return path

    return file_of


def refusal(path: Path) -> str:
    with pytest.raises(crm.InputError) as caught:
        crm.scenario(path)
    assert caught.value.__cause__ is None  # one message, not a chain of them
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    message = str(caught.value)
    assert message.startswith(str(path))
    assert len(message) < 1_000 + len(str(path))
    return message


@pytest.mark.parametrize(("old", "new", "at", "says"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_named_with_its_place(write: Write, old: str, new: str, at: str | None, says: list[str]) -> None:
    assert RETAIL.count(old) == 1
    text = RETAIL.replace(old, new)
    message = refusal(write(text))
    for words in says:
        assert words in message
    if at is not None:
        where = re.match(r".*?, line (\d+), column (\d+): ", message)
        assert where, message
        line, column = int(where[1]), int(where[2])
        assert text.split("\n")[line - 1][column - 1 :].startswith(at)


def test_a_stage_that_nobody_reaches(write: Write) -> None:
    text = (
        RETAIL.replace("maturity: 0.30", "churn: 0.30")
        .replace(", churn: 0.04}", "}")
        .replace("growth: 0.60, ", "growth: 0.64, ")
    )
    message = refusal(write(text.replace("growth: 0.05, maturity: 0.05", "growth: 0.10")))
    assert "nothing ever reaches the stage 'maturity'" in message
    assert text.split("\n")[int(message.split("line ")[1].split(",")[0]) - 1].startswith("  maturity:")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.yaml")
    (tmp_path / "folder.yaml").mkdir()
    assert "cannot be read" in refusal(tmp_path / "folder.yaml")
    for name, content in {"gbk": RETAIL.encode("gbk"), "utf16": RETAIL.encode("utf-16")}.items():
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(content)
        assert "not UTF-8" in refusal(path)
    assert "cannot be read" in refusal(Path("no\0name.yaml"))
    assert "cannot be read" in refusal(Path("x" * 5_000 + ".yaml"))


def test_files_that_keep_a_reader_busy(write: Write) -> None:
    assert "larger than" in refusal(write("#" * (yaml_file.MAX_BYTES + 1)))
    assert "levels or" in refusal(write(RETAIL + "".join(f"\nk{i}: {i}" for i in range(yaml_file.MAX_NODES))))
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert "line 1, column 4" in refusal(write(bomb))
    assert len(refusal(write(RETAIL.replace("currency: CNY", f"currency: {list(range(4_000))}")))) < 1_000


@pytest.mark.parametrize("text", ["", "# nothing\n", "- 1\n- 2\n", "retail", "42"])
def test_files_that_hold_something_else(write: Write, text: str) -> None:
    assert "line 1" in refusal(write(text))


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t + "\n\n"])
def test_how_other_editors_save_a_file(write: Write, change: Callable[[str], str]) -> None:
    assert crm.scenario(write(change(RETAIL))) == crm.scenario("retail")


@pytest.mark.parametrize("name", ["retial", "", "x" * 5_000, None, 3, "..", "/", "retail.yml.txt"])
def test_unknown_names(name: object) -> None:
    with pytest.raises(crm.InputError, match=r"no scenario"):
        crm.scenario(name)  # type: ignore[arg-type]


def test_a_misspelt_name_is_corrected() -> None:
    with pytest.raises(crm.InputError, match=r"Did you mean 'retail'\?"):
        crm.scenario("retial")


def numbers(node: object, path: tuple[str, ...] = ()) -> list[str]:
    """Dotted places of all numbers in a scenario's content."""
    if isinstance(node, dict):
        return [place for key, value in node.items() for place in numbers(value, (*path, str(key)))]
    if isinstance(node, (list, tuple)):
        return [place for value in node for place in numbers(value, path)]
    return [".".join(path)] if isinstance(node, (int, float)) and not isinstance(node, bool) else []


@pytest.mark.parametrize("name", crm.scenarios())
def test_every_number_has_a_source(name: str) -> None:
    shipped: Scenario = crm.scenario(name)
    assert shipped.scenario == name
    places = numbers(shipped.model_dump(exclude_unset=True))
    assert len(places) > 15
    unsourced = [p for p in places if not any(p == s or p.startswith(f"{s}.") for s in shipped.sources)]
    assert unsourced == []
    assert all(text.strip() for text in shipped.sources.values())


@pytest.mark.parametrize("name", crm.scenarios())
def test_titles_are_bilingual(name: str) -> None:
    shipped = crm.scenario(name)
    for text in (shipped.title, shipped.about):
        assert text.en.isascii()
        assert re.search("[\u4e00-\u9fff]", text.zh)
    assert crm.scenarios()[name] == f"{shipped.title.en} {shipped.title.zh}"
