"""Men's business dress (男士着装): the three-colour rule, the three-in-one rule and the three taboos.

The outfit is a record of colours and garments. K03 counts the different colours of everything that is worn and
carried (suit, shirt, tie, shoes, socks, belt, briefcase): at most three. K04 wants one colour for shoes, belt and
briefcase. K05 has three parts: the sleeve label, the tie, the socks. Which colour counts as dark or light is [EXT].

The material states dress rules for men only. Nothing of them is carried over to women: a woman's outfit has no
finding here, whatever she wears.

Source: curriculum K02-K05.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crmsim.errors import InputError
from crmsim.etiquette.facts import flag, listed, record, word
from crmsim.etiquette.rule import Finding, rule

TOPS = ("suit", "jacket", "short_sleeve_shirt")
GENDERS = ("man", "woman")
TRIPLE = ("shoe", "belt", "briefcase")
FIELDS = ("gender", "colours", *TRIPLE, "sleeve_label", "top", "tie", "sock_colour", "sock_pattern")


def check_outfit(outfit: Any) -> list[Finding]:
    """Return the dress rules that a man's outfit breaks, with the evidence.

    Parameters
    ----------
    outfit : dict or Series
        `gender` ("man" or "woman"); `colours` (list of colour names, repeated or not, of all that is worn and
        carried); `shoe`, `belt`, `briefcase`, `sock_colour` (colour names); `sock_pattern` ("plain" or the name of a
        pattern); `sleeve_label` (True: still on); `top` ("suit", "jacket", "short_sleeve_shirt"); `tie` (True: worn).
        Further fields are not read.

    Returns
    -------
    list of Finding
        Codes "K03", "K04", "K05" in this order; a K05 has the `place` "label", "tie" or "socks".

    Errors: `InputError` for a missing field, a wrong type, an unknown garment, and for a colour of shoes or socks of
    which nobody said whether it is dark or light.

    >>> outfit = dict(gender="man", colours=["navy", "white", "black"], shoe="black", belt="black", briefcase="black",
    ...               sleeve_label=False, top="suit", tie=True, sock_colour="white", sock_pattern="plain")
    >>> [(finding.code, finding.place) for finding in check_outfit(outfit)]
    [('K05', 'socks')]
    """
    facts = _read(outfit)
    if facts["gender"] == "woman":
        return []
    return [*_three_colours(facts), *_three_in_one(facts), *_taboos(facts)]


def outfit_advice(outfit: Any) -> list[str]:
    """Return what could be better although no rule is broken: shoes, belt and briefcase of one colour, but not black.

    >>> outfit = dict(gender="man", colours=["navy", "white", "brown"], shoe="brown", belt="brown", briefcase="brown",
    ...               sleeve_label=False, top="suit", tie=True, sock_colour="brown", sock_pattern="plain")
    >>> outfit_advice(outfit)
    ['K04: shoes, belt and briefcase are all brown; best they are all black.']
    """
    facts = _read(outfit)
    worn, best = {facts[name] for name in TRIPLE}, rule("K04").parameters["best_colour"]
    if facts["gender"] == "woman" or len(worn) > 1 or worn == {best}:
        return []
    return [f"K04: shoes, belt and briefcase are all {facts['shoe']}; best they are all {best}."]


def is_dark(colour: str) -> bool:
    """Whether a colour counts as dark [EXT].

    >>> is_dark("navy"), is_dark("beige")
    (True, False)
    """
    return _shade(colour) == "dark_colours"


def is_light(colour: str) -> bool:
    """Whether a colour counts as light, white included [EXT]."""
    return _shade(colour) == "light_colours"


def known_colours() -> list[str]:
    """Return the colours of which it is known whether they are dark, light or between [EXT]."""
    return [colour for shade in _SHADES for colour in rule("K05").parameters[shade]]


_SHADES = ("dark_colours", "middle_colours", "light_colours")


def _shade(colour: str) -> str:
    for shade in _SHADES:
        if colour in rule("K05").parameters[shade]:
            return shade
    word(colour, what="colour of shoes or socks", among=known_colours())
    raise AssertionError("a known colour has a shade")


def _read(outfit: Any) -> dict[str, Any]:
    facts = record(outfit, FIELDS, what="outfit")
    word(facts["gender"], what="outfit: gender", among=GENDERS)
    word(facts["top"], what="outfit: top", among=TOPS)
    for name in (*TRIPLE, "sock_colour", "sock_pattern"):
        word(facts[name], what=f"outfit: {name}")
    for name in ("sleeve_label", "tie"):
        facts[name] = flag(facts[name], what=f"outfit: {name}")
    colours = listed(facts["colours"], what="outfit: colours")
    if not colours:
        raise InputError("outfit: colours is empty; list the colour of everything that is worn and carried.")
    facts["colours"] = list(dict.fromkeys(word(colour, what="outfit: colours") for colour in colours))
    return facts


def _three_colours(facts: dict[str, Any]) -> Iterator[Finding]:
    most, colours = rule("K03").parameters["max_colours"], facts["colours"]
    if len(colours) > most:
        evidence = f"{len(colours)} colours: {', '.join(colours)}; at most {most}"
        yield Finding("K03", evidence, "colours", f"Take away {len(colours) - most} of the colours.")


def _three_in_one(facts: dict[str, Any]) -> Iterator[Finding]:
    if len({facts[name] for name in TRIPLE}) > 1:
        worn = ", ".join(f"{name} {facts[name]}" for name in TRIPLE)
        yield Finding("K04", worn, "shoe, belt, briefcase", "Give the three one colour, best black.")


def _taboos(facts: dict[str, Any]) -> Iterator[Finding]:
    if facts["sleeve_label"]:
        yield Finding("K05", "the label is still on the sleeve", "label", "Take the label off.")
    if facts["tie"] and facts["top"] in rule("K05").parameters["no_tie_with"]:
        top = facts["top"].replace("_", " ")
        yield Finding("K05", f"a tie with a {top}", "tie", "Take the tie off, or wear a suit.")
    wears_dark_shoes = is_dark(facts["shoe"])
    reasons = [colour for colour in [facts["sock_colour"]] if is_light(colour)]
    reasons += [pattern for pattern in [facts["sock_pattern"]] if pattern != "plain"]
    if reasons and wears_dark_shoes:
        evidence = f"{' and '.join(reasons)} socks with {facts['shoe']} shoes"
        yield Finding("K05", evidence, "socks", "Wear plain dark socks with dark shoes.")
