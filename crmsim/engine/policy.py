"""Policies: what the firm does over time, made ready for the kernel.

A policy is a list of offers (to customers) and levers (for everybody); the empty list is the policy that does
nothing. Making it ready (`plan`) means: rules are asked for their customers, in the order of time, each with the past
that the earlier actions have led to; and ids become names, which is how the kernel knows customers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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


def checked(policy: Any, *, n_customers: int) -> tuple[Offer | Lever, ...]:
    """The actions of a policy, or `InputError`: not a list of actions, or an unknown customer is named."""
    if policy is None:
        return ()
    if isinstance(policy, (Offer, Lever)) or not isinstance(policy, Iterable):
        raise InputError(f"A policy is a list of offers, but {policy!r} was given; write [offer].")
    actions = tuple(policy)
    for action in actions:
        if not isinstance(action, (Offer, Lever)):
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
    actions: Sequence[Offer | Lever],
    *,
    n_customers: int,
    past: Callable[[Plan, int], Any],
    names: Callable[[Plan, Ids, int], Names],
) -> Plan:
    """Make a policy ready.

    Parameters
    ----------
    actions : sequence of Offer and Lever
        As `checked` returns them.
    past : function of (plan so far, period)
        What the firm has recorded before that period under that plan.
    names : function of (plan so far, ids, period)
        The names of referred customers who have arrived by that period; `InputError` for an unknown one.
    """  # fmt: skip
    levers = tuple(action for action in actions if isinstance(action, Lever))
    ready = Plan(levers=levers)
    for offer in sorted((action for action in actions if isinstance(action, Offer)), key=lambda offer: offer.at):
        if offer.is_rule:
            offer = offer.chosen(past(ready, offer.at))
            _check_known(offer, n_customers)
        ids = offer.customers
        found = ids.astype(np.uint64)
        referred = ids >= FAMILY
        if referred.any():
            found[referred] = names(ready, ids[referred], offer.at)
        ready = Plan((*ready.steps, Step(offer, np.sort(found))), levers)
    return ready


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
    effects = (offer.lift, offer.discount, offer.retention)
    return (offer.at, offer.at + offer.periods, *effects, round(offer.cost * 100))
