"""The shipped scenarios as files: titled in two languages, every number with its source; and what may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.settings.scenario import _folder
from crmsim.settings.yaml_file import read_yaml

NAMES = sorted(crm.scenarios())
PUBLISHED = {"bg_bb", "bg_nbd_cdnow", "markov_rewards", "pareto_nbd_cdnow", "sbg_high_end"}


def numbers(content: Any, place: str = "") -> Iterator[str]:
    """The places of all numbers of a file."""
    if isinstance(content, dict):
        for name, value in content.items():
            yield from numbers(value, f"{place}.{name}" if place else str(name))
    elif isinstance(content, list):
        for value in content:
            yield from numbers(value, place)
    elif isinstance(content, (int, float)) and not isinstance(content, bool):
        yield place


def test_the_firms_of_the_course_and_the_published_models_are_there() -> None:
    assert {"retail", "telecom", "insurance", "real_estate", "rice_shop"} | PUBLISHED == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_named_titled_and_sourced(name: str) -> None:
    shop = crm.scenario(name)
    assert shop.scenario == name
    for text in (shop.title, shop.about):
        assert re.search("[\u4e00-\u9fff]", text.zh)
        assert not re.search("[\u4e00-\u9fff]", text.en)
    content, source = read_yaml(_folder() / f"{name}.yaml")
    sources = content.pop("sources")
    assert sources
    bare = [place for place in numbers(content) if not any(f"{place}.".startswith(f"{known}.") for known in sources)]
    assert bare == []
    assert not re.search(r"curriculum|facts\.md|handout's test|\bTV\d|\bM0\d", "\n".join(source.lines))


@pytest.mark.parametrize("name", NAMES)
def test_small_runs_hold_together(name: str) -> None:
    shop = crm.scenario(name).replace(customers=200)
    run = crm.simulate(shop)
    bought = run.transactions
    starts = run.period_starts.to_numpy()
    time = bought["time"].to_numpy()
    assert (starts[bought["period"]] <= time).all()
    assert (time < starts[bought["period"] + 1]).all()
    assert (bought["period"].to_numpy() >= run.customers.loc[bought["customer_id"], "acquired_period"].to_numpy()).all()
    assert bought["amount"].min() > 0 or bought.empty
    stages = run.truth.stages
    assert len(stages) == (run.periods - run.customers["acquired_period"]).sum()
    again = crm.simulate(shop, threads=1, partition_size=33)
    assert again.transactions.equals(bought)
    assert again.truth.stages.equals(stages)
    fewer = crm.simulate(shop.replace(customers=50))
    assert fewer.truth.customers.equals(run.truth.customers.loc[fewer.customers.index])


def test_what_is_left_out_is_the_same_for_all() -> None:
    chain = crm.scenario("markov_rewards").replace(customers=50)
    run = crm.simulate(chain)
    assert run.transactions.empty
    assert run.contacts.empty
    for column in ("channel", "region", "age_group"):
        assert run.customers[column].nunique() == 1
    assert run.truth.customers["loyalty"].eq(0).all()


def test_without_q_everybody_pays_the_same() -> None:
    fees = crm.simulate(crm.scenario("sbg_high_end").replace(customers=100)).transactions["amount"]
    assert fees.eq(300).all()


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("bg_nbd_cdnow", {"traits.dropout": None}, "nothing ever reaches the stage 'gone'"),
        ("bg_nbd_cdnow", {"moves.gone": {"active": 0.1, "gone": 0.9}}, "is no end"),
        ("bg_nbd_cdnow", {"stages.gone.purchases": 0.1}, "is no end"),
        ("bg_nbd_cdnow", {"traits.purchase_rate.mean": 1.0}, "`mean` or its `alpha`"),
        ("bg_nbd_cdnow", {"traits.purchase_rate.alpha": None}, "`mean` or its `alpha`"),
        ("sbg_high_end", {"start": "2000-02-01"}, "not a first of January"),
        ("rice_shop", {"buying.stock_kg": 0.06}, "eat it up more than 100 times"),
        ("rice_shop", {"traits.spend.q": 1.0}, "greater than 1"),
    ],
)
def test_what_does_not_fit_together_is_refused(name: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        crm.scenario(name).replace(**changes)
