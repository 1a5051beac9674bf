"""Feedback that teaches: nbgrader's ``generate_feedback`` writes a page for the student, here from a template of ours.

``nbgrader_config.py`` names `FeedbackExporter` as exporter and `GetMarks` in place of nbgrader's `GetGrades`. What
students put into their notebook is sanitized, and the page runs no script at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import GetGrades
from traitlets.config import Config

from crmsim.course.feedback.cards import card_of, cards_of, plain_number, role_of, total_of
from crmsim.course.feedback.sanitizing import sanitized

TEMPLATES = Path(__file__).resolve().parent / "templates"
TEMPLATE = "crmsim_feedback"


class FeedbackExporter(HTMLExporter):
    """Writes the feedback page; whatever template formgrader has set for its own pages, this one is used."""

    def __init__(self, config: Any = None, **settings: Any) -> None:
        own = {"template_name": TEMPLATE, "extra_template_basedirs": [str(TEMPLATES)], "sanitize_html": True,
               "exclude_anchor_links": True}
        together = Config(config or {}, FeedbackExporter=Config(own))
        super().__init__(config=together, **settings)  # type: ignore[no-untyped-call]

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """The filters of nbconvert, and those of the template."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield from {
            "question_cards": cards_of, "card_of_cell": card_of, "cell_role": role_of, "plain_number": plain_number,
            "clean_html": sanitized, "total_of": total_of,
        }.items()


class GetMarks(GetGrades):  # type: ignore[misc]
    """Gets points and comments, and notes which answers wait for a person, and which are as they were released.

    So nobody reads the first as zero, nor the second as judged.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Look up the notebook in the gradebook."""
        nb, resources = super().preprocess(nb, resources)
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            for cell in nb.cells:
                if role_of(cell) == "essay":
                    cell.metadata.nbgrader.update(_by_hand(gradebook, cell, where))
        return nb, resources


def _by_hand(gradebook: Any, cell: Any, where: dict[str, str]) -> dict[str, bool]:
    """Whether an answer waits for a person; and whether it got its points without one, as only an untouched cell does.

    A cell is untouched for nbgrader when its checksum is that of the release.
    """
    try:
        grade = gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], where["notebook"], where["assignment"], where["student"]
        )
    except MissingEntry:
        return {"waiting": False, "untouched": False}
    waits = bool(grade.needs_manual_grade)
    return {"waiting": waits, "untouched": not waits and grade.manual_score is None and grade.auto_score is not None}
