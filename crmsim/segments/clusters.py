"""k-means (k均值聚类): groups of customers that lie near each other, and an honest look at them.

k-means puts k centres among the customers so that the sum of squared distances to the nearest centre is smallest
(Lloyd 1957; started by k-means++, Arthur & Vassilvitskii 2007). Columns are brought to one scale first - mean 0,
standard deviation 1, after a logarithm where one asks for it - because otherwise the column with the largest numbers
decides alone.

k-means finds k groups in *any* data, also where there are none. Three questions keep one honest:

* Do the groups stand apart? The mean **silhouette** (Rousseeuw 1987): 1 far apart, 0 no border to be seen.
* Would other customers have given the same groups? **Stability**: both halves of the customers are clustered apart,
  each half's centres label everybody, and the two labellings are compared by the adjusted Rand index.
* Is that more than the columns would give one by one? The same two numbers for the same columns, each shuffled by
  itself: what they show does not come from features that go together.

None of the three knows the hidden segments; `score_segments` does. k-means is outside the handouts: [EXT].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers import arguments
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.segments.agreement import adjusted_rand
from crmsim.segments.labels import labelled

Array = npt.NDArray[np.float64]
MOST_FOR_SILHOUETTE = 2_000
N_STARTS = 4


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups found by k-means, the largest first, and how far to believe in them.

    Attributes
    ----------
    labels : Series
        `cluster` (category c1, c2, ...; c1 is the largest), indexed as the table.
    centres : DataFrame
        Mean of every column in each cluster, in the units of the table, and `n_customers`.
    silhouette, stability : float
        Of these groups; at most 1.
    null_silhouette, null_stability : float
        The same of shuffled columns, in which nothing goes together.
    """

    labels: pd.Series[Any] = field(repr=False)
    centres: pd.DataFrame = field(repr=False)
    silhouette: float
    stability: float
    null_silhouette: float
    null_stability: float


def cluster(
    table: pd.DataFrame,
    *,
    n_clusters: int,
    columns: Sequence[str] | None = None,
    logs: Iterable[str] = (),
    n_splits: int = 10,
    seed: int = 1,
) -> Clusters:
    """Group customers by k-means, and measure how much the groups are worth believing.

    Parameters
    ----------
    table : DataFrame
        One row per customer, indexed by customer_id; numbers.
    n_clusters : int
        Number of groups, 2 or more.
    columns : sequence of str, optional
        The columns to use; by default all.
    logs : iterable of str
        Columns of which the logarithm of 1 + value is used: amounts and counts with a long tail. They must be 0 or
        more.
    n_splits : int
        How often the customers are halved for `stability`, 1 or more.
    seed : int
        The same seed gives the same groups.

    Returns
    -------
    Clusters

    Raises
    ------
    InputError
        A column is missing, empty somewhere or constant, a customer stands twice, or there are too few customers.

    Notes
    -----
    The silhouette is that of at most 2,000 customers, drawn at random.

    Examples
    --------
    >>> two = pd.DataFrame({"frequency": [1, 2, 1, 2, 30, 31, 30, 32], "monetary": [9, 8, 9, 7, 90, 95, 99, 90]})
    >>> found = cluster(two, n_clusters=2)
    >>> found.labels.tolist(), found.silhouette > 0.9
    (['c1', 'c1', 'c1', 'c1', 'c2', 'c2', 'c2', 'c2'], True)
    """
    require_columns(table, {}, what="table")
    used = arguments.names_of("columns", table.columns if columns is None else columns, example="['frequency']")
    chosen = _checked(table, used, n_clusters, n_splits)
    points = _scaled(chosen, set(arguments.names_of("logs", logs, example="['monetary']")))
    rng = np.random.default_rng(arguments.seed_of(seed))
    codes = _k_means(points, n_clusters, rng)[0]
    codes = _largest_first(codes, n_clusters)
    shuffled = np.column_stack([rng.permutation(column) for column in points.T])
    names = [f"c{k + 1}" for k in range(n_clusters)]
    labels = pd.Series(labelled(codes, names), index=table.index, name="cluster")
    centres = chosen.groupby(labels, observed=False).mean()
    centres.insert(0, "n_customers", np.bincount(codes, minlength=n_clusters))
    return Clusters(
        labels=labels,
        centres=centres,
        silhouette=_silhouette(points, codes, rng),
        stability=_stability(points, n_clusters, n_splits, rng),
        null_silhouette=_silhouette(shuffled, _k_means(shuffled, n_clusters, rng)[0], rng),
        null_stability=_stability(shuffled, n_clusters, n_splits, rng),
    )


