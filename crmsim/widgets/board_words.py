"""What the segmentation board says: the cuts, the sizes, and who moved, so that nobody has to read a picture."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from crmsim.segments.scores import RFM_SEGMENTS
from crmsim.widgets.cutting import Board, Cutting

SEGMENTS_ZH = {rule.name: rule.name_zh for rule in RFM_SEGMENTS}
CLASSES_ZH = {"A": "大客户", "B": "中等客户", "C": "小客户"}
N_MOVES_NAMED = 3
_HEADS = ("customers 客户数", "share of customers 占客户", "share of money 占金额", "came 进", "went 出")


def cuts_in_words(cutting: Cutting, *, currency: str) -> str:
    """The cut points of the scores 5, 4, 3, 2 (HTML)."""
    cuts = cutting.rfm_cuts()
    return (
        "<p style='line-height:1.4'>Cut points of the scores 5, 4, 3, 2. "
        f"<b>R</b> up to {_listed(cuts.recency_days)} days; <b>F</b> from {_listed(cuts.frequency)} purchases; "
        f"<b>M</b> from {_listed(cuts.monetary)} {escape(currency)}.</p>"
    )


def board_in_words(board: Board) -> str:
    """Segments and classes as a table, and the moves in a sentence (HTML)."""
    heads = "".join(f"<th scope='col' style='padding:0 1em;text-align:right'>{head}</th>" for head in _HEADS)
    segments = "".join(_row(f"{n} {SEGMENTS_ZH.get(str(n), '')}", row) for n, row in board.segments.iterrows())
    classes = "".join(_row(f"{n} {CLASSES_ZH[str(n)]}", row) for n, row in board.classes.iterrows())
    return (
        f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{segments}</tbody><tbody>{classes}</tbody></table>"
        f"<p style='line-height:1.4'>{moves_in_words(board)}</p>"
    )


def moves_in_words(board: Board) -> str:
    """How many changed their segment, and the largest moves."""
    moves = board.moves
    n_changed = round(moves.changed_share * moves.n_customers)
    text = (
        f"Of {moves.n_customers:,} customers seen at both moments, {n_changed:,} ({moves.changed_share:.1%}) stand in "
        f"another segment; {moves.n_joined:,} more have bought for the first time."
    )
    named = [f"{before} → {after} {n:,}" for n, before, after in _largest(moves.table)]
    return text + (f" Most moves: {'; '.join(named)}." if named else "")


def _largest(table: pd.DataFrame) -> list[tuple[int, str, str]]:
    """The largest entries off the diagonal: how many, from where, to where."""
    names = [str(name) for name in table.index]
    cells = [(int(n), names[i], names[j]) for (i, j), n in np.ndenumerate(table.to_numpy()) if n and i != j]
    return sorted(cells, key=lambda cell: -cell[0])[:N_MOVES_NAMED]


def _row(name: str, row: pd.Series[Any]) -> str:
    figures = [f"{row['n_customers']:,.0f}", f"{row['customer_share']:.1%}", f"{row['money_share']:.1%}"]
    figures += [f"{row[column]:,.0f}" if column in row else "" for column in ("n_came", "n_went")]
    cells = "".join(f"<td style='padding:0 1em;text-align:right'>{figure}</td>" for figure in figures)
    return f"<tr><th scope='row' style='text-align:left'>{escape(name)}</th>{cells}</tr>"


def _listed(limits: tuple[float, ...]) -> str:
    return ", ".join(f"{limit:,.10g}" for limit in limits)
