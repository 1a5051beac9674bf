"""Packing what workers need: the course's own files, a snapshot of the gradebook, and what the release looks like."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import crmsim
from crmsim.course.batch.parcels import Kit, MasterCell, Masters
from crmsim.course.identity import SECRET_FILE
from crmsim.course.sandbox.limits import Limits
from crmsim.errors import InputError

MAX_PART = 50 << 20
_SQLITE = "sqlite:///"
_LAZY = re.compile(r"\bcrm\.([a-z]\w*)")
_IGNORED = ("__pycache__", ".ipynb_checkpoints")


def pack(folder: Path, unit: str, *, config: Any, db_url: str, limits: Limits, walls: str) -> Kit:
    """The kit of a unit.

    Errors: `InputError` for a unit that has not been released.
    """
    masters = _masters(db_url, unit)
    marking = str(config.get("CoursePreprocessor", {}).get("marking", "marking"))
    files = dict(_files(folder, unit, marking))
    path = Path(db_url.removeprefix(_SQLITE))
    if db_url.startswith(_SQLITE) and path.is_file():
        files["gradebook.db"] = _snapshot(path)
    kit = Kit(unit, files, masters, limits, walls, tuple(_imports(folder, unit)), str(folder))
    return kit if "gradebook.db" in files else replace(kit, database=db_url)


def version_of(kit: Kit) -> str:
    """Changes with everything that decides about points, except what was handed in; tells nothing of the secret."""
    key = hashlib.blake2b(kit.files.get(SECRET_FILE, b""), digest_size=32).digest()
    total = hashlib.blake2b(key=key, digest_size=16)
    total.update(f"{crmsim.__version__}\0{kit.limits}\0{kit.masters}".encode())
    for name, content in sorted(kit.files.items()):
        if name not in ("gradebook.db", SECRET_FILE):
            total.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _files(folder: Path, unit: str, marking: str) -> Iterator[tuple[str, bytes]]:
    """Names as in the course folder."""
    scheme = folder / marking
    candidates = [
        *folder.glob("*.py"), folder / SECRET_FILE, scheme / f"{unit}.py", *(scheme / unit).rglob("*"),
        *(folder / "source" / unit).rglob("*"),
    ]
    for path in candidates:
        is_wanted = path.is_file() and path.suffix != ".ipynb" and not set(_IGNORED) & set(path.parts)
        if is_wanted and path.stat().st_size <= MAX_PART:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _snapshot(path: Path) -> bytes:
    """The gradebook as it is now, even while somebody writes to it."""
    with (
        contextlib.closing(sqlite3.connect(path, timeout=60)) as live,
        contextlib.closing(sqlite3.connect(":memory:")) as copy,
    ):
        live.backup(copy)
        return copy.serialize()


def _masters(db_url: str, unit: str) -> Masters:
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(db_url) as gradebook:
        try:
            notebooks = gradebook.find_assignment(unit).notebooks
        except MissingEntry:
            notebooks = []
        if not notebooks:
            raise InputError(f"{unit} is not in the gradebook yet. Release it first: crmsim course release {unit}")
        for notebook in notebooks:
            _refuse_other_languages(notebook)
        return {notebook.name: _cells(notebook) for notebook in notebooks}


def _refuse_other_languages(notebook: Any) -> None:
    kernel = str(notebook.kernelspec or "python")
    if "python" not in kernel.lower():
        raise InputError(
            f"{notebook.name} is no Python notebook; the sandbox executes Python. Mark it with: nbgrader autograde"
        )


def _cells(notebook: Any) -> dict[str, MasterCell]:
    points = {cell.name: float(cell.max_score) for cell in [*notebook.grade_cells, *notebook.task_cells]}
    graded, solved, tasks = (
        {cell.name for cell in cells} for cells in (notebook.grade_cells, notebook.solution_cells, notebook.task_cells)
    )
    return {
        cell.name: MasterCell(
            cell.name in graded, cell.name in solved, bool(cell.locked), cell.name in tasks,
            points.get(cell.name), str(cell.cell_type),
        )
        for cell in notebook.source_cells
    }


def _imports(folder: Path, unit: str) -> Iterator[str]:
    """What the master's cells import: a template that has it already saves that time in every submission."""
    import nbformat

    seen = set()
    for path in sorted((folder / "source" / unit).glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            names = _imported(cell.source) if cell.cell_type == "code" else []
            yield from (name for name in names if name not in seen)
            seen.update(names)


def _imported(source: str) -> list[str]:
    lazy = [f"crmsim:{name}" for name in _LAZY.findall(source)]
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # magics
        return lazy
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module] + lazy
