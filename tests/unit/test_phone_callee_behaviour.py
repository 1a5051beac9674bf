"""What any sane callee does, on the same luck."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmsim.phone.callee import call
from crmsim.phone.model import Script

POLITE = "谢谢您。请问您平时一般怎么买日用品，哪些方面您最看重？"
RUDE = "你别浪费我时间，少废话。你平时一般怎么买日用品，你最看重什么？"
PROUD = "我们公司成立多年，一直认真做日用品，仓库和车队都是自己的，配送范围也很大。"
LONG = f"谢谢您。{PROUD * 5}请问您怎么买日用品？"


def paired(one: pd.Series, other: pd.Series) -> tuple[float, float]:
    """Mean difference (other less one) and its standard error, on the same callees."""
    difference = other.astype(float) - one.astype(float)
    return float(difference.mean()), float(difference.std(ddof=1) / len(difference) ** 0.5)


def both(one: Script, other: Script, people: pd.DataFrame, **how) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results of two scripts, over three replications."""
    found = [
        pd.concat([call(script, people, seed=5, replication=k, **how).results for k in range(3)])
        for script in (one, other)
    ]
    return found[0], found[1]


def rises(one: pd.Series, other: pd.Series) -> bool:
    difference, error = paired(one, other)
    return difference > 4 * error > 0


# Behaviour


def test_a_rude_line_irritates_and_ends_calls(people, changed):
    one, other = both(changed(need=POLITE), changed(need=RUDE), people)
    assert rises(one["irritation"], other["irritation"])
    assert rises(one["disposition"] == "lost", other["disposition"] == "lost")
    assert rises(one["complained"], other["complained"])
    assert rises(other["satisfaction_change"], one["satisfaction_change"])
    assert rises(other["accepted"], one["accepted"])


def test_a_monologue_does_the_same(people, changed):
    one, other = both(changed(need=POLITE), changed(need=LONG), people)
    assert rises(one["irritation"], other["irritation"])
    assert rises(one["disposition"] == "lost", other["disposition"] == "lost")
    assert rises(other["accepted"], one["accepted"])
    assert rises(one["talk_share"], other["talk_share"])


def test_asking_whether_it_is_convenient_helps(people, changed):
    without = changed(time="想和您说一下老客户的新服务。")
    one, other = both(without, changed(time="想和您说一下老客户的新服务，您现在方便吗？"), people)
    assert rises(other["irritation"], one["irritation"])
    assert rises(one["trust"], other["trust"])


def test_saying_who_calls_builds_trust(people, changed):
    one, other = both(changed(open="您好，请问是{name}{honorific}吗？"), changed(), people)
    assert rises(one["trust"], other["trust"])


def test_nobody_buys_without_money_or_need(people, baseline, changed):
    """Neither with perfect manners nor with a script that pretends to have sold."""
    poor = people[~(people["money"] & people["need"])]
    others = people[people["money"] & people["need"]]
    pretends = baseline.model_dump(by_alias=True)
    for node in pretends["nodes"]:
        node["replies"] = [{**reply, "to": "done"} for reply in node["replies"]]
    kind = poor.assign(mood=5.0, rudeness=0.0, z_trust=4.0, z_interest=4.0, objections=0)
    for script in (baseline, changed(need=POLITE), Script.model_validate(pretends)):
        for disposition in ("appointment", "sale"):
            content = script.model_dump(by_alias=True)
            content["ends"][0]["disposition"] = disposition
            ready = Script.model_validate(content)
            assert not call(ready, kind, seed=2).results["accepted"].any()
    assert call(baseline, others, seed=2).results["accepted"].sum() > 50
    assert (call(Script.model_validate(pretends), poor, seed=2).results["disposition"] == "appointment").any()


def test_who_may_not_decide_says_yes_less_often(people, baseline):
    one, other = (call(baseline, people.assign(money=True, need=True, authority=flag), seed=4).results
                  for flag in (False, True))  # fmt: skip
    assert rises(one["accepted"], other["accepted"])
    assert one["accepted"].any()


def test_asking_more_often_is_not_asking_better(people, baseline):
    """Who is asked ten times in the same words has one threshold: no lottery of ten draws."""
    content = baseline.model_dump(by_alias=True)
    for node in content["nodes"]:
        if node["id"] == "detail":
            node["replies"] = [{"intent": "agree", "to": "recap"}, {"else": True, "to": "detail2"}]
            again = {**node, "id": "detail2"}
            node_again = {**again, "replies": [{"intent": "agree", "to": "recap"}, {"else": True, "to": "no"}]}
    stubborn = Script.model_validate({**content, "nodes": [*content["nodes"], node_again]})
    asked = call(stubborn, people, seed=3)
    twice = asked.steps[asked.steps["node"] == "detail2"]
    assert len(twice) > 100
    assert (twice["intent"] == "agree").mean() < 0.05


def test_ignoring_do_not_call_makes_people_complain(people, baseline):
    content = baseline.model_dump(by_alias=True)
    for node in content["nodes"]:
        node["replies"] = [r for r in node["replies"] if r.get("intent") != "opt_out"]
    irritated = people.assign(rudeness=0.9, open_complaint=True)
    one, other = both(baseline, Script.model_validate(content), irritated)
    asked = one["opted_out"] & other["opted_out"]
    assert asked.sum() > 30
    assert rises(one.loc[asked, "complained"], other.loc[asked, "complained"])


