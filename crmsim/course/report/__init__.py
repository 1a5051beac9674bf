"""A unit in numbers, for the instructor: scores, questions, typical mistakes, similar answers, students to talk to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmsim.course.csvcells import write_csv
from crmsim.course.grades import Grades, read_grades
from crmsim.course.report.attention import Reason, blank_answers, reasons
from crmsim.course.report.odd import odd_submissions
from crmsim.course.report.similar import Pair, similar_pairs
from crmsim.course.report.statistics import mistake_counts, question_table

__all__ = ["Report", "make_report", "write_report"]

PAGE = "report.html"


@dataclass(frozen=True)
class Report:
    """What there is to know about a graded unit.

    Attributes
    ----------
    grades : Grades
    questions : DataFrame
        See `crmsim.course.report.statistics.question_table`.
    mistakes : DataFrame
        See `crmsim.course.report.statistics.mistake_counts`.
    reasons : list of Reason
        Students to talk to, and why.
    similar : list of Pair or None
        Students with unusually similar code; None when copydetect is not installed.
    """

    grades: Grades
    questions: pd.DataFrame
    mistakes: pd.DataFrame
    reasons: Sequence[Reason]
    similar: Sequence[Pair] | None

    def name_of(self, student: str) -> str:
        """First and last name, as far as the gradebook knows them."""
        if student not in self.grades.students.index:
            return ""
        who = self.grades.students.loc[student]
        return f"{who['first_name']} {who['last_name']}".strip()


def make_report(course: Path, unit: str) -> Report:
    """Read everything and count.

    Errors: `InputError` when nothing was graded yet.
    """
    grades = read_grades(course, unit)
    blank = blank_answers(course, unit)
    found = reasons(grades, blank, odd_submissions(course, unit))
    return Report(grades, question_table(grades), mistake_counts(grades), found, _similar(grades, blank))


def _similar(grades: Grades, blank: dict[str, str]) -> list[Pair] | None:
    try:
        return similar_pairs({student: sheet.answers for student, sheet in grades.sheets.items()}, blank)
    except ModuleNotFoundError as error:
        if error.name != "copydetect":
            raise
        return None


def write_report(report: Report, folder: Path) -> list[Path]:
    """Write the page and a CSV file for each table; returns the paths, the page first."""
    from crmsim.course.report.page import page_of

    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE
    page.write_text(page_of(report), encoding="utf-8", newline="\n")
    return [page, *_tables(report, folder)]


def _tables(report: Report, folder: Path) -> list[Path]:
    people = [(reason.student, report.name_of(reason.student), reason.kind, reason.text) for reason in report.reasons]
    pairs = [
        (pair.first, pair.second, round(pair.similarity, 3), pair.overlap, pair.is_identical)
        for pair in report.similar or ()
    ]
    return [
        _frame(report.questions.reset_index().round(4), folder / "questions.csv"),
        _frame(report.mistakes, folder / "mistakes.csv"),
        write_csv(folder / "students.csv", ["student", "name", "kind", "reason"], people),
        write_csv(folder / "similar.csv", ["first", "second", "similarity", "overlap", "is_identical"], pairs),
    ]


def _frame(table: pd.DataFrame, path: Path) -> Path:
    return write_csv(path, map(str, table.columns), table.itertuples(index=False))
