"""The case of unit 12, satisfaction, experience and loyalty (满意、体验与忠诚).

A retailer's own customers over 18 months: purchases, a short survey, and a long questionnaire with expectations,
perceptions, facets and Kano's pairs. Scores of nine touch points, three for each moment of an experience. A town in
which two messages spread. And a trial of five loyalty tools on the customers of a branch, that is, other customers with
other luck: next year was lived without and with each tool, on the same luck. The truth of the decision is what each
tool would bring with the student's own customers, on more luck.

What a tool does and costs differs between students; everything here is [EXT].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes._u12_asked import LOW_INDEX, experiences, modest, odd_weights, touches, weights
from crmsim.course.recipes._u12_words import TOUCH_POINTS, statements, touch_points
from crmsim.engine.simulate import Run
from crmsim.service.wordofmouth import network, rumours
from crmsim.settings.scenario import Scenario

CUSTOMERS, PERIODS, PERIODS_AHEAD = 1_300, 18, 12
N_ASKED, N_PEOPLE, STEPS = 500, 1_000, 30
ACTIVE_DAYS, WINDOW_DAYS = 90, 90
CLASSES = {"small": (0, 60), "middle": (60, 150), "big": (150, np.inf)}
"""Money a month since the customer came: from, to below."""
TRIALS, REPLICATIONS = 4, 24
TOOLS = ("care", "exceed", "membership", "coupon", "gift")
PROFILES = {"strong": (2.1, 98), "middle": (1.0, 31), "weak": (0.5, 7), "poor": (0.5, 56)}
"""How much a tool does, and what it costs for each customer; which tool has which differs.

Coupons cost a little less than they bring in the trial, so little that it may be luck (see `_costs`)."""
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
    """Strength and cost of each tool; that of coupons comes from the trial."""
    rng = _rng("tools", seed)
    profiles = dict(zip([tool for tool in TOOLS if tool != "coupon"], rng.permutation(list(PROFILES)), strict=True))
    found = {}
    for tool in TOOLS:
        strength, cost = PROFILES.get(profiles.get(tool, ""), (1.0, 0))
        found[tool] = (strength * rng.uniform(0.94, 1.06), round(cost * rng.uniform(0.92, 1.08)))
    return found


def _costs(seed: int) -> dict[str, int]:
    """Cost of each tool; that of coupons is about a standard error below what they bring in the trial."""
    brings = _trial(seed)["coupon"].to_numpy(dtype=float)
    error = brings.std(ddof=1) / np.sqrt(len(brings))
    unsure = float(brings.mean() - _rng("coupon", seed).uniform(0.7, 1.3) * error)
    return {tool: cost for tool, (_, cost) in _tools(seed).items()} | {"coupon": max(1, round(unsure))}


def _offers(seed: int, customers: Any, *, at_cost: bool) -> dict[str, list[crm.Offer]]:
    """Nothing, and each tool alone for all these customers through the next year."""
    works: dict[str, Any] = {
        "care": lambda x: {"retention": 1.25 * x}, "exceed": lambda x: {"satisfaction": 1.4 * x, "retention": 0.05 * x},
        "membership": lambda x: {"retention": 0.9 * x, "lift": 0.08 * x},
        "gift": lambda x: {"retention": 0.6 * x, "satisfaction": 0.5 * x},
        "coupon": lambda x: {"discount": 0.03 * x, "lift": 0.25 * x},
    }
    plans: dict[str, list[crm.Offer]] = {"nothing": []}
    costs = _costs(seed) if at_cost else dict.fromkeys(TOOLS, 0.0)
    for tool, (strength, _) in _tools(seed).items():
        plans[tool] = [crm.Offer(
            at=PERIODS, customers=customers, periods=PERIODS_AHEAD, cost=costs[tool], name=tool,
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


@lru_cache(maxsize=4)
def _trial(seed: int) -> pd.DataFrame:
    """What each tool brings with each active customer of the branch, costs not taken off."""
    return _lived(seed, _branch(seed), replications=TRIALS, at_cost=False).drop(columns="nothing")


def _heard(seed: int) -> pd.DataFrame:
    rng, luck = _rng("rates", seed), seed % 2**31
    good, faster = rng.uniform(0.05, 0.08), rng.uniform(1.9, 3.2)
    town = network(N_PEOPLE, n_friends=6, seed=luck)
    return rumours(town, satisfied_share=0.5, rates=(good, good * faster), steps=STEPS, seed=luck)


def build(seed: int) -> Case:
    """The tables of one student."""
    run = _life(seed)
    asked = crm.service.questionnaire(run, n_customers=N_ASKED, seed=hashed(f"questions of {seed}") % 2**31)
    answers = modest(_rng("modest", seed), asked.answers)
    points, moments = touch_points(_rng("points", seed))
    tables = {
        "surveys": run.surveys[["customer_id", "time", "satisfaction"]].sort_values(
            "time", kind="stable").reset_index(drop=True).rename_axis("answer"),
        "statements": statements(_rng("statements", seed))[0], "answers": answers,
        "weights": weights(_rng("weights", seed), answers), "kano": asked.kano.rename_axis("row"),
        "experiences": experiences(_rng("experiences", seed)), "heard": _heard(seed),
        "transactions": run.transactions[["customer_id", "time", "amount"]].reset_index(drop=True).rename_axis("row"),
        "points": points, "touches": touches(_rng("touches", seed), answers, moments),
        "trial": _trial(seed), "tools": pd.DataFrame({"cost": _costs(seed)}).rename_axis("tool"),
    }
    return Case("u12", run.end, tables, {"currency": "CNY", "window_days": WINDOW_DAYS, "low_index": LOW_INDEX})


def nets(case: Case) -> pd.DataFrame:
    """By the trial: what each tool brings in each class for one customer, its cost taken off; nothing brings 0."""
    means = case.trial.groupby("group")[list(TOOLS)].mean() - case.tools["cost"]
    return means.reindex(list(CLASSES)).assign(nothing=0.0)


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a tie that decides, or a slip that nobody could see."""
    return [*_odd_trial(case), *_odd_survey(case), *_odd_words(case), *_odd_customers(case)]


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
    pays = (sure > 0, extra.mean() > cost, sure > cost)
    if any((one == other).all() for one, other in combinations(pays, 2)):
        yield "the trial: cost or luck may be forgotten without harm"


