"""The case of unit 6, customer identification and segmentation (客户识别与细分).

A city retailer's own customers over 18 months, of whom some never bought; three lists in which other people stand
as well (social media, market research, customer feedback); and `branch`, the finished RFM table that head office made
for another branch (other customers, other luck). Questions that need RFM scores start from `branch`, so that they
neither depend on earlier answers nor give them away.

Both firms are simulated three months further than the student sees. In those months a care package acts: the worth
of a package is the mean difference in profit between two worlds with the same luck, for each customer of the branch.
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
from crmsim.engine.records import Past
from crmsim.settings.scenario import Scenario

CUSTOMERS = 1_250
"""In the scenario; about 800 have arrived by today, because arrivals go on for three years."""
PERIODS = 18
PERIODS_BEFORE = 12
PERIODS_AHEAD = 3
N_PACKAGES = 60
PACKAGE_COST = 40
PACKAGE_LIFT = 0.5
REPLICATIONS = 60
MIN_BUYERS = 400
MIN_IN_SEGMENT = 5
MIN_CHAMPIONS = 10
CUTS = (0.80, 0.95)
Ids = npt.NDArray[np.int64]


@lru_cache(maxsize=1)
def _retail() -> Scenario:
    """The settings, read once: marking a class needs them hundreds of times."""
    scenario: Scenario = crm.scenario("retail")
    return scenario


def _shop(seed: int) -> Scenario:
    return _retail().replace(customers=CUSTOMERS, periods=PERIODS + PERIODS_AHEAD, seed=seed)


@lru_cache(maxsize=2)
def _past(seed: int) -> Past:
    past: Past = crm.simulate(_shop(seed), progress=False).until(PERIODS)
    return past


def _branch_seed(seed: int) -> int:
    return hashed(f"branch of {seed}")


def build(seed: int) -> Case:
    """The tables of one student."""
    own, branch = _past(seed), _past(_branch_seed(seed))
    tables = {
        "customers": own.customers, "transactions": own.transactions, **_lists(own, seed=seed),
        "branch": _rfm_table(branch),
    }
    facts = {"currency": own.currency, "n_packages": N_PACKAGES, "package_cost": PACKAGE_COST}
    return Case("u06", own.end, tables, facts)


def _rfm_table(branch: Past) -> pd.DataFrame:
    """RFM today, with the segment half a year earlier; without those whom another customer brought."""
    table = crm.rfm(branch)
    table.insert(3, "interval_days", crm.segments.purchase_interval_days(branch).round(2))
    for name, past in {"segment": branch, "segment_before": branch.until(PERIODS_BEFORE)}.items():
        table[name] = crm.rfm(past)["segment"].astype(object)  # plain text: simpler to compare
    return table[table.index < CUSTOMERS].drop(columns="score")


def _lists(own: Past, *, seed: int) -> dict[str, pd.DataFrame]:
    """Three lists of people, some of them in the CRM system, some in several lists, some twice in one."""
    rng = np.random.default_rng(hashed(f"lists of {seed}"))
    inside = own.customers.index.to_numpy()
    outside = rng.choice(np.setdiff1d(np.arange(CUSTOMERS), inside), 200, replace=False)

    def days(n: int) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(own.end.normalize() - pd.to_timedelta(rng.integers(1, 360, n), unit="D")).as_unit("s")

    follows, talks, notes = (
        _people(rng, inside, outside, sizes=sizes) for sizes in ((150, 110, 40), (150, 100, 0), (130, 40, 60))
    )
    channels = np.array(["phone", "email", "WeChat"])
    return {
        "social_media": pd.DataFrame({"customer_id": follows, "followed_on": days(len(follows))}),
        "market_research": pd.DataFrame({"customer_id": talks, "need": _needs(own, talks, rng)}),
        "feedback": pd.DataFrame({
            "customer_id": notes, "written_on": days(len(notes)), "channel": rng.choice(channels, len(notes)),
        }),
    }


def _people(rng: np.random.Generator, inside: Ids, outside: Ids, *, sizes: tuple[int, int, int]) -> Ids:
    """So many from inside and outside the CRM system, and so many of them once more, in any order."""
    n_inside, n_outside, n_again = sizes
    once = np.concatenate([
        rng.choice(inside, n_inside, replace=False), rng.choice(outside, n_outside, replace=False),
    ])
    return rng.permutation(np.concatenate([once, rng.choice(once, n_again, replace=False)]))


def _needs(own: Past, people: Ids, rng: np.random.Generator) -> npt.NDArray[np.str_]:
    """What they say they need: those who have never bought something else than most of those who have."""
    wanted = rng.permutation(own.transactions["category"].cat.categories.to_numpy(dtype=str))
    rest = len(wanted) - 1
    new, known = (np.r_[0.55, np.full(rest, 0.45 / rest)], np.r_[0.1, 0.75, np.full(rest - 1, 0.15 / (rest - 1))])
    has_bought = np.isin(people, own.transactions["customer_id"].to_numpy())
    return np.where(
        has_bought, rng.choice(wanted, len(people), p=known), rng.choice(wanted, len(people), p=new),
    )


def unfair(case: Case) -> list[str]:
    """Why nobody should get this case: a group nearly empty, or a rounding or a tie that decides."""
    return [*_too_small(case), *_no_clear_first(case), *_at_a_limit(case), *_slips_unseen(case)]


def _too_small(case: Case) -> Iterator[str]:
    n_buyers, branch = case.transactions["customer_id"].nunique(), case.branch
    if n_buyers < MIN_BUYERS:
        yield f"only {n_buyers} customers bought"
    for column in ("segment", "segment_before"):
        sizes = branch[column].value_counts()
        yield from (f"branch: only {n} are {name} in {column}" for name, n in sizes.items() if n < MIN_IN_SEGMENT)
    if (branch["segment_before"] == "champions").sum() < MIN_CHAMPIONS:
        yield "branch: too few champions half a year ago"
    if len(branch) < 4 * N_PACKAGES or branch["segment_before"].isna().sum() < MIN_IN_SEGMENT:
        yield "branch: too few customers, or too few new ones"


def _no_clear_first(case: Case) -> Iterator[str]:
    """The first place must be clear, and another one for who measures otherwise or looks at everybody."""
    bought = case.transactions.groupby("customer_id")["amount"].agg(["sum", "count", "max"])
    first, second = bought["sum"].nlargest(2)
    if first - second < 1 or bought["sum"].idxmax() in (bought["count"].idxmax(), bought["max"].idxmax()):
        yield "the best customer is not clear, or clear by any measure"
    research = case.market_research
    new = research[~research["customer_id"].isin(case.transactions["customer_id"])]["need"].value_counts()
    everybody = research["need"].value_counts()
    if new.iloc[0] - new.iloc[1] < 3 or everybody.iloc[0] - everybody.iloc[1] < 3 or new.index[0] == everybody.index[0]:
        yield "no need stands out"


def _at_a_limit(case: Case) -> Iterator[str]:
    """Class limits of the ABC analysis that fall close to a customer, or between customers with equal values."""
    ranked = case.transactions.groupby("customer_id")["amount"].sum().sort_values(ascending=False).to_numpy()
    shares = ranked.cumsum() / ranked.sum()
    for cut in CUTS:
        place = int(np.searchsorted(shares, cut))
        if np.abs(shares - cut).min() < 1e-6 or ranked[place] - ranked[place + 1] < 0.005:
            yield f"a customer sits on the class limit {cut}"


def _slips_unseen(case: Case) -> Iterator[str]:
    """Typical slips that would give the right value: nobody could see them."""
    known = case.branch.dropna(subset=["segment_before"])
    for who, rows in {"customers": known, "champions": known[known["segment_before"] == "champions"]}.items():
        moved = float((rows["segment"] != rows["segment_before"]).mean())
        if min(moved, 1 - moved) < 0.02 or abs(moved - 0.5) < 0.006:
            yield f"branch: {moved:.2f} of the {who} changed their segment"
    last = case.transactions.groupby("customer_id")["time"].max()
    if ((case.today - last).dt.days == (last.max() - last).dt.days).all():
        yield "looking back from the last purchase changes nothing"


def worth_of_packages(seed: int) -> pd.Series[float]:
    """What a care package brings for each customer of the branch, in money, costs counted."""
    customers = _rfm_table(_past(_branch_seed(seed))).index
    package = crm.Offer(at=PERIODS, customers=customers, lift=PACKAGE_LIFT, cost=PACKAGE_COST, periods=PERIODS_AHEAD)
    found = crm.compare(
        _shop(_branch_seed(seed)), {"nothing": [], "package": [package]}, replications=REPLICATIONS, progress=False,
    )
    worth: pd.Series[float] = found.customers["package"].reindex(customers).round(2)
    return worth


RECIPE = Recipe(build, unfair, truth=worth_of_packages)
