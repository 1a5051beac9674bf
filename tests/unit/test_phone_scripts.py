"""Labelled scripts: the linter finds the one fault of each faulty script, at its node, and no error in a good one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import crmsim as crm
from crmsim.phone.findings import Finding

DATA = Path(__file__).resolve().parents[1] / "data" / "phone"
GOOD = [(language, path.stem) for language in ("zh", "en") for path in sorted((DATA / "scripts" / language).iterdir())]
BY_CHANCE = {"never_taken", "never_visited", "talks_too_much"}
"""Warnings that depend on the walks of personas, not on the words."""


@cache
def faults(language: str) -> dict[str, dict[str, Any]]:
    rows = YAML(typ="safe").load((DATA / f"faults_{language}.yaml").read_text(encoding="utf-8"))
    return {row["script"]: row for row in rows}


def text(language: str, name: str) -> str:
    return (DATA / "scripts" / language / f"{name}.yaml").read_text(encoding="utf-8")


def errors(found: list[Finding]) -> set[str]:
    return {one.code for one in found if one.severity == "error"}


def test_there_are_twenty_good_and_twenty_faulty_scripts_in_each_language() -> None:
    for language in ("zh", "en"):
        names = {name for tongue, name in GOOD if tongue == language}
        assert len(names) == 20 == len(faults(language))
        assert names == set(faults(language))
        assert len({row["code"] for row in faults(language).values()}) == 20
        lines = [line for name in names for line in text(language, name).splitlines() if line.startswith("    say:")]
        assert len(set(lines)) > 0.95 * len(lines) - 4 * 20, "the scripts are not copies of each other"
        nodes = [node.say.spoken(language) for name in names for node in crm.phone.parse(text(language, name)).nodes]
        assert len(set(nodes)) > 0.97 * len(nodes)


@pytest.mark.parametrize(("language", "name"), GOOD)
def test_a_good_script_has_no_error_and_its_faulty_twin_only_the_known_one(language: str, name: str) -> None:
    good = text(language, name)
    found = crm.phone.lint(crm.phone.parse(good))
    assert errors(found) == set(), [(one.code, one.node, one.evidence) for one in found if one.severity == "error"]
    row, bad = faults(language)[name], good
    for old, new in row["edits"]:
        assert bad.count(old) == 1, old
        bad = bad.replace(old, new)
    found = crm.phone.lint(crm.phone.parse(bad))
    assert (row["code"], row["node"]) in {(one.code, one.node) for one in found}
    assert errors(found) - {"opt_out_ignored"} == {row["code"]}


EXAMPLES = crm.phone.examples()


def test_ten_examples_cover_five_purposes_in_two_languages() -> None:
    assert len(EXAMPLES) == 10
    assert set(EXAMPLES["purpose"]) == {"welcome", "win_back", "cross_sell", "complaint", "appointment"}
    assert (EXAMPLES.groupby("purpose")["language"].agg(set).map(len) == 2).all()
    assert EXAMPLES["good"].sum() == 6
    assert EXAMPLES["n_nodes"].max() >= 15


@pytest.mark.parametrize("name", EXAMPLES.index)
def test_an_example_shows_the_faults_that_it_names_and_no_other_error(name: str) -> None:
    found = crm.phone.lint(crm.phone.example(name))
    told = set(EXAMPLES.at[name, "faults"])
    assert errors(found) <= told
    assert told <= {one.code for one in found}
    if EXAMPLES.at[name, "good"]:
        assert {one.code for one in found} - BY_CHANCE == set(), "good examples have no warning either"


def test_an_unknown_example_is_named() -> None:
    with pytest.raises(crm.InputError, match="Did you mean 'welcome_zh'"):
        crm.phone.example("welcom_zh")
