"""Ten thousand spoilt scripts: each is read with findings, or refused with a message; nothing else ever happens.

Good scripts are spoilt in their bytes, in their words, and in their structure. Work per document is bounded by limits
of size, which are checked here; the worst texts within the limits are tried one by one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from xml.etree import ElementTree

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.findings import Finding
from crmsim.phone.reading import TINY
from crmsim.settings.validating import validated
from crmsim.settings.yaml_file import Source, parse_yaml

SHORT = """\
script: s
purpose: survey
language: zh
nodes:
- {id: a, stage: opening, say: "您好{name}", replies: [{intent: busy, to: z}, {else: true, to: a}]}
ends: [{id: z, disposition: lost, say: {zh: 再见, en: Bye}}]
"""
TIMES = 'calendar: {from: "09:00", to: "18:00", weekdays: [mon], attempts: 2}'
RICH = TINY.replace("to: later}", "to: later, when: {satisfaction: {below: 3}, stage: [churn]}}", 1).replace(
    "company: Riverside Market", TIMES + "\ncompany: {zh: 清河, en: River}"
)
N_BYTES, N_WORDS, N_STRUCTURE = 700, 800, 8_500
MOST_FINDINGS, MOST_LETTERS = 2_000, 3_000
NASTY = [
    "{name.__class__}", "{0}", "{name!r:>99999999}", "{", "}", "<script>", "&a", "*a", "!!python/name:os", "'", '"',
    "\x00", "\x1b", "\u202e", "\ud800", "\ufeff", "\U0001f4a3", "｛", "--- ", "%YAML", "? ", "- ", ": ", "[", "]", "\t",
    "0x" + "f" * 400, "1e999", ".nan", "~", "null", "true", "2024-01-01", "#", "|", ">", "@", "`", "else", "a" * 3_000,
    "<<: ", "=",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, -1, 0, 10**30, float("nan"), float("inf"), "", "x", "{", "{name}", "{bad}", "<b>x</b>", "\x07",
    "a" * 2_001, [], {}, [[]], {"x": 1}, [None], {"zh": "您好"}, "opt_out", "a", "z", 3.5, "\ud800",
    ("t",), b"x", object, 1j,
]  # fmt: skip


def judged(read: Callable[[], Any], *, drawn: bool = False) -> list[Finding] | str:
    """The findings, or the message of the refusal; any other exception fails the test."""
    try:
        script = read()
    except InputError as error:
        return str(error)
    found = crm.phone.lint(script)
    if drawn:
        assert crm.phone.twee(script, language="en").startswith(":: StoryTitle")
        assert crm.phone.mermaid(script).startswith("flowchart")
        ElementTree.fromstring(crm.phone.svg(script))
    assert len(found) < MOST_FINDINGS
    json.dumps([one.to_dict() for one in found])
    return found


def spoilt_bytes(luck: random.Random) -> str:
    content = bytearray(luck.choice((SHORT, SHORT, RICH)).encode())
    for _ in range(luck.randint(1, 4)):
        place, kind = luck.randrange(len(content)), luck.randrange(4)
        if kind == 0:
            content[place] = luck.randrange(256)
        elif kind == 1:
            del content[place : place + luck.randint(1, 9)]
        elif kind == 2:
            content[place:place] = bytes(luck.randrange(256) for _ in range(luck.randint(1, 3)))
        else:
            content[place:place] = content[place : place + luck.randint(1, 30)]
    return content.decode(errors=luck.choice(("replace", "ignore", "surrogateescape")))


def spoilt_words(luck: random.Random) -> str:
    text = luck.choice((SHORT, SHORT, RICH))
    words = text.split(" ")
    for _ in range(luck.randint(1, 3)):
        place, kind = luck.randrange(len(words)), luck.randrange(4)
        if kind == 0:
            words[place] = luck.choice(NASTY)
        elif kind == 1:
            words.insert(place, luck.choice(NASTY))
        elif kind == 2:
            words[place] = luck.choice(words)
        else:
            words[place] += luck.choice(NASTY)
    return " ".join(words)


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every key and item of nested containers."""
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, key
        if isinstance(node[key], (dict, list)):
            yield from places(node[key])


def spoilt_structure(luck: random.Random, content: Any) -> Any:
    content = json.loads(content)
    for _ in range(luck.randint(1, 3)):
        inside, key = luck.choice(list(places(content)))
        other_inside, other_key = luck.choice(list(places(content)))
        kind = luck.randrange(5)
        if kind == 0:
            inside[key] = luck.choice(VALUES)
        elif kind == 1:
            del inside[key]
        elif kind == 2:
            inside[key] = json.loads(json.dumps(other_inside[other_key], default=str))
        elif kind == 3 and isinstance(inside, list):
            inside.extend([inside[key]] * luck.choice((1, 3, 70, 250)))
        elif isinstance(inside, dict):
            inside[luck.choice(("say", "when", "else", "x", "id", "to", "start", "__class__"))] = inside[key]
        if not any(True for _ in places(content)):
            break
    return content


@pytest.mark.parametrize(("spoilt", "n"), [(spoilt_bytes, N_BYTES), (spoilt_words, N_WORDS)])
def test_spoilt_texts(spoilt: Callable[[random.Random], str], n: int) -> None:
    luck = random.Random(20_260)
    met = [judged(partial(crm.phone.parse, spoilt(luck)), drawn=True) for _ in range(n)]
    refused = [one for one in met if isinstance(one, str)]
    assert max(map(len, refused)) < MOST_LETTERS
    assert n / 10 < len(refused) < n  # both are met, or the test would try nothing
    assert all(", line " in message for message in refused if "this is not valid YAML" in message)


def test_spoilt_structures() -> None:
    luck = random.Random(20_261)
    contents = [json.dumps(parse_yaml(text, "x")[0], ensure_ascii=False) for text in (SHORT, RICH)]
    met = []
    for _ in range(N_STRUCTURE):
        content = spoilt_structure(luck, luck.choice(contents))
        read = partial(validated, crm.phone.Script, content, Source("fuzz"))
        met.append(judged(read, drawn=len(met) % 20 == 0))
    refused = [one for one in met if isinstance(one, str)]
    assert max(map(len, refused)) < MOST_LETTERS
    assert N_STRUCTURE / 10 < len(refused) < N_STRUCTURE * 9 / 10
    assert len({found.code for one in met if not isinstance(one, str) for found in one}) > 10


def test_ten_thousand_are_tried() -> None:
    assert N_BYTES + N_WORDS + N_STRUCTURE == 10_000


def test_the_largest_script_is_read_by_the_linter() -> None:
    """Two hundred nodes that all lead to each other with conditions: the most that the limits allow."""
    ids = [f"n{k}" for k in range(200)]
    replies = [{"intent": "agree", "to": ids[k], "when": {"months_since_purchase": {"at_least": k}}} for k in range(58)]
    nodes = [
        {"id": name, "stage": "pitch", "say": "{x}<b>" * 300,
         "replies": [*replies, {"intent": "busy", "to": ids[number - 199]}, {"else": True, "to": ids[number - 1]}]}
        for number, name in enumerate(ids)
    ]  # fmt: skip
    content = {"script": "x", "purpose": "survey", "language": "en", "nodes": nodes, "ends": []}
    found = crm.phone.lint(crm.phone.Script.model_validate(content))
    assert {"no_exit", "unknown_placeholder", "markup", "hidden_reply"} <= {one.code for one in found}
