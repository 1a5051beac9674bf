"""The etiquette trainer: five pages on which one tries, and reads at once which rule is broken and why.

The controls stand here, what they mean is judged in `training`. Tab goes from one control to the next, the arrow
keys change it; the pages themselves are tabs that the arrow keys change, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets
import pandas as pd

from crmsim import etiquette
from crmsim.widgets.controls import look
from crmsim.widgets.dressed import INKS
from crmsim.widgets.training import (
    COLLISION,
    KINDS,
    LOOKS,
    NOBODY,
    NOT_YET,
    STYLES,
    Judged,
    judge_calendar,
    judge_doorstep,
    judge_dress,
    judge_handshake,
    judge_jewellery,
)

PAGES = {
    "dress": "Dress 着装", "jewellery": "Jewellery 首饰", "handshake": "Handshake 握手", "doorstep": "Doorstep 到门口",
    "calendar": "Calling calendar 电话日历",
}  # fmt: skip
N_SCENES = 60
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class EtiquetteTrainer:
    """Pages for dress, jewellery, handshake, doorstep and calling calendar.

    Attributes
    ----------
    controls : dict of str to widget
        By page and name: "dress shoe", "jewellery ring", "handshake answer", "doorstep early", "calendar day"; and the
        button "reset".
    judged : dict of str to Judged
        By page: the findings and the words shown for the present setting.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    def __init__(self, *, seed: int = 1) -> None:
        self.scenes = etiquette.meetings(N_SCENES, seed=seed)
        judges: dict[str, Callable[[dict[str, Any]], Judged]] = {
            "dress": judge_dress, "jewellery": judge_jewellery, "doorstep": judge_doorstep,
            "handshake": lambda values: judge_handshake(values, self.scenes), "calendar": judge_calendar,
        }  # fmt: skip
        self._judges = judges
        self._pages = {name: _CONTROLS[name]() for name in PAGES}
        self._words = {name: ipywidgets.HTML() for name in PAGES}
        self._pictures = {name: ipywidgets.HTML() for name in PAGES}
        self.judged: dict[str, Judged] = {}
        self._waiting = False
        reset = ipywidgets.Button(description="Back 还原", tooltip="Every control of every page as at the start.")
        reset.on_click(lambda _: self.reset())
        self.controls = {f"{page} {name}": c for page, all_ in self._pages.items() for name, c in all_.items()}
        self.controls["reset"] = reset
        self._start = {name: control.value for name, control in self.controls.items() if name != "reset"}
        self._show_scene()
        self._listen()
        self.view = ipywidgets.VBox([self._tabs(), reset])
        for page in PAGES:
            self._update(page)

    def reset(self) -> None:
        """Set every control of every page back to the start."""
        self._waiting = True
        for name, value in self._start.items():
            self.controls[name].value = value
        self._show_scene()
        self._waiting = False
        for page in PAGES:
            self._update(page)

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _listen(self) -> None:
        for page, controls in self._pages.items():
            for name, control in controls.items():
                after = self._next_scene if name == "scene" else self._update
                control.observe(lambda _, page=page, after=after: after(page), names="value")

    def _tabs(self) -> Any:
        tabs = ipywidgets.Tab([self._page(name) for name in PAGES])
        for place, title in enumerate(PAGES.values()):
            tabs.set_title(place, title)
        return tabs

    def _page(self, name: str) -> Any:
        beside = [self._pictures[name], self._words[name]]
        columns = [
            ipywidgets.VBox(list(self._pages[name].values())),
            ipywidgets.VBox(beside, layout={"width": "34em", "margin": "0 1em"}),
        ]
        return ipywidgets.HBox(columns, layout={"flex_flow": "row wrap"})

    def _next_scene(self, page: str) -> None:
        if not self._waiting:
            self._waiting = True
            self._show_scene()
            self._waiting = False
            self._update(page)

    def _show_scene(self) -> None:
        """Offer the names of the two people of the scene as answers."""
        people = self.scenes.iloc[self.controls["handshake scene"].value - 1]["people"]
        answer = self.controls["handshake answer"]
        answer.options = [NOT_YET, *(person["name"] for person in people), NOBODY, COLLISION]
        answer.value = NOT_YET

    def _update(self, page: str) -> None:
        if self._waiting:
            return
        values = {name: control.value for name, control in self._pages[page].items()}
        self.judged[page] = judged = self._judges[page](values)
        self._words[page].value, self._pictures[page].value = judged.words, judged.picture


def _dropdown(name: str, options: Any, value: Any, *, tip: str) -> Any:
    return ipywidgets.Dropdown(
        options=options, value=value, description=name, tooltip=tip, style={"description_width": "12em"},
        layout={"width": "27em"},
    )  # fmt: skip


