"""Parts of blocks: along families, without sorting, and by arrival.

A block is sorted by id, and an id is its family's number plus a multiple of `FAMILY`. So whoever belongs to a range of
families stands in a few runs, one for each multiple.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from crmsim.engine.blocks import Block
from crmsim.engine.policy import FAMILY, Ids

_EVENTS = ("rows", "contacts", "answers")


def cut(lives: Block, first: int, stop: int) -> Block:
    """Those of the families `first` .. `stop` - 1."""
    multiples = np.arange(0, lives.customers.max(initial=0) + 1, FAMILY)
    begins, ends = multiples + first, multiples + stop
    found = {}
    for field in fields(Block):
        column, ids = getattr(lives, field.name), _ids(lives, field.name)
        runs = zip(np.searchsorted(ids, begins), np.searchsorted(ids, ends), strict=True)
        found[field.name] = np.concatenate([column[begin:end] for begin, end in runs])
    return Block(**found)


def arrived(lives: Block, n_periods: int) -> Block:
    """Those who have arrived by the end of so many periods; nobody else has left a trace."""
    here = lives.traits["arrival"] < n_periods
    if here.all():
        return lives
    names = [field.name for field in fields(Block) if field.name not in _EVENTS]
    return replace(lives, **{name: getattr(lives, name)[here] for name in names})


def _ids(lives: Block, field: str) -> Ids:
    """The id of each entry of a field of a block, ascending."""
    column: Any = getattr(lives, field)
    return np.ascontiguousarray(column["customer"]) if field in _EVENTS else lives.customers
