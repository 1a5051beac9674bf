"""The case of unit 12, satisfaction, experience and loyalty (满意、体验与忠诚).

A retailer's own customers over 18 months: purchases, a short survey, and a long questionnaire with expectations,
perceptions, facets and Kano's pairs. A town in which two messages spread. And a trial of five loyalty tools on the
customers of a branch, that is, other customers with other luck: next year was lived without and with each tool, on the
same luck. The truth of the decision is what each tool would bring with the student's own customers, on more luck.

What a tool does and costs differs between students; everything here is [EXT].
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
from crmsim.course.recipes._u12_words import statements
from crmsim.engine.simulate import Run
from crmsim.service.wordofmouth import network, rumours
from crmsim.settings.scenario import Scenario

CUSTOMERS, PERIODS, PERIODS_AHEAD = 1_300, 18, 12
N_ASKED, N_EXPERIENCES, N_PEOPLE, STEPS = 500, 300, 1_000, 30
ACTIVE_DAYS, WINDOW_DAYS, LOW_INDEX = 90, 90, 60
CLASSES = {"small": (0, 60), "middle": (60, 150), "big": (150, np.inf)}
"""Money a month since the customer came: from, to below."""
TRIALS, REPLICATIONS = 4, 24
TOOLS = ("care", "exceed", "membership", "coupon", "gift")
PROFILES = {"strong": (2.1, 98), "middle": (1.0, 31), "weak": (0.5, 7), "poor": (0.5, 56)}
"""How much a tool does, and what it costs for each customer; which tool has which differs. Coupons lose anyway."""
MIN_IN_CLASS = 45
Rng = np.random.Generator


@lru_cache(maxsize=1)
def _retail() -> Scenario:
    scenario: Scenario = crm.scenario("retail").replace(**{
        "customers": CUSTOMERS, "periods": PERIODS, "word_of_mouth": None, "arrival.over_periods": PERIODS,
        "surveys.share": 0.15, "satisfaction.on_loyalty": 1.6, "service.problems.share": 0.15,
    })
    return scenario


def _rng(what: str, seed: int) -> Rng:
    return np.random.default_rng(hashed(f"{what} of {seed}"))


def _branch(seed: int) -> int:
    return hashed(f"branch of {seed}") % 2**31


@lru_cache(maxsize=4)
def _life(seed: int) -> Run:
    run: Run = crm.simulate(_retail().replace(seed=seed), progress=False)
    return run


def active(run: Run) -> pd.DataFrame:
    """Who has bought lately: money a month since the customer came (`monthly`), and its class (`group`)."""
    known = crm.rfm(run)
    known = known[known["recency_days"] <= ACTIVE_DAYS]
    months = PERIODS - run.customers["acquired_period"].reindex(known.index)
    monthly = (known["monetary"] / months).round(2)
    edges = [low for low, _ in CLASSES.values()] + [np.inf]
    group = pd.cut(monthly, edges, right=False, labels=list(CLASSES)).astype(object)
    return pd.DataFrame({"monthly": monthly, "group": group})


def _tools(seed: int) -> dict[str, tuple[float, int]]:
    """Strength and cost of each tool."""
    rng = _rng("tools", seed)
    profiles = dict(zip([tool for tool in TOOLS if tool != "coupon"], rng.permutation(list(PROFILES)), strict=True))
    found = {}
    for tool in TOOLS:
        strength, cost = PROFILES.get(profiles.get(tool, ""), (1.0, 4))
        found[tool] = (strength * rng.uniform(0.94, 1.06), round(cost * rng.uniform(0.92, 1.08)))
    return found


def _offers(seed: int, customers: Any, *, at_cost: bool) -> dict[str, list[crm.Offer]]:
    """Nothing, and each tool alone for all these customers through the next year."""
    works: dict[str, Any] = {
        "care": lambda x: {"retention": 1.25 * x}, "exceed": lambda x: {"satisfaction": 1.4 * x, "retention": 0.05 * x},
        "membership": lambda x: {"retention": 0.9 * x, "lift": 0.08 * x},
        "gift": lambda x: {"retention": 0.6 * x, "satisfaction": 0.5 * x},
        "coupon": lambda x: {"discount": 0.05 * x, "lift": 0.15 * x},
    }
    plans: dict[str, list[crm.Offer]] = {"nothing": []}
    for tool, (strength, cost) in _tools(seed).items():
        plans[tool] = [crm.Offer(
            at=PERIODS, customers=customers, periods=PERIODS_AHEAD, cost=cost if at_cost else 0.0, name=tool,
            **works[tool](strength),
        )]
    return plans


def _lived(seed: int, shop: int, *, replications: int, at_cost: bool) -> pd.DataFrame:
    """What each tool brings with each active customer of a shop, on average over lucks."""
    group = active(_life(shop))
    ahead = _retail().replace(seed=shop, periods=PERIODS + PERIODS_AHEAD)
    plans = _offers(seed, group.index, at_cost=at_cost)
    found = crm.compare(ahead, plans, replications=replications, progress=False).customers
    return group.join(found.reindex(group.index)[list(plans)].round(2))


def _experiences(rng: Rng) -> pd.DataFrame:
    """Expected and perceived in one figure each, and how many people were told."""
    expected = rng.integers(3, 8, N_EXPERIENCES)
    change = rng.choice([-3, -2, -1, 0, 1, 2], N_EXPERIENCES, p=[0.06, 0.11, 0.18, 0.22, 0.27, 0.16])
    perceived = np.clip(expected + change, 1, 7)
    told = {"good": rng.uniform(1.6, 3.6), "bad": rng.uniform(5.0, 9.5)}
    mean = np.select([perceived > expected, perceived < expected], [told["good"], told["bad"]], 0.5)
    table = pd.DataFrame({"expected": expected, "perceived": perceived, "n_told": rng.poisson(mean)})
    return table.rename_axis("experience")


def _heard(seed: int) -> pd.DataFrame:
    rng, luck = _rng("rates", seed), seed % 2**31
    good, faster = rng.uniform(0.05, 0.08), rng.uniform(1.9, 3.2)
    town = network(N_PEOPLE, n_friends=6, seed=luck)
    return rumours(town, satisfied_share=0.5, rates=(good, good * faster), steps=STEPS, seed=luck)


def _weights(rng: Rng) -> pd.DataFrame:
    """Five weights that sum to 1, in steps of 0.05, none below 0.05."""
    parts = 1 + rng.multinomial(15, np.full(5, 0.2))
    facets = crm.service.catalogue("facets").index.rename("facet")
    return pd.DataFrame({"weight": (parts / 20).round(2)}, index=facets)


def build(seed: int) -> Case:
    """The tables of one student."""
    run = _life(seed)
    asked = crm.service.questionnaire(run, n_customers=N_ASKED, seed=hashed(f"questions of {seed}") % 2**31)
    tables = {
        "surveys": run.surveys[["customer_id", "time", "satisfaction"]].sort_values(
            "time", kind="stable").reset_index(drop=True).rename_axis("answer"),
        "statements": statements(_rng("statements", seed))[0], "answers": asked.answers,
        "weights": _weights(_rng("weights", seed)), "kano": asked.kano.rename_axis("row"),
        "experiences": _experiences(_rng("experiences", seed)), "heard": _heard(seed),
        "transactions": run.transactions[["customer_id", "time", "amount"]].reset_index(drop=True).rename_axis("row"),
        "trial": _lived(seed, _branch(seed), replications=TRIALS, at_cost=False).drop(columns="nothing"),
        "tools": pd.DataFrame({"cost": {tool: cost for tool, (_, cost) in _tools(seed).items()}}).rename_axis("tool"),
    }
    return Case("u12", run.end, tables, {"currency": "CNY", "window_days": WINDOW_DAYS, "low_index": LOW_INDEX})


def nets(case: Case) -> pd.DataFrame:
    """By the trial: what each tool brings in each class for one customer, its cost taken off; nothing brings 0."""
    means = case.trial.groupby("group")[list(TOOLS)].mean() - case.tools["cost"]
    return means.reindex(list(CLASSES)).assign(nothing=0.0)


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a tie that decides, or a slip that nobody could see."""
    return [*_odd_trial(case), *_odd_survey(case), *_odd_words(case)]


