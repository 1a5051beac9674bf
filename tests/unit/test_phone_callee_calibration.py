"""Whole calls by a decent script agree with the figures that the model is calibrated to; errors are binomial."""

from __future__ import annotations

import pandas as pd
import pytest

from crmsim.phone.callee import call


def share(happened: pd.Series) -> tuple[float, float]:
    mean = float(happened.mean())
    return mean, (mean * (1 - mean) / len(happened)) ** 0.5


@pytest.fixture(scope="module")
def cold(people, baseline):
    return pd.concat([call(baseline, people, seed=seed, warm=False).results for seed in range(20)])


@pytest.fixture(scope="module")
def warm(people, baseline):
    """Answered calls of a warm list, by number of the contact."""
    found = {}
    for number, n_seeds in ((1, 4), (5, 4), (11, 8)):
        table = people.assign(n_contacts=number - 1)
        results = pd.concat([call(baseline, table, seed=seed).results for seed in range(n_seeds)])
        found[number] = results.loc[results["answered"], "accepted"]
    return found


def test_cold_dials_answered(cold):
    """28 % of 6,264 dials (Keller); one in two is rejected, and so is one in four."""
    mean, error = share(cold["answered"])
    assert abs(mean - 0.2837) < 4 * error
    assert all(abs(mean - wrong) > 4 * error for wrong in (0.25, 0.5))


def test_cold_calls_that_give_an_appointment(cold):
    """About 1.07 % of answered cold calls; 2 % is rejected."""
    mean, error = share(cold.loc[cold["answered"], "accepted"])
    assert abs(mean - 0.0107) < 4 * error
    assert error < 0.001
    assert abs(mean - 0.02) > 4 * error


def test_the_first_contact_of_a_warm_list(warm):
    """11 to 13 %; 15 % and 9 % are rejected."""
    mean, error = share(warm[1])
    assert 0.11 - 4 * error < mean < 0.13 + 4 * error
    assert mean + 4 * error < 0.15
    assert mean - 4 * error > 0.09


def test_later_contacts_of_a_warm_list(warm):
    """7.5 % on the fifth contact, about 3 % after ten; a list that never tires is rejected."""
    for number, expected, about in ((5, 0.075, 0.005), (11, 0.031, 0.005)):
        mean, error = share(warm[number])
        assert abs(mean - expected) < about + 4 * error
        assert abs(mean - 0.12) > about + 4 * error


def test_the_english_words_do_about_as_well(people, baseline):
    """The figures come from no single language; the model is set by the Chinese words, and English ones take longer."""
    shares = {
        language: share(called.loc[called["answered"], "accepted"])
        for language in ("zh", "en")
        for called in [pd.concat([call(baseline, people, seed=s, script_language=language).results for s in range(4)])]
    }
    (chinese, _), (english, error) = shares["zh"], shares["en"]
    assert abs(english / chinese - 1) < 0.15 + 4 * error / chinese
    assert 0.09 - 4 * error < english < 0.13 + 4 * error
    assert english - 4 * error > 0.075, "as many as on the fifth call of a list would be too few"
