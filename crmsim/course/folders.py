"""A course folder: where it is, which units it has, and nbgrader at work inside it."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from crmsim.course.roster import CONFIG_FILE
from crmsim.errors import InputError, did_you_mean


def course_folder(path: Path | str) -> Path:
    """The absolute path of a course folder.

    Errors: `InputError` for a folder without ``nbgrader_config.py``.
    """
    folder = Path(path).resolve()
    if not (folder / CONFIG_FILE).is_file():
        raise InputError(
            f"{path} is no course folder: it has no {CONFIG_FILE}. Go into your course folder, name it with "
            "--course, or make one with: crmsim course init DIR"
        )
    return folder


def units_in(folder: Path) -> list[str]:
    """The units of a course: what has a text, or notebooks under ``source``."""
    texts = {path.stem for path in (folder / "text").glob("*.md")}
    return sorted(texts | {path.parent.name for path in (folder / "source").glob("*/*.ipynb")})


def unit_in(folder: Path, unit: str) -> str:
    """The unit, when the course has it.

    Errors: `InputError` that names the nearest unit.
    """
    known = units_in(folder)
    if unit in known:
        return unit
    hint = did_you_mean(unit, known) if known else "It has no unit at all: there is nothing in text/ or source/."
    raise InputError(f"This course has no unit {unit!r}. {hint}")


def config_of(folder: Path) -> Any:
    """The configuration in ``nbgrader_config.py``.

    Errors: `InputError` for a file that Python cannot run.
    """
    from traitlets.config.loader import PyFileConfigLoader

    try:
        return PyFileConfigLoader(CONFIG_FILE, path=str(folder)).load_config()
    except Exception as error:  # whatever an instructor may have written there
        raise InputError(f"{folder / CONFIG_FILE} cannot be loaded: {type(error).__name__}: {error}") from error


def nbgrader_in(folder: Path) -> Any:
    """The interface of nbgrader to a course; to be used inside `at_work`."""
    from nbgrader.apps import NbGraderAPI

    return NbGraderAPI(config=config_of(folder))


@contextlib.contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Inside a course folder, as nbgrader wants it: its own warnings off, its programs and this package in reach."""
    import crmsim

    package = str(Path(crmsim.__file__).resolve().parents[1])
    settings = {
        "PYTHONPATH": _joined(package, os.environ.get("PYTHONPATH")),
        "PATH": _joined(str(Path(sys.executable).parent), os.environ.get("PATH")),
        "PYTHONWARNINGS": "ignore",
    }
    with contextlib.chdir(folder), mock.patch.dict(os.environ, settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _joined(first: str, rest: str | None) -> str:
    return os.pathsep.join([first, rest]) if rest else first
