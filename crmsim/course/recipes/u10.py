"""The case of unit 10, the face-to-face visit (上门拜访礼仪).

An office sends people to customers. Who wears what, who met whom at whose door, and who prepared how, are made with
faults that were put in on purpose (`crmsim.etiquette.outfits`, `meetings`, and the notes of `_u10_notes`).

The customers to be visited this month, and what each of them spends in a year, come from `crm.simulate`. A trip by bus
takes a random time: the logarithm is normal, with a mean that hangs on the route and the hour and a spread that hangs
on the route. Who comes late loses a share of what the customer spends; a taxi arrives six minutes early and costs
money. The worth of a taxi is what it saves on average, less its cost: the truth by which a choice is marked. The firm
knows past trips alone. All numbers are [EXT].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

import crmsim as crm
from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes._u10_notes import checklists, clothes, flat_meetings, groups, outfit_table, pieces
from crmsim.etiquette import meetings, outfits
from crmsim.settings.scenario import Scenario

N_PEOPLE, N_MEETINGS, N_VISITS, N_TRIPS = 50, 60, 60, 900
N_TAXIS, TAXI_COST, LATE_LOSS = 12, 30, 0.3
SPENT = (150, 1800)
"""Only customers who spend about so much in a year are visited."""
TODAY = pd.Timestamp("2026-04-01")
ROUTES = ("river", "station", "market", "airport")
HOURS = (9, 11, 14, 17)
RUSH = {9: 1.25, 11: 0.95, 14: 1.0, 17: 1.35}
"""How much longer a trip takes at an hour."""
Floats = npt.NDArray[np.float64]


def _rng(what: str, seed: int) -> np.random.Generator:
    return np.random.default_rng(hashed(f"{what} of {seed}"))


@lru_cache(maxsize=1)
def _shop() -> Scenario:
    scenario: Scenario = crm.scenario("retail").replace(**{
        "customers": 150, "periods": 12, "currency": "CNY", "word_of_mouth": None, "arrival.pattern": "cohort",
    })
    return scenario


def _roads(seed: int) -> pd.DataFrame:
    """The truth about each route: median minutes in the middle of the day, and spread of the logarithm."""
    rng = _rng("roads", seed)
    median, spread = rng.permutation([18, 24, 30, 38]) + rng.uniform(-2, 2, 4), rng.permutation([0.08, 0.14, 0.2, 0.28])
    return pd.DataFrame({"median": median, "spread": spread}, index=list(ROUTES))


def _medians(trips: pd.DataFrame, roads: pd.DataFrame) -> Floats:
    return np.asarray(trips["route"].map(roads["median"]) * trips["hour"].map(RUSH))


def _spreads(trips: pd.DataFrame, roads: pd.DataFrame) -> Floats:
    return np.asarray(trips["route"].map(roads["spread"]), dtype=float)


def _trips(n: int, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({"route": rng.choice(ROUTES, n), "hour": rng.choice(HOURS, n)})


def _past(seed: int) -> pd.DataFrame:
    rng, roads = _rng("past", seed), _roads(seed)
    trips = _trips(N_TRIPS, rng)
    minutes = _medians(trips, roads) * np.exp(_spreads(trips, roads) * rng.standard_normal(N_TRIPS))
    return trips.assign(minutes=minutes.round(1))


def _visits(seed: int) -> pd.DataFrame:
    """Customers to be visited; for those who spend much one leaves earlier, but not always early enough."""
    run = crm.simulate(_shop().replace(seed=seed), progress=False)
    spent = run.transactions.groupby("customer_id")["amount"].sum()
    rng, roads = _rng("visits", seed), _roads(seed)
    visits = _trips(N_VISITS, rng)
    chosen = spent[spent.between(*SPENT)].sample(N_VISITS, random_state=rng).round(0).astype("int64")
    care = np.where(chosen > chosen.median(), 1.1, 0.95) * rng.uniform(0.85, 1.35, N_VISITS)
    visits["leave_minutes"] = (5 * np.round(_medians(visits, roads) * care / 5)).astype("int64")
    return visits.assign(yearly_value=chosen.to_numpy()).set_index(pd.Index(chosen.index, name="customer_id"))


def worth_of_taxis(seed: int) -> pd.Series[float]:
    """What a taxi to each customer brings on average: the loss that it saves, less its cost."""
    from scipy.special import ndtr

    visits, roads = _visits(seed), _roads(seed)
    slack = np.log(visits["leave_minutes"].to_numpy() / _medians(visits, roads)) / _spreads(visits, roads)
    saved = ndtr(-slack) * LATE_LOSS * visits["yearly_value"]
    return (saved - TAXI_COST).round(2).rename("worth")


def build(seed: int) -> Case:
    """The tables of one student."""
    people = outfits(N_PEOPLE, seed=hashed(f"outfits of {seed}"))
    tables = {
        "outfits": outfit_table(people), "clothes": clothes(people, _rng("clothes", seed)), "pieces": pieces(people),
        "meetings": flat_meetings(meetings(N_MEETINGS, seed=hashed(f"meetings of {seed}"))),
        "groups": groups(_rng("groups", seed)), "checklists": checklists(people.index, _rng("checklists", seed)),
        "visits": _visits(seed), "trips": _past(seed),
    }
    facts = {"currency": "CNY", "n_taxis": N_TAXIS, "taxi_cost": TAXI_COST, "late_loss_share": LATE_LOSS}
    return Case("u10", TODAY, tables, facts)


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a kind that is missing, or slips that nobody could see."""
    return [*_dress(case), *_jewels(case), *_doors(case), *_taxis(case)]


