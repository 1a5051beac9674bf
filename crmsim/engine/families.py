"""Blocks cut and joined along families, without sorting.

A block is sorted by id, and an id is its family's number plus a multiple of `FAMILY`. So whoever belongs to a range of
families stands in a few runs, one for each multiple; cutting and joining are copies of runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from crmsim.engine.blocks import Block
from crmsim.engine.policy import FAMILY, Ids

_EVENTS = ("rows", "contacts", "answers")


def cut(lives: Block, first: int, stop: int) -> Block:
    """Those of the families `first` .. `stop` - 1."""
    return _picked([lives], [(k + first, k + stop) for k in _multiples([lives])])


def joined(lives: Sequence[Block]) -> Block:
    """Blocks of ascending families as one, sorted by id."""
    return _picked(lives, [(k, k + FAMILY) for k in _multiples(lives)]) if len(lives) > 1 else lives[0]


def _multiples(lives: Sequence[Block]) -> range:
    last = max((int(block.customers[-1]) for block in lives if len(block.customers)), default=0)
    return range(0, last + 1, FAMILY)


def _picked(lives: Sequence[Block], spans: Sequence[tuple[int, int]]) -> Block:
    """Everything of the customers in these spans of ids: span by span, block by block."""
    bounds = np.array(spans).ravel()
    found = {}
    for field in fields(Block):
        name, pieces = field.name, []
        edges = [np.searchsorted(_ids(block, name), bounds) for block in lives]
        for k in range(0, len(bounds), 2):
            for block, edge in zip(lives, edges, strict=True):
                pieces.append(getattr(block, name)[edge[k] : edge[k + 1]])
        found[name] = np.concatenate(pieces)
    return Block(**found)


def _ids(block: Block, field: str) -> Ids:
    """The id of each entry of a field of a block, ascending."""
    events: Any = getattr(block, field)
    return np.ascontiguousarray(events["customer"]) if field in _EVENTS else block.customers
