"""Rules as data: complete, in two languages, refused with line and column when an entry is wrong."""

import pytest

from crmsim import etiquette
from crmsim.errors import InputError
from crmsim.etiquette.rule import Rule, read_rules

VISITS = {
    "preparation": ["K01"],
    "dress": ["K02", "K03", "K04", "K05"],
    "jewellery": ["JW1", "JW2", "JW3", "JW4"],
    "handshake": ["HS1", "HS2", "HS3", "HS4", "HS5", "HS6", "HS7"],
    "arrival": ["VT1", "VT2", "VT3", "VT4"],
}
ENTRY = """
dress:
  - code: K99
    name: A rule
    zh: 规则
    source: here
    says: It says so.
    says_zh: 如此。
    wrong: Not so.
    wrong_zh: 不是。
    right: So.
    right_zh: 是。
"""


@pytest.mark.parametrize(("group", "codes"), VISITS.items())
def test_every_rule_of_the_visit_is_there(group, codes):
    assert list(etiquette.rules(group).index) == codes


def test_every_rule_speaks_two_languages():
    for code, row in etiquette.rules().iterrows():
        for name in ("name", "says", "wrong", "right"):
            assert row[name].strip(), (code, name)
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in row[name]), (code, name)
        for name in ("zh", "says_zh", "wrong_zh", "right_zh"):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in row[name]), (code, name)
        assert row["source"]
        assert set(row["outside_parameters"]) <= set(row["parameters"]), code


def test_numbers_from_outside_the_material_are_marked():
    outside = {code: set(row["outside_parameters"]) for code, row in etiquette.rules().iterrows()}
    assert outside["HS5"] == {"near"}
    assert outside["VT2"] == {"too_early_minutes"}
    assert outside["K03"] == outside["JW1"] == outside["VT4"] == set()


def test_a_rule_is_a_value():
    one = etiquette.rule("K03")
    assert one == etiquette.rule("K03")
    assert len({one, etiquette.rule("K03"), etiquette.rule("K04")}) == 2
    assert one.mark == ""
    with pytest.raises(TypeError):
        one.parameters["max_colours"] = 4
    with pytest.raises(AttributeError):
        one.code = "K04"


def test_the_table_of_rules_does_not_give_the_rules_away():
    etiquette.rules("dress").loc["K03", "parameters"]["max_colours"] = 99
    assert etiquette.rule("K03").parameters["max_colours"] == 3


@pytest.mark.parametrize(("code", "says"), [("K3", "K03"), (3, "no rule"), (None, "no rule"), (["K03"], "no rule")])
def test_an_unknown_rule_is_refused(code, says):
    with pytest.raises(InputError, match=says):
        etiquette.rule(code)


def test_an_unknown_group_is_refused():
    with pytest.raises(InputError, match="Did you mean 'jewellery'"):
        etiquette.rules("jewelery")


def test_an_entry_is_read(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(ENTRY, encoding="utf-8")
    (found,) = read_rules(path)
    assert isinstance(found, Rule)
    assert (found.code, found.group, found.zh, dict(found.parameters)) == ("K99", "dress", "规则", {})


@pytest.mark.parametrize(("old", "new", "says"), [
    ("    zh: 规则\n", "", r"line 3, column \d+: dress.0"),
    ("    zh: 规则", "    zh: 7", r"line 5, column \d+: dress.0.zh"),
    ("    zh: 规则", "    zh: 规则\n    colour: red", r"line 6, column \d+: dress.0.colour"),
    ("    source: here", "    source: here\n    outside: maybe", r"dress.0.outside"),
    ("dress:\n", "dress: 3\nother:\n", r"line 2, column \d+: dress"),
    ("    zh: 规则", "    zh: [规则", "not valid YAML"),
])  # fmt: skip
def test_a_wrong_entry_is_refused_with_its_place(tmp_path, old, new, says):
    path = tmp_path / "rules.yaml"
    path.write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        read_rules(path)


def test_public_names_are_there_and_a_wrong_one_is_an_ordinary_attribute_error():
    assert {"check_outfit", "who_first", "arrivals", "rule", "check_call"} <= set(dir(etiquette))
    assert callable(etiquette.rule)
    with pytest.raises(AttributeError, match="check_outfits"):
        _ = etiquette.check_outfits
