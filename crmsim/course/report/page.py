"""The report as one HTML page: no network, no script, and nothing a student wrote is taken for markup."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from crmsim.course.report import pictures
from crmsim.course.report.attention import FEW_SHARE
from crmsim.course.report.statistics import MIN_STUDENTS, histogram

if TYPE_CHECKING:
    from crmsim.course.report import Report

LABELS = {"odd": "odd", "missing": "missing", "few": "few points", "stopped": "stopped early"}
SHOWN_MISTAKES = 12


def page_of(report: Report) -> str:
    """The page as text.

    Jinja escapes every value; only the pictures are markup, and they escape what they show.
    """
    from jinja2 import Environment, PackageLoader
    from markupsafe import Markup

    loader = PackageLoader("crmsim.course.report", "")
    environment = Environment(loader=loader, autoescape=True)
    drawn = {name: Markup(text) for name, text in _pictures(report).items()}  # noqa: S704 - escaped where drawn
    questions = [row | {"bar": Markup(row["bar"])} for row in _questions(report.questions)]  # noqa: S704
    return environment.get_template("page.html.j2").render(
        unit=report.grades.unit, made=datetime.date.today().isoformat(), tiles=_tiles(report), pictures=drawn,
        questions=questions, mistakes=report.mistakes.to_dict("records"), talk=_talk(report),
        similar=_similar(report), min_students=MIN_STUDENTS, few_share=f"{FEW_SHARE:.0%}",
    )


def _pictures(report: Report) -> dict[str, str]:
    totals, full = report.grades.totals, report.grades.max_points
    top = report.mistakes.head(SHOWN_MISTAKES)
    names = top["question"] + ": " + top["mistake"]
    counts = {str(name): int(count) for name, count in zip(names, top["n_students"], strict=True)}
    shown = report.questions["item_rest"].notna().any()
    return {
        "scores": pictures.score_picture(histogram(totals, full), mean=float(totals.mean())),
        "questions": pictures.question_picture(report.questions) if shown else "",
        "mistakes": pictures.counts_picture(counts),
    }


def _tiles(report: Report) -> list[dict[str, Any]]:
    totals, full = report.grades.totals, report.grades.max_points
    n_open = int(report.questions["n_open"].sum())
    to_talk_to = len({reason.student for reason in report.reasons})
    return [
        {"value": f"{len(totals)} of {len(report.grades.students)}", "label": "students handed in"},
        {"value": f"{totals.mean():.1f}", "label": f"mean of {full:g} points"},
        {"value": f"{totals.median():.1f}", "label": "median 中位数"},
        {"value": n_open, "label": "answers wait for a person", "look": n_open > 0},
        {"value": to_talk_to, "label": "students to talk to"},
        {"value": "–" if report.similar is None else len(report.similar), "label": "similar pairs"},
    ]


def _questions(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "max_points": f"{row['max_points']:g}", "bar": pictures.bar(row["difficulty"]),
            "difficulty": _share(row["difficulty"]), "full": _share(row["full_share"]),
            "zero": _share(row["zero_share"]),
            "item_rest": _number(row["item_rest"]), "upper_lower": _number(row["upper_lower"]), "remark": row["remark"],
        }
        for name, row in table.iterrows()
    ]


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.0%}"


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _talk(report: Report) -> list[dict[str, Any]]:
    totals, rows = report.grades.totals, []
    students = {reason.student for reason in report.reasons}
    for student in sorted(students, key=lambda name: (totals.get(name, -1.0), name)):
        mine = [reason for reason in report.reasons if reason.student == student]
        shown = [{"kind": reason.kind, "label": LABELS[reason.kind], "text": reason.text} for reason in mine]
        points = f"{totals[student]:g}" if student in totals.index else ""
        rows.append({"student": student, "name": report.name_of(student), "points": points, "reasons": shown})
    return rows


def _similar(report: Report) -> Sequence[dict[str, str]] | None:
    if report.similar is None:
        return None
    return [
        {
            "first": pair.first, "second": pair.second, "similarity": f"{pair.similarity:.0%}",
            "overlap": f"{pair.overlap:,}", "remark": "letter by letter the same" if pair.is_identical else "",
        }
        for pair in report.similar
    ]
