"""The service desk explorer, as one calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsim.widgets.needing import need_ipywidgets

if TYPE_CHECKING:
    import pandas as pd

    from crmsim.widgets.desk import DeskExplorer


def service_desk(agents: pd.DataFrame | None = None) -> DeskExplorer:
    """Sliders for a complaint desk (投诉处理): how many agents, how many complaints, and what lies open each day.

    The desk as it is and the changed one work four weeks on the same luck. The controls work with the keyboard alone:
    Tab goes from one to the next, the arrow keys move it, and a number can be typed beside it.

    Parameters
    ----------
    agents : DataFrame, optional
        2 to 25 agents with their 23 scores, as from `crm.service.draw_agents`. Default: twelve.

    Returns
    -------
    DeskExplorer
        Shown when it is the last line of a cell; `.desks` holds the tables behind the picture.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, or these are no agents, or too many.

    Examples
    --------
    >>> explorer = service_desk()
    >>> explorer.controls["n_agents"].value = 9
    >>> bool(explorer.desks.summary.loc["overdue_share"].diff().iloc[-1] < 0)
    True
    """
    need_ipywidgets("explorer")
    from crmsim.service import draw_agents
    from crmsim.widgets.desk import DeskExplorer

    return DeskExplorer(draw_agents(12, seed=11) if agents is None else agents)
