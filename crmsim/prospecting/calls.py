"""An hour of calls, audited by the eight skills (开发技巧), and visits that become more frequent (循序渐进).

The handout names the skills and one number, an hour a day. All other limits are [EXT]: parameters of `audit_block`.

Source: curriculum I02, I06, PK1-PK8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import instance, is_number
from crmsim.customers.tables import require_columns
from crmsim.errors import InputError
from crmsim.value.cashflows import numbers

HOUR_MINUTES = 60.0


@dataclass(frozen=True, eq=False)
class CallBlock:
    """One block of prospecting by telephone, as it was logged.

    Parameters
    ----------
    minutes : float
        Length of the block.
    calls : DataFrame
        One row per call in any order: `start_minute` (from the beginning of the block) and `minutes` (length of the
        call).
    has_list : bool
        Whether the list of names was ready before the first call.
    n_interruptions : int
        Interruptions by other work.
    n_cards : int
        Customer cards filed; one for each call is due.
    goal : str
        The result foreseen, in words; empty if none was.

    Raises
    ------
    InputError
        A column is missing, a number is negative, or a call does not lie inside the block.
    """

    minutes: float
    calls: pd.DataFrame = field(repr=False)
    has_list: bool
    n_interruptions: int
    n_cards: int
    goal: str

    def __post_init__(self) -> None:
        require_columns(self.calls, {"start_minute": "money", "minutes": "money"}, what="calls")
        for name in ("minutes", "n_interruptions", "n_cards"):
            if not is_number(getattr(self, name)) or getattr(self, name) < 0:
                raise InputError(f"block: {name}={getattr(self, name)!r} must be a number of 0 or more.")
        outside = self.calls["start_minute"] + self.calls["minutes"] > self.minutes + 1e-9
        if outside.any():
            row = self.calls.index[outside.to_numpy()][0]
            raise InputError(f"calls: row {row} ends after the block of {self.minutes:g} minutes; correct the times.")


@dataclass(frozen=True)
class BlockLimits:
    """Limits of the audit [EXT]; only the hour is the handout's. All are inclusive."""

    min_minutes: float = HOUR_MINUTES
    n_calls: int = 15
    mean_minutes: float = 3.0
    idle_minutes: float = 5.0

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not is_number(value) or value < 0:
                raise InputError(f"{item.name}={value!r} must be a number of 0 or more.")


def audit_block(block: CallBlock, *, limits: BlockLimits | None = None) -> list[str]:
    """Ids of the skills that a block of calls neglects, in order.

    PK1 shorter than an hour; PK2 too few calls; PK3 calls too long on average; PK4 no list before the first call; PK5
    interrupted; PK6 fewer cards than calls; PK7 no goal; PK8 idle for too long between two calls, or at either end.

    Parameters
    ----------
    block : CallBlock
    limits : BlockLimits, optional
        [EXT] but for the hour.

    Returns
    -------
    list of str
        Of "PK1" ... "PK8"; empty if nothing is wrong.

    Raises
    ------
    InputError
        This is not a CallBlock, or `limits` are no BlockLimits.

    Notes
    -----
    Curriculum I06, PK1-PK8.

    Examples
    --------
    >>> calls = pd.DataFrame({"start_minute": [4.0 * k for k in range(15)], "minutes": 3.0})
    >>> block = CallBlock(minutes=60, calls=calls, has_list=True, n_interruptions=0, n_cards=14, goal="three visits")
    >>> audit_block(block)
    ['PK6']
    """
    if not isinstance(block, CallBlock):
        raise InputError(f"audit_block: a CallBlock is needed, but a {type(block).__name__} was given.")
    limits = BlockLimits() if limits is None else limits
    instance("limits", limits, BlockLimits, made_by="crm.prospecting.BlockLimits(...)")
    n_calls = len(block.calls)
    neglected = {
        "PK1": block.minutes < limits.min_minutes,
        "PK2": n_calls < limits.n_calls,
        "PK3": float(block.calls["minutes"].mean()) > limits.mean_minutes,
        "PK4": not block.has_list,
        "PK5": block.n_interruptions > 0,
        "PK6": block.n_cards < n_calls,
        "PK7": not block.goal.strip(),
        "PK8": _longest_gap(block) > limits.idle_minutes + 1e-9,
    }
    return [skill for skill, is_neglected in neglected.items() if is_neglected]


def check_visits(days: Sequence[float]) -> list[float]:
    """Gaps between visits to one prospect, refused if the visits do not become more frequent (循序渐进).

    Parameters
    ----------
    days : sequence of float
        Day of each visit, rising; at least two.

    Returns
    -------
    list of float
        Gaps in days, none longer than the one before.

    Raises
    ------
    InputError
        The days do not rise, or a gap is longer than the one before; the visit is named.

    Notes
    -----
    Curriculum I02, principle 3: more visits at rising frequency. Equal gaps are let pass [EXT].

    Examples
    --------
    >>> check_visits([0, 20, 34, 41])
    [20.0, 14.0, 7.0]
    """
    row = numbers(days, "days")
    gaps = np.diff(row)
    if len(row) < 2 or (gaps <= 0).any():
        raise InputError(f"days={list(days)!r}: give at least two visits, each later than the one before.")
    slower = gaps[1:] > gaps[:-1] + 1e-9
    if slower.any():
        place = int(slower.argmax()) + 2
        raise InputError(
            f"days[{place}]={row[place]:g}: the gap of {gaps[place - 1]:g} days is longer than the one before "
            f"({gaps[place - 2]:g}); visits should become more frequent."
        )
    return [float(gap) for gap in gaps]


def _longest_gap(block: CallBlock) -> float:
    """Longest time without a call, the beginning and the end of the block included."""
    calls: Any = block.calls.sort_values("start_minute", kind="stable")
    ends = np.maximum.accumulate((calls["start_minute"] + calls["minutes"]).to_numpy(dtype=float))
    starts = calls["start_minute"].to_numpy(dtype=float)
    return float(np.max(np.append(starts, block.minutes) - np.concatenate(([0.0], ends))))
