"""Offers: actions of the firm on customers it names, or chooses when the time comes.

An offer acts on its customers from the period `at` for `periods` periods, and costs `cost` for each of them in the
period `at`, whether or not they still are customers: the firm cannot see who has left. Whoever has not arrived by then
is not reached, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.errors import InputError

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer:
    """An action of the firm on customers it names.

    Parameters
    ----------
    at : int
        Period (from 0) in which the offer is made and paid for.
    customers : iterable of customer ids, or function
        Whom it reaches: an index of a table will do; nobody twice. Or a rule: a function that is given what the firm
        has recorded before period `at` (a `Past`) and returns the ids, best first.
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
    at_most : int, optional
        Capacity: only the first so many customers are reached.
    budget : float, optional
        Money: only so many customers are reached as it pays for.
    satisfaction : float
        Added at once to the remembered satisfaction of whom it reaches (perceived less expected, in the scenario's
        units): what a good call does, or, below 0, a tiresome one. It wears off as other experiences follow.

    Errors: `InputError` names the argument, what was given and what is possible.

    Examples
    --------
    >>> import crmsim as crm
    >>> crm.Offer(at=24, customers=[3, 5], lift=0.30, cost=12)
    Offer 'offer': at period 24 for 1, to 2 customers, lift 0.3, cost 12
    >>> crm.Offer(at=24, customers=lambda past: past.customers.index, lift=0.30, cost=12, budget=600)
    Offer 'offer': at period 24 for 1, to customers chosen by a rule, lift 0.3, cost 12
    """

    at: int
    customers: Any = field(repr=False)
    lift: float = 0.0
    discount: float = 0.0
    retention: float = 0.0
    cost: float = 0.0
    periods: int = 1
    name: str = "offer"
    at_most: int | None = None
    budget: float | None = None
    satisfaction: float = 0.0

    def __post_init__(self) -> None:
        check_range("Offer", "at", self.at, 0, 1200, whole=True)
        check_range("Offer", "periods", self.periods, 1, 1200, whole=True)
        check_range("Offer", "lift", self.lift, -1, 1000)
        check_range("Offer", "discount", self.discount, 0, 1)
        check_range("Offer", "retention", self.retention, -20, 20)
        check_range("Offer", "satisfaction", self.satisfaction, -20, 20)
        check_range("Offer", "cost", self.cost, 0, 1e9)
        if self.at_most is not None:
            check_range("Offer", "at_most", self.at_most, 0, 10**12, whole=True)
        if self.budget is not None:
            check_range("Offer", "budget", self.budget, 0, 1e15)
        if not isinstance(self.name, str):
            raise InputError(f"Offer: name={self.name!r} is not possible; give a text.")
        if not self.is_rule:
            object.__setattr__(self, "customers", self._reached(_ids(self.customers)))

    @property
    def is_rule(self) -> bool:
        """Whether the customers are chosen when the time comes."""
        return callable(self.customers)

    def chosen(self, past: Any) -> Offer:
        """The same offer for the customers whom its rule chooses from the past."""
        rule: Callable[[Any], Any] = self.customers
        return replace(self, customers=rule(past))

    def _reached(self, ids: Ids) -> Ids:
        """The ids within capacity and budget, sorted."""
        most = len(ids) if self.at_most is None else self.at_most
        if self.budget is not None and self.cost > 0:
            most = min(most, int(self.budget / self.cost + 1e-9))
        reached = np.sort(ids[:most])
        reached.flags.writeable = False
        return reached

    def __repr__(self) -> str:
        names = ("lift", "discount", "retention", "satisfaction", "cost")
        effects = [f"{name} {getattr(self, name):g}" for name in names if getattr(self, name)]
        whom = "customers chosen by a rule" if self.is_rule else f"{len(self.customers):,} customers"
        return f"Offer {self.name!r}: at period {self.at} for {self.periods}, " + ", ".join([f"to {whom}", *effects])


def check_range(what: str, name: str, value: Any, low: float, high: float, *, whole: bool = False) -> None:
    """Raise `InputError` unless the value is a (whole) number between `low` and `high`."""
    fits = isinstance(value, (int, np.integer)) or (not whole and isinstance(value, (float, np.floating)))
    if isinstance(value, bool) or not fits or not low <= value <= high:
        number = "whole number" if whole else "number"
        raise InputError(f"{what}: {name}={value!r} is not possible; give a {number} from {low:g} to {high:g}.")


def _ids(customers: Any) -> Ids:
    """Unique ids, in the order given, from whatever names customers."""
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
    return values.to_numpy(dtype=np.int64)
