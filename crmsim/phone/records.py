"""What a firm has on record about the people it calls, and what they truly feel, as columns beside their ids."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.engine.simulate import Run

Ids = npt.NDArray[np.int64]
DO_NOT_CALL = ": do_not_call"
CALLED = (
    ": sale", ": appointment", ": callback", ": resolved", ": refused", DO_NOT_CALL, ": no_answer", ": lost",
)  # fmt: skip
"""How the offers of a phone campaign end their names: by what was written down."""
MONTH_DAYS = 365.25 / 12


def mood_score(run: Run, satisfaction: pd.Series[float]) -> pd.Series[float]:
    """Remembered satisfaction on the scale 1 to 5 of the scenario's surveys, without their noise."""
    surveys = run.scenario.surveys
    middle, unit = (surveys.middle, surveys.per_unit) if surveys is not None else (3.5, 1.0)
    return (middle + unit * satisfaction).clip(1, 5)


def on_record(run: Run, ids: Ids, complaint_open_periods: int) -> dict[str, Any]:
    """The columns that conditions of a script may ask for, and `n_contacts`, `losing`."""
    index = pd.Index(ids)
    stage = _stage(run, index)
    standing = {name: part.standing for name, part in run.scenario.stages.items()}
    entry = standing[run.scenario.entry_stage]
    return {
        "stage": stage,
        "losing": stage.map(standing).to_numpy(dtype=float) < entry,
        "satisfaction": _last(run.surveys, "satisfaction", index).astype("Int64"),
        "open_complaint": index.isin(_open_complaints(run, complaint_open_periods)),
        "member": index.isin(_members(run)),
        "months_since_purchase": _months(run, index),
        "do_not_call": index.isin(do_not_call(run.campaigns, at=run.periods, periods=_half_a_year(run))),
        "kind": run.customers["kind"].astype(str).reindex(index),
        "n_contacts": _calls(run.campaigns).reindex(index, fill_value=0).to_numpy(dtype=np.int64),
    }


def do_not_call(campaigns: pd.DataFrame, *, at: int, periods: int) -> Ids:
    """Who was written down as "do not call", and that not yet so many periods before period `at`."""
    recent = campaigns[campaigns["offer"].str.endswith(DO_NOT_CALL) & (campaigns["period"] > at - periods)]
    return np.unique(recent["customer_id"].to_numpy(dtype=np.int64))


def periods_of(run: Run, months: float) -> int:
    """How many whole periods of the run so many months are, rounded up."""
    starts = run.period_starts
    days = (starts[-1] - starts[0]).total_seconds() / 86_400 / max(len(starts) - 1, 1)
    return int(np.ceil(months * MONTH_DAYS / days - 0.1))


def _half_a_year(run: Run) -> int:
    return periods_of(run, 6)


def _stage(run: Run, index: pd.Index[Any]) -> pd.Series[Any]:
    """The stage in the last lived period; who has not lived one yet stands at the entry."""
    last = run.truth.stages.groupby("customer_id")["stage"].last().astype(str)
    return last.reindex(index, fill_value=run.scenario.entry_stage)


def _last(table: pd.DataFrame, column: str, index: pd.Index[Any]) -> pd.Series[Any]:
    return table.groupby("customer_id")[column].last().reindex(index)


def _open_complaints(run: Run, periods: int) -> Ids:
    """Whose last complaint was not resolved, and is not older than so many periods."""
    complaints = run.contacts[run.contacts["reason"] == "complaint"]
    last = complaints.groupby("customer_id").last()
    still = ~last["resolved"].astype(bool) & (last["period"] >= run.periods - periods)
    return last.index[still.to_numpy()].to_numpy(dtype=np.int64)


def _members(run: Run) -> Ids:
    """Whose decaying sum of spending has reached the threshold of the loyalty scheme."""
    scheme = run.scenario.scheme
    if scheme is None or not scheme.running:
        return np.empty(0, dtype=np.int64)
    bought = run.transactions
    weight = scheme.decay ** (run.periods - 1 - bought["period"].to_numpy())
    points = pd.Series(bought["amount"].to_numpy() * weight).groupby(bought["customer_id"].to_numpy()).sum()
    return points.index[(points >= scheme.threshold).to_numpy()].to_numpy(dtype=np.int64)


def _months(run: Run, index: pd.Index[Any]) -> npt.NDArray[np.float64]:
    """Months since the last purchase; not a number for who has never bought."""
    last = run.transactions.groupby("customer_id")["time"].last().reindex(index)
    return ((run.end - last).dt.total_seconds() / 86_400 / MONTH_DAYS).to_numpy(dtype=float)


def _calls(campaigns: pd.DataFrame) -> pd.Series[Any]:
    """Earlier calls of each customer that were answered."""
    called = campaigns[campaigns["offer"].str.endswith(CALLED) & ~campaigns["offer"].str.endswith(": no_answer")]
    return called.groupby("customer_id").size()
