"""The value calculator: eight sliders for an offer of one's own, a ranking, and the value hierarchy both ways.

A change of any control computes the market or the hierarchy again (`offering`), and says what came out in tables and
sentences (`offering_words`) beside the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import ipywidgets
import pandas as pd

from crmsim.plots.offers import value_and_cost
from crmsim.value.delivered import COSTS, VALUES
from crmsim.widgets.controls import look
from crmsim.widgets.offering import (
    COMPONENTS,
    OWN,
    SCORES,
    TwoWays,
    checked_hierarchy,
    checked_offers,
    ranked,
    two_ways,
)
from crmsim.widgets.offering_words import DOWN, UP, hierarchy_in_words, ranking_in_words
from crmsim.widgets.pictures import shipped_font


class ValueCalculator:
    """Sliders that make an offer and weigh goals.

    Attributes
    ----------
    controls : dict of str to widget
        By name: the eight components ("v_product" to "c_physical"), "meaning", "direction", "goal", each attribute by
        name ("grade timer"), and the button "reset".
    market : DataFrame
        The offers with one's own as the last, for the present setting of the sliders.
    ranking : DataFrame
        The offers from the best to the worst under the meaning chosen.
    hierarchy : TwoWays
        Importance and satisfaction for the present setting.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    market: pd.DataFrame
    ranking: pd.DataFrame
    hierarchy: TwoWays

    def __init__(self, offers: pd.DataFrame, goals: Any = None, consequences: Any = None) -> None:
        self.offers = checked_offers(offers)
        self.goals, self.consequences = checked_hierarchy(goals, consequences)
        upper, lower = _offer_controls(self.offers), _hierarchy_controls(self.goals, self.consequences)
        self.controls: dict[str, Any] = {**upper, **lower, "reset": _reset_button()}
        self._start = {name: control.value for name, control in self._settings().items()}
        self._picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "800px"})
        self._ranking, self._levels = ipywidgets.HTML(), ipywidgets.HTML()
        self._waiting = False
        self._listen(COMPONENTS, self._update_market)
        self._listen(["meaning"], self._update_ranking)
        self._listen(lower, self._update_hierarchy)
        self.controls["reset"].on_click(lambda _: self.reset())
        self.view = self._arranged(list(upper.values()), list(lower.values()))
        self._update_market()
        self._update_hierarchy()

    def reset(self) -> None:
        """Set every control back to the start."""
        self._waiting = True
        for name, value in self._start.items():
            self.controls[name].value = value
        self._waiting = False
        self._update_market()
        self._update_hierarchy()

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _listen(self, names: Iterable[str], update: Callable[[], None]) -> None:
        for name in names:
            self.controls[name].observe(lambda _: update(), names="value")

    def _settings(self) -> dict[str, Any]:
        return {name: control for name, control in self.controls.items() if name != "reset"}

    def _arranged(self, upper: list[Any], lower: list[Any]) -> Any:
        columns = [ipywidgets.VBox(upper[:4]), ipywidgets.VBox(upper[4:8])]
        sliders = ipywidgets.HBox(columns, layout={"flex_flow": "row wrap"})
        offer = [sliders, upper[8], self._ranking, self._picture]
        return ipywidgets.VBox([*offer, ipywidgets.HTML("<hr>"), *lower, self._levels, self.controls["reset"]])

    def _update_market(self) -> None:
        if self._waiting:
            return
        own = pd.DataFrame([[float(self.controls[name].value) for name in COMPONENTS]], [OWN], list(COMPONENTS))
        self.market = pd.concat([self.offers, own])
        self._picture.value = _drawn(self.market)
        self._update_ranking()

    def _update_ranking(self) -> None:
        if self._waiting:
            return
        meaning = self.controls["meaning"].value
        self.ranking = ranked(self.market, SCORES[meaning])
        self._ranking.value = ranking_in_words(self.ranking, meaning)

    def _update_hierarchy(self) -> None:
        if self._waiting:
            return
        grades = {str(name): self.controls[f"grade {name}"].value for name in self.consequences.columns}
        self.hierarchy = two_ways(self.goals, self.consequences, first=self.controls["goal"].value, grades=grades)
        self._levels.value = hierarchy_in_words(self.hierarchy, self.controls["direction"].value)


def _offer_controls(offers: pd.DataFrame) -> dict[str, Any]:
    """The sliders start with the offer that is worst now, so that there is something to improve."""
    start = offers.loc[ranked(offers, "delivered_value").index[-1]]
    chinese = {f"v_{name}": text for name, text in VALUES.items()} | {f"c_{name}": text for name, text in COSTS.items()}
    sliders = {name: _slider(offers[name], float(start[name]), name=name, chinese=chinese[name]) for name in COMPONENTS}
    meaning = ipywidgets.Dropdown(
        options=list(SCORES), description="ranked by 按何种含义", tooltip="What value means to the customer.",
        style={"description_width": "12em"}, layout={"width": "35em"},
    )  # fmt: skip
    return {**sliders, "meaning": meaning}


def _slider(market: pd.Series[float], start: float, *, name: str, chinese: str) -> Any:
    top = max(10, int(2 * market.max()))
    kind = "gets" if name.startswith("v_") else "gives"
    return ipywidgets.IntSlider(
        value=round(start), min=int(name == "c_money"), max=top, description=f"{name[2:]} {chinese}",
        tooltip=f"What the customer {kind}, in money; the market has {market.min():g} to {market.max():g}.", **look(),
    )  # fmt: skip


def _hierarchy_controls(goals: pd.DataFrame, consequences: pd.DataFrame) -> dict[str, Any]:
    direction = ipywidgets.ToggleButtons(
        options=[DOWN, UP], description="read 阅读方向",
        tooltips=["Goals fix what is important.", "Attributes make satisfaction."],
        tooltip="Down: importance. Up: satisfaction.", style={"description_width": "12em"},
    )  # fmt: skip
    goal = ipywidgets.FloatSlider(
        value=0.6, min=0.0, max=1.0, step=0.05, description=f"weight of: {goals.index[0]}",
        tooltip="The other goals share the rest.", **look(),
    )  # fmt: skip
    return {"direction": direction, "goal": goal, **{f"grade {name}": _grade(name) for name in consequences.columns}}


def _grade(name: Any) -> Any:
    return ipywidgets.FloatSlider(
        value=0.0, min=-2.0, max=2.0, step=0.1, readout_format=".1f", description=f"satisfied with: {name}",
        tooltip="Satisfaction with this attribute: -2 very bad, 2 very good.", **look(),
    )  # fmt: skip


def _reset_button() -> Any:
    return ipywidgets.Button(description="Back 还原", tooltip="Every control as at the start.")


def _drawn(market: pd.DataFrame) -> bytes:
    from matplotlib.figure import Figure

    with shipped_font():
        height = 1.9 + 0.8 * len(market)
        figure = Figure(figsize=(8, height), dpi=90)
        # Fixed margins: letting matplotlib find them takes longer than all the drawing.
        figure.subplots_adjust(left=0.13, right=0.98, top=1 - 0.4 / height, bottom=1.5 / height)
        axes = value_and_cost(market, ax=figure.subplots())
        axes.get_legend().set_bbox_to_anchor((0.13, 0.95 / height), transform=figure.transFigure)
        file = BytesIO()
        figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
    return file.getvalue()
