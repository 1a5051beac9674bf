"""The controls of the explorer: each with a description, a tooltip, and only possible values."""

from __future__ import annotations

from typing import Any

import ipywidgets

from crmsim.settings.scenario import Scenario
from crmsim.widgets.changes import HIGHEST, LOWEST, MOVES, Move, share_of
from crmsim.widgets.worlds import care_begins

_ZH = {"acquisition": "获取", "growth": "提升", "maturity": "成熟", "decline": "衰退", "churn": "流失"}
_WHO = {
    ("acquisition", "churn"): "newly acquired customers who leave",
    ("growth", "maturity"): "customers in growth who become mature",
    ("maturity", "decline"): "mature customers who begin to decline",
    ("decline", "churn"): "declining customers who leave",
}


def name_of(move: Move) -> str:
    """How the control of a move is called: "decline to churn"."""
    return f"{move[0]} to {move[1]}"


def controls_for(scenario: Scenario) -> dict[str, Any]:
    """The controls by name; a slider sends its value when it is let go, so that nothing queues up."""
    return {
        **{name_of(move): _share(scenario, move) for move in MOVES},
        "care": _care(scenario),
        "cost": _cost(scenario),
        "window": _window(scenario),
        "luck": ipywidgets.Button(
            description="Other luck 换运气", tooltip="The same customers with other luck, in both worlds."
        ),
        "back": ipywidgets.Button(description="Back 还原", tooltip="Every control as at the start."),
    }


def _share(scenario: Scenario, move: Move) -> Any:
    now = share_of(scenario, move)
    return ipywidgets.FloatSlider(
        value=now,
        min=min(LOWEST, now),
        max=max(HIGHEST, now),
        step=0.01,
        description=f"{move[0]} → {move[1]} {_ZH[move[0]]}→{_ZH[move[1]]}",
        tooltip=f"Share of {_WHO[move]}, each {scenario.period}; {now:.2f} as it is. The rest of the row is scaled.",
        **look(),
    )


def _care(scenario: Scenario) -> Any:
    return ipywidgets.FloatSlider(
        value=0.0,
        min=0.0,
        max=2.0,
        step=0.1,
        description="care: strength 维系力度",
        tooltip=f"Look after everybody who bought lately, from {scenario.period} {care_begins(scenario)} on: it lowers "
        "the logit of losing ground by this number. 0: no care.",
        readout_format=".1f",
        **look(),
    )


def _cost(scenario: Scenario) -> Any:
    return ipywidgets.FloatSlider(
        value=30.0,
        min=0.0,
        max=200.0,
        step=5.0,
        description=f"care: cost, {scenario.currency} each 成本",
        tooltip="Paid once for every customer who is looked after; nothing while the strength is 0.",
        readout_format=".0f",
        **look(),
    )


def _window(scenario: Scenario) -> Any:
    return ipywidgets.IntSlider(
        value=min(3, scenario.periods),
        min=1,
        max=min(12, scenario.periods),
        description=f"silent {scenario.period}s = gone 沉默期",
        tooltip=f"After so many {scenario.period}s without a purchase the firm takes a customer for gone.",
        **look(),
    )


def look() -> dict[str, Any]:
    """How every slider looks; it sends its value when it is let go, so that nothing queues up."""
    return {
        "continuous_update": False,
        "style": {"description_width": "17em"},
        "layout": {"width": "35em"},
    }
