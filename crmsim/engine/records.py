"""What a firm has recorded up to a moment: the tables that students and analysts work with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmsim.errors import InputError


@dataclass(frozen=True, eq=False)
class Past:
    """What a firm has recorded up to a moment: tables, and the calendar they are read with.

    Attributes
    ----------
    customers : DataFrame
        One row per customer who has arrived, indexed by `customer_id`.
    transactions : DataFrame
        One row per purchase, sorted by customer and time.
    contacts : DataFrame
        One row per contact: enquiry, complaint, ...
    surveys : DataFrame
        One row per answered survey.
    campaigns : DataFrame
        One row per customer whom an offer reached.
    period_starts : DatetimeIndex
        First moment of each period; the last entry is the end of the last one.
    currency : str
        Three-letter code of the money.
    discount_rate : float
        What the firm discounts money with, per period.
    """

    customers: pd.DataFrame
    transactions: pd.DataFrame
    contacts: pd.DataFrame
    surveys: pd.DataFrame
    campaigns: pd.DataFrame
    period_starts: pd.DatetimeIndex
    currency: str
    discount_rate: float

    @property
    def periods(self) -> int:
        """Number of periods that have passed."""
        return len(self.period_starts) - 1

    @property
    def end(self) -> pd.Timestamp:
        """The moment at which the last period has ended."""
        return pd.Timestamp(self.period_starts[-1])

    def until(self, t: int) -> Past:
        """The first `t` periods, 0 .. t - 1: what the firm knew then, without the truth.

        Errors: `InputError` unless 1 <= t <= `periods`.
        """
        if isinstance(t, bool) or not isinstance(t, (int, np.integer)) or not 1 <= t <= self.periods:
            raise InputError(f"until({t!r}): give a whole number of periods from 1 to {self.periods}.")
        return Past(
            customers=self.customers[self.customers["acquired_period"] < t],
            transactions=self.transactions[self.transactions["period"] < t].reset_index(drop=True),
            contacts=self.contacts[self.contacts["period"] < t].reset_index(drop=True),
            surveys=self.surveys[self.surveys["period"] < t].reset_index(drop=True),
            campaigns=self.campaigns[self.campaigns["period"] < t].reset_index(drop=True),
            period_starts=self.period_starts[: t + 1],
            currency=self.currency,
            discount_rate=self.discount_rate,
        )

    def __repr__(self) -> str:
        sizes = f"{len(self.customers):,} customers, {len(self.transactions):,} transactions"
        return f"<{type(self).__name__}: {sizes}, {self.periods} periods to {self.end:%Y-%m-%d}, {self.currency}>"
