"""How decisions are compared: by what they bring.

A decision is a set of labels to act on, for instance customers who get an offer. For every label that could be
chosen the scheme knows the `worth`: what acting on it brings, costs counted, as only the simulator can say (the
mean difference between two worlds with the same luck). The worth of a decision is the sum over its members. It is
compared with the worth of a reference decision, the truth of the question, which need not be the best one: any
decision that brings enough is right, and doing nothing is worth 0.

The worth can come with its standard error. Members have luck of their own, so the variance of a sum is the sum of the
variances; and the share s = a / b of a decision A in the reference B has the variance

    sum over A of (variance of a_i - s * b_i), and over the rest of B of s**2 * variance of b_i, over b**2,

the standard error of a ratio of two means with a_i = b_i for who is in both (Cochran 1977, eq. (6.13)).
"""

from __future__ import annotations

from functools import partial as bound
from math import fsum, sqrt
from typing import Any

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.values import Outcome

MUCH_THE_SAME = 0.9


def choice(*, full: float = 1.0) -> Comparer:
    """A set of labels, as good as what it brings; at most as many as the reference decision has.

    Full marks from `full` times the worth of the reference decision; below, in proportion, down to 0 for a choice
    that brings nothing or a loss. The question needs ``worth=...``: a Series, or a table with the columns `worth` and
    `worth_se`. A choice shows a typical mistake when they share nine tenths of their members.
    """
    return Comparer(reading.as_set, bound(_by_worth, full=full), is_decision=True, resembles=_much_the_same)


def _by_worth(answer: Any, truth: Any, *, worth: dict[Any, Any], full: float) -> Outcome:
    gains, errors = worth.get("worth", worth), worth.get("worth_se")
    if len(answer) > len(truth):
        return Outcome(0.0, f"At most {len(truth)} can be chosen, but {len(answer)} are named.")
    unknown = len(answer - gains.keys())
    if unknown:
        return Outcome(0.0, f"{unknown} of those named cannot be chosen at all; look at the ids.")
    brings, aim = (fsum(gains[label] for label in labels) for labels in (answer, truth))
    place = _on_the_scale(answer, truth, gains=gains, errors=errors) if errors and aim > 0 else ""
    if brings <= 0 or aim <= 0:
        return Outcome(0.0, f"This choice brings no gain. {place}{_losses(answer, gains)}".strip())
    if brings >= full * aim:
        return Outcome(1.0, place.strip())
    place = place or f"It brings {brings / aim:.0%} of what a good choice brings. "
    return Outcome(brings / (full * aim), f"{place}{_losses(answer, gains)}".strip())


def _on_the_scale(answer: Any, truth: Any, *, gains: dict[Any, float], errors: dict[Any, float]) -> str:
    """The place of a decision between doing nothing and the reference, with its standard error."""
    aim = fsum(gains[label] for label in truth)
    share = fsum(gains[label] for label in answer) / aim
    weights = {label: (label in answer) - share * (label in truth) for label in answer | truth}
    error = sqrt(fsum((weight * errors[label]) ** 2 for label, weight in weights.items())) / aim
    return (
        f"On the scale from doing nothing (0) to the best policy known (1), your choice stands at {share:.2f} "
        f"(standard error {error:.2f}). "
    )


def _losses(answer: Any, gains: dict[Any, float]) -> str:
    lost = sum(gains[label] < 0 for label in answer)
    return f"For {lost} of the {len(answer)} chosen it costs more than it brings." if lost else ""


def _much_the_same(answer: Any, mistake: Any) -> bool:
    return len(answer & mistake) >= MUCH_THE_SAME * max(len(answer), len(mistake), 1)
