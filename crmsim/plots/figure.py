"""Drawing a sheet of three pictures."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

from crmsim.plots.canvas import FAMILY, INK, register_font
from crmsim.plots.pictures import draw_bands, draw_deciles, draw_shades
from crmsim.plots.sheet import Sheet

WIDTHS, HEIGHT = (4.3, 4.9, 4.3), 4.2
"""Of the three pictures without their labels, in inches."""
ABOVE, BELOW, BEHIND = 0.72, 0.60, 0.15
"""Room around them, in inches."""
QUICK = 2
"""Of 9 levels of PNG: half the time of the usual 6, and 2% larger."""


class SheetFigure(Figure):
    """A figure that a notebook shows once, whether or not pyplot has been imported."""

    def _repr_png_(self) -> bytes:
        return png(self)


def draw_sheet(sheet: Sheet) -> SheetFigure:
    """Draw the three pictures side by side."""
    register_font()
    spaces = _spaces(sheet)
    width, height = sum(spaces) + sum(WIDTHS) + BEHIND, ABOVE + HEIGHT + BELOW
    figure = SheetFigure(figsize=(width, height), dpi=110)
    axes, x = [], 0.0
    for space, wide in zip(spaces, WIDTHS, strict=True):
        axes.append(figure.add_axes(((x + space) / width, BELOW / height, wide / width, HEIGHT / height)))
        x += space + wide
    draw_bands(axes[0], sheet.bands)
    draw_shades(axes[1], sheet.shades)
    draw_deciles(axes[2], sheet.deciles)
    figure.suptitle(sheet.title, fontsize=13, color=INK, fontfamily=FAMILY, x=0.005, ha="left")
    return figure


def _spaces(sheet: Sheet) -> tuple[float, float, float]:
    """Room for labels before each picture, in inches, reckoned from the lengths of the labels.

    Matplotlib's own layout draws everything once more to measure it, a third of the time that the picture takes.
    """
    most = max(map(sum, zip(*sheet.bands.counts, strict=True)), default=0)
    between = _inches(sheet.bands.labels, 8.5) + _inches(sheet.shades.rows, 8)
    return 0.45 + _inches([f"{most:,}"], 10), 0.60 + between, 0.90


def _inches(texts: list[str], points: float) -> float:
    """Width of the longest text: a Chinese character is as wide as high, a Latin one half of it, or a little more."""
    widths = (sum(1.0 if character > "\u2e7f" else 0.53 for character in text) for text in texts)
    return max(widths, default=0.0) * points / 72


def png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file."""
    picture = io.BytesIO()
    figure.savefig(picture, format="png", pil_kwargs={"compress_level": QUICK})
    return picture.getvalue()
