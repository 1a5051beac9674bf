"""The segmentation board: sliders for the cuts and the month, the picture, and the numbers in words.

A change of any slider sorts the customers again (`cutting`), draws them (`board_picture`) and says what came out in
words and in a table (`board_words`).
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from crmsim.engine.records import Past
from crmsim.engine.simulate import simulate
from crmsim.settings.scenario import scenario as shipped
from crmsim.widgets.board_picture import BoardPicture
from crmsim.widgets.board_words import board_in_words, cuts_in_words
from crmsim.widgets.controls import look
from crmsim.widgets.cutting import Board, Cutting, board_at, first_period

CUTS = ("lately_days", "gone_days", "often", "much", "large_share", "medium_share")
MOST_BACK = 12


class SegmentationBoard:
    """Sliders that cut customers into segments, and what follows.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "month", "back", the cuts of `Cutting`, and the button "reset".
    board : Board
        The tables behind the picture, for the present setting of the controls.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    board: Board

    def __init__(self, source: Past | None = None) -> None:
        if source is None:
            source = simulate(shipped("retail").replace(customers=1_000, periods=24, seed=7), progress=False)
        self.source: Past = source
        self.controls: dict[str, Any] = controls_of(source)
        self._start = {name: control.value for name, control in self._sliders().items()}
        self._drawing = BoardPicture()
        self._picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "1000px"})
        self._cuts, self._words = ipywidgets.HTML(), ipywidgets.HTML()
        self._waiting = False
        for control in self._sliders().values():
            control.observe(lambda _: self._update(), names="value")
        self.controls["reset"].on_click(lambda _: self.reset())
        self.view = self._arranged()
        self._update()

    def put(self, **values: float) -> None:
        """Set several sliders at once, by name, and sort the customers once."""
        self._waiting = True
        for name, value in values.items():
            self.controls[name].value = value
        self._waiting = False
        self._update()

    def reset(self) -> None:
        """Set every slider back to the start."""
        self.put(**self._start)

    def cutting(self) -> Cutting:
        """Where the sliders cut."""
        return Cutting(**{name: self.controls[name].value for name in CUTS})

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _sliders(self) -> dict[str, Any]:
        return {name: control for name, control in self.controls.items() if name != "reset"}

    def _arranged(self) -> Any:
        sliders = list(self._sliders().values())
        columns = [ipywidgets.VBox(sliders[::2]), ipywidgets.VBox([*sliders[1::2], self.controls["reset"]])]
        top = ipywidgets.HBox(columns, layout={"flex_flow": "row wrap"})
        return ipywidgets.VBox([top, self._cuts, self._picture, self._words])

    def _update(self) -> None:
        if self._waiting:
            return
        cutting, period, back = self.cutting(), self.controls["month"].value, self.controls["back"].value
        self.board = board_at(self.source, period=period, back=back, cutting=cutting)
        self._cuts.value = cuts_in_words(cutting, currency=self.source.currency)
        self._words.value = board_in_words(self.board)
        self._picture.value = self._drawing.draw(self.board, cutting)


def controls_of(source: Past) -> dict[str, Any]:
    """The controls by name, row by row; their ranges cannot contradict each other."""
    first, unit = first_period(source), getattr(getattr(source, "scenario", None), "period", "period")
    most = max(5_000, int(source.transactions.groupby("customer_id")["amount"].sum().quantile(0.99)))
    return {
        "month": _whole(source.periods, first, source.periods, text=f"{unit}s passed 已过期数", tip=_TIPS["month"]),
        "back": _whole(1, 1, MOST_BACK, text=f"moves: {unit}s back 与几期前比", tip=_TIPS["back"]),
        "lately_days": _whole(60, 10, 120, step=5, text="R: lately, days up to 最近", tip=_TIPS["lately"]),
        "gone_days": _whole(180, 125, 360, step=5, text="R: lost, days more than 已失", tip=_TIPS["gone"]),
        "often": _whole(4, 3, 12, text="F: often, purchases from 常买", tip=_TIPS["often"]),
        "much": _whole(2_000, 100, most, step=100, text=f"M: much, {source.currency} from 多买", tip=_TIPS["much"]),
        "large_share": _share(0.80, 0.10, 0.90, text="A ends at share of money 大客户止于", tip=_TIPS["large"]),
        "medium_share": _share(0.95, 0.91, 1.00, text="B ends at share of money 中等客户止于", tip=_TIPS["medium"]),
        "reset": ipywidgets.Button(description="Back 还原", tooltip="Every slider as at the start."),
    }


_TIPS = {
    "month": "Look back from the end of this period; later purchases are not known yet. Arrow keys: one by one.",
    "back": "Who stands in another segment than so many periods before?",
    "lately": "Who bought within so many days, bought lately.",
    "gone": "Who has not bought for more days than this is taken for lost.",
    "often": "Who bought so many times, buys often.",
    "much": "Who paid so much money in all, paid much: only they can be champions.",
    "large": "The best customers who bring this share of the money together are large (class A).",
    "medium": "Those who follow, up to this share, are medium (class B); all others are small (class C).",
}


def _whole(value: int, low: int, high: int, *, text: str, tip: str, step: int = 1) -> Any:
    return ipywidgets.IntSlider(value=value, min=low, max=high, step=step, description=text, tooltip=tip, **look())


def _share(value: float, low: float, high: float, *, text: str, tip: str) -> Any:
    return ipywidgets.FloatSlider(value=value, min=low, max=high, step=0.01, description=text, tooltip=tip, **look())
