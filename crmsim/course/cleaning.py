"""Cleaning damaged notebooks before they are marked, so that one copied or deleted cell costs nobody a mark.

nbgrader stops at metadata it does not understand and leaves out what is not there. `TolerantDeduplicateIds`
makes an ordinary cell of every cell whose nbgrader metadata are damaged, unknown or a copy; `RestoreTests` puts
deleted test cells back behind what is left of their question.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from nbformat import from_dict
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import DeduplicateIds, OverwriteCells


class TolerantDeduplicateIds(DeduplicateIds):  # type: ignore[misc]
    """The last of several copies of a cell counts; the others become ordinary cells."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Drop damaged metadata, then duplicates, then what duplicates left behind."""
        _drop_damaged(nb, self.log)
        nb, resources = super().preprocess(nb, resources)
        _drop_damaged(nb, self.log)
        return nb, resources


def _drop_damaged(nb: Any, log: Any) -> None:
    for cell in nb.cells:
        if "nbgrader" in cell.metadata and not _is_sound(cell):
            log.warning("Damaged nbgrader metadata dropped: %r", cell.metadata["nbgrader"])
            del cell.metadata["nbgrader"]


def _is_sound(cell: Any) -> bool:
    meta = cell.metadata["nbgrader"]
    if not isinstance(meta, dict) or not meta.get("grade_id"):
        return False
    try:
        return _is_valid(json.dumps(meta, sort_keys=True), cell.cell_type)
    except (TypeError, ValueError, RecursionError):
        return False


@lru_cache(maxsize=1_000)
def _is_valid(meta: str, cell_type: str) -> bool:
    """Whether nbgrader takes these metadata; remembered, because it checks its own schema before every cell."""
    cell = from_dict({
        "cell_type": cell_type, "source": "", "metadata": {"nbgrader": json.loads(meta)},
    })
    try:
        MetadataValidator().validate_cell(cell)
    except Exception:  # every way of being invalid means the same here
        return False
    return True


class RestoreTests(OverwriteCells):  # type: ignore[misc]
    """Puts deleted graded cells back, each behind what is left of its question, or at the end."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Compare the notebook with the master's cells in the gradebook."""
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            master = gradebook.find_notebook(where["notebook"], where["assignment"])
            sources = {cell.name: cell for cell in master.source_cells}
            editable = {cell.name for cell in master.solution_cells}
            for graded in sorted(master.grade_cells, key=lambda cell: str(cell.name)):
                if graded.name not in _places(nb):
                    self.log.warning("Graded cell %s was missing and is put back", graded.name)
                    cell = self._cell(sources[graded.name], graded.max_score, graded.name in editable)
                    nb.cells.insert(_behind(nb, graded.name.removesuffix("_test")), cell)
                    _name(cell, nb)
        return nb, resources

    def _cell(self, source: Any, points: float, is_editable: bool) -> Any:
        cell = self.missing_cell_transform(source, points, is_editable)
        cell.source = source.source
        return from_dict(cell)


def _places(nb: Any) -> dict[str, int]:
    return {
        cell.metadata["nbgrader"]["grade_id"]: place
        for place, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade_id")
    }


def _behind(nb: Any, question: str) -> int:
    places = _places(nb).items()
    return max((place + 1 for name, place in places if name == question or name.startswith(f"{question}_")),
               default=len(nb.cells))


def _name(cell: Any, nb: Any) -> None:
    """Give a cell the id that notebooks of format 4.5 ask for."""
    if (nb.nbformat, nb.nbformat_minor) >= (4, 5):
        cell.id = cell.metadata["nbgrader"]["grade_id"][:64]
