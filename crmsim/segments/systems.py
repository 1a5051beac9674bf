"""Index systems (指标体系): which data describe an individual and which a company, and what one makes of them.

Individuals are described by how much they buy, by demographics (人口学信息) and by survey data; their evaluation
table is made of the last two. Companies are described by how many years they may trade with the firm, by the yearly
profit to be expected and by their satisfaction grade; their evaluation table looks at how the quantity of trade
develops. Every main index gets options of its own (`make_options`).

Source: curriculum D04-D06. The names of columns are [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError, did_you_mean
from crmsim.segments.index import make_options


@dataclass(frozen=True)
class IndexGroup:
    """A group of indexes: English and Chinese name, columns that belong to it, and whether the evaluation uses it."""

    english: str
    chinese: str
    columns: tuple[str, ...]
    evaluated: bool


INDEX_SYSTEMS: Mapping[str, tuple[IndexGroup, ...]] = MappingProxyType(
    {
        "individual": (
            IndexGroup("quantity bought", "购买产品或服务的数量", ("qty_bought",), False),
            IndexGroup("demographics", "人口学信息", ("age", "age_group", "income", "education"), True),
            IndexGroup("survey data", "调查数据", ("interests", "hobbies"), True),
        ),
        "company": (
            IndexGroup("years of trade", "可能交易的年数", ("expected_years",), True),
            IndexGroup("yearly profit", "未来年利润", ("expected_annual_profit",), True),
            IndexGroup("satisfaction grade", "满意度等级", ("satisfaction_grade",), True),
        ),
    }
)
"""The two systems by kind of customer (curriculum D04, D05)."""


def index_columns(columns: Sequence[str], *, kind: str) -> dict[str, list[str]]:
    """Which of these columns belong to each group of the index system of individuals or companies.

    Parameters
    ----------
    columns : sequence of str
        Names of columns, for example ``customers.columns``.
    kind : "individual" or "company"

    Returns
    -------
    dict
        Group (English) to columns, in the order of the handout; a group may be empty.

    Raises
    ------
    InputError
        The kind is unknown, or `columns` is no list of names.

    Examples
    --------
    >>> index_columns(["age", "qty_bought", "region"], kind="individual")
    {'quantity bought': ['qty_bought'], 'demographics': ['age'], 'survey data': []}
    """
    arguments.one_of("kind", kind, INDEX_SYSTEMS)
    names = arguments.names_of("columns", columns, example="customers.columns")
    return {group.english: [name for name in names if name in group.columns] for group in INDEX_SYSTEMS[kind]}


def evaluation_table(customers: pd.DataFrame, *, options: Mapping[str, Sequence[float] | None]) -> pd.DataFrame:
    """Every customer's option of every index.

    Parameters
    ----------
    customers : DataFrame
        One row per customer, indexed by customer_id.
    options : mapping
        Index (a column) to its cut points, as for `make_options`; None for an index whose values are options already.

    Returns
    -------
    DataFrame
        Indexed as `customers`, one category per index.

    Raises
    ------
    InputError
        A column is missing or does not fit, a customer stands twice, or there is no index.

    Notes
    -----
    Curriculum D06.

    Examples
    --------
    >>> people = pd.DataFrame({"age": [17, 40], "education": ["school", "college"]}, index=[7, 9])
    >>> evaluation_table(people, options={"age": (18, 60), "education": None}).loc[9].tolist()
    ['18 to below 60', 'college']
    """
    options = arguments.pairs_of("options", options, example="{'age': (18, 60)}")
    if not options:
        raise InputError("options is empty; name at least one index, as in options={'age': (18, 60)}.")
    require_columns(customers, {}, what="customers")
    for name in options:
        if name not in customers.columns:
            raise InputError(f"customers: the index {name!r} is missing. {did_you_mean(name, customers.columns)}")
    if customers.index.has_duplicates:
        twice = customers.index[customers.index.duplicated()][0]
        raise InputError(f"customers: {twice} stands twice; keep one row for each customer.")
    columns = {
        name: customers[name].astype("category") if cuts is None else make_options(customers[name], cuts=cuts)
        for name, cuts in options.items()
    }
    return pd.DataFrame(columns, index=customers.index)


def trade_trend(quantities: pd.DataFrame) -> pd.Series[Any]:
    """How the yearly quantity of trade of each company develops: the slope of a straight line through it.

    Parameters
    ----------
    quantities : DataFrame
        One row per company, indexed by customer_id; one column per year (numbers, rising), quantities of 0 or more.

    Returns
    -------
    Series
        `trend_per_year` (quantity a year), indexed as `quantities`.

    Raises
    ------
    InputError
        There are fewer than two years, the years do not rise, a quantity is negative or missing, a company stands
        twice.

    Notes
    -----
    Least squares: sum of (year - mean year) * quantity over sum of (year - mean year)**2. Curriculum D05; the line
    [EXT].

    Examples
    --------
    >>> trade_trend(pd.DataFrame({2023: [10, 30], 2024: [14, 20], 2025: [18, 10]}, index=["A", "B"])).to_dict()
    {'A': 4.0, 'B': -10.0}
    """
    require_columns(quantities, {}, what="quantities")
    require_columns(quantities, dict.fromkeys(list(quantities.columns), "money"), what="quantities")
    if quantities.index.has_duplicates:
        twice = quantities.index[quantities.index.duplicated()][0]
        raise InputError(f"quantities: {twice} stands twice; keep one row for each company.")
    years = pd.to_numeric(pd.Series(quantities.columns), errors="coerce").to_numpy(dtype=np.float64)
    if len(years) < 2 or not (np.diff(years) > 0).all():
        raise InputError(f"quantities: the columns {list(quantities.columns)} must be two or more rising years.")
    apart = years - years.mean()
    slope = quantities.to_numpy(dtype=np.float64) @ apart / (apart @ apart)
    return pd.Series(slope, index=quantities.index, name="trend_per_year")
