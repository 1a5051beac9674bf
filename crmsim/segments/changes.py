"""Segments are not fixed for ever: who moved from which segment to which.

The same rule, applied at two moments to the same customers, gives two labels per customer. The cross table of
the two labels counts the moves; what lies off its diagonal has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments
from crmsim.errors import InputError


@dataclass(frozen=True)
class Migration:
    """What changed between two segmentations.

    Attributes
    ----------
    table : DataFrame
        Number of customers by segment before (rows) and after (columns); same segments in both.
    n_customers : int
        Customers labelled at both moments; the table counts these.
    changed_share : float
        Share of them whose segment changed, from 0 to 1.
    n_left, n_joined : int
        Customers labelled only before, and only after.
    """

    table: pd.DataFrame
    n_customers: int
    changed_share: float
    n_left: int
    n_joined: int

    @property
    def shares(self) -> pd.DataFrame:
        """The table with every row divided by its sum; a segment empty before gives an empty row."""
        return self.table.div(self.table.sum(axis=1), axis=0)


def migration(before: pd.Series[Any], after: pd.Series[Any]) -> Migration:
    """Count moves between segments and the share of customers that changed.

    Only customers labelled at both moments can have moved; the others are counted apart.

    Parameters
    ----------
    before, after : Series
        Segment of each customer at the earlier and the later moment, indexed by customer_id.

    Returns
    -------
    Migration

    Raises
    ------
    InputError
        This is no column, a customer stands twice or has no label, or no customer has both labels.

    Examples
    --------
    >>> import pandas as pd
    >>> may = pd.Series({1: "A", 2: "A", 3: "B", 4: "B"})
    >>> june = pd.Series({1: "A", 2: "B", 3: "B", 5: "A"})
    >>> moved = migration(may, june)
    >>> moved.table.values.tolist(), round(moved.changed_share, 4), moved.n_left, moved.n_joined
    ([[1, 1], [0, 1]], 0.3333, 1, 1)
    """
    for labels, name in ((before, "before"), (after, "after")):
        _check_labels(labels, name=name)
    both = before.index.intersection(after.index)
    if len(both) == 0:
        raise InputError("migration: no customer stands in both; are both indexed by customer_id?")
    segments = _segments(before, after)
    old, new = (pd.Categorical(labels.loc[both], categories=segments) for labels in (before, after))
    n = len(segments)
    counts = np.bincount(old.codes.astype(int) * n + new.codes, minlength=n * n).reshape(n, n)
    rows, columns = pd.Index(segments, name="before"), pd.Index(segments, name="after")
    return Migration(
        table=pd.DataFrame(counts, index=rows, columns=columns),
        n_customers=len(both),
        changed_share=float((old.codes != new.codes).mean()),
        n_left=len(before) - len(both),
        n_joined=len(after) - len(both),
    )


def _check_labels(labels: pd.Series[Any], *, name: str) -> None:
    arguments.column(f"migration: {name}", labels)
    if labels.index.has_duplicates:
        twice = labels.index[labels.index.duplicated()][0]
        raise InputError(f"migration: customer {twice} stands twice in {name!r}; keep one segment each.")
    if labels.isna().any():
        nobody = labels.index[labels.isna()][0]
        raise InputError(f"migration: customer {nobody} has no segment in {name!r}; use {name}.dropna().")


def _segments(before: pd.Series[Any], after: pd.Series[Any]) -> list[Any]:
    """All segments in the order of the categories, or sorted when there is none."""
    if isinstance(before.dtype, pd.CategoricalDtype) and isinstance(after.dtype, pd.CategoricalDtype):
        return list(dict.fromkeys([*before.cat.categories, *after.cat.categories]))
    try:
        return sorted(set(before) | set(after), key=str)
    except TypeError as error:
        raise InputError("migration: a segment is a name or a number; some value here is a list or a table.") from error
