"""Customers who choose between offers by delivered value, each with tastes of his own: a simulation with known truth.

A customer i takes the offer j with the highest

    U_ij = sum over the four values k of w_ik v_jk  -  sum over the four costs l of w_il c_jl  +  e_ij.

v and c are the components of customer delivered value (客户让渡价值) as an average customer sees them. The weights w
are the customer's tastes: lognormal with mean 1, or the mean asked for. e is the luck of one purchase: Gumbel with
standard deviation `luck`. Without differences in taste, the share of buyers of j is exp(V_j / b) over the sum of these,
with b = luck * sqrt(6) / pi.

Luck has a name: it depends on the seed, the replication, the customer and the name of the offer. So a changed offer, or
one more, leaves all other luck as it is, and two markets can be compared with the same customers and the same luck.

That customers take the offer with the highest delivered value is Kotler's reading (curriculum C05). Weights and luck
are [EXT]: McFadden (1974), "Conditional logit analysis of qualitative choice behavior".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number, label, pairs_of, whole
from crmsim.errors import InputError, did_you_mean
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS, check_offers

COMPONENTS = (*VALUE_COLUMNS, *COST_COLUMNS)
_SIGNS = np.array([1.0] * len(VALUE_COLUMNS) + [-1.0] * len(COST_COLUMNS))
_TASTES, _LUCK = 1, 2
_GUMBEL = np.sqrt(6) / np.pi
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shoppers:
    """Simulated customers in front of a shelf.

    Attributes
    ----------
    weights : DataFrame
        Truth: one row per customer (`customer_id`), a column per component: how much one unit of it counts for him.
    luck : float
        Standard deviation of the luck of a purchase: money.
    seed : int
    """

    weights: pd.DataFrame
    luck: float
    seed: int

    def perceived(self, offers: pd.DataFrame) -> pd.DataFrame:
        """Delivered value as each customer sees it, luck left out: truth, in money.

        Parameters
        ----------
        offers : DataFrame
            As for `crmsim.value.best_offer`.

        Returns
        -------
        DataFrame
            One row per customer, one column per offer.

        Raises
        ------
        InputError
            As for `crmsim.value.best_offer`.

        Examples
        --------
        >>> offers = pd.DataFrame([[120, 45, 20, 15, 100, 20, 10, 6]], index=["A"], columns=COMPONENTS)
        >>> draw_shoppers(2, seed=7, spread=0).perceived(offers)["A"].tolist()
        [64.0, 64.0]
        """
        check_offers(offers)
        seen = self.weights.to_numpy() @ (offers[list(COMPONENTS)].to_numpy(dtype=float) * _SIGNS).T
        return pd.DataFrame(seen, index=self.weights.index, columns=offers.index)

    def choices(self, offers: pd.DataFrame, *, replication: int = 0) -> pd.Series[Any]:
        """The offer that each customer takes.

        Parameters
        ----------
        offers : DataFrame
            As for `crmsim.value.best_offer`.
        replication : int
            Another number is another purchase: the same tastes with other luck.

        Returns
        -------
        Series
            `offer`, the index label of an offer, for each `customer_id`.

        Raises
        ------
        InputError
            As for `crmsim.value.best_offer`.

        Examples
        --------
        >>> rows = [[120, 45, 20, 15, 100, 20, 10, 6], [90, 60, 30, 20, 110, 10, 5, 5]]
        >>> offers = pd.DataFrame(rows, index=["A", "B"], columns=COMPONENTS)
        >>> alike = draw_shoppers(3, seed=7, spread=0, luck=0)
        >>> alike.choices(offers).tolist()      # 64 and 70 for everybody
        ['B', 'B', 'B']
        """
        replication = whole("replication", replication, low=0)
        seen = self.perceived(offers)
        place = (seen.to_numpy() + self._lucks(offers.index, replication)).argmax(axis=1)
        return offers.index.to_series().iloc[place].set_axis(seen.index).rename("offer")

    def buying_share(self, offers: pd.DataFrame, *, offer: Any, replications: int = 100) -> pd.Series[float]:
        """How often each customer takes one offer, in so many purchases with other luck each time.

        Two markets compared so have the same luck, purchase by purchase, where the offers have the same names.

        Parameters
        ----------
        offers : DataFrame
            As for `crmsim.value.best_offer`.
        offer : label
            One of them.
        replications : int
            Number of purchases, 1 or more: the replications from 0 on of `choices`.

        Returns
        -------
        Series
            `buying_share`, 0 to 1, for each `customer_id`.

        Raises
        ------
        InputError
            As for `crmsim.value.best_offer`, or the offer is not among them.

        Examples
        --------
        >>> offers = pd.DataFrame([[9, 0, 0, 0, 5, 0, 0, 0]] * 2, index=["A", "B"], columns=COMPONENTS)
        >>> float(draw_shoppers(500, seed=7).buying_share(offers, offer="A").mean().round(1))      # twins
        0.5
        """
        check_offers(offers)
        if label("offer", offer) not in offers.index:
            raise InputError(f"There is no offer {offer!r}. {did_you_mean(str(offer), map(str, offers.index))}")
        _check(replications=replications)
        seen, place = self.perceived(offers), offers.index.get_loc(offer)
        worth, names = seen.to_numpy(), offers.index
        takes = [(worth + self._lucks(names, k)).argmax(axis=1) == place for k in range(int(replications))]
        return pd.Series(np.asarray(takes, dtype=np.float64).mean(axis=0), index=seen.index, name="buying_share")

    def _lucks(self, names: pd.Index[Any], replication: int) -> Array:
        return np.column_stack([self._luck(name, replication) for name in names])

    def _luck(self, name: Any, replication: int) -> Array:
        rng = np.random.default_rng([self.seed, _LUCK, replication, *str(name).encode()])
        return self.luck * _GUMBEL * rng.gumbel(size=len(self.weights))


def draw_shoppers(
    n: int, *, seed: int, spread: float = 0.3, luck: float = 10.0, means: Mapping[str, float] | None = None
) -> Shoppers:
    """Draw customers with tastes of their own.

    Parameters
    ----------
    n : int
        Number of customers, 1 or more.
    seed : int
        0 or more.
    spread : float
        How much tastes differ: standard deviation of the logarithm of a weight, 0 or more. At 0 all are alike.
    luck : float
        Standard deviation of the luck of a purchase: money, 0 or more.
    means : mapping, optional
        Mean weight of a component, 0 or more: ``{"c_time": 1.5}``. Components not named have 1.

    Returns
    -------
    Shoppers

    Raises
    ------
    InputError
        A component is unknown, or a number is negative.

    Notes
    -----
    weight = mean * exp(spread * z - spread**2 / 2), z standard normal. [EXT].

    Examples
    --------
    >>> shoppers = draw_shoppers(2_000, seed=7, means={"c_time": 1.5})
    >>> shoppers.weights[["v_service", "c_time"]].mean().round(1).tolist()
    [1.0, 1.5]
    """
    _check(n=n, seed=seed, spread=spread, luck=luck)
    n, seed = int(n), int(seed)
    z = np.random.default_rng([seed, _TASTES]).standard_normal((n, len(COMPONENTS)))
    named = {} if means is None else pairs_of("means", means, example="{'c_time': 1.5}")
    weights = _means(named) * np.exp(spread * z - spread**2 / 2)
    index = pd.RangeIndex(n, name="customer_id")
    return Shoppers(pd.DataFrame(weights, index=index, columns=list(COMPONENTS)), float(luck), seed)


def _check(**given: Any) -> None:
    for name, value in given.items():
        least = int(name in ("n", "replications"))
        whole = least or name == "seed"
        if not is_number(value) or value < least or (whole and value % 1 != 0):
            raise InputError(f"{name}={value!r} must be a {'whole ' if whole else ''}number of {least} or more.")


def _means(given: Mapping[str, float]) -> Array:
    for name, mean in given.items():
        if name not in COMPONENTS:
            raise InputError(f"means: there is no component {name!r}. {did_you_mean(str(name), COMPONENTS)}")
        if not is_number(mean) or mean < 0:
            raise InputError(f"means: {name}={mean!r} must be a number of 0 or more.")
    return np.array([float(given.get(name, 1.0)) for name in COMPONENTS])
