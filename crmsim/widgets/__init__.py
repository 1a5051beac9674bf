"""Things to touch in a notebook: sliders that change a simulated firm, and pictures of what follows.

What is computed stands in `worlds` (tables, no widgets), how it is drawn in `pictures`, the sliders in
`lifecycle`. Importing this package loads none of them; `ipywidgets` is needed only when a widget is made.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from crmsim.errors import InputError

if TYPE_CHECKING:
    from crmsim.settings.scenario import Scenario
    from crmsim.widgets.lifecycle import LifecycleExplorer

__all__ = ["lifecycle_explorer"]


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
    if importlib.util.find_spec("ipywidgets") is None:
        raise InputError(
            "The explorer needs the package ipywidgets, which is not installed. Run: pip install 'crmsim[student]'"
        )
    from crmsim.widgets.lifecycle import LifecycleExplorer

    return LifecycleExplorer(scenario)
