"""What nbgrader does besides while it marks: place the right case, and judge answers outside the kernel.

`PlaceCase` runs before the notebook is executed. It puts the case file of the student whose folder it is beside
the notebook, whatever the notebook claims, and gives the cells that hand in a function their hidden inputs.
`JudgeAnswers` runs right after. It reads the answers that the locked cells emitted, computes the truth in this
process, and replaces everything else in those cells by the verdict: a text for the feedback, a number for
nbgrader's own grading, and the same as data for reports.

Only `grade_id`, the folder and the marking scheme say which question this is and whose: never the notebook.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Unicode

from crmsim.course.casefiles import file_name, write_case
from crmsim.course.encoding import MIME
from crmsim.course.identity import read_secret
from crmsim.course.judging import VERDICT_MIME, Verdict, hidden_inputs, judge, no_answer
from crmsim.course.marking import MarkingError, Question, Scheme, load_scheme, scheme_changed
from crmsim.course.recipes import SealedCase, make_case, recipe_of

TEST = "_test"
_ORIGINALS = "crmsim_sources"


class CoursePreprocessor(NbGraderPreprocessor):  # type: ignore[misc]
    """What both preprocessors need to know: the marking scheme and the student's case."""

    year = Unicode("", help="Part of every seed: students of another year get other cases.").tag(config=True)
    marking = Unicode("marking", help="Folder of the marking schemes, from the course folder.").tag(config=True)

    def scheme(self, resources: Any) -> Scheme | None:
        """The marking scheme of this notebook's assignment."""
        assignment = resources["nbgrader"]["assignment"]
        folder = Path(self.marking).absolute()
        changed = scheme_changed(folder, assignment)
        return _loaded(str(folder), assignment, changed) if changed else None

    def case(self, scheme: Scheme, resources: Any) -> SealedCase:
        """The case of the student whose folder this is."""
        recipe = scheme.recipe or recipe_of(scheme.assignment)
        secret = read_secret(Path.cwd(), log=self.log)
        return _made(recipe, scheme.assignment, resources["nbgrader"]["student"], secret, self.year)

    def questions(self, nb: Any, scheme: Scheme | None) -> Iterator[tuple[Any, Question]]:
        """The cells that are judged here, each with its question.

        Errors: `MarkingError` for a cell that hands in an answer the scheme does not know, or with other points.
        """
        for cell in nb.cells:
            if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
                continue
            question = scheme.question(cell.metadata.nbgrader.grade_id.removesuffix(TEST)) if scheme else None
            if question is not None:
                _check_points(cell, question)
                yield cell, question
            elif "hand_in(" in cell.source:
                raise MarkingError(f"{cell.metadata.nbgrader.grade_id}: the marking scheme has no such question.")


def _check_points(cell: Any, question: Question) -> None:
    if float(cell.metadata.nbgrader.points) != question.points:
        raise MarkingError(
            f"{question.id}: {cell.metadata.nbgrader.points} points in the notebook, "
            f"{question.points} in the marking scheme."
        )


@lru_cache(maxsize=8)
def _loaded(folder: str, assignment: str, changed: int) -> Scheme | None:
    """A scheme, read again only when its file has changed."""
    return load_scheme(folder, assignment)


@lru_cache(maxsize=4)
def _made(recipe: Any, assignment: str, student: str, secret: bytes, year: str) -> SealedCase:
    return make_case(recipe, assignment, student, secret=secret, year=year)


class PlaceCase(CoursePreprocessor):
    """Puts the right case file beside the notebook, and hidden inputs into the cells that need them."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Prepare the folder and the notebook for execution."""
        scheme = self.scheme(resources)
        asked = list(self.questions(nb, scheme))
        if scheme is None:
            return nb, resources
        case = self.case(scheme, resources)
        self._place(case, Path(resources["metadata"]["path"]), resources["nbgrader"]["student"])
        resources[_ORIGINALS] = {cell.metadata.nbgrader.grade_id: cell.source for cell, _ in asked}
        for cell, question in asked:
            cell.source = f"{_preparation(question, case)}\n{cell.source}"
        return nb, resources

    def _place(self, case: SealedCase, folder: Path, student: str) -> None:
        for path in folder.glob("case-*.zip"):
            self.log.info("Removing %s", path)
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        path = write_case(case, folder / file_name(case.assignment, student))
        os.chmod(path, 0o644)


def _preparation(question: Question, case: SealedCase) -> str:
    """Lines before a graded cell that a student's code cannot spoil: the package again, and hidden inputs."""
    lines = ["import crmsim as crm"]
    if question.inputs is not None:
        inputs = json.dumps(hidden_inputs(question, case))
        lines += ["import crmsim.course.handing", f"crm.course.handing.take_inputs({question.id!r}, {inputs!r})"]
    return "\n".join(lines)


class JudgeAnswers(CoursePreprocessor):
    """Replaces the outputs of every cell that hands in an answer by the verdict on it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Judge every question of the notebook."""
        scheme = self.scheme(resources)
        if scheme is not None:
            self._judge(nb, self.case(scheme, resources), scheme, originals=resources.pop(_ORIGINALS, {}))
        for cell in nb.cells:
            _without_answers(cell)
        return nb, resources

    def _judge(self, nb: Any, case: SealedCase, scheme: Scheme, *, originals: dict[str, str]) -> None:
        for cell, question in self.questions(nb, scheme):
            cell.source = originals.get(cell.metadata.nbgrader.grade_id, cell.source)
            verdict = self._verdict(cell, question, case)
            cell.outputs = _outputs(verdict, cell.execution_count)
            self.log.info("%s", str(verdict).replace("\n", ": "))

    def _verdict(self, cell: Any, question: Question, case: SealedCase) -> Verdict:
        answers = [output["data"][MIME] for output in cell.outputs if MIME in output.get("data", {})]
        if answers and isinstance(answers[-1], dict):
            return judge(question, answers[-1].get("answer"), case)
        errors = [output for output in cell.outputs if output.output_type == "error"]
        return no_answer(question, _reason(errors[-1]) if errors else "This cell handed in nothing.")


def _reason(error: Any) -> str:
    if error.get("ename") in ("CellTimeoutError", "KeyboardInterrupt"):
        return "This cell did not finish in time, so nothing was handed in."
    kind, text = str(error.get("ename", ""))[:80], str(error.get("evalue", ""))[:200]
    return f"Nothing was handed in, because this cell stopped with an error ({kind}: {text})."


def _outputs(verdict: Verdict, execution_count: int | None) -> list[Any]:
    """A text for people, and one result whose text is the number that nbgrader reads as (partial) credit."""
    result = {"text/plain": repr(float(verdict.points)), VERDICT_MIME: verdict.as_data()}
    text = new_output("stream", name="stdout", text=f"{verdict}\n")
    number = new_output("execute_result", data=result, execution_count=execution_count)
    return [text, number]


def _without_answers(cell: Any) -> None:
    """Drop handed-in data from a cell: they belong to nobody's feedback."""
    if cell.cell_type == "code":
        cell.outputs = [output for output in cell.outputs if MIME not in output.get("data", {})]
