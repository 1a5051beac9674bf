"""The pictures as numbers and words, and how each is drawn on axes.

What is drawn is a plain value, apart from the run it was made of, so that it can be handed to another process
(see `crmsim.plots.painter`). Nothing here needs pandas or the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.plots.canvas import BLUE, GREY, INK, ORANGE, RED, dress, for_text, readable_on

ZH = {"day": "日", "week": "周", "month": "月", "quarter": "季度", "year": "年"}
NARROWEST = 0.055
"""Least distance between the labels of two bands, as a share of the height."""
HEADROOM = 1.02


@dataclass(frozen=True)
class Bands:
    """Counts per period, one band above the other."""

    labels: list[str]
    colours: list[str]
    counts: list[list[int]]
    """A row per band, a column per period."""
    unit: str


@dataclass(frozen=True)
class Shades:
    """Percentages by cohort (rows) and age from 1 on (columns), NaN where the data have ended."""

    rows: list[str]
    percent: list[list[float]]
    unit: str


@dataclass(frozen=True)
class Deciles:
    """Per cent of the profit for each tenth of the customers, the best first."""

    percent: list[float]


@dataclass(frozen=True)
class Groups:
    """Per cent of the customers and of the profit for each group."""

    labels: list[str]
    customers: list[float]
    profit: list[float]
    what: str


def draw_bands(ax: Any, bands: Bands) -> Any:
    """Bands with their names at the right end."""
    counts = np.array(bands.counts, dtype=np.float64)
    ax.stackplot(range(counts.shape[1]), counts, colors=bands.colours, edgecolor="white", linewidth=0.6)
    ax.margins(0)
    top = max(counts.sum(axis=0).max(), 1.0) * HEADROOM
    ax.set_ylim(0, top)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    ends = np.cumsum(counts[:, -1]) - counts[:, -1] / 2
    for label, colour, place in zip(bands.labels, bands.colours, apart(ends / top), strict=True):
        ax.annotate(label, (1.015, place), xycoords="axes fraction", va="center", fontsize=8.5, color=for_text(colour))
    unit = bands.unit
    return dress(ax, title="Where customers stand 客户所处阶段", x=f"{unit} {ZH[unit]}", y="customers 客户数")


def apart(places: npt.NDArray[np.float64], *, least: float = NARROWEST) -> npt.NDArray[np.float64]:
    """Rising places moved at least `least` apart, none above 1: pushed up from below, then down from above.

    >>> apart(np.array([0.0, 0.0, 0.99, 1.0]), least=0.25).tolist()
    [0.0, 0.25, 0.75, 1.0]
    """
    moved = places.copy()
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + least)
    moved[-1] = min(moved[-1], 1.0)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = min(moved[i], moved[i + 1] - least)
    return moved


def draw_shades(ax: Any, shades: Shades) -> Any:
    """A table of percentages, the higher the darker."""
    percent = np.array(shades.percent, dtype=np.float64)
    if percent.size:
        _fill_cells(ax, percent)
        ax.set_xticks(range(percent.shape[1]), [str(age + 1) for age in range(percent.shape[1])], fontsize=8)
    ax.set_yticks(range(len(shades.rows)), shades.rows, fontsize=8)
    unit = shades.unit
    dress(
        ax,
        title="Who buys again, % of the cohort 再次购买的客户占比",
        x=f"{unit}s since the first purchase 首次购买后的{ZH[unit]}数",
        y="first purchase 首次购买 (customers 客户数)",
    )
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return ax


def _fill_cells(ax: Any, percent: npt.NDArray[np.float64]) -> None:
    from matplotlib import colormaps

    low, high = np.nanmin(percent) - 5, np.nanmax(percent) + 5
    palette = colormaps["YlGnBu"]
    ax.imshow(percent, cmap=palette, vmin=low, vmax=high, aspect="auto")
    for row, column in np.argwhere(np.isfinite(percent)):
        value = percent[row, column]
        colour = readable_on(palette((value - low) / (high - low)))
        _small(ax, column, row, f"{value:.0f}", ha="center", va="center", color=colour)


def _small(ax: Any, x: float, y: float, text: str, **style: Any) -> None:
    """A number inside the axes; leaving it out of the layout halves the time that the layout takes."""
    ax.text(x, y, text, fontsize=8, in_layout=False, **{"color": INK, **style})


def draw_deciles(ax: Any, deciles: Deciles) -> Any:
    """Bars per tenth of the customers, and a line that adds them up."""
    percent = np.array(deciles.percent)
    summed, place = np.cumsum(percent), np.arange(1, 11)
    ax.bar(place, percent, width=0.8, color=[BLUE if value >= 0 else RED for value in percent])
    ax.plot(place, summed, color=ORANGE, marker="o", markersize=4, linewidth=1.6)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.axhline(100, color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    tall = 0.08 * summed.max()
    for x, value in zip(place.tolist(), percent.tolist(), strict=True):
        inside = {"va": "top", "color": "white"} if value > tall else {"va": "bottom"}
        y = value - tall / 4 if value > tall else max(value, 0) + tall / 6
        _small(ax, x, y, f"{value:.0f}".replace("-0", "0"), ha="center", **inside)
    _say_the_rule(ax, summed[1])
    ax.set_xticks(place)
    ax.set_ylim(min(percent.min() * 1.3, 0), summed.max() * 1.08)
    return dress(
        ax,
        title="Where the profit comes from 利润从哪里来",
        x="tenth of the customers, best first 客户十分位（最好的在前）",
        y="% of the profit 占利润的百分比 (line: added up 累计)",
    )


def _say_the_rule(ax: Any, best: float) -> None:
    ax.annotate(
        f"the best 20% of the customers\nbring {best:.0f}% of the profit\n最好的20%客户带来{best:.0f}%的利润",
        (2.05, best - 1),
        xytext=(4.2, best * 0.66),
        va="center",
        arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 0.8},
        fontsize=9,
        linespacing=1.5,
        color=INK,
    )


def draw_groups(ax: Any, groups: Groups) -> Any:
    """Two bars for each group: its share of the customers and of the profit."""
    place = np.arange(len(groups.labels))[::-1]
    ax.barh(place + 0.2, groups.customers, height=0.38, color=GREY, label="of the customers 占客户数")
    ax.barh(place - 0.2, groups.profit, height=0.38, color=BLUE, label="of the profit 占利润")
    for y, customers, profit in zip(place.tolist(), groups.customers, groups.profit, strict=True):
        _small(ax, max(customers, 0) + 0.6, y + 0.2, f"{customers:.0f}", va="center")
        _small(ax, max(profit, 0) + 0.6, y - 0.2, f"{profit:.0f}".replace("-0", "0"), va="center")
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.margins(x=0.08)
    ax.set_yticks(place, groups.labels)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, -0.32), ncols=2, fontsize=8.5)
    return dress(ax, title=f"Where the profit comes from 利润从哪里来 ({groups.what})", x="% 百分比", y="")
