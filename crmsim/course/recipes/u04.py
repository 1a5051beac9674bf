"""The case of unit 4, customer delivered value and the value hierarchy (客户让渡价值与价值层次).

The student works for the maker of one of thirty phones. `offers` holds what an average customer expects of each phone,
component by component. `customers` chose between the student's phone and the best one on the market; a survey asked
them how they see both, so each row is the component times the customer's hidden weight, measured with an error.
`interviews`, `ratings` and the three tables of the value hierarchy are drawn beside.

What only the simulator knows are the weights and the luck of `crmsim.value.draw_shoppers`. The worth of a home visit is
the mean difference in profit between two purchases with the same tastes and the same luck, with and without the visit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes import _u04_fair as fair
from crmsim.course.recipes._u04_fair import SAVED, net_of
from crmsim.value.choosing import COMPONENTS, Shoppers, draw_shoppers
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS

TODAY = pd.Timestamp("2026-06-30")
N_OFFERS, N_WANTS, N_CUSTOMERS, N_ASKED = 30, 8, 300, 120
N_VISITS, VISIT_COST, MARGIN = 50, 60, 300
SPREAD, LUCK, SURVEY_ERROR = 0.5, 60.0, 12.0
REPLICATIONS = 100
MOST_DRAWS = 100
AIM, APART = -150, 900
"""How far the student's phone should be from the best one: in delivered value, and in product value and price."""
LEVELS = ("basic", "good", "top")
ATTRIBUTES = ("battery", "camera", "screen", "weight", "speed")
MEANS = {  # how a goal is served by consequences, and a consequence brought about by attributes, on the whole
    "goals": {
        "keep_in_touch": {"lasts_all_day": 5, "good_photos": 1, "easy_to_read": 2, "easy_to_carry": 3},
        "keep_memories": {"lasts_all_day": 2, "good_photos": 6, "easy_to_read": 2, "easy_to_carry": 1},
        "work_anywhere": {"lasts_all_day": 4, "good_photos": 1, "easy_to_read": 4, "easy_to_carry": 3},
    },
    "consequences": {
        "lasts_all_day": {"battery": 6, "camera": 1, "screen": 2, "weight": 1, "speed": 1},
        "good_photos": {"battery": 1, "camera": 6, "screen": 2, "weight": 1, "speed": 2},
        "easy_to_read": {"battery": 1, "camera": 1, "screen": 6, "weight": 1, "speed": 1},
        "easy_to_carry": {"battery": 3, "camera": 1, "screen": 2, "weight": 6, "speed": 1},
    },
}


def build(seed: int) -> Case:
    """The tables of one student."""
    rng = np.random.default_rng(hashed(f"market of {seed}"))
    offers, own, customers = _again(lambda rng: _market(rng, _shoppers(seed).weights), rng, fair.market)
    interviews, _ = _again(lambda rng: (_interviews(offers, rng), offers), rng, fair.interviewed)
    ratings, goals, consequences, weights = _again(_rated, rng, fair.levels)
    steps, _ = _again(lambda rng: (_steps(rng), fair.parts(offers, own)), rng, fair.improving)
    tables = {
        "offers": offers, "interviews": interviews, "ratings": ratings, "goal_weights": weights.to_frame(),
        "goals": goals, "consequences": consequences, "steps": steps, "customers": customers,
    }
    facts = {"currency": "CNY", "own_offer": own, "n_wants": N_WANTS, "n_visits": N_VISITS, "visit_cost": VISIT_COST,
             "margin": MARGIN}
    return Case("u04", TODAY, tables, facts)


def _again(
    draw: Callable[[np.random.Generator], tuple[Any, ...]], rng: np.random.Generator,
    reasons: Callable[..., Iterable[str]],
) -> tuple[Any, ...]:
    """Draw a part of the case until nothing speaks against it; the last one anyway, and the whole case is refused."""
    for _ in range(MOST_DRAWS):
        found = draw(rng)
        if next(iter(reasons(*found)), None) is None:
            break
    return found


def _market(rng: np.random.Generator, weights: pd.DataFrame) -> tuple[pd.DataFrame, str, pd.DataFrame]:
    (offers,) = _again(lambda rng: (_offers(rng),), rng, fair.on_sale)
    own = _made_ours(offers, rng)
    return offers, own, _survey(_two(offers, own), weights, rng)


