"""The BG/NBD model (贝塔几何/负二项模型): who still buys, and how much, where nobody says goodbye.

While alive, a customer buys at random at a rate lambda of his own (Poisson). After every repeat purchase he
leaves for good with a probability p of his own. Over the customers, lambda follows a Gamma distribution
with shape r and rate alpha, p a Beta distribution with parameters a and b, and the two are independent.
Mean rate r / alpha a unit of time, mean drop-out probability a / (a + b) a repeat purchase.

One can leave only right after a repeat purchase. So a customer without any is alive for certain, and may
score higher than one who bought twice long ago; `ParetoNBD` lets customers leave at any time.

Source: Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2), 275-284.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from crmsim.value.likelihood import Array, Problem, Rows
from crmsim.value.model import Model, distinct, like, log_rising, mean_age, one_time, purchase_history, times


class BGNBD(Model):
    """The BG/NBD model: purchases until the customer silently leaves after one of them.

    For repeat buying without a contract. Time is counted in the unit of the summary it was fitted to.

    Notes
    -----
    Parameters r, alpha (units of time), a, b; source: Fader, Hardie & Lee 2005.

    Examples
    --------
    >>> model = BGNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)   # CDNOW, in weeks
    >>> round(model.expected_purchases(52), 3)
    1.446
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    def fit(self, summary: pd.DataFrame, *, prior_weight: float = 0.0) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        summary : DataFrame
            One row per customer: `frequency`, `recency_at_last`, `age`, as `crm.value.summary` makes it.
        prior_weight : float
            0 is maximum likelihood. With w > 0 the logarithm of every parameter is pulled towards a usual
            size as by w observations: for small tables that do not determine the model.

        Returns
        -------
        BGNBD
            The model itself.

        Raises
        ------
        InputError
            The table lacks a column, or its columns contradict each other.
        FitError
            The search did not converge or the data do not determine the parameters.

        Notes
        -----
        Likelihood: Fader, Hardie & Lee 2005, eq. (6).

        Examples
        --------
        >>> import crmsim as crm
        >>> table = crm.value.summary(crm.dataset("cdnow"), at="1997-09-30")
        >>> BGNBD().fit(table)
        BGNBD(r=0.2426, alpha=4.414, a=0.7929, b=2.426)
        """
        rows, weights = distinct(*purchase_history(summary))
        start = {"r": 1.0, "alpha": mean_age(rows, weights), "a": 1.0, "b": 1.0}
        return self._maximise(Problem(_log_likelihood, rows, weights, start, "BG/NBD"), prior_weight)

    def expected_purchases(self, t: Any, *, summary: pd.DataFrame | None = None) -> Any:
        """Expected number of repeat purchases: of a new customer until age t, or of known ones in the next t.

        Parameters
        ----------
        t : float or array
            Length of time in units, 0 or more; one number when `summary` is given.
        summary : DataFrame, optional
            One row per known customer; without it, a customer who has just made the first purchase.

        Returns
        -------
        float or array, or Series named expected_purchases with the index of `summary`

        Raises
        ------
        InputError
            `t` is negative or not a number, or the summary is not usable.

        Notes
        -----
        Fader, Hardie & Lee 2005, eq. (9) and (10); the Gaussian hypergeometric function is transformed
        so that customers with many purchases do not overflow.

        Examples
        --------
        >>> model = BGNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
        >>> known = pd.DataFrame({"frequency": [2], "recency_at_last": [30.43], "age": [38.86]})
        >>> model.expected_purchases(39, summary=known).round(3).tolist()
        [1.226]
        """
        r, alpha, a, b = self._values()
        if summary is None:
            lengths = times(t)
            return like(_alive_purchases(a, b, r, lengths / (alpha + lengths)), t)
        x, _, age = purchase_history(summary)
        length = one_time(t)
        future = _alive_purchases(a, b + x, r + x, length / (alpha + age + length))
        alive = self.probability_alive(summary).to_numpy()
        return pd.Series(future * alive, index=summary.index, name="expected_purchases")

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series[float]:
        """Probability that each customer has not left yet; 1 without a repeat purchase.

        Parameters
        ----------
        summary : DataFrame
            One row per customer: `frequency`, `recency_at_last`, `age`.

        Returns
        -------
        Series
            Named probability_alive, with the index of `summary`.

        Raises
        ------
        InputError
            The summary is not usable.

        Notes
        -----
        1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)) for x > 0, from the ratio of the
        two terms of eq. (6) of Fader, Hardie & Lee 2005.

        Examples
        --------
        >>> model = BGNBD.from_params(r=1, alpha=1, a=1, b=1)
        >>> known = pd.DataFrame({"frequency": [0, 1], "recency_at_last": [0.0, 1.0], "age": [1.0, 1.0]})
        >>> model.probability_alive(known).tolist()
        [1.0, 0.5]
        """
        from scipy.special import expit

        r, alpha, a, b = self._values()
        x, last, age = purchase_history(summary)
        silence = np.log((alpha + age) / (alpha + last))
        log_odds = np.log(b + np.maximum(x, 1) - 1) - np.log(a) - (r + x) * silence
        alive = np.where(x == 0, 1.0, expit(log_odds))
        return pd.Series(alive, index=summary.index, name="probability_alive")


def _log_likelihood(params: Array, rows: Rows) -> Array:
    """Eq. (6): the customer is still alive, or left right after the last purchase."""
    r, alpha, a, b = params
    x, last, age = rows
    which = x.astype(np.int64)
    n = int(which.max())
    of_count = log_rising(r, n) + log_rising(b, n) - log_rising(a + b, n)
    log_leaving = np.full(n + 1, -np.inf)
    log_leaving[1:] = np.log(a) - np.log(b + np.arange(n))
    alive = -r * np.log1p(age / alpha) - x * np.log(alpha + age)
    left = log_leaving[which] - r * np.log1p(last / alpha) - x * np.log(alpha + last)
    return np.asarray(of_count[which] + np.logaddexp(alive, left))


def _alive_purchases(a: float, b: Any, shape: Any, z: Array) -> Array:
    """Expected purchases of somebody now alive, with c = a + b - 1.

    c / (a - 1) * (1 - (1 - z)**(a - 1) * 2F1(a - 1, c - shape; c; z)). At a = 1 and at c = 0 that is 0 / 0
    with a smooth limit, taken as the mean of both sides.
    """
    from scipy.special import hyp2f1

    c = a + b - 1
    if abs(a - 1) < 1e-5 or np.any(np.abs(c) < 1e-5):
        return (_alive_purchases(a - 1e-4, b, shape, z) + _alive_purchases(a + 1e-4, b, shape, z)) / 2
    power = np.exp((a - 1) * np.log1p(-z))
    return np.asarray(c / (a - 1) * (1 - power * hyp2f1(a - 1, c - shape, c, z)))
