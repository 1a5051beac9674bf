"""The preparation (准备) before a direct visit: five points of one's outer image, all of which are looked after.

Only this first step of the direct visit stands in the material; the later steps are missing, and none is invented.

Source: curriculum K01.
"""

from __future__ import annotations

from typing import Any

from crmsim.etiquette.facts import listed, word
from crmsim.etiquette.rule import Finding, rule


def check_preparation(done: Any) -> list[Finding]:
    """Return the points of the preparation that are missing.

    Parameters
    ----------
    done : list or set of str
        Of "clothes", "grooming", "speech_and_bearing", "expression", "movement".

    Returns
    -------
    list of Finding
        Code "K01" for each missing point, which stands in `place`.

    Errors: `InputError` for a point that is none of the five.

    >>> [finding.place for finding in check_preparation(["clothes", "grooming", "expression"])]
    ['speech_and_bearing', 'movement']
    """
    points = rule("K01").parameters["points"]
    ticked = {word(point, what="done", among=points) for point in listed(done, what="done")}
    return [_missing(point, zh) for point, zh in points.items() if point not in ticked]


def _missing(point: str, zh: str) -> Finding:
    name = point.replace("_", " ")
    return Finding("K01", f"{name} ({zh}) was not looked after", point, f"Look after your {name} before you leave.")
