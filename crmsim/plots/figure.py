"""Drawing a sheet of three pictures."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

from crmsim.plots.canvas import FAMILY, INK, register_font
from crmsim.plots.pictures import draw_bands, draw_deciles, draw_shades
from crmsim.plots.sheet import Sheet


class SheetFigure(Figure):
    """A figure that a notebook shows once, whether or not pyplot has been imported."""

    def _repr_png_(self) -> bytes:
        return png(self)


def draw_sheet(sheet: Sheet) -> SheetFigure:
    """Draw the three pictures side by side."""
    register_font()
    figure = SheetFigure(figsize=(17, 5.4), dpi=110, layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1.15, 1))
    draw_bands(left, sheet.bands)
    draw_shades(middle, sheet.shades)
    draw_deciles(right, sheet.deciles)
    figure.suptitle(sheet.title, fontsize=13, color=INK, fontfamily=FAMILY, x=0.005, ha="left")
    return figure


def png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file."""
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
