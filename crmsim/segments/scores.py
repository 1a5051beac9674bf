"""The scores of RFM and the names of its segments, as data that can be read, changed and checked.

The handout names RFM's three quantities and gives no scoring rule. Both tables here, the cut points and the
segment names, are therefore [EXT]: conventions of this course, to be replaced by the firm's own.

Scores run from 1 (worst) to 5 (best). A value equal to a cut point gets the better score.

The segment names look at recency and frequency; only champions need money as well. With the default cuts,
"lately" means within 60 days, "for long" more than 180 days. Frequent buyers are called `regulars`, and not
loyal, because buying often does not show that a customer is satisfied (for the class *loyal* see
`crmsim.lifecycle.classify`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from crmsim.customers.arguments import entries, is_number, numbers
from crmsim.errors import InputError, told

N_SCORES = 5
Scores = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RFMCuts:
    """Four cut points for each of recency, frequency and monetary: the limits of the scores 5, 4, 3 and 2.

    The default values are the course's convention [EXT]: they suit monthly shopping with purchases of some
    hundreds in money; another firm needs its own.

    Parameters
    ----------
    recency_days : tuple of 4 numbers, increasing
        The longest time since the last purchase that still earns 5, 4, 3, 2 (else 1).
    frequency : tuple of 4 numbers, decreasing
        The fewest purchases that earn 5, 4, 3, 2 (else 1).
    monetary : tuple of 4 numbers, decreasing
        The smallest total amount that earns 5, 4, 3, 2 (else 1).

    Raises
    ------
    InputError
        Not four finite numbers of 0 or more in the right order.

    Examples
    --------
    >>> RFMCuts().recency_days
    (30, 60, 90, 180)
    >>> RFMCuts(frequency=(2, 4, 8, 12))
    Traceback (most recent call last):
    ...
    crmsim.errors.InputError: frequency=(2, 4, 8, 12) must decrease: the limits stand in the order of the scores 5, 4, 3, 2. Write (12, 8, 4, 2).
    """  # noqa: E501 - the message is shown as it is printed

    recency_days: tuple[float, ...] = (30, 60, 90, 180)
    frequency: tuple[float, ...] = (12, 8, 4, 2)
    monetary: tuple[float, ...] = (5000, 2000, 1000, 300)

    def __post_init__(self) -> None:
        for field in fields(self):
            limits = tuple(entries(field.name, getattr(self, field.name), example=str(field.default)))
            object.__setattr__(self, field.name, limits)  # a list could be changed later, a tuple cannot
            _check_limits(limits, name=field.name, rising=field.name == "recency_days")

    def score_recency(self, days: npt.ArrayLike) -> Scores:
        """Scores 1 to 5 of times since the last purchase, in days: few days are good.

        >>> RFMCuts().score_recency([30, 31, 365])
        array([5, 4, 1])
        """
        return N_SCORES - np.searchsorted(np.asarray(self.recency_days), _values("days", days), side="left")

    def score_frequency(self, counts: npt.ArrayLike) -> Scores:
        """Scores 1 to 5 of numbers of purchases: many are good.

        >>> RFMCuts().score_frequency([12, 11, 0])
        array([5, 4, 1])
        """
        return 1 + np.searchsorted(np.asarray(self.frequency[::-1]), _values("counts", counts), side="right")

    def score_monetary(self, amounts: npt.ArrayLike) -> Scores:
        """Scores 1 to 5 of total amounts: much is good.

        >>> RFMCuts().score_monetary([5000.0, 2500.0, 0.0])
        array([5, 4, 1])
        """
        return 1 + np.searchsorted(np.asarray(self.monetary[::-1]), _values("amounts", amounts), side="right")


def _values(name: str, values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Numbers to be scored, of any shape; none at all are possible, a missing one is not."""
    return numbers(name, values) if np.size(values) else np.empty(np.shape(values))


def _check_limits(limits: tuple[float, ...], *, name: str, rising: bool) -> None:
    if len(limits) != N_SCORES - 1:
        raise InputError(f"{name}={limits} has {len(limits)} cut points; give four, for the scores 5, 4, 3, 2.")
    for limit in limits:
        if not is_number(limit) or limit < 0:
            raise InputError(f"{name}={limits}: the cut point {limit!r} must be a number of 0 or more.")
    if any((low >= high) if rising else (low <= high) for low, high in pairwise(limits)):
        order = tuple(sorted(set(limits), reverse=not rising))
        advice = f"Write {order}." if len(order) == len(limits) else "No two may be equal."
        direction = "increase" if rising else "decrease"
        raise InputError(
            f"{name}={limits} must {direction}: the limits stand in the order of the scores 5, 4, 3, 2. {advice}"
        )


@dataclass(frozen=True)
class SegmentRule:
    """A named block of RFM scores: lowest and highest score of each, both included."""

    name: str
    name_zh: str
    meaning: str
    r: tuple[int, int] = (1, N_SCORES)
    f: tuple[int, int] = (1, N_SCORES)
    m: tuple[int, int] = (1, N_SCORES)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise InputError(f"name={told(self.name)} is not possible: a segment needs a text as its name.")
        for letter in "rfm":
            pair = getattr(self, letter)
            scores = entries(letter, pair, example="(4, 5)")
            possible = all(is_number(score) and score in range(1, N_SCORES + 1) for score in scores)
            if len(scores) != 2 or not possible or scores[0] > scores[1]:
                raise InputError(
                    f"segment {told(self.name)}: {letter}={told(pair)} must be the lowest and the highest "
                    f"score, from 1 to {N_SCORES}."
                )
            object.__setattr__(self, letter, (int(scores[0]), int(scores[1])))


RFM_SEGMENTS: tuple[SegmentRule, ...] = (
    SegmentRule("champions", "冠军客户", "bought lately, often and much", r=(4, 5), f=(4, 5), m=(4, 5)),
    SegmentRule("regulars", "常客", "buy often, and lately", r=(4, 5), f=(3, 5)),
    SegmentRule("promising", "有望客户", "bought a few times, and lately", r=(4, 5), f=(2, 2)),
    SegmentRule("newcomers", "新来者", "bought once, lately", r=(4, 5), f=(1, 1)),
    SegmentRule("at_risk", "流失风险客户", "bought often, not seen for some while", r=(2, 3), f=(3, 5)),
    SegmentRule("fading", "渐远客户", "bought a few times, not seen for some while", r=(2, 3)),
    SegmentRule("lost", "已失客户", "not seen for long"),
)


def segment_of_scores(rules: Sequence[SegmentRule]) -> npt.NDArray[np.int64]:
    """Number of the first rule that holds, for all 5 x 5 x 5 scores (array [r-1, f-1, m-1]).

    Raises
    ------
    InputError
        Two rules have the same name, or no rule holds for some scores.
    """
    names = [rule.name for rule in rules]
    if len(set(names)) != len(names):
        raise InputError(f"segment rules: a name stands twice among {names}; every segment needs its own.")
    first = np.full((N_SCORES,) * 3, -1, dtype=np.int64)
    for number, rule in reversed(list(enumerate(rules))):
        first[tuple(slice(low - 1, high) for low, high in (rule.r, rule.f, rule.m))] = number
    if (first < 0).any():
        r, f, m = np.argwhere(first < 0)[0] + 1
        raise InputError(
            f"segment rules: no rule holds for the scores r={r}, f={f}, m={m}. Add a last rule for all "
            "others, SegmentRule('others', '其他', 'all others')."
        )
    return first
