"""What the office of unit 7 keeps beside its purchases: interviews with gaps, closed files, a membership plan.

Each table holds, by construction, what tells right from nearly right: months without an interview, files without an
open matter, members who never became advocates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

MISSED_SHARE = 0.08
"""So many interviews did not take place."""
N_FILES = 60
SILENT_DAYS = 180
"""A file is closed after so many days without a purchase."""
NOTHING_OPEN_SHARE = 0.4
Rng = np.random.Generator
Ids = npt.NDArray[np.int64]


def interviews(stages: pd.DataFrame, members: Ids, rng: Rng) -> pd.DataFrame:
    """The stage log of a panel, in which some months are missing; the first and the last month never are."""
    log = stages[stages["customer_id"].isin(members)].reset_index(drop=True)
    months = log.groupby("customer_id")["period"]
    inside = (log["period"] > months.transform("min")) & (log["period"] < months.transform("max"))
    missed = inside & (rng.random(len(log)) < MISSED_SHARE)
    return log[~missed].astype({"stage": object}).reset_index(drop=True)  # plain text: simpler to compare


def closed_files(transactions: pd.DataFrame, today: pd.Timestamp, rng: Rng) -> pd.DataFrame:
    """Four dates of customers who have long been silent; `last_settled` is empty where no matter was open."""
    bought = transactions.groupby("customer_id")["time"].agg(["min", "max", "size"])
    silent = bought[((today - bought["max"]).dt.days > SILENT_DAYS) & (bought["size"] > 1)]
    chosen = silent.loc[np.sort(rng.choice(silent.index, min(N_FILES, len(silent)), replace=False))]
    first, last = (chosen[column].dt.floor("D").dt.as_unit("s") for column in ("min", "max"))
    dates = {
        "first_interest": first - _days(rng.integers(3, 61, len(chosen))), "first_order": first, "last_order": last,
        "last_settled": (last + _days(rng.integers(5, 121, len(chosen)))).mask(
            rng.random(len(chosen)) < NOTHING_OPEN_SHARE),
    }
    return pd.DataFrame(dates)


def _days(numbers: Ids) -> pd.TimedeltaIndex:
    return pd.to_timedelta(numbers, unit="D").as_unit("s")


def membership_plan(ids: Ids, rng: Rng) -> pd.DataFrame:
    """Who was invited, who joined (成员), and which members became advocates (拥护者)."""
    invited = np.sort(rng.choice(ids, int(rng.integers(480, 621)), replace=False))
    joined = rng.random(len(invited)) < rng.uniform(0.2, 0.45)
    praises = joined & (rng.random(len(invited)) < rng.uniform(0.28, 0.5))
    index = pd.Index(invited, name="customer_id")
    return pd.DataFrame({"joined": joined, "advocate": praises}, index=index)


def rounded(moves: pd.DataFrame) -> pd.DataFrame:
    """A table of moves to three decimals, every row still summing to one."""
    table = moves.round(3)
    for stage in table.index:
        table.loc[stage, stage] = round(1 - float(table.loc[stage].drop(stage).sum()), 3)
    return table
