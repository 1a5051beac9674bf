"""How estimates of something hidden are compared: by how close they come to the truth of each customer.

Only the simulator knows the true values, and nobody can hit them. Write e for the estimates, t for the true values and
m for their mean. The skill of an estimate is

    1 - sum of (e - t)**2 / sum of (m - t)**2,

1 for the truth itself, 0 for giving everybody the true mean, below 0 for worse. It is set against the skill of a
reference estimate, the truth of the question, which need not be the best one.

Source: the share of the variation explained, as in regression; called skill in Murphy 1988, Monthly Weather Review 116.
"""

from __future__ import annotations

from functools import partial as bound
from math import fsum
from typing import Any

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.values import Outcome, is_missing, is_number, same

MUCH_THE_SAME = 0.9
CLOSE = 0.02
"""Two estimates of a customer that differ by less are the same for recognising a method."""


def estimate(*, full: float = 1.0, key: str = "customer_id") -> Comparer:
    """A number for each row label, as good as it is close to the hidden true values.

    Full marks from `full` times the skill of the reference estimate; below, in proportion, down to 0 for an estimate
    no better than giving everybody the same. The question needs ``worth=...``: the true values. An estimate shows a
    typical mistake when nine tenths of the values are the same.
    """
    read = bound(reading.as_series, key=key)
    return Comparer(read, bound(_by_skill, full=full), is_decision=True, resembles=_much_the_same)


def _by_skill(answer: Any, truth: Any, *, worth: dict[Any, float], full: float) -> Outcome:
    lacking = len(worth.keys() - answer.keys())
    if lacking:
        return Outcome(0.0, f"{lacking} of {len(worth)} customers have no estimate.")
    odd = sum(not is_number(answer[label]) or is_missing(answer[label]) for label in worth)
    if odd:
        return Outcome(0.0, f"{odd} of {len(worth)} estimates are no numbers, or missing (nan).")
    found, aim = skill(answer, worth), skill(truth, worth)
    if aim <= 0:
        return Outcome(0.0, "The reference estimate is no better than giving everybody the same.")
    share = max(0.0, found / (full * aim))
    return Outcome(min(1.0, share), _in_words(answer, worth, found=found, aim=aim))


def skill(estimates: dict[Any, float], true: dict[Any, float]) -> float:
    """1 for the truth, 0 for giving everybody the true mean.

    >>> skill({1: 10.0, 2: 20.0}, {1: 10.0, 2: 20.0}), skill({1: 15, 2: 15}, {1: 10.0, 2: 20.0})
    (1.0, 0.0)
    """
    mean = fsum(true.values()) / len(true)
    missed = fsum((estimates[label] - value) ** 2 for label, value in true.items())
    return 1 - missed / fsum((mean - value) ** 2 for value in true.values())


def _in_words(answer: Any, true: dict[Any, float], *, found: float, aim: float) -> str:
    level = fsum(answer[label] for label in true) / fsum(true.values())
    return (
        f"On the scale from giving everybody the same (0) to the truth (1), your estimate stands at {found:.2f}; a "
        f"good method reaches {aim:.2f} here. Your values add up to {level:.2f} times the true total."
    )


def _much_the_same(answer: Any, mistake: Any) -> bool:
    alike = sum(label in answer and same(answer[label], value, rel=CLOSE, abs=CLOSE)
                for label, value in mistake.items())
    return alike >= MUCH_THE_SAME * max(len(answer), len(mistake), 1)
