"""What travels between the coordinator and its workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crmsim.course.sandbox.limits import Limits

GRADED, UNREADABLE, STOPPED, FAILED = "graded", "unreadable", "stopped", "failed"
"""How marking ended. Only `FAILED` is the grader's fault: nothing is written then, and it is tried again."""


@dataclass(frozen=True)
class MasterCell:
    """A cell of the released notebook: what nbgrader knows of it, whatever a student's copy says."""

    grade: bool
    solution: bool
    locked: bool
    task: bool
    points: float | None
    cell_type: str


Masters = dict[str, dict[str, MasterCell]]
"""By notebook name, by grade_id."""


@dataclass(frozen=True)
class Kit:
    """All that a worker needs to mark submissions of one unit, on any machine.

    Parameters
    ----------
    unit : str
    files : dict of str to bytes
        Configuration, marking scheme, secret, gradebook, and the master's other files, as in a course folder.
    masters : dict
    limits : Limits
    walls : str
        As in `crmsim.course.sandbox.keeper.Sandbox`.
    warm : tuple of str
        What the template of the sandbox imports.
    hide : str
        The course folder: it must not be seen from the sandbox.
    database : str
        Where the gradebook is, if it is none of the `files`.
    """

    unit: str
    files: dict[str, bytes]
    masters: Masters
    limits: Limits
    walls: str
    warm: tuple[str, ...] = ()
    hide: str = ""
    database: str = ""


@dataclass(frozen=True)
class Job:
    """One submission: the student, the files, and what was odd about reading them."""

    student: str
    files: dict[str, bytes]
    notes: tuple[str, ...] = ()
    checksum: str = ""


@dataclass
class Outcome:
    """What came of marking one submission.

    Parameters
    ----------
    student : str
    status : str
        `GRADED`, `UNREADABLE` (no notebook could be found), `STOPPED` (its program had to be), or `FAILED`.
    notes : list of str
        The reasons, in words.
    notebooks : dict of str to notebook
        Executed and judged, by name.
    files : dict of str to bytes
        What marking has put beside the notebooks: the case file.
    seconds : float
    """

    student: str
    status: str = GRADED
    notes: list[str] = field(default_factory=list)
    notebooks: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    seconds: float = 0.0
