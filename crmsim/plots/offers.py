"""What an offer gives and takes: the four values and the four costs of customer delivered value (客户让渡价值).

Each offer has two bars: its values one behind the other, and below them its costs. Where the upper bar is longer, the
offer delivers value; the difference stands behind it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmsim.plots.canvas import BLUE, GREEN, GREY, INK, ORANGE, RED, SKY, YELLOW, axes_or_new, dress, readable_on
from crmsim.value.delivered import COST_COLUMNS, COSTS, VALUE_COLUMNS, VALUES, delivered_values

SIDES = {
    0.2: (VALUE_COLUMNS, VALUES, (BLUE, SKY, GREEN, "#8FD3BF")),
    -0.2: (COST_COLUMNS, COSTS, (RED, ORANGE, YELLOW, GREY)),
}
"""By place of the bar: columns, names and colours of the components."""


def value_and_cost(offers: pd.DataFrame, *, ax: Any = None, currency: str = "CNY") -> Any:
    """Draw the values and the costs of every offer, component by component, and what is left.

    Parameters
    ----------
    offers : DataFrame
        One row per offer, as for `crmsim.value.best_offer`; about ten rows can be read.
    ax : matplotlib Axes, optional
        Where to draw; new axes by default.
    currency : str
        Code of the money.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        As for `crmsim.value.best_offer`.

    Examples
    --------
    >>> offers = pd.DataFrame([[120, 45, 20, 15, 100, 20, 10, 6]], index=["A"], columns=VALUE_COLUMNS + COST_COLUMNS)
    >>> value_and_cost(offers).texts[-1].get_text()
    '= 64'
    """
    totals = delivered_values(offers)
    axes = axes_or_new(ax, height=1.6 + 0.8 * len(offers))
    for place, (columns, names, colours) in SIDES.items():
        _bars(axes, offers[list(columns)], place, labels=_labels(names), colours=colours)
    for row, (_, total) in enumerate(totals.iterrows()):
        end = float(total[["total_value", "total_cost"]].max())
        axes.text(end * 1.015, row, f"= {total['delivered_value']:,.0f}", va="center", color=INK)
    axes.set_yticks(range(len(offers)), [str(name) for name in offers.index])
    axes.set_xlim(0, float(totals[["total_value", "total_cost"]].to_numpy().max()) * 1.15)
    axes.invert_yaxis()
    axes.legend(ncol=2, fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(0, -0.22))
    return dress(axes, title="Delivered value 客户让渡价值 = values - costs", x=f"{currency} 金额", y="offer 产品")


def _labels(names: Any) -> list[str]:
    return [f"{name} {chinese}" for name, chinese in names.items()]


def _bars(axes: Any, parts: pd.DataFrame, place: float, *, labels: list[str], colours: Any) -> None:
    """One bar of each offer: its components, one behind the other."""
    start = pd.Series(0.0, index=parts.index)
    rows = [row - place for row in range(len(parts))]
    for column, label, colour in zip(parts, labels, colours, strict=True):
        bars = axes.barh(rows, parts[column], 0.36, left=start, color=colour, edgecolor="white", label=label)
        wide = [f"{value:,.0f}" if value > 0.04 * parts.sum(axis=1).max() else "" for value in parts[column]]
        axes.bar_label(bars, labels=wide, label_type="center", fontsize=8, color=readable_on(colour))
        start = start + parts[column]
