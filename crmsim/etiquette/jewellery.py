"""Jewellery (首饰): how much, of what, in which style.

JW1 counts kinds and pieces; JW2 compares material and colour; JW3 compares styles with each other and with the
clothes. JW4 is a folk custom, taught and never checked. No jewellery at all breaks nothing.

Source: curriculum JW1-JW4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from crmsim.etiquette.facts import listed, record, word
from crmsim.etiquette.rule import Finding, rule

FIELDS = ("kind", "material", "colour", "style")


def check_jewellery(pieces: Any, clothes_style: str) -> list[Finding]:
    """Return the rules that a person's jewellery breaks, with the evidence.

    Parameters
    ----------
    pieces : list of dict, or DataFrame
        One entry or row a piece: `kind` ("ring"), `material` ("gold"), `colour` ("gold"), `style` ("classic"); any
        texts. An empty list: no jewellery.
    clothes_style : str
        The style of the clothes, in the same words as the style of a piece.

    Returns
    -------
    list of Finding
        Codes "JW1" (one finding for too many kinds, one for each kind with too many pieces), "JW2", "JW3".

    Errors: `InputError` for a missing field or a wrong type.

    >>> ring = dict(kind="ring", material="gold", colour="gold", style="classic")
    >>> [finding.evidence for finding in check_jewellery([ring] * 3, "classic")]
    ['3 pieces of the kind ring; at most 2']
    """
    worn = _read(pieces)
    style = word(clothes_style, what="clothes_style")
    return [*_quantity(worn), *_material_and_colour(worn), *_style(worn, style)]


def jewellery_match(pieces: Any) -> str:
    """Return how material and colour agree (质色原则): "pass", "tolerated" or "violation".

    All of one material and one colour pass; the same colour in different materials is tolerated, which is no
    violation; different colours violate JW2.

    >>> gold = dict(kind="ring", material="gold", colour="gold", style="classic")
    >>> jewellery_match([gold, gold | {"kind": "watch", "material": "brass"}])
    'tolerated'
    """
    return _match(_read(pieces))


def _read(pieces: Any) -> list[dict[str, str]]:
    entries = pieces.to_dict("records") if isinstance(pieces, pd.DataFrame) else listed(pieces, what="pieces")
    return [_piece(entry, f"piece {place}") for place, entry in enumerate(entries)]


def _piece(entry: Any, what: str) -> dict[str, str]:
    facts = record(entry, FIELDS, what=what)
    return {name: word(value, what=f"{what}: {name}") for name, value in facts.items()}


def _match(worn: list[dict[str, str]]) -> str:
    if len({piece["colour"] for piece in worn}) > 1:
        return "violation"
    return "tolerated" if len({piece["material"] for piece in worn}) > 1 else "pass"


def _quantity(worn: list[dict[str, str]]) -> Iterator[Finding]:
    limits, counts = rule("JW1").parameters, Counter(piece["kind"] for piece in worn)
    if len(counts) > limits["max_kinds"]:
        evidence = f"{len(counts)} kinds: {', '.join(counts)}; at most {limits['max_kinds']}"
        yield Finding("JW1", evidence, "kinds", f"Leave {len(counts) - limits['max_kinds']} of the kinds at home.")
    for kind, n in counts.items():
        if n > limits["max_of_each_kind"]:
            evidence = f"{n} pieces of the kind {kind}; at most {limits['max_of_each_kind']}"
            yield Finding("JW1", evidence, kind, f"Wear at most {limits['max_of_each_kind']} of them.")


def _material_and_colour(worn: list[dict[str, str]]) -> Iterator[Finding]:
    if _match(worn) == "violation":
        evidence = "different colours: " + ", ".join(f"{piece['kind']} {piece['colour']}" for piece in worn)
        yield Finding("JW2", evidence, "colour", "Match material and colour; if the material cannot match, the colour.")


def _style(worn: list[dict[str, str]], clothes: str) -> Iterator[Finding]:
    styles = list(dict.fromkeys(piece["style"] for piece in worn))
    if styles and styles != [clothes]:
        evidence = f"jewellery {', '.join(styles)}; clothes {clothes}"
        yield Finding("JW3", evidence, "style", f"Wear pieces of one style, {clothes} as the clothes are.")
