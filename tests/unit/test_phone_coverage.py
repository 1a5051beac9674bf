"""Random walks through scripts: what they count, that their luck is shared, and what is not possible."""

from __future__ import annotations

from math import sqrt

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.linting.walking import INTENTS, _taken, personas
from crmsim.phone.reading import TINY

N = 2_000


@pytest.fixture(scope="module")
def found() -> crm.phone.Coverage:
    return crm.phone.coverage(crm.phone.parse(TINY), n=N)


def test_counts_add_up(found: crm.phone.Coverage) -> None:
    names = list(personas())
    assert (found.nodes.loc["open", names] == N).all()
    agreed = found.edges[found.edges["to"] == "ask"].iloc[0]
    assert agreed["all"] == found.nodes.loc["ask", "all"]
    for node, visits in found.nodes["all"].items():
        assert found.edges.loc[found.edges["node"] == node, "all"].sum() == visits  # each node of it has an `else`
    assert (found.personas["ended_share"] == 1).all()
    turns = (found.nodes.loc["open", names] + found.nodes.loc["ask", names]) / N
    assert found.personas["mean_turns"].to_dict() == pytest.approx(turns.to_dict())


@pytest.mark.parametrize("persona", list(personas()))
def test_shares_are_those_of_the_persona(found: crm.phone.Coverage, persona: str) -> None:
    share = personas()[persona][INTENTS.index("agree")]
    n_agreed = found.nodes.loc["ask", persona]
    assert abs(n_agreed / N - share) < 4 * sqrt(share * (1 - share) / N) + 1e-12
    assert abs(n_agreed / N - (share + 0.06)) > 4 * sqrt(share * (1 - share) / N)


def test_luck_is_that_of_the_call_and_not_of_the_script(found: crm.phone.Coverage) -> None:
    old = "- {intent: agree, to: done}"
    again = crm.phone.coverage(crm.phone.parse(TINY.replace(old, old + "\n      - {intent: rude, to: no}")), n=N)
    assert again.nodes.equals(found.nodes)
    other = crm.phone.coverage(crm.phone.parse(TINY), n=N, seed=1)
    assert not other.nodes.equals(found.nodes)


def test_routes_are_those_of_the_script() -> None:
    first = ("{intent: busy, to: no, when: {member: true}}", "{else: true, to: ask, when: {member: false}}")
    when = "\n      - ".join([*first, "{intent: busy"])
    node = crm.phone.parse(TINY.replace("{intent: busy", when, 1)).first
    for member in (True, False):
        numbers = [node.reply_to(intent, {"member": member}) for intent in INTENTS]
        taken = [node.replies[number] for number in _taken(node, {"member": member})]
        assert taken == numbers


def test_stuck_and_endless_calls_are_told_apart() -> None:
    stuck = crm.phone.coverage(crm.phone.parse(TINY.replace("      - {else: true, to: no}\n", "", 1)), n=300).personas
    endless = TINY.replace("{else: true, to: no}", "{else: true, to: open}", 1).replace("to: later", "to: open")
    turning = crm.phone.coverage(crm.phone.parse(endless), n=300).personas
    assert stuck.loc["anything", "stuck_share"] > 0.5 > stuck.loc["anything", "endless_share"] == 0
    assert turning["stuck_share"].max() == 0
    assert turning.loc["hurried", "mean_turns"] > 3


def test_conditions_are_met_by_some_customers() -> None:
    text = TINY.replace("{intent: agree, to: ask}", "{intent: agree, to: ask, when: {member: true}}")
    found = crm.phone.coverage(crm.phone.parse(text), n=600).edges
    n_asked = found.loc[found["to"] == "ask", "all"].iloc[0]
    n_before = crm.phone.coverage(crm.phone.parse(TINY), n=600).nodes.loc["ask", "all"]
    assert 0 < n_asked < n_before


@pytest.mark.parametrize("wrong", [{"n": 0}, {"n": 20_001}, {"n": True}, {"n": 1.5}, {"seed": -1}, {"seed": "a"}])
def test_impossible_numbers_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="is not a whole number"):
        crm.phone.coverage(crm.phone.parse(TINY), **wrong)  # type: ignore[arg-type]


NARROW = """
  - id: second
    stage: closing
    say: x
    replies:
      - {intent: agree, to: third, when: {months_since_purchase: {at_least: 17, below: 18}}}
      - {else: true, to: no}
  - id: third
    stage: closing
    say: x
    replies: [{intent: agree, to: done, when: {stage: churn, kind: company}}, {else: true, to: no}]
ends:"""


def test_conditions_that_must_hold_together_do_not_look_impossible() -> None:
    """A narrow way through three conditions, which a customer by chance would hardly meet."""
    text = TINY.replace("agree, to: done}", "agree, to: second, when: {satisfaction: 5, member: true}}")
    text = text.replace("\nends:", NARROW)
    codes = {found.code for found in crm.phone.lint(crm.phone.parse(text))}
    assert not codes & {"never_visited", "never_taken"}
    apart = text.replace("{stage: churn, kind: company}", "{member: false}")
    found = [one for one in crm.phone.lint(crm.phone.parse(apart)) if one.code == "never_taken"]
    assert [one.node for one in found] == ["third"]
