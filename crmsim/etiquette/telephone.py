"""Etiquette of a telephone call (电话礼仪, TE1-TE11), checked on a log of what happened.

What is said is judged in `manners` (TE1-TE5, TE9-TE11), the time in `calendars` (TE6, TE7), the attempts to reach
somebody in `attempts` (TE8). When the other side was never heard and the agent said nothing, only the time of the call
and the attempts are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmsim.customers.arguments import pairs_of
from crmsim.errors import InputError
from crmsim.etiquette.attempts import check_attempts
from crmsim.etiquette.calendars import clock_minutes, hours_of, time_findings
from crmsim.etiquette.calllog import Call, calls_of, one_call
from crmsim.etiquette.manners import opening_findings, tone_and_close_findings
from crmsim.etiquette.rule import Finding, rule

CODES = tuple(f"TE{number}" for number in range(1, 12))


def check_call(
    events: pd.DataFrame, *, call_id: Any = None, industry: str | None = None,
    limits: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Which of the rules TE1 to TE11 a call breaks, with evidence.

    Parameters
    ----------
    events : DataFrame
        One row per event, columns `call_id, prospect_id, weekday, start, attempt_no, event, t_seconds, text, tone`
        (see `crmsim.etiquette.calllog`). Earlier calls to the same prospect may stand there, too: TE8 needs them.
    call_id : label, optional
        The call to check; by default the last one.
    industry : str, optional
        Of the firm that is called, for TE7; without it TE7 is not judged.
    limits : mapping, optional
        Other numbers than those of the rules [EXT]: `monday_earliest` ("10:00"), `min_gap` and `cooldown` (minutes),
        `table` (windows as in `windows`).

    Returns
    -------
    list of Finding
        In the order of the rules; empty for a good call. `place` is the row of the table where there is one.

    Raises
    ------
    InputError
        The table is not in order (row and column are named), or holds calls to several prospects.

    Notes
    -----
    Curriculum TE1-TE11.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(30, seed=1, language="en")
    >>> rude = logs.truth.index[logs.truth["TE9"]][0]
    >>> [finding.code for finding in check_call(logs.events, call_id=rude)]
    ['TE3', 'TE4', 'TE9']
    """
    call, series = one_call(events, call_id)
    return _all_findings(call, series, industry, _Limits(limits))


def check_calls(
    events: pd.DataFrame, *, industry: Mapping[Any, str] | pd.Series[Any] | None = None,
    limits: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Everything that the calls of a log break.

    Parameters
    ----------
    events : DataFrame
        As for `check_call`, with any number of calls and prospects.
    industry : mapping or Series, optional
        Prospect to industry; who is not in it is not judged by TE7.
    limits : mapping, optional
        As for `check_call`.

    Returns
    -------
    DataFrame
        One row per finding: `call_id`, `code`, `evidence`, `place`, `advice`; calls in the order of the table.

    Raises
    ------
    InputError
        As for `check_call`.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(30, seed=1)
    >>> sorted(check_calls(logs.events, industry=logs.prospects["industry"])["code"].unique(), key=CODES.index)[:3]
    ['TE1', 'TE2', 'TE3']
    """
    calls, given = calls_of(events), _Limits(limits)
    by_prospect: dict[Any, list[Call]] = {}
    for call in sorted(calls, key=lambda each: (each.week_minute, each.attempt_no)):
        by_prospect.setdefault(call.prospect_id, []).append(call)
    known = {} if industry is None else pairs_of("industry", industry, example="{'P0001': 'bank'}")
    rows = [
        (call.call_id, item.code, item.evidence, item.place, item.advice) for call in calls
        for item in _all_findings(call, by_prospect[call.prospect_id], known.get(call.prospect_id), given)
    ]
    return pd.DataFrame(rows, columns=["call_id", "code", "evidence", "place", "advice"])


def check_opening(events: pd.DataFrame, *, call_id: Any = None) -> list[Finding]:
    """Which of TE1 to TE4 the opening of a call breaks.

    TE1 the agent speaks before the other side is heard; TE2 no respectful address in all the agent says, or a rude
    word; TE3 no question whether it is convenient before the matter; TE4 not both organisation and name before it.

    Parameters
    ----------
    events : DataFrame
        As for `check_call`.
    call_id : label, optional

    Returns
    -------
    list of Finding

    Raises
    ------
    InputError
        As for `check_call`.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(30, seed=1)
    >>> hasty = logs.truth.index[logs.truth["TE1"]][0]
    >>> check_opening(logs.events, call_id=hasty)[0].code
    'TE1'
    """
    return list(opening_findings(one_call(events, call_id)[0]))


def check_tone_and_close(events: pd.DataFrame, *, call_id: Any = None) -> list[Finding]:
    """Which of TE5, TE9, TE10 and TE11 a call breaks.

    TE5 the agent is cold, or rude to somebody who is not [INF]; TE9 customer and agent are both rude; TE10 the agent
    hangs up before the customer; TE11 the close lacks thanks or an apology.

    Parameters
    ----------
    events : DataFrame
        As for `check_call`.
    call_id : label, optional

    Returns
    -------
    list of Finding

    Raises
    ------
    InputError
        As for `check_call`.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(30, seed=1)
    >>> hasty = logs.truth.index[logs.truth["TE10"]][0]
    >>> "TE10" in [finding.code for finding in check_tone_and_close(logs.events, call_id=hasty)]
    True
    """
    return list(tone_and_close_findings(one_call(events, call_id)[0]))


class _Limits:
    """The numbers of TE6 to TE8, read once for all calls."""

    def __init__(self, limits: Mapping[str, Any] | None) -> None:
        given = {} if limits is None else pairs_of("limits", limits, example="{'cooldown': 60}")
        unknown = set(given) - {"monday_earliest", "min_gap", "cooldown", "table"}
        if unknown:
            other = min(unknown, key=str)
            raise InputError(f"limits: {other!r} is unknown; known: monday_earliest, min_gap, cooldown, table.")
        self.earliest = clock_minutes(given.get("monday_earliest", rule("TE6").parameters["monday_earliest"]))
        self.gaps = {name: given.get(name) for name in ("min_gap", "cooldown")}
        self.hours = hours_of(given["table"]) if given.get("table") is not None else None


def _all_findings(call: Call, series: list[Call], industry: str | None, limits: _Limits) -> list[Finding]:
    findings = [*opening_findings(call), *tone_and_close_findings(call), *_attempts(call, series, limits)]
    findings += time_findings(call.weekday, call.minutes, industry, earliest=limits.earliest, hours=limits.hours)
    return sorted(findings, key=lambda finding: CODES.index(finding.code))


def _attempts(call: Call, series: list[Call], limits: _Limits) -> list[Finding]:
    times, answered = [each.week_minute for each in series], [each.answered for each in series]
    place = next(number for number, each in enumerate(series, start=1) if each is call)
    return [finding for finding in check_attempts(times, answered, **limits.gaps) if finding.place == place]
