"""Where the labels of arrows stand in a picture: along the arrow, where they cover no box and no other label."""

from __future__ import annotations

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Area = tuple[float, float, float, float]
"""Left, upper, right and lower border."""

SHOWN = 27
"""How many letters a line of a box shows; a Chinese letter counts twice."""
PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9)
"""Where along an arrow its label may stand: shares of the way."""
MOST_PLACED = 200
"""With more arrows than that no place is looked for: nobody could read them."""
LETTER, LINE = 6.2, 13
"""About the width of a letter, and the height of a line."""


def labels_of(curves: list[tuple[Curve, str]], solid: list[Area]) -> list[tuple[float, float, str]]:
    """Where the label of each arrow stands (the middle of its line of words), so that it covers nothing solid."""
    taken, found = list(solid), []
    for curve, label in curves:
        place = _at(curve, PLACES[0])
        if len(curves) <= MOST_PLACED:
            place = _free(curve, label, taken)
            taken.append(area_of(place, label))
        found.append((*place, label))
    return found


def _free(curve: Curve, label: str, taken: list[Area]) -> Point:
    """The first place where the label covers nothing, else where it covers least."""
    least, best = float("inf"), _at(curve, PLACES[0])
    for share in PLACES:
        place = _at(curve, share)
        own = area_of(place, label)
        covered = sum(common(own, other) for other in taken)
        if covered < least:
            least, best = covered, place
        if not covered:
            break
    return best


def _at(curve: Curve, share: float) -> Point:
    """The point of a cubic Bezier curve at a share of its parameter."""
    weights = ((1 - share) ** 3, 3 * (1 - share) ** 2 * share, 3 * (1 - share) * share**2, share**3)
    x, y = (sum(weight * part for weight, part in zip(weights, axis, strict=True)) for axis in zip(*curve, strict=True))
    return x, y


def area_of(place: Point, label: str) -> Area:
    """What a label covers that stands at this place."""
    half = LETTER * width_of(cut(label)) / 2
    return place[0] - half, place[1] - LINE + 2, place[0] + half, place[1] + 3


def common(one: Area, other: Area) -> float:
    """How much of two areas is the same."""
    if one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]:
        return 0.0
    return (min(one[2], other[2]) - max(one[0], other[0])) * (min(one[3], other[3]) - max(one[1], other[1]))


def cut(text: str) -> str:
    """The first letters of a text, as many as a line shows."""
    text = " ".join(text.split())
    if width_of(text) <= SHOWN:
        return text
    shown = text[:SHOWN]
    while width_of(shown) > SHOWN:
        shown = shown[:-1]
    return shown + "…"


def width_of(text: str) -> int:
    """Letters, of which Chinese ones count twice."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
