"""Channels of service (沟通渠道), and exchanges in which both sides speak (客户互动).

An exchange of information needs two: a conversation in which only the firm speaks, or only the customer, is none.

Source: curriculum F15, F16; the measures are [EXT].
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmsim.customers.tables import require_columns
from crmsim.errors import InputError

SIDES = ("customer", "firm")


def channel_metrics(contacts: Any) -> pd.DataFrame:
    """How each channel of service (沟通渠道) does: contacts, waiting, handling, resolved.

    Parameters
    ----------
    contacts : run, its past, or DataFrame
        One row per contact: `channel`, `waiting_minutes`, `handling_minutes`, `resolved`.

    Returns
    -------
    DataFrame
        Indexed by `channel`: `n_contacts`, `share` of all contacts, mean `waiting_minutes` and `handling_minutes`,
        `resolved_share`.

    Raises
    ------
    InputError
        A column is missing or spoilt, or there are no contacts.

    Notes
    -----
    Curriculum F15.

    Examples
    --------
    >>> table = pd.DataFrame({"channel": ["email", "email", "online"], "waiting_minutes": [0.0, 2.0, 3.0],
    ...                       "handling_minutes": 5.0, "resolved": [True, False, True]})
    >>> channel_metrics(table).loc["email"].round(3).tolist()
    [2.0, 0.667, 1.0, 5.0, 0.5]
    """
    table = contacts if isinstance(contacts, pd.DataFrame) else getattr(contacts, "contacts", contacts)
    kinds = {"channel": "id", "waiting_minutes": "money", "handling_minutes": "money", "resolved": "id"}
    require_columns(table, kinds, what="contacts")
    groups = table.assign(resolved=table["resolved"].astype(float)).groupby("channel", observed=True)
    means = groups[["waiting_minutes", "handling_minutes", "resolved"]].mean()
    means = means.rename(columns={"resolved": "resolved_share"})
    means.insert(0, "share", groups.size() / len(table))
    means.insert(0, "n_contacts", groups.size())
    return means


def two_way(messages: pd.DataFrame) -> pd.Series[bool]:
    """Which conversations are exchanges: both the customer and the firm speak.

    Parameters
    ----------
    messages : DataFrame
        One row per message: `conversation` (any name), `sender` ("customer" or "firm").

    Returns
    -------
    Series
        `two_way`, indexed by `conversation`; its sum counts the exchanges.

    Raises
    ------
    InputError
        A column is missing, there are no messages, or a sender is neither of the two.

    Notes
    -----
    Curriculum F16.

    Examples
    --------
    >>> talk = pd.DataFrame({"conversation": [1, 1, 2, 3, 3], "sender": ["firm", "customer", "firm", "firm", "firm"]})
    >>> two_way(talk).tolist()
    [True, False, False]
    """
    require_columns(messages, {"conversation": "id", "sender": "id"}, what="messages")
    unknown = messages[~messages["sender"].isin(SIDES)]
    if len(unknown):
        row, sender = unknown.index[0], unknown["sender"].iloc[0]
        raise InputError(f"messages: row {row!r} has the sender {sender!r}; write 'customer' or 'firm'.")
    return (messages.groupby("conversation")["sender"].nunique() == len(SIDES)).rename("two_way")