def _slider(name: str, low: int, high: int, *, value: int, tip: str) -> Any:
    how = look() | {"layout": {"width": "30em"}, "style": {"description_width": "12em"}}
    return ipywidgets.IntSlider(value=value, min=low, max=high, description=name, tooltip=tip, **how)


def _dress_controls() -> dict[str, Any]:
    inks, tip = list(INKS), "What colour it has; every colour on the body counts."
    garments = [("suit 西装", "suit"), ("jacket 夹克", "jacket"), ("short sleeves 短袖衬衫", "short_sleeve_shirt")]
    patterns = [("plain 素色", "plain"), ("striped 条纹", "striped")]
    return {
        "garment": _dropdown("garment 上装", garments, "suit", tip="What he wears on the upper body."),
        "top": _dropdown("its colour 上装颜色", inks, "navy", tip=tip),
        "shirt": _dropdown("shirt 衬衫", inks, "white", tip=tip),
        "tie": _dropdown("tie 领带", ["none", *inks], "red", tip="The colour of the tie, or no tie at all."),
        "shoe": _dropdown("leather shoes 皮鞋", inks, "black", tip=tip),
        "belt": _dropdown("belt 腰带", inks, "brown", tip=tip),
        "briefcase": _dropdown("briefcase 公文包", inks, "black", tip=tip),
        "sock": _dropdown("socks 袜子", inks, "white", tip=tip),
        "pattern": _dropdown("sock pattern 袜子图案", patterns, "plain", tip="Whether the socks have a pattern."),
        "label": ipywidgets.Checkbox(
            value=True, description="label on the sleeve 袖口商标", tooltip="Whether the maker's label is still there.",
            style={"description_width": "12em"},
        ),
    }  # fmt: skip


def _jewellery_controls() -> dict[str, Any]:
    controls: dict[str, Any] = {}
    for place, (kind, zh) in enumerate(KINDS.items()):
        controls[kind] = _slider(f"{kind}s {zh}", 0, 3, value=int(place < 2), tip="How many pieces of this kind.")
        controls[f"{kind} look"] = _dropdown("made of 质地", list(LOOKS), "gold 金", tip="Material and colour of them.")
        controls[f"{kind} style"] = _dropdown("style 风格", STYLES, "classic", tip="The style of these pieces.")
    tip = "What the pieces should agree with."
    controls["clothes"] = _dropdown("style of the clothes 服装风格", STYLES, "classic", tip=tip)
    return controls


def _handshake_controls() -> dict[str, Any]:
    answer = ipywidgets.RadioButtons(
        options=[NOT_YET], description="offers first 先伸手", tooltip="Your answer; then the rules are explained.",
        style={"description_width": "12em"}, layout={"width": "27em"},
    )  # fmt: skip
    return {"scene": _slider("scene 场景", 1, N_SCENES, value=1, tip="Another two people who meet."), "answer": answer}


def _doorstep_controls() -> dict[str, Any]:
    tip = "Minutes before the agreed time; a number below 0 is late."
    return {"early": _slider("minutes early 提前分钟", -10, 10, value=0, tip=tip)}


def _calendar_controls() -> dict[str, Any]:
    table: pd.DataFrame = etiquette.windows().drop_duplicates("industry")
    industries = [(f"{name} {zh}", name) for name, zh in zip(table["industry"], table["zh"], strict=True)]
    times = [f"{hour:02d}:{minute:02d}" for hour in range(8, 21) for minute in (0, 15, 30, 45)]
    clock = ipywidgets.SelectionSlider(
        options=times, value="09:00", description="time 时间", tooltip="When the call begins.",
        continuous_update=False, style={"description_width": "12em"}, layout={"width": "30em"},
    )  # fmt: skip
    return {
        "day": _dropdown("day 星期", _DAYS, "mon", tip="The day of the call."), "time": clock,
        "industry": _dropdown("industry 行业", industries, industries[0][1], tip="Whom the call is for [EXT hours]."),
        "gap": _slider("call 2 after 第二次间隔", 0, 30, value=5, tip="Minutes after the first unanswered call."),
        "pause": _slider("call 3 after 第三次间隔", 0, 120, value=30, tip="Minutes after the second unanswered call."),
    }  # fmt: skip


_CONTROLS: dict[str, Callable[[], dict[str, Any]]] = {
    "dress": _dress_controls, "jewellery": _jewellery_controls, "handshake": _handshake_controls,
    "doorstep": _doorstep_controls, "calendar": _calendar_controls,
}  # fmt: skip
