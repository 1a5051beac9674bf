"""Marking one submission: find the notebook, mend it, execute it in the sandbox, judge it here.

Nothing in a submission can raise. A marking scheme that fails is the instructor's problem: the outcome says so,
nothing is written, and the other submissions go on.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from crmsim.course.batch.choosing import Found, choose
from crmsim.course.batch.mending import make_cell, notebook_of
from crmsim.course.batch.parcels import FAILED, GRADED, STOPPED, UNREADABLE, Job, Kit, Outcome
from crmsim.course.batch.running import refuse, run_notebook
from crmsim.course.batch.steps import Steps, apply
from crmsim.course.marking import MarkingError
from crmsim.course.sandbox.keeper import Sandbox
from crmsim.course.sandbox.limits import MEGABYTE, at_most
from crmsim.errors import InputError

MAX_NOTES = 12
MEMORY = 1536 * MEGABYTE
"""Bytes that reading the files of one submission may take."""


class Marker:
    """Marks the submissions of one unit, one after the other.

    Parameters
    ----------
    kit : Kit
    home : Path
        A folder with the kit's files; the current one.
    steps : Steps
    sandbox : Sandbox
    """

    def __init__(self, kit: Kit, home: Path, *, steps: Steps, sandbox: Sandbox) -> None:
        self._kit, self._home, self._steps, self._sandbox = kit, home, steps, sandbox

    def mark(self, job: Job) -> Outcome:
        """Mark a submission."""
        start = time.monotonic()
        outcome = Outcome(job.student, notes=list(job.notes))
        folder = Path(tempfile.mkdtemp(prefix="submission-", dir=self._home))
        try:
            self._lay_out(job, folder)
            self._mark_all(job, folder, outcome)
        except (MarkingError, InputError) as error:
            outcome.status, outcome.notes = FAILED, [f"the marking scheme is at fault: {error}"]
        except Exception as error:  # a fault of the grader must not stop the class
            outcome.status, outcome.notes = FAILED, [f"the grader failed: {type(error).__name__}: {error}"[:500]]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        outcome.notes = list(dict.fromkeys(outcome.notes))[:MAX_NOTES]
        outcome.seconds = round(time.monotonic() - start, 2)
        return outcome

    def _lay_out(self, job: Job, folder: Path) -> None:
        """The files that the master brings, and the submission's own where they are not in the way."""
        source = f"source/{self._kit.unit}/"
        given = {name.removeprefix(source): file for name, file in self._kit.files.items() if name.startswith(source)}
        for name, content in [*given.items(), *job.files.items()]:
            path = folder / name
            if path.suffix != ".ipynb" and not path.exists():
                with contextlib.suppress(OSError):  # a file where another has a folder
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)

    def _mark_all(self, job: Job, folder: Path, outcome: Outcome) -> None:
        until = time.monotonic() + self._kit.limits.seconds
        with at_most(MEMORY):  # a file may swell when it is read
            chosen = choose(job.files, self._kit.masters)
        for name, found in chosen.items():
            outcome.notes += found.notes
            resources = self._resources(job.student, name, folder)
            notebook = self._cleaned(found, name, resources, outcome)
            notebook = apply(self._steps.before, notebook, resources)
            if found.notebook is None:
                outcome.status = UNREADABLE
                refuse(notebook, "; ".join(found.notes))
            else:
                self._run(notebook, folder, outcome, until=until)
            outcome.notebooks[name] = apply(self._steps.after, notebook, resources)
        outcome.files = {path.name: path.read_bytes() for path in folder.glob("case-*.zip")}

    def _run(self, notebook: Any, folder: Path, outcome: Outcome, *, until: float) -> None:
        notes = run_notebook(
            self._sandbox, notebook, folder, name=self._kit.unit, until=until, late=self._steps.late_words
        )
        outcome.notes += notes
        if notes and outcome.status == GRADED:
            outcome.status = STOPPED

    def _cleaned(self, found: Found, name: str, resources: Any, outcome: Outcome) -> Any:
        """The notebook as nbgrader wants it; what was repaired is noted."""
        notebook = found.notebook
        if notebook is None:
            text = f"**This could not be marked.** {'; '.join(found.notes)}"
            notebook = notebook_of([make_cell("markdown", text)])
        with self._steps.warnings() as warnings:
            try:
                notebook = apply(self._steps.clean, notebook, resources)
            except Exception as error:  # whatever it was, cells without nbgrader's metadata cannot cause it
                outcome.notes.append(f"nbgrader's cell metadata were dropped ({type(error).__name__})")
                for cell in notebook.cells:
                    cell.metadata.pop("nbgrader", None)
                notebook = apply(self._steps.clean, notebook, resources)
        if found.notebook is not None:
            outcome.notes += warnings
        return notebook

    def _resources(self, student: str, notebook: str, folder: Path) -> dict[str, Any]:
        about = {
            "student": student, "assignment": self._kit.unit, "notebook": notebook,
            "db_url": self._steps.course.db_url,
        }
        return {
            "nbgrader": about, "unique_key": notebook, "output_files_dir": f"{notebook}_files",
            "metadata": {"path": str(folder), "name": notebook},
        }
