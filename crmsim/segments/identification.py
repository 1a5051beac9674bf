"""Customer identification (客户识别): one list from many sources, who is potential, who is valuable, what is known.

* `identify` joins what several sources know (CRM system, social media, market research, feedback), each customer once.
* `knowledge_profile` is customer knowledge (客户知识): preference, preferred contact channel, behaviour.
* `INTELLIGENCE_CHAIN` shows where it leads: data, knowledge, intelligence (客户智能), decision; the order is inferred.
* `short_list` maps the five classes of `crmsim.lifecycle.classify` to the short list new, potential, loyal.

Source: curriculum D07, D11, D12, D13. What counts as valuable, and the columns of the profile, are [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import column, is_number, pairs_of
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, did_you_mean, told
from crmsim.segments.recency import purchase_interval_days

INTELLIGENCE_CHAIN = ("data", "knowledge", "intelligence", "decision")
INTELLIGENCE_PARTS: Mapping[str, str] = MappingProxyType(
    {"concept": "概念", "method": "方法", "process": "过程", "software": "软件"}
)
SHORT_LIST = ("new", "potential", "loyal")
CLASSES = ("potential", "new", "active", "lapsed", "loyal")


def identify(
    sources: Mapping[str, pd.DataFrame], *, values: pd.Series[Any], top: float = 0.20
) -> pd.DataFrame:
    """One row per customer of all sources: where it is known, whether it is potential, whether it is valuable.

    Parameters
    ----------
    sources : mapping
        Name of the source to its table, with a column `customer_id`; a customer may stand in it several times.
    values : Series
        What each customer has brought so far: money, 0 or more, indexed by customer_id. Who is not in it has not
        bought.
    top : float
        Share of the buyers that count as valuable, above 0 up to 1; counted up to a whole customer.

    Returns
    -------
    DataFrame
        Indexed by `customer_id`, sorted: `n_records` (rows in all sources), `n_sources`, one column `in_<source>`
        (bool) each, `value` (0 where none), `is_potential` (known, and has not bought), `is_valuable`.

    Raises
    ------
    InputError
        No source, a column is missing, a value is negative, a customer stands twice in `values`, or a buyer is
        unknown to every source.

    Notes
    -----
    Valuable are the `top` share of the buyers by value, ties by customer id. Curriculum D07.

    Examples
    --------
    >>> sources = {"crm": pd.DataFrame({"customer_id": [1, 2, 2]}), "feedback": pd.DataFrame({"customer_id": [2, 3]})}
    >>> found = identify(sources, values=pd.Series({1: 10.0, 2: 90.0}), top=0.5)
    >>> found[["n_records", "n_sources", "is_potential", "is_valuable"]].values.tolist()
    [[1, 1, False, False], [3, 2, False, True], [1, 1, True, False]]
    """
    sources = pairs_of("sources", sources, example="{'crm': customers}")
    if not sources:
        raise InputError("sources is empty; give at least one, as in sources={'crm': customers}.")
    for name, source in sources.items():
        require_columns(source, {"customer_id": "id"}, what=f"source {name!r}")
    if not is_number(top) or not 0 < top <= 1:
        raise InputError(f"top={told(top)} must be a share above 0, up to 1; write top=0.20 for the best 20%.")
    counts = {name: source["customer_id"].value_counts() for name, source in sources.items()}
    known = pd.concat(counts, axis=1).fillna(0).astype("int64").sort_index().rename_axis("customer_id")
    bought = _bought(values, known.index)
    table = pd.DataFrame({"n_records": known.sum(axis=1), "n_sources": (known > 0).sum(axis=1)})
    for name in known.columns:
        table[f"in_{name}"] = known[name] > 0
    table["value"] = bought.reindex(known.index).fillna(0.0)
    table["is_potential"] = ~known.index.isin(bought.index)
    n_best = int(np.ceil(top * len(bought) - 1e-9))
    best = bought.sort_index().sort_values(ascending=False, kind="stable").index[:n_best]
    table["is_valuable"] = table.index.isin(best)
    return table


def knowledge_profile(transactions: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Customer knowledge (客户知识): what each buyer prefers, by which channel he makes contact, how he buys.

    Parameters
    ----------
    transactions : DataFrame
        One row per purchase: `customer_id`, `time` (dates), `amount`, `category`.
    contacts : DataFrame
        One row per contact: `customer_id`, `channel`; may be empty.

    Returns
    -------
    DataFrame
        Indexed by `customer_id` (buyers, sorted): `favourite_category` (bought most often), `preferred_channel` (used
        most often; missing without contact), `n_purchases`, `mean_amount` (money), `purchase_interval_days` (missing
        after one purchase). Ties go to the name that comes first in the alphabet.

    Raises
    ------
    InputError
        A column is missing or of the wrong kind.

    Notes
    -----
    Curriculum D11.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-01", "2026-01-11"])
    >>> sales = pd.DataFrame({"customer_id": 7, "time": days, "amount": [5.0, 15.0], "category": ["tea", "tea"]})
    >>> calls = pd.DataFrame({"customer_id": [7], "channel": ["telephone"]})
    >>> knowledge_profile(sales, calls).loc[7, ["favourite_category", "preferred_channel"]].tolist()
    ['tea', 'telephone']
    """
    kinds = {"customer_id": "id", "time": "time", "amount": "money", "category": "id"}
    require_columns(transactions, kinds, what="transactions")
    if not isinstance(contacts, pd.DataFrame) or len(contacts):
        require_columns(contacts, {"customer_id": "id", "channel": "id"}, what="contacts")
    grouped = transactions.groupby("customer_id", sort=True)["amount"]
    table = pd.DataFrame({"n_purchases": grouped.size(), "mean_amount": grouped.mean()})
    table.insert(0, "favourite_category", _most_frequent(transactions, "category").reindex(table.index))
    channel = _most_frequent(contacts, "channel") if len(contacts) else pd.Series(dtype=object)
    table.insert(1, "preferred_channel", channel.reindex(table.index))
    table["purchase_interval_days"] = purchase_interval_days(transactions).reindex(table.index)
    return table