def test_those_who_are_dissatisfied_trust_less_and_are_ruder(people, baseline):
    one, other = (call(baseline, people.assign(mood=mood, rudeness=r), seed=4).results
                  for mood, r in ((5.0, 0.1), (1.0, 0.5)))  # fmt: skip
    assert rises(other["trust"], one["trust"])
    assert rises(one["irritation"], other["irritation"])


def test_more_dials_reach_more_people(people, baseline):
    one, three = (call(baseline, people, seed=4, n_dials=n).results for n in (1, 3))
    assert (three["answered"] >= one["answered"]).all()
    pd.testing.assert_frame_equal(one[one["answered"]], three[one["answered"]])
    expected, n = 1 - 0.45**3, len(people)
    assert abs(three["answered"].mean() - expected) < 4 * (expected * (1 - expected) / n) ** 0.5


def test_extreme_callees_stay_within_bounds(people, baseline):
    wild = people.assign(mood=np.where(people["money"], 5.0, 1.0), rudeness=1.0, z_trust=-9.0, n_contacts=1_000)
    found = call(baseline, wild, seed=1, warm=False).results
    assert all(found[name].between(0, 1).all() for name in ("trust", "interest", "irritation"))
    assert np.isfinite(found["satisfaction_change"]).all()


# Complaints, and matters that nobody is asked about


def two_lines(purpose: str, stage: str, line: str, disposition: str = "resolved") -> Script:
    """Who calls, a line, and an end, whatever is answered."""
    return Script.model_validate(
        {
            "script": "two lines", "purpose": purpose, "language": "zh",
            "nodes": [
                {"id": "open", "stage": "opening", "say": "您好，我是{company}的{agent}。",
                 "replies": [{"else": True, "to": "next"}]},
                {"id": "next", "stage": stage, "say": line, "replies": [{"else": True, "to": "done"}]},
            ],
            "ends": [{"id": "done", "disposition": disposition}],
        }
    )  # fmt: skip


def test_an_apology_and_a_next_step_settle_more_complaints(people):
    angry = people.assign(open_complaint=True)
    cold_words = two_lines("complaint", "closing", "这个不归我们管，您看着办吧。可以吗？")
    kind = two_lines("complaint", "closing", "非常抱歉，我理解您的心情。我今天请专人给您回复，可以吗？")
    one, other = both(cold_words, kind, angry)
    assert rises(one["accepted"], other["accepted"])
    assert rises(one["satisfaction_change"], other["satisfaction_change"])
    assert rises(other["irritation"], one["irritation"])


def test_what_is_written_down_as_resolved_need_not_be(people):
    """Nobody is asked in a line of the discovery: the end says "resolved", and some callees do not think so."""
    found = call(two_lines("survey", "discovery", "请问您对我们的服务满意吗？"), people, seed=1).results
    written = found[found["disposition"] == "resolved"]
    assert 0.05 < written["accepted"].mean() < 0.95


def test_an_appointment_that_nobody_agreed_to_is_none(people):
    """The script books whatever is answered; only those who say yes count, and none without money or need."""
    books = two_lines("appointment", "closing", "我给您约周四下午三点，可以吗？", "appointment")
    found = call(books, people, seed=1).results
    written = found["disposition"] == "appointment"
    assert written.sum() > 2 * found["accepted"].sum() > 0
    assert (people.loc[found["accepted"], ["money", "need"]]).all(axis=None)


def test_open_complaints_spoil_a_sale(people, baseline):
    one, other = (call(baseline, people.assign(open_complaint=flag), seed=4).results for flag in (True, False))
    assert rises(one["accepted"], other["accepted"])
    assert rises(other["irritation"], one["irritation"])


def test_a_line_more_in_the_opening_leaves_the_luck_of_the_pitch_alone(people, baseline):
    """A line that does nothing, put in early: whoever gets to the offer in the same mood answers it alike."""
    content = baseline.model_dump(by_alias=True)
    content["nodes"][0]["replies"] = [
        {**reply, "to": "pause"} if reply.get("else") else reply for reply in content["nodes"][0]["replies"]
    ]
    goes_on = [{**reply, "to": "time"} for reply in content["nodes"][0]["replies"] if reply.get("else")]
    pause = {"id": "pause", "stage": "opening", "say": {"zh": "嗯。"}, "replies": goes_on}
    content["nodes"] = [*content["nodes"], pause]
    one, other = (call(script, people, seed=6).steps for script in (baseline, Script.model_validate(content)))
    before, after = (steps[steps["node"] == "offer"].set_index("customer_id") for steps in (one, other))
    both_there = before.index.intersection(after.index)
    same = (before.loc[both_there, "intent"] == after.loc[both_there, "intent"]).mean()
    shuffled = (before.loc[both_there, "intent"].to_numpy() == np.roll(after.loc[both_there, "intent"], 1)).mean()
    assert len(both_there) > 1_000
    assert same > 0.9 > shuffled + 0.3
