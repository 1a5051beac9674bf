"""Fatal faults that calls come to: found where no other rule finds them, on the way that is named, and only there."""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ruamel.yaml import YAML

import crmsim as crm
from crmsim.phone.checks import CHECKS, card
from crmsim.phone.findings import Finding
from crmsim.phone.linting import reached
from crmsim.phone.linting.walking import Routes, routes_of
from crmsim.phone.model import Script
from crmsim.phone.reading import TINY
from crmsim.phone.rulebook import rule, rulebook

DATA = Path(__file__).resolve().parents[1] / "data" / "phone"
LABELLED = YAML(typ="safe").load((DATA / "fatal_reached.yaml").read_text(encoding="utf-8"))
FATAL = [row["id"] for row in card()["fatal"]]
OFFER = 'say: "We will not call again. It costs only 9 dollars. Thank you, goodbye."'


def edited(row: dict[str, Any]) -> str:
    text = (DATA / "scripts" / row["language"] / f"{row['script']}.yaml").read_text(encoding="utf-8")
    for old, new in row["edits"]:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def fatal(script: Script) -> list[Finding]:
    return [one for one in crm.phone.lint(script) if one.code == reached.CODE]


def late(when: str = "") -> Script:
    """The smallest script; who asks not to be called at `ask` hears an offer, some by a condition."""
    before, after = TINY.rsplit("{intent: opt_out, to: never}", 1)
    reply = f"{{intent: opt_out, to: late{when}}}" + "\n      - {intent: opt_out, to: never}" * bool(when)
    return crm.phone.parse(f"{before}{reply}{after}  - {{id: late, disposition: do_not_call, {OFFER}}}\n")


@pytest.mark.parametrize("row", LABELLED, ids=lambda row: f"{row['language']}-{row['script']}")
def test_only_this_rule_finds_a_fault_that_shows_when_it_is_heard(row: dict[str, Any]) -> None:
    good = (DATA / "scripts" / row["language"] / f"{row['script']}.yaml").read_text(encoding="utf-8")
    found, before = (crm.phone.lint(crm.phone.parse(text)) for text in (edited(row), good))
    ours = [one for one in found if one.code == reached.CODE]
    assert (row["node"], row["item"]) in {(one.node, one.evidence.split(" ")[0]) for one in ours}
    assert {one.evidence.split(" ")[0] for one in ours} == {row["item"]}
    assert {one.code for one in found} - {one.code for one in before} == {reached.CODE}, "not even a warning elsewhere"


def test_at_least_two_labelled_scripts_in_each_language() -> None:
    for language in ("zh", "en"):
        assert len([row for row in LABELLED if row["language"] == language]) >= 2


def test_a_finding_names_the_item_the_way_and_the_calls() -> None:
    words = "We will not call again."
    script = crm.phone.parse(TINY.replace(words, f"{words} It costs only 9 dollars."))
    one = fatal(script)[0]
    told = re.fullmatch(
        r'pitch_after_opt_out \(an offer after "do not call" 对方要求勿扰后仍推销\): open > never, '
        r"in (\d+) of 300 trial calls: .*9 dollars", one.evidence
    )  # fmt: skip
    assert told is not None, one.evidence
    assert (one.severity, one.node, one.line) == ("error", "never", 25)
    n_said = sum(n for way, n in reached._walks(script).items() if way[-1] == ("never", ""))
    assert (reached._walks(script).total(), n_said) == (300, int(told[1]))
    assert n_said > 0
    assert fatal(script) == [one]


def test_only_customers_who_exist_count() -> None:
    assert [one.node for one in fatal(late(", when: {months_since_purchase: {at_least: 9}}"))] == ["late"]
    assert fatal(late(", when: {months_since_purchase: {at_least: 900}}")) == []


