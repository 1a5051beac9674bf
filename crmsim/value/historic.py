"""The historic estimate (历史法): the future is taken to be like the customer's own past.

No model: a customer who made x repeat purchases in T weeks is expected to make x / T a week for ever, each worth the
mean of his repeat purchases so far. Nobody ever leaves. It is what a spreadsheet does, and the measure that better
methods have to beat: it takes luck for habit, and whoever has stopped for a customer.

Standard errors treat purchases as random at a steady rate (Poisson): the rate has the relative variance 1 / x, the mean
amount c**2 / x, with c the spread of a customer's amounts (standard deviation over mean), pooled over customers. A
customer without repeat purchase is expected to buy nothing, with a standard error of 0: the method's own blindness.

The handouts name no estimator: [EXT].
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, Self

import numpy as np
import pandas as pd

from crmsim.customers.tables import end_of, transactions_of
from crmsim.errors import InputError
from crmsim.value.history import purchases, summary
from crmsim.value.model import STEP, frequency_and_spend, one_time, purchase_history, rows_of, times


class Historic:
    """The customer's own past, continued.

    Time is counted in weeks, unless another `unit_days` is given to `fit`.

    Examples
    --------
    >>> import crmsim as crm
    >>> cdnow = crm.dataset("cdnow")
    >>> table = crm.value.summary(cdnow, at="1997-09-30")
    >>> model = Historic().fit(cdnow, at="1997-09-30")
    >>> model.expected_purchases(39, summary=table.loc[[1]]).round(3).tolist()      # 2 in 38.86 weeks
    [2.007]
    """

    def __init__(self) -> None:
        self.rate: float | None = None
        self.mean_spend = float("nan")
        self.spread = 0.0
        self._steps = (0.0, 0.0)  # of rate and of amount, in standard errors
        self._n_repeats = 0

    def fit(self, transactions: Any, *, at: Any = None, unit_days: float = 7) -> Self:
        """Read the mean rate, the mean amount and the spread of amounts from the purchases up to `at`.

        Parameters
        ----------
        transactions, at, unit_days
            As for `crm.value.summary`; purchases of one day are one.

        Returns
        -------
        Historic
            The model itself.

        Raises
        ------
        InputError
            A column is missing or of the wrong kind, or nobody had bought by `at`.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-01-29"])
        >>> sales = pd.DataFrame({"customer_id": 1, "time": days, "amount": [9.0, 20.0, 30.0]})
        >>> model = Historic().fit(sales, at="2026-02-12")
        >>> round(model.rate, 4), model.mean_spend      # 2 in 6 weeks
        (0.3333, 25.0)
        """
        table = summary(transactions, at=at, unit_days=unit_days)
        x, age = table["frequency"].to_numpy("float64"), table["age"].to_numpy("float64")
        self._n_repeats = int(x.sum())
        self.rate = float(x.sum() / age.sum()) if age.sum() > 0 else 0.0
        spent = (table["mean_spend"].fillna(0.0) * x).sum()
        self.mean_spend = float(spent / x.sum()) if x.sum() else 0.0
        self.spread = _spread(transactions, end_of(transactions, at), table)
        return self

    def expected_purchases(self, t: Any, *, summary: pd.DataFrame | None = None) -> Any:
        """Expected purchases in the next t: at the customer's own rate, or at that of all without a summary.

        Who bought for the first time just now has no rate yet, and gets that of all.

        Parameters
        ----------
        t : float or array
            Length of time in units; one number when `summary` is given.
        summary : DataFrame, optional
            One row per known customer.

        Returns
        -------
        float or array, or Series named expected_purchases

        Raises
        ------
        InputError
            `t` is negative, the summary is not usable, or the model is not fitted.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-01-29"])
        >>> sales = pd.DataFrame({"customer_id": 1, "time": days, "amount": 9.0})
        >>> float(Historic().fit(sales, at="2026-02-12").expected_purchases(12))
        4.0
        """
        rate = self._known_rate() * (1 + self._steps[0] / np.sqrt(max(self._n_repeats, 1)))
        if summary is None:
            expected = rate * times(t)
            return float(expected) if np.ndim(t) == 0 else expected
        x, _, age = purchase_history(summary)
        own = np.divide(x + self._steps[0] * np.sqrt(x), age, out=np.full(len(x), rate), where=age > 0)
        return pd.Series(own * one_time(t), index=summary.index, name="expected_purchases")

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series[float]:
        """1 for everybody: this method lets nobody leave.

        Parameters
        ----------
        summary : DataFrame
            One row per known customer.

        Returns
        -------
        Series
            Named probability_alive.

        Examples
        --------
        >>> Historic().probability_alive(pd.DataFrame(index=[7])).to_dict()
        {7: 1.0}
        """
        return pd.Series(1.0, index=rows_of(summary), name="probability_alive")

    def expected_spend(self, summary: pd.DataFrame) -> pd.Series[float]:
        """Mean amount of the customer's repeat purchases; without one, that of all.

        Parameters
        ----------
        summary : DataFrame
            One row per known customer: `frequency`, `mean_spend`.

        Returns
        -------
        Series
            Named expected_spend, money.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15"])
        >>> model = Historic().fit(pd.DataFrame({"customer_id": 1, "time": days, "amount": 9.0}), at="2026-02-12")
        >>> model.expected_spend(pd.DataFrame({"frequency": [1, 0], "mean_spend": [5.0, None]})).tolist()
        [5.0, 9.0]
        """
        self._known_rate()
        x, spend = frequency_and_spend(summary)
        own = np.where(x > 0, spend, self.mean_spend)
        error = self.spread / np.sqrt(np.maximum(x, 1))
        return pd.Series(own * (1 + self._steps[1] * error), index=summary.index, name="expected_spend")

    def neighbours(self) -> Iterator[tuple[Self, Self, float]]:
        """The same past with rates, and with amounts, a little higher and lower; for `with_errors`."""
        for step in ((STEP, 0.0), (0.0, STEP)):
            ends = []
            for sign in (1, -1):
                end = copy(self)
                end._steps = (sign * step[0], sign * step[1])
                ends.append(end)
            yield ends[0], ends[1], 1 / (2 * STEP)

    def _known_rate(self) -> float:
        if self.rate is None:
            raise InputError("This Historic estimate knows no past yet: call .fit(transactions, at=...) first.")
        return self.rate


def _spread(transactions: Any, end: pd.Timestamp, table: pd.DataFrame) -> float:
    """Standard deviation over mean of a customer's repeat amounts, pooled over customers with two or more."""
    _, customer, _, amount = purchases(transactions_of(transactions), end, merge="day")
    first = np.concatenate([[True], customer[1:] != customer[:-1]])
    mean = table["mean_spend"].fillna(0.0).to_numpy()
    relative = np.divide(amount, mean[customer], out=np.ones(len(amount)), where=mean[customer] > 0)
    squares = np.where(first, 0.0, (relative - 1) ** 2).sum()
    n_free = float(np.maximum(table["frequency"].to_numpy() - 1, 0).sum())
    return float(np.sqrt(squares / n_free)) if n_free else 0.0