def short_list(classes: pd.Series[Any]) -> pd.Series[Any]:
    """The short list of classes: new, potential and loyal customers; all others stay without a name.

    Parameters
    ----------
    classes : Series
        From `crmsim.lifecycle.classify`.

    Returns
    -------
    Series
        `short_class` (category), missing for active and lapsed customers.

    Raises
    ------
    InputError
        This is no column, or a class is not one of the five.

    Notes
    -----
    Curriculum D13; the list there begins with "for example".

    Examples
    --------
    >>> short_list(pd.Series(["new", "lapsed", "loyal"])).tolist()
    ['new', nan, 'loyal']
    """
    names = column("classes", classes).astype(object)
    unknown = names[~names.isin(CLASSES)]
    if len(unknown):
        raise InputError(
            f"classes: customer {unknown.index[0]} has the class {unknown.iloc[0]!r}. "
            f"{did_you_mean(str(unknown.iloc[0]), CLASSES)}"
        )
    kept = pd.Categorical(names.where(names.isin(SHORT_LIST)), categories=pd.Index(SHORT_LIST))
    return pd.Series(kept, index=classes.index, name="short_class")


def _bought(values: pd.Series[Any], known: pd.Index[Any]) -> pd.Series[Any]:
    """The values of those who have bought."""
    require_columns(column("values", values).to_frame("value"), {"value": "money"}, what="values")
    if values.index.has_duplicates:
        raise InputError(f"values: customer {values.index[values.index.duplicated()][0]} stands twice; add them up.")
    strange = values.index[~values.index.isin(known)]
    if len(strange):
        raise InputError(f"values: customer {strange[0]} has bought but stands in no source ({len(strange)} in all).")
    return values[values > 0].astype(float)


def _most_frequent(table: pd.DataFrame, column: str) -> pd.Series[Any]:
    """The value of `column` that occurs most often for each customer; of equals the first in the alphabet."""
    counts = table.groupby(["customer_id", table[column].astype(str)]).size().rename("n").reset_index()
    ranked = counts.sort_values(["customer_id", "n", column], ascending=[True, False, True])
    return ranked.drop_duplicates("customer_id").set_index("customer_id")[column]
