"""People who meet, as far as etiquette asks about them, and the order in which two of them stand by one rule.

A rule compares two people by one fact. It says something only where both facts are known and differ: two women, or
a person of whom no age is known, are not told apart by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmsim.etiquette.dress import GENDERS
from crmsim.etiquette.facts import flag, number, record, word

GENERATIONS = ("elder", "younger")
ROLES = ("teacher", "student")
SIDES = ("host", "guest")


@dataclass(frozen=True)
class Person:
    """One person; None stands for what is not known.

    Parameters
    ----------
    name : str
        Different for different people.
    gender : str, optional
        "man" or "woman".
    generation : str, optional
        "elder" (长辈) or "younger" (晚辈), seen from the other people here.
    rank : float, optional
        The higher, the more senior: 3 for a director, 1 for an assistant. Any scale.
    age : float, optional
        Years.
    role : str, optional
        "teacher" or "student".
    married : bool, optional
    side : str, optional
        "host" or "guest".
    """

    name: str
    gender: str | None = None
    generation: str | None = None
    rank: float | None = None
    age: float | None = None
    role: str | None = None
    married: bool | None = None
    side: str | None = None


_CHOICES = {"gender": GENDERS, "generation": GENERATIONS, "role": ROLES, "side": SIDES}


def person_of(given: Any, *, needed: tuple[str, ...], what: str) -> Person:
    """Read a person from a `Person`, a dict or a row of a table.

    Errors: `InputError` for a missing field that is needed, and for a value that is not one of the possible ones.
    """
    if isinstance(given, Person):
        given = vars(given)
    record(given, ("name", *needed), what=what)
    known = {name: given[name] for name in Person.__dataclass_fields__ if name in given}
    read = {name: _value(name, value, what=f"{what}: {name}") for name, value in known.items()}
    return Person(**read)


def _value(name: str, value: Any, *, what: str) -> Any:
    if name == "name":
        return word(value, what=what)
    if name in ("rank", "age"):
        return number(value, what=what)
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return flag(value, what=what) if name == "married" else word(value, what=what, among=_CHOICES[name])


@dataclass(frozen=True)
class Order:
    """One comparison: the code of its rule, the fact it looks at, and who comes first by it."""

    code: str
    fact: str
    worth: Callable[[Any], float]
    """The higher, the earlier."""

    def first(self, p: Person, q: Person) -> Person | None:
        """Return who comes first by this comparison, or None where it says nothing."""
        mine, other = getattr(p, self.fact), getattr(q, self.fact)
        if mine is None or other is None or self.worth(mine) == self.worth(other):
            return None
        return p if self.worth(mine) > self.worth(other) else q

    def evidence(self, p: Person, q: Person) -> str:
        """Return the reason in words, the one who comes first named first: the same for (p, q) and (q, p)."""
        first = self.first(p, q)
        assert first is not None
        one, other = (f"{who.name} ({_said(self.fact, who)})" for who in (first, q if first is p else p))
        return f"{self.code}: {one} before {other}"


def _said(fact: str, person: Person) -> str:
    value = getattr(person, fact)
    if fact == "married":
        return "married" if value else "unmarried"
    return f"{fact} {value:g}" if isinstance(value, float) else str(value)


def _as_it_is(value: float) -> float:
    return value


def _earlier(*words: str) -> Callable[[Any], float]:
    """Rank of a word: the first of `words` is worth most."""
    return lambda value: -float(words.index(value))


ELDER = Order("HS1", "generation", _earlier("elder", "younger"))
SUPERIOR = Order("HS2", "rank", _as_it_is)
WOMAN = Order("HS3", "gender", _earlier("woman", "man"))
HOST = Order("HS6", "side", _earlier("host", "guest"))
GUEST = Order("HS7", "side", _earlier("guest", "host"))
GROUP = (
    Order("HS4", "age", _as_it_is),
    Order("HS4", "generation", _earlier("elder", "younger")),
    Order("HS4", "role", _earlier("teacher", "student")),
    Order("HS4", "gender", _earlier("woman", "man")),
    Order("HS4", "married", float),
    Order("HS4", "rank", _as_it_is),
)
"""The six pairs of HS4 in the order of the text, which gives no priority among them."""