def _odd_survey(case: Case) -> Iterator[str]:
    gap = crm.service.gaps(case.answers)["gap"]
    if gap.diff().iloc[1] < 0.06 or gap.diff().min() < 0.01:
        yield "the worst gap is not clear, or two gaps are about the same"
    each = case.surveys.groupby("customer_id")["satisfaction"]
    last, others = each.last().mean(), (each.mean().mean(), each.first().mean())
    if abs(last - case.surveys["satisfaction"].mean()) < 0.005 or min(abs(last - other) for other in others) < 0.0015:
        yield "the latest answers are like all answers"
    facets = case.answers[list(case.weights.index)].mean().sort_values()
    index = crm.service.facet_index(case.answers, case.weights["weight"].to_dict())
    if facets.diff().iloc[1] < 0.5:
        yield "the lowest facet is not clear"
    yield from odd_weights(case.answers, case.weights["weight"])
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


def _odd_customers(case: Case) -> Iterator[str]:
    ago = (case.today - case.transactions["time"]) / pd.Timedelta(days=WINDOW_DAYS)
    last, before = (set(case.transactions.loc[(ago > n) & (ago <= n + 1), "customer_id"]) for n in (0, 1))
    if abs(1 / len(last) - 1 / len(before)) * len(last & before) < 0.0065:
        yield "the two last windows have about the same number of customers"
    moment = case.points["text"].map({text: moment for moment, texts in TOUCH_POINTS.items() for text in texts})
    scores = case.touches.groupby("point")["score"].mean().groupby(moment)
    if (scores.nsmallest(2).groupby(level=0).agg(np.ptp)).min() < 0.05:
        yield "the worst touch point of a moment is not clear"


def steps_to_half(heard: pd.Series[Any]) -> int:
    """First step at which at least half of the town has heard it; one more than the last if never."""
    return int((heard < N_PEOPLE / 2).sum())


def worth_of_tools(seed: int) -> pd.DataFrame:
    """What each tool brings in all with the student's own customers of each class, costs counted."""
    found = _lived(seed, seed, replications=REPLICATIONS, at_cost=True)
    return found.groupby("group")[["nothing", *TOOLS]].sum().reindex(list(CLASSES))


RECIPE = Recipe(build, unfair, truth=worth_of_tools)
