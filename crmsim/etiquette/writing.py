"""A call written down as a dialogue, turned into a log: so that what somebody would say can be checked like a call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from crmsim.customers.arguments import entries
from crmsim.errors import InputError, did_you_mean
from crmsim.etiquette.calendars import clock_minutes, clock_text, weekday_of
from crmsim.etiquette.calllog import COLUMNS, TONES

SPEAKERS = {"agent": "agent", "customer": "customer", "我": "agent", "客户": "customer"}
SECONDS = 5.0
"""From one line to the next: nobody has measured it."""


def dialogue(
    lines: Iterable[Any], *, weekday: str = "tue", start: str = "10:00", hangs_up: str = "customer",
) -> pd.DataFrame:
    """The events of a call that exists on paper.

    Parameters
    ----------
    lines : sequence of pairs or triples
        Who speaks ("agent" or "我", "customer" or "客户"), what is said, and the tone if it is not "neutral". The first
        line of the customer is the voice that is heard first.
    weekday, start : str
        When the call is made: "tue", "16:20".
    hangs_up : str
        Who hangs up first, "customer" or "agent".

    Returns
    -------
    DataFrame
        A table `call_events` with one call, for `check_call` and `follow`.

    Raises
    ------
    InputError
        A line is no pair or triple, somebody or a tone is unknown, or nobody says anything.

    Examples
    --------
    >>> from crmsim.etiquette.telephone import check_call
    >>> call = dialogue([("customer", "Hello?"), ("agent", "Good morning, Ms Wang. This is Li Ming from Hongda.")])
    >>> [finding.code for finding in check_call(call)]
    ['TE3', 'TE11']
    """
    spoken = entries("lines", lines, example="[('customer', 'Hello?')]")
    told = [_line(line, number) for number, line in enumerate(spoken, start=1)]
    if not told:
        raise InputError("dialogue: there are no lines; write pairs such as ('customer', '喂？').")
    first = next((place for place, (who, _, _) in enumerate(told) if who == "customer"), None)
    rows = [("dial", 0.0, "", ""), ("ring", 2.0, "", "")]
    for place, (who, text, tone) in enumerate(told):
        event = "customer_voice" if place == first else f"{who}_say"
        rows.append((event, (place + 1) * SECONDS, text, tone))
    end = (len(told) + 1) * SECONDS
    order = ["agent", "customer"] if _speaker(hangs_up, "hangs_up") == "agent" else ["customer", "agent"]
    rows += [(f"hangup_{who}", end + place, "", "") for place, who in enumerate(order)]
    known = {"call_id": "C1", "prospect_id": "P1", "weekday": weekday_of(weekday),
             "start": clock_text(clock_minutes(start)), "attempt_no": 1}
    names = ("event", "t_seconds", "text", "tone")
    return pd.DataFrame([known | dict(zip(names, row, strict=True)) for row in rows])[list(COLUMNS)]


def _line(line: Any, number: int) -> tuple[str, str, str]:
    where = f"dialogue, line {number}"
    if isinstance(line, str) or not isinstance(line, (list, tuple)) or len(line) not in (2, 3):
        raise InputError(f"{where}: who speaks and the words are needed, as ('customer', '喂？'), not {line!r}.")
    who, text, tone = (*line, "neutral")[:3]
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{where}: {text!r} are no words; write a text.")
    if tone not in TONES:
        raise InputError(f"{where}: {tone!r} is no tone. {did_you_mean(str(tone), TONES)}")
    return _speaker(who, where), text, tone


def _speaker(who: Any, where: str) -> str:
    if not isinstance(who, str) or who not in SPEAKERS:
        raise InputError(f"{where}: {who!r} does not speak here. {did_you_mean(str(who), SPEAKERS)}")
    return SPEAKERS[who]
