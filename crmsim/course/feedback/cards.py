"""What a student reads about one question: how it went, what was expected, what was found, which slip it looks like.

Everything comes from nbgrader's gradebook (points, comment) and from the verdict that marking left in the test
cell; nothing of hidden inputs, of the marking scheme or of anybody else is in either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmsim.course.judging import VERDICT_MIME

ICONS = {"right": "✔", "partly": "◐", "none": "✘", "waiting": "…", "empty": "–"}
LABELS = {
    "right": "Right", "partly": "Partly right", "none": "Not right yet", "waiting": "Waits for your teacher",
    "empty": "Nothing was written",
}
BY_HAND = "Marked by your teacher"
UNTOUCHED = "This question is marked by hand. The cell is as it was released, so there was nothing to mark."
SAID_BY_NBGRADER = "No response."


@dataclass(frozen=True)
class Card:
    """The feedback on one question; texts are plain, not markup, except `comment` (Markdown).

    `is_typical` says that the note explains a typical mistake. The name of the mistake is the marking's own.
    """

    question: str
    title: str
    status: str
    points: float
    max_points: float
    note: str = ""
    expected: str = ""
    found: str = ""
    is_typical: bool = False
    changed: str = ""
    comment: str = ""
    has_verdict: bool = False
    by_hand: bool = False

    @property
    def icon(self) -> str:
        """A sign that needs no colour."""
        return ICONS[self.status]

    @property
    def label(self) -> str:
        """The status in words."""
        return BY_HAND if self.by_hand and self.status in ("right", "partly", "none") else LABELS[self.status]

    @property
    def shown_points(self) -> str:
        """For instance ``1 of 2``."""
        got = "–" if self.status == "waiting" else plain_number(self.points)
        return f"{got} of {plain_number(self.max_points)}"


def plain_number(value: Any) -> str:
    """At most two decimals.

    >>> plain_number(2.0), plain_number(1.125)
    ('2', '1.12')
    """
    return f"{round(float(value or 0), 2):g}"


@dataclass(frozen=True)
class Total:
    """All points together: what is judged so far, and how much waits for a person."""

    points: float
    max_points: float
    waiting: float

    @property
    def percent(self) -> float:
        """Of what is judged so far."""
        return round(100 * self.points / self.max_points) if self.max_points else 0

    def __str__(self) -> str:
        text = f"{plain_number(self.points)} of {plain_number(self.max_points)} points"
        if not self.waiting:
            return text
        waits = "1 point waits" if self.waiting == 1 else f"{plain_number(self.waiting)} points wait"
        return f"{text} so far; {waits} for your teacher"


def total_of(cards: Mapping[str, Card], score: float, max_score: float) -> Total:
    """The total of a notebook; answers that nobody has looked at yet count neither as points nor as zero.

    >>> essay = Card("q2", "Essay", "waiting", 0, 5)
    >>> print(total_of({"q1": Card("q1", "Sum", "right", 35, 35), "q2": essay}, 35, 40))
    35 of 35 points so far; 5 points wait for your teacher
    """
    late = [card for card in cards.values() if card.status == "waiting"]
    waiting = sum(card.max_points for card in late)
    return Total(score - sum(card.points for card in late), max_score - waiting, waiting)


def role_of(cell: Any) -> str:
    """What a cell is to a student: `test`, `essay`, `answer`, `check`, or nothing special."""
    meta = cell.metadata.get("nbgrader", {})
    if meta.get("grade"):
        return "essay" if meta.get("solution") else "test"
    if meta.get("solution"):
        return "answer"
    return "check" if str(meta.get("grade_id", "")).endswith("_check") and cell.cell_type == "code" else ""


def cards_of(notebook: Any) -> dict[str, Card]:
    """The feedback on every graded question, in the order of the notebook."""
    found = (card_of(cell, notebook) for cell in notebook.cells if role_of(cell) in ("test", "essay"))
    return {card.question: card for card in found if card is not None}


def card_of(cell: Any, notebook: Any) -> Card | None:
    """The feedback on the question that a test or hand-graded cell belongs to."""
    if role_of(cell) not in ("test", "essay"):
        return None
    meta = cell.metadata["nbgrader"]
    question = str(meta["grade_id"]).removesuffix("_test")
    points, full, verdict = float(meta.get("score") or 0), float(meta.get("points") or 0), _verdict(cell)
    status = _status(meta, points, full)
    told = _told(verdict, points) if verdict else {"note": UNTOUCHED} if status == "empty" else {}
    comment = str(meta.get("comment") or "")
    return Card(
        question, title_of(question, notebook), status, points, full, has_verdict=bool(verdict),
        comment="" if status == "empty" and comment == SAID_BY_NBGRADER else comment,
        by_hand=role_of(cell) == "essay", **told,
    )


def _status(meta: Mapping[str, Any], points: float, full: float) -> str:
    """The key of `LABELS`; `GetMarks` notes what waits for a person and what is as it was released."""
    if meta.get("waiting") or meta.get("untouched"):
        return "waiting" if meta.get("waiting") else "empty"
    if points >= full:
        return "right"
    return "partly" if points > 0 else "none"


def _verdict(cell: Any) -> dict[str, Any]:
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    found = [part[VERDICT_MIME] for part in data if VERDICT_MIME in part]
    return dict(found[-1]) if found else {}


def _told(verdict: dict[str, Any], points: float) -> dict[str, Any]:
    """What the verdict says, without saying anything twice."""
    is_right = verdict["points"] == verdict["max_points"]
    expected, found = str(verdict.get("expected") or ""), str(verdict.get("found") or "")
    note = str(verdict["message"]).removeprefix(f"Expected: {expected}. ").removeprefix(f"Found: {found}. ")
    note = re.sub(r"^(Right|Partly right|Not right)\.\s*", "", "" if note == f"Found: {found}." else note)
    changed = ""
    if points != verdict["points"]:
        changed = f"Your teacher changed the points; the check gave {plain_number(verdict['points'])}."
    return {
        "note": note, "is_typical": bool(verdict.get("mistake")), "changed": changed,
        "expected": "" if is_right else expected, "found": "" if is_right or found == note else found,
    }


_TITLE = re.compile(r"\*\*(.+?)\*\*|^#+\s*(.+)$", re.MULTILINE)
_POINTS = re.compile(r"\s*[(（][^()（）]*(?:points?|分)[^()（）]*[)）]")


def title_of(question: str, notebook: Any) -> str:
    """How the prompt calls its question: the first heading or bold words that name points, without those."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == f"{question}_task":
            titles = [bold or heading for bold, heading in _TITLE.findall(cell.source)]
            named = next(filter(_POINTS.search, titles), titles[0] if titles else question)
            return _POINTS.sub("", named).strip(" .:。：")
    return question
