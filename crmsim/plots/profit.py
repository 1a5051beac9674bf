"""Where the profit comes from: the 80/20 rule (二八法则) in one picture.

Customers stand in order of profit, the best first, in ten groups of equal size (deciles, 十分位). The bars are
their shares of the total profit, the line adds them up. Where the worst customers cost more than they
bring, the line rises above 100% and comes down again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.simulate import Run
from crmsim.errors import InputError, did_you_mean, told
from crmsim.plots.canvas import axes_or_new
from crmsim.plots.pictures import Deciles, Groups, draw_deciles, draw_groups
from crmsim.plots.stages import run_with_truth

GROUPS = {"channel": "渠道", "region": "区域", "age_group": "年龄段", "segment": "细分群体"}
BY = ("decile", *GROUPS)


def profit_sources(run: Run, *, by: str = "decile", ax: Any = None) -> Any:
    """Draw which customers the profit comes from.

    Profit is that of the truth: margin and stage rewards less all costs that a customer causes, in the whole run. So
    customers who came lately may not yet have earned back what it cost to win them.

    Parameters
    ----------
    run : Run
        From `crm.simulate`; its truth is shown.
    by : str
        "decile": tenths of the customers, the best first. "channel", "region", "age_group" or "segment":
        the share of each group in the customers and in the profit.
    ax : matplotlib Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        It is no run with its truth, `by` is unknown, or the firm makes no profit to share.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=12, seed=7))
    >>> len(profit_sources(run).patches)
    10
    """
    if not isinstance(by, str) or by not in BY:
        raise InputError(f"profit_sources: there is no by={told(by)}. {did_you_mean(str(by), BY)}")
    if by == "decile":
        deciles = profit_deciles(run)
        return draw_deciles(axes_or_new(ax), deciles)
    groups = _groups(run, by)
    return draw_groups(axes_or_new(ax), groups)


def profit_deciles(run: Run) -> Deciles:
    """What `profit_sources` draws for tenths of the customers."""
    return Deciles(percent=(decile_shares(_profit(run)) * 100).tolist())


def decile_shares(profit: pd.Series[float]) -> npt.NDArray[np.float64]:
    """Share of the total profit of each tenth of the customers, the best first; they sum to 1.

    A customer on the border of two tenths counts in part for each, so the tenths have equal size.

    >>> decile_shares(pd.Series([6.0, 2.0, 1.0, 1.0])).round(3).tolist()[:3]
    [0.24, 0.24, 0.16]
    """
    ranked = np.sort(profit.to_numpy())[::-1]
    sums = np.concatenate(([0.0], np.cumsum(ranked)))
    borders = np.interp(np.linspace(0, len(ranked), 11), np.arange(len(sums)), sums)
    shares: npt.NDArray[np.float64] = np.diff(borders) / sums[-1]
    return shares


def _profit(run: Run) -> pd.Series[float]:
    profit: pd.Series[float] = run_with_truth(run).truth.customers["profit"]
    if profit.sum() <= 0:
        raise InputError(
            f"profit_sources: all customers together bring {profit.sum():,.2f} {run.currency}, so there is no profit "
            "to share. Let the run go on for more periods."
        )
    return profit


def _groups(run: Run, by: str) -> Groups:
    profit = _profit(run)
    groups = run.customers[by] if by in run.customers else run.truth.customers[by]
    names = [str(name) for name in groups.cat.categories]
    customers = groups.value_counts().reindex(names) / len(groups)
    earned = profit.groupby(groups, observed=False).sum().reindex(names) / profit.sum()
    return Groups(
        labels=[f"{name.replace('_', ' ')} {_zh(run, by, name)}" for name in names],
        customers=(customers * 100).tolist(),
        profit=(earned * 100).tolist(),
        what=f"{by.replace('_', ' ')} {GROUPS[by]}",
    )


def _zh(run: Run, by: str, name: str) -> str:
    settings: dict[str, Any] = {
        "channel": run.scenario.arrival.channels,
        "region": run.scenario.regions,
        "age_group": run.scenario.age_groups,
        "segment": run.scenario.traits.segments,
    }
    return str(settings[by][name].zh)
