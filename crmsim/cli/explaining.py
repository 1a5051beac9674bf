"""Every number of a scenario, with the source that its file names for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import typer

from crmsim.settings.scenario import Scenario, scenario

NONE = "no source is named"
DEFAULT = "the default: this scenario says nothing about it"


class Number(NamedTuple):
    """A number of a scenario: where it stands, its value, where it comes from."""

    place: str
    value: float
    source: str


def numbers_of(shop: Scenario) -> list[Number]:
    """All numbers of a scenario, in the order of its file.

    A source is named for a place and all that lies in it; the longest place that fits counts. What has its default and
    no source was left out of the file.

    >>> import crmsim as crm
    >>> [n.source for n in numbers_of(crm.scenario("retail")) if n.place == "traits.loyalty.sd"]
    ['assumption']
    """
    settings = shop.model_dump()
    sources = {tuple(place.split(".")): source for place, source in settings.pop("sources").items()}
    said = {place for place, _ in _leaves(shop.model_dump(exclude_defaults=True), ())}
    return [
        Number(".".join(place), value, _source(place, sources, NONE if place in said else DEFAULT))
        for place, value in _leaves(settings, ())
    ]


def _leaves(node: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _leaves(inner, (*place, str(name)))
    elif isinstance(node, (list, tuple)):
        for number, inner in enumerate(node, start=1):
            yield from _leaves(inner, (*place, str(number)))
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        yield place, node


def _source(place: tuple[str, ...], sources: Mapping[tuple[str, ...], str], otherwise: str) -> str:
    longest_first = (place[:length] for length in range(len(place), 0, -1))
    return next((sources[part] for part in longest_first if part in sources), otherwise)


def show(name: str) -> None:
    """Print a scenario: what it is, and a table of its numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    shop = scenario(name)
    typer.echo(f"{shop.title.en} {shop.title.zh}\n{shop.about.en}\n{shop.about.zh}")
    typer.echo(f"Money in {shop.currency}; a period is a {shop.period}; period 0 starts on {shop.start}.\n")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Setting", no_wrap=True)
    table.add_column("Value", justify="right")
    table.add_column("Source", overflow="fold")
    before = ""
    for place, value, source in numbers_of(shop):
        table.add_row(place, f"{value:.10g}", source if source != before else '"')
        before = source
    Console().print(table)
