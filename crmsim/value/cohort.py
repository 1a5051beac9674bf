"""The cohort estimate (同期群法): the future of the young is taken to be like the past of the older.

Customers are lined up by age, time since the first purchase, in steps of four weeks. In step k, let n(k) customers have
been seen from its beginning to its end, and y(k) be their repeat purchases: m(k) = y(k) / n(k) a head. A customer of
age a is expected to make the sum of m over the steps from a to a + t. So all of one age are the same to this method.

Steps that fewer than a tenth of the customers have reached are not trusted. Beyond them m falls (never rises) by the
mean factor seen between the first and the second half of the trusted steps. "Alive" is an index of a cohort's strength:
m at this age over its peak so far; who in the cohort has gone, the method cannot tell.

The handouts name no estimator: [EXT]. The forms of the curve, the tenth and the four weeks are conventions of this
course.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.tables import end_of, transactions_of
from crmsim.errors import InputError
from crmsim.value.history import purchases, summary
from crmsim.value.model import one_time, purchase_history, rows_of, times

Array = npt.NDArray[np.float64]
STEP_DAYS = 28.0
N_GROUPS = 50
TRUSTED_SHARE = 0.10


class Cohort:
    """Purchases a head by age, learnt from all customers who have been that old.

    Time is counted in weeks, unless another `unit_days` is given to `fit`.

    Examples
    --------
    >>> import crmsim as crm
    >>> model = Cohort().fit(crm.dataset("cdnow"), at="1997-09-30")
    >>> model.curve.round(2).tolist()[:4]      # repeat purchases a head in each four weeks
    [0.23, 0.17, 0.13, 0.1]
    """

    def __init__(self) -> None:
        self._sums: dict[str, Array] = {}
        self._step = STEP_DAYS / 7

    def fit(self, transactions: Any, *, at: Any = None, unit_days: float = 7) -> Self:
        """Count customers and repeat purchases at every age, from the purchases up to `at`.

        Parameters
        ----------
        transactions, at, unit_days
            As for `crm.value.summary`; purchases of one day are one.

        Returns
        -------
        Cohort
            The model itself.

        Raises
        ------
        InputError
            A column is missing or of the wrong kind, nobody had bought by `at`, or nobody is four weeks old.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-01-01"])
        >>> sales = pd.DataFrame({"customer_id": [1, 1, 2], "time": days, "amount": 9.0})
        >>> Cohort().fit(sales, at="2026-02-12").curve.tolist()
        [0.5]
        """
        table = summary(transactions, at=at, unit_days=unit_days)
        self._step = STEP_DAYS / unit_days
        _, customer, moment, amount = purchases(transactions_of(transactions), end_of(transactions, at), merge="day")
        is_first = np.concatenate([[True], customer[1:] != customer[:-1]])
        born = moment[is_first][customer]
        age_days = ((moment - born) / np.timedelta64(1, "D"))[~is_first]
        n_seen = np.floor(table["age"].to_numpy("float64") / self._step + 1e-9).astype(np.int64)
        reached = np.sort(n_seen)[::-1][int(np.ceil(TRUSTED_SHARE * len(n_seen))) - 1]
        if reached < 1:
            raise InputError("Cohort: fewer than a tenth of the customers are four weeks old; give a longer past.")
        self._sums = _sums(customer[~is_first], age_days, amount[~is_first], n_seen=n_seen, n_steps=int(reached))
        return self

    @property
    def curve(self) -> Array:
        """Repeat purchases a head in each step of four weeks since the first purchase, as far as it is trusted."""
        totals = {name: part.sum(axis=0) for name, part in self._known().items()}
        n, y = totals["n"], totals["y"]
        return np.divide(y, n, out=np.zeros(len(n)), where=n > 0)

    def expected_purchases(self, t: Any, *, summary: pd.DataFrame | None = None) -> Any:
        """Expected repeat purchases: of a new customer until age t, or of known ones in the next t.

        Parameters
        ----------
        t : float or array
            Length of time in units, 0 or more; one number when `summary` is given.
        summary : DataFrame, optional
            One row per known customer; only `age` decides.

        Returns
        -------
        float or array, or Series named expected_purchases

        Raises
        ------
        InputError
            `t` is negative, the summary is not usable, or the model is not fitted.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-01-01"])
        >>> sales = pd.DataFrame({"customer_id": [1, 1, 2], "time": days, "amount": 9.0})
        >>> Cohort().fit(sales, at="2026-02-12").expected_purchases([2, 4, 8]).tolist()
        [0.25, 0.5, 1.0]
        """
        if summary is None:
            made = self._made_by(times(t))
            return float(made) if np.ndim(t) == 0 else made
        _, _, age = purchase_history(summary)
        future = self._made_by(age + one_time(t)) - self._made_by(age)
        return pd.Series(future, index=summary.index, name="expected_purchases")

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series[float]:
        """Strength of the customers of each age: purchases a head over their peak so far, 0 to 1.

        Parameters
        ----------
        summary : DataFrame
            One row per known customer; only `age` decides.

        Returns
        -------
        Series
            Named probability_alive; an index of the cohort, the same for all of one age.

        Raises
        ------
        InputError
            The summary is not usable, or the model is not fitted.

        Examples
        --------
        >>> import crmsim as crm
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-02-05", "2026-01-01"])
        >>> sales = pd.DataFrame({"customer_id": [1, 1, 1, 2], "time": days, "amount": 9.0})
        >>> Cohort().fit(sales, at="2026-03-01").probability_alive(crm.value.summary(sales, at="2026-03-01")).tolist()
        [1.0, 1.0]
        """
        _, _, age = purchase_history(summary)
        which = np.floor(age / self._step).astype(np.int64)
        curve = self._extended(int(which.max()) + 1)
        peak = np.maximum.accumulate(curve)
        strength = np.divide(curve, peak, out=np.zeros(len(curve)), where=peak > 0)
        return pd.Series(strength[which], index=summary.index, name="probability_alive")

    def expected_spend(self, summary: pd.DataFrame) -> pd.Series[float]:
        """Mean amount of all repeat purchases, the same for every customer.

        Parameters
        ----------
        summary : DataFrame
            One row per known customer.

        Returns
        -------
        Series
            Named expected_spend, money; 0 where nobody has bought again.

        Examples
        --------
        >>> days = pd.to_datetime(["2026-01-01", "2026-01-15", "2026-01-01"])
        >>> sales = pd.DataFrame({"customer_id": [1, 1, 2], "time": days, "amount": [5.0, 9.0, 1.0]})
        >>> Cohort().fit(sales, at="2026-02-12").expected_spend(pd.DataFrame(index=[1, 2])).tolist()
        [9.0, 9.0]
        """
        amount, n_repeats = (float(self._known()[name].sum()) for name in ("amount", "repeats"))
        return pd.Series(amount / n_repeats if n_repeats else 0.0, index=rows_of(summary), name="expected_spend")

    def neighbours(self) -> Iterator[tuple[Self, Self, float]]:
        """The estimate without each group of customers, beside that of all; for `with_errors`."""
        n_groups = len(self._known()["n"])
        for left_out in range(n_groups if n_groups > 1 else 0):
            smaller = copy(self)
            smaller._sums = {name: np.delete(part, left_out, axis=0) for name, part in self._sums.items()}
            yield smaller, self, float(np.sqrt((n_groups - 1) / n_groups))

    def _known(self) -> dict[str, Array]:
        if not self._sums:
            raise InputError("This Cohort estimate knows no past yet: call .fit(transactions, at=...) first.")
        return self._sums

    def _extended(self, n_steps: int) -> Array:
        """The curve, continued to at least so many steps."""
        curve = self.curve
        half = len(curve) // 2
        later, factor, centre = curve[half:].mean(), 1.0, (half + len(curve) - 1) / 2
        if half and curve[:half].mean() > 0:
            factor = min(1.0, (later / curve[:half].mean()) ** (1 / (centre - (half - 1) / 2)))
        beyond = np.arange(len(curve), max(n_steps, len(curve)))
        return np.concatenate([curve, later * factor ** (beyond - centre)])

    def _made_by(self, age: Array) -> Array:
        """Repeat purchases a head up to each age."""
        curve = self._extended(int(np.ceil(np.max(age, initial=0.0) / self._step)))
        made = np.concatenate([[0.0], np.cumsum(curve)])
        return np.asarray(np.interp(age / self._step, np.arange(len(made)), made))


def _sums(customer: Any, age_days: Array, amount: Array, *, n_seen: Any, n_steps: int) -> dict[str, Array]:
    """Sums by group (rows) and step (columns): customers seen, their purchases; and all repeats and amounts."""
    n_groups = min(N_GROUPS, len(n_seen))
    group = np.arange(len(n_seen)) % n_groups
    step = np.floor(age_days / STEP_DAYS).astype(np.int64)
    counts = step < np.minimum(n_seen[customer], n_steps)
    cells = group[customer[counts]] * n_steps + step[counts]
    ends = np.bincount(group * (n_steps + 1) + np.minimum(n_seen, n_steps), minlength=n_groups * (n_steps + 1))
    # n(k): customers who have been seen through more than k steps
    seen = ends.reshape(n_groups, n_steps + 1)[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return {
        "n": seen.astype(np.float64),
        "y": np.bincount(cells, minlength=n_groups * n_steps).reshape(n_groups, n_steps).astype(np.float64),
        "repeats": np.bincount(group[customer], minlength=n_groups).astype(np.float64),
        "amount": np.bincount(group[customer], weights=amount, minlength=n_groups).astype(np.float64),
    }
