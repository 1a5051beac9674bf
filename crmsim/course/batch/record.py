"""Writing outcomes into nbgrader's gradebook and ``autograded`` folder: one process, one submission at a time.

What is written is what ``nbgrader autograde`` would have written, so that formgrader, feedback and export work as
ever. A folder takes the place of the old one when it is complete.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from crmsim.course.batch.parcels import Job, Kit, Outcome
from crmsim.course.batch.steps import Steps, apply

TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Points:
    """What a submission has earned so far; `by_hand` says whether somebody still has to look at it."""

    points: float
    max_points: float
    by_hand: bool


class Record:
    """The gradebook of a course, for one unit.

    Parameters
    ----------
    kit : Kit
    steps : Steps
        Its `record` part is applied to every notebook.
    """

    def __init__(self, kit: Kit, steps: Steps) -> None:
        self._kit, self._steps = kit, steps
        self._url = steps.course.db_url
        self._course = steps.course.course_id

    def write(self, job: Job, outcome: Outcome) -> Points:
        """Write what came of a submission."""
        self._announce(job)
        course = self._steps.course
        target = Path(course.format_path(course.autograded_directory, job.student, self._kit.unit))
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{self._kit.unit}-", dir=target.parent))
        try:
            self._fill(new, job, outcome)
            for name, notebook in outcome.notebooks.items():
                notebook = apply(self._steps.record, notebook, self._resources(job, name, new))
                text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
                (new / f"{name}.ipynb").write_text(text, encoding="utf-8", newline="\n")
            self._close(new)
            remove(target)
            new.rename(target)
        finally:
            remove(new)
        return self._points(job)

    def _announce(self, job: Job) -> None:
        """Student and submission."""
        when = {}
        with contextlib.suppress(KeyError, ValueError, UnicodeDecodeError):
            when = {"timestamp": parse_utc(job.files[TIMESTAMP].decode().strip())}
        with Gradebook(self._url, self._course) as gradebook:
            gradebook.update_or_create_student(job.student)
            gradebook.update_or_create_submission(self._kit.unit, job.student, **when)

    def _fill(self, folder: Path, job: Job, outcome: Outcome) -> None:
        """Everything beside the notebooks: the master's files, the case, the submission's own."""
        source = f"source/{self._kit.unit}/"
        given = {name.removeprefix(source): file for name, file in self._kit.files.items() if name.startswith(source)}
        own = {name: file for name, file in job.files.items() if not name.endswith(".ipynb") and "case-" not in name}
        for name, content in [*given.items(), *outcome.files.items(), *own.items()]:
            path = folder / name
            with contextlib.suppress(OSError):  # a file where another has a folder
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    path.write_bytes(content)

    def _close(self, folder: Path) -> None:
        """The permissions that nbgrader would give."""
        shared = self._steps.course.groupshared
        permissions = int(str(self._steps.autograde.permissions), 8)
        for path in [folder, *folder.rglob("*")]:
            path.chmod((0o2775 if shared else 0o755) if path.is_dir() else permissions)

    def _resources(self, job: Job, notebook: str, folder: Path) -> dict[str, Any]:
        about = {"student": job.student, "assignment": self._kit.unit, "notebook": notebook, "db_url": self._url}
        return {"nbgrader": about, "unique_key": notebook, "metadata": {"path": str(folder), "name": notebook}}

    def _points(self, job: Job) -> Points:
        with Gradebook(self._url, self._course) as gradebook:
            found = gradebook.find_submission(self._kit.unit, job.student)
            return Points(float(found.score), float(found.max_score), bool(found.needs_manual_grade))


def remove(folder: Path) -> None:
    """Remove a folder whose files may be read-only; one that is not there is gone already."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            path.chmod(stat.S_IRWXU)
    with contextlib.suppress(FileNotFoundError):
        os.chmod(folder, stat.S_IRWXU)
        shutil.rmtree(folder)
