"""Satisfaction, facets, gaps, Kano, word of mouth, loyalty: the course's vectors, boundaries, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmsim import service
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.service.kano import ANSWERS, CLASSES

WEIGHTS = {"idea": 0.15, "behaviour": 0.20, "audiovisual": 0.10, "product": 0.30, "service": 0.25}
SCORES = {"idea": 80, "behaviour": 70, "audiovisual": 90, "product": 60, "service": 75}
TOWN = service.network(300, seed=1)


# Satisfaction


@pytest.mark.parametrize(
    ("expected", "perceived", "difference", "word"),
    [(3, 5, 2, "satisfied"), (4, 4, 0, "confirmed"), (5, 3.5, -1.5, "dissatisfied")],
)
def test_the_sign_of_satisfaction(expected: float, perceived: float, difference: float, word: str) -> None:
    assert service.satisfaction(expected, perceived) == difference
    assert service.judgement(difference) == word


def test_satisfaction_of_many() -> None:
    one, other = pd.Series([1.0, 5.0], index=["a", "b"]), pd.Series([3.0, 3.0], index=["a", "b"])
    assert service.satisfaction(one, other).to_dict() == {"a": 2, "b": -2}


def test_index_and_top_two_box() -> None:
    assert service.satisfaction_index([5, 4, 3, 1]) == 3.25
    assert service.top_two_box([5, 4, 3, 1]) == 0.5
    assert service.top_two_box([7, 6, 5], best=7) == pytest.approx(2 / 3)


def test_a_survey_of_a_run(shop_run: Run) -> None:
    found = service.survey_summary(shop_run)
    scores = shop_run.surveys["satisfaction"]
    assert found.loc["all", "satisfaction_index"] == pytest.approx(service.satisfaction_index(scores))
    assert found.loc["all", "top_two_box_share"] == pytest.approx(service.top_two_box(scores))
    by_period = service.survey_summary(shop_run, by="period")
    assert by_period["n_answers"].sum() == len(scores)
    assert by_period.index.name == "period"


def test_tv08_and_its_table() -> None:
    assert service.facet_index(SCORES, WEIGHTS) == pytest.approx(71.75)
    table = pd.DataFrame([SCORES, dict.fromkeys(SCORES, 50)])
    assert service.facet_index(table, WEIGHTS).to_list() == pytest.approx([71.75, 50])
    assert service.facet_index(pd.Series(SCORES), pd.Series(WEIGHTS)) == pytest.approx(71.75)


def test_gaps_worst_first_and_servqual_by_default() -> None:
    names = list(service.catalogue("servqual").index)
    table = pd.DataFrame({f"expected_{name}": [5.0, 6.0] for name in names})
    for place, name in enumerate(names):
        table[f"perceived_{name}"] = table[f"expected_{name}"] - place
    found = service.gaps(table)
    assert found.index.to_list() == names[::-1]
    assert found["gap"].to_list() == [-4, -3, -2, -1, 0]
    assert (found["gap_se"] == 0).all()
    assert service.gaps(table.iloc[:1])["gap_se"].isna().all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: service.satisfaction("4", 3), "expected='4'"),  # type: ignore[call-overload]
        (lambda: service.satisfaction(float("nan"), 3), "expected=nan"),
        (lambda: service.satisfaction(pd.Series([1.0]), 3), "one of each"),  # type: ignore[call-overload]
        (lambda: service.satisfaction(pd.Series([1.0]), pd.Series([1.0], index=["a"])), "row labels"),
        (lambda: service.satisfaction_index([]), "empty"),
        (lambda: service.satisfaction_index(["good"]), "numbers are needed"),
        (lambda: service.top_two_box([0, 5]), "0 at place 0"),
        (lambda: service.top_two_box([4.5]), "boxes are whole"),
        (lambda: service.top_two_box([6]), "6 at place 0"),
        (lambda: service.survey_summary(pd.DataFrame({"satisfaction": [9]})), "9 at place 0"),
        (lambda: service.survey_summary(pd.DataFrame({"satisfaction": [4]}), by="month"), "no column 'month'"),
        (lambda: service.facet_index(SCORES, WEIGHTS | {"idea": 0.25}), "sum to 1.1"),
        (lambda: service.facet_index(SCORES, WEIGHTS | {"idea": -0.15, "product": 0.6}), "0 or more"),
        (lambda: service.facet_index(SCORES | {"idea": 101}, WEIGHTS), "101"),
        (lambda: service.facet_index(SCORES | {"price": 1}, WEIGHTS), "'price' is not a facet"),
        (lambda: service.facet_index({"idea": 1}, WEIGHTS), "'behaviour' is missing"),
        (lambda: service.facet_index(SCORES, [0.2] * 5), "a dict with idea"),  # type: ignore[arg-type]
        (lambda: service.gaps(pd.DataFrame({"expected_price": [1]}), ["price"]), "'perceived_price' is missing"),
        (lambda: service.gaps(pd.DataFrame({"a": [1]}), []), "at least one dimension"),
    ],
)
def test_bad_surveys_are_refused(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


# Kano


def test_tv09_all_25_cells() -> None:
    rows = {
        "like": "Q A A A O", "must-be": "R I I I M", "neutral": "R I I I M", "live-with": "R I I I M",
        "dislike": "R R R R Q",
    }  # fmt: skip
    for functional, letters in rows.items():
        for dysfunctional, letter in zip(ANSWERS, letters.split(), strict=True):
            assert service.kano_class(functional, dysfunctional) == letter
            assert service.kano_table().loc[functional, dysfunctional] == letter


def pairs(*classes: str) -> pd.DataFrame:
    """One answer of each class."""
    cells = {
        "M": ("neutral", "dislike"), "O": ("like", "dislike"), "A": ("like", "neutral"), "I": ("neutral", "neutral"),
        "R": ("dislike", "neutral"), "Q": ("like", "like"),
    }  # fmt: skip
    return pd.DataFrame([("f", *cells[name]) for name in classes], columns=["feature", "functional", "dysfunctional"])


@pytest.mark.parametrize(
    ("classes", "decides"),
    [("AAI", "A"), ("QIA", "A"), ("AOMI", "M"), ("IA", "A"), ("OA", "O"), ("QR", "R"), ("RI", "I"), ("Q", "Q")],
)
def test_the_majority_and_equals(classes: str, decides: str) -> None:
    found = service.kano_majority(pairs(*classes)).loc["f"]
    assert found["kano"] == decides
    assert found["share"] == pytest.approx(classes.count(decides) / len(classes))
    assert found[list(CLASSES)].sum() == len(classes)


def test_features_stay_in_their_order() -> None:
    both = pd.concat([pairs("A").assign(feature="z"), pairs("M", "M").assign(feature="a")])
    assert service.kano_majority(both)["kano"].to_dict() == {"z": "A", "a": "M"}
    assert service.kano_majority(both).index.to_list() == ["z", "a"]


def test_unknown_answers_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean 'neutral'"):
        service.kano_class("like", "neutrl")
    with pytest.raises(InputError, match="column 'functional' holds 'lik'"):
        service.kano_majority(pairs("A").assign(functional="lik"))
    with pytest.raises(InputError, match="'feature' is missing"):
        service.kano_majority(pairs("A").drop(columns="feature"))


# The long questionnaire


def test_answers_stay_on_their_scales_and_come_again(shop_run: Run) -> None:
    asked = service.questionnaire(shop_run, n_customers=200, seed=4)
    scales = asked.answers.filter(regex="expected_|perceived_")
    assert scales.isin(range(1, 8)).all(axis=None)
    assert asked.answers[list(WEIGHTS)].isin(range(101)).all(axis=None)
    assert (asked.answers - asked.truth[asked.answers.columns]).abs().max(axis=None) < 1
    assert len(asked.kano) == 6 * 200
    assert not any("satisfaction" in name for name in asked.answers)
    again = service.questionnaire(shop_run, n_customers=200, seed=4)
    pd.testing.assert_frame_equal(again.answers, asked.answers)
    assert not service.questionnaire(shop_run, n_customers=200, seed=5).answers.equals(asked.answers)


def test_nobody_can_be_asked_without_a_truth(shop_run: Run) -> None:
    with pytest.raises(InputError, match="a Past was given"):
        service.questionnaire(shop_run.until(6))
    with pytest.raises(InputError, match="n_customers=100000"):
        service.questionnaire(shop_run, n_customers=100_000)


# Word of mouth


@pytest.mark.parametrize(("good", "bad", "share"), [(3, 9, 0.75), (1, 1, 0.5), (0, 2, 1.0), (2, 0, 0.0)])
def test_tv14(good: float, bad: float, share: float) -> None:
    assert service.break_even_share(good, bad) == share
    assert share * good == pytest.approx((1 - share) * bad)


def test_a_message_that_nobody_passes_on_stays_and_one_that_all_pass_on_reaches_the_neighbours() -> None:
    assert service.spread(TOWN, sources=[1, 2], rate=0, steps=3).to_list() == [2, 2, 2, 2]
    after_one = service.spread(TOWN, sources=[5], rate=1, steps=1)
    assert after_one[1] == 1 + len(set(TOWN.other[TOWN.one == 5]))


def test_bad_news_is_sooner_everywhere() -> None:
    same = service.rumours(TOWN, satisfied_share=0.5, rates=(0.1, 0.1), seed=2)
    told = service.rumours(TOWN, satisfied_share=0.5, rates=(0.1, 0.3), seed=2)
    assert told["heard_good"].equals(same["heard_good"])
    assert (told["heard_bad"] >= same["heard_bad"]).all()
    assert told.loc[12, "heard_bad"] > same.loc[12, "heard_bad"] or told.loc[6, "heard_bad"] > same.loc[6, "heard_bad"]
    assert service.rumours(TOWN, satisfied_share=1, rates=(0.1, 0.3)).loc[12, "heard_bad"] == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: service.break_even_share(0, 0), "nobody tells"),
        (lambda: service.break_even_share(-1, 3), "told_satisfied=-1"),
        (lambda: service.network(1), "n_people=1"),
        (lambda: service.spread(TOWN, sources=[300], rate=0.1, steps=1), "from 0 to 299"),
        (lambda: service.spread(TOWN, sources=[0.5], rate=0.1, steps=1), "whole numbers"),  # type: ignore[list-item]
        (lambda: service.spread(TOWN, sources=[0], rate=1.1, steps=1), "rate=1.1"),
        (lambda: service.rumours(TOWN, satisfied_share=2, rates=(0.1, 0.2)), "satisfied_share=2"),
        (lambda: service.rumours(TOWN, satisfied_share=0.5, rates=0.1), "give two"),  # type: ignore[arg-type]
    ],
)
def test_impossible_words_are_refused(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


# Loyalty

DAYS = pd.to_datetime(["2026-01-10", "2026-02-10", "2026-01-20", "2026-02-25", "2026-01-30"])
SALES = pd.DataFrame({"customer_id": [1, 1, 2, 3, 4], "time": DAYS, "amount": 10.0})


def test_loyalty_of_four_customers() -> None:
    found = service.loyalty(SALES, window_days=30, at="2026-03-01")
    assert found[["n_buyers", "n_before"]].to_list() == [4, 2]  # the purchase on 30 January is in the last window
    assert found["retention_rate"] == 0.5
    assert found["repeat_rate"] == 0.25
    assert found["tenure_days"] == pytest.approx(31 / 4)


def test_later_purchases_do_not_count_and_no_window_is_empty() -> None:
    found = service.loyalty(SALES, window_days=30, at="2026-02-10")
    assert found["repeat_rate"] == 0
    assert (found["n_before"], found["retention_rate"]) == (1, 0)
    nobody = service.loyalty(SALES, window_days=5, at="2026-02-10")
    assert np.isnan(nobody["retention_rate"])


def test_loyalty_counts_as_one_would_count_by_hand(shop_run: Run) -> None:
    found = service.loyalty(shop_run, window_days=60)
    end, window = shop_run.end, pd.Timedelta(days=60)
    visits = shop_run.transactions.groupby("customer_id")["time"].apply(list)
    before = [times for times in visits if any(end - 2 * window <= time < end - window for time in times)]
    stayed = [times for times in before if any(time >= end - window for time in times)]
    assert found["retention_rate"] == pytest.approx(len(stayed) / len(before))
    assert found["repeat_rate"] == pytest.approx(np.mean([len(times) > 1 for times in visits]))
    assert found["tenure_days"] == pytest.approx(np.mean([(max(t) - min(t)).total_seconds() / 86_400 for t in visits]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"at": "2025-01-01"}, "nobody had bought"), ({}, "does not say what day"),
     ({"at": "2026-03-01", "window_days": 0}, "window_days=0")],
)  # fmt: skip
def test_bad_windows_are_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        service.loyalty(SALES, **arguments)