def _dress(case: Case) -> Iterator[str]:
    men = case.outfits["gender"] == "man"
    worn = case.clothes.groupby("person_id")["colour"].nunique()
    if (worn[men] > 3).sum() < 3 or (worn[~men] > 3).sum() < 3:
        yield "too few wear more than three colours"
    if worn[men].max() == worn[~men].max():
        yield "no woman wears more colours than every man"
    if worn[men].min() > 2:
        yield "every man wears three colours"
    triple = case.outfits[["shoe", "belt", "briefcase"]].nunique(axis=1)
    if (triple[men] > 1).sum() < 3:
        yield "too few break the three-in-one rule"


def _jewels(case: Case) -> Iterator[str]:
    by_person = case.pieces.groupby("person_id")
    one_colour, one_material = by_person["colour"].nunique() < 2, by_person["material"].nunique() < 2
    if not (one_colour & one_material).any() or not (one_colour & ~one_material).any() or one_colour.all():
        yield "pass, tolerated or violation is missing"
    n_kinds = by_person["kind"].nunique()
    n_each = case.pieces.groupby(["person_id", "kind"]).size().groupby("person_id").max()
    if not ((n_kinds > 3) & (n_each <= 2)).any() or not ((n_kinds <= 3) & (n_each > 2)).any():
        yield "nobody has too many kinds alone, or too many pieces of a kind alone"
    worn = case.pieces.join(case.outfits["clothes_style"], on="person_id")
    fitting = (worn["style"] == worn["clothes_style"]).groupby(worn["person_id"])
    alike = by_person["style"].nunique() < 2
    if not (alike & ~fitting.all()).any() or not (fitting.any() & ~fitting.all()).any():
        yield "nobody's pieces agree with each other but not with the clothes, or only some of them do"


def _doors(case: Case) -> Iterator[str]:
    early = (case.meetings["appointed"] - case.meetings["arrived"]).dt.total_seconds() / 60
    counts = [(early > 7).sum(), early.between(5, 7).sum(), early.between(0, 4).sum(), (early < 0).sum()]
    if min(counts) < 6 or counts[0] == counts[3]:
        yield "a class of arrival is rare, or as many are late as too early"
    if not (early == 7).any() or not (early == 5).any() or not (early == 0).any():
        yield "nobody arrives at a limit"


def _taxis(case: Case) -> Iterator[str]:
    """Ranking by money, by risk or by who leaves last must not be nearly as good as money and risk together."""
    past = case.trips.groupby(["route", "hour"])["minutes"]
    if past.size().min() < 25:
        yield "too few past trips for a route and hour"
    risk = pd.Series(
        [float((past.get_group((route, hour)) > leave).mean()) for route, hour, leave in case.visits[
            ["route", "hour", "leave_minutes"]].itertuples(index=False)], index=case.visits.index,
    )
    gain = risk * LATE_LOSS * case.visits["yearly_value"] - TAXI_COST
    best = gain.nlargest(N_TAXIS)
    if best.min() <= 0:
        yield "fewer taxis pay than there are"
    for name, score in {
        "value": case.visits["yearly_value"], "risk": risk, "leaving last": -case.visits["leave_minutes"],
    }.items():
        if gain[score.nlargest(N_TAXIS).index].sum() > 0.75 * best.sum():
            yield f"{name} alone is nearly as good"


RECIPE = Recipe(build, unfair, worth_of_taxis)
