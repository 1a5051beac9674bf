"""Things to touch in a notebook: sliders that change a firm or how one looks at it, and pictures of what follows.

The lifecycle explorer: what is computed stands in `worlds` (tables, no widgets), how it is drawn in `pictures`, the
sliders in `lifecycle`. The segmentation board: `cutting`, `board_picture`, `segmentation`. The value explorer:
`valuing`, `value`. The visits explorer: `visiting`, `visits`. The value calculator: `offering`, `offering_words`,
`calculator`. The etiquette trainer: `training`, `explaining`, `dressed`, `trainer`. The service desk: `desking`,
`desk`. The script editor: `editing`, `scripting`. The loyalty explorer: `keeping`, `loyalty`. Importing this package
loads none of them; `ipywidgets` is needed only when a widget is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsim.widgets.needing import need_ipywidgets
from crmsim.widgets.phoning import role_play
from crmsim.widgets.practising import etiquette_trainer
from crmsim.widgets.rewarding import loyalty_explorer
from crmsim.widgets.serving import service_desk
from crmsim.widgets.telephone import script_editor

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from crmsim.engine.records import Past
    from crmsim.settings.scenario import Scenario
    from crmsim.widgets.calculator import ValueCalculator
    from crmsim.widgets.lifecycle import LifecycleExplorer
    from crmsim.widgets.segmentation import SegmentationBoard
    from crmsim.widgets.value import ValueExplorer
    from crmsim.widgets.visits import VisitsExplorer

__all__ = [
    "etiquette_trainer",
    "lifecycle_explorer",
    "loyalty_explorer",
    "role_play",
    "script_editor",
    "segmentation_board",
    "service_desk",
    "value_calculator",
    "value_explorer",
    "visits_explorer",
]


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
    need_ipywidgets("explorer")
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
    need_ipywidgets("board")
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
    need_ipywidgets("explorer")
    from crmsim.widgets.value import ValueExplorer

    return ValueExplorer(past, future, potential)


def visits_explorer(prospects: pd.DataFrame, wins: Sequence[float]) -> VisitsExplorer:
    """Sliders for prospecting (开发潜在客户): how often guesses are wrong, how many visits, what they cost and bring.

    The same people with the same luck, visited down the list, by guess, or by one who knows money, authority and
    need. The sliders work with the keyboard alone: Tab goes from one to the next, the arrow keys move it.

    Parameters
    ----------
    prospects : DataFrame
        One row per prospect, at most 20,000: `has_money`, `has_authority`, `has_need` (True or False), as in
        ``run.truth.customers``.
    wins : sequence of 8 numbers
        Share of visits that win somebody in MAN1 ... MAN8, 0 to 1.

    Returns
    -------
    VisitsExplorer
        Shown when it is the last line of a cell; `.visited` holds the tables behind the picture.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, a column is missing, there are too many people or none, or not eight shares.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"has_money": [False, True], "has_authority": [True, True], "has_need": [False, True]})
    >>> explorer = visits_explorer(people, [1, 0, 0, 0, 0, 0, 0, 0])
    >>> explorer.controls["wrong"].value = 0
    >>> float(explorer.visited.summary.loc["guess", "profit"])
    280.0
    """
    need_ipywidgets("explorer")
    from crmsim.widgets.visits import VisitsExplorer

    return VisitsExplorer(prospects, wins)


def value_calculator(
    offers: pd.DataFrame, *, goals: pd.DataFrame | None = None, consequences: pd.DataFrame | None = None
) -> ValueCalculator:
    """Sliders for customer delivered value (客户让渡价值), and the value hierarchy (客户价值层次模型) both ways.

    Eight sliders make an offer of one's own, which is ranked among the others under any meaning of value. Below, goal
    weights and satisfaction are carried through the hierarchy. The controls work with the keyboard alone: Tab goes
    from one to the next, the arrow keys move it.

    Parameters
    ----------
    offers : DataFrame
        1 to 6 rows, as for `crmsim.value.best_offer`; every price is above 0.
    goals, consequences : DataFrame, optional
        As for `crmsim.value.importance_topdown`, with names and at least two goals; a rice cooker by default.

    Returns
    -------
    ValueCalculator
        Shown when it is the last line of a cell; `.ranking` and `.hierarchy` hold what is shown.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, there are no offers or too many, or a table is not as it should be.

    Examples
    --------
    >>> import pandas as pd
    >>> names = ["v_product", "v_service", "v_personnel", "v_image", "c_money", "c_time", "c_energy", "c_physical"]
    >>> offers = pd.DataFrame([[120, 45, 20, 15, 100, 20, 10, 6], [90, 60, 30, 20, 110, 10, 5, 5]], ["A", "B"], names)
    >>> calculator = value_calculator(offers)
    >>> calculator.controls["c_time"].value = 0
    >>> calculator.ranking["delivered_value"].to_list()
    [84.0, 70.0, 64.0]
    """
    need_ipywidgets("calculator")
    from crmsim.widgets.calculator import ValueCalculator

    return ValueCalculator(offers, goals, consequences)
