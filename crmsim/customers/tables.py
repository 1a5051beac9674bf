"""Checks that a table has what a function needs, with messages that teach.

Analyses accept either a run of the simulator (or its past, `run.until(t)`) or a plain table of
transactions, so that real data go through the same functions as simulated ones.
"""

from __future__ import annotations

from numbers import Number
from typing import Any

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told


def require_columns(table: pd.DataFrame, columns: dict[str, str], *, what: str) -> None:
    """Raise `InputError` unless `table` is a non-empty table with these columns of these kinds.

    Parameters
    ----------
    table : DataFrame
    columns : dict
        Column name to kind: ``"id"`` (no missing value), ``"number"`` (finite), ``"money"`` (finite and
        not negative), ``"count"`` (whole, not negative) or ``"time"`` (a date).
    what : str
        What one calls the table, for the message: ``"transactions"``.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"{what}: a pandas table is needed, but a {type(table).__name__} was given.")
    for name in columns:
        if name not in table.columns:
            raise InputError(
                f"{what}: the column {name!r} is missing. {did_you_mean(name, table.columns)} "
                f"Needed: {', '.join(map(str, columns))}. Rename your column with table.rename(columns={{...}})."
            )
    if len(table) == 0:
        raise InputError(f"{what}: the table has no rows; give at least one.")
    for name, kind in columns.items():
        _check_kind(table[name], kind, what=f"{what}: column {name!r}")


def _check_kind(column: pd.Series[Any], kind: str, *, what: str) -> None:
    bad = column.isna()
    if bad.any():
        raise InputError(f"{what} is empty in {_row(bad)}; fill the value in or drop the row.")
    if kind == "time":
        if not pd.api.types.is_datetime64_any_dtype(column):
            raise InputError(
                f"{what} holds {column.dtype}, but dates are needed; use pandas.to_datetime(column)."
            )
        return
    if kind == "id":
        return
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise InputError(
            f"{what} holds {column.dtype} (first value {column.iloc[0]!r}), but numbers are needed; "
            "use pandas.to_numeric(column)."
        )
    whole = pd.api.types.is_integer_dtype(column)  # saves two passes over a large table
    infinite = None if whole else column.abs() == float("inf")
    if infinite is not None and infinite.any():
        raise InputError(f"{what} is infinite in {_row(infinite)}; every value must be finite.")
    if kind in ("money", "count") and (column < 0).any():
        raise InputError(f"{what} is negative in {_row(column < 0)}; it must be 0 or more.")
    if kind == "count" and not whole and (column % 1 != 0).any():
        raise InputError(f"{what} is not whole in {_row(column % 1 != 0)}; counts are whole numbers.")


def _row(mask: pd.Series[Any]) -> str:
    """The first row where `mask` holds, by position and label, and how many more there are."""
    position = int(mask.to_numpy().argmax())
    more = int(mask.sum()) - 1
    label = f"row {position} (index {mask.index[position]!r})"
    return label + (f" and {more} more" if more else "")


def transactions_of(source: Any) -> pd.DataFrame:
    """The transactions of a run, of its past, or a table of transactions itself.

    Needed columns: `customer_id`, `time` (dates), `amount` (money, not negative).
    """
    table = source if isinstance(source, pd.DataFrame) else getattr(source, "transactions", source)
    require_columns(table, {"customer_id": "id", "time": "time", "amount": "money"}, what="transactions")
    return table


def date_of(name: str, value: Any) -> pd.Timestamp:
    """`value` as a moment, or `InputError`; a number is none: pandas would count billionths of a second from 1970."""
    try:
        moment = None if isinstance(value, Number) else pd.Timestamp(value)
    except (ValueError, TypeError):
        moment = None
    if moment is None or pd.isna(moment):
        raise InputError(f"{name}={told(value)} is not a date; write {name}='2026-01-31'.")
    return moment


def same_clock(name: str, moment: pd.Timestamp, times: pd.Series[Any], *, what: str = "transactions") -> None:
    """Raise `InputError` unless a moment and the dates of a table both have a time zone, or both have none."""
    zone = times.dt.tz
    if (zone is None) == (moment.tz is None):
        return
    mine = f"is in the time zone {moment.tz}" if moment.tz is not None else "has no time zone"
    theirs = f"are in {zone}" if zone is not None else "have none"
    if zone is None:
        advice = f"leave it out of {name}: {name}='{moment:%Y-%m-%d %H:%M}'"
    else:
        column = f"table[{times.name!r}]"
        advice = f"take it off with {column}.dt.tz_localize(None), or give {name}=pandas.Timestamp(..., tz='{zone}')"
    raise InputError(f"{name}={moment} {mine}, but the dates of the {what} {theirs}; {advice}.")


def end_of(source: Any, at: Any = None) -> pd.Timestamp:
    """The moment at which one looks back: `at` if given, on the clock of the table, else the end of the last period.

    Errors: a plain table carries no clock, so `at` is needed there.
    """
    if isinstance(at, Number):
        raise InputError(
            f"at={at} is a number, but a date is needed here. To look back from the start of period {at} of a run, "
            f"give run.until({at}) and leave `at` out."
        )
    if at is not None:
        moment = date_of("at", at)
        _on_its_clock(source, moment)
        return moment
    if isinstance(source, pd.DataFrame) or not hasattr(source, "end"):
        raise InputError(
            "A plain table does not say what day it is; give the day you look back from: at='2026-01-31'."
        )
    return pd.Timestamp(source.end)


def _on_its_clock(source: Any, moment: pd.Timestamp) -> None:
    """Check the time zone against that of the transactions, where there are any to compare with."""
    table = source if isinstance(source, pd.DataFrame) else getattr(source, "transactions", None)
    if isinstance(table, pd.DataFrame) and "time" in table and pd.api.types.is_datetime64_any_dtype(table["time"]):
        same_clock("at", moment, table["time"])
