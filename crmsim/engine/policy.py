"""Policies: what the firm does over time, made ready for the kernel.

A policy is a list of offers (to customers) and levers (for everybody); the empty list is the policy that does
nothing. A campaign is an action that turns into offers when its time comes: calls by telephone, which end differently
with each customer. Making a policy ready (`plan`) means: rules are asked for their customers and campaigns for their
offers, in the order of time, each with the past that the earlier actions have led to; and ids become names, which is
how the kernel knows customers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from crmsim.engine.kernel import ACTION
from crmsim.engine.levers import Lever
from crmsim.engine.offers import Offer
from crmsim.errors import InputError

Ids = npt.NDArray[np.int64]
Names = npt.NDArray[np.uint64]
FAMILY = 10**11
"""The k-th customer who came through customer i's family has the id i + k * FAMILY."""


@runtime_checkable
class Campaign(Protocol):
    """An action whose effects are known when its time comes: what it does to whom depends on who they are by then."""

    @property
    def at(self) -> int:
        """Period in which it is carried out."""

    @property
    def name(self) -> str:
        """What it is called."""

    def offers(self, run: Any) -> Sequence[Offer]:
        """What it comes to, as offers of period `at` to customers they name; `run` ends before that period."""


Action = Offer | Lever | Campaign


@dataclass(frozen=True, eq=False)
class Step:
    """An offer with the names (sorted) of the customers it reaches."""

    offer: Offer
    names: Names


@dataclass(frozen=True, eq=False)
class Plan:
    """A policy made ready: steps in the order of time, and levers."""

    steps: tuple[Step, ...] = ()
    levers: tuple[Lever, ...] = ()

    @property
    def roots(self) -> Ids:
        """Sorted ids of the families that an offer reaches."""
        ids = [step.offer.customers % FAMILY for step in self.steps]
        return np.unique(np.concatenate(ids)) if ids else np.empty(0, dtype=np.int64)

    def lever_cost(self, n_periods: int) -> float:
        """Money that the levers cost in the first `n_periods` periods."""
        return sum(lever.cost * max(0, min(lever.at + lever.periods, n_periods) - lever.at) for lever in self.levers)


def checked(policy: Any, *, n_customers: int) -> tuple[Action, ...]:
    """The actions of a policy, or `InputError`: not a list of actions, or an unknown customer is named."""
    if policy is None:
        return ()
    if isinstance(policy, (Offer, Lever, Campaign)) or not isinstance(policy, Iterable):
        raise InputError(f"A policy is a list of offers, but {policy!r} was given; write [offer].")
    actions = tuple(policy)
    for action in actions:
        if isinstance(action, type) or not isinstance(action, (Offer, Lever, Campaign)):
            raise InputError(f"A policy is a list of offers and levers, but it holds {action!r}; use crm.Offer(...).")
        if isinstance(action, Offer) and not action.is_rule:
            _check_known(action, n_customers)
    return actions


def _check_known(offer: Offer, n_customers: int) -> None:
    unknown = offer.customers[(offer.customers < 0) | (offer.customers % FAMILY >= n_customers)]
    if len(unknown):
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        raise InputError(
            f"Offer {offer.name!r} names the unknown customer {unknown[0]}{more}; ids run from 0 to {n_customers - 1}."
        )


def plan(
    actions: Sequence[Action],
    *,
    n_customers: int,
    run: Callable[[Plan, int], Any],
    names: Callable[[Plan, Ids, int], Names],
) -> Plan:
    """Make a policy ready.

    Parameters
    ----------
    actions : sequence of Offer, Lever and Campaign
        As `checked` returns them.
    run : function of (plan so far, period)
        The run of the periods before that one under that plan.
    names : function of (plan so far, ids, period)
        The names of referred customers who have arrived by that period; `InputError` for an unknown one.
    """  # fmt: skip
    levers = tuple(action for action in actions if isinstance(action, Lever))
    ready = Plan(levers=levers)
    for action in sorted((action for action in actions if not isinstance(action, Lever)), key=lambda action: action.at):
        for offer in _offers(action, ready, run):
            _check_known(offer, n_customers)
            ids = offer.customers
            found = ids.astype(np.uint64)
            referred = ids >= FAMILY
            if referred.any():
                found[referred] = names(ready, ids[referred], offer.at)
            ready = Plan((*ready.steps, Step(offer, np.sort(found))), levers)
    return ready


def _offers(action: Offer | Campaign, ready: Plan, run: Callable[[Plan, int], Any]) -> Sequence[Offer]:
    """The offers, all to customers they name, that an action comes to after the plan so far."""
    if isinstance(action, Offer):
        return [action.chosen(run(ready, action.at).until(max(action.at, 1))) if action.is_rule else action]
    offers = list(action.offers(run(ready, action.at)))
    for offer in offers:
        if not isinstance(offer, Offer) or offer.is_rule or offer.at != action.at:
            raise InputError(
                f"Campaign {action.name!r} came to {offer!r}; it has to come to offers of its own period {action.at} "
                "to customers they name."
            )
    return offers


def actions_for(steps: Sequence[Step], names: Names) -> tuple[Ids, npt.NDArray[Any]]:
    """The actions on these customers, grouped by customer: those on customer i are first[i] .. first[i + 1] - 1."""
    which, where = [], []
    for number, step in enumerate(steps if len(names) else ()):
        if len(step.names):
            at = np.minimum(np.searchsorted(step.names, names), len(step.names) - 1)
            here = np.nonzero(step.names[at] == names)[0]
            where.append(here)
            which.append(np.full(len(here), number))
    place = np.concatenate(where) if where else np.empty(0, dtype=np.int64)
    number_of = np.concatenate(which) if which else np.empty(0, dtype=np.int64)
    first = np.zeros(len(names) + 1, dtype=np.int64)
    np.cumsum(np.bincount(place, minlength=len(names)), out=first[1:])
    kinds = np.array([_action(step.offer) for step in steps], dtype=ACTION)
    return first, kinds[number_of[np.argsort(place, kind="stable")]]


def _action(offer: Offer) -> tuple[Any, ...]:
    effects = (offer.lift, offer.discount, offer.retention, offer.satisfaction)
    return (offer.at, offer.at + offer.periods, *effects, round(offer.cost * 100))
