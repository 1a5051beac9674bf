"""Who stays: of the customers who first bought at the same time, the share who bought again later."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crmsim.lifecycle.cohorts import cohort_table, retention
from crmsim.plots.canvas import axes_or_new
from crmsim.plots.pictures import Shades, draw_shades

MOST_COHORTS = 14
"""More rows cannot be read; a longer period is chosen then."""


def retention_by_cohort(source: Any, *, period: str | None = None, ax: Any = None) -> Any:
    """Draw the share of each cohort (同期群) that bought at each age, as a table of shades.

    The number in brackets is the size of the cohort. At age 0 all have bought, so it is not drawn; nor is a cohort
    that has no later age yet. A last period that is not over yet shows too few.

    Parameters
    ----------
    source : run, its past, or DataFrame
        Transactions, as for `crm.lifecycle.cohort_table`.
    period : str, optional
        "week", "month", "quarter" or "year"; by default the shortest from the month on that gives at most 14
        cohorts.
    ax : matplotlib Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        The transactions are spoilt, or the period is unknown.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=12, seed=7))
    >>> retention_by_cohort(run).get_xlabel()
    'months since the first purchase 首次购买后的月数'
    """
    shades = retention_shades(source, period=period)
    return draw_shades(axes_or_new(ax), shades)


def retention_shades(source: Any, *, period: str | None = None) -> Shades:
    """What `retention_by_cohort` draws."""
    unit, cohorts = _cohorts(source, period)
    percent = retention(cohorts).iloc[:, 1:] * 100
    followed = percent.notna().any(axis=1)
    sizes = cohorts[0].astype(int)
    return Shades(
        rows=[_name(start, n, unit) for start, n in sizes[followed].items()],
        percent=percent[followed].to_numpy(dtype=float).tolist(),
        unit=unit,
    )


def _cohorts(source: Any, period: str | None) -> tuple[str, pd.DataFrame]:
    if period is not None:
        return period, cohort_table(source, period=period)
    for unit in ("month", "quarter"):
        found = cohort_table(source, period=unit)
        if len(found) <= MOST_COHORTS:
            return unit, found
    return "year", cohort_table(source, period="year")


def _name(start: Any, n_customers: int, unit: str) -> str:
    style = {"week": "%Y-%m-%d", "month": "%Y-%m", "quarter": f"%Y Q{start.quarter}", "year": "%Y"}[unit]
    return f"{start.strftime(style)} ({n_customers:,})"
