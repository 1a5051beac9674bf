"""The case of unit 8, prospecting and qualification (开发潜在客户与MAN法则).

An insurer's agents visit people. Of those visited last year the firm knows what the agent guessed before the visit
(money, authority, need: yes or no) and what the visit showed; of this year's prospects it knows the guesses alone.
Who somebody is (money, authority, need, the premium) and what they bring in three years comes from `crm.simulate`.

Whether a visit wins somebody depends on the row of the MAN rule in which they truly are. The worth of a visit is
that probability, times what they bring, less the cost of the visit; who is not visited brings nothing. Beside it
stands what a visit may be expected to bring, by Bayes' rule, for one who sees only the tables, but knows how often
guesses are wrong: the scale on which a choice is marked. All numbers are [EXT].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes._u08_notes import acquaintances, call_blocks, visits
from crmsim.engine.simulate import Run
from crmsim.prospecting import MAN_ROWS, qualify
from crmsim.settings.scenario import Scenario

N_VISITED, N_PROSPECTS, N_SHORTLIST = 700, 600, 130
PERIODS = 25
N_VISITS, VISIT_COST, SALE_MARGIN = 50, 60, 390
REPLICATIONS = 20
WINS = (0.55, 0.16, 0.13, 0.09, 0.02, 0.02, 0.02, 0.0)
"""Probability that a visit wins somebody, MAN1 ... MAN8."""
SHARES = {"money": 0.60, "authority": 0.60, "need": 0.55}
ERRORS = (0.08, 0.15, 0.22)
"""How often a guess is wrong; which condition has which differs between students."""
METHODS = {
    "introduction": (0.2, 0.5, 1.2, 2.6), "agent": (0.5, 0.8, 1.2, 1.8), "telephone": (1.0, 1.0, 1.0, 1.0),
    "internet": (1.2, 1.1, 1.0, 0.8), "mail": (2.2, 1.8, 1.2, 0.7),
}
"""Method to its weight for people who have none, one, two, all three of money, authority and need."""
COSTS = {"introduction": (26, 38), "agent": (44, 60), "telephone": (18, 26), "internet": (12, 18), "mail": (8, 11)}
HAS = [f"has_{name}" for name in SHARES]
GUESSES = [f"guess_{name}" for name in SHARES]
MIN_IN_ROW, MIN_EFFECTIVE = 20, 8
Floats = npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def _insurer() -> Scenario:
    scenario: Scenario = crm.scenario("insurance").replace(**{
        "customers": N_VISITED + N_PROSPECTS + N_SHORTLIST, "periods": PERIODS, "currency": "CNY",
        "start": "2026-01-01", "word_of_mouth": None, "arrival.pattern": "cohort", "traits.spend.q": 9,
        **{f"traits.qualified.{name}": share for name, share in SHARES.items()},
    })
    return scenario


def _life(seed: int, replication: int = 0) -> Run:
    run: Run = crm.simulate(_insurer().replace(seed=seed), replication=replication, progress=False)
    return run


def _rng(what: str, seed: int) -> np.random.Generator:
    return np.random.default_rng(hashed(f"{what} of {seed}"))


def _errors(seed: int) -> Floats:
    return _rng("errors", seed).permutation(ERRORS)


@lru_cache(maxsize=2)
def _people(seed: int) -> pd.DataFrame:
    """Everybody: what they are, what the agent guesses, their premium elsewhere, how the firm heard of them."""
    hidden, rng = _life(seed).truth.customers, _rng("people", seed)
    people = hidden[HAS].copy()
    for column, guess, share in zip(HAS, GUESSES, _errors(seed), strict=True):
        people[guess] = people[column] ^ (rng.random(len(people)) < share)
    people["premium"] = (hidden["spend_level"] * rng.lognormal(0, 0.15, len(people))).round(-1).astype("int64")
    people["method"] = _methods(people, rng)
    people["bought"] = rng.random(len(people)) < _wins(people)
    people["n_names"] = rng.poisson(rng.uniform(1.2, 1.7), len(people))
    return people.set_axis(pd.RangeIndex(1001, 1001 + len(people), name="prospect_id"))


def _methods(people: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    edges = _method_shares()[:, people[HAS].sum(axis=1).to_numpy()].cumsum(axis=0)
    return [list(METHODS)[place] for place in (rng.random(len(people)) > edges[:-1]).sum(axis=0)]


def _method_shares() -> Floats:
    """Methods by number of conditions met: every column sums to one."""
    weights = np.array(list(METHODS.values()))
    return np.asarray(weights / weights.sum(axis=0))


def _wins(people: pd.DataFrame) -> Floats:
    return np.asarray(WINS)[qualify(people[HAS])["man"].cat.codes.to_numpy()]


def _parts(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Those visited last year, this year's prospects, and the shortlist."""
    people = _people(seed)
    return people[:N_VISITED], people[N_VISITED:N_VISITED + N_PROSPECTS], people[N_VISITED + N_PROSPECTS:]


def build(seed: int) -> Case:
    """The tables of one student."""
    visited, prospects, others = _parts(seed)
    known = ["method", "premium", *GUESSES]
    tables = {
        "visited": visited[[*known, *HAS, "bought", "n_names"]], "prospects": prospects[known],
        "costs": _costs(_rng("costs", seed)), "shortlist": _shortlist(others, _rng("shortlist", seed)),
        "visits": visits(visited.index.to_numpy(), _rng("visits", seed)),
        "acquaintances": acquaintances(_rng("acquaintances", seed)), "call_blocks": call_blocks(_rng("calls", seed)),
    }
    facts = {"currency": "CNY", "n_visits": N_VISITS, "visit_cost": VISIT_COST, "sale_margin": SALE_MARGIN}
    today = pd.Timestamp(_insurer().start)  # the lives of those who are won begin tomorrow
    return Case("u08", today, tables, facts)


