"""Marking a class: `crmsim course grade`, in sandboxes, against nbgrader's own `autograde` without any.

Run it with `python benchmarks/grading.py`; it needs nbgrader, and bubblewrap. A throw-away course gets the unit and so
many submissions: a third right, a third with typical mistakes, a third blank. Each command marks the same submissions
in a copy of its own, one after the other in the same run; times are those of the whole command, its start included.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reporting import arguments, table, write

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENTS = ROOT / "assignments"
UNIT = "u06"
GRADE = [sys.executable, "-m", "crmsim.cli", "course", "grade", UNIT, "--jobs"]
COMMANDS = {
    "nbgrader autograde": [sys.executable, "-m", "nbgrader", "autograde", UNIT],
    "crmsim, 1 job": [*GRADE, "1"],
    "crmsim, 2 jobs": [*GRADE, "2"],
}


def make_course(folder: Path, n: int) -> None:
    """A released course with submissions."""
    sys.path[:0] = [str(ROOT), str(ASSIGNMENTS)]
    import nbformat
    from rehearse import MADE_BY_NBGRADER, typical_students

    from crmsim.course import make_case_files, make_secret
    from crmsim.course.masters import write_all
    from crmsim.course.releasing import generate

    shutil.copytree(ASSIGNMENTS, folder, ignore=shutil.ignore_patterns(*MADE_BY_NBGRADER))
    make_secret(folder)
    write_all(folder)
    generate(folder, UNIT)
    release: Any = nbformat.read(folder / "release" / UNIT / f"{UNIT}.ipynb", as_version=4)
    changes = list(typical_students(folder, UNIT).values())
    students = [f"student-{number:03}" for number in range(n)]
    for number, (student, case) in enumerate(zip(students, make_case_files(folder, UNIT, students), strict=True)):
        place = folder / "submitted" / student / UNIT
        place.mkdir(parents=True)
        notebook = copy.deepcopy(release)
        changes[number % len(changes)](notebook)
        nbformat.write(notebook, place / f"{UNIT}.ipynb")
        shutil.copy(case, place)


def seconds(command: list[str], course: Path, folder: Path) -> tuple[float, dict[str, float]]:
    """The time of a command on a fresh copy, and the points it gave."""
    shutil.copytree(course, folder)
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    setting = {**os.environ, "PYTHONPATH": paths, "PATH": programs}
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - begin
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    points = dict(scores(folder))
    shutil.rmtree(folder)
    return taken, points


def scores(folder: Path) -> Iterator[tuple[str, float]]:
    """What the gradebook says afterwards."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "crm") as gradebook:
        for submission in gradebook.assignment_submissions(UNIT):
            yield submission.student.id, submission.score


def compare(n: int, repeats: int) -> dict[str, Any]:
    """All commands on the same submissions; they must give the same points."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        course = Path(name, "course")
        make_course(course, n)
        for what, command in [pair for _ in range(repeats) for pair in COMMANDS.items()]:
            taken, points = seconds(command, course, Path(name, "copy"))
            times[what].append(taken)
            found.append(points)
            print(f"{what}: {taken:.1f} s", flush=True)
    if any(points != found[0] for points in found):
        raise SystemExit(f"The commands disagree about points:\n{json.dumps(found, indent=1)}")
    medians = {what: statistics.median(taken) for what, taken in times.items()}
    share = {what: taken / medians["nbgrader autograde"] for what, taken in medians.items()}
    rows = [[what, f"{taken:.1f}", f"{taken / n:.2f}", f"{share[what]:.2f}"] for what, taken in medians.items()]
    print(table([f"{n} submissions of {UNIT}", "seconds", "each", "share"], rows))
    return {"submissions": n, "seconds": times, "median": medians, "share": share, "same_points": True}


def whole_class(n: int) -> dict[str, Any]:
    """A large class, marked by the fastest command alone."""
    *_, (what, command) = COMMANDS.items()
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        course = Path(name, "course")
        make_course(course, n)
        taken, points = seconds(command, course, Path(name, "copy"))
    assert len(points) == n, f"{len(points)} of {n} submissions were marked"
    print(f"{what}, a class of {n}: {taken:.1f} s", flush=True)
    return {"submissions": n, "command": what, "seconds": taken}


def main() -> None:
    """Measure, compare, print, write."""
    options = arguments(
        "grading", __doc__.splitlines()[0], submissions=(60, "submissions, 0 for no comparison"),
        repeats=(1, "runs of each command"), students=(0, "size of a class marked by crmsim alone, 0 for none"),
    )
    content: dict[str, Any] = {"unit": UNIT}
    if options.submissions:
        content["comparison"] = compare(options.submissions, options.repeats)
    if options.students:
        content["class"] = whole_class(options.students)
    write(options.out, content)


if __name__ == "__main__":
    main()
