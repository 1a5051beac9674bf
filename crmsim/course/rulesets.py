"""How sets of broken rules are compared: an audit names, for each case, the codes of the rules that are broken.

For one case let a be the codes named and t those truly broken. Its score is

    F1 = 2 |a and t| / (|a| + |t|),

1 when both are empty; so a rule too many costs about as much as a rule too few. A case left out scores 0, another one
does not count. The mean over all cases earns nothing up to `from_`, and from there points in proportion: a rule that
was forgotten throughout is no small slip, although nearly all codes stand where they should.

Source: the F measure, van Rijsbergen (1979), with precision and recall of equal weight; the curriculum's `rule_set`.
"""

from __future__ import annotations

from functools import partial as bound
from typing import Any

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.values import Outcome, quoted

RuleSets = dict[Any, frozenset[Any]]


def rule_sets(*, from_: float = 0.9) -> Comparer:
    """A collection of codes for each key: a dict, or a Series, of lists, sets or texts with spaces between the codes.

    Partial credit goes from a mean F1 of `from_` (nothing) to 1. A typical mistake is found in an answer that is equal
    to it in every key.
    """
    return Comparer(_read, bound(_by_f1, from_=from_))


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
        raise reading.Unreadable(f"The entry {quoted(key)}: {unreadable}") from None


def _by_f1(answer: RuleSets, truth: RuleSets, *, from_: float) -> Outcome:
    n_right = sum(answer.get(key) == codes for key, codes in truth.items())
    if n_right == len(truth):
        return Outcome(1.0)
    mean = sum(f1(answer[key], codes) for key, codes in truth.items() if key in answer) / len(truth)
    extra = sum(len(answer.get(key, frozenset()) - codes) for key, codes in truth.items())
    lacking = sum(len(codes - answer.get(key, frozenset())) for key, codes in truth.items())
    note = f"{n_right} of {len(truth)} calls are right; {extra} codes are too many, {lacking} are missing."
    return Outcome(min(max(0.0, (mean - from_) / (1 - from_)), 0.999), note)
