"""What is linted: the masters of a unit, its marking scheme, and which cells belong to which question."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmsim.course.linting.finding import Finding
from crmsim.course.marking import Scheme, load_scheme
from crmsim.errors import InputError

PARTS = ("_task", "", "_check", "_test")


@dataclass(frozen=True)
class Subject:
    """A unit under examination.

    Attributes
    ----------
    course : Path
    unit : str
    notebooks : dict of str to notebook
        The masters by name, as nbgrader would release them.
    scheme : Scheme or None
    """

    course: Path
    unit: str
    notebooks: dict[str, Any]
    scheme: Scheme | None

    @property
    def cells(self) -> list[Any]:
        """All cells of all masters."""
        return [cell for notebook in self.notebooks.values() for cell in notebook.cells]

    @property
    def named(self) -> dict[str, Any]:
        """The cells that nbgrader knows, by `grade_id`."""
        return {grade_id(cell): cell for cell in self.cells if grade_id(cell)}

    def tests(self) -> Iterator[tuple[str, Any]]:
        """Each automatically graded question with its test cell."""
        for name, cell in self.named.items():
            if is_test(cell):
                yield name.removesuffix("_test"), cell


def read_subject(course: Path, unit: str) -> tuple[Subject, list[Finding]]:
    """The unit, and what is wrong with its files already.

    Errors: `MarkingError` for a marking scheme that cannot be loaded.
    """
    findings: list[Finding] = []
    notebooks = _written(course, unit, findings) or _sources(course, unit)
    return Subject(course, unit, notebooks, load_scheme(course / "marking", unit)), findings


def _written(course: Path, unit: str, findings: list[Finding]) -> dict[str, Any]:
    """The notebook that the unit's text gives, if it has a text."""
    from crmsim.course.masters import as_json, to_notebook

    text, source = course / "text" / f"{unit}.md", course / "source" / unit / f"{unit}.ipynb"
    if not text.is_file():
        return {}
    try:
        notebook = to_notebook(text)
    except InputError as error:
        findings.append(Finding("text", unit, str(error), "Correct the text."))
        return {}
    if source.is_file() and source.read_text(encoding="utf-8") != as_json(notebook):
        advice = f"Edit the text, never the notebook, and write it anew: python -m crmsim.course.masters {unit}"
        findings.append(Finding("out-of-step", unit, f"{source.name} is not what {text.name} says.", advice))
    return {unit: notebook}


def _sources(course: Path, unit: str) -> dict[str, Any]:
    import nbformat

    paths = sorted((course / "source" / unit).glob("*.ipynb"))
    return {path.stem: nbformat.read(path, as_version=4) for path in paths}


def grade_id(cell: Any) -> str:
    """The name of a cell for nbgrader, or nothing."""
    return str(marks(cell).get("grade_id", ""))


def marks(cell: Any) -> dict[str, Any]:
    """What nbgrader keeps about a cell."""
    found = cell.metadata.get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def is_test(cell: Any) -> bool:
    """Whether the cell is graded, and not an answer."""
    return bool(marks(cell).get("grade")) and not is_answer(cell)


def is_answer(cell: Any) -> bool:
    """Whether students write into the cell."""
    return bool(marks(cell).get("solution"))


def is_essay(cell: Any) -> bool:
    """Whether the cell is an answer that a person grades."""
    return is_answer(cell) and bool(marks(cell).get("grade"))


def calls(source: str, function: str) -> list[list[str]]:
    """The text arguments of every call of a function, whatever it is reached through."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [_texts(node) for node in found if getattr(node.func, "attr", getattr(node.func, "id", "")) == function]


def _texts(call: ast.Call) -> list[str]:
    constants = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    return [value for value in constants if isinstance(value, str)]
