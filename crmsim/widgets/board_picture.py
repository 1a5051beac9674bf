"""The picture of the segmentation board: RFM scores, Pareto curve, segments, and moves between them.

The figure is made once and only its contents change: a slider has to answer at once.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.plots.canvas import BLUE, GREEN, GREY, INK, ORANGE, SKY
from crmsim.segments.scores import N_SCORES, RFM_SEGMENTS, RFMCuts
from crmsim.widgets.board_words import CLASSES_ZH, SEGMENTS_ZH
from crmsim.widgets.cutting import Board, Cutting
from crmsim.widgets.pictures import shipped_font

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES = tuple(rule.name for rule in RFM_SEGMENTS)
CLASSES = dict(zip("ABC", (BLUE, SKY, GREY), strict=True))
SIZES = {"customer_share": ("customers 客户", ORANGE), "money_share": ("money 金额", BLUE)}
ROUNDING = 1e-7
"""In per cent; what adding up shares may leave."""
DARK = 0.55
"""Above this share of the darkest cell, numbers are white."""


class BoardPicture:
    """Four pictures of the same customers."""

    def __init__(self) -> None:
        from matplotlib.figure import Figure

        with shipped_font():
            self._figure = Figure(figsize=(10, 7), dpi=100)
            # Fixed margins: letting matplotlib find them takes as long as all the drawing.
            self._figure.subplots_adjust(left=0.13, right=0.98, bottom=0.13, top=0.95, hspace=0.42, wspace=0.42)
            (scores, curve), (sizes, moves) = self._figure.subplots(2, 2)
            self._scores = Cells(scores, n=N_SCORES, colours="Blues")
            scores.set(title="RFM scores: number of customers 客户数")
            self._curve, self._areas, self._cuts = _curve(curve)
            self._bars = _bars(sizes)
            self._moves = Cells(moves, n=len(NAMES), colours="Oranges")
            moves.set(title="Moves: from row to column 由行到列", xlabel="now 现在", ylabel="before 之前")
            plain = [name.replace("_", " ") for name in NAMES]
            moves.set_xticks(range(len(NAMES)), plain, rotation=35, ha="right", rotation_mode="anchor")
            moves.set_yticks(range(len(NAMES)), plain)
            for axes in self._figure.axes:
                axes.set_title(axes.get_title(), y=1.0, fontsize=11)
                axes.spines[["top", "right"]].set_visible(False)
                axes.tick_params(labelsize=9)

    def draw(self, board: Board, cutting: Cutting) -> bytes:
        """The picture as PNG."""
        self._scores.fill(board.grid.to_numpy())
        _name_scores(self._scores.axes, cutting.rfm_cuts())
        self._draw_curve(board.curve, cutting)
        for column, bars in self._bars.items():
            for bar, share in zip(bars, board.segments[column], strict=True):
                bar.set_width(share * 100)
        table = board.moves.table.to_numpy()
        self._moves.fill(table, shaded=table - np.diag(table.diagonal()))
        file = BytesIO()
        with shipped_font():  # ticks are made, and get their font, when they are first drawn
            self._figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
        return file.getvalue()

    def _draw_curve(self, curve: pd.DataFrame, cutting: Cutting) -> None:
        share, value = (curve[column].to_numpy() * 100 for column in ("customer_share", "value_share"))
        self._curve.set_data(share, value)
        limits = (0.0, cutting.large_share * 100, cutting.medium_share * 100, 100.0)
        for number, line in enumerate(self._cuts):
            line.set_ydata([limits[number + 1]] * 2)
        # A class ends with the customer who carries the sum over its cut.
        ends = np.searchsorted(value, np.array(limits) - ROUNDING)
        for area, first, last in zip(self._areas, ends[:-1], ends[1:], strict=True):
            x, y = share[first : last + 1], value[first : last + 1]
            area.set_xy(np.column_stack([[x[0], *x, x[-1]], [0, *y, 0]]))


class Cells:
    """A table of numbers in shaded cells, whose numbers can be changed."""

    def __init__(self, axes: Axes, *, n: int, colours: str) -> None:
        self.axes = axes
        self._image = axes.imshow(np.zeros((n, n)), cmap=colours, aspect="auto", vmin=0, vmax=1)
        self._texts = [
            axes.text(column, row, "", ha="center", va="center", fontsize=9) for row in range(n) for column in range(n)
        ]

    def fill(self, numbers: npt.NDArray[Any], *, shaded: npt.NDArray[Any] | None = None) -> None:
        """Show these numbers, shaded by themselves or by `shaded`."""
        shade = numbers if shaded is None else shaded
        strength = shade / max(1, shade.max())
        self._image.set_data(strength)
        for text, number, dark in zip(self._texts, numbers.ravel(), strength.ravel(), strict=True):
            text.set(text=f"{number:,}" if number else "", color="white" if dark > DARK else INK)


def _name_scores(axes: Axes, cuts: RFMCuts) -> None:
    days = [f"{limit:,.0f}" for limit in cuts.recency_days]
    axes.set_xticks(range(N_SCORES), [f"1\n>{days[3]}", *(f"{5 - k}\n≤{days[k]}" for k in (3, 2, 1, 0))])
    counts = [f"{limit:.0f}" for limit in cuts.frequency]
    axes.set_yticks(range(N_SCORES), [*(f"{5 - k}: ≥{counts[k]}" for k in range(4)), f"1: <{counts[3]}"])
    axes.set(xlabel="R: days since last purchase 最近一次购买", ylabel="F: purchases 次数")


def _curve(axes: Axes) -> tuple[Any, list[Any], list[Any]]:
    areas = [
        axes.fill([0, 0, 0], [0, 0, 0], color=colour, alpha=0.55, lw=0, label=f"{name} {CLASSES_ZH[name]}")[0]
        for name, colour in CLASSES.items()
    ]
    axes.plot([0, 100], [0, 100], color=GREEN, lw=1, linestyle="--", label="all equal 人人相等")
    cuts = [axes.axhline(0, color=INK, lw=0.8, linestyle=":") for _ in range(2)]
    axes.axvline(20, color=INK, lw=0.8, linestyle=":")
    line = axes.plot([0], [0], color=INK)[0]
    axes.set(title="Pareto curve and ABC 帕累托曲线", xlim=(0, 100), ylim=(0, 101))
    axes.set(xlabel="% of customers, best first 客户占比", ylabel="% of money 金额占比")
    axes.legend(loc="lower right", fontsize=9, frameon=False)
    return line, areas, cuts


def _bars(axes: Axes) -> dict[str, Any]:
    places = np.arange(len(NAMES))
    bars = {
        column: axes.barh(places + 0.2 * (2 * number - 1), np.zeros(len(NAMES)), 0.38, color=colour, label=label)
        for number, (column, (label, colour)) in enumerate(SIZES.items())
    }
    axes.set_yticks(places, [f"{name.replace('_', ' ')}\n{SEGMENTS_ZH[name]}" for name in NAMES])
    axes.invert_yaxis()
    axes.set(title="Segments: customers and money 细分", xlim=(0, 100), xlabel="% of all 占比")
    axes.legend(loc="lower right", fontsize=9, frameon=False)
    return bars
