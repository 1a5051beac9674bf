"""Complaints (投诉): how soon they are answered, how many are resolved, how many are late, and how many lie open.

A **ticket** is one complaint: opened, answered for the first time (`first_reply`), closed. Looked at from a moment
`at`, a ticket can be unanswered. Then nobody knows its reply time yet, and these rules hold:

- mean time to the first reply: over the answered tickets alone (so it is too small while many wait);
- **overdue share**: of the tickets of which it is known whether they are late. A ticket is late if its first reply came
  after more than the limit, or if it has waited longer than the limit without one. A younger ticket is left out;
- resolved share: of the closed tickets;
- **backlog** (积压) of a day: tickets opened before the end of the day and not closed by then.

The contacts of a simulated firm know the first reply and no later moment: their tickets close with it.

Source: curriculum F13; it names no time limit and no measure, so limit and measures are [EXT].
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.customers.tables import date_of, require_columns, same_clock
from crmsim.errors import InputError, did_you_mean

TICKET = ("opened", "first_reply", "closed", "resolved")


def tickets_of(source: Any) -> pd.DataFrame:
    """The complaints of a run, of its past, or of a table, one row each.

    Parameters
    ----------
    source : run, its past, Desk, or DataFrame
        A table of contacts (`time`, `reason`, `first_reply_hours`, `resolved`; only complaints count) or of tickets
        (`opened`, and as far as known `first_reply`, `closed`: dates, empty where it has not happened; `resolved`).

    Returns
    -------
    DataFrame
        The columns of the source, and `opened`, `first_reply`, `closed`, `resolved`.

    Raises
    ------
    InputError
        A column is missing or spoilt, there are no complaints, or a ticket was answered or closed before it was opened.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=6, seed=7))
    >>> table = tickets_of(run)
    >>> bool((table["first_reply"] >= table["opened"]).all())
    True
    """
    table = source if isinstance(source, pd.DataFrame) else _held(source)
    return _from_contacts(table) if "first_reply_hours" in table.columns else _checked(table)


def complaint_metrics(source: Any, *, limit_hours: float = 24, at: Any = None, by: str | None = None) -> pd.DataFrame:
    """First reply, resolved share, overdue share and open tickets, for all complaints or group by group.

    Parameters
    ----------
    source : run, its past, Desk, or DataFrame
        As for `tickets_of`.
    limit_hours : float
        Time limit of the first reply, above 0.
    at : date, optional
        The moment from which one looks back; later replies have not happened. Default: when all is known.
    by : str, optional
        A column: "agent", "channel", "period".

    Returns
    -------
    DataFrame
        A row per group ("all" without `by`): `n_tickets`, `first_reply_hours` (mean), `overdue_share`,
        `resolved_share`, `n_open`. Missing where no ticket tells.

    Raises
    ------
    InputError
        As for `tickets_of`; the limit is not above 0, there is no such column, or nothing was opened before `at`.

    Notes
    -----
    Curriculum F13; the module says what counts.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-01-05 00:00", "2026-01-06 00:00", "2026-01-07 12:00"])
    >>> replies = pd.to_datetime(["2026-01-05 06:00", "2026-01-07 06:00", None])
    >>> tickets = pd.DataFrame({"opened": days, "first_reply": replies, "closed": replies})
    >>> tickets["resolved"] = [True, False, False]
    >>> complaint_metrics(tickets, at="2026-01-08").loc["all"].tolist()      # the third may still be in time
    [3.0, 18.0, 0.5, 0.5, 1.0]
    """
    limit = checks.number("limit_hours", limit_hours, low=0, above=True)
    table = _seen(tickets_of(source), at)
    if by is not None and checks.label("by", by) not in table.columns:
        near = did_you_mean(str(by), table.columns)
        raise InputError(f"complaint_metrics: there is no column {by!r} to group by. {near}")
    key: Any = "all" if by is None else table[by].to_numpy()
    hours = (table["first_reply"] - table["opened"]).dt.total_seconds() / 3_600
    waited = hours.fillna((table["_at"] - table["opened"]).dt.total_seconds() / 3_600)
    late = (waited > limit).astype(float)
    measures = pd.DataFrame(
        {
            "n_tickets": 1,
            "first_reply_hours": hours,
            "overdue_share": late.where(hours.notna() | (late > 0)),
            "resolved_share": table["resolved"].astype(float).where(table["closed"].notna()),
            "n_open": table["closed"].isna().astype(int),
        }
    )
    how = {str(name): "sum" if str(name).startswith("n_") else "mean" for name in measures}
    return measures.assign(group=key).groupby("group", observed=True).agg(how).rename_axis(by or "group")


def backlog(source: Any, *, at: Any = None) -> pd.Series[int]:
    """Tickets that lie open at the end of each day (积压).

    Parameters
    ----------
    source : run, its past, Desk, or DataFrame
        As for `tickets_of`.
    at : date, optional
        The moment from which one looks back. Default: the last day on which a ticket was opened or closed.

    Returns
    -------
    Series
        `n_open`, indexed by `day`, every day from the first ticket on.

    Raises
    ------
    InputError
        As for `tickets_of`.

    Examples
    --------
    >>> opened, closed = pd.to_datetime(["2026-01-05", "2026-01-05", "2026-01-06"]), pd.to_datetime(
    ...     ["2026-01-05 09:00", "2026-01-07 10:00", "2026-01-07 11:00"])
    >>> tickets = pd.DataFrame({"opened": opened, "first_reply": closed, "closed": closed, "resolved": True})
    >>> backlog(tickets).tolist()
    [1, 2, 0]
    """
    table = _seen(tickets_of(source), at)
    opened, closed = (np.sort(table[name].dropna().to_numpy("datetime64[s]")) for name in ("opened", "closed"))
    last = pd.Timestamp(at) if at is not None else max([*opened[-1:], *closed[-1:]])
    first = pd.Timestamp(opened[0]).normalize()
    days = pd.date_range(first, max(first, (pd.Timestamp(last) - pd.Timedelta(seconds=1)).normalize()), name="day")
    ends = (days + pd.Timedelta(days=1)).to_numpy("datetime64[s]")
    open_now = np.searchsorted(opened, ends, side="left") - np.searchsorted(closed, ends, side="left")
    return pd.Series(open_now, index=days, name="n_open")


def _held(source: Any) -> pd.DataFrame:
    for name in ("contacts", "tickets"):
        if isinstance(getattr(source, name, None), pd.DataFrame):
            return getattr(source, name)
    raise InputError(
        f"complaints: a run, its past, a desk or a table of tickets is needed, but a {type(source).__name__} was given."
    )


def _from_contacts(contacts: pd.DataFrame) -> pd.DataFrame:
    require_columns(contacts, {"time": "time", "reason": "id", "resolved": "id"}, what="contacts")
    table = contacts[contacts["reason"] == "complaint"]
    if len(table) == 0:
        raise InputError("contacts: nobody complained; simulate more customers or more periods.")
    require_columns(table, {"first_reply_hours": "money"}, what="complaints")
    reply = table["time"] + pd.to_timedelta(table["first_reply_hours"], unit="h").dt.round("s")
    return table.assign(opened=table["time"], first_reply=reply, closed=reply, resolved=table["resolved"].astype(bool))


def _checked(table: pd.DataFrame) -> pd.DataFrame:
    require_columns(table, {"opened": "time"}, what="tickets")
    for name in TICKET[1:]:
        if name not in table.columns:
            raise InputError(
                f"tickets: the column {name!r} is missing. {did_you_mean(name, table.columns)} Needed: "
                f"{', '.join(TICKET)}."
            )
    for name in ("first_reply", "closed"):
        if not pd.api.types.is_datetime64_any_dtype(table[name]):
            raise InputError(f"tickets: column {name!r} holds {table[name].dtype}, but dates are needed.")
        if (table[name] < table["opened"]).any():
            row = table.index[(table[name] < table["opened"]).to_numpy()][0]
            raise InputError(f"tickets: row {row!r} has {name!r} before 'opened'; mend or drop it.")
    return table


def _seen(table: pd.DataFrame, at: Any) -> pd.DataFrame:
    """The tickets as they look at a moment, with that moment in `_at`."""
    if at is None:
        last = max(table[name].max() for name in TICKET[:3] if table[name].notna().any())
        return table.assign(_at=last)
    moment = date_of("at", at)
    same_clock("at", moment, table["opened"], what="tickets")
    seen = table[table["opened"] < moment]
    if len(seen) == 0:
        raise InputError(f"at={at!r}: no ticket was opened before that moment.")
    later = {name: seen[name].where(seen[name] <= moment) for name in ("first_reply", "closed")}
    return seen.assign(**later, _at=moment)
