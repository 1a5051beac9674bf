"""Case files: one small file per student, which the instructor hands out with an assignment.

A case file is a zip of one JSON text (assignment, today, facts, column types) and one Parquet file per table.
Its name shows the assignment and a hash of the student id, never the id. The same case gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.course.cases import Case
from crmsim.course.identity import student_hash
from crmsim.errors import InputError

_FORMAT = 1
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def file_name(assignment: str, student: str) -> str:
    """The name of a student's case file."""
    return f"case-{assignment}-{student_hash(student)}.zip"


def case_files(folder: Path | str, assignment: str) -> list[Path]:
    """The case files of an assignment in a folder, sorted by name."""
    return sorted(Path(folder).glob(f"case-{assignment}-*.zip"))


def write_case(case: Case, path: Path | str) -> Path:
    """Write what a student may see of a case; whatever else `case` carries stays behind."""
    about = {
        "format": _FORMAT, "assignment": case.assignment, "today": case.today.isoformat(),
        "facts": dict(case.facts), "tables": {name: _types(table) for name, table in case.tables.items()},
    }
    path = Path(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        _put(file, "case.json", json.dumps(about, ensure_ascii=False, indent=1).encode())
        for name, table in case.tables.items():
            _put(file, f"{name}.parquet", table.to_parquet(engine="pyarrow", compression="zstd"))
    return path


def read_case(path: Path | str) -> Case:
    """Read a case file.

    Errors: `InputError` when the file is damaged or was made by a newer version.
    """
    path = Path(path)
    try:
        with zipfile.ZipFile(path) as file:
            about = json.loads(file.read("case.json"))
            if about["format"] != _FORMAT:
                raise InputError(f"{path.name} was made by a newer version of crmsim; update yours.")
            tables = {name: _table(file.read(f"{name}.parquet"), types) for name, types in about["tables"].items()}
    except (zipfile.BadZipFile, KeyError, OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path.name} is damaged ({error}); ask for your case file again.") from error
    return Case(about["assignment"], pd.Timestamp(about["today"]), tables, about["facts"])


def write_cases(cases: Iterable[tuple[str, Case]], folder: Path | str) -> list[Path]:
    """Write the files of several students; `cases` gives student ids and cases."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return [write_case(case, Path(folder) / file_name(case.assignment, student)) for student, case in cases]


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    file.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, compress_type=zipfile.ZIP_DEFLATED)


def _types(table: pd.DataFrame) -> dict[str, str]:
    """The moments of a table, with their unit, which Parquet does not keep."""
    return {str(name): str(column.dtype) for name, column in table.items() if column.dtype.kind in "mM"}


def _table(content: bytes, types: dict[str, Any]) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(content), engine="pyarrow").astype(types)
