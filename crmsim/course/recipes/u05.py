"""The case of unit 5, lifetime value and customer equity (客户终生价值与客户资产).

A city retailer's own customers over 18 months, with what they bought and what they cost; head office's plans about
them (`recipes._u05_plans`), from which lifetime values and customer equity are computed by hand; and `branch`, other
customers of the firm with an estimate of their lifetime value, whom the retention offer is for.

Both firms live a year longer than the student sees. The true lifetime value of an own customer is the mean over many
such years, and the worth of an offer the mean difference between two worlds with the same luck.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes import _u05_plans as plans
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario
from crmsim.value.likelihood import FitError, FitWarning

CUSTOMERS = 1_250
"""In the scenario; about 800 have arrived by today, because arrivals go on for three years."""
PERIODS = 18
PERIODS_AHEAD = 12
N_OFFERS = 60
OFFER_COST = 30
RETENTION = 1.0
REPLICATIONS = 100
FUTURES = 200
RATE_QUARTER = 0.03
RATE_MONTH = 0.01
MIN_BUYERS = 400
N_BEST = 10


def _shop(seed: int, *, periods: int = PERIODS) -> Scenario:
    scenario: Scenario = crm.scenario("retail").replace(customers=CUSTOMERS, periods=periods, seed=seed)
    return scenario


def _best(past: Any, n: int) -> Any:
    return past.transactions.groupby("customer_id")["amount"].sum().nlargest(n).index


GIFTS = [
    crm.Offer(at=9, customers=lambda past: _best(past, 40), cost=90, name="gift"),
    crm.Offer(at=15, customers=lambda past: _best(past, 15), cost=180, name="gift"),
]
"""Presents to those who had spent most: they change nothing but the costs."""


@lru_cache(maxsize=2)
def _own(seed: int) -> Run:
    return crm.simulate(_shop(seed), policy=GIFTS, progress=False)


@lru_cache(maxsize=2)
def _branch(seed: int) -> Past:
    return crm.simulate(_shop(_branch_seed(seed)), progress=False)


def _branch_seed(seed: int) -> int:
    return hashed(f"branch of {seed}")


def build(seed: int) -> Case:
    """The tables of one student."""
    own, rng = _own(seed).until(PERIODS), np.random.default_rng(hashed(f"plans of {seed}"))
    service = _shop(seed).service
    assert service is not None
    costs = plans.costs(own, service.channels)
    by_month = plans.profit_by_month(own, costs, n_months=PERIODS)
    moves, profit = plans.states(own, by_month)
    tables = {
        "customers": own.customers, "transactions": own.transactions, "costs": costs,
        "forecast": plans.forecast(by_month, rng), "members": plans.members(by_month, rng),
        "prospects": plans.prospects(by_month, rng), "moves": moves, "state_profit": profit.to_frame(),
        "three": plans.three(by_month, own.customers), "branch": _with_estimates(_branch(seed)),
    }
    last_year = float(by_month.iloc[:, -12:].to_numpy().sum())
    facts = {
        "currency": own.currency, "rate_quarter": RATE_QUARTER, "rate_month": RATE_MONTH,
        "plan_quarters": int(rng.integers(6, 11)), "profit_last_year": round(last_year, 2),
        "n_offers": N_OFFERS, "offer_cost": OFFER_COST,
    }
    return Case("u05", own.end, tables, facts)


def _with_estimates(branch: Past) -> pd.DataFrame:
    """What head office knows of the branch's customers; without those whom another customer brought."""
    known = crm.rfm(branch)[["recency_days", "frequency", "monetary"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FitWarning)  # held to usual sizes, the estimate is still a good one
        found = crm.estimate_clv(branch, horizon=PERIODS_AHEAD, rate=RATE_MONTH)
    table = known.join(found[["probability_alive", "expected_purchases", "clv"]].round({
        "probability_alive": 3, "expected_purchases": 2, "clv": 2,
    }))
    return table[table.index < CUSTOMERS]


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: too few customers, a tie that decides, or a slip that cannot be seen."""
    return [*_too_small(case), *_no_clear_order(case), *_three_alike(case), *_no_model(case)]


def _too_small(case: Case) -> Iterator[str]:
    n_buyers = case.transactions["customer_id"].nunique()
    if n_buyers < MIN_BUYERS or len(case.members) < 100 or len(case.branch) < 4 * N_OFFERS:
        yield f"only {n_buyers} customers bought, {len(case.members)} of them lately, {len(case.branch)} in the branch"
    if case.moves.to_numpy().min(initial=1.0, where=case.moves.to_numpy() > 0) < 0.005:
        yield "a move between states was hardly ever seen"


def _no_clear_order(case: Case) -> Iterator[str]:
    """The ten best must be clear, and others for who forgets costs, or takes revenue for profit."""
    bought = case.transactions.groupby("customer_id")[["margin", "amount"]].sum()
    cost = case.costs.groupby("customer_id")["cost"].sum().reindex(bought.index).fillna(0)
    ranked = (bought["margin"] - cost).sort_values(ascending=False)
    if -ranked.diff().iloc[1 : N_BEST + 1].max() < 0.05:
        yield "two of the ten best have nearly the same profit"
    best = list(ranked.index[:N_BEST])
    if best in [list(bought[name].nlargest(N_BEST).index) for name in bought]:
        yield "costs change nothing in the order of the ten best"


def _three_alike(case: Case) -> Iterator[str]:
    """Each meaning of lifetime value must put another of the three first, by a margin that no rounding closes."""
    worth = plans.three_ways(case.three, rate=RATE_QUARTER)
    firsts = worth.idxmax()
    if firsts.nunique() < 3:
        yield "two meanings of lifetime value agree on the best of the three"
    for name, values in worth.items():
        first, second = values.nlargest(2)
        if first < 1.1 * second:
            yield f"{name}: the best of the three is not clear"


def _no_model(case: Case) -> Iterator[str]:
    """The data must determine the models of `estimate_clv`, so that nobody is startled by a warning."""
    summary = crm.value.summary(case)
    for model, rows in {crm.value.BGNBD: summary, crm.value.GammaGamma: summary[summary["mean_spend"] != 0]}.items():
        try:
            model().fit(rows)
        except FitError as error:
            yield str(error)


def truth(seed: int) -> dict[str, Any]:
    """What only the simulator knows: true lifetime values (`clv`), and what an offer brings (`worth`)."""
    future = _own(seed).truth.clv(at=PERIODS, horizon=PERIODS_AHEAD, replications=FUTURES)
    return {"clv": future, "worth": worth_of_offers(seed)}


def worth_of_offers(seed: int) -> pd.DataFrame:
    """What the retention offer brings for each customer of the branch, costs counted, with its standard error."""
    customers = _branch_customers(seed)
    offer = crm.Offer(
        at=PERIODS, customers=customers, retention=RETENTION, cost=OFFER_COST, periods=PERIODS_AHEAD, name="offer",
    )
    firm = _shop(_branch_seed(seed), periods=PERIODS + PERIODS_AHEAD)
    found = crm.compare(firm, {"nothing": [], "offer": [offer]}, replications=REPLICATIONS, progress=False)
    table = {"worth": found.customers["offer"], "worth_se": found.customers_se["offer"]}
    return pd.DataFrame(table).reindex(customers).round(4)


def _branch_customers(seed: int) -> pd.Index[Any]:
    bought = pd.Index(_branch(seed).transactions["customer_id"].unique(), name="customer_id").sort_values()
    return bought[bought < CUSTOMERS]


RECIPE = Recipe(build, unfair, truth=truth)
