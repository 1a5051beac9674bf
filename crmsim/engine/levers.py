"""Levers: what the firm sets for everybody, period by period.

A lever changes the price level, the service, or the loyalty scheme from a period on. Unlike an offer it names nobody
and touches all, so every customer's life may differ under it; their luck stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from crmsim.engine.offers import check_range
from crmsim.errors import InputError, told


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A setting of the firm for everybody, from period `at` on, for `periods` periods (to the end by default).

    Parameters
    ----------
    at : int
        First period in which it holds.
    price : float
        Factor on all prices; 1.05 is 5 % dearer.
    skill : float
        Factor on the share of complaints that get resolved.
    waiting : float
        Factor on waiting times; 0.5 halves them.
    reply : float
        Factor on the hours until the first reply to a complaint.
    scheme : bool, optional
        Whether the loyalty scheme of the scenario runs.
    cost : float
        Money the firm pays per period for it.
    periods : int
        How long it holds.
    name : str
        What it is called.

    Errors: `InputError` names the argument, what was given and what is possible.

    Examples
    --------
    >>> import crmsim as crm
    >>> crm.Lever(at=12, reply=0.5, cost=800, name="a second agent").periods
    1200
    """

    at: int
    price: float = 1.0
    skill: float = 1.0
    waiting: float = 1.0
    reply: float = 1.0
    scheme: bool | None = None
    cost: float = 0.0
    periods: int = 1200
    name: str = "lever"

    def __post_init__(self) -> None:
        check_range("Lever", "at", self.at, 0, 1200, whole=True)
        check_range("Lever", "periods", self.periods, 1, 1200, whole=True)
        for factor in ("price", "skill", "waiting", "reply"):
            check_range("Lever", factor, getattr(self, factor), 0.01, 100)
        check_range("Lever", "cost", self.cost, 0, 1e12)
        if self.scheme is not None and not isinstance(self.scheme, bool):
            raise InputError(f"Lever: scheme={told(self.scheme)} is not possible; give True or False.")
        if not isinstance(self.name, str):
            raise InputError(f"Lever: name={told(self.name)} is not possible; give a text.")
