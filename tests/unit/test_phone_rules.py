"""The linter: every rule finds its wrong example and leaves its right one alone, in both languages."""

from __future__ import annotations

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.conditions import Range
from crmsim.phone.linting import GROUPS
from crmsim.phone.linting.ranges import always, contains, meet, nobody
from crmsim.phone.reading import TINY
from crmsim.phone.rulebook import rule, rulebook

CODES = list(rulebook())


def codes(text: str) -> list[str]:
    return [found.code for found in crm.phone.lint(crm.phone.parse(text))]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rule_finds_its_wrong_example_and_not_its_right_one(code: str, language: str) -> None:
    assert code in codes(rule(code).script("wrong", language))
    assert code not in codes(rule(code).script("right", language))


def test_every_rule_says_what_it_is_in_both_languages() -> None:
    table = crm.phone.rules()
    assert set(table["group"]) <= set(GROUPS)
    for code, row in table.iterrows():
        assert all(str(row[column]).strip() for column in table.columns), code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in row["says_zh"]), code
        assert str(row["advice"]).endswith((".", "!")), code
    assert crm.phone.rules("data").index.isin(table.index).all()
    with pytest.raises(InputError, match="Did you mean 'data'"):
        crm.phone.rules("dta")
    with pytest.raises(InputError, match="Did you mean 'dead_end'"):
        rule("deadend")


def test_every_rule_and_finding_advises_in_both_languages() -> None:
    table = crm.phone.rules()
    for code, row in table.iterrows():
        assert str(row["advice_zh"]).endswith("。"), code
        letters = [letter for letter in row["advice_zh"] if "\u4e00" <= letter <= "\u9fff"]
        assert len(letters) >= 3, code
        assert row["advice_zh"] != row["says_zh"], code
    assert table["advice_zh"].is_unique
    found = crm.phone.lint(crm.phone.example("win_back_en"))[0]
    assert found.advice_zh == table.at[found.code, "advice_zh"]
    assert "advice_zh" not in found.to_dict()


def test_a_finding_has_place_evidence_and_advice() -> None:
    found = crm.phone.lint(crm.phone.parse(TINY.replace("to: later", "to: latter")))[0]
    assert found.to_dict() == {
        "severity": "error", "code": "undefined_target", "node": "open", "line": 11, "evidence": "to: latter",
        "advice": "Did you mean 'later'?",
    }  # fmt: skip
    assert TINY.splitlines()[10][(found.column or 0) - 1 :].startswith("to: later")


def test_errors_come_first_and_a_script_of_python_has_no_lines() -> None:
    text = TINY.replace("to: later", "to: latter").replace("{date}", "{datte}")
    found = crm.phone.lint(crm.phone.parse(text))
    severities = [one.severity for one in found]
    assert severities == sorted(severities)
    assert {one.node for one in found if one.code == "unknown_placeholder"} == {"ask", "done"}
    bare = crm.phone.Script.model_validate(crm.phone.parse(text).model_dump(by_alias=True))
    assert {one.line for one in crm.phone.lint(bare)} == {None}


def test_the_smallest_script_has_no_error() -> None:
    assert [one.code for one in crm.phone.lint(crm.phone.parse(TINY)) if one.severity == "error"] == []


def test_opting_out_is_followed_to_the_end() -> None:
    through = TINY.replace("{intent: opt_out, to: never}", "{intent: opt_out, to: ask}", 1)
    assert "opt_out_ignored" in codes(through)  # ask may end in an appointment
    assert "opt_out_ignored" not in codes(TINY)


def test_one_fault_is_not_named_twice() -> None:
    for code in ("hidden_reply", "never_holds"):
        for language in ("zh", "en"):
            assert "never_taken" not in codes(rule(code).script("wrong", language))


def test_only_scripts_are_linted() -> None:
    for act in (crm.phone.lint, crm.phone.coverage):
        with pytest.raises(InputError, match="a script is needed, not str"):
            act(TINY)


def test_what_columns_can_be() -> None:
    low, high = Range(below=3), Range(at_least=3)
    assert not meet("satisfaction", low, high)
    assert meet("satisfaction", low, (2, 5))
    assert meet("months_since_purchase", Range(at_least=2), low)
    assert not meet("months_since_purchase", high, low)
    assert contains("months_since_purchase", Range(below=9), low)
    assert not contains("months_since_purchase", low, Range(below=9))
    assert contains("stage", ("decline", "churn"), ("churn",))
    assert nobody("months_since_purchase", Range(below=0))
    assert always("months_since_purchase", Range(at_least=0))
    assert not always("stage", ("growth", "churn"))
