"""The visits explorer: sliders for guesses and visits; profit as curves, and in words.

A change of any slider computes the visits again (`visiting`), draws them and writes a table, so that nobody has to
read numbers off the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import ipywidgets
import pandas as pd

from crmsim.plots.canvas import BLUE, GREEN, INK, ORANGE
from crmsim.widgets.controls import look
from crmsim.widgets.pictures import shipped_font
from crmsim.widgets.visiting import Prospects, Visited, prospects_of, visited

_NAMES = {"list": "down the list 按名单", "guess": "by guess 凭猜测", "truth": "by truth 知真相"}
_LOOKS: dict[str, dict[str, Any]] = {
    "list": {"color": ORANGE, "ls": ":"}, "guess": {"color": BLUE, "ls": "-"}, "truth": {"color": GREEN, "ls": "--"},
}  # fmt: skip
_HEADS = ("profit 利润", "won 成交", "MAN1 among those visited 有效客户占比")


class VisitsExplorer:
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
        self.controls: dict[str, Any] = _controls(len(prospects))
        self._start = {name: control.value for name, control in self._sliders().items()}
        self._picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "900px"})
        self._words = ipywidgets.HTML()
        self._waiting, self._seed = False, 1
        for control in self._sliders().values():
            control.observe(lambda _: self._update(), names="value")
        self.controls["luck"].on_click(lambda _: self._other_luck())
        self.controls["reset"].on_click(lambda _: self.reset())
        buttons = ipywidgets.HBox([self.controls["luck"], self.controls["reset"]])
        self.view = ipywidgets.VBox([*self._sliders().values(), buttons, self._words, self._picture])
        self._update()

    def reset(self) -> None:
        """Set every slider and the luck back to the start."""
        self._waiting, self._seed = True, 1
        for name, value in self._start.items():
            self.controls[name].value = value
        self._waiting = False
        self._update()

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _sliders(self) -> dict[str, Any]:
        return {name: control for name, control in self.controls.items() if name not in ("luck", "reset")}

    def _other_luck(self) -> None:
        self._seed += 1
        self._update()

    def _update(self) -> None:
        if self._waiting:
            return
        wrong, n_visits, cost, margin = (control.value for control in self._sliders().values())
        self.visited = visited(
            self.people, wrong_share=wrong, n_visits=n_visits, cost=cost, margin=margin, seed=self._seed
        )
        self._words.value = _in_words(self.visited)
        self._picture.value = _drawn(self.visited, n_visits)


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
    heads = "".join(f"<th scope='col' style='padding:0 1em;text-align:right'>{head}</th>" for head in _HEADS)
    rows = "".join(
        f"<tr><th scope='row' style='text-align:left'>{_NAMES[str(name)]}</th>"
        + "".join(
            f"<td style='padding:0 1em;text-align:right'>{text}</td>"
            for text in (f"{row['profit']:,.0f}", f"{row['n_won']:,.0f}", f"{row['effective_share']:.0%}")
        )
        + "</tr>"
        for name, row in found.summary.iterrows()
    )
    return f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _drawn(found: Visited, n_visits: int) -> bytes:
    from matplotlib.figure import Figure

    with shipped_font():
        figure = Figure(figsize=(9, 3.8), dpi=100, layout="constrained")
        axes = figure.subplots()
        for name, column in found.profit.items():
            axes.plot(column.index, column, label=_NAMES[str(name)], **_LOOKS[str(name)])
        axes.axvline(n_visits, color=INK, lw=0.8)
        axes.axhline(0, color=INK, lw=0.6)
        axes.set(xlabel="visits 拜访数", ylabel="profit 利润", xlim=(0, len(found.profit) - 1))
        axes.legend(frameon=False, fontsize=9)
        axes.spines[["top", "right"]].set_visible(False)
        file = BytesIO()
        figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
    return file.getvalue()
