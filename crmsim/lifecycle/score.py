"""How well the five classes, which a firm can see, tell the hidden stages, which it cannot.

A firm calls a customer lapsed who has not bought for long; the simulator knows who has churned. The cross table of
class and stage shows both kinds of error: the lapsed who are still there (one writes off a customer) and the churned
who are taken for customers (one courts a ghost).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crmsim.customers import arguments
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, told


@dataclass(frozen=True, eq=False)
class ClassScore:
    """How the classes agree with the hidden stages.

    Attributes
    ----------
    n_customers : int
        Customers with a class and a stage who have bought (potential customers cannot lapse).
    agreement_share : float
        Share of them who are lapsed and churned, or neither.
    found_share : float
        Share of the churned who are called lapsed; NaN if nobody has churned.
    right_share : float
        Share of the lapsed who have churned; NaN if nobody is called lapsed.
    table : DataFrame
        Customers by class (rows) and hidden stage (columns), potential ones included.
    """

    n_customers: int
    agreement_share: float
    found_share: float
    right_share: float
    table: pd.DataFrame = field(repr=False)


def score_classes(classes: pd.Series[Any], stages: pd.DataFrame, *, gone: str = "churn") -> ClassScore:
    """Compare the class of every customer with the hidden stage in the last period of a stage log.

    Parameters
    ----------
    classes : Series
        From `classify`, indexed by customer_id.
    stages : DataFrame
        ``run.truth.stages``, cut to the moment at which the customers were classified.
    gone : str
        The stage that a lapsed customer is supposed to be in.

    Returns
    -------
    ClassScore

    Raises
    ------
    InputError
        A column is missing, `classes` is no column, the stage is unknown, a customer stands twice in `classes`, or
        nobody is in both.

    Notes
    -----
    Curriculum E08 against E03; the measures are [EXT].

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 1, 2, 3], "period": [0, 1, 1, 1],
    ...                     "stage": ["growth", "churn", "churn", "growth"]})
    >>> score = score_classes(pd.Series({1: "lapsed", 2: "active", 3: "active"}), log)
    >>> round(score.agreement_share, 4), score.found_share, score.right_share
    (0.6667, 0.5, 1.0)
    """
    require_columns(stages, {"customer_id": "id", "period": "count", "stage": "id"}, what="stages")
    arguments.column("classes", classes)
    if classes.index.has_duplicates:
        twice = classes.index[classes.index.duplicated()][0]
        raise InputError(f"classes: customer {twice} stands twice; keep one class.")
    last = stages.sort_values("period", kind="stable").drop_duplicates("customer_id", keep="last")
    stage = last.set_index("customer_id")["stage"].astype(str)
    if not isinstance(gone, str) or gone not in set(stages["stage"].astype(str)) | {"churn"}:
        known = ", ".join(sorted(set(stage)))
        raise InputError(f"gone={told(gone)} is no stage of this log; known: {known}.")
    both = classes.index[classes.index.isin(stage.index)]
    if len(both) == 0:
        raise InputError("score_classes: no customer stands in both; are the classes indexed by customer_id?")
    given, real = classes.loc[both].astype(str).rename("class"), stage.loc[both].rename("stage")
    bought = (given != "potential").to_numpy()
    lapsed, left = (given == "lapsed").to_numpy()[bought], (real == gone).to_numpy()[bought]
    hits = int((lapsed & left).sum())
    return ClassScore(
        n_customers=int(bought.sum()),
        agreement_share=float((lapsed == left).mean()) if bought.any() else float("nan"),
        found_share=hits / int(left.sum()) if left.any() else float("nan"),
        right_share=hits / int(lapsed.sum()) if lapsed.any() else float("nan"),
        table=pd.crosstab(given, real),
    )