def _offers(rng: np.random.Generator) -> pd.DataFrame:
    """Thirty phones: the dearer, the better on the whole, but not one by one."""
    rank = rng.permutation((np.arange(N_OFFERS) + 0.5) / N_OFFERS)
    low, wide = [80, 40, 60, 60, 40, 25], [420, 210, 440, 220, 180, 135]
    rest = rng.uniform(size=(N_OFFERS, 6)) * wide + low
    product = 1150 + 2500 * rank + rng.normal(0, 150, N_OFFERS)
    money = 1300 + 2600 * rank + rng.normal(0, 190, N_OFFERS)
    parts = np.column_stack([product, rest[:, :3], money, rest[:, 3:]]).round().astype(int)
    offers = pd.DataFrame(parts, columns=list(COMPONENTS))
    offers["wants_met"] = rng.binomial(N_WANTS, 0.25 + 0.5 * rank)
    offers["quality"] = (25 + 65 * rank + rng.normal(0, 9, N_OFFERS)).round().astype(int)
    offers["function_level"] = np.array(LEVELS, dtype=object)[(rank * len(LEVELS)).astype(int)]
    offers["two_year_cost"] = offers["c_money"] + rng.integers(100, 1000, N_OFFERS)
    return offers.set_axis(pd.Index([f"P{number:02d}" for number in range(1, N_OFFERS + 1)], name="offer"))


def _made_ours(offers: pd.DataFrame, rng: np.random.Generator) -> str:
    """The phone whose distance to the best is nearest to the aim, at another price; it is no effort to carry.

    Of those, one in which the wanted component speaks for the best phone, so that students' answers differ.
    """
    net = net_of(offers)
    best = str(net.idxmax())
    product, price = ((offers[name] - fair.parts(offers, best)[name]).abs() for name in ("v_product", "c_money"))
    apart = product + price
    odd = (net - net.max() - AIM).abs() + 0.2 * (apart - APART).abs()
    leading, wanted = fair.led_by(offers), rng.choice(fair.SOFT[:-1])
    own = str((odd + 900 * (leading == "") + 400 * (leading != wanted)).drop(best).idxmin())
    physical = int(rng.integers(4, 9))
    now = fair.parts(offers, own)
    for name in ("c_money", "two_year_cost"):
        offers.loc[own, name] = int(offers[name][own] + now["c_physical"]) - physical
    offers.loc[own, "c_physical"] = physical
    return own


def _shoppers(seed: int) -> Shoppers:
    return draw_shoppers(N_CUSTOMERS, seed=hashed(f"tastes of {seed}"), spread=SPREAD, luck=LUCK)


def _two(offers: pd.DataFrame, own: str) -> pd.DataFrame:
    """The student's phone and the best one."""
    return offers.loc[[own, net_of(offers).idxmax()], list(COMPONENTS)]