def test_nothing_is_left_to_chance() -> None:
    """Fifty lines in a row, each of which one answer of sixteen passes: no walk comes so far."""
    tail = "{intent: opt_out, to: never}, {else: true, to: no}]}\n"
    rooms = [f"{{id: r{k}, stage: closing, say: One moment., replies: [{{intent: rude, to: r{k + 1}}}, {tail}"
             for k in range(50)]  # fmt: skip
    last = f"{{id: r50, stage: closing, say: One moment., replies: [{{intent: opt_out, to: late}}, {tail}"
    added = "".join(f"  - {line}" for line in [*rooms, last.replace(", {intent: opt_out, to: never}", "")])
    text = TINY.replace("{intent: agree, to: done}", "{intent: agree, to: r0}").replace("ends:\n", f"{added}ends:\n")
    found = fatal(crm.phone.parse(f"{text}  - {{id: late, disposition: do_not_call, {OFFER}}}\n"))
    assert [one.node for one in found] == ["late"]
    way = "open > ask > r0 > r1 > r2 > r3 > ... > r46 > r47 > r48 > r49 > r50 > late"
    assert f"{way}, in 0 of 300 trial calls" in found[0].evidence


def test_every_fatal_item_has_a_way_and_rules_that_name_it_first() -> None:
    parameters = rule(reached.CODE).parameters
    assert set(FATAL) == set(parameters) - {"n_calls"}
    assert {code for item in FATAL for code in parameters[item]} <= set(rulebook())
    on_calendar = {row["id"] for row in card()["fatal"] if row["check"] not in reached.AIMS}
    assert on_calendar == {"forbidden_hour", "forbidden_redial"}
    assert set(reached.AIMS) <= set(CHECKS)


@pytest.mark.parametrize(("calendar", "item"), [
    ('from: "07:00", to: "18:00"', "forbidden_hour"), ('from: "10:00", to: "22:00"', "forbidden_hour"),
    ('from: "10:00", to: "18:00", gap_minutes: 1', "forbidden_redial"),
    ('from: "10:00", to: "18:00", attempts: 3, again_after_minutes: 5', "forbidden_redial"),
    ('from: "10:00", to: "18:00", not_again_months: 2', "do_not_call_ignored"),
])  # fmt: skip
def test_what_hangs_on_the_calendar_is_named_by_rules_of_the_calendar(calendar: str, item: str) -> None:
    script = crm.phone.parse(f"calendar: {{{calendar}}}\n{TINY}")
    assert item in crm.phone.gate(script).index
    assert fatal(script) == []
    assert {one.evidence.split(" ")[0] for one in reached.findings(script)} == {item}


@cache
def good_scripts() -> tuple[Script, ...]:
    return tuple(crm.phone.load(path) for path in sorted((DATA / "scripts").glob("*/*.yaml")))


WRONG = {
    "zh": ["我们保证您满意。", "你闭嘴。", "您的账户余额是268元。", "这款电饭煲现在只要199元。", "好的。"],
    "en": ["I guarantee it.", "Shut up.", "Your balance is 268 dollars.", "It costs only 199 dollars.", "All right."],
}  # fmt: skip
PROMISING = {"zh": "稳赚银行", "en": "Guaranteed Gains"}


def spoilt(luck: random.Random) -> Script:
    """A good script with wrong words, ways, ends, names and hands on the receiver."""
    content = luck.choice(good_scripts()).model_dump(by_alias=True)
    names = [part["id"] for part in (*content["nodes"], *content["ends"])]
    for _ in range(luck.randint(3, 9)):
        kind = luck.choice((0, 0, 1, 1, 1, 2, 3, 4, 5))
        node, end = luck.choice(content["nodes"]), luck.choice(content["ends"])
        if kind == 0:
            luck.choice(node["replies"])["to"] = luck.choice(names)
        elif kind == 1:
            part, words = luck.choice((node, end)), luck.choice(WRONG[content["language"]])
            old = (part["say"] or {}).get(content["language"]) or ""
            part["say"] = {content["language"]: luck.choice((words, words + old, old + words))}
        elif kind == 2:
            end["disposition"] = luck.choice(("refused", "do_not_call", "lost", "no_answer", None))
        elif kind == 3:
            end["hangs_up"] = "agent"
        elif kind == 4:
            content["company"] = {content["language"]: PROMISING[content["language"]]}
        else:
            node["stage"] = luck.choice(("opening", "discovery", "pitch", "closing"))
    return Script.model_validate(content)


