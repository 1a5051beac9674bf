"""The role play on the telephone: read the customer's words, pick or type the next line, and see what it moves.

What is computed stands in `crmsim.phone.turns`, the tables and words in `role_words`. The keyboard alone is enough:
Tab goes from one control to the next, the arrow keys move in the list of lines, Space or Enter presses a button.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from crmsim.errors import InputError
from crmsim.phone.model import Script
from crmsim.phone.turns import Debrief, OneCall
from crmsim.widgets.role_words import NAMES, call_in_words, debrief_in_words, person_in_words

MOST_PEOPLE = 20_000


class RolePlay:
    """A telephone call in which a person plays the agent.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "line" (lines to pick from), "say", "own" (words of one's own), "say_own", "hang_up", "again" (the same
        customer once more) and "next" (another customer).
    call : OneCall
        The call that is played.
    debrief : Debrief or None
        How it went, once it has ended.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    call: OneCall
    debrief: Debrief | None

    def __init__(self, script: Script, people: pd.DataFrame, *, seed: int = 1, language: str | None = None) -> None:
        self.script, self.people = script, _checked(script, people)
        self._seed, self._place, self._language = seed, 0, language
        self.controls: dict[str, Any] = _controls()
        self._feelings = {name: _bar(name) for name in NAMES}
        self._log, self._told, self._says = (ipywidgets.HTML() for _ in range(3))
        self.controls["say"].on_click(lambda _: self._pick())
        self.controls["say_own"].on_click(lambda _: self._type())
        self.controls["hang_up"].on_click(lambda _: self._hang_up())
        self.controls["again"].on_click(lambda _: self.begin())
        self.controls["next"].on_click(lambda _: self._next())
        rows = [("say", "say_own", "hang_up"), ("again", "next")]
        buttons = [ipywidgets.HBox([self.controls[name] for name in row]) for row in rows]
        self.view = ipywidgets.VBox(
            [self._told, self._log, *self._feelings.values(), self.controls["line"], self.controls["own"], buttons[0],
             self._says, buttons[1]]
        )  # fmt: skip
        self.begin()

    def begin(self) -> None:
        """Call the same customer from the beginning, with the same luck."""
        person = self.people.iloc[[self._place]]
        self.call = OneCall(self.script, person, seed=self._seed, language=self._language)
        self._told.value = person_in_words(person.iloc[0], self.script, self.call.language)
        self._show("")

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _next(self) -> None:
        self._place = (self._place + 1) % len(self.people)
        self.begin()

    def _pick(self) -> None:
        self._say(str(self.controls["line"].value or ""))

    def _type(self) -> None:
        self._say(str(self.controls["own"].value))

    def _say(self, words: str) -> None:
        try:
            self.call.say(words)
        except InputError as error:
            self._show(str(error))
            return
        self.controls["own"].value = ""
        self._show("")

    def _hang_up(self) -> None:
        self.call.hang_up()
        self._show("")

    def _show(self, message: str) -> None:
        """Bring every control up to date with the call."""
        choices = self.call.choices()
        self.controls["line"].options = choices
        self.controls["line"].value = choices[0] if choices else None
        for name in ("line", "say", "own", "say_own", "hang_up"):
            self.controls[name].disabled = self.call.over
        for name, value in self.call.feelings.items():
            self._feelings[name].value = value
            self._feelings[name].description = f"{NAMES[name]} {value:.2f}"
        said = bool((self.call.transcript()["who"] == "agent").any())
        self.debrief = self.call.debrief() if self.call.over and said else None
        self._log.value = call_in_words(self.call.transcript())
        self._says.value = debrief_in_words(self.debrief, message, over=self.call.over)


def _checked(script: Any, people: Any) -> pd.DataFrame:
    if not isinstance(script, Script):
        raise InputError(f"role_play: a script is needed, but a {type(script).__name__} was given: crm.phone.load(...)")
    if not isinstance(people, pd.DataFrame) or not 1 <= len(people) <= MOST_PEOPLE or "need" not in people:
        raise InputError(f"role_play: give 1 to {MOST_PEOPLE:,} callees: crm.phone.callees(run).")
    return people


def _bar(name: str) -> Any:
    color = "danger" if name == "irritation" else "success" if name == "trust" else "info"
    return ipywidgets.FloatProgress(
        min=0.0, max=1.0, bar_style=color, description=NAMES[name], style={"description_width": "11em"},
        layout={"width": "30em"}, tooltip=f"{NAMES[name]}, from 0 to 1",
    )  # fmt: skip


def _controls() -> dict[str, Any]:
    wide = {"width": "60em", "max_width": "100%"}
    return {
        "line": ipywidgets.Select(
            options=[], description="Lines 话术", rows=5, layout=wide, style={"description_width": "7em"},
            tooltip="Lines of the script; the arrow keys choose one. Not all of them fit here.",
        ),
        "own": ipywidgets.Textarea(
            value="", description="Own words 自拟", layout=wide, rows=2, style={"description_width": "7em"},
            placeholder="…", tooltip="Or type what you would say, at most 500 characters.",
        ),
        "say": _button("Say the line 说这句", "Say the line that is chosen in the list."),
        "say_own": _button("Say own words 说自拟", "Say what you have typed."),
        "hang_up": _button("Hang up 挂断", "End the call; the other side should hang up first (TE10)."),
        "again": _button("Once more 再来一次", "Call the same customer again, with the same luck."),
        "next": _button("Next customer 下一位", "Call another customer."),
    }  # fmt: skip


def _button(description: str, tooltip: str) -> Any:
    return ipywidgets.Button(description=description, tooltip=tooltip, layout={"width": "auto"})
