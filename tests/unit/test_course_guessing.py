"""A guess is measured, and nothing a student writes can stop the lesson."""

import pytest

from crmsim.course import how_far


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        (0.5, "0.1 too high, 1.25 times"),
        ("30 %", "0.1 too low, 0.75 times"),
        ("30％", "0.1 too low"),
        (".4", "Well guessed"),
        (0.4001, "Well guessed"),
        (-1, "1.4 too low"),
    ],
)
def test_a_number_is_measured(guess, said, capsys):
    how_far(guess, 0.4)
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    "guess", [None, ..., "", "ten", "0.4 or so", [0.4], {}, True, float("nan"), float("inf"), 10**400, 1j, print]
)
def test_nothing_raises_and_the_truth_is_told(guess, capsys):
    how_far(guess, 0.4, unit="of them")
    assert "0.4 of them" in capsys.readouterr().out


def test_a_truth_of_zero(capsys):
    how_far(3, 0)
    assert capsys.readouterr().out == "You guessed 3; it is 0. You were 3 too high.\n"
