"""How wrong a probability of being alive is, judged by the truth, which only a simulation can show.

Of the customers to whom a model gives 70%, seven in ten should still be there (calibration). And the probabilities
should tell the living from the gone: the Brier score is the mean of (probability - truth)**2, 0 for a prophet and p
(1 - p) for who gives everybody the overall share p.

Source of the score: Brier 1950, Monthly Weather Review 78(1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmsim.errors import InputError

N_BINS = 10


@dataclass(frozen=True, eq=False)
class AliveScore:
    """How far probabilities of being alive are from the truth.

    Attributes
    ----------
    n_customers : int
        Customers in both tables.
    mean_probability, alive_share : float
        What was expected on average, and what is true.
    brier, brier_of_share : float
        Brier score of the probabilities, and of giving everybody the true share: below it, they tell customers apart.
    calibration : DataFrame
        One row per tenth of probability that occurs (`low` its lower end): `n_customers`, `mean_probability`,
        `alive_share`, and `se`, the standard error of that share if the probabilities are right.
    """

    n_customers: int
    mean_probability: float
    alive_share: float
    brier: float
    brier_of_share: float
    calibration: pd.DataFrame = field(repr=False)


def score_alive(probability: pd.Series[Any], alive: pd.Series[Any]) -> AliveScore:
    """Compare probabilities of being alive with who really is.

    Parameters
    ----------
    probability : Series
        0 to 1, indexed by customer_id: ``model.probability_alive(summary)``.
    alive : Series
        True or False, indexed by customer_id; of a simulated firm for example whether the last `stage` of each customer
        in ``run.truth.stages`` is not "churn".

    Returns
    -------
    AliveScore

    Raises
    ------
    InputError
        A probability is outside 0 to 1 or missing, `alive` is not True or False, a customer stands twice, or nobody
        is in both.

    Examples
    --------
    >>> score_alive(pd.Series([0.9, 0.8, 0.1, 0.2]), pd.Series([True, True, False, False]))
    AliveScore(n_customers=4, mean_probability=0.5, alive_share=0.5, brier=0.025, brier_of_share=0.25)
    """
    for series, name in ((probability, "probability"), (alive, "alive")):
        if not isinstance(series, pd.Series) or series.index.has_duplicates:
            raise InputError(f"{name}: a Series with one value per customer, indexed by customer_id, is needed.")
    if not pd.api.types.is_numeric_dtype(probability):
        raise InputError(f"probability holds {probability.dtype}, but numbers from 0 to 1 are needed.")
    outside = ~probability.between(0, 1)
    if outside.any():
        who = probability.index[outside.to_numpy()][0]
        raise InputError(f"probability: customer {who} has {probability[who]}; it must be a number from 0 to 1.")
    if not pd.api.types.is_bool_dtype(alive):
        raise InputError(f"alive holds {alive.dtype}, but True or False is needed; write (last_stage != 'churn').")
    both = probability.index[probability.index.isin(alive.index)]
    if len(both) == 0:
        raise InputError("score_alive: no customer stands in both; are both indexed by customer_id?")
    return _score(probability.loc[both].to_numpy(dtype=np.float64), alive.loc[both].to_numpy(dtype=np.float64))


def _score(given: Any, real: Any) -> AliveScore:
    share = float(real.mean())
    return AliveScore(
        n_customers=len(given),
        mean_probability=round(float(given.mean()), 12),
        alive_share=share,
        brier=round(float(((given - real) ** 2).mean()), 12),
        brier_of_share=share * (1 - share),
        calibration=_calibration(given, real),
    )


def _calibration(given: Any, real: Any) -> pd.DataFrame:
    tenth = np.minimum((given * N_BINS + 1e-12).astype(np.int64), N_BINS - 1)
    table = pd.DataFrame({"low": tenth / N_BINS, "given": given, "real": real, "variance": given * (1 - given)})
    groups = table.groupby("low")
    n = groups.size()
    return pd.DataFrame(
        {
            "n_customers": n,
            "mean_probability": groups["given"].mean(),
            "alive_share": groups["real"].mean(),
            "se": np.sqrt(groups["variance"].sum()) / n,
        }
    )
