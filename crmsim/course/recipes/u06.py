"""The case of unit 6, segmentation (客户细分): a city retailer's customers, and a sister branch's RFM table.

About 800 customers over 18 months, of whom some never bought. `branch` is what head office computed for another
branch (other customers, other luck): questions that need finished RFM scores start from it, so that they neither
depend on earlier answers nor give them away.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.engine.simulate import Run

CUSTOMERS = 1_250
"""In the scenario; by then about 800 have arrived, because arrivals go on for three years."""
PERIODS = 18
MIN_BUYERS = 400
MIN_IN_SEGMENT = 5
CUTS = (0.80, 0.95)


@lru_cache(maxsize=2)
def _run(seed: int) -> Run:
    shop = crm.scenario("retail").replace(customers=CUSTOMERS, periods=PERIODS, seed=seed)
    run: Run = crm.simulate(shop, progress=False)
    return run


def build(seed: int) -> Case:
    """The tables of one student."""
    run = _run(seed)
    branch = crm.rfm(_run(hashed(f"branch of {seed}")))
    tables = {"customers": run.customers, "transactions": run.transactions, "branch": branch}
    return Case("u06", run.end, tables, {"currency": run.currency})


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: too few buyers, a segment nearly empty, or a class limit hit exactly."""
    spent = case.transactions.groupby("customer_id")["amount"].sum()
    reasons = [f"only {len(spent)} customers bought"] * (len(spent) < MIN_BUYERS)
    for name, table in {"own customers": crm.rfm(case), "branch": case.branch}.items():
        sizes = table["segment"].value_counts()
        rare = sizes[sizes < MIN_IN_SEGMENT]
        reasons += [f"{name}: only {n} customers are {segment}" for segment, n in rare.items()]
    return reasons + _near_limits(spent)


def _near_limits(spent: pd.Series[float]) -> list[str]:
    """Class limits that fall so close to a customer that a rounding would decide."""
    shares = spent.sort_values(ascending=False).cumsum() / spent.sum()
    return [f"a customer sits on the class limit {cut}" for cut in CUTS if (shares - cut).abs().min() < 1e-6]


RECIPE = Recipe(build, unfair, truth=lambda seed: _run(seed).truth)
