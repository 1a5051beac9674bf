"""The script editor: YAML on the left, findings and the drawn flow on the right, two hundred calls underneath.

The text is checked when one leaves it (Tab) or presses a button. The flow is drawn as SVG by `crmsim.phone.picture` and
shown as an image, so that it needs no network and no plug-in, looks the same everywhere, and nothing in it can run.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from crmsim.phone.reading import TINY, parse
from crmsim.widgets.editing import (
    N_CALLED,
    Called,
    Checked,
    called,
    calls_in_html,
    checked,
    drawn,
    everyday_people,
    findings_in_html,
    flow_in_html,
)


class ScriptEditor:
    """A call script to be written, checked and tried.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "text", and the buttons "check", "call", "luck" and "reset".
    checked : Checked
        The present text as it was read: `.script`, `.findings`, `.refusal`.
    called : Called or None
        What the last calls brought; None before the first, and after a change of the text.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    checked: Checked
    called: Called | None

    def __init__(self, text: str | None = None, people: pd.DataFrame | None = None) -> None:
        self._start = TINY if text is None else text
        self._first, self._people, self._seed = parse(self._start), people, 0
        self.controls: dict[str, Any] = _controls(self._start)
        self._findings, self._flow, self._results = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self._picture = ipywidgets.Image(format="svg+xml", layout={"max_width": "100%"})
        self.controls["text"].observe(lambda _: self.check(), names="value")
        acts = {"check": self.check, "call": self.call, "luck": self._other_luck, "reset": self.reset}
        for name, act in acts.items():
            self.controls[name].on_click(lambda _, act=act: act())
        self.view = self._together()
        self.check()

    def check(self) -> None:
        """Read and lint the text, and draw it."""
        self.checked, self.called = checked(self.controls["text"].value), None
        self._findings.value = findings_in_html(self.checked)
        picture = drawn(self.checked)
        if picture is not None:
            self._picture.value, self._flow.value = picture, flow_in_html(self.checked)
        self.controls["call"].disabled = self.controls["luck"].disabled = self.checked.script is None
        self._results.value = ""

    def call(self) -> None:
        """Call the customers by the present text and by that of the start, with the same luck."""
        if self.checked.script is None:
            return
        people = everyday_people() if self._people is None else self._people
        self.called = called(self.checked.script, self._first, people, seed=self._seed)
        self._results.value = calls_in_html(self.called)

    def reset(self) -> None:
        """Text and luck as at the start."""
        self._seed = 0
        self.controls["text"].value = self._start
        self.check()

    def _other_luck(self) -> None:
        self._seed += 1
        self.call()

    def _together(self) -> Any:
        names = ("check", "reset", "call", "luck")
        left = ipywidgets.VBox([self.controls["text"]], layout={"width": "50%"})
        shown = [self._findings, self._picture, self._flow]
        right = ipywidgets.VBox(shown, layout={"width": "50%", "overflow": "auto"})
        buttons = ipywidgets.HBox([self.controls[name] for name in names])
        return ipywidgets.VBox([ipywidgets.HBox([left, right]), buttons, self._results])

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)


def _controls(text: str) -> dict[str, Any]:
    button = ipywidgets.Button
    wide = {"width": "auto"}
    return {
        "text": ipywidgets.Textarea(
            value=text, description="script 话术脚本", continuous_update=False,
            tooltip="A call script in YAML; Tab leaves it and checks it.",
            style={"description_width": "6em"}, layout={"width": "98%", "height": "32em"},
        ),
        "check": button(
            description="Check 检查", tooltip="Read the text, list what is wrong, and draw it.", layout=wide,
        ),
        "call": button(
            description=f"Call {N_CALLED} customers 拨打{N_CALLED}位客户", layout=wide,
            tooltip="Simulated customers answer this script and that of the start, with the same luck.",
        ),
        "luck": button(description="Other luck 换运气", tooltip="The same customers with other luck.", layout=wide),
        "reset": button(description="Back 还原", tooltip="Text and luck as at the start.", layout=wide),
    }  # fmt: skip
