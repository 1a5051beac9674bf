"""How well segments agree with the hidden ones, and what telling customers apart is worth in money.

Agreement: the **adjusted Rand index**. Take two customers at random; two segmentations agree on them if both put them
together or both apart. The share of such pairs, less what chance alone gives, over the most there could be more than
chance: 1 is the same grouping whatever the names, 0 is what chance gives, below 0 is worse.

Money: if every offer had been made to everybody (`crm.compare`, same customers, same luck), one knows what each
customer would have brought under each. Then three ways to treat them are compared: the best single offer for all; the
best for each of these segments; the best for each hidden segment. "Best" may be nothing at all. To be fair, what is
best is decided on one half of the customers and earned on the other, and the other way round: otherwise many small
segments would look clever by luck.

Source of the index: Hubert & Arabie 1985, Journal of Classification 2, eq. (5). The curriculum asks to judge a
segmentation by its purpose (D02, D03); the measures are [EXT].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers import arguments
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, told

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SegmentScore:
    """Agreement of segments with the hidden ones, and the money of treating each by its own best offer.

    Attributes
    ----------
    n_customers : int
        Customers in both; the measures are about them.
    n_not_labelled : int
        Customers with a hidden segment and no label.
    adjusted_rand : float
        1 the same grouping, 0 chance.
    table : DataFrame
        Customers by given (rows) and hidden segment (columns).
    money : DataFrame or None
        Rows "one for all", "these segments", "hidden segments": `earned`, its standard error `se`, `per_customer`;
        money.
    choices : DataFrame or None
        For each given segment the offer that is best in all the data, and its mean gain a customer.
    """

    n_customers: int
    n_not_labelled: int
    adjusted_rand: float
    table: pd.DataFrame = field(repr=False)
    money: pd.DataFrame | None = field(repr=False, default=None)
    choices: pd.DataFrame | None = field(repr=False, default=None)


def score_segments(labels: pd.Series[Any], truth: Any, *, gains: pd.DataFrame | None = None) -> SegmentScore:
    """Compare segments with the hidden ones; with `gains`, also in money.

    Parameters
    ----------
    labels : Series
        Segment of each customer, indexed by customer_id.
    truth : DataFrame or Series
        ``run.truth.customers``, or its column `segment`.
    gains : DataFrame, optional
        ``crm.compare(...).customers``: one row per customer, one column per policy that makes one offer to everybody;
        money more than under the first policy.

    Returns
    -------
    SegmentScore

    Raises
    ------
    InputError
        A customer stands twice or has no label, nobody is in both, or `gains` does not hold numbers.

    Examples
    --------
    >>> mine = pd.Series(["x", "x", "y", "y", "y", "x"])
    >>> hidden = pd.Series(["a", "a", "b", "b", "b", "b"])
    >>> gains = pd.DataFrame({"nothing": 0.0, "call": [-1.0, -1, 4, 4, 4, 4]})
    >>> score = score_segments(mine, hidden, gains=gains)
    >>> round(score.adjusted_rand, 4), score.money["earned"].tolist()
    (0.3243, [14.0, 11.0, 16.0])
    """
    given = _labels(labels, "labels")
    real = _labels(truth["segment"] if isinstance(truth, pd.DataFrame) and "segment" in truth else truth, "truth")
    both = real.index[real.index.isin(given.index)]
    if len(both) == 0:
        raise InputError("score_segments: no customer stands in both; are both indexed by customer_id?")
    mine, hidden = given.loc[both], real.loc[both]
    money, choices = (None, None) if gains is None else _money(mine, hidden, gains)
    return SegmentScore(
        n_customers=len(both),
        n_not_labelled=len(real) - len(both),
        adjusted_rand=adjusted_rand(mine, hidden),
        table=pd.crosstab(mine.rename("given"), hidden.rename("hidden")),
        money=money,
        choices=choices,
    )


def adjusted_rand(one: Any, other: Any) -> float:
    """Agreement of two groupings of the same customers: 1 the same, 0 as good as chance.

    Parameters
    ----------
    one, other : sequences of labels
        In the same order of customers, equally long.

    Returns
    -------
    float
        At most 1; NaN for fewer than two customers.

    Raises
    ------
    InputError
        They are not equally long, or no columns or lists.

    Notes
    -----
    Hubert & Arabie 1985, eq. (5). Where both groupings are trivial (one group, or everybody alone), they agree: 1.

    Examples
    --------
    >>> adjusted_rand(["a", "a", "b", "b"], ["y", "y", "x", "x"])
    1.0
    """
    rows, columns = _groups("one", one), _groups("other", other)
    if len(rows) != len(columns):
        raise InputError(f"adjusted_rand: {len(rows)} labels and {len(columns)}; give both for the same customers.")
    if len(rows) < 2:
        return float("nan")
    n_columns = int(columns.max()) + 1
    cells = np.bincount(rows * n_columns + columns)
    together, in_rows, in_columns = (_pairs(counts) for counts in (cells, np.bincount(rows), np.bincount(columns)))
    expected = in_rows * in_columns / _pairs(np.array([len(rows)]))
    most = (in_rows + in_columns) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))


def _groups(name: str, labels: Any) -> Codes:
    """Whole numbers from 0 for the groups."""
    if not isinstance(labels, pd.Series | np.ndarray):
        labels = pd.Series(arguments.names_of(name, labels, example="['A', 'A', 'B']"), dtype=object)
    try:
        return pd.factorize(np.asarray(labels), use_na_sentinel=False)[0]
    except (TypeError, ValueError) as error:
        given = told(labels)
        raise InputError(f"{name}: one group for each customer is needed, but {given} was given.") from error


def _pairs(counts: npt.NDArray[Any]) -> float:
    """Number of pairs inside groups of these sizes."""
    sizes = counts.astype(np.float64)
    return float((sizes * (sizes - 1) / 2).sum())


def _money(mine: pd.Series[Any], hidden: pd.Series[Any], gains: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    require_columns(gains, {}, what="gains")
    require_columns(gains, dict.fromkeys(list(gains.columns), "number"), what="gains")
    if gains.index.has_duplicates:
        raise InputError(f"gains: customer {gains.index[gains.index.duplicated()][0]} stands twice; keep one row each.")
    known = mine.index.intersection(gains.index)
    if len(known) < 4:
        raise InputError("gains: fewer than four of these customers are in it; are both indexed by customer_id?")
    offers = gains.loc[known].to_numpy(dtype=np.float64)
    names = ["nothing", *map(str, gains.columns)]
    offers = np.column_stack([np.zeros(len(known)), offers])
    groups = {"one for all": np.zeros(len(known), dtype=np.int64), "these segments": _codes(mine.loc[known])}
    groups["hidden segments"] = _codes(hidden.loc[known])
    rows = {name: _earned(group, offers) for name, group in groups.items()}
    found = mine.loc[known]
    means = pd.DataFrame(offers, index=known, columns=pd.RangeIndex(len(names))).groupby(found.to_numpy()).mean()
    best = means.to_numpy().argmax(axis=1)
    choices = {"offer": [names[k] for k in best], "gain_per_customer": means.to_numpy()[np.arange(len(best)), best]}
    return pd.DataFrame.from_dict(rows, orient="index"), pd.DataFrame(choices, index=means.index.rename("segment"))


def _earned(group: Codes, offers: npt.NDArray[np.float64]) -> dict[str, float]:
    """Money of treating every group by what is best in the other half of the customers."""
    half = np.arange(len(group)) % 2
    n_groups = int(group.max()) + 1
    got = np.zeros(len(group))
    for this in (0, 1):
        learn, earn = half != this, half == this
        sums = np.zeros((n_groups, offers.shape[1]))
        np.add.at(sums, group[learn], offers[learn])
        best = sums.argmax(axis=1)  # nothing stands first: an offer must be better than that
        got[earn] = offers[earn, best[group[earn]]]
    n = len(got)
    return {"earned": float(got.sum()), "se": float(got.std(ddof=1) * np.sqrt(n)), "per_customer": float(got.mean())}


def _codes(labels: pd.Series[Any]) -> Codes:
    return np.asarray(pd.factorize(labels.to_numpy())[0], dtype=np.int64)


def _labels(labels: Any, what: str) -> pd.Series[Any]:
    if not isinstance(labels, pd.Series):
        kind = type(labels).__name__
        raise InputError(f"{what}: a Series of segments, indexed by customer_id, is needed, not a {kind}.")
    if labels.index.has_duplicates:
        raise InputError(f"{what}: customer {labels.index[labels.index.duplicated()][0]} stands twice; keep one label.")
    if labels.isna().any():
        raise InputError(f"{what}: customer {labels.index[labels.isna()][0]} has no segment; use {what}.dropna().")
    return labels.astype(object)
