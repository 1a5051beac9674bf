"""Who offers a hand first (握手): five rules for two people, and no rule about the rules.

HS1 the elder, HS2 the superior, HS3 the woman; HS6 the host when the guest arrives, HS7 the guest when the guest
leaves. Every rule speaks for itself. Where all that speak name the same person, that person offers first. Where two
name different people, the material does not say which rule is stronger: the answer is a `Conflict`, and a person
has to decide and to give reasons.

Source: curriculum HS1-HS3, HS6, HS7.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from crmsim.errors import InputError
from crmsim.etiquette.facts import word
from crmsim.etiquette.people import ELDER, GUEST, HOST, SUPERIOR, WOMAN, Order, Person, person_of
from crmsim.etiquette.rule import Conflict, Finding

PHASES = ("arrival", "middle", "departure")
FACTS = ("gender", "generation", "rank", "side")
_BY_PHASE: dict[str, tuple[Order, ...]] = {"arrival": (HOST,), "middle": (), "departure": (GUEST,)}


class First(NamedTuple):
    """Who offers a hand first, and by which rules; `person` is None, and no code stands, where no rule speaks."""

    person: str | None
    codes: tuple[str, ...]


def who_first(p: Any, q: Any, phase: str) -> First | Conflict:
    """Return who of two people offers a hand first, or the conflict of the rules.

    The order of the two arguments does not matter.

    Parameters
    ----------
    p, q : Person, dict or Series
        `name`, `gender` ("man", "woman"), `generation` ("elder", "younger"), `rank` (number, higher is more senior),
        `side` ("host", "guest"). None where it is not known; then the rule says nothing.
    phase : str
        "arrival" (the guest arrives), "middle" or "departure" (the guest leaves).

    Returns
    -------
    First or Conflict
        `First(person, codes)`: the name, and the codes of all rules that name this person, in order; `First(None, ())`
        where no rule tells the two apart. `Conflict(codes, evidence)` where rules name different people.

    Errors: `InputError` for a missing field, an unknown phase, a wrong type, or two people of one name.

    >>> li = dict(name="Mr Li", gender="man", generation="younger", rank=3, side="host")
    >>> wang = dict(name="Ms Wang", gender="woman", generation="younger", rank=1, side="guest")
    >>> who_first(li, wang, "departure")
    Conflict(codes=('HS2', 'HS3', 'HS7'), evidence='HS2: Mr Li (rank 3) before Ms Wang (rank 1); HS3: Ms Wang (woman) \
before Mr Li (man); HS7: Ms Wang (guest) before Mr Li (host)')
    >>> who_first(li, wang | {"rank": 3}, "departure")
    First(person='Ms Wang', codes=('HS3', 'HS7'))
    """
    one, other = two_people(p, q)
    spoken = fired(one, other, phase)
    codes, named = tuple(order.code for order, _ in spoken), {first.name for _, first in spoken}
    if len(named) > 1:
        return Conflict(codes, "; ".join(order.evidence(one, other) for order, _ in spoken))
    return First(named.pop() if named else None, codes)


def fired(p: Person, q: Person, phase: str) -> list[tuple[Order, Person]]:
    """Return the rules that speak about two people, each with the person it names.

    Errors: `InputError` for an unknown phase.
    """
    word(phase, what="phase", among=PHASES)
    spoken = [(order, order.first(p, q)) for order in (ELDER, SUPERIOR, WOMAN, *_BY_PHASE[phase])]
    return [(order, first) for order, first in spoken if first is not None]


def two_people(p: Any, q: Any) -> tuple[Person, Person]:
    """Read two people who meet.

    Errors: `InputError` for a missing field, a wrong type, or two people of one name.
    """
    one, other = person_of(p, needed=FACTS, what="person p"), person_of(q, needed=FACTS, what="person q")
    if one.name == other.name:
        raise InputError(f"person p and person q are both called {one.name!r}; give them different names.")
    return one, other


def check_handshake(p: Any, q: Any, phase: str, *, offered: str) -> list[Finding] | Conflict:
    """Return the rules that are broken when somebody offers a hand first, or the conflict of the rules.

    Parameters
    ----------
    p, q, phase
        As for `who_first`.
    offered : str
        The name of the one who offered a hand first.

    Errors: those of `who_first`, and a name that is neither of the two.

    >>> li = dict(name="Mr Li", gender="man", generation="younger", rank=3, side="host")
    >>> check_handshake(li, dict(li, name="Mr Wu", rank=1), "middle", offered="Mr Wu")[0].evidence
    'HS2: Mr Li (rank 3) before Mr Wu (rank 1), but Mr Wu offered first'
    """
    one, other = two_people(p, q)
    word(offered, what="offered", among=(one.name, other.name))
    answer = who_first(one, other, phase)
    if isinstance(answer, Conflict):
        return answer
    wrong = [order for order, first in fired(one, other, phase) if first.name != offered]
    advice = f"Wait until {answer.person} offers a hand."
    return [
        Finding(order.code, f"{order.evidence(one, other)}, but {offered} offered first", offered, advice)
        for order in wrong
    ]
