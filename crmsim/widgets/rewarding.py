"""The loyalty explorer, as one calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsim.widgets.needing import need_ipywidgets

if TYPE_CHECKING:
    from crmsim.settings.scenario import Scenario
    from crmsim.widgets.loyalty import LoyaltyExplorer


def loyalty_explorer(scenario: Scenario | None = None) -> LoyaltyExplorer:
    """Controls for loyalty tools (建立忠诚度的手段): which one, for whom, how strong, at which cost, what it brings.

    The next year is lived without and with the tool on the same luck. The controls work with the keyboard alone: Tab
    goes from one to the next, the arrow keys move it, and a number can be typed beside a slider.

    Parameters
    ----------
    scenario : Scenario, optional
        The shop, with satisfaction and at most 20,000 customers. It lives 24 periods, and nobody brings a friend.
        Default: the retailer with 1,500 customers.

    Returns
    -------
    LoyaltyExplorer
        Shown when it is the last line of a cell; `.years` holds the tables behind the picture.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, or the scenario has no satisfaction or is too large.

    Examples
    --------
    >>> explorer = loyalty_explorer()
    >>> explorer.controls["cost"].value = 0
    >>> bool(explorer.years.gains.loc["big", "gain"] > explorer.years.gains.loc["small", "gain"])
    True
    """
    need_ipywidgets("explorer")
    from crmsim.settings.scenario import scenario as shipped
    from crmsim.widgets.loyalty import LoyaltyExplorer

    return LoyaltyExplorer(shipped("retail").replace(customers=1_500, seed=3) if scenario is None else scenario)
