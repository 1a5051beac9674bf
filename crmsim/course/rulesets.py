"""How sets of broken rules are compared: an audit names, for each case, the codes of the rules that are broken.

For one case let a be the codes named and t those truly broken. The score is

    F1 = 2 |a and t| / (|a| + |t|),

1 when both are empty. An audit scores the mean over all cases; a case left out scores 0, another one does not count.
So a rule too many costs about as much as a rule too few.

Source: the F measure, van Rijsbergen (1979), with precision and recall of equal weight.
"""

from __future__ import annotations

from typing import Any

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.values import Outcome

RuleSets = dict[Any, frozenset[Any]]


def rule_sets() -> Comparer:
    """A collection of codes for each key: a dict, or a Series, of lists, sets or texts with spaces between the codes.

    Partial credit is the mean F1. A typical mistake is found in an answer that is equal to it in every key.
    """
    return Comparer(_read, _by_f1)


def f1(answer: frozenset[Any], truth: frozenset[Any]) -> float:
    """F1 of one set of codes.

    >>> f1(frozenset({"TE3", "TE10"}), frozenset({"TE3"})), f1(frozenset(), frozenset())
    (0.6666666666666666, 1.0)
    """
    return 2 * len(answer & truth) / (len(answer) + len(truth)) if answer or truth else 1.0


def _read(value: Any) -> RuleSets:
    return {key: _codes(key, codes) for key, codes in reading.as_mapping(value).items()}


def _codes(key: Any, codes: Any) -> frozenset[Any]:
    if codes is None or isinstance(codes, str):
        codes = (codes or "").replace(",", " ").split()
    try:
        return reading.as_set(codes)
    except reading.Unreadable as unreadable:
        raise reading.Unreadable(f"The entry {str(key)!r}: {unreadable}") from None


def _by_f1(answer: RuleSets, truth: RuleSets) -> Outcome:
    right = sum(answer.get(key) == codes for key, codes in truth.items())
    if right == len(truth):
        return Outcome(1.0)
    share = sum(f1(answer[key], codes) for key, codes in truth.items() if key in answer) / len(truth)
    extra = sum(len(answer.get(key, frozenset()) - codes) for key, codes in truth.items())
    lacking = sum(len(codes - answer.get(key, frozenset())) for key, codes in truth.items())
    note = f"{right} of {len(truth)} calls are right; {extra} codes are too many, {lacking} are missing."
    return Outcome(min(share, 0.999), note)
