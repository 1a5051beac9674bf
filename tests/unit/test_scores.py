"""Probabilities of being alive and customer classes against the truth of a simulated firm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim import lifecycle, value
from crmsim.errors import InputError


def test_right_probabilities_are_calibrated_and_beat_the_share() -> None:
    rng = np.random.default_rng(1)
    given = pd.Series(rng.beta(0.7, 0.7, 20_000))
    real = pd.Series(rng.uniform(size=20_000) < given)
    score = value.score_alive(given, real)
    z = (score.calibration["alive_share"] - score.calibration["mean_probability"]) / score.calibration["se"]
    assert len(z) == 10
    assert (z.abs() < 4.5).all()
    assert score.brier < score.brier_of_share
    squeezed = value.score_alive(0.25 + given / 2, real)  # the slip: too timid
    off = squeezed.calibration
    assert ((off["alive_share"] - off["mean_probability"]).abs() / off["se"]).max() > 10
    assert squeezed.brier > score.brier


def test_methods_against_a_firm_that_lives_by_the_model() -> None:
    """BG/NBD customers leave after a purchase; whoever lets nobody leave is far off."""
    shop = crm.scenario("bg_nbd_cdnow").replace(customers=2500, seed=7)
    run = crm.simulate(shop)
    past = run.until(run.periods)
    summary = value.summary(past)
    last = run.truth.stages.drop_duplicates("customer_id", keep="last").set_index("customer_id")["stage"]
    alive = (last.astype(str) != "gone").reindex(summary.index)
    fitted = value.BGNBD().fit(summary).probability_alive(summary)
    model = value.score_alive(fitted, alive)
    se = np.sqrt((fitted * (1 - fitted)).sum()) / len(fitted)
    assert abs(model.mean_probability - model.alive_share) < 4.5 * se + 0.05  # the parameters are estimates too
    nobody_leaves = value.score_alive(value.Historic().probability_alive(summary), alive)
    assert nobody_leaves.brier > model.brier
    assert nobody_leaves.mean_probability == 1.0 > nobody_leaves.alive_share


def test_bad_probabilities_are_refused() -> None:
    good, real = pd.Series([0.5, 0.2]), pd.Series([True, False])
    for probability, alive, words in [
        (pd.Series([0.5, 1.2]), real, "customer 1 has 1.2"),
        (pd.Series([np.nan, 0.2]), real, "customer 0 has nan"),
        (good.set_axis([1, 1]), real, "probability: a Series with one value"),
        ([0.5, 0.2], real, "probability: a Series"),
        (good, pd.Series([1, 0]), "alive holds int64"),
        (good, real.set_axis([8, 9]), "no customer stands in both"),
    ]:
        with pytest.raises(InputError, match=words):
            value.score_alive(probability, alive)  # type: ignore[arg-type]


LOG = pd.DataFrame(
    {"customer_id": [3, 1, 1, 2, 4, 5], "period": 2, "stage": ["churn", "growth", "churn", "growth", "growth", "churn"]}
)
LOG.loc[1, "period"] = 1
CLASSES = pd.Series({1: "lapsed", 2: "lapsed", 3: "active", 4: "loyal", 5: "potential", 6: "new"})


def test_classes_by_hand() -> None:
    score = lifecycle.score_classes(CLASSES, LOG)
    assert score.n_customers == 4  # 5 has never bought, 6 has no stage
    assert (score.agreement_share, score.found_share, score.right_share) == (0.5, 0.5, 0.5)
    assert score.table.loc["lapsed"].to_dict() == {"churn": 1, "growth": 1}
    assert score.table.to_numpy().sum() == 5
    shuffled = lifecycle.score_classes(CLASSES, LOG.iloc[::-1])
    assert shuffled.table.equals(score.table)  # the last period counts, not the last row
    nobody = lifecycle.score_classes(CLASSES.replace("lapsed", "active"), LOG)
    assert np.isnan(nobody.right_share)


def test_a_longer_wait_finds_fewer_and_errs_less(shop_run: Any) -> None:
    scores = {}
    for days in (30, 180):
        classes = lifecycle.classify(shop_run, params=lifecycle.ClassParams(lapse_days=days, s_min=None))
        scores[days] = lifecycle.score_classes(classes, shop_run.truth.stages)
    assert scores[30].found_share > scores[180].found_share
    assert scores[30].right_share < scores[180].right_share


def test_bad_classes_are_refused() -> None:
    for classes, log, options, words in [
        (CLASSES, LOG.drop(columns="stage"), {}, "'stage' is missing"),
        (CLASSES.set_axis([1, 1, 2, 3, 4, 5]), LOG, {}, "customer 1 stands twice"),
        (CLASSES.set_axis(range(20, 26)), LOG, {}, "no customer stands in both"),
        (CLASSES, LOG, {"gone": "decline"}, "gone='decline' is no stage"),
    ]:
        with pytest.raises(InputError, match=words):
            lifecycle.score_classes(classes, log, **options)
