"""Rules on when and how often is dialled: hours by law and by custom, Mondays, calling again, not calling again."""

from __future__ import annotations

from collections.abc import Iterator

from crmsim.etiquette.calendars import clock_text, hours_of, windows
from crmsim.phone.findings import Finding
from crmsim.phone.model import Calendar, Script
from crmsim.phone.rulebook import finding, rule


def findings(script: Script) -> Iterator[Finding]:
    """Every fault of the calendar."""
    calendar = script.calendar
    if calendar is None:
        yield finding(script, "no_calendar", "script", evidence="the script has no calendar")
        return
    yield from _hours(script, calendar)
    yield from _again(script, calendar)


def _hours(script: Script, calendar: Calendar) -> Iterator[Finding]:
    start, stop = minutes(calendar.earliest), minutes(calendar.latest)
    window = f"{calendar.earliest} to {calendar.latest}"
    if stop <= start:
        yield finding(script, "empty_window", "calendar", "to", evidence=window)
        return
    usual = ["unusual_hours"] if calendar.industry is None else []
    for code in [f"legal_hours_{language}" for language in script.languages] + usual:
        limits = rule(code).parameters
        key = "from" if start < minutes(limits["earliest"]) else "to"
        if start < minutes(limits["earliest"]) or stop > minutes(limits["latest"]):
            says = f"{window}; allowed: {limits['earliest']} to {limits['latest']}"
            yield finding(script, code, "calendar", key, evidence=says)
    if calendar.industry is not None:
        yield from _of_industry(script, calendar, calendar.industry)
    monday = rule("monday_too_early").parameters["earliest"]
    if "mon" in calendar.weekdays and start < minutes(monday):
        says = f"Monday from {calendar.earliest}; not before {monday}"
        yield finding(script, "monday_too_early", "calendar", "weekdays", evidence=says)


def _of_industry(script: Script, calendar: Calendar, industry: str) -> Iterator[Finding]:
    """The first weekday on which the window is not within one of the industry's."""
    start, stop, hours = minutes(calendar.earliest), minutes(calendar.latest), hours_of(windows())[industry]
    for day in calendar.weekdays:
        good = hours.get(day, [])
        if not any(begin <= start and stop <= end for begin, end in good):
            times = ", ".join(f"{clock_text(begin)} to {clock_text(end)}" for begin, end in good) or "not on this day"
            says = f"{day} {calendar.earliest} to {calendar.latest}; {industry}: {times}"
            yield finding(script, "industry_hours", "calendar", "industry", evidence=says)
            return


def _again(script: Script, calendar: Calendar) -> Iterator[Finding]:
    limits = rule("redial_too_soon").parameters
    if calendar.attempts >= 2 and calendar.gap_minutes < limits["gap_minutes"]:
        says = f"gap_minutes: {calendar.gap_minutes}; at least {limits['gap_minutes']}"
        yield finding(script, "redial_too_soon", "calendar", "gap_minutes", evidence=says)
    if calendar.attempts > 2 and calendar.again_after_minutes < limits["again_after_minutes"]:
        says = f"attempts: {calendar.attempts}, again_after_minutes: {calendar.again_after_minutes}"
        yield finding(script, "redial_too_soon", "calendar", "again_after_minutes", evidence=says)
    least = rule("called_again_too_soon").parameters["not_again_months"]
    if calendar.not_again_months < least:
        says = f"not_again_months: {calendar.not_again_months}; at least {least}"
        yield finding(script, "called_again_too_soon", "calendar", "not_again_months", evidence=says)


def minutes(clock: str) -> int:
    """Minutes since midnight.

    >>> minutes("9:30")
    570
    """
    hours, _, rest = clock.partition(":")
    return 60 * int(hours) + int(rest)
