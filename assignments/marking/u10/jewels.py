"""Question 2: jewellery of one's own people, and sentences about dress and custom."""

import pandas as pd

from crmsim.course.marking import slip


def judged(case):
    """The right answer to part a."""
    by_person, n_each = _by_person(case), _most_of_a_kind(case)
    return pd.DataFrame({
        "n_pieces": by_person.size(), "too_many": (by_person["kind"].nunique() > 3) | (n_each > 2),
        "match": _match(by_person), "fits": _in_style(case).all(),
    })


def _by_person(case):
    return case.pieces.groupby("person_id")


def _most_of_a_kind(case):
    return case.pieces.groupby(["person_id", "kind"]).size().groupby("person_id").max()


def _match(by_person):
    match = (by_person["material"].nunique() < 2).map({True: "pass", False: "tolerated"})
    return match.where(by_person["colour"].nunique() < 2, "violation")


def _in_style(case):
    """For each person, piece by piece: whether it has the style of the clothes."""
    worn = case.pieces.join(case.outfits["clothes_style"], on="person_id")
    return (worn["style"] == worn["clothes_style"]).groupby(worn["person_id"])


def strict_match(case):
    """Pass only, or a violation: nothing is tolerated."""
    return judged(case)["match"].replace("tolerated", "violation")


def fits_one_piece(case):
    """Whether at least one piece has the style of the clothes."""
    return _in_style(case).any()


JEWELS = [
    slip("n_pieces", "kinds", lambda case: _by_person(case)["kind"].nunique(), "these are kinds. Count rows: .size()."),
    slip("too_many", "kinds only", lambda case: _by_person(case)["kind"].nunique() > 3,
         "at most two pieces of each kind are allowed, too."),
    slip("too_many", "of a kind only", lambda case: _most_of_a_kind(case) > 2,
         "more than three kinds are too many, too."),
    slip("too_many", "pieces", lambda case: _by_person(case).size() > 3,
         "you counted pieces. The limits are three kinds, and two pieces of each kind."),
    slip("too_many", "both limits", lambda case: (_most_of_a_kind(case) >= 2)
         | (_by_person(case)["kind"].nunique() >= 3), "three kinds, and two pieces of each, are allowed."),
    slip("too_many", "two of a kind", lambda case: (_most_of_a_kind(case) >= 2)
         | (_by_person(case)["kind"].nunique() > 3), "two pieces of a kind are allowed."),
    slip("too_many", "three kinds", lambda case: (_most_of_a_kind(case) > 2)
         | (_by_person(case)["kind"].nunique() >= 3), "three kinds are allowed."),
    slip("too_many", "pieces or a kind", lambda case: (_most_of_a_kind(case) > 2) | (_by_person(case).size() > 3),
         "count kinds, not pieces: more than three kinds are too many."),
    slip("too_many", "both at once", lambda case: (_most_of_a_kind(case) > 2)
         & (_by_person(case)["kind"].nunique() > 3), "one of the two is enough: or, in pandas `|`."),
    slip("match", "nothing tolerated", strict_match,
         "where the colour agrees and only the material differs, it is tolerated."),
    slip("match", "material forgotten", lambda case: judged(case)["match"].replace("tolerated", "pass"),
         "different materials of one colour are tolerated; only one material and one colour pass."),
    slip("fits", "turned round", lambda case: ~judged(case)["fits"], "you turned it round: True means that it fits."),
    slip("fits", "one piece", fits_one_piece, "all pieces must have the style of the clothes, not only one of them."),
    slip("fits", "everybody", lambda case: _in_style(case).size() > 0,
         "this says yes to everybody. Compare the style of the pieces with that of the clothes."),
    slip("fits", "among themselves", lambda case: _by_person(case)["style"].nunique() < 2,
         "the pieces agree with each other. They should agree with the clothes as well."),
]
SAYINGS = {"a": True, "b": False, "c": False, "d": False}
SAID = [
    slip("a", "false", lambda case: False, "look at the basic norm of men's business dress."),
    slip("b", "true", lambda case: True, "the custom is the other way round."),
    slip("c", "true", lambda case: True, "it is a folk custom to know, and nobody is judged by it."),
    slip("d", "true", lambda case: True, "fewer is better, and the number begins at 0."),
]
