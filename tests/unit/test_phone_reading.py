"""Call scripts: what can be read, the message for what cannot, and the schema beside the code."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone import schema
from crmsim.phone.conditions import When
from crmsim.phone.model import IntentName
from crmsim.phone.reading import TINY
from crmsim.phone.templates import fill, names_in
from crmsim.settings.yaml_file import MAX_BYTES, parse_yaml

BUSY = "{intent: busy, to: later}"


def refusal(old: str, new: str) -> str:
    """The message for the tiny script with one change."""
    assert old in TINY
    with pytest.raises(InputError) as caught:
        crm.phone.parse(TINY.replace(old, new, 1), "my.yaml")
    return str(caught.value)


# What can be read


def test_a_script_knows_its_parts_and_their_places() -> None:
    script = crm.phone.parse(TINY)
    assert (script.first.id, list(script.ends_by_id)) == ("open", ["done", "later", "never", "no"])
    assert script.place("nodes", 1, "replies", 0, "to") == (19, 25)
    assert TINY.splitlines()[18][24:].startswith("to: done")
    assert script.place("calendar") == (None, None)
    assert script.languages == ("en",)


def test_a_script_is_a_value() -> None:
    script = crm.phone.parse(TINY)
    copy = pickle.loads(pickle.dumps(script))
    assert copy == script
    assert hash(copy) == hash(script)
    assert script != crm.phone.parse(TINY.replace("tiny", "other"))
    with pytest.raises(ValueError, match="frozen"):
        script.language = "zh"
    assert script.first.id == "open"
    assert script.model_copy(update={"start": "ask"}).first.id == "ask"


def test_plain_text_is_in_the_language_of_the_script_and_others_are_kept() -> None:
    both = TINY.replace("company: Riverside Market", "company: {zh: 清河超市, en: Riverside Market}")
    script = crm.phone.parse(both.replace("language: en", "language: zh"))
    assert script.nodes[0].say.en is None
    assert script.nodes[0].say.spoken("en") == script.nodes[0].say.zh
    assert script.company is not None
    assert (script.company.given("zh"), script.company.given("en")) == ("清河超市", "Riverside Market")


def test_the_first_reply_that_fits_is_taken() -> None:
    conditional = "{intent: busy, to: no, when: {member: true, satisfaction: {below: 3}}}\n      - " + BUSY
    node = crm.phone.parse(TINY.replace(BUSY, conditional)).first
    unhappy = {"member": True, "satisfaction": 2}
    for customer, target in ((unhappy, "no"), ({**unhappy, "satisfaction": 3}, "later"), (None, "later")):
        reply = node.reply_to("busy", customer)
        assert reply is not None
        assert reply.to == target
    other = node.reply_to("complain")
    assert other is not None
    assert (other.intent, other.to) == (None, "no")


def test_a_range_holds_its_lower_limit_and_not_its_upper() -> None:
    when = When.model_validate({"months_since_purchase": {"at_least": 3, "below": 6}, "stage": ["decline", "churn"]})
    months = {months: when.holds({"months_since_purchase": months, "stage": "churn"}) for months in (2.9, 3, 5.9, 6)}
    assert months == {2.9: False, 3: True, 5.9: True, 6: False}
    assert not when.holds({"months_since_purchase": 4})
    assert not when.holds({"months_since_purchase": float("nan"), "stage": "churn"})
    assert not when.holds({"months_since_purchase": 4, "stage": "growth"})


def test_the_calendar_has_the_course_s_defaults() -> None:
    times = 'calendar: {from: "9:00", to: "18:00"}\ncompany: Riverside Market'
    calendar = crm.phone.parse(TINY.replace("company: Riverside Market", times)).calendar
    assert calendar is not None
    assert (calendar.earliest, calendar.latest, calendar.attempts, calendar.gap_minutes) == ("9:00", "18:00", 2, 10)
    assert "sat" not in calendar.weekdays


def test_words_and_model_know_the_same_intents_and_placeholders_have_examples() -> None:
    assert tuple(crm.phone.intents()) == get_args(IntentName)
    for intent in crm.phone.intents().values():
        assert intent.says("zh")
        assert intent.says("en")
    for placeholder in crm.phone.placeholders().values():
        assert placeholder.filled_by in ("customer", "script", "call")
        assert placeholder.example("zh")
        assert placeholder.example("en")


def test_a_template_gives_what_it_is_given_and_nothing_else() -> None:
    assert names_in("{name}{honorific} {name}") == ["name", "honorific", "name"]
    assert fill("{name}, {offer}", {"name": "{offer}"}) == "{offer}, {offer}"  # what was filled in is not filled again
    assert fill("{name.__class__} {0} {name!r:>9}", {"name": "Li"}) == "{name.__class__} {0} {name!r:>9}"


def test_a_file_is_read_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    assert crm.phone.load(path) == crm.phone.parse(TINY)


# What cannot


@pytest.mark.parametrize(("old", "new", "says"), [
    ("busy", "bussy", "line 11, column 10: nodes.0.replies.0.intent: 'bussy' is not known here"),
    ("busy", "bussy", "Did you mean 'busy'?"),
    ("to: later", "too: later", "line 11, column 24: nodes.0.replies.0.too: the key 'too' is not known here"),
    ("to: later", "too: later", "Did you mean 'to'?"),
    ("stage: closing", "stage: closin", "line 16, column 5: nodes.1.stage"),
    ("    stage: closing\n", "", "line 15, column 5: nodes.1: the key 'stage' is missing"),
    ("purpose: appointment", "purpose: [1]", "line 2, column 1: purpose"),
    ("id: ask", "id: <b>", "line 15, column 9: nodes.1.id: '<b>' is no id"),
    ("id: ask", "id: 询问", "is no id: one begins with a letter"),
    (BUSY, "{intent: busy, to: later, when: {satisfaction: 9}}", "column 42: nodes.0.replies.0.when.satisfaction"),
    (BUSY, "{intent: busy, to: later, when: {satisfaction: {belo: 3}}}", "Did you mean 'below'?"),
    (BUSY, "{intent: busy, to: later, when: {satisfacton: 3}}", "Did you mean 'satisfaction'?"),
    (BUSY, "{intent: busy, to: later, when: 'satisfaction < 3'}", "nodes.0.replies.0.when"),
    (BUSY, "{intent: busy, else: true, to: later}", "either `intent: ...` or `else: true`"),
    (BUSY, "{to: later}", "line 11, column 9: nodes.0.replies.0: a reply has either"),
    ("company: Riverside Market", "calendar: {frm: '09:00'}", "Did you mean 'from'?"),
    ("company: Riverside Market", "calendar: {from: '09:00', to: '25:00'}", "column 32: calendar.to: '25:00' is no"),
    ("company: Riverside Market", "company: {}", "a text needs `zh` or `en`"),
    ("company: Riverside Market", "company: {en: 3}", "line 4, column 11: company.en"),
    ("language: en", "language: en\nlanguage: zh", "found duplicate key"),
    ("language: en", "language: &a en", "anchors (&), aliases (*) and tags (!)"),
    ("language: en", "language: !!python/object/apply:os.system [ls]", "line 3, column 11: anchors"),
    ("language: en", "language: [en", "is not valid YAML"),
])  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_place(old: str, new: str, says: str) -> None:
    message = refusal(old, new)
    assert message.startswith("my.yaml, line ")
    assert says in message


@pytest.mark.parametrize(("old", "new", "says"), [
    ("purpose: ", "purpose：", "Line 2, column 8 has a full-width colon"),
    ("script: ", "script：", "Line 1, column 7 has a full-width colon"),
    ("intent: busy, to", "intent: busy，to", "Line 11, column 22 has a full-width comma"),
    ("    stage", "\tstage", "Line 8, column 1 has a tab; indent with spaces"),
    ("purpose: ", "purpose:", "Line 2, column 8 has no space after the colon"),
    ("    replies:", "   replies:", "Correct the line."),
])  # fmt: skip
def test_slips_of_typing_are_named(old: str, new: str, says: str) -> None:
    message = refusal(old, new)
    assert "is not valid YAML" in message
    assert says in message
    assert message.endswith(".")


@pytest.mark.parametrize("encoded", [
    b"\xef\xbb\xbf" + TINY.encode(), TINY.replace("\n", "\r\n").encode(), TINY.replace("\n", "\r").encode(),
])  # fmt: skip
def test_other_editors_write_files_otherwise(encoded: bytes, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_bytes(encoded)
    assert crm.phone.load(tmp_path / "tiny.yaml") == crm.phone.parse(TINY)


@pytest.mark.parametrize("template", [
    "{name.__class__}", "{0}", "{}", "{name!r:>99999999}", "{name[0]}", "{name", "name}", "{{name}}", "{na me}",
    "{name.__init__.__globals__}", "{" + "a" * 50 + "}", "{{{{name", "{'__import__'}",
])  # fmt: skip
def test_nothing_but_a_plain_name_may_stand_in_braces(template: str) -> None:
    message = refusal("{name}", template)
    line = TINY.splitlines()[8]
    column = int(message.split("column ")[1].split(":")[0])
    assert "my.yaml, line 9, column" in message
    assert "is no placeholder" in message
    assert line.index("{name}") < column <= line.index("{name}") + len(template)  # the caret stands at the braces


@pytest.mark.parametrize("letter", ["\\x07", "\\0", "\\u202e", "\\x1b[31m", "\\u2066", "\\x85"])
def test_what_nobody_can_say_is_refused(letter: str) -> None:
    assert "control character U+" in refusal("{name}", letter)


def test_a_caret_finds_the_words_in_a_block_of_lines() -> None:
    block = TINY.replace('say: "You last came on {last_purchase}.', "say: >\n      You came on\n      {last purchase}.")
    with pytest.raises(InputError, match=r"line 19, column 7: nodes\.1\.say: '\{last purchase\}' is no placeholder"):
        crm.phone.parse(block.replace('your time."', "your time.", 1))


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(("text", "says"), [
    ("", "line 1, column 1: a call script is a list of `key: value` lines, but this file holds nothing"),
    ("hello", "but this file holds something else"),
    ("- 1", "but this file holds something else"),
    ("a: b: c", "line 1, column 5: this is not valid YAML"),
    ("script: a\x00b", "line 1, column 10: this is not valid YAML"),
    (BOMB, "line 1, column 4: anchors (&)"),
    ("#" * (MAX_BYTES + 1), "line 1, column 200001: the text is larger than 200,000 letters"),
    ("nodes:\n" + "- {id: a1, stage: opening, say: hi}\n" * 2_500, "line 1430, column 4: more than 20 levels"),
    ("nodes:\n" + "- {id: a1, stage: opening, say: hi, replies: []}\n" * 10_000, "line 4083, column 25: the text"),
    ("[" * 500, "more than 20 levels"),
    ("nodes: " + "[" * 8 + "]" * 8, "line 1, column 1: the key 'script' is missing"),
    ("{" * 5, "line 1, column 2: a key must be a word"),
    ("script: 0x" + "f" * 9_000, "line 1, column 9: a number of more than 300 digits"),
    ("script: " + "7" * 9_000, "a number of more than 300 digits"),
    ("? [a, b]\n: c\n", "line 1, column 3: a key must be a word"),
    ("nodes: [{? {a: 1}}]", "a key must be a word"),
    ("script: 1e400\nnodes: .inf\n", "line 1, column 1: script: input should be a valid string"),
])  # fmt: skip
def test_what_is_no_script_at_all_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        crm.phone.parse(text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 1_500


def test_two_hundred_nodes_are_the_limit() -> None:
    head, node = TINY[: TINY.index("  - id: open")], "  - {{id: n{}, stage: closing, say: hi}}\n"
    assert len(crm.phone.parse(head + "".join(node.format(k) for k in range(200))).nodes) == 200
    with pytest.raises(InputError, match="at most 200"):
        crm.phone.parse(head + "".join(node.format(k) for k in range(201)))


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("script: é".encode("latin-1"))
    (tmp_path / "large.yaml").write_text("#\n" * MAX_BYTES, encoding="utf-8")
    for name, says in (("none.yaml", "cannot be read"), ("latin.yaml", "UTF-8"), ("large.yaml", "line 100001")):
        with pytest.raises(InputError, match=says):
            crm.phone.load(tmp_path / name)
    for wrong in (None, 3, "", "a\0b"):
        with pytest.raises(InputError):
            crm.phone.load(wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="text is needed"):
        crm.phone.parse(b"script: x")  # type: ignore[arg-type]


# The schema


def test_the_schema_beside_the_code_is_that_of_the_model() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.schema_text(), "python -m crmsim.phone.schema writes it"


@pytest.mark.parametrize(("old", "new", "valid"), [
    ("", "", True),
    (BUSY, "{intent: busy, to: later, when: {satisfaction: {below: 3}, stage: churn, member: true}}", True),
    (BUSY, "{intent: busy, to: later, when: {satisfaction: [1, 2]}}", True),
    ("company: Riverside Market", "company: {zh: 清河超市}", True),
    ("busy", "bussy", False),
    (BUSY, "{to: later}", False),
    (BUSY, "{intent: busy, to: later, when: {satisfaction: {belo: 3}}}", False),
    ("id: ask", "id: <b>", False),
])  # fmt: skip
def test_schema_and_model_agree(old: str, new: str, valid: bool) -> None:
    text = TINY.replace(old, new, 1) if old else TINY
    checker = jsonschema.Draft202012Validator(json.loads(schema.schema_text()))
    assert checker.is_valid(parse_yaml(text, "x")[0]) is valid
    if valid:
        crm.phone.parse(text)
    else:
        with pytest.raises(InputError):
            crm.phone.parse(text)
