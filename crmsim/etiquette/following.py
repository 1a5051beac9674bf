"""Following a call as it happens: after every event, what has just been broken.

A call is played as a state machine: it is ringing, then open, then on the matter, then over. The rules become decidable
at different times: TE6 to TE8 when the number is dialled, TE1 when the agent first speaks, TE5 and TE9 at every
line, TE3 and TE4 when the matter begins, TE2, TE10 and TE11 when the call is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmsim.etiquette.calllog import Call, one_call
from crmsim.etiquette.telephone import CODES, check_call
from crmsim.etiquette.wording import found

_AT_THE_MATTER, _AT_THE_END = ("TE3", "TE4"), ("TE2", "TE10", "TE11")


def follow(
    events: pd.DataFrame, *, call_id: Any = None, industry: str | None = None,
    limits: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """A call event by event: its state, and the rules that are broken at this moment.

    Parameters
    ----------
    events, call_id, industry, limits
        As for `check_call`.

    Returns
    -------
    DataFrame
        One row per event of the call, index as in `events`: `t_seconds`, `event`, `text`, `tone`, `state` ("ringing",
        "open", "matter" or "over"), `broken` (codes, a space between; empty for none). All codes together are those of
        `check_call`.

    Raises
    ------
    InputError
        As for `check_call`.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(30, seed=1)
    >>> hasty = logs.truth.index[logs.truth["TE1"]][0]
    >>> played = follow(logs.events, call_id=hasty)
    >>> played.loc[played["broken"].str.contains("TE1"), "state"].tolist()[0]
    'ringing'
    """
    call, _ = one_call(events, call_id)
    places = _places(call)
    broken: list[list[str]] = [[] for _ in call.events]
    for finding in check_call(events, call_id=call.call_id, industry=industry, limits=limits):
        broken[_when(finding.code, finding.place, call, places)].append(finding.code)
    rows = [
        (event.t_seconds, event.event, event.text, event.tone, state, " ".join(sorted(codes, key=CODES.index)))
        for event, state, codes in zip(call.events, _states(call, places), broken, strict=True)
    ]
    names = ["t_seconds", "event", "text", "tone", "state", "broken"]
    index = pd.Index([event.row for event in call.events], name=events.index.name)
    return pd.DataFrame(rows, columns=names, index=index)


def _places(call: Call) -> dict[str, int]:
    """At which event the other side is heard, the matter begins, the call is over; the end where it never happens."""
    last = len(call.events) - 1
    heard = (k for k, event in enumerate(call.events) if event.event in ("customer_voice", "customer_say"))
    matter = (k for k, event in enumerate(call.events) if event.event == "agent_say" and found("pitch", event.text))
    over = (k for k, event in enumerate(call.events) if event.event.startswith("hangup"))
    return {"heard": next(heard, last + 1), "matter": next(matter, last), "over": next(over, last)}


def _states(call: Call, places: dict[str, int]) -> list[str]:
    states = []
    for place, event in enumerate(call.events):
        is_matter = place >= places["matter"] and call.answered and not event.event.startswith("hangup")
        states.append("over" if place >= places["over"] else "matter" if is_matter else
                      "open" if place >= places["heard"] else "ringing")
    return states


def _when(code: str, row: Any, call: Call, places: dict[str, int]) -> int:
    if code in ("TE6", "TE7", "TE8"):
        return 0
    if code in _AT_THE_MATTER:
        return places["matter"]
    if code in _AT_THE_END:
        return places["over"]
    return next(place for place, event in enumerate(call.events) if event.row == row)
