"""The picture of the explorer: drawn on a figure of its own (no window, no global state), given as PNG.

The figure is made once and only its contents change, because making axes and ticks takes longer than drawing
them; a slider has to answer at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmsim.lifecycle.models import MODELS, STAGES
from crmsim.plots import use_chinese
from crmsim.plots.canvas import BLUE, GREEN, GREY, ORANGE, RED, SKY
from crmsim.widgets.worlds import TwoWorlds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = dict(zip(STAGES, (SKY, GREEN, BLUE, ORANGE, GREY), strict=True))
"""As in `crmsim.plots.stages_over_time`: those who have left are grey."""
WORLDS = {"base": "#555555", "changed": RED}


class Picture:
    """Both worlds: stages side by side, customers true and seen, profit so far.

    Parameters
    ----------
    unit : str
        What a period is called: "month".
    currency : str
        Code of the money.
    n_periods : int
        How many periods are drawn.
    """

    def __init__(self, *, unit: str, currency: str, n_periods: int) -> None:
        from matplotlib.figure import Figure

        self._bands: list[Any] = []
        with shipped_font():
            self._figure = Figure(figsize=(10, 5.6), dpi=100)
            # Fixed margins: letting matplotlib find them takes as long as all the drawing.
            self._figure.subplots_adjust(left=0.07, right=0.85, bottom=0.085, top=0.95, hspace=0.4, wspace=0.2)
            (base, changed), (customers, profit) = self._figure.subplots(2, 2)
            self._stages = {"base": base, "changed": changed}
            base.set(title="As it is 现状", ylabel="customers 客户数")
            changed.set(title="Changed 改变后")
            self._names = _stage_names(changed)
            self._customers = _customer_lines(customers, n_periods)
            self._profit = _profit_lines(profit, n_periods, currency)
            self._begins = [axes.axvline(0, color="black", linestyle=":", lw=1) for axes in self._figure.axes[1:]]
            _legend(profit)
            for axes in self._figure.axes:
                _tidy(axes, n_periods=n_periods, unit=unit)

    def draw(self, worlds: TwoWorlds, *, care_from: int | None = None) -> bytes:
        """The picture as PNG; `care_from` is the period in which the care begins, drawn as a dotted line."""
        self._draw_stages(worlds)
        for name, world in (("base", worlds.base), ("changed", worlds.changed)):
            for column in ("true", "seen"):
                self._customers[name, column].set_ydata(world.customers[column])
            self._profit[name].set_ydata(world.money["profit"].cumsum() / 1000)
        most = max(int(world.customers.to_numpy().max()) for world in (worlds.base, worlds.changed))
        customers, profit = self._figure.axes[2:]
        customers.set_ylim(0, max(1.0, most * 1.05))
        profit.relim()
        profit.autoscale_view()
        for line in self._begins:
            line.set_visible(care_from is not None)
            line.set_xdata([care_from or 0])
        file = BytesIO()
        with shipped_font():  # ticks are made, and get their font, when they are first drawn
            self._figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
        return file.getvalue()

    def _draw_stages(self, worlds: TwoWorlds) -> None:
        for band in self._bands:
            band.remove()
        self._bands = []
        for name, world in (("base", worlds.base), ("changed", worlds.changed)):
            table = world.stages[list(STAGES)]
            colours = list(COLOURS.values())
            self._bands += self._stages[name].stackplot(
                table.index, table.T, colors=colours, edgecolor="white", linewidth=0.4
            )
            self._stages[name].set_ylim(0, max(1.0, float(table.sum(axis=1).max()) * 1.02))
        for stage, height in _heights(worlds.changed.stages.iloc[-1]).items():
            self._names[stage].set_y(height)


@contextmanager
def shipped_font() -> Iterator[None]:
    """The shipped font, for texts that are made within."""
    from matplotlib import rc_context

    with rc_context():
        use_chinese()
        yield


def _stage_names(axes: Axes) -> dict[str, Any]:
    """A name for each stage, to be put beside its last column."""
    return {
        stage: axes.text(
            1.02,
            0,
            f"{stage} {MODELS['relationship'].parts[stage]}",
            transform=axes.get_yaxis_transform(),
            verticalalignment="center",
            fontsize=9,
            bbox={"boxstyle": "square,pad=0.2", "facecolor": COLOURS[stage], "alpha": 0.45, "lw": 0},
        )
        for stage in STAGES
    }


def _heights(ends: pd.Series[Any]) -> dict[str, float]:
    """The middle of each band of the last column, pushed up where bands are too thin for a name."""
    ends = ends.reindex(STAGES)
    middle = ends.cumsum() - ends / 2
    heights, least = {}, 0.09 * float(ends.sum())
    lowest = 0.0
    for stage in STAGES:
        heights[stage] = max(float(middle[stage]), lowest)
        lowest = heights[stage] + least
    return heights


def _customer_lines(axes: Axes, n_periods: int) -> dict[tuple[str, str], Any]:
    axes.set(title="Customers: true and seen by the firm 真实与所见", ylabel="customers 客户数")
    return {
        (world, column): axes.plot(range(n_periods), [0] * n_periods, color=colour, linestyle=style)[0]
        for world, colour in WORLDS.items()
        for column, style in (("true", "-"), ("seen", "--"))
    }


def _profit_lines(axes: Axes, n_periods: int, currency: str) -> dict[str, Any]:
    axes.set(title="Profit so far 累计利润", ylabel=f"thousand {currency}")
    axes.axhline(0, color="black", linewidth=0.6)
    return {
        world: axes.plot(range(n_periods), [0] * n_periods, color=colour)[0] for world, colour in WORLDS.items()
    }


def _legend(axes: Axes) -> None:
    """One legend for both pictures of lines, beside the last one."""
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=WORLDS["base"], label="as it is 现状"),
        Line2D([], [], color=WORLDS["changed"], label="changed 改变后"),
        Line2D([], [], color="black", label="true 真实"),
        Line2D([], [], color="black", linestyle="--", label="seen 所见"),
        Line2D([], [], color="black", linestyle=":", label="care 维系"),
    ]
    axes.legend(handles=lines, frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _tidy(axes: Axes, *, n_periods: int, unit: str) -> None:
    axes.set_title(axes.get_title(), y=1.0, fontsize=11)
    axes.set_xticks(range(0, n_periods + 1, max(1, n_periods // 3)))
    axes.set_xlim(0, max(1, n_periods - 1))
    axes.locator_params(axis="y", nbins=5)
    axes.set_xlabel(unit, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
