"""One picture of a run: where customers stand, who buys again, where the profit comes from."""

from __future__ import annotations

from typing import Any

from crmsim.engine.simulate import Run
from crmsim.plots.profit import profit_deciles
from crmsim.plots.retention import retention_shades
from crmsim.plots.sheet import Sheet
from crmsim.plots.stages import run_with_truth, stage_bands


def overview(run: Run) -> Any:
    """Draw three pictures of a run side by side.

    They are those of `stages_over_time`, `retention_by_cohort` and `profit_sources`.

    Parameters
    ----------
    run : Run
        From `crm.simulate`.

    Returns
    -------
    matplotlib Figure
        `figure.savefig("overview.png")` writes it.

    Raises
    ------
    InputError
        It is no run with its truth, nobody has bought, or the firm makes no profit to share.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=300, periods=12, seed=7))
    >>> len(overview(run).axes)
    3
    """
    from crmsim.plots.figure import draw_sheet

    return draw_sheet(overview_sheet(run))


def overview_sheet(run: Run) -> Sheet:
    """What `overview` draws."""
    shop = run_with_truth(run).scenario
    return Sheet(
        title=f"{shop.title.en} {shop.title.zh}: {len(run.customers):,} customers, {run.periods} {shop.period}s",
        bands=stage_bands(run),
        shades=retention_shades(run),
        deciles=profit_deciles(run),
    )