def compare_clusters(table: pd.DataFrame, *, numbers: Iterable[int] = range(2, 7), **options: Any) -> pd.DataFrame:
    """The honest measures for several numbers of clusters, to choose one by.

    Parameters
    ----------
    table : DataFrame
        As for `cluster`.
    numbers : iterable of int
        Numbers of clusters to try.
    **options
        As for `cluster`.

    Returns
    -------
    DataFrame
        Indexed by `n_clusters`: `silhouette`, `stability`, `null_silhouette`, `null_stability`, `smallest_share` (of
        the customers, in the smallest group).

    Raises
    ------
    InputError
        As for `cluster`.

    Examples
    --------
    >>> two = pd.DataFrame({"frequency": [1, 2, 1, 2, 30, 31, 30, 32], "monetary": [9, 8, 9, 7, 90, 95, 99, 90]})
    >>> compare_clusters(two, numbers=[2, 3])["silhouette"].round(1).tolist()
    [1.0, 0.6]
    """
    rows = {}
    for number in arguments.entries("numbers", numbers, example="[2, 3, 4]"):
        found = cluster(table, n_clusters=number, **options)
        rows[number] = {
            "silhouette": found.silhouette,
            "stability": found.stability,
            "null_silhouette": found.null_silhouette,
            "null_stability": found.null_stability,
            "smallest_share": float(found.centres["n_customers"].min()) / len(table),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("n_clusters")


def _k_means(points: Array, n_clusters: int, rng: np.random.Generator) -> tuple[npt.NDArray[np.int64], Array]:
    """Label of every customer, and the centres."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):  # the tables of a course are small, and waiting for threads takes longest
        fitted = KMeans(n_clusters=n_clusters, n_init=N_STARTS, random_state=int(rng.integers(2**31))).fit(points)
    return fitted.labels_.astype(np.int64), np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _largest_first(codes: npt.NDArray[np.int64], n_clusters: int) -> npt.NDArray[np.int64]:
    """Clusters numbered by size; of equal ones, first the one that comes first in the table."""
    sizes, first = np.bincount(codes, minlength=n_clusters), np.unique(codes, return_index=True)[1]
    ranks = np.empty(n_clusters, dtype=np.int64)
    ranks[np.lexsort((first, -sizes))] = np.arange(n_clusters)
    return np.asarray(ranks[codes], dtype=np.int64)


def _silhouette(points: Array, codes: npt.NDArray[np.int64], rng: np.random.Generator) -> float:
    from sklearn.metrics import silhouette_score

    some = rng.permutation(len(points))[:MOST_FOR_SILHOUETTE]
    if len(np.unique(codes[some])) in (1, len(some)):
        return float("nan")
    return float(silhouette_score(points[some], codes[some]))


def _stability(points: Array, n_clusters: int, n_splits: int, rng: np.random.Generator) -> float:
    """Mean adjusted Rand index of the labellings of everybody by two halves' centres."""
    agreement = []
    for _ in range(n_splits):
        order = rng.permutation(len(points))
        halves = np.array_split(order, 2)
        one, other = (_nearest(points, _k_means(points[half], n_clusters, rng)[1]) for half in halves)
        agreement.append(adjusted_rand(one, other))
    return float(np.mean(agreement))


def _nearest(points: Array, centres: Array) -> npt.NDArray[np.int64]:
    distances = (centres**2).sum(axis=1) - 2 * points @ centres.T
    return np.asarray(distances.argmin(axis=1), dtype=np.int64)


def _scaled(table: pd.DataFrame, logs: set[str]) -> Array:
    unknown = logs - set(table.columns)
    if unknown:
        raise InputError(f"logs: {min(unknown, key=str)!r} is not among the columns used: {list(table.columns)}.")
    for name in sorted(logs, key=str):
        if (table[name] < 0).any():
            raise InputError(f"logs: column {name!r} has values below 0; leave it out of logs.")
    columns = [np.log1p(table[name]) if name in logs else table[name] for name in table.columns]
    points = np.column_stack([column.to_numpy(dtype=np.float64) for column in columns])
    return np.asarray((points - points.mean(axis=0)) / points.std(axis=0), dtype=np.float64)


def _checked(table: pd.DataFrame, columns: list[str], n_clusters: int, n_splits: int) -> pd.DataFrame:
    require_columns(table, dict.fromkeys(columns, "number"), what="table")
    if not columns:
        raise InputError("columns is empty; name at least one.")
    for name, number, least in (("n_clusters", n_clusters, 2), ("n_splits", n_splits, 1)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < least:
            raise InputError(f"{name}={number!r} must be a whole number of {least} or more.")
    if table.index.has_duplicates:
        twice = table.index[table.index.duplicated()][0]
        raise InputError(f"table: customer {twice} stands twice; keep one row for each.")
    chosen = table[columns]
    for name in columns:
        if chosen[name].min() == chosen[name].max():
            raise InputError(f"table: column {name!r} has one value only, and tells nobody apart; leave it out.")
    n_different = len(chosen.drop_duplicates())
    if n_different < 2 * n_clusters:  # so that each half has enough
        raise InputError(
            f"table: {n_different} different customers are too few for {n_clusters} clusters; give more rows, or at "
            f"most {n_different // 2} clusters."
        )
    return chosen
