"""What it pays to contact: counts and conversions of the eight MAN rows, and the money of today.

Curriculum I05, MAN1-MAN8; counts, conversions and money are [EXT].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import is_number, names_of
from crmsim.errors import InputError, did_you_mean, told
from crmsim.prospecting.manrows import CODES


def contact_profit(
    counts: Sequence[float] | pd.Series[Any],
    conversions: Sequence[float] | pd.Series[Any],
    *,
    margin: float,
    cost: float,
    contacted: Sequence[str] = CODES[:-1],
) -> float:
    """Expected profit of contacting everybody in some rows of the MAN rule, and nobody in the others.

    Parameters
    ----------
    counts : sequence of 8 numbers
        Prospects in MAN1 ... MAN8, 0 or more; a Series is matched by name.
    conversions : sequence of 8 numbers
        Share of those contacted who buy, 0 to 1.
    margin : float
        Money earned by one who buys.
    cost : float
        Money for one contact, 0 or more.
    contacted : sequence of str
        The rows to contact; by default all but MAN8.

    Returns
    -------
    float
        Money. Cultivation pays later, which this count of today does not see.

    Raises
    ------
    InputError
        Not eight numbers, a share outside 0 to 1, or an unknown row.

    Notes
    -----
    sum over the contacted rows of count * (conversion * margin - cost). [EXT].

    Examples
    --------
    >>> counts, shares = [10, 15, 20, 10, 15, 10, 10, 30], [0.40, 0.15, 0.12, 0.10, 0.03, 0.03, 0.03, 0]
    >>> round(contact_profit(counts, shares, margin=300, cost=20), 6)
    1410.0
    """
    number, share = _eight(counts, "counts"), _eight(conversions, "conversions", most=1.0)
    if not is_number(margin) or not is_number(cost) or cost < 0:
        raise InputError(f"margin={told(margin)}, cost={told(cost)}: give numbers of money, the cost 0 or more.")
    rows = names_of("contacted", contacted, example="['MAN1', 'MAN2']")
    for name in rows:
        if name not in CODES:
            raise InputError(f"contacted: there is no row {name!r}. {did_you_mean(str(name), CODES)}")
    chosen = np.isin(CODES, rows)
    return float((number * (share * margin - cost))[chosen].sum())


def _eight(given: Any, what: str, *, most: float = np.inf) -> npt.NDArray[np.float64]:
    row = given.reindex(CODES) if isinstance(given, pd.Series) and set(given.index) >= set(CODES) else given
    try:
        numbers = np.asarray(row, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what}={given!r}: eight numbers are needed, for MAN1 to MAN8.") from error
    if numbers.shape != (8,):
        raise InputError(f"{what}: {numbers.size} numbers were given; eight are needed, for MAN1 to MAN8.")
    bad = ~((numbers >= 0) & (numbers <= most) & np.isfinite(numbers))
    if bad.any():
        limit = "0 to 1" if most == 1 else "0 or more"
        raise InputError(f"{what}: {CODES[int(bad.argmax())]} has {numbers[bad][0]:g}; it must be {limit}.")
    return numbers
