"""What all pictures share: the font, the colours, and a canvas to draw on.

The colours are those of Okabe & Ito (2008), "Color Universal Design", which readers with any kind of
colour blindness can tell apart.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

from crmsim.errors import InputError, told

FONT_FILE = Path(__file__).with_name("fonts") / "CrmsimSansSC-Regular.otf"
FAMILY = "Crmsim Sans SC"
"""The shipped font: the 6,763 Chinese characters of GB 2312, and Latin."""

BLUE, SKY, GREEN, ORANGE = "#0072B2", "#56B4E9", "#009E73", "#E69F00"
RED, PURPLE, YELLOW = "#D55E00", "#CC79A7", "#F0E442"
GREY, INK = "#C4C4C4", "#333333"


@cache
def register_font() -> None:
    """Make the shipped font known to matplotlib."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(FONT_FILE))


def use_chinese() -> None:
    """Draw all further pictures of this notebook or program with the font that comes with the package.

    It has the 6,763 Chinese characters of GB 2312, and Latin; other signs are taken from matplotlib's own font.

    Examples
    --------
    >>> from matplotlib import rc_context, rcParams
    >>> with rc_context():
    ...     use_chinese()
    ...     rcParams["font.family"][0]
    'Crmsim Sans SC'
    """
    import matplotlib as mpl

    register_font()
    mpl.rcParams["font.family"] = [FAMILY, "DejaVu Sans"]


def axes_or_new(ax: Any, *, width: float = 7.0, height: float = 4.4) -> Any:
    """The given axes, or new ones: in a notebook those it will show, elsewhere a figure without pyplot.

    Pyplot takes a second to import and keeps every figure in memory.
    """
    register_font()
    if ax is not None:
        return _axes(ax)
    if "matplotlib.pyplot" in sys.modules or _in_notebook():
        import matplotlib.pyplot as plt

        return plt.subplots(figsize=(width, height), layout="constrained")[1]
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def _axes(ax: Any) -> Any:
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        raise InputError(f"ax={told(ax)} is not possible: give axes of matplotlib, such as plt.gca().")
    return ax


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return shell is not None and shell() is not None


def dress(ax: Any, *, title: str, x: str, y: str) -> Any:
    """Title, labels, font and quiet frame of finished axes."""
    # A place that is given spares matplotlib measuring all labels twice to find one.
    heading = ax.set_title(title, loc="left", y=1.0, fontsize=11, color=INK, pad=10)
    labels = [ax.set_xlabel(x, color=INK), ax.set_ylabel(y, color=INK)]
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(GREY)
    ax.tick_params(labelfontfamily=FAMILY, labelcolor=INK, color=GREY)
    legend = ax.get_legend()
    for text in [heading, *labels, *ax.texts, *(legend.get_texts() if legend else [])]:
        text.set_fontfamily(FAMILY)
    return ax


def readable_on(colour: Any) -> str:
    """Black or white, whichever can be read on this colour (by its luminance)."""
    return "black" if _luminance(colour) > 0.55 else "white"


def for_text(colour: Any) -> Any:
    """The colour a shade darker, so that light ones can be read on white."""
    from matplotlib.colors import to_rgb

    shade = 0.72 if _luminance(colour) < 0.7 else 0.5
    return tuple(shade * part for part in to_rgb(colour))


def _luminance(colour: Any) -> float:
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return float(0.299 * red + 0.587 * green + 0.114 * blue)