def names_it(found: list[Finding], item: str) -> bool:
    sisters = rule(reached.CODE).parameters[item]
    return any(one.code in sisters or (one.code == reached.CODE and one.evidence.startswith(item)) for one in found)


def test_whatever_zeroes_a_call_of_simulated_customers_is_named(people: pd.DataFrame) -> None:
    """The calls are those of the callees, judged by the public gate: nothing of the linter's own play is used."""
    luck, n_gated = random.Random(20_262), 0
    for number in range(30):
        script = spoilt(luck)
        calls = crm.phone.call(script, people.head(40), seed=number)
        found = crm.phone.lint(script)
        for customer in calls.results.index[calls.results["answered"]][:6]:
            for item in crm.phone.gate(calls.transcript(customer), language=script.language).index:
                n_gated += 1
                assert names_it(found, item), (item, [(one.code, one.node) for one in found])
    assert n_gated > 50, "too few calls were gated: the test would try nothing"


def test_calls_by_good_scripts_are_not_zeroed(people: pd.DataFrame) -> None:
    """Names that have been filled in are still the names of the firm and the agent."""
    for number, script in enumerate(good_scripts()):
        calls = crm.phone.call(script, people.head(12), seed=number)
        longest = calls.results["turns"].idxmax()
        assert list(crm.phone.gate(calls.transcript(longest), language=script.language).index) == [], script.script


def test_the_gate_says_the_same_of_a_forced_way_as_of_its_transcript() -> None:
    luck, n_broken = random.Random(20_263), 0
    for _ in range(60):
        script = spoilt(luck)
        talk = reached.Heard(script, script.language)
        for way in islice(talk.forced(), 12):
            rows = [(("agent", talk.lines[name].text, ""), ("customer", "...", intent)) for name, intent in way]
            table = pd.DataFrame([row for pair in rows for row in pair], columns=["who", "text", "intent"])
            acts = [", ".join(talk.lines[name].acts) for name, _ in way]
            table["acts"] = [acts[number // 2] if number % 2 == 0 else "" for number in range(len(table))]
            if not (table["text"].iloc[::2] != "").any():
                continue
            of_words = set(crm.phone.gate(table, language=script.language).index)
            of_way = {item for item, _, _ in talk.broken(way)}
            assert of_words == of_way - {"forbidden_hour", "forbidden_redial", "do_not_call_ignored", "agent_hangs_up"}
            n_broken += len(of_words)
    assert n_broken > 40


def test_no_one_is_left_to_wait_for_when_nobody_answers() -> None:
    """The gate and the rule agree: an end without an answer may be hung up on."""
    for disposition, broken in (("no_answer", False), ("refused", True)):
        text = TINY.replace("{id: no, disposition: refused,", f"{{id: no, disposition: {disposition}, hangs_up: agent,")
        script = crm.phone.parse(text)
        assert ("agent_hangs_up" in crm.phone.gate(script).index) == broken
        assert ("agent_hangs_up" in {one.code for one in crm.phone.lint(script)}) == broken
        assert fatal(script) == []


def test_the_shortest_way_is_found() -> None:
    script = late()
    aim = reached.Aim({"late"}, after=("opt_out",))
    ways = list(reached._ways(script, Routes(script, {}), aim))
    assert [[name for name, _ in way] for way in ways] == [["open", "ask", "late"]]
    assert [intent for _, intent in ways[0]] == ["agree", "opt_out", ""]
    assert list(reached._ways(script, routes_of(script, seed=0)[0], aim._replace(closed=("ask",)))) == []
