"""The list of a course's students: a CSV file, read with care.

The columns are those of nbgrader's own ``nbgrader db student import``: `id`, and if wished `first_name`,
`last_name`, `email` and `lms_user_id`. Other columns are ignored. UTF-8 is expected; what a Chinese Excel saves
(GB 18030, with or without a byte order mark) is read as well, and so are semicolons and tabs for commas.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from crmsim.course.identity import plain_id
from crmsim.errors import InputError

FIELDS = ("id", "first_name", "last_name", "email", "lms_user_id")
MAX_LENGTH = 100
_UNSAFE = re.compile(r'[/\\:*?"<>|+\x00-\x1f\x7f]')
"""What cannot stand in a folder's name somewhere, and the plus sign, at which nbgrader's exchange splits."""

Student = Mapping[str, str]


def read_roster(path: Path | str) -> list[Student]:
    """The students of a course, in the order of the file.

    Parameters
    ----------
    path : path
        A CSV file with a header; one row per student; empty rows are skipped.

    Returns one mapping per student, with the fields `FIELDS`; what the file does not have is empty. Errors:
    `InputError` with file and line for a missing column, and for ids that are empty, occur twice, or cannot be
    the name of a folder.
    """
    path = Path(path)
    rows = list(_rows(path))
    if not rows:
        raise InputError(f"{path.name} has no students: it needs a header with the column id, and a line for each.")
    seen: dict[str, int] = {}
    for line, student in rows:
        _check_id(student["id"], where=f"{path.name}, line {line}")
        same = seen.setdefault(plain_id(student["id"]), line)
        if same != line:
            raise InputError(
                f"{path.name}, line {line}: the id {student['id']!r} is already on line {same}; "
                "every student needs an id of their own (small and capital letters count as the same)."
            )
    return [student for _, student in rows]


def _rows(path: Path) -> Iterator[tuple[int, Student]]:
    """Line numbers and students."""
    text = _text(path)
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if names and "id" not in names:
            raise InputError(f"{path.name} has no column id; its columns are: {', '.join(names) or 'none'}.")
        for row in reader:
            if any(cell.strip() for cell in row):
                found = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
                yield reader.line_num, {field: found.get(field, "") for field in FIELDS}
    except csv.Error as error:
        raise InputError(f"{path.name}, line {reader.line_num}: this is no CSV ({error}).") from error


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name} is no text in UTF-8 or GB 18030; save it as CSV (UTF-8).")


def _check_id(student: str, *, where: str) -> None:
    if not student:
        raise InputError(f"{where}: the id is empty.")
    odd = _UNSAFE.search(student)
    if odd:
        raise InputError(
            f"{where}: the id {student!r} has {odd.group()!r}, which cannot stand in the name of a folder; "
            "nbgrader keeps each student's work in a folder named after the id."
        )
    if student.startswith((".", "-", "=", "@")) or student.endswith(".") or len(student) > MAX_LENGTH:
        raise InputError(
            f"{where}: the id {student[:40]!r} cannot be used: it must not start with one of . - = @, not end with "
            f"a dot, and have at most {MAX_LENGTH} characters."
        )


def add_to_gradebook(folder: Path, students: list[Student]) -> None:
    """Tell the course's gradebook who its students are, with their names."""
    from nbgrader.api import Gradebook

    from crmsim.course.folders import at_work, nbgrader_in

    with at_work(folder):
        course = nbgrader_in(folder).coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            for student in students:
                known = {name: value for name, value in student.items() if name != "id" and value}
                gradebook.update_or_create_student(student["id"], **known)
