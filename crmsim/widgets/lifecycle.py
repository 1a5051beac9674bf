"""The lifecycle explorer: sliders, the picture, and the numbers in words.

A change of any control lives both worlds again (`worlds`), draws them (`pictures`) and says what came out in
words and in a table, so that nobody has to read it off the picture.
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from crmsim.settings.scenario import Scenario
from crmsim.settings.scenario import scenario as shipped
from crmsim.widgets.changes import MOVES, Change, check_scenario
from crmsim.widgets.controls import controls_for, name_of
from crmsim.widgets.pictures import Picture
from crmsim.widgets.words import differences_in_words, rows_in_words
from crmsim.widgets.worlds import TwoWorlds, care_begins, two_worlds


class LifecycleExplorer:
    """Sliders that change a firm, and the two worlds that follow.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "acquisition to churn" and the other moves, "care", "cost", "window", "luck", "back".
    worlds : TwoWorlds
        The tables behind the picture, for the present setting of the controls.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    worlds: TwoWorlds

    def __init__(self, scenario: Scenario | None = None) -> None:
        base = shipped("retail").replace(customers=2_000, seed=7) if scenario is None else scenario
        self.scenario = check_scenario(base)
        self.controls: dict[str, Any] = controls_for(self.scenario)
        self._start = {name: control.value for name, control in self._sliders().items()}
        self._drawing = Picture(unit=base.period, currency=base.currency, n_periods=base.periods)
        self._picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "1000px"})
        self._rows, self._differences = ipywidgets.HTML(), ipywidgets.HTML()
        self._replication, self._waiting = 0, False
        self._listen()
        self.view = self._arranged()
        self._update()

    def reset(self) -> None:
        """Set every control back to the firm as it is."""
        self._waiting, self._replication = True, 0
        for name, control in self._sliders().items():
            control.value = self._start[name]
        self._waiting = False
        self._update()

    def change(self) -> Change:
        """What the controls say that the second world does differently."""
        moves = {move: self.controls[name_of(move)].value for move in MOVES}
        care = self.controls["care"].value
        return Change(moves=moves, retention=care, cost=self.controls["cost"].value if care else 0.0)

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _sliders(self) -> dict[str, Any]:
        return {name: control for name, control in self.controls.items() if hasattr(control, "value")}

    def _listen(self) -> None:
        for control in self._sliders().values():
            control.observe(lambda _: self._update(), names="value")
        self.controls["luck"].on_click(lambda _: self._other_luck())
        self.controls["back"].on_click(lambda _: self.reset())

    def _arranged(self) -> Any:
        sliders = list(self._sliders().values())
        buttons = ipywidgets.HBox([self.controls["luck"], self.controls["back"]])
        columns = [
            ipywidgets.VBox(sliders[: len(MOVES)]),
            ipywidgets.VBox([*sliders[len(MOVES) :], buttons]),
        ]
        top = ipywidgets.HBox(columns, layout={"flex_flow": "row wrap"})
        return ipywidgets.VBox([top, self._rows, self._differences, self._picture])

    def _other_luck(self) -> None:
        self._replication += 1
        self._update()

    def _update(self) -> None:
        if self._waiting:
            return
        change, shop = self.change(), self.scenario
        window = self.controls["window"].value
        self.worlds = two_worlds(shop, change, window=window, replication=self._replication)
        self._rows.value = rows_in_words(shop, change)
        self._differences.value = differences_in_words(self.worlds, shop, replication=self._replication)
        begin = care_begins(shop) if change.retention else None
        self._picture.value = self._drawing.draw(self.worlds, care_from=begin)
