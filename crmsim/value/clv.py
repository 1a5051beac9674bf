"""From purchases to each customer's expected lifetime value (客户终生价值, CLV) in the periods to come.

The value of a customer is the sum over the future periods k = 0, 1, ... of

    margin share * expected spend a purchase * expected purchases in period k / (1 + rate)**k,

with the purchases from the BG/NBD (or Pareto/NBD) model and the spend from the Gamma-Gamma model, both fitted
to the past; or both from a method without a model, `Historic` or `Cohort`. The first future period is not discounted,
as in `stage_values`. What the models cannot see does not count: seasons, stages, campaigns, and what it costs to
serve a customer.

Source: Fader, Hardie & Lee 2005, RFM and CLV, Journal of Marketing Research 42, 415-430.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from crmsim.customers.arguments import flag, one_of
from crmsim.customers.tables import end_of, require_columns, transactions_of
from crmsim.errors import InputError
from crmsim.value.bgnbd import BGNBD
from crmsim.value.cashflows import checked_rate
from crmsim.value.cohort import Cohort
from crmsim.value.gammagamma import GammaGamma
from crmsim.value.historic import Historic
from crmsim.value.history import summary as summary_of
from crmsim.value.likelihood import FitError, FitWarning
from crmsim.value.paretonbd import ParetoNBD
from crmsim.value.uncertainty import with_errors

MODELS: dict[str, Any] = {"bg_nbd": BGNBD, "pareto_nbd": ParetoNBD, "cohort": Cohort, "historic": Historic}
PERIODS = {"month": pd.DateOffset(months=1), "week": pd.DateOffset(days=7)}


def estimate_clv(
    past: Any,
    *,
    horizon: int,
    model: str = "bg_nbd",
    rate: float | None = None,
    at: Any = None,
    period: str | None = None,
    errors: bool = False,
) -> pd.DataFrame:
    """Expected discounted margin of every customer who has bought, over the next `horizon` periods.

    Fits a model of purchases and the Gamma-Gamma model of spend to the purchases up to now, those of one day
    merged into one; or reads both from the past by a method without a model. An amount becomes margin by the firm's
    average share, total margin over total amount, when there is a column `margin`; otherwise the amount counts in
    full. Service and campaign costs do not count. Customers who have never bought are not in the table: the models
    know nothing of them.

    Parameters
    ----------
    past : past, Run or DataFrame
        ``run.until(t)``, or a table with one row per purchase: `customer_id`, `time`, `amount` and, if
        known, `margin`.
    horizon : int
        Number of future periods, 1 or more.
    model : "bg_nbd", "pareto_nbd", "cohort" or "historic"
        Model of the purchases, or method.
    rate : float, optional
        Discount rate a period, above -1; by default the `discount_rate` of `past` if it has one, else 0.
    at : date, optional
        The moment one looks back and forward from; needed for a plain table.
    period : "month" or "week", optional
        Length of a period; by default that of `past`, and a month for a plain table.
    errors : bool
        Whether to add standard errors, `clv_se` and so on (`crm.value.with_errors`); takes some ten times as long. The
        margin share is taken as known.

    Returns
    -------
    DataFrame
        Indexed by `customer_id`: `clv` (money), and what it is made of: `probability_alive` now,
        `expected_purchases` and `discounted_purchases` over the horizon, `expected_spend` (amount a
        purchase), `margin_share`. clv = discounted_purchases * expected_spend * margin_share.

    Raises
    ------
    InputError
        An argument is not possible, a column is missing, or the mean spend does not exist (q <= 1).

    Warns
    -----
    FitWarning
        The data alone do not determine a model, and it was fitted with ``prior_weight=1``.

    Notes
    -----
    Fader, Hardie & Lee 2005, RFM and CLV; see the formula at the top of this module.

    Examples
    --------
    >>> import crmsim as crm
    >>> clv = crm.estimate_clv(crm.dataset("cdnow"), horizon=12, at="1997-09-30")
    >>> clv.loc[1].round(2)
    clv                     38.51
    probability_alive        0.73
    expected_purchases       1.56
    discounted_purchases     1.56
    expected_spend          24.65
    margin_share             1.00
    Name: 1, dtype: float64
    """
    end = end_of(past, at)
    rate = checked_rate(getattr(past, "discount_rate", 0.0) if rate is None else rate)
    summary = summary_of(past, at=end)
    weeks = _weeks_ahead(end, _whole(horizon), _period_of(past, period))
    both = _fitted(_known_model(model), past, end, summary)
    discounts = (1 + rate) ** -np.arange(horizon, dtype=np.float64)
    share = _margin_share(transactions_of(past), end)
    table = both.answers(summary, weeks, discounts, share)
    if not flag("errors", errors):
        return table
    found = with_errors(both, lambda pair: pair.answers(summary, weeks, discounts, share))
    asked = ["clv", "probability_alive", "expected_purchases", "expected_spend"]
    return table.join(found.se[asked].add_suffix("_se"))


@dataclass(frozen=True)
class _Both:
    """What says how often customers buy, and what says how much they spend: two models, or one method for both."""

    buying: Any
    spending: Any

    def answers(self, summary: pd.DataFrame, weeks: list[float], discounts: Any, share: float) -> pd.DataFrame:
        """The table of `estimate_clv`."""
        by_then = np.array([self.buying.expected_purchases(week, summary=summary).to_numpy() for week in weeks])
        table = pd.DataFrame(
            {
                "probability_alive": self.buying.probability_alive(summary),
                "expected_purchases": by_then[-1],
                "discounted_purchases": np.diff(by_then, axis=0, prepend=0.0).T @ discounts,
                "expected_spend": self.spending.expected_spend(summary),
                "margin_share": share,
            },
            index=summary.index,
        )
        table.insert(0, "clv", table["discounted_purchases"] * table["expected_spend"] * table["margin_share"])
        return table

    def neighbours(self) -> Iterator[tuple[Self, Self, float]]:
        """Two models err independently, so first one has neighbours and then the other; a method has its own."""
        kind = type(self)
        if self.buying is self.spending:
            yield from ((kind(one, one), kind(other, other), w) for one, other, w in self.buying.neighbours())
            return
        yield from ((kind(a, self.spending), kind(b, self.spending), w) for a, b, w in self.buying.neighbours())
        yield from ((kind(self.buying, a), kind(self.buying, b), w) for a, b, w in self.spending.neighbours())


def _fitted(buying: Any, past: Any, end: pd.Timestamp, summary: pd.DataFrame) -> _Both:
    if isinstance(buying, Historic | Cohort):
        buying.fit(past, at=end)
        return _Both(buying, buying)
    spending = GammaGamma()
    _fit(buying, summary)
    # The model of spend knows only positive amounts; whoever got everything free is estimated, not learnt from.
    _fit(spending, summary[~(summary["mean_spend"] == 0)])
    return _Both(buying, spending)


def _weeks_ahead(end: pd.Timestamp, horizon: int, period: str) -> list[float]:
    """Weeks from now to the end of each future period."""
    return [(end + (k + 1) * PERIODS[period] - end) / pd.Timedelta(days=7) for k in range(horizon)]


def _fit(model: BGNBD | ParetoNBD | GammaGamma, summary: pd.DataFrame) -> None:
    """Fit by maximum likelihood, or with a weak prior and a warning where that does not work."""
    try:
        model.fit(summary)
    except FitError:
        model.fit(summary, prior_weight=1.0)
        message = (
            f"estimate_clv: the purchases of {len(summary)} customers do not determine the "
            f"{type(model).__name__} model; it was held to usual sizes: {model!r}. "
            "Use more customers or a longer past for an estimate from the data alone."
        )
        warnings.warn(message, FitWarning, stacklevel=4)


def _margin_share(transactions: pd.DataFrame, end: pd.Timestamp) -> float:
    if "margin" not in transactions.columns:
        return 1.0
    require_columns(transactions, {"margin": "number"}, what="transactions")
    known = transactions[transactions["time"] <= end]
    return float(known["margin"].sum() / known["amount"].sum())


def _period_of(past: Any, period: str | None) -> str:
    if period is not None:
        return one_of("period", period, PERIODS)
    starts = getattr(past, "period_starts", None)
    weekly = starts is not None and len(starts) > 1 and starts[1] - starts[0] == pd.Timedelta(days=7)
    return "week" if weekly else "month"


def _known_model(model: str) -> Any:
    return MODELS[one_of("model", model, MODELS)]()


def _whole(horizon: Any) -> int:
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1:
        raise InputError(f"horizon={horizon!r}: give a whole number of periods, such as horizon=12.")
    return int(horizon)
