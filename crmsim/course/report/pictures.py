"""The pictures of a report as SVG text: no file, no network, no script; every text is escaped.

Colours are those of Okabe & Ito (2008), "Color universal design", which colour-blind readers can tell apart; what a
colour says stands in words or numbers besides.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

BLUE, ORANGE, RED, GREY = "#0072B2", "#E69F00", "#D55E00", "#6b7280"
_WIDTH, _HEIGHT = 640, 260


def element(name: str, text: str = "", /, **attributes: object) -> str:
    """An SVG element; the text must be escaped already, attributes are escaped here.

    >>> element("rect", x=1, stroke_width="a&b")
    '<rect x="1" stroke-width="a&amp;b"/>'
    """
    given = "".join(
        f' {key.replace("_", "-")}="{html.escape(_plain(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{given}>{text}</{name}>" if text else f"<{name}{given}/>"


def _plain(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _label(text: str, x: float, y: float, *, anchor: str = "middle", colour: str = "#374151") -> str:
    return element("text", html.escape(text), x=x, y=y, text_anchor=anchor, fill=colour)


def _picture(parts: Sequence[str], *, title: str, height: int = _HEIGHT) -> str:
    told = f"<title>{html.escape(title)}</title>"
    return element(
        "svg", told + "".join(parts), xmlns="http://www.w3.org/2000/svg", role="img",
        viewBox=f"0 0 {_WIDTH} {height}", font_size=12, font_family="inherit",
    )


def score_picture(bins: Sequence[tuple[float, float, int]], *, mean: float) -> str:
    """A histogram of total points, with the mean."""
    left, bottom, top = 40, _HEIGHT - 44, 46
    most = max((count for _, _, count in bins), default=0) or 1
    width, full = (_WIDTH - left - 10) / len(bins), bins[-1][1]
    parts = []
    for number, (low, _, count) in enumerate(bins):
        height = (bottom - top) * count / most
        x = left + number * width
        parts.append(element("rect", x=x + 2, y=bottom - height, width=width - 4, height=height, fill=BLUE))
        parts.append(_label(str(count) if count else "", x + width / 2, bottom - height - 5))
        parts.append(_label(f"{low:g}", x, bottom + 16))
    parts.append(_label(f"{full:g}", _WIDTH - 10.0, bottom + 16, anchor="end"))
    parts.append(_label("points 分数", _WIDTH / 2, _HEIGHT - 6))
    if not math.isnan(mean):
        parts += _mean(mean, left + (_WIDTH - left - 10) * mean / full, top, bottom)
    return _picture(parts, title="How many students have how many points")


def _mean(mean: float, x: float, top: float, bottom: float) -> list[str]:
    line = element("line", x1=x, x2=x, y1=top - 26, y2=bottom, stroke=RED, stroke_width=2, stroke_dasharray="5 4")
    is_right = x > 0.8 * _WIDTH
    place, anchor = (x - 6, "end") if is_right else (x + 6, "start")
    return [line, _label(f"mean {mean:.1f}", place, top - 22, anchor=anchor, colour="#9a3f00")]


def question_picture(table: pd.DataFrame) -> str:
    """Difficulty and discrimination of every question, each a labelled point."""
    left, right, top, bottom = 56.0, _WIDTH - 16.0, 16.0, _HEIGHT + 60 - 46.0
    low = min(0.0, float(table["item_rest"].min(skipna=True)) if table["item_rest"].notna().any() else 0.0)

    def at(difficulty: float, rest: float) -> tuple[float, float]:
        return left + (right - left) * difficulty, bottom - (bottom - top) * (rest - low) / (1 - low)

    parts = [_grid(at, low)]
    placed: list[tuple[float, float]] = []
    for name, row in table.dropna(subset=["item_rest"]).iterrows():
        x, y = at(row["difficulty"], row["item_rest"])
        colour = RED if row["item_rest"] < 0.2 else BLUE
        parts.append(element("circle", cx=x, cy=y, r=5, fill=colour))
        parts.append(_beside(_short(str(name)), x, y, placed))
    return _picture(parts, title="Difficulty and discrimination of every question", height=_HEIGHT + 60)


def _short(name: str) -> str:
    return name.rpartition("_")[2] or name


def _beside(text: str, x: float, y: float, placed: list[tuple[float, float]]) -> str:
    """A label that keeps off the earlier ones."""
    spots = [(x + 9, y + 4), (x + 9, y - 9), (x + 9, y + 17), (x + 9, y - 22), (x + 9, y + 30)]
    free = (spot for spot in spots if all(abs(spot[0] - a) > 42 or abs(spot[1] - b) > 12 for a, b in placed))
    spot = next(free, spots[0])
    placed.append(spot)
    is_right = spot[0] > _WIDTH - 60
    return _label(text, x - 9 if is_right else spot[0], spot[1], anchor="end" if is_right else "start")


def _grid(at: Callable[[float, float], tuple[float, float]], low: float) -> str:
    parts = []
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        (x, y0), (_, y1) = at(share, low), at(share, 1.0)
        parts.append(element("line", x1=x, x2=x, y1=y0, y2=y1, stroke="#e5e7eb"))
        parts.append(_label(f"{share:.0%}", x, y0 + 16))
    for rest in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        (x0, y), (x1, _) = at(0.0, rest), at(1.0, rest)
        colour, dashes = (RED, "5 4") if rest == 0.2 else ("#e5e7eb", "none")
        parts.append(element("line", x1=x0, x2=x1, y1=y, y2=y, stroke=colour, stroke_dasharray=dashes))
        parts.append(_label(f"{rest:g}", x0 - 8, y + 4, anchor="end"))
    (x, y), (_, y1) = at(0.5, low), at(0.5, 1.0)
    parts.append(_label("difficulty 难度: mean share of the points (right: easy)", x, y + 36))
    turn = f"translate(16 {(y + y1) / 2:.0f}) rotate(-90)"
    return "".join([*parts, element("g", _label("item-rest correlation 区分度", 0, 0), transform=turn)])


def bar(share: float, *, colour: str = BLUE) -> str:
    """A small bar for a table cell, for a share from 0 to 1."""
    if math.isnan(share):
        return ""
    inner = element("rect", width=100, height=10, fill="#e5e7eb") + element(
        "rect", width=max(0.0, min(100.0, 100 * share)), height=10, fill=colour)
    return element("svg", inner, xmlns="http://www.w3.org/2000/svg", viewBox="0 0 100 10", width=100, height=10,
                   aria_hidden="true", preserveAspectRatio="none")


def counts_picture(counts: Mapping[str, int]) -> str:
    """Horizontal bars: how many students showed each typical mistake."""
    most, row = max(counts.values(), default=1), 26
    parts = []
    for number, (name, count) in enumerate(counts.items()):
        y = number * row + 4.0
        width = 300 * count / most
        parts.append(_label(name[:52], 300, y + 14, anchor="end"))
        parts.append(element("rect", x=308, y=y, width=width, height=18, fill=ORANGE))
        parts.append(_label(str(count), 314 + width, y + 14, anchor="start"))
    height = max(row * len(counts) + 8, 20)
    return _picture(parts, title="Typical mistakes and how many students made them", height=height)
