"""Rules tried out in a real kernel, as in marking: the model answers earn everything, the blank release nothing."""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from crmsim.course.folders import at_work, config_of
from crmsim.course.linting.finding import Finding
from crmsim.course.linting.leaks import released
from crmsim.course.linting.subject import Subject, grade_id, is_test

STUDENT = "lint-000"
MARKING = {"NBGRADER_EXECUTION": "autograde", "MPLBACKEND": "Agg"}


@dataclass(frozen=True)
class Trial:
    """What came of running a notebook: verdicts by question, and the outputs of every cell by name."""

    verdicts: dict[str, dict[str, Any]]
    outputs: list[tuple[str, list[Any]]]

    def errors(self) -> Iterator[tuple[str, str]]:
        """Cells that stopped, with the error."""
        for name, outputs in self.outputs:
            yield from ((name, f"{out['ename']}: {out['evalue']}") for out in outputs if out["output_type"] == "error")

    def stderr(self) -> Iterator[tuple[str, str]]:
        """Cells that wrote to stderr, with the text."""
        for name, outputs in self.outputs:
            yield from ((name, str(out["text"])) for out in outputs if out.get("name") == "stderr")

    def text(self, name: str) -> str:
        """What a cell printed."""
        found = (outputs for other, outputs in self.outputs if other == name)
        return "".join(str(out.get("text", "")) for outputs in found for out in outputs if out.get("name") == "stdout")


def tried(subject: Subject, name: str, notebook: Any) -> Trial:
    """Run a notebook as an invented student's, and judge it; only for notebooks of one's own."""
    from nbgrader.preprocessors import Execute

    from crmsim.course.grading import JudgeAnswers, PlaceCase

    notebook = copy.deepcopy(notebook)
    with at_work(subject.course), mock.patch.dict(os.environ, MARKING), tempfile.TemporaryDirectory() as home:
        config = config_of(subject.course)
        where = {"student": STUDENT, "assignment": subject.unit, "notebook": name}
        resources: dict[str, Any] = {"metadata": {"path": home}, "nbgrader": where}
        _bring_files(subject, Path(home))
        for step in (PlaceCase, Execute):
            notebook, resources = step(config=config).preprocess(notebook, resources)
        outputs = [(_name(cell), list(cell.outputs)) for cell in notebook.cells if cell.cell_type == "code"]
        notebook, resources = JudgeAnswers(config=config).preprocess(notebook, resources)
    return Trial(_verdicts(notebook), outputs)


def _bring_files(subject: Subject, home: Path) -> None:
    import shutil

    source = subject.course / "source" / subject.unit
    for path in source.glob("*") if source.is_dir() else ():
        if path.suffix != ".ipynb":
            (shutil.copytree if path.is_dir() else shutil.copy)(path, home / path.name)


def _name(cell: Any) -> str:
    return grade_id(cell) or str(cell.get("id", "a cell"))


def _verdicts(notebook: Any) -> dict[str, dict[str, Any]]:
    from crmsim.course.judging import VERDICT_MIME

    found = (
        output["data"][VERDICT_MIME] for cell in notebook.cells if is_test(cell)
        for output in cell.outputs if VERDICT_MIME in output.get("data", {})
    )
    return {verdict["question"]: verdict for verdict in found}


def model_answers(subject: Subject) -> Iterator[Finding]:
    """`model-answer`, `model-check`, `stderr`, `error`: the master runs silently and earns everything."""
    for name, notebook in subject.notebooks.items():
        trial = tried(subject, name, notebook)
        yield from _troubles(trial, "the master")
        for question, verdict in trial.verdicts.items():
            earned, full, checked = verdict["points"], verdict["max_points"], trial.text(f"{question}_check").strip()
            if earned != full:
                message = f"The model answer earns {earned:g} of {full:g}: {verdict['message']}"
                yield Finding("model-answer", question, message, "Correct the solution or the marking scheme.")
            if "\N{HEAVY BALLOT X}" in checked:
                message = f"The visible check complains about the model answer: {checked}"
                yield Finding("model-check", question, message, "Correct the limits of the check.")


def blank_release(subject: Subject) -> Iterator[Finding]:
    """`blank-points`, `blank-check`, `stderr`, `error`: who answers nothing gets nothing, and is told so."""
    for name, notebook in subject.notebooks.items():
        trial = tried(subject, name, released(notebook, course=subject.course))
        yield from _troubles(trial, "the blank release")
        for question, verdict in trial.verdicts.items():
            if verdict["points"] > 0:
                message = f"Who answers nothing earns {verdict['points']:g} points."
                yield Finding("blank-points", question, message, "Let the scaffold hold no answer.")
            if "\N{HEAVY CHECK MARK}" in trial.text(f"{question}_check"):
                message = "The visible check is content with no answer."
                yield Finding("blank-check", question, message, "Let the scaffold say ... instead of a value.")


def _troubles(trial: Trial, what: str) -> Iterator[Finding]:
    for name, error in trial.errors():
        yield Finding("error", name, f"In {what} the cell stops with {error[:200]}.", "Let it run to the end.")
    for name, text in trial.stderr():
        message = f"In {what} the cell writes to stderr: {text.strip()[:200]!r}."
        yield Finding("stderr", name, message, "nbgrader takes that for a failure; keep it silent.")


RULES = (model_answers, blank_release)
