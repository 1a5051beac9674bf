"""What the firm does: offers to named customers.

A policy is a list of offers; the empty list is the policy that does nothing. An offer acts on the customers
it names from the period `at` for `periods` periods, and costs `cost` for each of them in the period `at`,
whether or not they still are customers: the firm cannot see who has left. Whoever has not arrived by then is
not reached, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.kernel import Actions
from crmsim.errors import InputError

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer:
    """An action of the firm on customers it names.

    Parameters
    ----------
    at : int
        Period (from 0) in which the offer is made and paid for.
    customers : iterable of customer ids
        Whom it reaches; an index of a table will do. Nobody twice.
    lift : float
        Share added to the purchase rate while the offer acts: 0.30 is 30 % more purchases. At least -1.
    discount : float
        Share of the price given away while the offer acts, 0 to 1.
    retention : float
        Lowers the logit of losing ground while the offer acts; 0.5 turns odds of 1:9 into about 1:15.
    cost : float
        Money per customer it reaches.
    periods : int
        How long it acts, at least 1.
    name : str
        What it is called in the table of campaigns.

    Errors: `InputError` names the argument, what was given and what is possible.

    Examples
    --------
    >>> import crmsim as crm
    >>> crm.Offer(at=24, customers=[3, 5], lift=0.30, cost=12)
    Offer 'offer': at period 24 for 1, to 2 customers, lift 0.3, cost 12
    """

    at: int
    customers: Any = field(repr=False)
    lift: float = 0.0
    discount: float = 0.0
    retention: float = 0.0
    cost: float = 0.0
    periods: int = 1
    name: str = "offer"

    def __post_init__(self) -> None:
        _check_range("at", self.at, 0, 1200, whole=True)
        _check_range("periods", self.periods, 1, 1200, whole=True)
        _check_range("lift", self.lift, -1, 1000)
        _check_range("discount", self.discount, 0, 1)
        _check_range("retention", self.retention, -20, 20)
        _check_range("cost", self.cost, 0, 1e9)
        if not isinstance(self.name, str):
            raise InputError(f"Offer: name={self.name!r} is not possible; give a text.")
        object.__setattr__(self, "customers", _ids(self.customers))

    def __repr__(self) -> str:
        effects = [
            f"{name} {getattr(self, name):g}"
            for name in ("lift", "discount", "retention", "cost")
            if getattr(self, name)
        ]
        reach = f"to {len(self.customers):,} customers"
        return f"Offer {self.name!r}: at period {self.at} for {self.periods}, " + ", ".join([reach, *effects])


def _check_range(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> None:
    fits = isinstance(value, (int, np.integer)) or (not whole and isinstance(value, (float, np.floating)))
    if isinstance(value, bool) or not fits or not low <= value <= high:
        number = "whole number" if whole else "number"
        raise InputError(f"Offer: {name}={value!r} is not possible; give a {number} from {low:g} to {high:g}.")


def _ids(customers: Any) -> Ids:
    """Sorted unique ids from whatever names customers."""
    if isinstance(customers, (str, bytes)) or not isinstance(customers, Iterable):
        raise InputError(
            f"Offer: customers={customers!r} is not a list of customer ids; "
            "give for example rfm.index[rfm.segment == 'at_risk']."
        )
    if isinstance(customers, (pd.DataFrame, dict)):
        raise InputError("Offer: customers is a table; give its index of customer ids: table.index.")
    values = pd.Index(list(customers))
    if len(values) == 0:
        return np.empty(0, dtype=np.int64)
    if not pd.api.types.is_integer_dtype(values.dtype):
        raise InputError(f"Offer: customer ids are whole numbers, but {values[0]!r} was given.")
    if values.has_duplicates:
        raise InputError(f"Offer: customer {values[values.duplicated()][0]} is named twice; name everybody once.")
    if values.max() > np.iinfo(np.int64).max:
        raise InputError(f"Offer: there is no customer {values.max()}.")
    ids = np.sort(values.to_numpy(dtype=np.int64))
    ids.flags.writeable = False
    return ids


Policy = Sequence[Offer]


def checked(policy: Any, *, n_customers: int) -> tuple[Offer, ...]:
    """The offers of a policy, or `InputError`: not a list of offers, or an unknown customer is named."""
    if policy is None:
        return ()
    if isinstance(policy, Offer) or not isinstance(policy, Iterable):
        raise InputError(f"A policy is a list of offers, but {policy!r} was given; write [offer].")
    offers = tuple(policy)
    for offer in offers:
        if not isinstance(offer, Offer):
            raise InputError(f"A policy is a list of offers, but it holds {offer!r}; use crm.Offer(...).")
        unknown = offer.customers[(offer.customers < 0) | (offer.customers >= n_customers)]
        if len(unknown):
            raise InputError(
                f"Offer {offer.name!r} names the unknown customer {unknown[0]}"
                f"{f' and {len(unknown) - 1} more' if len(unknown) > 1 else ''}; ids run from 0 to {n_customers - 1}."
            )
    return offers


def actions_for(offers: Sequence[Offer], customers: Ids) -> Actions:
    """The offers as arrays for these customers (sorted ids), grouped by customer."""
    which, where = [], []
    for number, offer in enumerate(offers if len(customers) else ()):
        start, stop = np.searchsorted(offer.customers, [customers[0], customers[-1] + 1])
        named = offer.customers[start:stop]
        position = np.searchsorted(customers, named)
        here = customers[position] == named
        where.append(position[here])
        which.append(np.full(int(here.sum()), number))
    place = np.concatenate(where) if where else np.empty(0, dtype=np.int64)
    number_of = np.concatenate(which) if which else np.empty(0, dtype=np.int64)
    order = np.argsort(place, kind="stable")
    first = np.zeros(len(customers) + 1, dtype=np.int64)
    np.cumsum(np.bincount(place, minlength=len(customers)), out=first[1:])
    return Actions(first=first, **_columns(offers, number_of[order]))


def _columns(offers: Sequence[Offer], chosen: Ids) -> dict[str, Any]:
    def column(values: list[float], kind: Any) -> Any:
        return np.array(values, dtype=kind)[chosen] if len(chosen) else np.empty(0, dtype=kind)

    return {
        "start": column([offer.at for offer in offers], np.int64),
        "stop": column([offer.at + offer.periods for offer in offers], np.int64),
        "lift": column([offer.lift for offer in offers], np.float64),
        "discount": column([offer.discount for offer in offers], np.float64),
        "retention": column([offer.retention for offer in offers], np.float64),
        "cost": column([round(offer.cost * 100) for offer in offers], np.int64),
    }


def touched(offers: Sequence[Offer]) -> Ids:
    """Sorted ids of all customers whom a policy names."""
    return np.unique(np.concatenate([offer.customers for offer in offers])) if offers else np.empty(0, dtype=np.int64)
