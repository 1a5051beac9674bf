"""The linter's rules on order, words and calendar: each finds its wrong example and leaves the right one alone."""

from __future__ import annotations

from typing import get_args

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.findings import Finding
from crmsim.phone.linting import calendar, flow, language
from crmsim.phone.model import Industry
from crmsim.phone.reading import TINY
from crmsim.phone.rulebook import rule, rulebook

GROUPS = {"flow": flow, "language": language, "calendar": calendar}
OWN = [code for code, entry in rulebook().items() if entry.group in GROUPS]


def found(text: str, *groups: str) -> list[Finding]:
    script = crm.phone.parse(text)
    return [one for group in groups or GROUPS for one in GROUPS[group].findings(script)]


@pytest.mark.parametrize("code", OWN)
@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_a_rule_finds_its_wrong_example_and_not_its_right_one(code: str, tongue: str) -> None:
    wrong = [one for one in found(rule(code).script("wrong", tongue)) if one.code == code]
    assert wrong
    assert all(one.evidence and one.advice and one.line for one in wrong if code != "no_calendar")
    assert code not in {one.code for one in found(rule(code).script("right", tongue))}


def test_rules_say_where_they_come_from() -> None:
    assert len(OWN) >= 27
    for code in OWN:
        entry = rule(code)
        assert entry.outside != entry.source.startswith("curriculum") or "F12" in entry.source, code
    inside = {code for code in OWN if not rule(code).outside}
    assert {"no_identity", "no_honorific", "no_convenience_question", "no_thanks", "agent_hangs_up"} <= inside
    assert {"monday_too_early", "redial_too_soon", "unusual_hours", "rude_words"} <= inside


HEAD = "script: t\npurpose: appointment\nlanguage: en\ncompany: Delta\nagent: Ann\n"
ENDS = "ends:\n  - {id: done, disposition: refused}\n"


def nodes(*rows: tuple[str, str, str, str]) -> str:
    written = [f'  - {{id: {name}, stage: {stage}, say: "{say}", replies: [{to}]}}\n' for name, stage, say, to in rows]
    return HEAD + "nodes:\n" + "".join(written) + ENDS


OPEN = "Hello Mr {name}, this is {agent} from {company}."
OFFER = "We have a special offer this week."


def test_one_path_that_misses_the_question_is_enough() -> None:
    """Two branches that both ask are fine, though neither dominates the pitch; one that does not ask is found."""
    both = nodes(
        ("open", "opening", OPEN, "{intent: busy, to: left}, {else: true, to: right}"),
        ("left", "opening", "Do you have a minute?", "{else: true, to: ask}"),
        ("right", "opening", "Is this a good time to talk?", "{else: true, to: ask}"),
        ("ask", "discovery", "What do you drive?", "{else: true, to: offer}"),
        ("offer", "pitch", OFFER, "{else: true, to: done}"),
    )
    assert "no_convenience_question" not in {one.code for one in found(both, "flow")}
    one_branch = both.replace("Do you have a minute?", "One moment.")
    assert [one.node for one in found(one_branch, "flow") if one.code == "no_convenience_question"] == ["offer"]


def test_the_question_must_stand_before_the_pitch_in_the_same_line() -> None:
    right = nodes(("open", "opening", f"{OPEN} Is this a good time to talk? {OFFER}", "{else: true, to: done}"))
    wrong = nodes(("open", "opening", f"{OPEN} {OFFER} Is this a good time to talk?", "{else: true, to: done}"))
    assert "no_convenience_question" not in {one.code for one in found(right, "flow")}
    assert "no_convenience_question" in {one.code for one in found(wrong, "flow")}


def test_a_circle_of_refusals_is_found_and_ends() -> None:
    text = nodes(
        ("open", "opening", OPEN, "{else: true, to: offer}"),
        ("offer", "pitch", OFFER, "{intent: agree, to: done}, {else: true, to: push}"),
        ("push", "objection", "Think again.", "{intent: agree, to: done}, {else: true, to: offer}"),
    )
    assert "too_many_rebuttals" in {one.code for one in found(text, "flow")}
    twice = text.replace("{else: true, to: offer}]}\nends", "{else: true, to: done}]}\nends")
    assert "too_many_rebuttals" not in {one.code for one in found(twice, "flow")}


