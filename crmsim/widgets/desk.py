"""The service desk explorer: sliders for staff, tickets and work; backlog as curves, the rest in words.

A change of any control lets the desk work again (`desking`), draws the backlog and writes a table, so that nobody has
to read numbers off the picture.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from crmsim.plots.canvas import BLUE, ORANGE
from crmsim.widgets.controls import look
from crmsim.widgets.desking import Setting, TwoDesks, checked_staff, two_desks
from crmsim.widgets.explorer import Explorer, picture_of, table_of

_ROWS = {
    "first_reply_hours": ("first reply, hours 首次回复（小时）", "{:,.1f}"),
    "overdue_share": ("overdue 超时占比", "{:.0%}"),
    "resolved_share": ("resolved 解决率", "{:.0%}"),
    "n_open": ("open at the end 期末积压", "{:,.0f}"),
    "busy_share": ("agents busy 客服忙碌占比", "{:.0%}"),
}
_HEADS = ("as it is 现状", "changed 改变后")
_LOOKS: dict[str, dict[str, Any]] = {
    "as it is": {"color": ORANGE, "ls": "--", "zorder": 3},  # on top: where nothing is changed both are seen
    "changed": {"color": BLUE, "ls": "-"},
}


class DeskExplorer(Explorer):
    """Controls that change a complaint desk.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "n_agents", "per_day", "work_minutes", "limit_hours", "order", and the buttons "luck" and "reset".
    desks : TwoDesks
        The tables behind the picture, for the present setting of the controls.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    desks: TwoDesks

    def __init__(self, agents: pd.DataFrame) -> None:
        self.agents = checked_staff(agents)
        self._base = Setting(n_agents=min(Setting.n_agents, len(agents)))
        super().__init__(_controls(self._base, len(agents)))

    def show(self, values: dict[str, Any], seed: int) -> tuple[str, bytes]:
        """Both desks at work."""
        self.desks = two_desks(self.agents, self._base, Setting(**values), seed=seed)
        return _in_words(self.desks), _drawn(self.desks)


def _controls(base: Setting, n_staff: int) -> dict[str, Any]:
    return {
        "n_agents": ipywidgets.IntSlider(
            value=base.n_agents, min=1, max=n_staff, description="agents who work 当班客服人数",
            tooltip="The first so many agents of the list work every day, nine hours.", **look(),
        ),
        "per_day": ipywidgets.IntSlider(
            value=base.per_day, min=5, max=120, step=5, description="complaints a day 每天投诉数",
            tooltip="Mean number of complaints that come in a day and a night.", **look(),
        ),
        "work_minutes": ipywidgets.IntSlider(
            value=base.work_minutes, min=10, max=150, step=5, description="work each, minutes 每件用时",
            tooltip="Mean work of a complaint for an agent of middle tempo.", **look(),
        ),
        "limit_hours": ipywidgets.IntSlider(
            value=base.limit_hours, min=2, max=72, step=2, description="time limit, hours 时限",
            tooltip="A complaint whose first reply comes later counts as overdue; the desk works as before.", **look(),
        ),
        "order": ipywidgets.Dropdown(
            options=[("first come 先来先办", "first_come"), ("major problems first 先办重大", "major_first")],
            value=base.order, description="order 处理顺序", tooltip="Which of the waiting complaints is taken next.",
            style={"description_width": "17em"}, layout={"width": "35em"},
        ),
        "luck": ipywidgets.Button(description="Other luck 换运气", tooltip="Other complaints and other luck for both."),
        "reset": ipywidgets.Button(description="Back 还原", tooltip="Every control and the luck as at the start."),
    }  # fmt: skip


def _in_words(found: TwoDesks) -> str:
    return table_of(
        _HEADS,
        ((words, [shape.format(value) for value in found.summary.loc[name]]) for name, (words, shape) in _ROWS.items()),
    )


def _drawn(found: TwoDesks) -> bytes:
    def draw(axes: Any) -> None:
        for (name, column), label in zip(found.backlog.items(), _HEADS, strict=True):
            axes.plot(range(1, len(column) + 1), column, label=label, **_LOOKS[str(name)])
        axes.set(xlabel="day 天", ylabel="open complaints 未结投诉", xlim=(1, len(found.backlog)))
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, fontsize=9)

    return picture_of(draw, height=3.4)