def _survey(two: pd.DataFrame, weights: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """How each customer sees the student's phone, component by component, and the best one in total."""
    mine, best = (weights * two.iloc[row] for row in (0, 1))
    sides = {"rival_value": VALUE_COLUMNS, "rival_cost": COST_COLUMNS}
    seen = mine.assign(**{name: best[list(columns)].sum(axis=1) for name, columns in sides.items()})
    return (seen + rng.normal(0, SURVEY_ERROR, seen.shape)).clip(lower=0).round().astype(int)


def _interviews(offers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """What the phone that a customer has now is worth to him, what he paid, and what it costs in two years."""
    phone = offers.iloc[rng.integers(0, N_OFFERS, N_ASKED)]
    price = (phone["c_money"].to_numpy() * rng.uniform(0.85, 1.05, N_ASKED)).round()
    realised = price * rng.normal(1.08, 0.13, N_ASKED)
    brand = 0.04 + 0.28 * phone["c_money"].rank(pct=True).to_numpy() * rng.uniform(0.7, 1.3, N_ASKED)
    others = rng.dirichlet([6, 8, 3], N_ASKED) * (1 - brand[:, None])
    shares = np.column_stack([others[:, :2], brand, others[:, 2]])
    table = pd.DataFrame((realised[:, None] * shares).round(), columns=["nature", "quality", "brand", "after_sales"])
    table["price"], table["extra"] = price, rng.integers(20, 400, N_ASKED)
    table["function_level"] = phone["function_level"].to_numpy()
    cheapest = phone["function_level"].map(offers.groupby("function_level")["two_year_cost"].min()).to_numpy()
    table["two_year_cost"] = (cheapest + rng.normal(350, 350, N_ASKED)).round()
    numbers = [name for name in table if name != "function_level"]
    ids = pd.Index(rng.choice(N_CUSTOMERS, N_ASKED, replace=False), name="customer_id")
    return table.astype(dict.fromkeys(numbers, int)).set_axis(ids)


def _rated(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.Series[float]]:
    """A hierarchy with satisfaction: the most important attribute is well liked, a less important one worst."""
    goals, consequences, weights = _hierarchy(rng)
    ranked = (weights @ goals @ consequences).sort_values(ascending=False).index
    bad, good = rng.uniform([-0.6, -1.3], [-0.2, -0.8]), rng.uniform(0.5, 1.4, 3)
    second = int(rng.integers(1, 3))
    others = [*np.roll([bad[0], good[1]], second - 1), *rng.permutation([bad[1], good[2]])]
    middle = pd.Series([good[0], *others], index=ranked)
    return _ratings(middle.reindex(ATTRIBUTES).to_numpy(), rng), goals, consequences, weights


def _ratings(middle: npt.NDArray[np.float64], rng: np.random.Generator) -> pd.DataFrame:
    """Satisfaction with each attribute, from -2 to 2; some gave no answer."""
    grades = (middle + rng.normal(0, 0.9, (N_ASKED, len(ATTRIBUTES)))).round().clip(-2, 2)
    grades[rng.uniform(size=grades.shape) < 0.1] = np.nan
    ids = pd.Index(rng.choice(N_CUSTOMERS, N_ASKED, replace=False), name="customer_id")
    return pd.DataFrame(grades, index=ids, columns=list(ATTRIBUTES))


def _hierarchy(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series[float]]:
    """Goals by consequences, consequences by attributes, goal weights; in twentieths, so that rows sum to 1."""
    goals, consequences = (
        pd.DataFrame({name: _twentieths(row, rng) for name, row in MEANS[level].items()}).T.rename_axis(level[:-1])
        for level in ("goals", "consequences")
    )
    weights = _twentieths(dict(zip(goals.index, rng.permutation([5.0, 3.0, 2.0]), strict=True)), rng)
    return goals, consequences.iloc[::-1], weights.rename("weight").rename_axis("goal")


def _twentieths(row: Any, rng: np.random.Generator) -> pd.Series[float]:
    wanted = rng.dirichlet(6 * np.array(list(row.values()), dtype=float))
    counts = np.floor(20 * wanted)
    counts[np.argsort(counts - 20 * wanted)[: int(20 - counts.sum())]] += 1
    return pd.Series(counts / 20, index=list(row))


def _steps(rng: np.random.Generator) -> pd.DataFrame:
    """By how much the maker can change each component of his phone at a time, and what that costs him for one phone."""
    sizes, rates = rng.permutation(np.arange(15, 55, 5)), rng.permutation(np.linspace(0.3, 1.5, 8))
    costs = (sizes * rates * rng.uniform(0.9, 1.1, 8)).round(1)
    steps = pd.DataFrame({"step": sizes, "step_cost": costs}, index=pd.Index(COMPONENTS, name="component"))
    steps.loc["c_physical"] = [40, 9.5]  # looks best, but so much physical effort is not there
    return steps.astype({"step": int})


def worth_of_visits(seed: int) -> pd.Series[float]:
    """What a home visit brings for each customer, in money, its cost counted."""
    case, shoppers = build(seed), _shoppers(seed)
    own = case.own_offer
    two = _two(case.offers, own)
    visited = two.copy()
    visited.loc[own, list(SAVED)] = 0
    took, takes = (shoppers.buying_share(offers, offer=own, replications=REPLICATIONS) for offers in (two, visited))
    worth: pd.Series[float] = ((takes - took) * MARGIN - VISIT_COST).round(2)
    return worth


RECIPE = Recipe(build, fair.unfair, truth=worth_of_visits)
