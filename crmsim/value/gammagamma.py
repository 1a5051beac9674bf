"""The Gamma-Gamma model (伽马-伽马模型) of spend: what a customer's next purchase is worth.

A customer's amounts follow a Gamma distribution with shape p and a rate nu of his own; over the customers,
nu follows a Gamma distribution with shape q and rate gamma. How much somebody spends is taken to be
independent of how often he buys. The estimate for one customer lies between his own mean and everybody's,
the closer to his own the more often he has bought.

The mean spend of all customers is p * gamma / (q - 1). For q <= 1 it does not exist: a few customers spend
so much that the average never settles. Then this module says so, and gives no number.

Sources: Fader, Hardie & Lee 2005, RFM and CLV, Journal of Marketing Research 42, 415-430; formulas as
numbered in Fader & Hardie 2013, The Gamma-Gamma model of monetary value.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from crmsim.errors import InputError
from crmsim.value.likelihood import Array, FitError, Problem, Rows
from crmsim.value.model import Model, distinct, frequency_and_spend


class GammaGamma(Model):
    """The Gamma-Gamma model of the amount spent a purchase.

    For positive amounts that do not depend on how often one buys.

    Notes
    -----
    Parameters p, q, gamma (money); source: Fader, Hardie & Lee 2005.

    Examples
    --------
    >>> model = GammaGamma.from_params(p=6.25, q=3.74, gamma=15.45)   # CDNOW, in dollars
    >>> round(model.expected_spend(), 2)
    35.24
    """

    names: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")

    def fit(self, summary: pd.DataFrame, *, prior_weight: float = 0.0) -> Self:
        """Estimate the parameters by maximum likelihood from customers with repeat purchases.

        Parameters
        ----------
        summary : DataFrame
            One row per customer: `frequency` and `mean_spend`; rows with frequency 0 are left out.
        prior_weight : float
            0 is maximum likelihood. With w > 0 the logarithm of every parameter is pulled towards a usual
            size as by w observations: for small tables that do not determine the model.

        Returns
        -------
        GammaGamma
            The model itself.

        Raises
        ------
        InputError
            A column is missing, or a mean spend is not a positive number.
        FitError
            Nobody bought again, the search did not converge, or the data do not determine the parameters.

        Notes
        -----
        Likelihood: Fader & Hardie 2013, eq. (1a). The published gamma on CDNOW, 15.45, comes from means
        rounded to cents.

        Examples
        --------
        >>> import crmsim as crm
        >>> table = crm.value.summary(crm.dataset("cdnow"), at="1997-09-30")
        >>> GammaGamma().fit(table)
        GammaGamma(p=6.25, q=3.744, gamma=15.44)
        """
        x, spend = _repeat_buyers(summary)
        rows, weights = distinct(x, spend)
        mean = float(weights @ rows[1]) / float(weights.sum())
        start = {"p": 2.0, "q": 2.0, "gamma": mean / 2}
        return self._maximise(Problem(_log_likelihood, rows, weights, start, "Gamma-Gamma"), prior_weight)

    def expected_spend(self, summary: pd.DataFrame | None = None) -> Any:
        """Expected mean amount of a customer's future purchases: of a new one, or of each known one.

        Parameters
        ----------
        summary : DataFrame, optional
            One row per known customer: `frequency` and `mean_spend` (not read where frequency is 0).

        Returns
        -------
        float, or Series named expected_spend with the index of `summary`

        Raises
        ------
        InputError
            The mean does not exist: q <= 1 and nothing is known of the customer, or p * x + q <= 1.

        Notes
        -----
        p * (gamma + x * m) / (p * x + q - 1): Fader & Hardie 2013, eq. (5).

        Examples
        --------
        >>> model = GammaGamma.from_params(p=2, q=3, gamma=10)
        >>> known = pd.DataFrame({"frequency": [0, 1], "mean_spend": [float("nan"), 30.0]})
        >>> model.expected_spend(known).tolist()      # 2*10/2 and 2*(10+30)/(2+2)
        [10.0, 20.0]
        """
        p, q, gamma = self._values()
        if summary is None:
            self._refuse_without_mean(np.array([q - 1]))
            return p * gamma / (q - 1)
        x, spend = frequency_and_spend(summary)
        self._refuse_without_mean(p * x + q - 1)
        mean = p * (gamma + x * spend) / (p * x + q - 1)
        return pd.Series(mean, index=summary.index, name="expected_spend")

    def _refuse_without_mean(self, denominator: Array) -> None:
        n_without = int((denominator <= 0).sum())
        if n_without:
            raise InputError(
                f"{self!r}: q <= 1, so the mean spend of all customers does not exist, and {n_without} "
                "of them have too few repeat purchases to have a mean of their own. Leave customers with frequency 0 "
                "out, look for a few extremely large amounts, or fit to more customers."
            )


def _repeat_buyers(summary: pd.DataFrame) -> tuple[Array, Array]:
    x, spend = frequency_and_spend(summary)
    if not (x > 0).any():
        raise FitError("Gamma-Gamma: no customer has a repeat purchase; give a longer past.")
    free = (x > 0) & (spend == 0)
    if free.any():
        raise InputError(
            f"Gamma-Gamma: mean_spend is 0 for customer {summary.index[int(free.argmax())]} and "
            f"{int(free.sum()) - 1} more, but the model knows only positive amounts; leave them out: "
            "summary[(summary.frequency == 0) | (summary.mean_spend > 0)]."
        )
    return x[x > 0], spend[x > 0]


def _log_likelihood(params: Array, rows: Rows) -> Array:
    """Eq. (1a), written so that nothing large cancels when p or q runs away."""
    from scipy.special import betaln

    p, q, gamma = params
    x, spend = rows
    counts = np.arange(1, int(x.max()) + 1)
    of_count = -betaln(p * counts, q)[x.astype(np.int64) - 1]
    total = x * spend
    of_spend = q * np.log1p(total / gamma) + p * x * np.log1p(gamma / total) + np.log(spend)
    return np.asarray(of_count - of_spend)
