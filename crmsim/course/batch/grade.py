"""Grading a unit: the coordinator.

It reads submissions, skips those that were graded as they are, lets workers mark the rest (processes of this
machine, or of a Dask cluster), and writes outcomes as they come. It can be interrupted at any moment: a submission
is either written completely or graded again.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crmsim.course.batch.handed_in import read_job
from crmsim.course.batch.parcels import FAILED, Job, Outcome
from crmsim.course.batch.results import Results, Row
from crmsim.course.folders import at_work, config_of, course_folder, unit_in
from crmsim.course.sandbox.keeper import NONE, OWN
from crmsim.course.sandbox.limits import Limits
from crmsim.errors import InputError, Interrupted

Report = Callable[[Row, bool], None]


@dataclass(frozen=True)
class Options:
    """How to grade.

    Parameters
    ----------
    jobs : int
        Submissions at a time; 0 for one per processor.
    scheduler : str
        Address of a Dask scheduler; empty for this machine.
    unsafe : bool
        Without a sandbox.
    force : bool
        Grade again what was graded.
    students : sequence of str
        Only these; all when empty.
    limits : Limits
        `cell_seconds` of 0 takes what ``nbgrader_config.py`` says (`c.Execute.timeout`).
    """

    jobs: int = 0
    scheduler: str = ""
    unsafe: bool = False
    force: bool = False
    students: Sequence[str] = ()
    limits: Limits = field(default_factory=lambda: Limits(cell_seconds=0))
    walls: str = OWN


@dataclass(frozen=True)
class Graded:
    """What grading did: the table of all students, and how many of its rows are new."""

    results: Results
    n_new: int
    n_failed: int


def grade(
    folder: Path | str, unit: str, options: Options | None = None, *, begin: Callable[[int], None] | None = None,
    report: Report | None = None,
) -> Graded:
    """Grade what was handed in for a unit.

    Parameters
    ----------
    folder : path
        The course folder.
    unit : str
    options : Options, optional
    begin : callable, optional
        Told how many submissions there are.
    report : callable, optional
        Told every row, and whether it is new.

    Errors: `InputError` for a folder, unit or machine on which grading cannot begin; `Interrupted` after Ctrl-C.
    """
    options = options or Options()
    folder = course_folder(folder)
    unit_in(folder, unit)
    if not options.unsafe and not options.scheduler:
        from crmsim.course.sandbox import bubblewrap

        bubblewrap.check()
    with at_work(folder):
        return _Grading(folder, unit, options).run(begin or (lambda _: None), report or (lambda *_: None))


class _Grading:
    """One unit of one course being graded."""

    def __init__(self, folder: Path, unit: str, options: Options) -> None:
        from crmsim.course.batch.kit import pack, version_of
        from crmsim.course.batch.record import Record
        from crmsim.course.batch.steps import Steps

        self._options = options
        self._steps = Steps(config_of(folder))
        course = self._steps.course
        limits = options.limits
        if not limits.cell_seconds:
            limits = replace(limits, cell_seconds=self._steps.cell_seconds or limits.seconds)
        walls = NONE if options.unsafe else options.walls
        self._kit = pack(folder, unit, config=course.config, db_url=course.db_url, limits=limits, walls=walls)
        self._version = version_of(self._kit)
        self._record = Record(self._kit, self._steps)
        self._results = Results(folder, unit)
        self._open: dict[str, Job] = {}

    def run(self, begin: Callable[[int], None], report: Report) -> Graded:
        """Grade, and keep the table."""
        students = self._students()
        if not self._options.students:
            self._results.keep_only(students)
        begin(len(students))
        new: list[Row] = []
        try:
            with contextlib.closing(self._outcomes(self._jobs(students, report), len(students))) as outcomes:
                for outcome in outcomes:
                    new.append(self._write(outcome))
                    report(new[-1], True)
        except KeyboardInterrupt:
            raise Interrupted(
                f"Interrupted: {len(new)} submissions are graded. The same command goes on from there."
            ) from None
        finally:
            self._results.show()
        return Graded(self._results, len(new), sum(row.status == FAILED for row in new))

    def _students(self) -> list[str]:
        """Who has handed something in."""
        course = self._steps.course
        pattern = course.format_path(course.submitted_directory, "(?P<student>[^/]+)", self._kit.unit, escape=True)
        there = Path(course.format_path(course.submitted_directory, "*", self._kit.unit))
        folders = Path(there.anchor).glob(str(there.relative_to(there.anchor)))
        found = (re.fullmatch(pattern, str(folder)) for folder in folders)
        students = sorted(match["student"] for match in found if match)
        chosen = [student for student in students if student in (self._options.students or students)]
        if not chosen:
            raise InputError(f"Nobody has handed in {self._kit.unit}: there is nothing like {there}.")
        return chosen

    def _jobs(self, students: Sequence[str], report: Report) -> Iterator[Job]:
        """The submissions that are not graded yet as they are."""
        course = self._steps.course
        for student in students:
            folder = Path(course.format_path(course.submitted_directory, student, self._kit.unit))
            job = read_job(student, folder, ignore=course.ignore, version=self._version)
            if not self._options.force and self._results.is_done(student, job.checksum):
                report(self._results.rows[student], False)
                continue
            self._open[student] = job
            yield job

    def _outcomes(self, jobs: Iterator[Job], n_jobs: int) -> Generator[Outcome]:
        if self._options.scheduler:
            from crmsim.course.batch.cluster import mark_on_cluster

            yield from mark_on_cluster(self._options.scheduler, self._kit, jobs)
            return
        first = next(jobs, None)
        if first is None:
            return
        from crmsim.course.batch.pool import Pool

        size = self._options.jobs or os.cpu_count() or 1
        with contextlib.closing(Pool(self._kit, size=max(1, min(size, n_jobs)))) as pool:
            yield from pool.mark(itertools.chain([first], jobs))

    def _write(self, outcome: Outcome) -> Row:
        """Write an outcome; a fault while writing is a failure of this submission alone."""
        job = self._open.pop(outcome.student)
        points = None
        if outcome.status != FAILED:
            try:
                points = self._record.write(job, outcome)
            except Exception as error:  # a locked gradebook, a full disk: the next one may be luckier
                outcome.status, outcome.notes = FAILED, [f"it could not be written: {type(error).__name__}: {error}"]
        row = Row(
            job.student, outcome.status, points.points if points else None, points.max_points if points else None,
            points is not None and points.by_hand, outcome.seconds, "; ".join(outcome.notes), job.checksum,
        )
        self._results.put(row)
        return row
