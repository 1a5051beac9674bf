"""Notebooks from text: the one place where a lesson or an assignment is written.

Masters are MyST Markdown (``text/*.md``), because people review text; notebooks are generated from them and
never edited. A graded question takes four cells, marked by one word each, and nbgrader's metadata follow from it:

| Word | On | nbgrader |
|---|---|---|
| ``task: <id>`` | markdown | locked, ``<id>_task`` |
| ``answer: <id>`` | code | solution, ``<id>`` |
| ``check: <id>`` | code | locked, ``<id>_check`` |
| ``test: <id>`` with ``points:`` | code | locked and graded, ``<id>_test`` |
| ``essay: <id>`` with ``points:`` | markdown or code | solution, graded by hand, ``<id>`` |

``python -m crmsim.course.masters UNIT`` writes them anew: `crmsim.course.commands.masters`.

A cell may carry nbgrader's own metadata instead; they are kept as they are. Cell ids are made from `grade_id`,
or from the content, so that the same text gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crmsim.errors import InputError

_SUFFIX = {"task": "_task", "answer": "", "check": "_check", "test": "_test", "essay": ""}
_FIELDS = {
    "task": {"locked": True}, "answer": {"solution": True}, "check": {"locked": True},
    "test": {"locked": True, "grade": True}, "essay": {"solution": True, "grade": True},
}
_NOTEBOOK = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def to_notebook(text_path: Path | str) -> Any:
    """The notebook of a master: no outputs, stable cell ids, complete nbgrader metadata.

    Parameters
    ----------
    text_path : path
        A MyST Markdown file.

    Returns an nbformat notebook (format 4.5). Errors: `InputError` for a question whose four cells are not
    complete and in order, or for an id that occurs twice.
    """
    import jupytext

    path = Path(text_path)
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    notebook.metadata, notebook.nbformat, notebook.nbformat_minor = json.loads(json.dumps(_NOTEBOOK)), 4, 5
    for cell in notebook.cells:
        _expand(cell, where=path.name)
    _check_questions(notebook, where=path.name)
    _name_cells(notebook)
    return notebook


def write_all(folder: Path | str) -> list[Path]:
    """Generate every notebook of a folder from ``<folder>/text/*.md``; returns the paths written."""
    return write(masters_in(folder))


def write(pairs: Iterable[tuple[Path, Path]]) -> list[Path]:
    """Generate notebooks, each from its text; none is written when one of the texts makes no notebook."""
    notebooks = {target: as_json(to_notebook(text)) for text, target in pairs}
    for target, notebook in notebooks.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(notebook, encoding="utf-8", newline="\n")
    return list(notebooks)


def out_of_step(folder: Path | str) -> list[Path]:
    """The generated notebooks that are missing or differ from their text."""
    return [
        target for text, target in masters_in(folder)
        if not target.exists() or target.read_text(encoding="utf-8") != as_json(to_notebook(text))
    ]


def masters_in(folder: Path | str) -> Iterator[tuple[Path, Path]]:
    """Each text of a folder with its notebook: ``source/<unit>/<unit>.ipynb`` in a course, else ``<name>.ipynb``."""
    folder = Path(folder)
    is_course = (folder / "nbgrader_config.py").exists()
    for text in sorted((folder / "text").glob("*.md")):
        name = f"{text.stem}.ipynb"
        yield text, folder / "source" / text.stem / name if is_course else folder / name


def as_json(notebook: Any) -> str:
    """A notebook as the text of its file."""
    import nbformat

    nbformat.validate(notebook)
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _expand(cell: Any, *, where: str) -> None:
    """Turn the word of a cell into nbgrader's metadata."""
    words = [word for word in _SUFFIX if word in cell.metadata]
    if len(words) > 1:
        raise InputError(f"{where}: a cell is {' and '.join(words)} at once; give it one word.")
    if not words:
        return
    word = words[0]
    question, points = cell.metadata.pop(word), cell.metadata.pop("points", None)
    fields = {"grade": False, "locked": False, "solution": False, "task": False} | _FIELDS[word]
    cell.metadata["nbgrader"] = {**fields, "grade_id": f"{question}{_SUFFIX[word]}", "schema_version": 3}
    if fields["grade"] != (points is not None):
        needs = "needs points above 0" if fields["grade"] else "has no points of its own"
        raise InputError(f"{where}, {question}: a cell with '{word}:' {needs}.")
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points


def _check_questions(notebook: Any, *, where: str) -> None:
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if "nbgrader" in cell.metadata]
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        raise InputError(f"{where}: the id {twice[0]!r} occurs twice.")
    for name in ids:
        question = name.removesuffix("_test")
        wanted = [f"{question}{suffix}" for suffix in ("_task", "", "_check", "_test")]
        if name.endswith("_test") and [other for other in ids if other in wanted] != wanted:
            raise InputError(f"{where}, {question}: the cells task, answer, check, test must stand in this order.")
    cells = {cell.metadata["nbgrader"]["grade_id"]: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    for name, cell in cells.items():
        if name.endswith("_test"):
            _check_test(cell, cells[name.removesuffix("_test") + "_task"], where=where)


def _check_test(test: Any, task: Any, *, where: str) -> None:
    """The test hands in its own question, and the prompt names the points it is worth."""
    question, points = test.metadata["nbgrader"]["grade_id"].removesuffix("_test"), test.metadata["nbgrader"]["points"]
    if f'hand_in("{question}", "' not in test.source:
        raise InputError(f'{where}, {question}: the test must be crm.course.hand_in("{question}", "name").')
    if not re.search(rf"\b{points:g} points?\b", task.source):
        raise InputError(f"{where}, {question}: the prompt must say that it is worth {points:g} points.")


def _name_cells(notebook: Any) -> None:
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or _content_name(cell)
        seen[name] += 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"


def _content_name(cell: Any) -> str:
    content = f"{cell.cell_type}\n{cell.source}"
    return "cell-" + hashlib.blake2b(content.encode(), digest_size=5).hexdigest()


if __name__ == "__main__":
    from crmsim.course.commands.masters import main

    main()
