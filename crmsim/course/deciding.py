"""How decisions are compared: by what they bring.

A decision is a set of labels to act on, for instance customers who get an offer. For every label that could be
chosen the scheme knows the `worth`: what acting on it brings, costs counted, as only the simulator can say (the
mean difference between two worlds with the same luck). The worth of a decision is the sum over its members. It is
compared with the worth of a reference decision, the truth of the question, which need not be the best one: any
decision that brings enough is right, and doing nothing is worth 0.
"""

from __future__ import annotations

from functools import partial as bound
from math import fsum
from typing import Any

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.values import Outcome

MUCH_THE_SAME = 0.9


def choice(*, full: float = 1.0) -> Comparer:
    """A set of labels, as good as what it brings; at most as many as the reference decision has.

    Full marks from `full` times the worth of the reference decision; below, in proportion, down to 0 for a choice
    that brings nothing or a loss. The question needs ``worth=...``. A choice shows a typical mistake when they share
    nine tenths of their members.
    """
    return Comparer(reading.as_set, bound(_by_worth, full=full), is_decision=True, resembles=_much_the_same)


def _by_worth(answer: Any, truth: Any, *, worth: dict[Any, float], full: float) -> Outcome:
    if len(answer) > len(truth):
        return Outcome(0.0, f"At most {len(truth)} can be chosen, but {len(answer)} are named.")
    unknown = len(answer - worth.keys())
    if unknown:
        return Outcome(0.0, f"{unknown} of those named cannot be chosen at all; look at the ids.")
    brings, aim = (fsum(worth[label] for label in labels) for labels in (answer, truth))
    if brings <= 0 or aim <= 0:
        return Outcome(0.0, f"This choice brings no gain. {_losses(answer, worth)}".strip())
    if brings >= full * aim:
        return Outcome(1.0)
    return Outcome(brings / (full * aim), f"It brings {brings / aim:.0%} of what a good choice brings. "
                                          f"{_losses(answer, worth)}".strip())


def _losses(answer: Any, worth: dict[Any, float]) -> str:
    lost = sum(worth[label] < 0 for label in answer)
    return f"For {lost} of the {len(answer)} chosen it costs more than it brings." if lost else ""


def _much_the_same(answer: Any, mistake: Any) -> bool:
    return len(answer & mistake) >= MUCH_THE_SAME * max(len(answer), len(mistake), 1)