def _costs(rng: np.random.Generator) -> pd.DataFrame:
    found = {name: round(float(rng.uniform(low, high)), 1) for name, (low, high) in COSTS.items()}
    return pd.DataFrame({"method": list(found), "cost_per_lead": list(found.values())})


def _shortlist(others: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """People with an estimated chance and value; never a number of which 20% are a whole number."""
    n = int(rng.choice([n for n in range(106, N_SHORTLIST) if n % 5 in (1, 2)]))
    value = 2 * others["premium"].to_numpy()[:n] + rng.integers(-9, 10, n)
    chance = rng.beta(1.2, 6.0, n).round(4).clip(0.005)
    return pd.DataFrame({"chance": chance, "value": value}, index=others.index[:n])


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a group nearly empty, or slips that nobody could see."""
    return [*_too_small(case), *_cheap_is_best(case), *_unseen(case), *_no_clear_top(case)]


def _too_small(case: Case) -> Iterator[str]:
    visited = case.visited
    rows = qualify(visited[HAS])["man"].value_counts()
    effective = visited[visited[HAS].all(axis=1)]
    if rows.min() < MIN_IN_ROW or effective["method"].value_counts().reindex(list(METHODS), fill_value=0).min() < (
            MIN_EFFECTIVE):
        yield "a row of the MAN rule or a method is nearly empty"
    won = visited[visited["bought"]]
    if won["method"].nunique() < len(METHODS) or (won[HAS].sum(axis=1) < 2).sum() < 2:
        yield "a method, or the rows that lack two conditions, have won nobody"
    if case.prospects[GUESSES].all(axis=1).sum() < 1.4 * N_VISITS:
        yield "too few prospects seem to have all three"
    if case.prospects.nlargest(N_VISITS, "premium")[GUESSES].all(axis=1).sum() > 9:
        yield "those who pay most are good prospects anyway"


def _cheap_is_best(case: Case) -> Iterator[str]:
    cost = case.costs.set_index("method")["cost_per_lead"]
    share = case.visited[HAS].all(axis=1).groupby(case.visited["method"]).mean()
    if cost.idxmin() == (cost / share).idxmin():
        yield "the cheapest leads are also the cheapest good ones"


def _unseen(case: Case) -> Iterator[str]:
    """Shares that come out nearly the same for one who asks the wrong way round, or counts another thing."""
    visited = case.visited
    wrong = [float((visited[has] != visited[guess]).mean()) for has, guess in zip(HAS, GUESSES, strict=True)]
    if min(abs(a - b) for a, b in pairwise(sorted(wrong))) < 0.012:
        yield "two guesses are wrong equally often"
    is_best, seems = visited[HAS].all(axis=1), visited[GUESSES].all(axis=1)
    if abs(int(is_best.sum()) - int(seems.sum())) < 6:
        yield "as many seem to be effective customers as are"
    if visited["bought"].sum() == is_best.sum():
        yield "as many bought as are effective customers"


def _no_clear_top(case: Case) -> Iterator[str]:
    table = case.shortlist
    expected, n = table["chance"] * table["value"], int(np.ceil(0.2 * len(table)))
    for name in ("chance", "value"):
        ranked = table[name].sort_values(ascending=False)
        if ranked.iloc[n - 1] == ranked.iloc[n]:
            yield f"shortlist: two have the same {name} where the best 20% end"
    right, by_chance, by_value = (float(expected[ranked.nlargest(n).index].sum() / expected.sum()) for ranked in (
        expected, table["chance"], table["value"]))
    of_chance, of_value = (table[name].nlargest(n).sum() / table[name].sum() for name in ("chance", "value"))
    others = [abs(right - slip) for slip in (by_chance, by_value, of_value)]
    if min(*others, abs(by_chance - of_chance), abs(by_chance - by_value)) < 0.008:
        yield "shortlist: ranking by another measure brings the same share"


def worth_of_visits(seed: int) -> pd.DataFrame:
    """What a visit brings (`worth`), and what the tables let one expect (`expected`), for each prospect."""
    _, prospects, _ = _parts(seed)
    brings = np.mean([_life(seed, k).truth.customers["profit"].to_numpy() for k in range(REPLICATIONS)], axis=0)
    mine = slice(N_VISITED, N_VISITED + N_PROSPECTS)
    per_premium = brings.mean() / _people(seed)["premium"].mean()
    return pd.DataFrame({
        "worth": (_wins(prospects) * brings[mine] - VISIT_COST).round(2),
        "expected": _chances(prospects, _errors(seed)) * per_premium * prospects["premium"] - VISIT_COST,
    })


def _chances(prospects: pd.DataFrame, errors: Floats) -> Floats:
    """Chance that a visit wins somebody, given the three guesses and the method: Bayes' rule over the eight rows."""
    guesses, methods = prospects[GUESSES].to_numpy(), prospects["method"].map(list(METHODS).index).to_numpy()
    weights, won = np.zeros(len(prospects)), np.zeros(len(prospects))
    letters, shares, by_method = [row.letters for row in MAN_ROWS], np.array(list(SHARES.values())), _method_shares()
    for conditions in product([True, False], repeat=3):
        name = "".join(letter if has else letter.lower() for letter, has in zip("MAN", conditions, strict=True))
        prior = np.where(conditions, shares, 1 - shares).prod() * by_method[methods, sum(conditions)]
        weight = prior * np.where(guesses == np.array(conditions), 1 - errors, errors).prod(axis=1)
        weights, won = weights + weight, won + weight * WINS[letters.index(name)]
    return np.asarray(won / weights)


RECIPE = Recipe(build, unfair, truth=worth_of_visits)
