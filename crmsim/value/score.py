"""How wrong an estimate of customer values is, judged by the truth, which only a simulation can show.

Three questions, three kinds of measure. Is the level right? Mean error and the share of the total value that
was estimated. Is each customer right? Mean absolute error and root mean square error. Is the order right,
so that one would choose the right customers? Rank correlation and the share of the best found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.tables import require_columns
from crmsim.errors import InputError


@dataclass(frozen=True, eq=False)
class ClvScore:
    """How far estimated customer values are from the true ones.

    Attributes
    ----------
    n_customers : int
        Customers in both tables; all the measures are about them.
    n_not_estimated : int
        Customers with a true value but no estimate: they have never bought.
    mean_error : float
        Mean of estimate - truth, money a customer; positive is too high.
    mean_absolute_error : float
        Mean size of the error, money a customer.
    root_mean_square_error : float
        Root of the mean squared error, money a customer; large errors weigh more.
    truth_error : float
        Root mean square of the standard errors of the truth: so much of the error above is the truth's own.
    value_share : float
        Total estimate over total truth; 1 is right.
    rank_correlation : float
        Spearman's rank correlation of estimate and truth, -1 to 1; NaN when one of them is constant.
    top_share : float
        Share of the truly best 20% of the customers who are among the estimated best 20%.
    customers : DataFrame
        Indexed by `customer_id`: `estimate`, `truth`, `error`, `truth_se`; money.
    """

    n_customers: int
    n_not_estimated: int
    mean_error: float
    mean_absolute_error: float
    root_mean_square_error: float
    truth_error: float
    value_share: float
    rank_correlation: float
    top_share: float
    customers: pd.DataFrame = field(repr=False)

    def __str__(self) -> str:
        return "\n".join(f"{label:<28}{value}" for label, value in self._lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = (f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in self._lines())
        return f"<table>{''.join(rows)}</table>"

    def _lines(self) -> list[tuple[str, str]]:
        return [
            ("customers", f"{self.n_customers:,} ({self.n_not_estimated:,} more without an estimate)"),
            ("mean error", f"{self.mean_error:+,.2f}"),
            ("mean absolute error", f"{self.mean_absolute_error:,.2f}"),
            ("root mean square error", f"{self.root_mean_square_error:,.2f}"),
            ("  the truth's own share", f"{self.truth_error:,.2f}"),
            ("estimated share of value", f"{self.value_share:.1%}"),
            ("rank correlation", f"{self.rank_correlation:.3f}"),
            ("best 20% found", f"{self.top_share:.1%}"),
        ]


def score_clv(estimate: Any, truth: pd.DataFrame) -> ClvScore:
    """Compare estimated customer values with the true ones.

    Only customers in both tables are compared; how many have a truth and no estimate is reported.

    Parameters
    ----------
    estimate : DataFrame or Series
        One row per customer, indexed by `customer_id`: column `clv`, or a Series of values. Money.
    truth : DataFrame
        One row per customer, indexed by `customer_id`: `clv` and, if known, its standard error `clv_se`;
        ``run.truth.clv(at=..., horizon=...)`` of the same moment and horizon.

    Returns
    -------
    ClvScore

    Raises
    ------
    InputError
        A column is missing, a value is not a finite number, a customer stands in a table twice, or the
        tables have no customer in common.

    Notes
    -----
    The best 20% are counted up to a whole customer; of equal values the one higher up in the table counts.

    Examples
    --------
    >>> truth = pd.DataFrame({"clv": [100.0, 50.0, 30.0, 20.0]}, index=[1, 2, 3, 4])
    >>> estimate = pd.DataFrame({"clv": [90.0, 60.0, 10.0, 20.0]}, index=[1, 2, 3, 4])
    >>> score_clv(estimate, truth)
    customers                   4 (0 more without an estimate)
    mean error                  -5.00
    mean absolute error         10.00
    root mean square error      12.25
      the truth's own share     0.00
    estimated share of value    90.0%
    rank correlation            0.800
    best 20% found              100.0%
    """
    guess = _values(estimate.to_frame("clv") if isinstance(estimate, pd.Series) else estimate, "estimate")
    real = _values(truth, "truth")
    both = real.index[real.index.isin(guess.index)]
    if len(both) == 0:
        raise InputError("score_clv: no customer stands in both tables; are both indexed by customer_id?")
    error_of_truth = truth["clv_se"].loc[both] if "clv_se" in truth.columns else 0.0
    table = pd.DataFrame({"estimate": guess.loc[both], "truth": real.loc[both]})
    table["error"] = table["estimate"] - table["truth"]
    table["truth_se"] = error_of_truth
    return _score(table.rename_axis("customer_id"), n_not_estimated=len(real) - len(both))


def _score(table: pd.DataFrame, *, n_not_estimated: int) -> ClvScore:
    error = table["error"]
    total = float(table["truth"].sum())
    return ClvScore(
        n_customers=len(table),
        n_not_estimated=n_not_estimated,
        mean_error=float(error.mean()),
        mean_absolute_error=float(error.abs().mean()),
        root_mean_square_error=float(np.sqrt((error**2).mean())),
        truth_error=float(np.sqrt((table["truth_se"] ** 2).mean())),
        value_share=float(table["estimate"].sum()) / total if total else float("nan"),
        rank_correlation=_rank_correlation(table["estimate"], table["truth"]),
        top_share=_top_share(table["estimate"], table["truth"]),
        customers=table,
    )


def _values(table: pd.DataFrame, what: str) -> pd.Series[float]:
    require_columns(table, {"clv": "number"}, what=what)
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()][0]
        raise InputError(f"{what}: customer {twice} stands in the table more than once.")
    return table["clv"]


def _rank_correlation(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Spearman's: Pearson's correlation of the ranks, equal values sharing their mean rank."""
    a, b = (values.rank().to_numpy() - (len(values) + 1) / 2 for values in (one, other))
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else float("nan")


def _top_share(estimate: pd.Series[float], truth: pd.Series[float]) -> float:
    n_top = -(-len(truth) // 5)
    best, found = (
        set(v.sort_values(ascending=False, kind="stable").index[:n_top]) for v in (truth, estimate)
    )
    return len(best & found) / n_top
