"""The rules of the telephone TE1-TE11: each one broken and kept, in both languages, and exactly at its limits."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmsim as crm
from crmsim.etiquette import calendars, wording
from crmsim.etiquette.calllog import COLUMNS

E = crm.etiquette
GOOD = {
    "zh": [
        ("customer_voice", "喂？", "neutral"), ("agent_say", "王女士，您好。我是宏达公司的李明。", "warm"),
        ("agent_say", "请问您现在方便吗？", "warm"), ("customer_say", "你说。", "neutral"),
        ("agent_say", "我们推出了一项优惠。", "neutral"), ("customer_say", "不用了。", "neutral"),
        ("agent_say", "好的，谢谢您。", "warm"), ("agent_say", "打扰了，再见。", "warm"),
        ("hangup_customer", "", ""), ("hangup_agent", "", ""),
    ],
    "en": [
        ("customer_voice", "Hello?", "neutral"),
        ("agent_say", "Good day, Ms Wang. This is Li Ming from Hongda.", "warm"),
        ("agent_say", "Is this a convenient time?", "warm"), ("customer_say", "Go on.", "neutral"),
        ("agent_say", "We have a special offer.", "neutral"), ("customer_say", "No.", "neutral"),
        ("agent_say", "All right, thank you.", "warm"), ("agent_say", "Sorry for disturbing you. Goodbye.", "warm"),
        ("hangup_customer", "", ""), ("hangup_agent", "", ""),
    ],
}
"""A call that keeps every rule; its lines have numbers from 0."""


def table(told: list[tuple[str, str, str]], *, call_id: str = "C1", start: str = "10:00", attempt: int = 1,
          seconds: list[float] | None = None, **more: Any) -> pd.DataFrame:
    """One call as a table of events, one every five seconds."""
    times = seconds or [5.0 * place for place in range(1, len(told) + 1)]
    row = {"call_id": call_id, "prospect_id": "P1", "weekday": "tue", "start": start, "attempt_no": attempt} | more
    rows = [row | {"event": "dial", "t_seconds": 0.0, "text": "", "tone": ""}]
    rows += [row | {"event": event, "t_seconds": time, "text": text, "tone": tone}
             for (event, text, tone), time in zip(told, times, strict=True)]
    return pd.DataFrame(rows)[list(COLUMNS)]


def codes(events: pd.DataFrame, **given: Any) -> list[str]:
    return [finding.code for finding in E.check_call(events, **given)]


def changed(language: str, changes: dict[int, Any]) -> pd.DataFrame:
    """The good call with some lines changed: a new text, a whole new line, or None to leave it out."""
    told = []
    for place, line in enumerate(GOOD[language]):
        new = changes.get(place, line)
        told += [(line[0], new, line[2]) if isinstance(new, str) else new] if new is not None else []
    return table(told)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_good_call_breaks_nothing(language: str) -> None:
    assert codes(table(GOOD[language]), industry="office") == []


NO_ADDRESS = {
    "zh": {1: "早上好。我是宏达公司的李明。", 2: "请问方便吗？", 6: "好的，谢谢。"},
    "en": {1: "Good day. This is Li Ming from Hongda."},
}
SWAPPED = {language: {0: GOOD[language][1], 1: GOOD[language][0]} for language in GOOD}
WRONG = [
    ("TE1", "zh", SWAPPED["zh"]), ("TE1", "en", SWAPPED["en"]),
    ("TE2", "zh", NO_ADDRESS["zh"]), ("TE2", "en", NO_ADDRESS["en"]),
    ("TE2", "zh", {4: "我们推出了一项优惠，你听不懂人话吗。"}), ("TE2", "en", {4: "We have an offer, stupid."}),
    ("TE3", "zh", {2: None}), ("TE3", "en", {2: None}),
    ("TE3", "zh", {2: None, 4: "我们推出了优惠，您方便吗？"}),
    ("TE3", "en", {2: None, 4: "We have an offer. Are you busy?"}),
    ("TE4", "zh", {1: "王女士，您好。这里是宏达公司。"}),
    ("TE4", "en", {1: "Good day, Ms Wang. This is Hongda Company."}),
    ("TE4", "zh", {1: "王女士，您好。我是李明。"}), ("TE4", "en", {1: "Good day, Ms Wang. My name is Li Ming."}),
    ("TE4", "zh", {1: "王女士，您好。", 4: "我们推出了优惠。我是宏达公司的李明。"}),
    ("TE4", "en", {1: "Good day, Ms Wang.", 4: "We have an offer. This is Li Ming from Hongda."}),
    ("TE5", "zh", {4: ("agent_say", "我们推出了一项优惠。", "cold")}),
    ("TE5", "en", {4: ("agent_say", "We have a special offer.", "cold")}),
    ("TE5", "en", {4: ("agent_say", "We have a special offer.", "rude")}),
    ("TE9", "zh", {5: ("customer_say", "别烦我！", "rude"), 6: ("agent_say", "谢谢您，不买就算了。", "rude")}),
    ("TE9", "en", {5: ("customer_say", "Go away!", "rude"), 6: ("agent_say", "Thank you for nothing.", "rude")}),
    ("TE10", "zh", {8: GOOD["zh"][9], 9: GOOD["zh"][8]}), ("TE10", "en", {8: GOOD["en"][9], 9: GOOD["en"][8]}),
    ("TE10", "en", {8: None}),
    ("TE11", "zh", {6: "好的。"}), ("TE11", "en", {6: "All right."}),
    ("TE11", "zh", {7: "再见。"}), ("TE11", "en", {7: "Goodbye."}),
]


NAMES = [f"{wrong[0]}-{wrong[1]}-{number}" for number, wrong in enumerate(WRONG)]


@pytest.mark.parametrize(("code", "language", "changes"), WRONG, ids=NAMES)
def test_each_rule_is_broken_alone(code: str, language: str, changes: dict[int, Any]) -> None:
    [finding] = E.check_call(changed(language, changes))
    assert finding.code == code
    assert finding.evidence
    assert finding.advice == E.rule(code).says


RIGHT = [
    ("zh", {5: ("customer_say", "别烦我！", "rude")}), ("en", {5: ("customer_say", "Go away!", "rude")}),
    ("zh", {1: "王总，早上好。我叫李明，来自宏达集团。", 2: "不知道有没有打扰到您？"}),
    ("en", {1: "Hello, sir. My name is Li Ming, calling from Hongda.", 2: "Are you busy?"}),
    ("zh", {1: "{name}{honorific}好。我是{company}的{agent}。"}),
    ("en", {1: "Hello, {honorific} {name}. This is {agent} from {company}."}),
    ("zh", {2: "您现在忙吗？要是方便，我想介绍一下我们的新产品。"}),
    ("zh", {6: "好的。", 7: "感谢您，耽误您时间了，再见。"}),
    ("en", {6: "All right.", 7: "Thanks, and I apologise for the disturbance."}),
]


@pytest.mark.parametrize(("language", "changes"), RIGHT)
def test_other_ways_of_keeping_the_rules(language: str, changes: dict[int, Any]) -> None:
    assert codes(changed(language, changes)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hanging_up_and_speaking_in_the_same_second_is_not_before(language: str) -> None:
    together = [5.0 * place for place in range(1, 10)] + [45.0]
    swapped = [*GOOD[language][:8], GOOD[language][9], GOOD[language][8]]
    assert codes(table(swapped, seconds=together)) == []
    assert codes(table(swapped, seconds=[*together[:9], 45.1])) == ["TE10"]
    at_once = [5.0, 5.0, *together[2:]]
    assert codes(table([GOOD[language][1], GOOD[language][0], *GOOD[language][2:]], seconds=at_once)) == []


def test_a_call_that_nobody_answers_is_judged_by_its_time_alone() -> None:
    silent = table([("ring", "", ""), ("hangup_agent", "", "")])
    assert codes(silent, industry="office") == []
    assert codes(silent.assign(start="12:30"), industry="office") == ["TE7"]
    talks = table([("agent_say", "您好。", "cold")])
    assert codes(talks) == ["TE1", "TE3", "TE4", "TE5", "TE11"]


def test_the_examples_of_the_rules_are_right_and_wrong() -> None:
    rules = E.rules("telephone")
    assert rules.index.tolist() == [f"TE{number}" for number in range(1, 12)]
    for code, groups in {"TE2": ["honorific"], "TE3": ["convenient"], "TE4": ["company", "self"],
                         "TE11": ["thanks", "apology"]}.items():
        for language in ("", "_zh"):
            right, wrong = rules.loc[code, f"right{language}"], rules.loc[code, f"wrong{language}"]
            assert all(wording.found(group, right) for group in groups), (code, language)
            assert not all(wording.found(group, wrong) for group in groups), (code, language)
    assert rules.loc["TE8", "parameters"] == {"min_gap": 10, "cooldown": 60}
    assert not rules["outside"].any()


@pytest.mark.parametrize(("group", "text", "is_found"), [
    ("honorific", "我是客户经理李明", False), ("honorific", "总经理在吗", False), ("honorific", "高总总是很忙", True),
    ("honorific", "don't miss this", False), ("honorific", "Miss Wang", True), ("self", "我是宏达公司的客服。", False),
    ("self", "我是宏达公司客服小李。", True), ("self", "This is Hongda Insurance.", False),
    ("self", "I'm calling about it.", False),
    ("company", "我是清河家电售后部的周岚。", True), ("self", "我是清河家电售后部的周岚。", True),
    ("company", "我是清河家电的回访专员。", True), ("self", "我是清河家电的回访专员。", False),
    ("company", "我是您的老朋友王芳。", False), ("self", "我是您的客户经理。", False),
    ("company", "您好，我是李明，宏达公司的。", True), ("self", "这里是中国移动客服，我是8号客服小张。", True),
    ("self", "我这边是平安保险的，姓张。", True), ("self", "It's Tom calling from Hongda.", True),
    ("self", "Am I speaking with Ms Wang from the bank?", False), ("convenient", "耽误您两分钟可以吗？", True),
    ("convenient", "耽误您时间了，再见。", False), ("convenient", "Sorry to bother you, are you free?", True),
    ("company", "Am I speaking with Ms Wang?", False), ("company", "a call from Mr Wang", False),
    ("rude", "请滚动页面", False), ("rude", "full of nonsense", True), ("thanks", "thankless", False),
])
def test_words_that_look_alike(group: str, text: str, is_found: bool) -> None:
    assert bool(wording.found(group, text)) == is_found


def test_only_the_first_characters_of_a_line_are_read() -> None:
    assert wording.found("thanks", "x" * wording.LONGEST + "谢谢") is None
    with pytest.raises(crm.InputError, match="no group of words"):
        wording.found("thank", "谢谢")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dialogue_on_paper_is_checked_like_a_call(language: str) -> None:
    lines = [("customer" if event.startswith("customer") else "agent", text, tone)
             for event, text, tone in GOOD[language] if text]
    assert codes(E.dialogue(lines, weekday="周二", start="9:30"), industry="office") == []
    assert codes(E.dialogue(lines, weekday="mon", start="09:30"), industry="office") == ["TE6"]
    assert codes(E.dialogue(lines, hangs_up="agent")) == ["TE10"]
    assert codes(E.dialogue([lines[1], lines[0], *lines[2:]])) == ["TE1"]
    assert codes(E.dialogue([("客户", "喂？"), ("我", "您好！我是宏达公司的李明，方便吗？")])) == ["TE11"]


@pytest.mark.parametrize("lines", [
    [], ["hello"], [("agent",)], [("robot", "hello")], [("agent", "")], [("agent", 7)], [("agent", "hello", "icy")],
])
def test_a_dialogue_that_cannot_be_read_is_named(lines: list[Any]) -> None:
    with pytest.raises(crm.InputError, match="dialogue"):
        E.dialogue(lines)


# Times


@pytest.mark.parametrize(("start", "industry", "expected"), [
    ("mon 09:59", None, ["TE6"]), ("mon 10:00", None, []), ("tue 09:00", None, []), ("周一 9:59", None, ["TE6"]),
    ("tue 09:00", "office", []), ("tue 08:59", "office", ["TE7"]), ("tue 11:30", "office", []),
    ("tue 11:31", "office", ["TE7"]), ("sat 10:00", "office", ["TE7"]), ("mon 08:00", "office", ["TE6", "TE7"]),
    ("sun 20:00", "household", []), ("sun 20:01", "household", ["TE7"]),
])
def test_time_of_a_call(start: str, industry: str | None, expected: list[str]) -> None:
    assert [finding.code for finding in E.check_time(start, industry)] == expected


def test_other_hours_and_moments() -> None:
    noon = pd.DataFrame({"industry": ["club"], "weekdays": ["sat sun"], "from": ["12:00"], "to": ["12:00"]})
    assert E.check_time("sat 12:00", "club", table=noon) == []
    assert [f.code for f in E.check_time("sat 12:01", "club", table=noon)] == ["TE7"]
    assert [f.code for f in E.check_time("fri 12:00", "club", table=noon)] == ["TE7"]
    assert E.check_time(pd.Timestamp("2026-03-02 09:30"), monday_earliest="09:30") == []
    assert E.check_time(datetime.datetime(2026, 3, 2, 9, 29))[0].code == "TE6"
    for bad in ("09:30", "someday 09:30", "mon 25:00", 930, None, pd.NaT):
        with pytest.raises(crm.InputError):
            E.check_time(bad)
    with pytest.raises(crm.InputError, match="Did you mean 'office'"):
        E.check_time("mon 10:00", "offices")
    for change in ({"from": ["13:00"]}, {"weekdays": ["someday"]}, {"to": ["noon"]}):
        with pytest.raises(crm.InputError, match="windows, row 0"):
            E.check_time("sat 12:00", "club", table=noon.assign(**change))
    with pytest.raises(crm.InputError, match="column 'to' is missing"):
        E.check_time("sat 12:00", "club", table=noon.drop(columns="to"))


@given(st.sampled_from(calendars.DAYS), st.integers(0, 24 * 60 - 1), st.sampled_from(["office", "shop", "household"]))
def test_a_call_is_inside_exactly_one_window_or_found(day: str, minute: int, industry: str) -> None:
    rows = E.windows().query("industry == @industry")
    rows = rows[[day in days.split() for days in rows["weekdays"]]]
    clock = calendars.clock_text(minute)
    inside = int(((rows["from"] <= clock) & (clock <= rows["to"])).sum())
    found = [finding.code for finding in E.check_time(f"{day} {clock}", industry)]
    assert found == ["TE6"] * (day == "mon" and minute < 600) + ["TE7"] * (inside == 0)
    assert inside <= 1


# Attempts


@pytest.mark.parametrize(("times", "answered", "places"), [
    ([0, 10], [False, False], []), ([0, 9], [False, False], [2]), ([0, 9], [True, False], []),
    ([0, 10, 70], [False] * 3, []), ([0, 10, 69], [False] * 3, [3]), ([0, 10, 11], [False, True, False], []),
    ([0, 10, 20], [True, False, False], []), ([0, 3, 20, 79], [False] * 4, [2, 3, 4]),
    (["14:00", "14:10", "14:15"], [False] * 3, [3]), ([], [], []), ([5], [False], []),
    ([pd.Timestamp("2026-03-02 23:55"), pd.Timestamp("2026-03-03 00:04")], [False, False], [2]),
])
def test_attempts(times: list[Any], answered: list[bool], places: list[int]) -> None:
    assert [finding.place for finding in E.check_attempts(times, answered)] == places


def test_other_limits_for_attempts() -> None:
    assert E.check_attempts([0, 5, 35], [False] * 3, min_gap=5, cooldown=30) == []
    assert len(E.check_attempts([0, 5, 35], [False] * 3, min_gap=6, cooldown=31)) == 2
    for bad in ({"times": [0], "answered": [True, False]}, {"times": [5, 4], "answered": [True, True]},
                {"times": ["x"], "answered": [True]}, {"times": [0], "answered": ["yes"]},
                {"times": [float("nan")], "answered": [True]}, {"times": [0], "answered": [True], "min_gap": -1},
                {"times": [0], "answered": [True], "cooldown": "60"}):
        with pytest.raises(crm.InputError):
            E.check_attempts(**bad)


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=12), st.integers(0, 1_000))
def test_attempts_by_another_way(steps: list[tuple[int, bool]], shift: int) -> None:
    times = [shift + sum(gap for gap, _ in steps[:place + 1]) for place in range(len(steps))]
    answered = [flag for _, flag in steps]
    wanted = []
    for place in range(1, len(steps)):
        silent_before = not answered[place - 1]
        twice = silent_before and place > 1 and not answered[place - 2]
        if silent_before and times[place] - times[place - 1] < (60 if twice else 10):
            wanted.append(place + 1)
    assert [finding.place for finding in E.check_attempts(times, answered)] == wanted


# Bad input


@pytest.mark.parametrize(("column", "value", "says"), [
    ("event", "agent_says", "Did you mean 'agent_say'"),
    ("t_seconds", "12", "no number"), ("t_seconds", -1, "no number"),
    ("t_seconds", float("nan"), "no number"), ("t_seconds", 2.0, "2 comes after 10"), ("t_seconds", True, "no number"),
    ("attempt_no", "first", "no number"),
    ("attempt_no", 1.5, "number of an attempt"), ("attempt_no", 2, "another value"),
    ("weekday", "Someday", "no weekday"), ("weekday", "wed", "another value"), ("start", "25:00", "no time of day"),
    ("start", "10:01", "another value"), ("start", 10.5, "no time of day"), ("tone", "icy", "no tone"),
    ("text", 7, "no text"), ("event", None, "no event"), ("event", ["agent_say"], "no value of this column"),
    ("call_id", None, "no label"), ("prospect_id", "P2", "another value"), ("prospect_id", [1], "no label"),
])
def test_a_bad_value_is_named_with_row_and_column(column: str, value: Any, says: str) -> None:
    events = table(GOOD["en"]).astype(object)
    events[column] = [value if place == 3 else old for place, old in enumerate(events[column])]
    with pytest.raises(crm.InputError) as error:
        E.check_call(events, call_id="C1")
    assert f"events, row 3 (index 3), column {column!r}" in str(error.value)
    assert says in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(column: str) -> None:
    with pytest.raises(crm.InputError, match=f"the column '{column}' is missing"):
        E.check_calls(table(GOOD["en"]).drop(columns=column))


def test_what_is_no_log_at_all() -> None:
    events = table(GOOD["en"])
    for bad in (None, [], "log", events.iloc[:0], pd.concat([events, events[["text"]]], axis=1)):
        with pytest.raises(crm.InputError):
            E.check_call(bad)
    two = pd.concat([events, table(GOOD["zh"], call_id="C2", prospect_id="P2")])
    with pytest.raises(crm.InputError, match="several prospects"):
        E.check_call(two)
    with pytest.raises(crm.InputError, match="Did you mean 'C2'"):
        E.check_call(two, call_id="C22")
    with pytest.raises(crm.InputError, match="limits: 'gap' is unknown"):
        E.check_call(events, limits={"gap": 3})


def test_empty_cells_may_be_none_or_nan() -> None:
    events = table(GOOD["zh"]).astype(object)
    assert codes(events.replace("", None)) == []
    assert codes(events.replace("", float("nan"))) == []


@given(st.data())
@settings(max_examples=60)
def test_whatever_stands_in_a_cell_there_is_a_finding_or_one_clear_message(data: st.DataObject) -> None:
    value = data.draw(st.one_of(st.none(), st.text(max_size=5), st.floats(), st.integers(-5, 10**20), st.booleans(),
                                st.just(pd.NA), st.just(pd.NaT), st.just((1,)), st.just([])))
    events = table(GOOD["zh"]).astype(object)
    row, column = data.draw(st.integers(0, len(events) - 1)), data.draw(st.sampled_from(COLUMNS))
    events[column] = [value if place == row else old for place, old in enumerate(events[column])]
    said = ""
    try:
        E.check_calls(events)
    except crm.InputError as error:
        said = str(error)
    assert not said or "events, row" in said
