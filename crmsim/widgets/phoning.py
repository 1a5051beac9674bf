"""The role play on the telephone, as one calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsim.widgets.needing import need_ipywidgets

if TYPE_CHECKING:
    import pandas as pd

    from crmsim.phone.model import Script
    from crmsim.widgets.role_play import RolePlay


def role_play(
    script: Script | None = None, people: pd.DataFrame | None = None, *, seed: int = 1, language: str | None = None
) -> RolePlay:
    """A call (电话角色扮演) in which one plays the agent: pick or type each line, and see what it does to the customer.

    Trust, interest and irritation move by the published tables of `crm.phone.call`; at the end every item is judged by
    the exact words. The keyboard alone is enough: Tab goes from one control to the next, the arrow keys choose a line,
    Space or Enter presses a button.

    Parameters
    ----------
    script : Script, optional
        What guides the agent. Default: the shipped baseline.
    people : DataFrame, optional
        From `crm.phone.callees`; they are called one after the other. Default: some customers of the retailer.
    seed : int
        Which luck the callees have.
    language : str, optional
        "zh" or "en"; by default that of the script.

    Returns
    -------
    RolePlay
        Shown when it is the last line of a cell; `.call` is the call that is played, `.debrief` how it went.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, it is no script, or these are no callees.

    Examples
    --------
    >>> play = role_play(language="en")
    >>> play.controls["own"].value = "Hello, this is Ann Lee from Riverside Market. Is this a convenient time?"
    >>> play.controls["say_own"].click()
    >>> bool(play.call.feelings["trust"] > 0)
    True
    """
    need_ipywidgets("role play")
    from crmsim.phone.scorecard import baseline
    from crmsim.widgets.role_play import RolePlay

    shown = baseline() if script is None else script
    return RolePlay(shown, _some_customers() if people is None else people, seed=seed, language=language)


def _some_customers() -> pd.DataFrame:
    from crmsim.engine.simulate import simulate
    from crmsim.phone.people import callees
    from crmsim.settings.scenario import scenario

    return callees(simulate(scenario("retail").replace(customers=120, periods=6, seed=7)))
