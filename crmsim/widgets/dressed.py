"""Small pictures for the etiquette trainer: a man in his clothes, and a clock at the door (SVG).

Each picture carries its content as a text for those who hear it read, and colours only repeat what the words beside
it say.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

INKS = {
    "black": "#1a1a1a", "charcoal": "#3f4349", "navy": "#1f2d54", "brown": "#7a4a21", "grey": "#8f9499",
    "white": "#ffffff", "light_blue": "#bcd8ee", "beige": "#e3d3b3", "red": "#b5232d", "burgundy": "#6b1a2b",
    "yellow": "#e8c72e",
}  # fmt: skip
"""Colours of clothes and how they are drawn."""
_EDGE = "stroke='#555' stroke-width='1'"
_SKIN = "#e8c4a0"


def man(worn: Mapping[str, str], *, top: str, has_tie: bool, has_label: bool, is_patterned: bool) -> str:
    """Return a man in his clothes.

    Parameters
    ----------
    worn : mapping
        Colour by item: "top", "shirt", "tie", "shoe", "belt", "briefcase", "sock".
    top : str
        "suit", "jacket" or "short_sleeve_shirt".
    """
    body = "shirt" if top == "short_sleeve_shirt" else "top"
    arms = _SKIN if body == "shirt" else INKS[worn["top"]]
    parts = [
        _box(30, 118, 18, 70, INKS[worn["top"]]), _box(52, 118, 18, 70, INKS[worn["top"]]),
        _box(12, 60, 13, 56, arms), _box(75, 60, 13, 56, arms), _box(26, 56, 48, 60, INKS[worn[body]]),
        _box(42, 56, 16, 40 if body == "top" else 0, INKS[worn["shirt"]]), _box(26, 112, 48, 6, INKS[worn["belt"]]),
        _box(47, 58, 6, 40, INKS[worn["tie"]]) if has_tie else "", f"<circle cx='50' cy='36' r='17' fill='{_SKIN}'/>",
        _box(30, 188, 18, 12, INKS[worn["sock"]]), _box(52, 188, 18, 12, INKS[worn["sock"]]),
        _box(24, 200, 24, 9, INKS[worn["shoe"]]), _box(52, 200, 24, 9, INKS[worn["shoe"]]),
        _box(84, 118, 34, 26, INKS[worn["briefcase"]]), _box(12, 104, 8, 8, "#fff8b0") if has_label else "",
        _stripes() if is_patterned else "",
    ]  # fmt: skip
    text = ", ".join(f"{item} {colour}" for item, colour in worn.items() if item != "tie" or has_tie)
    return _svg(f"A man: {text}", 130, 215, "".join(parts))


def door_clock(early_minutes: int) -> str:
    """Return a line of minutes from ten before to ten after the appointed time, with the arrival marked."""
    zones = [(10, 7.5, "#f3d9a4"), (7.5, 4.5, "#bfe3c6"), (4.5, -0.5, "#e4eef7"), (-0.5, -10, "#f2c6bd")]
    bars = "".join(
        f"<rect x='{_at(start)}' y='18' width='{_at(end) - _at(start)}' height='16' fill='{ink}' stroke='#777'/>"
        for start, end, ink in zones
    )
    ticks = "".join(
        f"<text x='{_at(minute)}' y='50' font-size='9' text-anchor='middle'>{-minute:+d}</text>"
        for minute in (10, 7, 5, 0, -5, -10)
    )
    hand = f"<path d='M{_at(early_minutes)} 17 l-5 -9 h10 z' fill='#222'/>"
    return _svg(f"arrival {early_minutes} minutes before the appointed time", 440, 55, bars + ticks + hand)


def _at(early: float) -> float:
    return 220 - 20 * early


def _box(x: float, y: float, width: float, height: float, ink: str) -> str:
    return f"<rect x='{x}' y='{y}' width='{width}' height='{height}' fill='{ink}' {_EDGE}/>"


def _stripes() -> str:
    lines = "".join(f"<path d='M{x} {y} h18' stroke='#ddd' stroke-width='2'/>" for x in (30, 52) for y in (191, 197))
    return lines


def _svg(label: str, width: int, height: int, inside: str) -> str:
    text = escape(label, quote=True)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='{text}' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}'><title>{text}</title>{inside}</svg>"
    )
