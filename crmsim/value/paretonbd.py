"""The Pareto/NBD model (帕累托/负二项模型): purchases until the customer silently leaves, at any time.

While alive, a customer buys at random at a rate lambda of his own (Poisson), and leaves for good at a rate
mu of his own (exponential lifetime). Over the customers, lambda follows a Gamma distribution with shape r
and rate alpha, mu one with shape s and rate beta, and the two are independent.

Sources: Schmittlein, Morrison & Colombo 1987, Counting your customers, Management Science 33(1), 1-24;
formulas as numbered in Fader & Hardie 2005, A note on deriving the Pareto/NBD model.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from crmsim.value.hypergeometric import hyp2f1_one
from crmsim.value.likelihood import Array, Problem, Rows
from crmsim.value.model import Model, distinct, like, log_rising, mean_age, one_time, purchase_history, times


class ParetoNBD(Model):
    """The Pareto/NBD model: purchases until the customer silently leaves, at any time.

    For repeat buying without a contract. Time is counted in the unit of the summary it was fitted to.

    Notes
    -----
    Parameters r, alpha (units of time), s, beta (units of time): Schmittlein, Morrison & Colombo 1987.

    Examples
    --------
    Half a purchase a unit of time while alive, and 5 of the first 10 units alive:

    >>> model = ParetoNBD.from_params(r=1, alpha=2, s=2, beta=10)
    >>> round(model.expected_purchases(10), 6)      # r / alpha * beta / (s - 1) * (1 - 10 / 20)
    2.5
    """

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

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
        ParetoNBD
            The model itself.

        Raises
        ------
        InputError
            The table lacks a column, or its columns contradict each other.
        FitError
            The search did not converge or the data do not determine the parameters.

        Notes
        -----
        Likelihood: Fader & Hardie 2005, eq. (18) to (20).

        Examples
        --------
        >>> import crmsim as crm
        >>> table = crm.value.summary(crm.dataset("cdnow"), at="1997-09-30")
        >>> ParetoNBD().fit(table)
        ParetoNBD(r=0.5533, alpha=10.58, s=0.6062, beta=11.67)
        """
        rows, weights = distinct(*purchase_history(summary))
        age = mean_age(rows, weights)
        start = {"r": 1.0, "alpha": age, "s": 1.0, "beta": age}
        return self._maximise(Problem(_log_likelihood, rows, weights, start, "Pareto/NBD"), prior_weight)

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
        Fader & Hardie 2005, eq. (27) and (41).

        Examples
        --------
        >>> model = ParetoNBD.from_params(r=1, alpha=2, s=2, beta=10)
        >>> model.expected_purchases([0, 10]).round(6).tolist()
        [0.0, 2.5]
        """
        r, alpha, s, beta = self._values()
        if summary is None:
            return like(r / alpha * _time_alive(s, beta, times(t)), t)
        x, _, age = purchase_history(summary)
        future = (r + x) / (alpha + age) * _time_alive(s, beta + age, np.asarray(one_time(t)))
        alive = self.probability_alive(summary).to_numpy()
        return pd.Series(future * alive, index=summary.index, name="expected_purchases")

    def probability_alive(self, summary: pd.DataFrame) -> pd.Series[float]:
        """Probability that each customer has not left yet.

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
        Fader & Hardie 2005, eq. (36) and (37).

        Examples
        --------
        With no purchase to judge from and no time passed, a customer is alive:

        >>> model = ParetoNBD.from_params(r=1, alpha=2, s=2, beta=10)
        >>> known = pd.DataFrame({"frequency": [0], "recency_at_last": [0.0], "age": [0.0]})
        >>> model.probability_alive(known).tolist()
        [1.0]
        """
        from scipy.special import expit

        params = np.array(self._values())
        rows = tuple(column.astype(np.float64) for column in purchase_history(summary))
        log_odds = _log_alive(params, rows) - _log_left(params, rows)
        return pd.Series(expit(log_odds), index=summary.index, name="probability_alive")


def _time_alive(s: float, beta: Any, t: Array) -> Array:
    """Expected part of the next t units that the customer lives: integral of (beta / (beta + u))**s."""
    log_ratio = np.log1p(t / beta)
    if s == 1:
        return np.asarray(beta * log_ratio)
    return np.asarray(-beta * np.expm1((1 - s) * log_ratio) / (s - 1))


def _log_likelihood(params: Array, rows: Rows) -> Array:
    which = rows[0].astype(np.int64)
    of_count = log_rising(params[0], int(which.max()))
    return np.asarray(of_count[which] + np.logaddexp(_log_alive(params, rows), _log_left(params, rows)))


def _log_alive(params: Array, rows: Rows) -> Array:
    """Logarithm of the part of the likelihood in which the customer is alive at T."""
    r, alpha, s, beta = params
    x, _, age = rows
    return np.asarray(-r * np.log1p(age / alpha) - x * np.log(alpha + age) - s * np.log1p(age / beta))


def _log_left(params: Array, rows: Rows) -> Array:
    """Logarithm of s / (r + s + x) * A_0: the customer left between t_x and T."""
    r, _, s, _ = params
    x, last, age = rows
    at_last, now = _log_tail(params, x, last), _log_tail(params, x, age)
    drop = np.minimum(now - at_last, 0.0)
    with np.errstate(divide="ignore"):  # no time to leave in when the last purchase is of today
        return np.asarray(np.log(s) - np.log(r + s + x) + at_last + np.log(-np.expm1(drop)))


def _log_tail(params: Array, x: Array, t: Array) -> Array:
    """Logarithm of alpha**r beta**s 2F1(r+s+x, k; r+s+x+1; z) / (m + t)**(r+s+x), eq. (19) and (20).

    Here m is the larger of alpha and beta, and z = |alpha - beta| / (m + t).

    Euler's transformation turns it into 2F1(1, k'; r+s+x+1; z), whose series has only positive terms that
    shrink, so that many purchases neither overflow nor cancel.
    """
    r, alpha, s, beta = params
    small, large = min(alpha, beta), max(alpha, beta)
    k, other = (s + 1, r + x) if alpha >= beta else (r + x, s + 1)
    z = (large - small) / (large + t)
    log_f = (1 - k) * np.log((small + t) / (large + t)) + np.log(hyp2f1_one(other, r + s + x, z))
    scale = -r * np.log1p((large - alpha + t) / alpha) - s * np.log1p((large - beta + t) / beta)
    return np.asarray(log_f + scale - x * np.log(large + t))
