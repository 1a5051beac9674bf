"""What the explorers share: controls above, a table in words below them, then a picture; other luck, and back.

Every control computes anew when it is let go. The words say what the picture shows, so that nobody has to read numbers
off it. The keyboard alone is enough: Tab goes from one control to the next.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import ipywidgets

from crmsim.widgets.pictures import shipped_font

BUTTONS = ("luck", "reset")


class Explorer(ABC):
    """Controls by name; those called "luck" (where there is one) and "reset" are buttons.

    Attributes
    ----------
    controls : dict of str to widget
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    def __init__(self, controls: dict[str, Any]) -> None:
        self.controls, self._waiting, self._seed = controls, False, 1
        self._start = {name: control.value for name, control in self._choices().items()}
        self._picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "900px"})
        self._words = ipywidgets.HTML()
        for control in self._choices().values():
            control.observe(lambda _: self._update(), names="value")
        if "luck" in controls:
            controls["luck"].on_click(lambda _: self._other_luck())
        controls["reset"].on_click(lambda _: self.reset())
        buttons = ipywidgets.HBox([controls[name] for name in BUTTONS if name in controls])
        self.view = ipywidgets.VBox([*self._choices().values(), buttons, self._words, self._picture])
        self._update()

    @abstractmethod
    def show(self, values: dict[str, Any], seed: int) -> tuple[str, bytes]:
        """Compute for these values of the controls and this luck (1 at the start): words as HTML, picture as PNG."""

    def reset(self) -> None:
        """Set every control and the luck back to the start."""
        self._waiting, self._seed = True, 1
        for name, value in self._start.items():
            self.controls[name].value = value
        self._waiting = False
        self._update()

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _choices(self) -> dict[str, Any]:
        return {name: control for name, control in self.controls.items() if name not in BUTTONS}

    def _other_luck(self) -> None:
        self._seed += 1
        self._update()

    def _update(self) -> None:
        if not self._waiting:
            values = {name: control.value for name, control in self._choices().items()}
            self._words.value, self._picture.value = self.show(values, self._seed)


def table_of(heads: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """A table in HTML: the heads of its columns; the head and the cells of each row."""
    top = "".join(f"<th scope='col' style='padding:0 1em;text-align:right'>{head}</th>" for head in heads)
    body = "".join(
        f"<tr><th scope='row' style='text-align:left'>{head}</th>"
        + "".join(f"<td style='padding:0 1em;text-align:right'>{cell}</td>" for cell in cells)
        + "</tr>"
        for head, cells in rows
    )
    return f"<table><thead><tr><td></td>{top}</tr></thead><tbody>{body}</tbody></table>"


def picture_of(draw: Callable[[Any], None], *, height: float) -> bytes:
    """What `draw` draws on the axes it is given, as PNG with Chinese labels; `height` in inches at a width of 9."""
    from matplotlib.figure import Figure

    with shipped_font():
        figure = Figure(figsize=(9, height), dpi=100, layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.spines[["top", "right"]].set_visible(False)
        file = BytesIO()
        figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
    return file.getvalue()
