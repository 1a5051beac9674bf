"""Dress and jewellery: every rule broken and kept, at its boundary, and refused input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsim.errors import InputError
from crmsim.etiquette import check_jewellery, check_outfit, jewellery_match, outfit_advice, outfits
from crmsim.etiquette.dress import FIELDS, is_dark, is_light, known_colours
from crmsim.etiquette.wardrobe import FAULTS

CLEAN = {
    "gender": "man", "colours": ["navy", "white", "navy", "black", "black", "black", "black"], "shoe": "black",
    "belt": "black", "briefcase": "black", "sleeve_label": False, "top": "suit", "tie": True, "sock_colour": "black",
    "sock_pattern": "plain",
}  # fmt: skip
RING = {"kind": "ring", "material": "gold", "colour": "gold", "style": "classic"}


def dress(**changes):
    return [(finding.code, finding.place) for finding in check_outfit(CLEAN | changes)]


def pieces(*kinds, **changes):
    return [RING | {"kind": kind} | changes for kind in kinds]


def codes(worn, style="classic"):
    return [finding.code for finding in check_jewellery(worn, style)]


def labels(row):
    """Faults as the table of outfits writes them, as the checks find them."""
    found = [f"{f.code} {f.place}" if f.code == "K05" else f.code for f in check_outfit(row)]
    return tuple(dict.fromkeys(found + codes(row["jewellery"], row["clothes_style"])))


# Dress


def test_a_clean_outfit_breaks_nothing():
    assert dress() == []
    assert outfit_advice(CLEAN) == []


@pytest.mark.parametrize(("n", "broken"), [(1, False), (2, False), (3, False), (4, True), (7, True)])
def test_three_colours_and_no_more(n, broken):
    colours = ["black", "white", "navy", "red", "green", "pink", "grey"][:n] * 2
    assert dress(colours=colours) == ([("K03", "colours")] if broken else [])


def test_the_evidence_names_the_colours():
    (finding,) = check_outfit(CLEAN | {"colours": ["navy", "white", "red", "black", "red"]})
    assert finding.evidence == "4 colours: navy, white, red, black; at most 3"
    assert finding.advice


@pytest.mark.parametrize("name", ["shoe", "belt", "briefcase"])
def test_three_in_one(name):
    assert dress(**{name: "brown"}) == [("K04", "shoe, belt, briefcase")]


def test_three_in_one_of_another_colour_is_kept_but_black_is_best():
    brown = dict.fromkeys(["shoe", "belt", "briefcase"], "brown")
    assert dress(**brown) == []
    assert "best they are all black" in outfit_advice(CLEAN | brown)[0]
    assert outfit_advice(CLEAN | {"belt": "brown"}) == []  # a broken rule is no advice


def test_the_label():
    assert dress(sleeve_label=True) == [("K05", "label")]


@pytest.mark.parametrize(("top", "tie", "broken"), [
    ("suit", True, False), ("suit", False, False), ("jacket", False, False), ("jacket", True, True),
    ("short_sleeve_shirt", True, True), ("short_sleeve_shirt", False, False),
])  # fmt: skip
def test_the_tie(top, tie, broken):
    assert dress(top=top, tie=tie) == ([("K05", "tie")] if broken else [])


@pytest.mark.parametrize(("shoes", "socks", "pattern", "broken"), [
    ("black", "white", "plain", True), ("black", "beige", "plain", True), ("black", "black", "striped", True),
    ("brown", "light_grey", "plain", True), ("black", "grey", "plain", False), ("black", "navy", "plain", False),
    ("grey", "white", "plain", False), ("white", "white", "striped", False), ("navy", "white", "dotted", True),
])  # fmt: skip
def test_the_socks(shoes, socks, pattern, broken):
    outfit = {"shoe": shoes, "belt": shoes, "briefcase": shoes, "sock_colour": socks, "sock_pattern": pattern}
    assert dress(**outfit) == ([("K05", "socks")] if broken else [])


def test_all_at_once():
    found = dress(
        colours=["red", "navy", "white", "black", "pink"], belt="red", sleeve_label=True, top="jacket",
        sock_colour="white",
    )  # fmt: skip
    assert [code for code, _ in found] == ["K03", "K04", "K05", "K05", "K05"]
    assert [place for _, place in found][2:] == ["label", "tie", "socks"]


def test_mens_rules_are_not_put_on_women():
    worst = {"colours": list("abcdef"), "belt": "red", "sleeve_label": True, "top": "jacket", "sock_colour": "white"}
    assert dress(gender="woman", **worst) == []
    assert outfit_advice(CLEAN | {"gender": "woman", "shoe": "brown", "belt": "brown", "briefcase": "brown"}) == []


def test_a_row_of_a_table_and_numpy_values_do():
    row = pd.Series(CLEAN | {"sleeve_label": np.True_, "colours": np.array(["navy", "white"])})
    assert [finding.place for finding in check_outfit(row)] == ["label"]


@pytest.mark.parametrize(("changes", "says"), [
    ({"gender": "male"}, "gender: 'male' is not known"),
    ({"top": "Suit"}, "Did you mean 'suit'"),
    ({"tie": "no"}, "tie: True or False is needed, but 'no'"),
    ({"sleeve_label": 1}, "sleeve_label: True or False"),
    ({"colours": "navy, white"}, "colours: a list is needed, but a str"),
    ({"colours": []}, "colours is empty"),
    ({"colours": ["navy", 3]}, "colours: a text is needed, but 3"),
    ({"shoe": None}, "shoe: a text is needed"),
    ({"shoe": "blak"}, "Did you mean 'black'"),
    ({"sock_colour": "mauve"}, "'mauve' is not known"),
    ({"sock_pattern": ""}, "sock_pattern: a text"),
])  # fmt: skip
def test_an_outfit_that_cannot_be_judged_is_refused(changes, says):
    with pytest.raises(InputError, match=says):
        check_outfit(CLEAN | changes)


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_field_is_named(name):
    with pytest.raises(InputError, match=f"'{name}' is missing"):
        check_outfit({key: value for key, value in CLEAN.items() if key != name})


@pytest.mark.parametrize("outfit", [None, 3, "suit", [CLEAN]])
def test_what_is_no_outfit_is_refused(outfit):
    with pytest.raises(InputError, match="a dict or a row"):
        check_outfit(outfit)


def test_no_colour_is_dark_and_light():
    assert [colour for colour in known_colours() if is_dark(colour) and is_light(colour)] == []
    assert len(set(known_colours())) == len(known_colours())


@given(st.lists(st.sampled_from(known_colours()), min_size=1, max_size=9))
def test_only_the_number_of_different_colours_counts(colours):
    broken = ("K03", "colours") in dress(colours=colours)
    assert broken == (len(set(colours)) > 3)
    assert broken == (("K03", "colours") in dress(colours=sorted(colours)))


# Jewellery


@pytest.mark.parametrize(("kinds", "broken"), [
    ([], 0), (["ring"], 0), (["ring"] * 2, 0), (["ring"] * 3, 1), (["ring", "watch", "brooch"], 0),
    (["ring", "watch", "brooch"] * 2, 0), (["ring", "watch", "brooch", "necklace"], 1),
    (["ring"] * 3 + ["watch"] * 3, 2),
    (["ring"] * 3 + ["watch", "brooch", "necklace"], 2),
])  # fmt: skip
def test_three_kinds_and_two_of_each(kinds, broken):
    assert codes(pieces(*kinds)) == ["JW1"] * broken


@pytest.mark.parametrize(("second", "match"), [
    ({}, "pass"), ({"material": "brass"}, "tolerated"), ({"colour": "silver"}, "violation"),
    ({"material": "silver", "colour": "silver"}, "violation"),
])  # fmt: skip
def test_material_and_colour(second, match):
    worn = [RING, RING | {"kind": "watch"} | second]
    assert jewellery_match(worn) == match
    assert codes(worn) == (["JW2"] if match == "violation" else [])


@pytest.mark.parametrize(("styles", "clothes", "broken"), [
    ([], "sporty", False), (["classic"], "classic", False), (["classic", "classic"], "modern", True),
    (["classic", "modern"], "classic", True), (["modern", "modern"], "modern", False),
])  # fmt: skip
def test_one_style_that_of_the_clothes(styles, clothes, broken):
    assert codes([RING | {"style": style} for style in styles], clothes) == (["JW3"] if broken else [])


def test_custom_is_never_a_finding():
    pendant = RING | {"kind": "Buddha pendant", "material": "jade", "colour": "green"}
    assert codes([pendant]) == []


def test_a_table_of_pieces_does_and_the_order_does_not_matter():
    worn = [*pieces("ring", "ring", "ring"), RING | {"kind": "watch", "colour": "black", "style": "sporty"}]
    assert codes(pd.DataFrame(worn)) == codes(worn) == codes(worn[::-1]) == ["JW1", "JW2", "JW3"]


@pytest.mark.parametrize(("worn", "style", "says"), [
    (None, "classic", "pieces: a list is needed"), ("ring", "classic", "a list is needed, but a str"),
    ([3], "classic", "piece 0: a dict"),
    ([RING, {"kind": "ring"}], "classic", "piece 1: the field 'material' is missing"),
    ([RING | {"colour": 3}], "classic", "piece 0: colour: a text"), ([RING], None, "clothes_style: a text"),
    (RING, "classic", "a list is needed, but a dict"),
])  # fmt: skip
def test_jewellery_that_cannot_be_judged_is_refused(worn, style, says):
    with pytest.raises(InputError, match=says):
        check_jewellery(worn, style)


# The table of outfits


@pytest.mark.parametrize("seed", range(8))
def test_the_checks_find_what_was_put_in_and_nothing_else(seed):
    table = outfits(50, seed=seed)
    assert [labels(row) for _, row in table.iterrows()] == list(table["faults"])


def test_every_fault_occurs_and_some_outfits_are_clean():
    for seed in range(5):
        counts = outfits(50, seed=seed)["faults"].explode().value_counts(dropna=False)
        assert counts.reindex(list(FAULTS)).min() >= 3
        assert counts[counts.index.isna()].sum() >= 12


def test_traps_that_break_nothing_occur():
    table = pd.concat([outfits(200, seed=seed) for seed in range(3)])
    clean = table[table["faults"].str.len() == 0]
    assert (clean["jewellery"].map(jewellery_match) == "tolerated").any()
    assert ((clean["gender"] == "man") & clean["sock_colour"].map(is_light)).any()
    assert (clean.loc[clean["gender"] == "woman", "colours"].map(lambda worn: len(set(worn))) > 3).any()
    assert clean["jewellery"].str.len().min() == 0


def test_same_seed_same_outfits_and_other_seed_others():
    pd.testing.assert_frame_equal(outfits(20, seed=3), outfits(20, seed=3))
    assert not outfits(20, seed=3).equals(outfits(20, seed=4))


@pytest.mark.parametrize(("arguments", "says"), [
    ({"n": 0}, "n: a whole number of 1"), ({"n": 2.5}, "n: a whole"), ({"n": True}, "n: a whole"),
    ({"seed": -1}, "seed: a whole"),
])  # fmt: skip
def test_a_wrong_number_of_outfits_is_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        outfits(**arguments)