def _odd_trial(case: Case) -> Iterator[str]:
    if case.trial["group"].value_counts().reindex(list(CLASSES)).min() < MIN_IN_CLASS:
        yield "the trial: a class is nearly empty"
    net = nets(case)
    if net.idxmax(axis=1).nunique() < 3:
        yield "the trial: two classes have the same best tool"
    extra, cost = case.trial[list(TOOLS)], case.tools["cost"]
    sure = extra.mean() - 2 * extra.sem()
    if (sure - cost).abs().min() < 0.3 or (extra.mean() - cost).abs().min() < 0.5:
        yield "the trial: whether a tool pays hangs on rounding"
    if ((sure > 0) == (sure > cost)).all():
        yield "the trial: every tool that brings something pays"


def _odd_survey(case: Case) -> Iterator[str]:
    gap = crm.service.gaps(case.answers)["gap"]
    if gap.diff().iloc[1] < 0.06:
        yield "the worst gap is not clear"
    last = case.surveys.drop_duplicates("customer_id", keep="last")["satisfaction"]
    if abs(last.mean() - case.surveys["satisfaction"].mean()) < 0.005:
        yield "the latest answers are like all answers"
    facets = case.answers[list(case.weights.index)].mean().sort_values()
    index = crm.service.facet_index(case.answers, case.weights["weight"].to_dict())
    if facets.diff().iloc[1] < 0.5 or abs(facets.mean() - index.mean()) < 0.05:
        yield "the lowest facet is not clear, or weights change nothing"
    if not 0.03 < (index < LOW_INDEX).mean() < 0.6:
        yield "hardly anybody is below the low index, or nearly all"
    counts = crm.service.kano_majority(case.kano)[list("MOAIRQ")].to_numpy()
    if (np.sort(counts, axis=1)[:, -1] - np.sort(counts, axis=1)[:, -2]).min() < 20:
        yield "no class of Kano is clearly the majority"


def _odd_words(case: Case) -> Iterator[str]:
    half = [steps_to_half(case.heard[name]) for name in ("heard_good", "heard_bad")]
    if max(half) >= STEPS or half[0] - half[1] < 2:
        yield "a message does not reach half of the town, or both do at about the same step"
    if (case.heard == N_PEOPLE / 2).any(axis=None):
        yield "a message has reached exactly half of the town"


def steps_to_half(heard: pd.Series[Any]) -> int:
    """First step at which at least half of the town has heard it; one more than the last if never."""
    return int((heard < N_PEOPLE / 2).sum())


def worth_of_tools(seed: int) -> pd.DataFrame:
    """What each tool brings in all with the student's own customers of each class, costs counted."""
    found = _lived(seed, seed, replications=REPLICATIONS, at_cost=True)
    return found.groupby("group")[["nothing", *TOOLS]].sum().reindex(list(CLASSES))


RECIPE = Recipe(build, unfair, truth=worth_of_tools)
