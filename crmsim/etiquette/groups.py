"""Greeting several people (由尊到卑) and many people (人数较多).

HS4 lists six pairs: older before younger in years, elder generation before younger, teacher before student, lady
before gentleman, married before unmarried, superior before subordinate. It gives no priority among them. So a group
has an order only if, for every two people, all pairs that tell them apart agree, and the order goes round in no
circle; otherwise the result is a `Conflict`.

HS5: with many people one shakes hands with the nearest few and nods to the others. How many are a few is [EXT].

Source: curriculum HS4, HS5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Any

import pandas as pd

from crmsim.errors import InputError
from crmsim.etiquette.facts import listed, whole
from crmsim.etiquette.people import GROUP, Person, person_of
from crmsim.etiquette.rule import Conflict, rule

MOST_PEOPLE = 200


def order_group(people: Any) -> list[str] | Conflict:
    """Return the names from the most honoured to the most humble, or the first conflict.

    Two people whom nothing tells apart keep the order in which they were given.

    Parameters
    ----------
    people : list of Person or dict, or DataFrame
        1 to 200 people, each with a `name` of their own; `age`, `generation`, `role`, `gender`, `married`, `rank` as in
        `Person`, each of them left out or None where it is not known.

    Returns
    -------
    list of str, or Conflict

    Errors: `InputError` for nobody or too many, two people of one name, or a wrong type.

    >>> order_group([dict(name="Chen", age=30, rank=1), dict(name="Zhao", age=58, rank=4)])
    ['Zhao', 'Chen']
    >>> order_group([dict(name="Chen", age=30, rank=4), dict(name="Zhao", age=58, rank=1)]).codes
    ('HS4', 'HS4')
    """
    group = _read(people)
    before: dict[str, list[str]] = {person.name: [] for person in group}
    for p, q in combinations(group, 2):
        spoken = [(order, first) for order in GROUP if (first := order.first(p, q)) is not None]
        if len({first.name for _, first in spoken}) > 1:
            return Conflict(tuple(order.code for order, _ in spoken), "; ".join(o.evidence(p, q) for o, _ in spoken))
        if spoken:
            first = spoken[0][1]
            before[(q if first is p else p).name].append(first.name)
    return _sorted(before)


def _read(people: Any) -> list[Person]:
    entries = people.to_dict("records") if isinstance(people, pd.DataFrame) else listed(people, what="people")
    if not 1 <= len(entries) <= MOST_PEOPLE:
        raise InputError(f"people: {len(entries)} people were given; 1 to {MOST_PEOPLE} can be put in order.")
    group = [person_of(entry, needed=(), what=f"person {place}") for place, entry in enumerate(entries)]
    names = [person.name for person in group]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"people: the name {twice!r} stands twice; give everybody a name of their own.")
    return group


def _sorted(before: dict[str, list[str]]) -> list[str] | Conflict:
    """Always the first in the given order before whom nobody is left."""
    sorter = TopologicalSorter(before)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " before ".join(error.args[1])
        return Conflict(("HS4",), f"the pairs of HS4 go round in a circle: {circle}")
    names, ready, done = list(before), set(sorter.get_ready()), []
    while ready:
        name = min(ready, key=names.index)
        ready.remove(name)
        done.append(name)
        sorter.done(name)
        ready |= set(sorter.get_ready())
    return done


@dataclass(frozen=True)
class Greetings:
    """Who gets a hand and who gets a nod; everybody stands in exactly one of the two."""

    shake: tuple[Any, ...]
    nod: tuple[Any, ...]


def plan_greetings(n: int | Iterable[Any], near: int | None = None) -> Greetings:
    """Return whom to shake hands with and to whom to nod or bow when many are present.

    Parameters
    ----------
    n : int, or list of names
        How many people there are, numbered 1, 2, ... from the nearest; or their names, the nearest first.
    near : int, optional
        How many are the nearest few, 3 by default [EXT].

    Returns
    -------
    Greetings

    Errors: `InputError` for a number below 0, or a wrong type.

    >>> plan_greetings(5)
    Greetings(shake=(1, 2, 3), nod=(4, 5))
    """
    few = whole(rule("HS5").parameters["near"] if near is None else near, what="near")
    present = listed(n, what="n") if isinstance(n, Iterable) else list(range(1, whole(n, what="n") + 1))
    return Greetings(tuple(present[:few]), tuple(present[few:]))
