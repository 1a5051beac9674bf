"""Which file is which notebook, and which cell is which: by what is inside, when the names do not help.

A renamed notebook is recognised by its cells' ids; so is one inside a zip archive. A cell that lost nbgrader's
metadata is recognised by its own id, which the release made from them. What the metadata say of points, locks and
kinds never counts: that is set to what the released notebook has.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from crmsim.course.batch.mending import NoNotebook, make_cell, read_notebook
from crmsim.course.batch.parcels import MasterCell, Masters

MAX_IN_ARCHIVE, MAX_CANDIDATES = 50 << 20, 30
_ENDINGS = (".ipynb", ".json", ".txt", "")


@dataclass
class Found:
    """A notebook that was handed in, or the reasons why there is none."""

    notebook: NotebookNode | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    name: str
    notebook: NotebookNode
    notes: list[str]
    ids: frozenset[str]


def choose(files: Mapping[str, bytes], masters: Masters) -> dict[str, Found]:
    """The notebooks of a submission, by the names that the release gave them."""
    candidates, troubles = _candidates(files)
    found: dict[str, Found] = {}
    for name, cells in masters.items():
        wanted = f"{name}.ipynb"
        best = max(candidates, key=lambda one: _rank(one, wanted, cells), default=None)
        if best is None or (best.name != wanted and not best.ids & set(cells)):
            found[name] = Found(None, [troubles.get(wanted, f"{wanted} is missing"), *_others(troubles, wanted)])
            continue
        candidates.remove(best)
        notes = [f"{wanted}: {note}" for note in best.notes]
        if best.name != wanted:
            absent = f"{wanted} is {'another notebook' if wanted in files else 'missing'}"
            why = troubles.get(wanted, absent)
            notes = [f"{why}; {best.name} was taken instead", *notes]
        found[name] = Found(settle(best.notebook, cells), notes)
    return found


def settle(notebook: NotebookNode, cells: Mapping[str, MasterCell]) -> NotebookNode:
    """Set nbgrader's metadata of the known cells to what the release has, and drop all others."""
    present = {_grade_id(cell) for cell in notebook.cells}
    for cell in notebook.cells:
        name = _grade_id(cell)
        if name not in cells and cell.id in cells and cell.id not in present:
            name = cell.id
        cell.metadata = _marks(name, cells[name]) if name in cells else type(cell.metadata)()
        if name in cells and cell.cell_type != cells[name].cell_type:
            _change(cell, cells[name].cell_type)
    return notebook


def _change(cell: Any, kind: str) -> None:
    sound = make_cell(kind, cell.source, id=cell.id, metadata=cell.metadata)
    cell.clear()
    cell.update(sound)


def _marks(name: str, master: MasterCell) -> Any:
    from nbformat import from_dict

    marks = {
        "grade": master.grade, "solution": master.solution, "locked": master.locked, "task": master.task,
        "grade_id": name, "schema_version": 3, "cell_type": master.cell_type,
    }
    return from_dict({"nbgrader": marks | ({} if master.points is None else {"points": master.points})})


def _rank(candidate: _Candidate, wanted: str, cells: Mapping[str, MasterCell]) -> tuple[int, bool, str]:
    return len(candidate.ids & set(cells)), candidate.name == wanted, candidate.name


def _others(troubles: Mapping[str, str], wanted: str) -> list[str]:
    return [trouble for name, trouble in troubles.items() if name != wanted][:3]


def _candidates(files: Mapping[str, bytes]) -> tuple[list[_Candidate], dict[str, str]]:
    """Every file that is a notebook, and what is wrong with those that should be."""
    candidates: list[_Candidate] = []
    troubles: dict[str, str] = {}
    for name, content in _contents(files):
        if len(candidates) + len(troubles) >= MAX_CANDIDATES:
            break
        try:
            notebook, notes = read_notebook(content)
        except NoNotebook as what:
            if name.endswith(".ipynb"):
                troubles[name] = f"{name} is {what}"
        except MemoryError:
            troubles[name] = f"{name} is too large to be read"
        else:
            ids = frozenset(name for cell in notebook.cells for name in (_grade_id(cell), cell.id))
            candidates.append(_Candidate(name, notebook, notes, ids))
    return candidates, troubles


def _grade_id(cell: Any) -> str:
    """The grade_id that a cell claims."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else ""


def _contents(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Whatever might be a notebook: those with the right ending first, what is in archives last."""
    likely = [name for name in files if name.endswith(_ENDINGS[:-1]) or "." not in name.rpartition("/")[2]]
    for name in sorted(likely, key=lambda name: (not name.endswith(".ipynb"), name)):
        yield name, files[name]
    for name, content in files.items():
        if content.startswith(b"PK\x03\x04"):
            yield from _archived(name, content)


def _archived(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Notebooks in a zip archive: read in memory, never unpacked to a path."""
    left = MAX_IN_ARCHIVE
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:1_000]:
                if member.filename.endswith(".ipynb") and "checkpoints" not in member.filename:
                    with archive.open(member) as file:
                        inner = file.read(left + 1)
                    left -= len(inner)
                    if left < 0:
                        return
                    yield f"{name}/{member.filename.rpartition('/')[2]}"[:100], inner
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return
