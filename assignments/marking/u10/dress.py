"""Question 1: a function for the dress rules, and who of one's own people breaks two of them."""

from crmsim.course.marking import Mistake, slip
from crmsim.etiquette import check_outfit
from crmsim.etiquette.dress import is_dark, is_light

N_OWN = 12
GOOD = {
    "gender": "man", "colours": ["navy", "white", "navy", "black", "black", "black", "black"], "shoe": "black",
    "belt": "black", "briefcase": "black", "sleeve_label": False, "top": "suit", "tie": True, "sock_colour": "black",
    "sock_pattern": "plain",
}
BAD = {
    "colours": ["red", "white", "black", "brown", "white"], "belt": "brown", "sleeve_label": True, "top": "jacket",
    "sock_colour": "white",
}
BOUNDARIES = [
    {}, BAD, BAD | {"gender": "woman"}, {"colours": ["navy", "white", "red", "black", "black"]},
    {"colours": ["grey", "white", "grey"], "shoe": "grey", "belt": "grey", "briefcase": "grey", "sock_colour": "white"},
    {"top": "short_sleeve_shirt"}, {"top": "jacket", "tie": False}, {"sock_pattern": "striped", "sock_colour": "navy"},
    {"colours": ["black", "white", "black", "black", "black", "black"]}, {"briefcase": "navy"},
    {"belt": "brown", "colours": ["black", "white", "black", "black", "brown"]},
    {"sock_colour": "light_blue"}, {"sock_colour": "burgundy", "sock_pattern": "dotted"},
]


def worn_by(case):
    """Outfits to try the function on: the first of the student's own people, and boundaries."""
    colours = case.clothes.groupby("person_id")["colour"].apply(list)
    own = []
    for who, row in case.outfits.head(N_OWN).iterrows():
        facts = {name: row[name] for name in GOOD if name != "colours"}
        flags = {name: bool(facts[name]) for name in ("sleeve_label", "tie")}
        own.append(({**facts, **flags, "colours": list(colours[who])},))
    return own + [(GOOD | changes,) for changes in BOUNDARIES]


def faults_of(outfit):
    """The right answer to part a for one outfit."""
    return [str(found.place) if found.code == "K05" else found.code for found in check_outfit(outfit)]


def judged(*, also=None, keep=lambda found, outfit: found):
    """The function asked for, or one with a slip: changed facts, or findings that are left out or added."""

    def faults(outfit):
        seen = outfit if also is None else also(outfit)
        return keep(faults_of(seen), outfit)

    return lambda case: faults


def _put(found, code, *, there):
    return [each for each in found if each != code] + [code] * there


def _of_a_man(code, broken):
    """A slip that judges one rule of a man's outfit by another test."""
    return judged(keep=lambda found, o: _put(found, code, there=broken(o)) if o["gender"] == "man" else found)


FAULTS = [
    Mistake("women judged", judged(also=lambda outfit: outfit | {"gender": "man"}), 0.6,
            "You judge women by rules that the handout gives for men only."),
    Mistake("three are too many", _of_a_man("K03", lambda o: len(set(o["colours"])) >= 3), 0.5,
            "Three colours are allowed: K03 is broken by four or more."),
    Mistake("things, not colours", _of_a_man("K03", lambda o: len(o["colours"]) > 3), 0.5,
            "You counted things. Count different colours: set(...) keeps each once."),
    Mistake("black only", _of_a_man("K04", lambda o: {o["shoe"], o["belt"], o["briefcase"]} != {"black"}), 0.6,
            "Black is best, but any one colour keeps the three-in-one rule."),
    *[Mistake(f"{place} forgotten", _of_a_man("K04", lambda o, other=other: o["shoe"] != o[other]), 0.7,
              "Three places share one colour: you compared only two of them.")
      for place, other in [("briefcase", "belt"), ("belt", "briefcase")]],
    Mistake("socks with any shoes", _of_a_man("socks", lambda o: is_light(o["sock_colour"])
                                              or o["sock_pattern"] != "plain"), 0.7,
            "Light or patterned socks are a taboo with dark shoes only."),
    Mistake("pattern forgotten", _of_a_man("socks", lambda o: is_dark(o["shoe"]) and is_light(o["sock_colour"])), 0.7,
            "Patterned socks are a taboo, too, whatever their colour."),
    Mistake("stripes alone", _of_a_man("socks", lambda o: is_dark(o["shoe"]) and (
        is_light(o["sock_colour"]) or o["sock_pattern"] == "striped")), 0.8,
            "Stripes are not the only pattern: everything that is not plain counts."),
    Mistake("light and patterned", _of_a_man("socks", lambda o: is_dark(o["shoe"]) and is_light(o["sock_colour"])
                                             and o["sock_pattern"] != "plain"), 0.6,
            "Socks are a taboo when they are light or patterned; they need not be both."),
    Mistake("tie alone", _of_a_man("tie", lambda o: o["tie"]), 0.5,
            "A tie with a suit is right. It is a taboo with a jacket or a short-sleeved shirt."),
    Mistake("jacket alone", _of_a_man("tie", lambda o: o["tie"] and o["top"] == "jacket"), 0.8,
            "A tie with a short-sleeved shirt is a taboo, too."),
    Mistake("no tie", _of_a_man("tie", lambda o: not o["tie"]), 0.5, "You turned it round: no tie is no taboo."),
]


def men(case):
    """Ids of the men."""
    return case.outfits.index[case.outfits["gender"] == "man"]


def n_colours(case):
    """Different colours on each person."""
    return case.clothes.groupby("person_id")["colour"].nunique()


def n_leather(case):
    """Different colours of shoes, belt and briefcase."""
    return case.outfits[["shoe", "belt", "briefcase"]].nunique(axis=1)


def look(case):
    """The right answer to part b."""
    colours, leather = n_colours(case)[men(case)], n_leather(case)[men(case)]
    return {"n_three_colours": int((colours > 3).sum()), "n_three_in_one": int((leather > 1).sum()),
            "most_colours": int(colours.max())}


def things(case):
    """Things on each man."""
    return case.clothes.groupby("person_id").size()[men(case)]


LOOKS = [
    slip("n_three_colours", "women", lambda case: int((n_colours(case) > 3).sum()),
         "the dress rules are for men; you counted women, too."),
    slip("n_three_colours", "three", lambda case: int((n_colours(case)[men(case)] >= 3).sum()),
         "three colours are allowed."),
    slip("n_three_colours", "things", lambda case: int((things(case) > 3).sum()),
         "you counted things. Count different colours: .nunique()."),
    slip("n_three_in_one", "women", lambda case: int((n_leather(case) > 1).sum()),
         "the dress rules are for men; you counted women, too."),
    slip("n_three_in_one", "kept", lambda case: int((n_leather(case)[men(case)] == 1).sum()),
         "these are those who keep the rule."),
    slip("n_three_in_one", "not black",
         lambda case: int((case.outfits.loc[men(case), ["shoe", "belt", "briefcase"]] != "black").any(axis=1).sum()),
         "black is best, but any one colour keeps the rule."),
    slip("most_colours", "women", lambda case: int(n_colours(case).max()), "this is a woman. Look at the men."),
    slip("most_colours", "things", lambda case: int(things(case).max()),
         "you counted things. Count different colours: .nunique()."),
]
