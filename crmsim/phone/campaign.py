"""A phone campaign as an action of the firm: the calls are played, and what comes of them flows into the engine.

When its period comes, the campaign chooses its customers, leaves out those who asked not to be called, and calls the
others by its script (see `crmsim.phone.callee`). Its results become offers of the engine, one for each disposition and
step of satisfaction: who said yes buys more and stays longer for a while (``campaign.yaml``), and whoever was called
perceives what the call was like. The luck of the calls is that of the replication and period, the same for every
script: two campaigns that differ in one sentence differ by that sentence alone.

Who was written down as "do not call" is left alone for as long as the calendar of the script says (six months). A
script that does not write it down leaves no record of the wish, so the next campaign calls again; but the customer
remembers it, and a further call within six months costs satisfaction by itself, besides what is said in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.offers import Offer, check_range
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.phone import records
from crmsim.phone.callee import call, callees
from crmsim.phone.calls import Calls
from crmsim.phone.model import Script
from crmsim.phone.people import as_of
from crmsim.phone.wishes import CalledOffer, who_wished

Ids = npt.NDArray[np.int64]
PERIODS = 1201
"""More than a run can have, so that every replication and period has luck of its own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PhoneCampaign:
    """Calls to customers by a script: an action of a policy, like `crm.Offer`.

    Parameters
    ----------
    at : int
        Period, from 1, at whose beginning they are called.
    customers : iterable of customer ids, or function
        Whom to call, best first; or a rule that is given what the firm has recorded before period `at` (a `Past`).
    script : Script
        What the agents say.
    cost : float, optional
        Money per customer dialled.
    cost_per_minute : float, optional
        Money per minute on the line. Without both costs they are those of ``campaign.yaml`` (assumptions); where only
        one is given, the other is 0.
    name : str
        What it is called in the table of campaigns; the disposition follows it: "calls: sale".
    at_most : int, optional
        Capacity: so many customers are dialled.
    budget : float, optional
        Money: so many customers are dialled as it pays for, with the minutes that they talk.
    seed : int
        Which luck the calls have.
    warm : bool
        The callees know the firm.

    Raises
    ------
    InputError
        An argument is not possible; when its time comes: the rule gives no list of ids.

    Examples
    --------
    >>> import crmsim as crm
    >>> calls = PhoneCampaign(at=3, customers=range(50), script=crm.phone.parse(crm.phone.TINY), cost=4)
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=60, periods=3, seed=7))
    >>> people = calls.calls(run).results
    >>> len(people) == run.customers.index.isin(range(50)).sum()
    np.True_
    """

    at: int
    customers: Any = field(repr=False)
    script: Script
    cost: float | None = None
    cost_per_minute: float | None = None
    name: str = "calls"
    at_most: int | None = None
    budget: float | None = None
    seed: int = 0
    warm: bool = True

    def __post_init__(self) -> None:
        check_range("PhoneCampaign", "at", self.at, 1, 1200, whole=True)
        for name in ("cost", "cost_per_minute"):
            if getattr(self, name) is not None:
                check_range("PhoneCampaign", name, getattr(self, name), 0, 1e9)
        check_range("PhoneCampaign", "seed", self.seed, 0, 2**63 - 1, whole=True)
        if self.at_most is not None:
            check_range("PhoneCampaign", "at_most", self.at_most, 0, 10**12, whole=True)
        if self.budget is not None:
            check_range("PhoneCampaign", "budget", self.budget, 0, 1e15)
        if not isinstance(self.script, Script):
            raise InputError(
                f"PhoneCampaign: script={self.script!r} is no script; use crm.phone.load('calls.yaml')."
            )
        if not isinstance(self.name, str):
            raise InputError(f"PhoneCampaign: name={self.name!r} is not possible; give a text.")
        if not callable(self.customers):
            object.__setattr__(self, "customers", _in_order(self.customers, at=self.at))

    def offers(self, run: Run) -> list[Offer]:
        """What the calls are to the engine: offers in period `at`, one for each disposition and step of satisfaction.

        `run` has lived the periods before `at`; only the callees look at its truth.

        >>> import crmsim as crm
        >>> calls = PhoneCampaign(at=3, customers=range(50), script=crm.phone.parse(crm.phone.TINY), cost=4)
        >>> run = crm.simulate(crm.scenario("retail").replace(customers=60, periods=3, seed=7))
        >>> {offer.at for offer in calls.offers(run)}
        {3}
        """
        run = as_of(run, self.at)
        results = self.calls(run).results
        results = results.assign(money=self._money(results), moved=_moved(results, run))
        steps = np.rint(results["moved"] / _effects()["satisfaction_step"])
        effect = _effects()["effects"][self.script.purpose]
        found: list[Offer] = []
        for (disposition, accepted, _), group in results.groupby(["disposition", "accepted", steps], sort=True):
            ids, wishes = (rows.index.to_numpy(dtype=np.int64) for rows in (group, group[group["opted_out"]]))
            moved, cost = round(float(group["moved"].mean()), 6), round(float(group["money"].mean()), 2)
            found.append(CalledOffer(
                at=self.at, customers=ids, wishes=wishes, cost=cost, name=f"{self.name}: {disposition}",
                satisfaction=moved, **(effect if accepted else {}),
            ))  # fmt: skip
        return found

    @property
    def costs(self) -> tuple[float, float]:
        """Money per customer dialled, and per minute on the line."""
        if self.cost is None and self.cost_per_minute is None:
            return float(_effects()["cost"]["dial"]), float(_effects()["cost"]["minute"])
        return self.cost or 0.0, self.cost_per_minute or 0.0

    def _money(self, results: pd.DataFrame) -> pd.Series[float]:
        """What each call costs."""
        dial, minute = self.costs
        return dial + minute * results["seconds"] / 60

    def calls(self, run: Run) -> Calls:
        """The calls themselves, at the beginning of period `at` of the run."""
        run = as_of(run, self.at)
        return self._called(run, self.dialled(run))

    def _called(self, run: Run, ids: Ids) -> Calls:
        people = callees(run, customers=ids, seed=run.scenario.seed)
        attempts = min(self.script.calendar.attempts, 20) if self.script.calendar is not None else 1
        luck = run.replication * PERIODS + self.at
        return call(self.script, people, seed=self.seed, replication=luck, warm=self.warm, n_dials=attempts)

    def dialled(self, run: Run) -> Ids:
        """Whom it calls: those chosen who have come, less those not to be called, within capacity and budget.

        >>> import crmsim as crm
        >>> calls = PhoneCampaign(at=3, customers=range(50), script=crm.phone.parse(crm.phone.TINY), at_most=4)
        >>> len(calls.dialled(crm.simulate(crm.scenario("retail").replace(customers=60, periods=3, seed=7))))
        4
        """
        run = as_of(run, self.at)
        ids = self._chosen(run)
        months = self.script.calendar.not_again_months if self.script.calendar is not None else 6
        left_alone = records.do_not_call(run.campaigns, at=run.periods, periods=records.periods_of(run, months))
        open_ = ids[np.isin(ids, run.customers.index.to_numpy()) & ~np.isin(ids, left_alone)]
        if self.at_most is not None:
            open_ = open_[: self.at_most]
        return open_ if self.budget is None else open_[: self._paid_for(run, open_, self.budget)]

    def _paid_for(self, run: Run, ids: Ids, budget: float) -> int:
        """How many of these, the best first, a sum of money pays for."""
        dial, minute = self.costs
        if minute == 0:
            return int(budget / dial + 1e-9) if dial > 0 else len(ids)
        spent = self._money(self._called(run, ids).results).reindex(ids).cumsum()
        return int((spent <= budget + 1e-9).sum())

    def _chosen(self, run: Run) -> Ids:
        if not callable(self.customers):
            ids: Ids = self.customers
            return ids
        return _in_order(self.customers(run.until(run.periods)), at=self.at)

    def __repr__(self) -> str:
        whom = "customers chosen by a rule" if callable(self.customers) else f"{len(self.customers):,} customers"
        return f"PhoneCampaign {self.name!r}: at period {self.at} to {whom}, script {self.script.script}"


def _moved(results: pd.DataFrame, run: Run) -> pd.Series[float]:
    """What each call does to satisfaction; more where an earlier wish not to be called is ignored by calling."""
    again = _effects()["called_again"]
    ignored = results["answered"] & results.index.isin(who_wished(run, months=again["months"]))
    return results["satisfaction_change"] + again["satisfaction"] * ignored


def _in_order(named: Any, *, at: int) -> Ids:
    """The ids as they were named, best first; an offer to them would refuse what cannot be."""
    if isinstance(named, Iterator):
        named = list(named)
    Offer(at=at, customers=named)
    return pd.Index(list(named), dtype="int64").to_numpy(dtype=np.int64)


@cache
def _effects() -> dict[str, Any]:
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(Path(__file__).with_name("campaign.yaml"))
    return dict(content)
