"""How good a policy is, between doing nothing (0) and the best policy known (1).

Write N, P and B for the firm's profit under doing nothing, under the policy, and under the best one known. The score is

    share = (mean of P - N) / (mean of B - N),

from paired futures: the same customers with the same luck live under all three (`crm.compare`), so luck that all share
cancels. A policy can be worse than doing nothing (below 0) or better than the best one known (above 1).

Its standard error is that of a ratio of two means. With one seed it is about the luck of the same customers, over
replications: the variance of (P - N) - share * (B - N), over the square of the mean of B - N. With several seeds the
customers differ too, and each seed counts once: use that for policies whose offers choose their customers by a rule.

Source of the standard error: Cochran 1977, Sampling Techniques, eq. (6.13). The score is the course's own [EXT].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import entries, number, seed_of
from crmsim.engine.compare import compare
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario


@dataclass(frozen=True, eq=False)
class PolicyScore:
    """What a policy earned, on the scale from doing nothing to the best one known.

    Attributes
    ----------
    share : float
        0 is doing nothing, 1 the best policy known; may lie outside.
    se : float
        Its standard error.
    gain, best_gain : float
        Money more than doing nothing: of the policy, and of the best one; means over futures.
    profit : float
        Profit of the policy, money.
    table : DataFrame
        One row per seed: `profit` (of doing nothing), `gain`, `best_gain`; money.
    """

    share: float
    se: float
    gain: float
    best_gain: float
    profit: float
    table: pd.DataFrame = field(repr=False)

    def points(self, out_of: float) -> float:
        """The share as points, held between 0 and `out_of`.

        >>> nothing_else = {"se": 0.1, "gain": 6.0, "best_gain": 8.0, "profit": 90.0, "table": pd.DataFrame()}
        >>> PolicyScore(share=0.75, **nothing_else).points(4)
        3.0
        """
        number("out_of", out_of, low=0.0)
        return float(np.clip(self.share, 0.0, 1.0) * out_of)


def score_policy(
    scenario: Scenario,
    policy: Any,
    *,
    best: Any,
    nothing: Any = (),
    replications: int = 20,
    seeds: Iterable[int] | None = None,
) -> PolicyScore:
    """Profit of a policy between doing nothing (0) and the best policy known (1), with its standard error.

    Parameters
    ----------
    scenario : Scenario
    policy, best, nothing : list of Offer and Lever
        The policy to be judged, the best one known, and what the firm does otherwise (nothing by default).
    replications : int
        Futures for each seed, at least 2.
    seeds : iterable of int, optional
        Other customers each, at least 2; without it, the scenario's own. Offers that name customers name others under
        each seed, so give rules then: ``crm.Offer(customers=lambda past: ...)``.

    Returns
    -------
    PolicyScore

    Raises
    ------
    InputError
        A policy is not possible (as in `crm.compare`), a seed stands twice, or the best policy earns no more than doing
        nothing, so that there is no scale.

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=300, periods=6, seed=7)
    >>> good = crm.Offer(at=2, customers=range(100), lift=0.5, cost=0.5, periods=4)
    >>> dear = crm.Offer(at=2, customers=range(100), lift=0.5, cost=5.0, periods=4)
    >>> score = score_policy(shop, [dear], best=[good], replications=4)
    >>> score.share < 1, round(score.best_gain - score.gain, 6) <= 450      # who has not come yet costs nothing
    (True, True)
    """
    policies = {"nothing": nothing, "policy": policy, "best": best}
    if seeds is None:
        return _within(scenario, policies, replications)
    return _between(scenario, policies, replications, _checked(seeds))


def _within(scenario: Scenario, policies: dict[str, Any], replications: int) -> PolicyScore:
    """One seed: the luck of the same customers, over replications."""
    told = compare(scenario, policies, replications=replications)
    # The covariance of the two gains, from the standard error of their difference.
    other = compare(scenario, {"best": policies["best"], **policies}, replications=replications)
    gain, best_gain = _gains(told)
    variance = told["se"].astype(float) ** 2
    covariance = (variance["policy"] + variance["best"] - float(other["se"]["policy"]) ** 2) / 2
    share = gain / best_gain
    spread = variance["policy"] + share**2 * variance["best"] - 2 * share * covariance
    rows = _row(told)
    return _score(share, float(np.sqrt(max(spread, 0.0))) / best_gain, pd.DataFrame([rows], index=[scenario.seed]))


def _between(
    scenario: Scenario, policies: dict[str, Any], replications: int, seeds: list[int]
) -> PolicyScore:  # fmt: skip
    """Several seeds: each set of customers counts once."""
    rows = [_row(compare(scenario.replace(seed=seed), policies, replications=replications)) for seed in seeds]
    table = pd.DataFrame(rows, index=seeds)
    share = float(table["gain"].mean() / _positive(float(table["best_gain"].mean())))
    rest = table["gain"] - share * table["best_gain"]
    error = float(np.sqrt((rest**2).sum() / (len(seeds) - 1) / len(seeds)) / table["best_gain"].mean())
    return _score(share, error, table)


def _score(share: float, se: float, table: pd.DataFrame) -> PolicyScore:
    means = table.mean()
    gain = float(means["gain"])
    return PolicyScore(
        share=share,
        se=se,
        gain=gain,
        best_gain=float(means["best_gain"]),
        profit=float(means["profit"]) + gain,
        table=table.rename_axis("seed"),
    )


def _row(told: pd.DataFrame) -> dict[str, float]:
    gain, best_gain = (float(told["profit_difference"][name]) for name in ("policy", "best"))
    return {"profit": float(told["profit"]["nothing"]), "gain": gain, "best_gain": best_gain}


def _gains(told: pd.DataFrame) -> tuple[float, float]:
    row = _row(told)
    return row["gain"], _positive(row["best_gain"])


def _positive(best_gain: float) -> float:
    if not best_gain > 0:
        raise InputError(
            f"score_policy: the best policy earns {best_gain:,.2f} more than doing nothing, so there is no scale "
            "from 0 to 1. Give a better one as best=..., or more replications if luck decided."
        )
    return best_gain


def _checked(seeds: Iterable[int]) -> list[int]:
    numbers = [seed_of(seed) for seed in entries("seeds", seeds, example="range(1, 11)")]
    if len(numbers) < 2 or len(set(numbers)) < len(numbers):
        raise InputError(f"seeds={numbers}: give at least two different whole numbers, as in seeds=range(1, 11).")
    return numbers
