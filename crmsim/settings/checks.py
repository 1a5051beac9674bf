"""What must hold between the settings of a scenario, beyond the type of each.

`first_problem` returns the place, the problem and the remedy of the first rule that is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from crmsim.errors import did_you_mean

if TYPE_CHECKING:
    from crmsim.settings.scenario import Scenario

Problem = tuple[tuple[str | int, ...], str, str]
TOLERANCE = 1e-9
"""How far a row may miss one: rounding of decimal fractions, nothing more."""
MOST_STAGES = 32
MOST_PURCHASES = 5_000.0
"""Purchases per period of a typical customer at the highest factors; more is a slip of units."""

MOST_STOCKS = 100
"""Stocks that a typical household eats up in a period; more is a slip of units."""

MOST_SPEND = 1e9
"""Mean amount of a purchase in the dearest segment; with more, sums of cents could leave 64 bits."""


def first_problem(scenario: Scenario) -> Problem | None:
    """The first broken rule of a scenario, or None."""
    return next(_problems(scenario), None)


def _problems(scenario: Scenario) -> Iterator[Problem]:
    yield from _start(scenario)
    yield from _stages(scenario)
    yield from _rows(scenario)
    yield from _reachable(scenario)
    yield from _dropouts(scenario)
    yield from _shares(scenario)
    yield from _names(scenario)
    yield from _sizes(scenario)
    yield from _sources(scenario)


def _start(scenario: Scenario) -> Iterator[Problem]:
    try:
        day = date.fromisoformat(scenario.start)
        if day.isoformat() != scenario.start:
            raise ValueError  # a week date, say: right by ISO, but nobody's habit, and not every reader takes it
    except ValueError:
        yield (
            ("start",),
            f"{scenario.start!r} is not a date",
            'Write year-month-day in quotes: start: "2024-01-01".',
        )
        return
    if not 1900 <= day.year <= 2100:
        yield ("start",), f"the year {day.year} is outside 1900-2100", "Choose a start in that range."
    if scenario.period == "month" and day.day != 1:
        yield (
            ("start",),
            f"{scenario.start} is not the first of a month",
            "Monthly periods start on the first.",
        )
    if scenario.period == "year" and (day.month, day.day) != (1, 1):
        yield ("start",), f"{scenario.start} is not a first of January", "Yearly periods start on that day."


def _stages(scenario: Scenario) -> Iterator[Problem]:
    names = scenario.stages
    if not 2 <= len(names) <= MOST_STAGES:
        yield ("stages",), f"there are {len(names)} stages", f"A lifecycle has 2 to {MOST_STAGES}."
    if scenario.entry_stage not in names:
        yield (
            ("entry_stage",),
            f"{scenario.entry_stage!r} is not a stage",
            did_you_mean(scenario.entry_stage, names),
        )


def _rows(scenario: Scenario) -> Iterator[Problem]:
    for stage in scenario.stages:
        if stage not in scenario.moves:
            yield (
                ("moves",),
                f"the row of stage {stage!r} is missing",
                f"Add '{stage}: {{{stage}: 1.0}}' or its real moves.",
            )
    for stage, row in scenario.moves.items():
        if stage not in scenario.stages:
            yield ("moves", stage), f"{stage!r} is not a stage", did_you_mean(stage, scenario.stages)
        for target in row:
            if target not in scenario.stages:
                yield (
                    ("moves", stage, target),
                    f"{target!r} is not a stage",
                    did_you_mean(target, scenario.stages),
                )
        yield from _sum_to_one(("moves", stage), row)


def _sum_to_one(where: tuple[str | int, ...], shares: Mapping[str, float]) -> Iterator[Problem]:
    total = sum(shares.values())
    if abs(total - 1) > TOLERANCE:
        missing = 1 - total
        yield (
            where,
            f"the probabilities sum to {total:.10g}, but they must sum to 1",
            f"{'Add' if missing > 0 else 'Take away'} {abs(missing):.10g} somewhere.",
        )


def _reachable(scenario: Scenario) -> Iterator[Problem]:
    reached, new = {scenario.entry_stage}, [scenario.entry_stage]
    if scenario.traits.dropout is not None:
        reached.add(_lowest(scenario))
        new.append(_lowest(scenario))
    while new:
        for target, probability in scenario.moves[new.pop()].items():
            if probability > 0 and target not in reached:
                reached.add(target)
                new.append(target)
    for stage in scenario.stages:
        if stage not in reached:
            yield (
                ("stages", stage),
                f"nothing ever reaches the stage {stage!r}",
                f"Give it a probability in a row of `moves` that starts from {scenario.entry_stage!r}, or remove it.",
            )


def _lowest(scenario: Scenario) -> str:
    """The stage of those who have dropped out."""
    return min(scenario.stages, key=lambda name: scenario.stages[name].standing)


def _dropouts(scenario: Scenario) -> Iterator[Problem]:
    """Who has dropped out has left for good: the lowest stage must be an end."""
    lowest = _lowest(scenario)
    stays = scenario.moves[lowest].get(lowest, 0.0)
    if scenario.traits.dropout is not None and (stays != 1 or scenario.stages[lowest].purchases != 0):
        yield (
            ("traits", "dropout"),
            f"those who drop out go to the stage of the lowest standing, {lowest!r}, but that is no end",
            f"Write moves '{lowest}: {{{lowest}: 1.0}}' and purchases: 0 there.",
        )


def _shares(scenario: Scenario) -> Iterator[Problem]:
    tables: dict[tuple[str, ...], Mapping[str, Any]] = {
        ("arrival", "channels"): scenario.arrival.channels,
        ("traits", "segments"): scenario.traits.segments,
        ("categories",): scenario.categories,
        ("regions",): scenario.regions,
        ("age_groups",): scenario.age_groups,
    }
    for where, table in tables.items():
        if not 1 <= len(table) <= 100:
            yield where, f"there are {len(table)} entries", "1 to 100 are possible."
        yield from _sum_to_one(where, {name: entry.share for name, entry in table.items()})


def _names(scenario: Scenario) -> Iterator[Problem]:
    """Parts that name categories or channels name known ones."""
    for row, near in (scenario.affinity or {}).items():
        for name in (row, *near):
            if name not in scenario.categories:
                where = ("affinity", row) if name == row else ("affinity", row, name)
                yield where, f"{name!r} is not a category", did_you_mean(name, scenario.categories)
        if not any(near.get(name, 1.0) * part.share > 0 for name, part in scenario.categories.items()):
            yield (
                ("affinity", row),
                "nothing is left that these customers could buy",
                "Give a category a factor above 0.",
            )
    word, channels = scenario.word_of_mouth, scenario.arrival.channels
    if word is not None and word.channel not in channels:
        yield ("word_of_mouth", "channel"), f"{word.channel!r} is not a channel", did_you_mean(word.channel, channels)
    if scenario.service is not None:
        shares = {name: desk.share for name, desk in scenario.service.channels.items()}
        yield from _sum_to_one(("service", "channels"), shares)
        if len(scenario.service.reasons) > 100:
            yield ("service", "reasons"), "there are more than 100 reasons", "Give 100 at most."


def _sizes(scenario: Scenario) -> Iterator[Problem]:
    per_year = {"day": 7, "week": 52, "month": 12, "year": 1}[scenario.period]
    if len(scenario.season) not in (1, per_year):
        yield (
            ("season",),
            f"there are {len(scenario.season)} factors",
            f"A {scenario.period}ly season has {per_year} (or 1).",
        )
    rate = scenario.traits.purchase_rate
    if (rate.mean is None) == (rate.alpha is None):
        yield ("traits", "purchase_rate"), "it needs its `mean` or its `alpha`, one of them", "Give the one you know."
    most = rate.shape * rate.scale * max(segment.purchase_rate for segment in scenario.traits.segments.values())
    purchases = most * max(stage.purchases for stage in scenario.stages.values()) * max(scenario.season)
    if purchases > MOST_PURCHASES:
        yield (
            ("traits", "purchase_rate", "mean"),
            f"with the highest factors this means {purchases:,.0f} purchases a "
            f"{scenario.period} for one typical customer",
            f"At most {MOST_PURCHASES:,.0f} are possible; check the unit (purchases per {scenario.period}).",
        )
    buying = scenario.buying
    if buying.kind == "stock" and most * buying.people_mean * buying.kg_per_person > MOST_STOCKS * buying.stock_kg:
        yield (
            ("buying", "stock_kg"),
            f"a typical household would eat it up more than {MOST_STOCKS} times a {scenario.period}",
            "Check the units: kg a purchase, kg a person and period.",
        )
    spend = scenario.traits.spend.mean * max(segment.spend for segment in scenario.traits.segments.values())
    if spend > MOST_SPEND:
        yield (
            ("traits", "spend", "mean"),
            f"with the highest factor this means {spend:,.0f} {scenario.currency} a purchase",
            f"At most {MOST_SPEND:,.0f} are possible; check the unit.",
        )


def _sources(scenario: Scenario) -> Iterator[Problem]:
    for place in scenario.sources:
        here: Any = scenario
        for part in place.split("."):
            known = here if isinstance(here, Mapping) else getattr(type(here), "model_fields", {})
            if part not in known:
                yield ("sources", place), f"there is no setting {place!r}", did_you_mean(part, known)
                break
            here = here[part] if isinstance(here, Mapping) else getattr(here, part)
