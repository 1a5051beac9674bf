"""Where customers stand: how many are in each stage of the relationship lifecycle, period by period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.plots.canvas import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY, YELLOW, axes_or_new
from crmsim.plots.pictures import Bands, draw_bands

COLOURS = (SKY, GREEN, BLUE, ORANGE, PURPLE, YELLOW, RED)


def stages_over_time(run: Run, *, ax: Any = None) -> Any:
    """Draw the number of customers in each stage, period by period, one stage above the other.

    Parameters
    ----------
    run : Run
        From `crm.simulate`; its truth is shown.
    ax : matplotlib Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        The past of a run has no truth to show.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=100, periods=12, seed=7))
    >>> stages_over_time(run).get_xlabel()
    'month 月'
    """
    bands = stage_bands(run)
    return draw_bands(axes_or_new(ax), bands)


def stage_bands(run: Run) -> Bands:
    """What `stages_over_time` draws."""
    counts = stage_counts(run)
    stages = run.scenario.stages
    return Bands(
        labels=[f"{name.replace('_', ' ')} {stage.zh}" for name, stage in stages.items()],
        colours=[_colour(run, number) for number in range(len(stages))],
        counts=counts.to_numpy().T.tolist(),
        unit=run.scenario.period,
    )


def stage_counts(run: Run) -> pd.DataFrame:
    """Number of customers in each stage: rows `period`, columns the stages in the scenario's order.

    Errors: `InputError` unless it is a run with its truth.

    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=100, periods=3, seed=7))
    >>> bool(stage_counts(run).loc[2].sum() == len(run.customers))
    True
    """
    log = run_with_truth(run).truth.stages
    names = [str(name) for name in log["stage"].cat.categories]
    cell = log["period"].to_numpy() * len(names) + log["stage"].cat.codes.to_numpy()
    counts = np.bincount(cell, minlength=run.periods * len(names)).reshape(run.periods, len(names))
    return pd.DataFrame(counts, index=pd.RangeIndex(run.periods, name="period"), columns=names)


def run_with_truth(run: Any) -> Run:
    """The run itself, or `InputError` when it is the past of one or something else."""
    if not isinstance(run, Run):
        raise InputError(
            f"A run with its truth is needed, but {type(run).__name__} was given; use crm.simulate(scenario)."
        )
    return run


def _colour(run: Run, number: int) -> str:
    """Grey for a stage that nobody leaves, a colour of its own for every other."""
    name = list(run.scenario.stages)[number]
    for_good = run.scenario.moves[name].get(name, 0.0) == 1.0
    return GREY if for_good else COLOURS[number % len(COLOURS)]
