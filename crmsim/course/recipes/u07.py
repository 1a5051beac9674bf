"""The case of unit 7, lifecycle and customer classes (客户生命周期与客户类型).

A city retailer's customers over 24 months. Of 400 of them, the **panel** (固定样本), an agency has noted the stage
month by month; of all others the firm knows the purchases alone. So the panel can teach what the others are like:
whether the class lapsed means churn, how customers move, and where a year of care would pay.

The shop lives a year longer than the student sees. The worth of care is the mean difference in profit between two
worlds with the same luck, for each of the others. The numbers of the shop and of the care are [EXT].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes._u07_notes import closed_files, interviews, membership_plan, rounded
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

CUSTOMERS = 1_300
"""In the scenario; about 1,000 have arrived by today, because arrivals go on for three years."""
PERIODS, PERIODS_AHEAD = 24, 12
N_PANEL = 400
N_CARE, CARE_COST, CARE_RETENTION = 60, 60, 1.0
REPLICATIONS = 40
CARE_GAIN = {"acquisition": 45, "growth": 28, "maturity": 11, "decline": 4, "churn": -60}
"""What care brings a buyer in each stage, on average over many shops like this one, costs counted."""
MIN_IN_STAGE, MIN_IN_CLASS, MIN_MOVES = 10, 8, 80
KNOWN = ["months", "first_days", "recency_days", "frequency", "monetary", "grade", "customer_class"]


@lru_cache(maxsize=1)
def _retail() -> Scenario:
    """A shop that surveys often, and to which nobody brings a friend."""
    scenario: Scenario = crm.scenario("retail").replace(**{
        "customers": CUSTOMERS, "periods": PERIODS, "surveys.share": 0.25, "word_of_mouth": None,
    })
    return scenario


@lru_cache(maxsize=2)
def _life(seed: int) -> Run:
    run: Run = crm.simulate(_retail().replace(seed=seed), progress=False)
    return run


def _rng(what: str, seed: int) -> np.random.Generator:
    return np.random.default_rng(hashed(f"{what} of {seed}"))


def _panel_ids(seed: int) -> Any:
    return np.sort(_rng("panel", seed).choice(_life(seed).customers.index.to_numpy(), N_PANEL, replace=False))


def build(seed: int) -> Case:
    """The tables of one student."""
    run, members = _life(seed), _panel_ids(seed)
    past, stages, known = run.until(PERIODS), run.truth.stages, _known(run)
    inside = stages["customer_id"].isin(members)
    today = stages[stages["period"] == PERIODS - 1].set_index("customer_id")["stage"].astype(object)
    tables = {
        "customers": past.customers, "transactions": past.transactions,
        "stage_log": interviews(stages, members, _rng("interviews", seed)),
        "panel": known.loc[members].join(today),
        "others": known.drop(index=members).dropna(subset=["frequency"]),
        "moves": rounded(crm.lifecycle.estimate_moves(stages[~inside])),
        "files": closed_files(past.transactions, past.end, _rng("files", seed)),
        "plan": membership_plan(past.customers.index.to_numpy(), _rng("plan", seed)),
    }
    facts = {"currency": past.currency, "n_care": N_CARE, "care_cost": CARE_COST,
             "n_next": int(_rng("next", seed).integers(14, 31)) * 50}
    return Case("u07", past.end, tables, facts)


def _known(run: Run) -> pd.DataFrame:
    """What the firm knows of each customer, empty where somebody has never bought or was never asked."""
    grades = run.surveys.sort_values("time", kind="stable").groupby("customer_id")["satisfaction"].last()
    classes = crm.lifecycle.classify(run, satisfaction=grades)
    first = run.transactions.groupby("customer_id")["time"].min()
    table = pd.DataFrame({
        "months": PERIODS - run.customers["acquired_period"], "first_days": (run.end - first).dt.days,
        "grade": grades, "customer_class": classes.astype(object),
    })
    return table.join(crm.rfm(run)[["recency_days", "frequency", "monetary"]])[KNOWN]


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a group nearly empty, or slips that nobody could see."""
    return [*_too_small(case), *_gaps_unseen(case), *_scores_alike(case)]


def _too_small(case: Case) -> Iterator[str]:
    counts = {"stage": MIN_IN_STAGE, "customer_class": MIN_IN_CLASS}
    for column, least in counts.items():
        sizes = case.panel[column].value_counts()
        if len(sizes) < 5 or sizes.min() < least:
            yield f"panel: a {column} is nearly empty"
    if crm.lifecycle.count_moves(case.stage_log).sum(axis=1).min() < MIN_MOVES:
        yield "the stage log: few moves out of a stage"
    if len(case.others) < 4 * N_CARE or len(case.files) < 40 or case.files["last_settled"].isna().sum() < 8:
        yield "too few customers to care for, or too few closed files"
    if not case.plan["advocate"].sum() > 20:
        yield "the plan: too few advocates"


def _gaps_unseen(case: Case) -> Iterator[str]:
    """Moves counted over a month without interview must change the shares."""
    log = case.stage_log
    following = log.groupby("customer_id")["stage"].shift(-1)
    over_gaps = pd.crosstab(log["stage"], following, normalize="index")
    right = crm.lifecycle.estimate_moves(log)
    if (over_gaps.reindex_like(right).fillna(0) - right).abs().to_numpy().max() < 0.004:
        yield "the stage log: the gaps change nothing"


def _scores_alike(case: Case) -> Iterator[str]:
    """The shares of class and stage must differ from each other, and from those with everybody counted."""
    panel = case.panel
    bought = panel[panel["customer_class"] != "potential"]
    shares = [share for rows in (bought, panel) for share in _shares(rows)]
    if min(abs(a - b) for place, a in enumerate(shares) for b in shares[:place] if a != b) < 0.011:
        yield "panel: two shares of class and stage are nearly the same"
    if ((bought["customer_class"] == "loyal") & (bought["stage"] == "churn")).sum() < 2:
        yield "panel: no loyal customer has left"


def _shares(rows: pd.DataFrame) -> list[float]:
    lapsed, gone = rows["customer_class"] == "lapsed", rows["stage"] == "churn"
    return [float((lapsed == gone).mean()), float(lapsed[gone].mean()), float(gone[lapsed].mean())]


def worth_of_care(seed: int) -> pd.DataFrame:
    """What a year of care brings for each of the others, costs counted (`worth`), with its standard error."""
    customers = build(seed).others.index
    care = crm.Offer(
        at=PERIODS, customers=customers, retention=CARE_RETENTION, cost=CARE_COST, periods=PERIODS_AHEAD, name="care",
    )
    shop = _retail().replace(seed=seed, periods=PERIODS + PERIODS_AHEAD)
    found = crm.compare(shop, {"nothing": [], "care": [care]}, replications=REPLICATIONS, progress=False)
    table = {"worth": found.customers["care"], "worth_se": found.customers_se["care"]}
    return pd.DataFrame(table).reindex(customers).round(4)


RECIPE = Recipe(build, unfair, truth=worth_of_care)
