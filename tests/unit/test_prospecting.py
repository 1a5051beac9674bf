"""Prospecting: the course's vectors (TV11, TV12), the eight rows, channels, audits, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim import prospecting as find
from crmsim.engine.simulate import Run
from crmsim.errors import InputError

COUNTS = [10, 15, 20, 10, 15, 10, 10, 30]
SHARES = [0.40, 0.15, 0.12, 0.10, 0.03, 0.03, 0.03, 0]
ROWS = {
    (True, True, True): ("MAN1", "ideal"),
    (True, True, False): ("MAN2", "skilled_selling"),
    (True, False, True): ("MAN3", "find_decider"),
    (False, True, True): ("MAN4", "check_credit"),
    (False, False, True): ("MAN5", "cultivate"),
    (False, True, False): ("MAN6", "cultivate"),
    (True, False, False): ("MAN7", "cultivate"),
    (False, False, False): ("MAN8", "stop"),
}


@pytest.mark.parametrize(("flags", "expected"), ROWS.items())
def test_all_eight_rows(flags: tuple[bool, bool, bool], expected: tuple[str, str]) -> None:
    assert (find.man_code(*flags), find.man_action(*flags)) == expected
    letters = "".join(letter if flag else letter.lower() for letter, flag in zip("MAN", flags, strict=True))
    assert find.man_code(letters) == find.man_code("+".join(letters)) == expected[0]
    assert find.is_prospect(*flags) == (expected[0] in ("MAN1", "MAN3"))


def test_a_table_gives_what_each_row_gives() -> None:
    table = pd.DataFrame(list(ROWS), columns=["has_money", "has_authority", "has_need"], index=list("abcdefgh"))
    found = find.qualify(table)
    assert found["man"].tolist() == [code for code, _ in ROWS.values()]
    assert found["action"].tolist() == [action for _, action in ROWS.values()]
    assert found.index[found["is_prospect"]].tolist() == ["a", "c"]
    assert found["man"].cat.ordered
    assert found.loc["h", "advice"] == "not a customer; stop the contact"
    assert (find.qualify(table.iloc[:1])["man"].cat.categories == found["man"].cat.categories).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [(("XAN",), "eight codes"), ((True, True), "need=None"), ((1, True, True), "money=1 must be True or False"),
     (("MAN", True, True), "eight codes"), (("mana",), "eight codes")],
)  # fmt: skip
def test_bad_conditions_are_refused(given: Any, words: str) -> None:
    for function in (find.man_code, find.man_action, find.is_prospect):
        with pytest.raises(InputError, match=words):
            function(*given)


def test_bad_tables_of_prospects_are_refused() -> None:
    good = pd.DataFrame({"has_money": [True, False], "has_authority": [True, True], "has_need": [True, True]})
    with pytest.raises(InputError, match="'has_need' is missing"):
        find.qualify(good.drop(columns="has_need"))
    with pytest.raises(InputError, match=r"'has_money' holds int64.*astype"):
        find.qualify(good.assign(has_money=[1, 0]))
    with pytest.raises(InputError, match="'has_need' is empty in row 1"):
        find.qualify(good.assign(has_need=[True, None]))
    with pytest.raises(InputError, match="x stands twice"):
        find.qualify(good.set_axis(["x", "x"]))
    with pytest.raises(InputError, match="no rows"):
        find.qualify(good.iloc[:0])


def test_tv11_profit_of_four_policies() -> None:
    def profit(*rows: str) -> float:
        return round(find.contact_profit(COUNTS, SHARES, margin=300, cost=20, contacted=rows), 6)

    codes = [row.id for row in find.MAN_ROWS]
    assert [profit(*codes), profit(*codes[:7]), profit(*codes[:4]), profit("MAN1")] == [810, 1410, 1795, 1000]
    assert profit() == 0
    assert profit(*codes) != 1410  # the slip: those who never buy cost a visit too
    named = pd.Series(COUNTS, index=codes).sample(frac=1, random_state=1)
    assert find.contact_profit(named, SHARES, margin=300, cost=20) == pytest.approx(1410)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"counts": [1] * 7}, "counts: 7 numbers"), ({"counts": ["x"] * 8}, "eight numbers are needed"),
     ({"conversions": [1.5] + [0] * 7}, "conversions: MAN1 has 1.5.*0 to 1"),
     ({"counts": [-1] + [0] * 7}, "MAN1 has -1"),
     ({"cost": -1}, "cost=-1"), ({"contacted": ["MAN9"]}, "no row 'MAN9'")],
)  # fmt: skip
def test_bad_policies_are_refused(wrong: dict[str, Any], words: str) -> None:
    arguments = {"counts": COUNTS, "conversions": SHARES, "margin": 300, "cost": 20} | wrong
    with pytest.raises(InputError, match=words):
        find.contact_profit(arguments.pop("counts"), arguments.pop("conversions"), **arguments)


def test_methods_and_skills_are_complete() -> None:
    table = find.methods()
    assert table.index.tolist() == [f"PM{k}" for k in range(1, 13)]
    assert [skill.id for skill in find.SKILLS] == [f"PK{k}" for k in range(1, 9)]
    for entries in (find.METHODS, find.SKILLS):
        assert len({entry.chinese for entry in entries}) == len(entries) == len({entry.english for entry in entries})
        assert all(entry.meaning and entry.source for entry in entries)


def test_every_channel_with_a_method_exists_in_a_scenario() -> None:
    channels = {name for scenario in crm.scenarios() for name in crm.scenario(scenario).arrival.channels}
    assert set(find.CHANNEL_METHODS) <= channels
    assert channels - set(find.CHANNEL_METHODS) <= {"walk_in", "shop", "launch", "door"}


def test_channels_of_a_run_lose_nobody_and_no_money(shop_run: Run) -> None:
    table = find.channel_results(shop_run)
    hidden = shop_run.truth.customers
    assert table["n_customers"].sum() == len(hidden)
    assert table["profit"].sum() == pytest.approx(hidden["profit"].sum())
    everything = hidden["has_money"] & hidden["has_authority"] & hidden["has_need"]
    assert table["n_effective"].sum() == everything.sum()
    assert table["n_prospects"].sum() == (hidden["has_money"] & hidden["has_need"]).sum() > everything.sum()
    mail = table.loc["direct_mail"]
    assert mail["cost_per_customer"] == 35
    assert mail["cost_per_effective"] == pytest.approx(35 * mail["n_customers"] / mail["n_effective"])
    with pytest.raises(InputError, match="a past and real data"):
        find.channel_results(shop_run.until(6))


def test_a_budget_goes_to_the_cheapest_qualified_lead() -> None:
    methods = pd.DataFrame(
        {"cost_per_lead": [20.0, 6.0, 1.0], "qualified_share": [0.5, 0.1, 0.0], "n_available": [10, 100, 50]},
        index=["PM3", "PM9", "PM1"],
    )
    plan = find.spend_budget(methods, budget=260)
    assert plan.index.tolist() == ["PM3", "PM9", "PM1"]
    assert plan["cost"].tolist() == [200, 60, 0]
    assert plan["n_qualified"].sum() == pytest.approx(6)
    by_head = 260 / 6 * 0.1  # the slip: the cheapest lead first
    assert plan["n_qualified"].sum() > by_head
    # no other split of the money finds more
    splits = np.linspace(0, 200, 41)
    assert max(s / 20 * 0.5 + (260 - s) / 6 * 0.1 for s in splits) <= plan["n_qualified"].sum() + 1e-9
    assert find.spend_budget(methods, budget=10_000)["n_leads"].tolist() == [10, 100, 0]
    for wrong, words in [
        (methods.assign(cost_per_lead=[1.0, 0.0, 1.0]), "row PM9: cost_per_lead is 0"),
        (methods.assign(qualified_share=[50, 10, 0]), "row PM3: qualified_share is above 1"),
        (methods.set_axis(["PM3", "PM3", "PM1"]), "PM3 stands twice"),
    ]:
        with pytest.raises(InputError, match=words):
            find.spend_budget(wrong, budget=1)
    with pytest.raises(InputError, match="budget=-1"):
        find.spend_budget(methods, budget=-1)


def test_the_best_fifth_of_prospects() -> None:
    table = pd.DataFrame({"probability": [0.1, 0.9, 0.1, 0.1, 0.1, 0.1], "value": [10, 10, 10, 20, 20, 10]})
    best = find.top_prospects(table.iloc[::-1])
    assert best.table.index.tolist() == [1, 3]  # 20% of six are two; of the equal ones the smaller index
    assert best.captured_share == pytest.approx(11 / 16)
    assert find.top_prospects(table, top=1.0).captured_share == pytest.approx(1)
    ten = pd.DataFrame({"probability": [0.1] * 10, "value": [1] * 10})
    assert len(find.top_prospects(ten, top=0.3).table) == 3  # 0.3 * 10 is 3.0000000000000004 by addition
    for wrong, options, words in [
        (table.assign(probability=[0.1, 9, 0, 0, 0, 0]), {}, "probability of 1 is above 1"),
        (table.set_axis([1, 1, 2, 3, 4, 5]), {}, "1 stands twice"),
        (table.assign(value=0), {}, "every expected value is 0"),
        (table, {"top": 20}, "top=20"),
    ]:
        with pytest.raises(InputError, match=words):
            find.top_prospects(wrong, **options)  # type: ignore[arg-type]


def test_tv12_snowball() -> None:
    assert find.snowball(2, rounds=3) == 15
    assert find.snowball(2, rounds=3) != 2**3 + 1  # the slip: only the start and the last round
    assert find.snowball(0.5, rounds=60) == pytest.approx(2)
    assert find.snowball(3, rounds=0, start=4) == 4


@pytest.mark.parametrize(("r", "rounds"), [(0.7, 4), (1.0, 3), (2.0, 3)])
def test_simulated_snowballs_have_the_expected_size(r: float, rounds: int) -> None:
    table = find.simulate_snowball(r, rounds=rounds, replications=4000, seed=3)
    total = table.sum(axis=1)
    error = total.std() / np.sqrt(len(total))
    assert abs(total.mean() - find.snowball(r, rounds=rounds)) < 4.5 * error
    assert abs(total.mean() - find.snowball(r, rounds=rounds + 1)) > 4.5 * error
    # variance of a round of a branching process with Poisson offspring, started by one
    last = table[rounds]
    variance = r**rounds * sum(r**k for k in range(rounds))
    spread = ((last - last.mean()) ** 2).std() / np.sqrt(len(last))
    assert abs(last.var() - variance) < 4.5 * spread


def test_a_town_has_an_end() -> None:
    table = find.simulate_snowball(3.0, rounds=12, start=2, population=200, replications=300, seed=4)
    total = table.sum(axis=1)
    assert total.max() <= 200
    # the final size of an epidemic: a share z = 1 - exp(-3 z) is reached, near 0.94
    grown = total[total > 60]
    assert abs(grown.mean() / 200 - 0.94) < 0.03
    assert table[12].mean() < 1
    assert table.equals(find.simulate_snowball(3.0, rounds=12, start=2, population=200, replications=300, seed=4))


def test_bad_snowballs_are_refused() -> None:
    for options, words in [
        ({"rounds": 2.5}, "rounds=2.5"),
        ({"rounds": 3, "start": -1}, "start=-1"),
        ({"rounds": 3, "population": 0}, "population=0"),
        ({"rounds": 40}, "more than a million"),
        ({"rounds": 3, "replications": 0}, "replications=0"),
    ]:
        with pytest.raises(InputError, match=words):
            find.simulate_snowball(2, **options)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="names_per_visit=-1"):
        find.snowball(-1, rounds=2)


def test_the_centre_of_a_network() -> None:
    links = [("a", "b"), ("a", "c"), ("b", "a"), ("c", "d"), ("a", "d")]
    assert find.centre_of_influence(links).to_dict() == {"a": 3, "c": 2, "d": 2, "b": 1}
    for wrong, words in [([("a", "a")], r"links\[0\]"), (["ab"], "not a pair"), ([], "at least one")]:
        with pytest.raises(InputError, match=words):
            find.centre_of_influence(wrong)  # type: ignore[arg-type]


def block(**changes: Any) -> find.CallBlock:
    calls = pd.DataFrame({"start_minute": np.arange(20) * 3.0, "minutes": 2.0})
    good = {"minutes": 60, "calls": calls, "has_list": True, "n_interruptions": 0, "n_cards": 20, "goal": "visits"}
    return find.CallBlock(**(good | changes))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"minutes": 59.5}, ["PK1"]),
        ({"calls": pd.DataFrame({"start_minute": np.arange(14) * 4.0, "minutes": 3.0})}, ["PK2"]),
        ({"calls": pd.DataFrame({"start_minute": np.arange(15) * 4.0, "minutes": 3.0})}, []),
        ({"calls": pd.DataFrame({"start_minute": np.arange(15) * 4.0, "minutes": 3.1})}, ["PK3"]),
        ({"has_list": False, "goal": " "}, ["PK4", "PK7"]),
        ({"n_interruptions": 1}, ["PK5"]),
        ({"n_cards": 19}, ["PK6"]),
        ({"calls": pd.DataFrame({"start_minute": np.arange(18) * 3.0, "minutes": 2.0})}, ["PK8"]),  # idle at the end
    ],
)
def test_each_neglect_is_found_alone(changes: dict[str, Any], found: list[str]) -> None:
    assert find.audit_block(block(**changes)) == found


def test_limits_can_be_changed_and_bad_blocks_are_refused() -> None:
    assert find.audit_block(block(), limits=find.BlockLimits(n_calls=21)) == ["PK2"]
    for build, words in [
        (lambda: block(minutes=30), "row 10 ends after the block"),
        (lambda: block(n_cards=-1), "n_cards=-1"),
        (lambda: block(calls=pd.DataFrame({"start_minute": [1.0]})), "'minutes' is missing"),
        (lambda: find.BlockLimits(n_calls=-2), "n_calls=-2"),
        (lambda: find.audit_block({}), "a CallBlock is needed"),  # type: ignore[arg-type]
    ]:
        with pytest.raises(InputError, match=words):
            build()


def test_visits_become_more_frequent() -> None:
    assert find.check_visits([0, 10, 20, 25]) == [10, 10, 5]
    for days, words in [([0, 5, 15], r"days\[2\]=15: the gap of 10"), ([0], "at least two"), ([3, 2], "later than")]:
        with pytest.raises(InputError, match=words):
            find.check_visits(days)
