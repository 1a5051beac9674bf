"""Five classes of customers, told apart by what a firm can record.

* **potential** (潜在客户): no business relation yet;
* **lapsed** (流失客户): had business relations, no longer trades;
* **loyal** (忠诚客户): very satisfied and buys continuously;
* **new** (新客户): the relation has begun recently;
* **active** (活跃客户): keeps trading.

The handout describes the classes in words. The limits, and the order in which the rules are tried (the order
above), are [EXT]: conventions of this course, held in `ClassParams`. Days are full days of 24 hours, as in
`crmsim.rfm`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import column, instance, is_number, names_of
from crmsim.errors import InputError, told
from crmsim.segments.labels import labelled
from crmsim.segments.purchases import look_back, purchase_summary, whole_days

CLASSES = ("potential", "new", "active", "lapsed", "loyal")
CLASSES_ZH = ("潜在客户", "新客户", "活跃客户", "流失客户", "忠诚客户")


@dataclass(frozen=True)
class ClassParams:
    """Limits of the five classes [EXT]; all in days or counts, and all inclusive.

    Parameters
    ----------
    lapse_days : float
        Longest time since the last purchase of a customer who has not lapsed.
    new_days : float
        Longest time since the first purchase of a new customer.
    n_loyal : int
        Fewest purchases of a loyal customer.
    s_min : float or None
        Lowest satisfaction grade of a loyal customer. None: satisfaction is not asked, and purchases alone
        make a customer loyal; that is less than the handout demands.

    Raises
    ------
    InputError
        A limit is negative or not a number, or `n_loyal` is not a whole number of 1 or more.

    Examples
    --------
    >>> ClassParams(lapse_days=90)
    ClassParams(lapse_days=90, new_days=90, n_loyal=6, s_min=4)
    """

    lapse_days: float = 180
    new_days: float = 90
    n_loyal: int = 6
    s_min: float | None = 4

    def __post_init__(self) -> None:
        for name in ("lapse_days", "new_days"):
            days = getattr(self, name)
            if not is_number(days) or days < 0:
                raise InputError(f"{name}={told(days)} must be a number of days, 0 or more.")
        if not is_number(self.n_loyal) or self.n_loyal < 1 or self.n_loyal % 1 != 0:
            raise InputError(f"n_loyal={told(self.n_loyal)} must be a whole number of purchases, 1 or more.")
        if self.s_min is not None and not is_number(self.s_min):
            raise InputError(f"s_min={told(self.s_min)} must be a grade, or None if satisfaction is not asked.")


def classify(
    source: Any,
    *,
    at: Any = None,
    customers: Iterable[Any] | None = None,
    satisfaction: pd.Series[Any] | None = None,
    params: ClassParams | None = None,
) -> pd.Series[Any]:
    """Class of every known customer at a moment: potential, new, active, lapsed or loyal.

    The rules are tried in this order: no purchase, potential; last purchase more than `lapse_days` ago,
    lapsed; satisfaction at least `s_min` and at least `n_loyal` purchases, loyal; first purchase at most
    `new_days` ago, new; all others active. A customer without a grade has not been shown to be satisfied, and
    is not loyal.

    Parameters
    ----------
    source : run, its past, or DataFrame
        Transactions with the columns customer_id, time (dates) and amount; a row is one purchase.
    at : date, optional
        The moment from which one looks back; later purchases are left out. Default: the end of the run. A
        plain table carries no clock, so `at` is needed there.
    customers : ids, optional
        All known customers, so that those who never bought can be named. Default: the customers of the run
        who had arrived by then; for a plain table those who have bought.
    satisfaction : Series, optional
        Latest satisfaction grade, indexed by customer_id.
    params : ClassParams, optional
        The limits.

    Returns
    -------
    Series
        `customer_class` (category), indexed by customer_id in the order of `customers`.

    Raises
    ------
    InputError
        The transactions are spoilt, somebody bought who is not among the customers, or a grade is asked for
        (`s_min` is not None) and `satisfaction` is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-01-05", "2026-01-20", "2025-11-01"])
    >>> sales = pd.DataFrame({"customer_id": [1, 2, 3], "time": days, "amount": 50.0})
    >>> grades = pd.Series({1: 5, 2: 3, 3: 5})
    >>> limits = ClassParams(new_days=30, n_loyal=1)
    >>> classify(sales, at="2026-01-31", customers=[1, 2, 3, 4], satisfaction=grades, params=limits).tolist()
    ['lapsed', 'new', 'loyal', 'potential']
    """
    params = ClassParams() if params is None else params
    instance("params", params, ClassParams, made_by="crm.lifecycle.ClassParams(...)")
    moment = look_back(source, at=at)
    bought = purchase_summary(source, at=moment)
    ids = _known_ids(source, customers, moment=moment, buyers=bought.index)
    bought = bought.reindex(ids)
    satisfied = _is_satisfied(satisfaction, ids=ids, s_min=params.s_min)
    rules = {
        "potential": bought["n_purchases"].isna(),
        "lapsed": whole_days(moment, bought["last_purchase"]) > params.lapse_days,
        "loyal": satisfied & (bought["n_purchases"] >= params.n_loyal),
        "new": whole_days(moment, bought["first_purchase"]) <= params.new_days,
    }
    codes = [CLASSES.index(name) for name in rules]
    found = np.select([rule.to_numpy(dtype=bool) for rule in rules.values()], codes, CLASSES.index("active"))
    return pd.Series(labelled(found, CLASSES), index=ids, name="customer_class")


def _known_ids(source: Any, customers: Any, *, moment: pd.Timestamp, buyers: pd.Index[Any]) -> pd.Index[Any]:
    ids = buyers if customers is None else pd.Index(names_of("customers", customers, example="[1, 2, 3]"))
    records = None if isinstance(source, pd.DataFrame) else getattr(source, "customers", None)
    if customers is None and isinstance(records, pd.DataFrame):
        ids = records.index[(records["acquired_on"] <= moment).to_numpy()]
    if ids.has_duplicates:
        raise InputError(f"customers: {ids[ids.duplicated()][0]} stands twice; name every customer once.")
    unknown = buyers.difference(ids)
    if len(unknown) > 0:
        raise InputError(
            f"customers: {unknown[0]} has bought but is not in the list ({len(unknown)} in all); add them, "
            "or drop their transactions."
        )
    return ids.rename("customer_id")


def _is_satisfied(satisfaction: pd.Series[Any] | None, *, ids: pd.Index[Any], s_min: float | None) -> pd.Series[Any]:
    if s_min is None:
        return pd.Series(True, index=ids)
    if satisfaction is None:
        raise InputError(
            "satisfaction is missing: a loyal customer is one who is satisfied. Give the grades, "
            "satisfaction=..., or say that purchases alone count: params=ClassParams(s_min=None)."
        )
    grades = column("satisfaction", satisfaction)
    if not pd.api.types.is_numeric_dtype(grades):
        raise InputError(f"satisfaction holds {grades.dtype}, but grades are numbers; use pandas.to_numeric(grades).")
    if grades.index.has_duplicates:
        raise InputError("satisfaction: a customer has two grades; keep the latest one for each.")
    return grades.reindex(ids) >= s_min
