"""The linter for assignments: everything that can be known to go wrong before a student sees it.

Rules come in stages. Cells and promises first (at once), then trial answers and the release, then everybody's case,
and at last the notebook in a real kernel. A later stage runs only when the earlier ones found nothing, because one
mistake would be told ten times otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from crmsim.course.linting.finding import Finding
from crmsim.course.linting.subject import Subject, read_subject

__all__ = ["Finding", "lint"]

Stage = Callable[[Subject], Iterable[Finding]]


def lint(
    course: Path, unit: str, *, n_ids: int = 300, run: bool = True,
    bar: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> list[Finding]:
    """What is wrong with a unit.

    Parameters
    ----------
    course : Path
        A course folder.
    unit : str
    n_ids : int
        So many invented students get a case.
    run : bool
        Whether to run the notebook in a kernel, which takes some seconds.
    bar : callable
        Wraps the ids of the invented students, to show progress.

    Returns the findings; none for a sound unit. Errors: `MarkingError` for a scheme that cannot be loaded.
    """
    subject, findings = read_subject(course, unit)
    for stage in _stages(n_ids=n_ids, run=run, bar=bar) if subject.notebooks else ():
        if findings:
            break
        findings += [finding for rule in stage for finding in rule(subject)]
    return findings


def _stages(*, n_ids: int, run: bool, bar: Callable[[Iterable[str]], Iterable[str]]) -> Iterator[tuple[Stage, ...]]:
    from crmsim.course.linting import fairness, leaks, promises, shape, trialdata, trials

    yield (*shape.RULES, *promises.RULES)
    yield (*trialdata.RULES, *leaks.RULES)
    yield (partial(fairness.everybody, n_ids=n_ids, bar=bar),)
    yield (fairness.own_data,)
    for rule in trials.RULES if run else ():
        yield (rule,)
