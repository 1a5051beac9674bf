"""The scorecard: each item and each fatal item is met by the baseline and broken by one change that is quoted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.callee import call
from crmsim.phone.checks import CHECKS, card
from crmsim.phone.model import Script
from crmsim.phone.scorecard import gate, quality, score

BYE = "好的，再见。"
BROKEN_QUALITY = {
    "greets": {"open": "请问是{name}{honorific}吗？我是{company}的客服{agent}。"},
    "says_who": {"open": "您好，请问是{name}{honorific}吗？", "hello": "您好，听得到吗？"},
    "asks_if_convenient": {"time": "想和您说一下老客户的新服务。"},
    "says_why": {"time": "您现在方便说两分钟吗？"},
    "asks_first": {"need": "谢谢您。"},
    "meets_objections": {"price": "约{date}{time}看一看样品，可以吗？"},
    "feels_with_complaints": {"sorry": "这个事情不归我管，您找别人吧。"},
    "respects_busy": {"later": BYE},
    "confirms_opt_out": {"never": BYE},
    "no_monologue": {"need": "请问您怎么买日用品？" + "我们公司的仓库和车队都是自己的，配送范围也很大。" * 6},
}
BROKEN_GATE = {
    "no_identity": {"open": "您好，请问是{name}{honorific}吗？", "hello": "您好，听得到吗？"},
    "false_promise": {"detail": "上门介绍是免费的，我保证您百分之百满意。{date}{time}您看可以吗？"},
    "insult": {"price": "少废话，连这点钱都没有，闭嘴。"},
    "account_before_check": {"need": "谢谢您。您的账户余额还有三百元，请问您怎么用的？"},
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_baseline_is_decent(baseline, language):
    table = quality(baseline, language=language)
    assert table.attrs["quality"] > 80
    assert len(gate(baseline, language=language)) == 0
    asked = table["met"].notna()
    assert (table.loc[asked, "evidence"].str.len() > 0).all()


@pytest.mark.parametrize("item", BROKEN_QUALITY)
def test_one_change_breaks_one_item_with_its_words(baseline, changed, item):
    before, after = quality(baseline), quality(changed(**BROKEN_QUALITY[item]))
    assert before.loc[item, "met"]
    assert after.loc[item, "met"] is False
    assert after.attrs["quality"] < before.attrs["quality"]
    place = after.loc[item, "place"]
    texts = {node.id: node.say.spoken("zh") for node in changed(**BROKEN_QUALITY[item]).nodes}
    texts |= {end.id: end.say.spoken("zh") for end in changed(**BROKEN_QUALITY[item]).ends if end.say}
    words = after.loc[item, "evidence"].split(": ")[-1].removesuffix("...").split(" / ")
    assert all(word in texts[place] for word in words)


def test_quality_is_rescaled_to_the_items_that_apply(changed, baseline):
    content = baseline.model_dump(by_alias=True)
    for node in content["nodes"]:
        node["replies"] = [r for r in node["replies"] if r.get("intent") != "complain"]
    table = quality(Script.model_validate(content))
    assert table.loc["feels_with_complaints", "met"] is None
    asked = table[table["met"].notna()]
    by_hand = 100 * asked.loc[asked["met"].astype(bool), "weight"].sum() / asked["weight"].sum()
    assert table.attrs["quality"] == pytest.approx(by_hand)


@pytest.mark.parametrize("item", BROKEN_GATE)
def test_one_change_is_fatal(changed, item):
    broken = gate(changed(**BROKEN_GATE[item]))
    assert item in broken.index
    assert broken.loc[item, "evidence"]


@pytest.mark.parametrize(("item", "change"), [
    ("forbidden_hour", {"from": "07:30"}), ("forbidden_hour", {"to": "21:30"}),
    ("forbidden_redial", {"gap_minutes": 2}),
    ("forbidden_redial", {"attempts": 3, "again_after_minutes": 20}), ("do_not_call_ignored", {"not_again_months": 3}),
])  # fmt: skip
def test_calendars_can_be_fatal(baseline, item, change):
    content = baseline.model_dump(by_alias=True)
    content["calendar"] |= change
    broken = gate(Script.model_validate(content))
    assert broken.index.tolist() == [item]
    assert broken.loc[item, "place"] == "calendar"


def test_do_not_call_must_be_written_down(baseline):
    content = baseline.model_dump(by_alias=True)
    end = next(end for end in content["ends"] if end["id"] == "never")
    end["disposition"] = "callback"
    broken = gate(Script.model_validate(content))
    assert broken.loc["do_not_call_ignored", "evidence"] == "disposition: callback"


def test_an_offer_after_do_not_call_is_fatal(baseline):
    content = baseline.model_dump(by_alias=True)
    for node in content["nodes"]:
        node["replies"] = [{**r, "to": "offer"} if r.get("intent") == "opt_out" else r for r in node["replies"]]
    broken = gate(Script.model_validate(content))
    assert broken.loc["pitch_after_opt_out", "place"] == "offer"


def test_the_agent_must_not_hang_up_first(baseline):
    content = baseline.model_dump(by_alias=True)
    content["ends"][0]["hangs_up"] = "agent"
    assert gate(Script.model_validate(content)).index.tolist() == ["agent_hangs_up"]


def test_an_item_is_no_surprise_to_the_checks():
    assert {item["check"] for section in ("items", "fatal") for item in card()[section]} == set(CHECKS)
    assert all(item["source"] for section in ("items", "fatal") for item in card()[section])


def test_who_calls_may_be_said_in_the_line_of_the_offer_if_it_comes_first(changed):
    nameless = {"open": "您好，请问是{name}{honorific}吗？", "hello": "您好，听得到吗？"}
    first, last = "我是{company}的{agent}。我们为您准备了{offer}。", "我们为您准备了{offer}。我是{company}的{agent}。"
    assert "no_identity" not in gate(changed(**nameless, time=first)).index
    assert gate(changed(**nameless, time=last)).loc["no_identity", "place"] == "time"
    assert quality(changed(time="您现在方便吗？我们为您准备了{offer}。")).loc["asks_if_convenient", "met"] is False


# Transcripts


def test_a_transcript_is_judged_by_what_was_said(people, baseline):
    calls = call(baseline, people, seed=1)
    chosen = calls.results.index[calls.results["accepted"]][0]
    told = calls.transcript(chosen)
    table = quality(told)
    assert table.loc["says_who", "met"]
    assert table.loc["says_who", "place"] == 1
    assert all(any(word in text for text in told["text"]) for word in table.loc["says_who", "evidence"].split(" / "))
    assert table.loc["confirms_opt_out", "met"] is None
    assert len(gate(told)) == 0


def test_a_line_typed_into_a_transcript_can_be_fatal(people, baseline):
    calls = call(baseline, people, seed=1)
    told = calls.transcript(calls.results.index[calls.results["accepted"]][0])
    told.loc[4, "text"] = "少废话，听不懂吗？"
    assert gate(told).index.tolist() == ["insult"]


def test_other_things_cannot_be_judged(people):
    with pytest.raises(InputError, match="A script or a transcript"):
        quality("您好")
    with pytest.raises(InputError, match="nobody answered"):
        quality(pd.DataFrame({"who": ["customer"], "text": ["喂"], "intent": ["answer"]}))


# Outcome


def test_a_script_is_no_better_than_itself(people, baseline, changed):
    card = score(baseline, people.head(300), changed(), replications=2)
    assert (card.difference, card.difference_se) == (0.0, 0.0)
    assert card.outcome_se > 0
    assert (card.rates.loc["script"] == card.rates.loc["baseline"]).all()
    assert (card.rates["written_as_won"] >= card.rates["accepted"]).all()


def test_the_outcome_is_what_a_call_is_worth(people, baseline):
    """By hand, from the results."""
    few = people.head(400)
    worth = {"satisfaction": 0, "minute": 0, "opted_out": 0, "complained": 0, "accepted": 50}
    card = score(baseline, few, baseline, replications=3, worth=worth)
    found = [call(baseline, few, replication=k).results["accepted"] for k in range(3)]
    each = 50 * pd.concat(found, axis=1).mean(axis=1)
    assert card.outcome == pytest.approx(each.mean())
    assert card.outcome_se == pytest.approx(each.std(ddof=1) / np.sqrt(400))


def test_a_rude_sentence_costs_and_fails(people, baseline, changed):
    rude = changed(need="你别废话了，你这个笨蛋，快说你怎么买日用品？")
    card = score(rude, people.head(1_500), baseline, replications=3)
    assert card.quality == 0
    assert "insult" in card.fatal.index
    assert card.difference < -4 * card.difference_se < 0
    assert "fatal: insult" in repr(card)


def test_one_sentence_is_measured_more_finely_on_shared_luck(people, baseline, changed):
    """An objection passed over: the paired error is far below that of two groups with luck of their own."""
    card = score(changed(price="约{date}{time}看一看样品，可以吗？"), people.head(1_500), baseline, replications=2)
    assert card.difference < 0
    assert 0 < card.difference_se < 0.5 * np.sqrt(2) * card.outcome_se


@pytest.mark.parametrize(("change", "says"), [
    ({"replications": 0}, "replications=0"), ({"worth": {"sale": 1}}, "no 'sale'"),
])  # fmt: skip
def test_impossible_scores_are_refused(people, baseline, change, says):
    with pytest.raises(InputError, match=says):
        score(baseline, people.head(5), **change)
    with pytest.raises(InputError, match="two callees"):
        score(baseline, people.head(1))


def test_the_public_names():
    assert crm.phone.score is score
    assert crm.phone.call is call
