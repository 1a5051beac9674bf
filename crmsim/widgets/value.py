"""The value explorer: sliders for rate, loyalty and plan; the flows of one customer as bars, and three values in words.

A change of any slider values the customer again (`valuing`), draws the flows and writes the values into a table, so
that nobody has to read them off the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

from crmsim.plots.canvas import BLUE, GREY, INK, ORANGE
from crmsim.widgets.controls import look
from crmsim.widgets.explorer import Explorer, picture_of
from crmsim.widgets.valuing import Flows, Valued, flows_of, valued

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMES = {
    "narrow": "narrow 狭义: the future alone",
    "broad": "broad 广义: past and future",
    "current_potential": "current and potential value 当前价值与潜在价值",
}
_ABOVE: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}


class ValueExplorer(Explorer):
    """Sliders that value one customer.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "rate", "keep", "plan", and the button "reset".
    valued : Valued
        The tables behind the picture, for the present setting of the controls.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    valued: Valued

    def __init__(self, past: Sequence[float], future: Sequence[float], potential: Sequence[float] = ()) -> None:
        self.flows: Flows = flows_of(past, future, potential)
        super().__init__(_controls(len(self.flows.future)))

    def show(self, values: dict[str, Any], seed: int) -> tuple[str, bytes]:
        """The customer's value; there is no luck in it."""
        self.valued = valued(self.flows, **values)
        return _in_words(self.valued), _drawn(self.valued)


def _controls(n_future: int) -> dict[str, Any]:
    return {
        "rate": ipywidgets.FloatSlider(
            value=0.10, min=0.0, max=0.50, step=0.01, description="discount rate 贴现率",
            tooltip="Money of one period later is worth 1 / (1 + rate) of the same money now.", **look(),
        ),
        "keep": ipywidgets.FloatSlider(
            value=1.0, min=0.0, max=1.0, step=0.05, description="share that stays 留存率",
            tooltip="So many of such customers stay from one period to the next.", **look(),
        ),
        "plan": ipywidgets.IntSlider(
            value=n_future, min=1, max=n_future, description="planning period 计划期",
            tooltip="Profits that come after so many periods do not count.", **look(),
        ),
        "reset": ipywidgets.Button(description="Back 还原", tooltip="Every slider as at the start."),
    }  # fmt: skip


def _in_words(found: Valued) -> str:
    rows = "".join(
        f"<tr><th scope='row' style='text-align:left'>{_NAMES[str(name)]}</th>"
        f"<td style='text-align:right;padding-left:1em'>{value:,.2f}</td></tr>"
        for name, value in found.values.items()
    )
    return f"<table>{rows}</table>"


def _drawn(found: Valued) -> bytes:
    """Grey: the money when it comes; in colour: what it is worth today."""

    def draw(axes: Axes) -> None:
        table = found.periods
        _bars(axes, table[["expected", "expected_potential"]], shift=-0.2, colours=(GREY, "#E4E4E4"))
        _bars(axes, table[["worth", "worth_potential"]], shift=0.2, colours=(BLUE, ORANGE))
        axes.axvline(0.5, color=INK, lw=0.8, linestyle=":")
        axes.axhline(0, color=INK, lw=0.6)
        axes.use_sticky_edges = False  # bars of height 0 would hold the top down
        names = ["profit when it comes 到期利润", "potential 潜在", "worth today 现值", "potential today 潜在现值"]
        axes.legend(axes.containers, names, frameon=False, fontsize=9, ncols=4, **_ABOVE)
        axes.set(xlabel="period: 0 is today 期数", ylabel="money 金额", xticks=table.index)

    return picture_of(draw, height=3.6)


def _bars(axes: Axes, table: Any, *, shift: float, colours: tuple[str, str]) -> None:
    base, more = table.columns
    axes.bar(table.index + shift, table[base], 0.38, color=colours[0])
    axes.bar(table.index + shift, table[more], 0.38, bottom=table[base], color=colours[1])
