"""What a measure of the firm changes: profit, satisfaction, churn, loyalty and customer equity, on paired luck.

The same customers live the same lives under every policy, but for what the policy changes. For each replication (other
luck for all) each measure is taken under every policy; differences from the first policy are averaged, and their
standard error comes from their spread between replications:

- `profit`: money of the lived periods, cost of levers and offers counted;
- `satisfaction`: hidden, perceived less expected, at the end; mean over all who have arrived;
- `churn_rate`: share of all who have arrived that are in the last stage, churn, at the end;
- `retention_rate`: as `loyalty` sees it in the transactions of the last two windows;
- `equity`: true value of all customers at the end over a horizon (customer equity, 客户资产), the running cost of
  levers not counted. It is an average over futures, which share their luck, too.

Curriculum F05-F07, F13; the measures are [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.engine.levers import Lever
from crmsim.engine.simulate import Run, simulate
from crmsim.errors import InputError
from crmsim.service.staying import loyalty
from crmsim.settings.scenario import Scenario

CHURN = "churn"


def effect(
    scenario: Scenario,
    policies: Mapping[str, Any],
    *,
    replications: int = 10,
    horizon: int = 12,
    futures: int = 10,
    window_days: float = 90,
) -> pd.DataFrame:
    """What policies change, measure by measure, with standard errors.

    Parameters
    ----------
    scenario : Scenario
        With satisfaction, and with a stage called churn.
    policies : dict
        Name to policy (list of `crm.Offer` and `crm.Lever`); the first is what the others are compared with.
    replications : int
        2 or more; each is other luck for the same customers.
    horizon : int
        Periods that count for `equity`, 1 or more.
    futures : int
        Futures for each customer in `equity`, 2 or more.
    window_days : float
        Windows of `retention_rate`.

    Returns
    -------
    DataFrame
        Rows `policy` and `measure` (profit, satisfaction, churn_rate, retention_rate, equity); columns `mean`,
        `difference` from the first policy, `se` of the difference.

    Raises
    ------
    InputError
        There is no policy, a number is not possible, or the scenario knows no satisfaction or no churn.

    Notes
    -----
    `crm.compare` is faster, and tells profit, equity within the run, satisfaction and churn: it replays luck from the
    first action on, so its errors are smaller. Here are retention as the firm sees it and the value at the end besides.

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=300, periods=12, seed=7)
    >>> sooner = faster_reply(shop, at=3, hours=12)
    >>> table = effect(shop, {"as it is": [], "sooner": [sooner]}, replications=3)
    >>> bool(table.loc[("sooner", "satisfaction"), "difference"] > 0)
    True
    """
    _check(scenario, policies)
    n = checks.whole("replications", replications, low=2, high=100_000)
    span = checks.whole("horizon", horizon, low=1, high=1_200)
    n_futures = checks.whole("futures", futures, low=2, high=100_000)
    found = {str(name): [] for name in policies}  # type: dict[str, list[pd.Series[float]]]
    for replication in range(n):
        for name, policy in policies.items():
            run = simulate(scenario, policy=policy, replication=replication, progress=False)
            value = float(run.truth.clv(at=run.periods, horizon=span, replications=n_futures)["clv"].sum())
            found[str(name)].append(pd.Series(_measures(run, window_days) | {"equity": value}))
    tables = {name: pd.DataFrame(rows) for name, rows in found.items()}
    first = next(iter(tables.values()))
    return pd.concat({name: _differences(table, first) for name, table in tables.items()}, names=["policy", "measure"])


def faster_reply(
    scenario: Scenario, *, at: int, hours: float = 24, cost: float = 0.0, name: str = "sooner"
) -> Lever:  # fmt: skip
    """Complaints are answered so many hours earlier on average, from a period on: a lever for any comparison.

    Parameters
    ----------
    scenario : Scenario
        With service.
    at : int
        First period in which it holds.
    hours : float
        How much earlier, above 0; less than the present mean time to the first reply.
    cost : float
        Money per period.
    name : str
        What it is called.

    Returns
    -------
    Lever
        `crm.Lever` with the factor (mean - hours) / mean on reply times.

    Raises
    ------
    InputError
        The scenario has no service, or replies cannot be that much earlier.

    Notes
    -----
    Curriculum F13, A18.

    Examples
    --------
    >>> import crmsim as crm
    >>> slow = crm.scenario("retail").replace(**{"service.problems.reply_hours": 36})
    >>> round(faster_reply(slow, at=12, hours=24, cost=500).reply, 4)      # 12 / 36
    0.3333
    """
    service = getattr(scenario, "service", None)
    if service is None:
        raise InputError("faster_reply: this scenario has no service; take crm.scenario('retail'), for example.")
    mean = float(service.problems.reply_hours)
    sooner = checks.number("hours", hours, low=0, above=True)
    if sooner > 0.99 * mean:
        raise InputError(
            f"hours={hours!r}: replies come after {mean:g} hours on average, so they cannot come {sooner:g} hours "
            "earlier; give fewer hours, or begin with a slower firm: "
            "scenario.replace(**{'service.problems.reply_hours': 36})."
        )
    return Lever(at=at, reply=(mean - sooner) / mean, cost=cost, name=name)


def _check(scenario: Any, policies: Any) -> None:
    if not isinstance(scenario, Scenario):
        raise InputError(f"effect: a scenario is needed, but {scenario!r} was given; use crm.scenario('retail').")
    if not isinstance(policies, Mapping) or not policies:
        raise InputError("effect: give at least one named policy, for example {'as it is': [], 'sooner': [lever]}.")
    if scenario.satisfaction is None:
        raise InputError("effect: this scenario has no satisfaction; take crm.scenario('retail'), for example.")
    if CHURN not in scenario.stages:
        raise InputError(f"effect: this scenario has no stage called {CHURN!r}, but {', '.join(scenario.stages)}.")


def _measures(run: Run, window_days: float) -> dict[str, float]:
    hidden, stages = run.truth.customers, run.truth.stages
    at_end = stages.loc[stages["period"] == run.periods - 1, "stage"]
    return {
        "profit": float(hidden["profit"].sum()) - run.plan.lever_cost(run.periods),
        "satisfaction": float(hidden["satisfaction"].mean()),
        "churn_rate": float((at_end == CHURN).mean()),
        "retention_rate": float(loyalty(run, window_days=window_days)["retention_rate"]),
    }


def _differences(table: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    paired = table - first
    return pd.DataFrame({"mean": table.mean(), "difference": paired.mean(), "se": paired.sem()})
