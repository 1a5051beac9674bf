"""The visits explorer: sliders for guesses and visits; profit as curves, and in words.

A change of any slider computes the visits again (`visiting`), draws them and writes a table, so that nobody has to
read numbers off the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets
import pandas as pd

from crmsim.plots.canvas import BLUE, GREEN, INK, ORANGE
from crmsim.widgets.controls import look
from crmsim.widgets.explorer import Explorer, picture_of, table_of
from crmsim.widgets.visiting import Prospects, Visited, prospects_of, visited

_NAMES = {"list": "down the list 按名单", "guess": "by guess 凭猜测", "truth": "by truth 知真相"}
_LOOKS: dict[str, dict[str, Any]] = {
    "list": {"color": ORANGE, "ls": ":"}, "guess": {"color": BLUE, "ls": "-"}, "truth": {"color": GREEN, "ls": "--"},
}  # fmt: skip
_HEADS = ("profit 利润", "won 成交", "MAN1 among those visited 有效客户占比")


class VisitsExplorer(Explorer):
    """Sliders that choose whom to visit.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "wrong", "visits", "cost", "margin", and the buttons "luck" and "reset".
    visited : Visited
        The tables behind the picture, for the present setting of the controls.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    visited: Visited

    def __init__(self, prospects: pd.DataFrame, wins: Sequence[float]) -> None:
        self.people: Prospects = prospects_of(prospects, wins)
        super().__init__(_controls(len(prospects)))

    def show(self, values: dict[str, Any], seed: int) -> tuple[str, bytes]:
        """The visits of the three who choose."""
        how = {"wrong_share": values["wrong"], "n_visits": values["visits"]}
        self.visited = visited(self.people, **how, cost=values["cost"], margin=values["margin"], seed=seed)
        return _in_words(self.visited), _drawn(self.visited, values["visits"])


def _controls(n_people: int) -> dict[str, Any]:
    return {
        "wrong": ipywidgets.FloatSlider(
            value=0.20, min=0.0, max=0.50, step=0.05, description="wrong guesses 猜错的比例",
            tooltip="So often a guess about money, authority or need is wrong; at 0.5 it says nothing.", **look(),
        ),
        "visits": ipywidgets.IntSlider(
            value=max(1, n_people // 10), min=1, max=n_people, description="visits 拜访数",
            tooltip="So many people can be visited.", **look(),
        ),
        "cost": ipywidgets.IntSlider(
            value=20, min=0, max=100, step=5, description="cost of a visit 每次成本",
            tooltip="Paid for every visit, won or not.", **look(),
        ),
        "margin": ipywidgets.IntSlider(
            value=300, min=50, max=1_000, step=50, description="a sale brings 每单利润",
            tooltip="Money from everybody whom a visit wins.", **look(),
        ),
        "luck": ipywidgets.Button(
            description="Other luck 换运气", tooltip="The same people with other guesses and other luck."
        ),
        "reset": ipywidgets.Button(description="Back 还原", tooltip="Every slider and the luck as at the start."),
    }  # fmt: skip


def _in_words(found: Visited) -> str:
    return table_of(
        _HEADS,
        (
            (_NAMES[str(name)], [f"{row['profit']:,.0f}", f"{row['n_won']:,.0f}", f"{row['effective_share']:.0%}"])
            for name, row in found.summary.iterrows()
        ),
    )


def _drawn(found: Visited, n_visits: int) -> bytes:
    def draw(axes: Any) -> None:
        for name, column in found.profit.items():
            axes.plot(column.index, column, label=_NAMES[str(name)], **_LOOKS[str(name)])
        axes.axvline(n_visits, color=INK, lw=0.8)
        axes.axhline(0, color=INK, lw=0.6)
        axes.set(xlabel="visits 拜访数", ylabel="profit 利润", xlim=(0, len(found.profit) - 1))
        axes.legend(frameon=False, fontsize=9)

    return picture_of(draw, height=3.8)
