"""The MAN rule (MAN法则): money, authority and need decide what to do with a prospect.

M, money (金钱): some buying power. A, authority (购买决定权): may decide on, advise on or object to the purchase. N,
need (需求): needs the product or service. An upper-case letter means present, a lower-case one absent (an inference:
the handout never says so). Each of the eight combinations has its advice.

A *prospect* in the sense of selling (潜在客户) has need and money; authority is not asked. So of the eight rows only
MAN1 and MAN3 are prospects, although the advice lets one contact all but MAN8. Both readings are kept.

Source: curriculum I01, I05, MAN1-MAN8. The action keys, counts, conversions and money are [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.prospecting.manrows import CODES, MAN_ROWS
from crmsim.segments.labels import labelled

_BY_LETTERS: Mapping[str, int] = {row.letters: place for place, row in enumerate(MAN_ROWS)}
# Place in MAN_ROWS of m + 2 * a + 4 * n
_PLACES = np.array(
    [_BY_LETTERS[("M" if k & 1 else "m") + ("A" if k & 2 else "a") + ("N" if k & 4 else "n")] for k in range(8)]
)


def man_code(money: bool | str, authority: bool | None = None, need: bool | None = None) -> str:
    """Id of the row for these three conditions: "MAN1" ... "MAN8".

    Parameters
    ----------
    money : bool or str
        Whether there is buying power; or all three as letters, ``"MaN"`` or ``"M+a+N"``.
    authority, need : bool
        Left out when letters are given.

    Returns
    -------
    str

    Raises
    ------
    InputError
        A condition is missing, not True or False, or the letters are not M, A, N in upper or lower case.

    Notes
    -----
    Curriculum I05.

    Examples
    --------
    >>> man_code(True, False, True), man_code("m+A+N")
    ('MAN3', 'MAN4')
    """
    return MAN_ROWS[_place(money, authority, need)].id


def man_action(money: bool | str, authority: bool | None = None, need: bool | None = None) -> str:
    """Action key of the row: ideal, skilled_selling, find_decider, check_credit, cultivate or stop.

    Parameters
    ----------
    money, authority, need
        As for `man_code`.

    Returns
    -------
    str

    Raises
    ------
    InputError
        As for `man_code`.

    Notes
    -----
    Curriculum MAN1-MAN8; the keys are [EXT].

    Examples
    --------
    >>> man_action(True, True, True), man_action("man")
    ('ideal', 'stop')
    """
    return MAN_ROWS[_place(money, authority, need)].action


def is_prospect(money: bool | str, authority: bool | None = None, need: bool | None = None) -> bool:
    """Whether this is a prospect in the sense of selling: need and buying power; authority is not asked.

    Parameters
    ----------
    money, authority, need
        As for `man_code`.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        As for `man_code`.

    Notes
    -----
    Curriculum I01.

    Examples
    --------
    >>> [row.id for row in MAN_ROWS if is_prospect(row.letters)]
    ['MAN1', 'MAN3']
    """
    letters = MAN_ROWS[_place(money, authority, need)].letters
    return "M" in letters and "N" in letters


def qualify(prospects: pd.DataFrame) -> pd.DataFrame:
    """Row, action and advice of the MAN rule for every prospect of a table.

    Parameters
    ----------
    prospects : DataFrame
        One row per prospect, named by the index: `has_money`, `has_authority`, `has_need` (True or False), as in
        ``run.truth.customers``.

    Returns
    -------
    DataFrame
        Indexed as `prospects`: `man` (ordered category MAN1 ... MAN8), `action` (category), `is_prospect` (bool),
        `advice`, `advice_zh` (categories).

    Raises
    ------
    InputError
        A column is missing or empty somewhere, does not hold True and False, or a prospect stands twice.

    Notes
    -----
    Curriculum I01, I05.

    Examples
    --------
    >>> found = pd.DataFrame({"has_money": [True, False], "has_authority": [False, False], "has_need": [True, False]})
    >>> qualify(found)[["man", "action", "is_prospect"]].values.tolist()
    [['MAN3', 'find_decider', True], ['MAN8', 'stop', False]]
    """
    columns = ("has_money", "has_authority", "has_need")
    require_columns(prospects, dict.fromkeys(columns, "id"), what="prospects")
    money, authority, need = (_flags(prospects[name]) for name in columns)
    if prospects.index.has_duplicates:
        twice = prospects.index[prospects.index.duplicated()][0]
        raise InputError(f"prospects: {twice} stands twice in the index; keep one row for each.")
    places = _PLACES[money + 2 * authority + 4 * need]
    table = {
        "man": labelled(places, CODES, ordered=True),
        "action": _told(places, "action"),
        "is_prospect": (money & need).astype(bool),
        "advice": _told(places, "advice"),
        "advice_zh": _told(places, "advice_zh"),
    }
    return pd.DataFrame(table, index=prospects.index)


def _place(money: bool | str, authority: bool | None, need: bool | None) -> int:
    if isinstance(money, str):
        letters = money.replace("+", "").replace(" ", "")
        if authority is not None or need is not None or letters not in _BY_LETTERS:
            raise InputError(f"{money!r} is not one of the eight codes: {', '.join(_BY_LETTERS)}.")
        return _BY_LETTERS[letters]
    given = {"money": money, "authority": authority, "need": need}
    for name, flag in given.items():
        if not isinstance(flag, bool | np.bool_):
            raise InputError(f"{name}={flag!r} must be True or False; give all three, or letters such as 'MaN'.")
    return int(_PLACES[bool(money) + 2 * bool(authority) + 4 * bool(need)])


def _flags(column: pd.Series[Any]) -> npt.NDArray[np.int64]:
    if not pd.api.types.is_bool_dtype(column):
        raise InputError(
            f"prospects: column {column.name!r} holds {column.dtype} (first value {column.iloc[0]!r}), but True or "
            f"False is needed; use prospects[{column.name!r}].astype(bool) if 1 means yes."
        )
    return column.to_numpy(dtype=np.int64)


def _told(places: npt.NDArray[np.int64], name: str) -> pd.Categorical[Any]:
    """What the rows say under `name`, as a category."""
    told = [getattr(row, name) for row in MAN_ROWS]
    texts = list(dict.fromkeys(told))
    return labelled(np.array([texts.index(text) for text in told])[places], texts)
