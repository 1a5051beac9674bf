"""Guess first: how far a guess was off.

A guess made before one looks is remembered better than a number that was only read. So a guess is never wrong
in the sense of an error: whatever stands there, the lesson goes on.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from crmsim.customers.arguments import number
from crmsim.errors import InputError, told

_NUMBER = re.compile(r"\s*([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)\s*([%\N{FULLWIDTH PERCENT SIGN}]?)\s*")


def how_far(guess: Any, truth: float, *, unit: str = "") -> None:
    """Print how far a guess was off; never raises, whatever the guess is.

    Errors: `InputError` for a truth that is no number, or a unit that is no text.

    Parameters
    ----------
    guess : number or text
        ``0.4``, ``"40%"``; anything else is answered kindly.
    truth : float
        The right number.
    unit : str
        What is counted, for the sentence.

    Examples
    --------
    >>> how_far(0.5, 0.4)
    You guessed 0.5; it is 0.4. You were 0.1 too high, 1.25 times the truth.
    >>> how_far("30%", 0.4)
    You guessed 0.3; it is 0.4. You were 0.1 too low, 0.75 times the truth.
    >>> how_far(None, 0.4)
    It is 0.4. You have not guessed yet: write a number above and run both cells again. A wrong guess helps, too.
    """
    truth = number("truth", truth)
    if not isinstance(unit, str):
        raise InputError(f"unit={told(unit)} is not possible: give a text.")
    tail = f" {unit}" if unit else ""
    guessed = _read(guess)
    if guessed is None:
        print(f"It is {truth:.3g}{tail}. {_no_number(guess)}")
        return
    start = f"You guessed {guessed:.3g}{tail}; it is {truth:.3g}{tail}."
    off = guessed - truth
    if math.isclose(guessed, truth, rel_tol=0.005, abs_tol=1e-9):
        print(f"{start} Well guessed!")
        return
    times = f", {guessed / truth:.3g} times the truth" if truth else ""
    print(f"{start} You were {abs(off):.3g} too {'high' if off > 0 else 'low'}{times}.")


def _read(guess: Any) -> float | None:
    """The guess as a finite number, or None."""
    if isinstance(guess, str):
        found = _NUMBER.fullmatch(guess)
        return None if found is None else float(found[1]) / (100 if found[2] else 1)
    if isinstance(guess, (bool, np.bool_)) or not isinstance(guess, (int, float, np.integer, np.floating)):
        return None
    try:
        number = float(guess)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _no_number(guess: Any) -> str:
    again = "write a number above and run both cells again. A wrong guess helps, too."
    if guess is None or guess is ...:
        return f"You have not guessed yet: {again}"
    return f"A guess is one number such as 0.4 or '40%', and yours is a {type(guess).__name__}: {again}"
