"""Simulated callees (受话客户): white boxes that answer a script, with luck that two scripts share.

This is a model of the course [EXT], not a finding about people. All its numbers stand in ``callee.yaml``, each with a
source or the word "assumption".

- *Who.* Customers of the engine with their money, authority and need (MAN), patience, stage, satisfaction and open
  complaints (`callees`), and a rudeness, a time budget, a language and a name of their own.
- *State.* Trust, interest and irritation from 0 to 1. Each line of the agent is turned into dialogue acts
  (`crmsim.phone.acts`); the rows of the table that hold shift the state, and so do long lines and time.
- *Answers.* Hanging up: P = 1 / (1 + exp(-h)), h linear in irritation, time over the budget and the seconds of a
  monologue. Else the intent is drawn: P(k) = exp(u_k) / sum of exp(u_j), u linear in state, traits and the line.
- *Outcome.* Where the script asks for the decision, P(yes) = gate x 1 / (1 + exp(-v)), v linear in trust, interest,
  irritation, earlier contacts. The gate is 0 for who has no money or no need: manners cannot sell to them. One uniform
  number per call is the threshold that P must pass, so that asking ten times is no better than asking once.
- *After.* Satisfaction moves with what trust and irritation have done; the angry complain, or ask never to be called.

*Luck has addresses* (`crmsim.phone.luck`): seed, replication, customer, purpose, and the stage of the line with its
number within that stage. Two equal scripts give equal calls; a changed sentence leaves all before it as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers.arguments import flag
from crmsim.errors import InputError, told
from crmsim.phone.arguments import script_of, tongue_of
from crmsim.phone.calls import Calls, results_of
from crmsim.phone.model import Script
from crmsim.phone.people import callees
from crmsim.phone.tables import tables
from crmsim.phone.talking import Call, talk

__all__ = ["Calls", "call", "callees"]


def call(
    script: Script,
    people: pd.DataFrame,
    *,
    seed: int = 0,
    replication: int = 0,
    warm: bool = True,
    script_language: str | None = None,
    n_dials: int = 1,
) -> Calls:
    """Call everybody once by a script.

    Parameters
    ----------
    script : Script
        From `crm.phone.load`.
    people : DataFrame
        From `crm.phone.callees`; a part of its rows will do.
    seed, replication : int
        Which luck; the same luck for every script.
    warm : bool
        The callees know the firm; False: a cold list.
    script_language : str, optional
        "zh" or "en"; by default that of the script.
    n_dials : int
        How often somebody who does not answer is dialled, 1 to 20.

    Returns
    -------
    Calls
        `.results`: a row per callee; `.transcript(customer_id)`: who said what, and why it moved whom.

    Raises
    ------
    InputError
        It is no script, no table of callees, or an argument is not possible.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=200, periods=4, seed=7))
    >>> found = call(crm.phone.parse(crm.phone.TINY), callees(run), seed=1)
    >>> bool(found.results["accepted"].sum() <= found.results["answered"].sum() < 200)
    True
    """
    script_of(script, what="call")
    check_callees(people, what="call")
    if isinstance(n_dials, bool) or not isinstance(n_dials, (int, np.integer)) or not 1 <= n_dials <= 20:
        raise InputError(f"call: n_dials={n_dials!r} is not possible; give a whole number from 1 to 20.")
    for name, number in (("seed", seed), ("replication", replication)):
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)) or number < 0:
            raise InputError(f"call: {name}={number!r} is not possible; give a whole number from 0 on.")
    language = tongue_of(script_language, else_of=script, name="script_language")
    how = Call(
        script=script, people=people.sort_index(), seed=int(seed), replication=int(replication),
        warm=flag("warm", warm), language=language, n_dials=int(n_dials), tables=tables(),
    )  # fmt: skip
    talked = talk(how)
    return Calls(how=how, talked=talked, results=results_of(how, talked))


_NEEDED = (
    *("money", "authority", "need", "patience", "mood", "rudeness", "time_budget_seconds", "objections", "z_trust"),
    *("z_interest", "open_complaint", "losing", "n_contacts"),
)


def check_callees(people: Any, *, what: str) -> None:
    """Raise `InputError`, which names the function asked, `what`, unless this is a table of callees."""
    if not isinstance(people, pd.DataFrame):
        needed = "a table of callees is needed"
        raise InputError(f"{what}: {needed}, but {told(people)} was given; use crm.phone.callees(run).")
    missing = [name for name in _NEEDED if name not in people.columns]
    if missing:
        raise InputError(f"{what}: the table of callees has no column {missing[0]!r}; use crm.phone.callees(run).")
    if people.index.has_duplicates:
        raise InputError(f"{what}: customer {people.index[people.index.duplicated()][0]} stands twice in the table.")
