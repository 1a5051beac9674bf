"""Customers to try conditions on: for each condition at least one who meets it, with as many others as go with it.

Columns have few values here: scores, yes or no, the stages that the script names and one other, months from 0 to 120. A
directed profile begins with one condition and takes on others as long as some value is left in every column; besides
there are profiles by chance, who meet some conditions and miss others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from crmsim.phone.conditions import When
from crmsim.phone.linting.ranges import VALUES, Wanted, holds
from crmsim.phone.model import Script

MOST_MONTHS = 120
N_DIRECTED, N_BY_CHANCE = 48, 12
Profile = Mapping[str, Any]


def profiles(script: Script, *, seed: int = 0) -> list[Profile]:
    """Customers with different columns; one without any is enough when no reply has a condition.

    >>> import crmsim as crm
    >>> profiles(crm.phone.parse(crm.phone.TINY))
    [{}]
    """
    tests = _tests(script)
    if not tests:
        return [{}]
    luck = np.random.default_rng((seed, 1_000))
    values = _values(tests)
    found = [_met(tests, first, values, luck) for first in range(len(tests))]
    return [*found, *(_one_of(values, luck) for _ in range(N_BY_CHANCE))]


def _tests(script: Script) -> list[Mapping[str, Wanted]]:
    """Different conditions, the first so many."""
    whens: dict[When, None] = {}
    for node in script.nodes:
        for reply in node.replies:
            if reply.when is not None and len(whens) < N_DIRECTED:
                whens.setdefault(reply.when)
    return [when.tests for when in whens]


def _values(tests: list[Mapping[str, Wanted]]) -> dict[str, list[Any]]:
    named = sorted({word for test in tests for word in test.get("stage", ())})
    few = {column: sorted(values) for column, values in VALUES.items()}
    return {**few, "stage": [*named, "other"], "months_since_purchase": list(range(MOST_MONTHS + 1))}


def _met(tests: list[Mapping[str, Wanted]], first: int, values: dict[str, list[Any]], luck: Any) -> Profile:
    """Somebody who meets one condition, and of the others those that still can be met."""
    left = values
    others = [int(number) for number in luck.permutation(len(tests)) if number != first]
    for number in [first, *others]:
        narrowed = {column: [value for value in left[column] if holds(wanted, value)]
                    for column, wanted in tests[number].items()}  # fmt: skip
        if all(narrowed.values()):
            left = {**left, **narrowed}
    return _one_of(left, luck)


def _one_of(values: dict[str, list[Any]], luck: Any) -> Profile:
    return {column: choices[int(luck.integers(len(choices)))] for column, choices in values.items()}
