"""The report on a terminal."""

from __future__ import annotations

import math
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crmsim.course.report import Report


def print_report(report: Report) -> None:
    """Print scores, questions, mistakes, and who to talk to; terminal codes in students' texts are shown as text."""
    console, totals = Console(highlight=False), report.grades.totals
    console.print(
        f"{report.grades.unit}: {len(totals)} of {len(report.grades.students)} students handed in, "
        f"mean {totals.mean():.1f} and median {totals.median():.1f} of {report.grades.max_points:g} points.\n"
    )
    console.print(_question_table(report))
    lists = {"Typical mistakes": _mistakes(report), "To talk to": _people(report), "Similar answers": _pairs(report)}
    for title, rows in lists.items():
        if rows:
            console.print(_lines(title, rows))


def _question_table(report: Report) -> Table:
    table = _new("Questions")
    for name in ("question", "points", "difficulty", "all right", "item-rest", "up-low", "remark"):
        is_text = name in ("question", "remark")
        table.add_column(name, justify="left" if is_text else "right", no_wrap=name != "remark")
    for question, row in report.questions.iterrows():
        shares = [_shown(row[field], ".0%") for field in ("difficulty", "full_share")]
        numbers = [_shown(row[field], ".2f") for field in ("item_rest", "upper_lower")]
        table.add_row(_safe(question), f"{row['max_points']:g}", *shares, *numbers, _safe(row["remark"]))
    return table


def _shown(value: float, form: str) -> str:
    return "" if math.isnan(value) else format(value, form)


def _mistakes(report: Report) -> list[tuple[str, ...]]:
    columns = report.mistakes[["n_students", "question", "mistake"]]
    return [tuple(map(str, row)) for row in columns.itertuples(index=False)]


def _people(report: Report) -> list[tuple[str, ...]]:
    return [(reason.student, report.name_of(reason.student), reason.text) for reason in report.reasons]


def _pairs(report: Report) -> list[tuple[str, ...]]:
    return [(pair.first, pair.second, f"{pair.similarity:.0%}") for pair in report.similar or ()]


def _lines(title: str, rows: list[tuple[str, ...]]) -> Table:
    table = _new(title)
    table.show_header = False
    for row in rows:
        table.add_row(*map(_safe, row))
    return table


def _new(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _safe(text: Any) -> str:
    """A text without control characters, which could repaint an instructor's terminal, and without markup."""
    return escape("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(text)))
