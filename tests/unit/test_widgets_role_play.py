"""The role play: the same callee as in a simulated call, and the widgets driven by setting values and pressing."""

from __future__ import annotations

import pandas as pd
import pytest

from crmsim.errors import InputError
from crmsim.phone.callee import call
from crmsim.phone.turns import OneCall
from crmsim.widgets import role_play

FEELINGS = ["trust", "interest", "irritation"]


@pytest.fixture
def play(baseline, people):
    return role_play(baseline, people.head(30), seed=2)


def to_the_end(one: OneCall) -> OneCall:
    while not one.over:
        one.say(one.suggested)
    return one


def say(play, words: str) -> None:
    play.controls["own"].value = words
    play.controls["say_own"].click()


# Without widgets


def test_who_keeps_to_the_script_plays_the_simulated_call(baseline, people):
    some = people.head(30)
    calls = call(baseline, some, seed=2, n_dials=20)
    told = 0
    for customer in calls.results.index[calls.results["answered"]]:
        if (calls.steps.loc[calls.steps["customer_id"] == customer, "intent"] == "wrong_person").any():
            continue
        one, row = to_the_end(OneCall(baseline, some.loc[[customer]], seed=2)), calls.results.loc[customer]
        assert (one.disposition, one.accepted) == (row["disposition"], row["accepted"])
        assert [one.feelings[name] for name in FEELINGS] == pytest.approx(row[FEELINGS].tolist())
        assert one.debrief().satisfaction_change == pytest.approx(row["satisfaction_change"], abs=6e-4)
        simulated = calls.transcript(customer)
        mine = one.transcript().iloc[1:].reset_index(drop=True)  # who picks up says hello first
        assert mine["text"].tolist() == simulated["text"].tolist()
        told += 1
    assert told > 15


def test_the_customer_speaks_first(baseline, people):
    rows = OneCall(baseline, people.head(1)).transcript()
    assert rows["who"].tolist() == ["customer"]
    assert OneCall(baseline, people.head(1), language="en").transcript()["text"].tolist() == ["Hello?"]


def test_own_words_are_heard_like_a_line(baseline, people):
    kind, rude = (OneCall(baseline, people.head(1), seed=2) for _ in range(2))
    kind.say("您好，我是清河超市的李明，请问您现在方便吗？")
    rude.say("少废话，闭嘴，听我说！")
    assert kind.feelings["trust"] > rude.feelings["trust"]
    assert rude.feelings["irritation"] > kind.feelings["irritation"] + 0.2
    assert "rudeness" in rude.transcript()["why"].iloc[1]


def test_the_suggested_line_is_among_the_choices(baseline, people):
    one = OneCall(baseline, people.head(1), seed=2)
    places = set()
    while not one.over:
        choices = one.choices()
        assert one.suggested in choices
        assert choices == one.choices()
        assert len(set(choices)) == len(choices) == 4
        assert not any("{" in text for text in choices)
        places.add(choices.index(one.suggested))
        one.say(one.suggested)
    assert len(places) > 1
    assert one.choices() == []


def test_without_money_or_need_nobody_is_won_by_any_words(baseline, people):
    poor = people[~(people["money"] & people["need"])].iloc[[0]]
    one = OneCall(baseline, poor.assign(mood=5.0, rudeness=0.0, z_trust=4.0, z_interest=4.0), seed=2)
    ask = "我明白。那我给您约周四下午三点，可以吗？"
    for words in ("您好，我是清河超市的李明，现在方便吗？", *[ask] * 10):
        if not one.over:
            one.say(words)
    assert not one.accepted
    assert not one.state.agreed[0]


def test_nothing_can_be_said_after_the_end(baseline, people):
    one = to_the_end(OneCall(baseline, people.head(1), seed=2))
    with pytest.raises(InputError, match="call is over"):
        one.say("喂？")
    with pytest.raises(InputError, match="Nothing was said"):
        OneCall(baseline, people.head(1)).say("  ")
    with pytest.raises(InputError, match="one callee"):
        OneCall(baseline, people.head(2))


# With widgets


def test_picking_lines_by_keyboard_plays_to_the_debrief(play):
    while not play.call.over:
        before = len(play.call.transcript())
        play.controls["line"].value = play.call.suggested
        play.controls["say"].click()
        assert len(play.call.transcript()) > before
    assert play.debrief is not None
    assert f"<b>{play.debrief.disposition}</b>" in play._says.value
    met = play.debrief.items[[value is True for value in play.debrief.items["met"]]]
    assert all(words in play._says.value for words in met["evidence"])
    assert play.controls["say"].disabled
    assert not play.controls["again"].disabled


def test_bars_and_log_follow_each_line(play):
    say(play, "您好，我是清河超市的李明。")
    assert "我是清河超市的李明" in play._log.value
    assert play.controls["own"].value == ""
    for name, value in play.call.feelings.items():
        assert play._feelings[name].value == value
        assert f"{value:.2f}" in play._feelings[name].description


def test_rude_words_are_fatal_and_quoted(play):
    say(play, "少废话，闭嘴！")
    play.controls["hang_up"].click()
    assert play.debrief.quality == 0
    assert set(play.debrief.fatal.index) == {"insult", "agent_hangs_up"}
    assert "少废话" in play._says.value
    assert "TE9" in play._says.value


def test_hanging_up_at_once_has_nothing_to_debrief(play):
    play.controls["hang_up"].click()
    assert play.debrief is None
    assert "before anything was said" in play._says.value


def test_again_is_the_same_call_and_next_another_customer(play):
    first = play.call.feelings
    say(play, "您好，我是清河超市的李明。")
    one = play.call.transcript()
    play.controls["again"].click()
    assert play.call.feelings == first
    say(play, "您好，我是清河超市的李明。")
    pd.testing.assert_frame_equal(play.call.transcript(), one)
    known = play._told.value
    play.controls["next"].click()
    assert play._told.value != known


def test_empty_words_are_explained_and_change_nothing(play):
    before = play.call.transcript()
    say(play, "   ")
    assert "Nothing was said" in play._says.value
    pd.testing.assert_frame_equal(play.call.transcript(), before)


def test_what_is_typed_is_never_html(play):
    say(play, "<script>alert(1)</script><b>您好</b>{name.__class__}")
    play.controls["hang_up"].click()
    for shown in (play._log.value, play._says.value):
        assert "<script>" not in shown
        assert "<b>您好" not in shown
    assert "&lt;script&gt;" in play._log.value


def test_a_very_long_line_is_cut(play):
    say(play, "您好。" * 2_000)
    spoken = play.call.transcript().query("who == 'agent'")
    assert len(spoken) == 1
    assert spoken["irritation"].iloc[0] == 1.0 or "monologue" in spoken["why"].iloc[0]


def test_every_control_explains_itself(play):
    for control in play.controls.values():
        assert control.description
        assert len(control.tooltip) > 20


def test_it_needs_no_arguments_and_ipywidgets(monkeypatch):
    assert role_play(language="en").call.language == "en"
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        role_play()


def test_other_things_are_refused(baseline, people):
    with pytest.raises(InputError, match="a script is needed"):
        role_play("script", people)
    with pytest.raises(InputError, match="callees"):
        role_play(baseline, people.drop(columns="need"))
