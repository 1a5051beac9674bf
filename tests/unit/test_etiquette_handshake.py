"""Handshakes: each rule alone, together, colliding; the table of meetings; refused input."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsim.errors import InputError
from crmsim.etiquette import Conflict, check_handshake, meetings, who_first
from crmsim.etiquette.handshake import PHASES, First
from crmsim.etiquette.people import Person

P = {"name": "Mr Li", "gender": "man", "generation": "younger", "rank": 2, "side": "guest"}
Q = {**P, "name": "Mr Wu"}
RULES = {
    "HS1": ({"generation": "elder"}, {"generation": "younger"}),
    "HS2": ({"rank": 5}, {"rank": 4}),
    "HS3": ({"gender": "woman"}, {"gender": "man"}),
}

facts = st.fixed_dictionaries({
    "gender": st.sampled_from(["man", "woman", None]), "generation": st.sampled_from(["elder", "younger", None]),
    "rank": st.sampled_from([1, 2, 3.5, None]), "side": st.sampled_from(["host", "guest", None]),
})  # fmt: skip


def first(mine, other, phase="middle"):
    return who_first(P | mine, Q | other, phase)


@pytest.mark.parametrize("code", RULES)
@pytest.mark.parametrize("phase", PHASES)
def test_one_rule_alone(code, phase):
    mine, other = RULES[code]
    assert first(mine, other, phase) == First("Mr Li", (code,))
    assert first(other, mine, phase) == First("Mr Wu", (code,))


@pytest.mark.parametrize(("phase", "answer"), [
    ("arrival", First("Mr Li", ("HS6",))), ("middle", First(None, ())), ("departure", First("Mr Wu", ("HS7",))),
])  # fmt: skip
def test_host_and_guest(phase, answer):
    assert first({"side": "host"}, {"side": "guest"}, phase) == answer


def test_nothing_tells_them_apart():
    assert first({}, {}) == First(None, ())
    assert first({}, {}, "arrival") == First(None, ())  # two guests


def test_rules_that_agree_are_all_named():
    answer = first({"generation": "elder", "rank": 9, "gender": "woman", "side": "host"}, {}, "arrival")
    assert answer == First("Mr Li", ("HS1", "HS2", "HS3", "HS6"))
    person, codes = answer
    assert (person, len(codes)) == ("Mr Li", 4)


@pytest.mark.parametrize(("one", "other"), list(combinations(RULES, 2)))
def test_any_two_rules_can_collide(one, other):
    mine = RULES[one][0] | RULES[other][1]
    theirs = RULES[one][1] | RULES[other][0]
    answer = first(mine, theirs)
    assert isinstance(answer, Conflict)
    assert answer.codes == (one, other)
    assert f"{one}: Mr Li" in answer.evidence
    assert f"{other}: Mr Wu" in answer.evidence


def test_a_male_superior_and_a_female_subordinate_collide_and_nobody_decides():
    answer = first({"rank": 5}, {"rank": 1, "gender": "woman"})
    assert answer == Conflict(
        ("HS2", "HS3"), "HS2: Mr Li (rank 5) before Mr Wu (rank 1); HS3: Mr Wu (woman) before Mr Li (man)"
    )


def test_a_female_guest_who_arrives_and_leaves():
    guest, host = {"gender": "woman", "side": "guest"}, {"side": "host"}
    assert first(guest, host, "arrival").codes == ("HS3", "HS6")  # type: ignore[union-attr]
    assert isinstance(first(guest, host, "arrival"), Conflict)
    assert first(guest, host, "departure") == First("Mr Li", ("HS3", "HS7"))


@given(facts, facts, st.sampled_from(PHASES))
def test_the_order_of_the_two_does_not_matter(mine, other, phase):
    assert first(mine, other, phase) == who_first(Q | other, P | mine, phase)


@given(facts, facts, st.sampled_from(PHASES))
def test_a_conflict_or_one_person_and_unknown_facts_say_nothing(mine, other, phase):
    answer = first(mine, other, phase)
    assert list(answer.codes) == sorted(set(answer.codes))
    if isinstance(answer, Conflict):
        assert len(answer.codes) >= 2
    else:
        assert (answer.person is None) == (answer.codes == ())
    assert first({**mine, **dict.fromkeys(mine)}, other, phase) == First(None, ())


def test_rows_of_a_table_and_persons_do():
    table = pd.DataFrame([P | {"rank": 4}, Q])
    assert who_first(table.loc[0], table.loc[1], "middle") == First("Mr Li", ("HS2",))
    assert who_first(Person(**(P | {"rank": 4})), Person(**Q), "middle") == First("Mr Li", ("HS2",))


@pytest.mark.parametrize(("changes", "phase", "says"), [
    ({}, "leaving", "phase: 'leaving' is not known. Known: 'arrival', 'middle', 'departure'"),
    ({}, None, "phase: a text"), ({"rank": "boss"}, "middle", "person p: rank: a number"),
    ({"rank": float("inf")}, "middle", "not finite"), ({"gender": "f"}, "middle", "gender: 'f' is not known"),
    ({"generation": "older"}, "middle", "Did you mean 'elder'"), ({"side": True}, "middle", "side: a text"),
    ({"name": "Mr Wu"}, "middle", "both called 'Mr Wu'"), ({"name": ""}, "middle", "name: a text"),
    ({"married": "yes"}, "middle", "married: True or False"), ({"gender": ["man"]}, "middle", "gender: a text"),
])  # fmt: skip
def test_a_scene_that_cannot_be_judged_is_refused(changes, phase, says):
    with pytest.raises(InputError, match=says):
        first(changes, {}, phase)


@pytest.mark.parametrize("name", ["name", "gender", "generation", "rank", "side"])
def test_a_missing_fact_is_named(name):
    with pytest.raises(InputError, match=f"person q: the field '{name}' is missing"):
        who_first(P, {key: value for key, value in Q.items() if key != name}, "middle")


def test_what_is_no_person_is_refused():
    with pytest.raises(InputError, match="person p: a dict"):
        who_first("Mr Li", Q, "middle")


# Who did offer first


def test_the_wrong_hand_breaks_every_rule_that_names_the_other():
    boss = P | {"rank": 9, "generation": "elder"}
    assert [finding.code for finding in check_handshake(boss, Q, "middle", offered="Mr Wu")] == ["HS1", "HS2"]
    assert check_handshake(boss, Q, "middle", offered="Mr Li") == []
    assert check_handshake(P, Q, "middle", offered="Mr Wu") == []


def test_in_a_conflict_nobody_is_found_wrong():
    assert isinstance(check_handshake(P | {"rank": 9}, Q | {"gender": "woman"}, "middle", offered="Mr Li"), Conflict)


def test_an_offer_by_somebody_else_is_refused():
    with pytest.raises(InputError, match="offered: 'Mr Sun' is not known"):
        check_handshake(P, Q, "middle", offered="Mr Sun")


# The table of meetings


@pytest.mark.parametrize("seed", range(8))
def test_the_rules_find_what_was_planned(seed):
    for _, row in meetings(60, seed=seed).iterrows():
        answer = who_first(*row["people"], row["phase"])
        assert isinstance(answer, Conflict) == row["is_conflict"]
        assert answer.codes == row["codes"]
        if not row["is_conflict"]:
            assert (answer.person or "") == row["first"]  # type: ignore[union-attr]
            found = check_handshake(*row["people"], row["phase"], offered=row["offered"])
            assert tuple(finding.code for finding in found) == tuple(c for c in row["faults"] if c.startswith("HS"))


def test_a_third_are_conflicts_and_every_rule_speaks():
    for seed in range(5):
        table = meetings(60, seed=seed)
        assert table["is_conflict"].sum() == 20
        assert set(table["codes"].explode().dropna()) == {"HS1", "HS2", "HS3", "HS6", "HS7"}
        assert {"HS1", "HS2", "HS3"} <= set(table.loc[~table["is_conflict"], "codes"].explode())
        assert (table["codes"].str.len() == 0).any()
