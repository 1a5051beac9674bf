"""How unevenly value is spread over customers: ABC analysis, Pareto share and curve, Gini coefficient.

Put n customers in order of value, the largest first, and add their values up. The **Pareto curve** gives the
share of all value that the best share of customers brings. The 80/20 rule (二八法则) says that this curve
passes near (0.20, 0.80). **ABC analysis** (ABC分析法) cuts the same order into large (A, 大客户), medium
(B, 中等客户) and small customers (C, 小客户). The **Gini coefficient** is twice the area between the curve
and the diagonal: 0 if all are equal, near 1 if one customer brings everything.

Values must be 0 or more: with losses, "share of the total" means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number, value_column
from crmsim.errors import InputError, told
from crmsim.segments.labels import labelled

Values: TypeAlias = "pd.Series[Any] | Sequence[float] | npt.NDArray[np.float64]"
CLASSES = ("A", "B", "C")
# Cumulative shares meet the cuts exactly in hand-made data, and adding floats leaves an error of about 1e-13.
TOLERANCE = 1e-9


def abc(values: Values, *, cuts: tuple[float, float] = (0.80, 0.95)) -> pd.Series[Any]:
    """Class A, B or C of every customer, by the share of value that better customers bring already.

    Customers stand in descending order of value, equal values in ascending order of customer id. A customer
    is A if the customers before bring less than 80% of the total, else B if less than 95%, else C. So the
    customer who carries the sum over a cut still belongs to the better class. The handout gives no cuts; 80%
    and 95% are [EXT].

    Parameters
    ----------
    values : Series
        Value per customer (money, 0 or more), indexed by customer_id. A list counts as customers 0, 1, 2 ...
    cuts : pair of shares
        Both above 0, the first below the second, the second at most 1.

    Returns
    -------
    Series
        `abc_class` (ordered category, A before B before C) in the order and with the index of `values`.

    Raises
    ------
    InputError
        This is no single column, a value is missing, negative or infinite (the row is named), all are 0, an id stands
        twice, or the cuts are not in order.

    Examples
    --------
    >>> "".join(abc([500, 300, 80, 50, 30, 20, 10, 5, 3, 2]))
    'AABBBCCCCC'
    """
    first, second = _check_cuts(cuts)
    series = _values(values)
    by_id = series.index.argsort()
    order = by_id[np.argsort(-series.to_numpy()[by_id], kind="stable")]
    ranked = series.to_numpy()[order]
    before_share = (np.cumsum(ranked) - ranked) / ranked.sum()
    codes = np.empty(len(series), dtype=np.int64)
    codes[order] = (before_share >= first - TOLERANCE).astype(int) + (before_share >= second - TOLERANCE)
    return pd.Series(labelled(codes, CLASSES, ordered=True), index=series.index, name="abc_class")


def pareto_curve(values: Values) -> pd.DataFrame:
    """Share of value brought by the best share of customers, for every number of customers.

    Parameters
    ----------
    values : Series
        As for `abc`.

    Returns
    -------
    DataFrame
        Indexed by `n_customers` (0, 1, ... n): `customer_share` and `value_share`, from (0, 0) to (1, 1).

    Raises
    ------
    InputError
        As for `abc`.

    Examples
    --------
    >>> pareto_curve([2, 5, 2, 1])["value_share"].to_dict()
    {0: 0.0, 1: 0.5, 2: 0.7, 3: 0.9, 4: 1.0}
    """
    ranked = np.sort(_values(values).to_numpy())[::-1]
    numbers = np.arange(len(ranked) + 1)
    sums = np.concatenate(([0.0], np.cumsum(ranked)))
    return pd.DataFrame(
        {"customer_share": numbers / len(ranked), "value_share": sums / sums[-1]},
        index=pd.Index(numbers, name="n_customers"),
    )


def pareto_share(values: Values, *, top: float = 0.20) -> float:
    """Share of all value that the best share `top` of the customers brings.

    If `top` is no whole number of customers, the next customer counts in part: 20% of 7 customers are the
    best one and 0.4 of the second. So equal customers give exactly `top`.

    Parameters
    ----------
    values : Series
        As for `abc`.
    top : float
        Share of customers, from 0 to 1.

    Returns
    -------
    float
        A share, from `top` to 1.

    Raises
    ------
    InputError
        As for `abc`, or `top` is not a share.

    Examples
    --------
    >>> pareto_share([500, 300, 80, 50, 30, 20, 10, 5, 3, 2])
    0.8
    >>> pareto_share([100, 100, 100, 100, 100])
    0.2
    """
    if not is_number(top) or not 0 <= top <= 1:
        raise InputError(f"top={told(top)} must be a share from 0 to 1; write top=0.20 for the best 20%.")
    curve = pareto_curve(values)
    return float(np.interp(top, curve["customer_share"], curve["value_share"]))


def gini(values: Values) -> float:
    """Gini coefficient of the values: 0 if all are equal, (n - 1) / n if one customer brings everything.

    Formula: sum over i of (2 i - n - 1) x_i / (n sum of x), with x in ascending order, i = 1 ... n.

    Parameters
    ----------
    values : Series
        As for `abc`.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        As for `abc`.

    Notes
    -----
    Sen, A. (1973), *On Economic Inequality*, chapter 2. It divides by n, not by n - 1, so small groups give
    somewhat lower values than the population they come from.

    Examples
    --------
    >>> gini([10, 10, 10, 10]), gini([0, 0, 0, 40])
    (0.0, 0.75)
    """
    ranked = np.sort(_values(values).to_numpy())
    n = len(ranked)
    weights = 2.0 * np.arange(1, n + 1) - n - 1
    return max(0.0, float(weights @ ranked / (n * ranked.sum())))  # equal values can leave -1e-17


def _values(values: Values) -> pd.Series[Any]:
    """The values as floats; refused unless finite, 0 or more, not all 0, and one per customer."""
    series = value_column("values", values)
    if len(series) == 0:
        raise InputError("values: there are none; at least one number is needed, one for each customer.")
    if not pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        raise InputError(
            f"values holds {series.dtype} (first value {series.iloc[0]!r}); at least one number is needed, one for "
            "each customer. Use pandas.to_numeric(values)."
        )
    series = series.astype("Float64").astype(float)
    bad = ~np.isfinite(series.to_numpy()) | (series.to_numpy() < 0)
    if bad.any():
        row = int(bad.argmax())
        raise InputError(
            f"values: customer {series.index[row]} has {series.iloc[row]} (row {row}); every value must be finite and "
            "0 or more, for with losses a share of the total means nothing. For losses use values.clip(lower=0), for "
            "missing values values.fillna(0) if nothing was bought, else values.dropna()."
        )
    if series.index.has_duplicates:
        twice = series.index[series.index.duplicated()][0]
        raise InputError(f"values: customer {twice} stands twice; use values.groupby(level=0).sum().")
    if series.sum() == 0:
        raise InputError("values: all are 0, so nobody has a share of the total.")
    return series


def _check_cuts(cuts: tuple[float, float]) -> tuple[float, float]:
    pair = isinstance(cuts, tuple | list | np.ndarray) and len(cuts) == 2 and all(is_number(cut) for cut in cuts)
    if not pair or not 0 < cuts[0] < cuts[1] <= 1:
        raise InputError(f"cuts={told(cuts)} must be two rising shares between 0 and 1, as in cuts=(0.80, 0.95).")
    return cuts
