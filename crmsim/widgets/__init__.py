"""Things to touch in a notebook: sliders that change a firm or how one looks at it, and pictures of what follows.

The lifecycle explorer: what is computed stands in `worlds` (tables, no widgets), how it is drawn in `pictures`, the
sliders in `lifecycle`. The segmentation board: `cutting`, `board_picture`, `segmentation`. The value explorer:
`valuing`, `value`. Importing this package loads none of them; `ipywidgets` is needed only when a widget is made.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from crmsim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmsim.engine.records import Past
    from crmsim.settings.scenario import Scenario
    from crmsim.widgets.lifecycle import LifecycleExplorer
    from crmsim.widgets.segmentation import SegmentationBoard
    from crmsim.widgets.value import ValueExplorer

__all__ = ["lifecycle_explorer", "segmentation_board", "value_explorer"]


def lifecycle_explorer(scenario: Scenario | None = None) -> LifecycleExplorer:
    """Sliders for the customer lifecycle (客户生命周期): change a firm, and compare it with itself unchanged.

    Both worlds have the same customers with the same luck. The sliders work with the keyboard alone: Tab goes
    from one to the next, the arrow keys move it, and a number can be typed beside it.

    Parameters
    ----------
    scenario : Scenario, optional
        The firm as it is; at most 20,000 customers, so that every change shows at once. Default: the retailer
        with 2,000 customers over 36 months.

    Returns
    -------
    LifecycleExplorer
        Shown when it is the last line of a cell; `.worlds` holds the tables behind the picture.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, or the scenario does not have the five stages or is too large.

    Examples
    --------
    >>> explorer = lifecycle_explorer()
    >>> explorer.controls["decline to churn"].value = 0.10
    >>> bool(explorer.worlds.summary.loc["profit", "difference"] > 0)
    True
    """
    _need_ipywidgets("explorer")
    from crmsim.widgets.lifecycle import LifecycleExplorer

    return LifecycleExplorer(scenario)


def segmentation_board(source: Past | None = None) -> SegmentationBoard:
    """Sliders for segmentation (客户细分): where RFM and ABC cut, and who stands elsewhere when a month has passed.

    At the start the cuts are those of `crm.rfm` and `crm.abc`. The sliders work with the keyboard alone: Tab goes
    from one to the next, the arrow keys move it, and a number can be typed beside it.

    Parameters
    ----------
    source : run or its past, optional
        Whose customers are sorted; at most 20,000, so that every change shows at once. Default: the retailer with
        1,000 customers over 24 months.

    Returns
    -------
    SegmentationBoard
        Shown when it is the last line of a cell; `.board` holds the tables behind the picture.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, it is no run, nobody has bought anything, or there are too many customers.

    Examples
    --------
    >>> board = segmentation_board()
    >>> n_before = board.board.segments.loc["lost", "n_customers"]
    >>> board.controls["gone_days"].value = 300
    >>> bool(board.board.segments.loc["lost", "n_customers"] < n_before)
    True
    """
    _need_ipywidgets("board")
    from crmsim.widgets.segmentation import SegmentationBoard

    return SegmentationBoard(source)


def value_explorer(
    past: Sequence[float], future: Sequence[float], potential: Sequence[float] = ()
) -> ValueExplorer:  # fmt: skip
    """Sliders for the lifetime value of one customer (客户终生价值): discount rate, share that stays, planning period.

    The sliders work with the keyboard alone: Tab goes from one to the next, the arrow keys move it, and a number can
    be typed beside it.

    Parameters
    ----------
    past : sequence of float
        Profit of 1 to 60 past periods, the last one today.
    future : sequence of float
        Profit expected one, two, ... periods from today if the customer stays; 1 to 60.
    potential : sequence of float
        Further profit that may come in the same periods; may be shorter.

    Returns
    -------
    ValueExplorer
        Shown when it is the last line of a cell; `.valued` holds the tables behind the picture.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, a profit is not a number, or there are too few or too many.

    Examples
    --------
    >>> explorer = value_explorer([100, 120, 90], [80, 60])
    >>> round(float(explorer.valued.values["narrow"]), 2)
    122.31
    >>> explorer.controls["rate"].value = 0
    >>> float(explorer.valued.values["narrow"])
    140.0
    """
    _need_ipywidgets("explorer")
    from crmsim.widgets.value import ValueExplorer

    return ValueExplorer(past, future, potential)


def _need_ipywidgets(what: str) -> None:
    if importlib.util.find_spec("ipywidgets") is None:
        raise InputError(
            f"The {what} needs the package ipywidgets, which is not installed. Run: pip install 'crmsim[student]'"
        )