def test_both_languages_of_a_script_are_read() -> None:
    text = nodes(("open", "opening", OPEN, "{else: true, to: done}")).replace(
        f'say: "{OPEN}"', f'say: {{en: "{OPEN}", zh: "您好，我保证您满意。"}}'
    )
    guarantees = [one for one in found(text, "language") if one.code == "guarantee"]
    assert [(one.node, one.evidence) for one in guarantees] == [("open", "保证")]


def test_a_fault_in_the_words_of_an_end_is_found() -> None:
    text = TINY.replace("We will not call again.", "We will not call again, you people are all the same.")
    assert [one.node for one in found(text, "language") if one.code == "rude_words"] == ["never"]


@pytest.mark.parametrize(("hours", "code"), [
    (("09:00", "21:00"), None), (("08:59", "21:00"), "from"), (("09:00", "21:01"), "to"),
])  # fmt: skip
def test_the_hours_of_the_law_at_their_bounds(hours: tuple[str, str], code: str | None) -> None:
    text = rule("no_calendar").script("right", "zh").replace("10:00", hours[0]).replace("18:00", hours[1])
    found_here = [one for one in found(text, "calendar") if one.code == "legal_hours_zh"]
    assert len(found_here) == (code is not None)


def test_monday_is_judged_only_when_it_is_called_on() -> None:
    text = rule("monday_too_early").script("wrong", "en")
    for start, wrong in (("09:59", True), ("10:00", False)):
        codes = {one.code for one in found(text.replace("09:30", start), "calendar")}
        assert ("monday_too_early" in codes) is wrong


def test_calling_again_at_its_bounds() -> None:
    text = rule("redial_too_soon").script("right", "zh")
    assert "redial_too_soon" not in {one.code for one in found(text, "calendar")}
    for old, new in (("gap_minutes: 10", "gap_minutes: 9"), ("again_after_minutes: 60", "again_after_minutes: 59")):
        assert "redial_too_soon" in {one.code for one in found(text.replace(old, new), "calendar")}
    two = text.replace("attempts: 3", "attempts: 2").replace("again_after_minutes: 60", "again_after_minutes: 0")
    assert "redial_too_soon" not in {one.code for one in found(two, "calendar")}


def test_an_empty_or_strange_script_does_not_break_the_groups() -> None:
    lost = HEAD + 'nodes:\n  - {id: a, stage: pitch, say: "Buy.", replies: [{intent: agree, to: nowhere}]}\n'
    assert "no_identity" in {one.code for one in found(lost)}
    to_itself, to_the_end = "{else: true, to: open}", "{else: true, to: done}"
    twins = nodes(("open", "opening", OPEN, to_itself), ("open", "pitch", OFFER, to_the_end))
    assert found(twins)


def test_the_industries_of_scripts_are_those_of_the_calling_calendar() -> None:
    assert set(get_args(Industry)) == set(crm.etiquette.windows()["industry"])


def test_hours_of_the_industry_take_the_place_of_the_usual_ones() -> None:
    """Households are called best in the evening, which for firms is late."""

    def told(calendar: str) -> dict[str, str]:
        text = TINY.replace("nodes:", f"calendar: {calendar}\nnodes:", 1)
        return {one.code: one.evidence for one in crm.phone.lint(crm.phone.parse(text))}

    evening = '{from: "18:30", to: "20:30", weekdays: [tue, wed]'
    assert "unusual_hours" in told(evening + "}")
    assert not {"unusual_hours", "industry_hours"} & set(told(evening + ", industry: household}"))
    assert told(evening + ", industry: bank}")["industry_hours"] == (
        "tue 18:30 to 20:30; bank: 09:30 to 11:30, 14:30 to 16:30"
    )
    weekend = told('{from: "09:30", to: "11:30", weekdays: [tue, sun], industry: bank}')
    assert weekend["industry_hours"] == "sun 09:30 to 11:30; bank: not on this day"


def test_an_unknown_industry_is_refused_where_it_stands() -> None:
    text = TINY.replace("nodes:", 'calendar: {from: "10:00", to: "11:00", industry: banks}\nnodes:', 1)
    with pytest.raises(InputError, match=r"line \d+, column \d+: calendar.industry"):
        crm.phone.parse(text)
