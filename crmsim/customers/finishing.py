"""What is made of the parts when all are there: joined CSV files, warehouse, dictionary, manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from crmsim.customers import warehouse as star
from crmsim.customers.dictionary import absent_from, as_csv, as_markdown, columns_of
from crmsim.engine.folder import MANIFEST
from crmsim.engine.manifest import manifest_of
from crmsim.engine.parts import Layout, Record, summed
from crmsim.engine.place import Check, Place
from crmsim.engine.records import Past

Files = dict[str, Check]


def finish(
    place: Place,
    run: Past,
    layout: Layout,
    records: list[Record],
    *,
    extras: Mapping[str, Callable[[Path], None]],
) -> None:
    """Make the result complete.

    Parameters
    ----------
    place : Place
        Where all parts lie.
    run : Past
        Whose calendar, scenario and policy count; its tables may be empty.
    records : list
        Of all parts, in their order.
    extras : mapping
        Further files: name to a function that writes the file at the path it is given.
    """
    files = {name[6:]: check for part in records for name, check in part["files"].items() if name.startswith("files/")}
    if layout.format == "csv":
        files |= _joined(place, run, layout, len(records))
    if layout.warehouse:
        parts = [partial(_part, place, layout, number) for number in range(len(records))]
        files |= _made(place, star.FILE, partial(star.build, run=run, parts=parts))
    files |= _dictionary(place, run, [*layout.tables, *(star.ORDER if layout.warehouse else ())])
    for name, write in extras.items():
        files |= _made(place, name, write)
    rows, totals = summed(records)
    place.put(f"files/{MANIFEST}", manifest_of(run, layout, rows=rows, totals=totals, files=files))


def _joined(place: Place, run: Past, layout: Layout, n_parts: int) -> Files:
    """One CSV file of each table from its pieces."""
    absent, files = absent_from(run.customers.columns), {}
    for table in layout.tables:
        head = ",".join(column.column for column in columns_of(table, absent=absent)) + "\n"
        pieces = [f"pieces/{table}/part-{number:05d}.csv" for number in range(n_parts)]
        files[f"{table}.csv"] = place.join(f"files/{table}.csv", head.encode(), pieces)
    return files


def _part(place: Place, layout: Layout, number: int, table: str) -> Any:
    return place.reading(layout.source(table, number))


def _made(place: Place, name: str, write: Callable[[Path], None]) -> Files:
    with place.making(f"files/{name}") as path:
        write(path)
    return {name: place.check(f"files/{name}")}


def _dictionary(place: Place, run: Past, tables: list[str]) -> Files:
    absent = absent_from(run.customers.columns)
    # The mark at the start (utf-8-sig) is what makes Excel read the Chinese column as Chinese.
    texts = {
        "dictionary.csv": as_csv(tables, currency=run.currency, absent=absent).encode("utf-8-sig"),
        "dictionary.md": as_markdown(tables, currency=run.currency, absent=absent).encode(),
    }
    return {name: place.put(f"files/{name}", text) for name, text in texts.items()}
