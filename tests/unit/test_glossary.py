"""The glossary: complete, sorted, no term twice in either language, and found by either."""

from __future__ import annotations

import re

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.lifecycle import MODELS
from crmsim.prospecting import METHODS
from crmsim.value.delivered import COSTS, VALUES

TABLE = crm.course.glossary()
PLACES = re.compile(r"^([A-M]\d\d|PM\d+|PK\d+|MAN\d|TE\d+|JW\d|HS\d|VT\d)$")


def names(chinese: str) -> list[str]:
    return [name.strip() for name in chinese.split("/")]


def test_every_term_has_everything() -> None:
    assert len(TABLE) >= 130
    assert list(TABLE.columns) == ["chinese", "definition", "ids", "ext"]
    assert (TABLE[["chinese", "definition", "ids"]].map(lambda text: bool(text) and text == text.strip())).all().all()
    for term, ids in TABLE["ids"].items():
        assert all(PLACES.match(one) for one in ids.split()), (term, ids)


def test_terms_are_sorted_and_stand_once() -> None:
    folded = [term.casefold() for term in TABLE.index]
    assert folded == sorted(folded)
    assert len(set(folded)) == len(folded)


def test_no_chinese_name_belongs_to_two_terms() -> None:
    everything = [name for chinese in TABLE["chinese"] for name in names(chinese)]
    assert len(set(everything)) == len(everything)
    assert all(re.search(r"[\u4e00-\u9fff]", name) or name in {"4P", "4C", "4R", "4V", "6I"} for name in everything)


def test_definitions_are_short_and_do_not_repeat_each_other() -> None:
    assert TABLE["definition"].is_unique
    assert TABLE["definition"].str.len().between(15, 130).all()


def test_the_words_of_the_package_are_in_it() -> None:
    known = {name for chinese in TABLE["chinese"] for name in names(chinese)}
    assert {method.chinese for method in METHODS} <= known
    assert set(VALUES.values()) | set(COSTS.values()) <= known
    assert set(MODELS["relationship"].parts.values()) <= known


def test_either_language_case_and_ids_find_a_term() -> None:
    for word in ("客户资产", "customer EQUITY", "C11", "ｃ11"):
        assert "Customer equity" in crm.course.glossary(word).index
    assert set(crm.course.glossary("E08").index) >= {"New customer", "Loyal customer", "Lapsed customer"}
    assert crm.course.glossary("fifth of the customers").index.tolist() == ["Pareto rule"]
    assert crm.course.glossary("Kano").loc["Kano model", "ext"]


@pytest.mark.parametrize(
    ("word", "message"),
    [("custmer equity", "Did you mean 'customer equity'"), ("xyzzy", "All 1.. terms"), ("", "give a"), (7, "give a")],
)
def test_unknown_words_are_refused(word: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        crm.course.glossary(word)  # type: ignore[arg-type]


def test_who_gets_the_table_may_change_it() -> None:
    mine = crm.course.glossary()
    mine.loc["4C", "definition"] = "spoilt"
    assert crm.course.glossary().loc["4C", "definition"] != "spoilt"
