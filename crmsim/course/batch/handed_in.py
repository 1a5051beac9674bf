"""Reading what was handed in: regular files of reasonable size, and nothing else.

A submission may hold links (to the grader's own files), pipes that never end, names that no file system takes, or
a thousand folders. Links and other special files are left out and named; so is what is too large.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmsim.course.batch.parcels import Job

MAX_FILE, MAX_ALL, MAX_FILES, MAX_DEPTH = 100 << 20, 150 << 20, 1_000, 8


def read_job(student: str, folder: Path, *, ignore: Sequence[str] = (), version: str = "") -> Job:
    """Read a submission.

    Parameters
    ----------
    student : str
    folder : path
        ``submitted/<student>/<unit>``.
    ignore : sequence of str
        Patterns of names to leave out, as nbgrader's `CourseDirectory.ignore`.
    version : str
        Of the assignment: part of the checksum.
    """
    files: dict[str, bytes] = {}
    notes: list[str] = []
    left = MAX_ALL
    for path, reason in _walk(folder, ignore):
        name = path.relative_to(folder).as_posix()
        content = None if reason else _content(path)
        if content is None or len(content) > left or len(files) >= MAX_FILES:
            notes.append(f"{_shown(name)} was left out ({reason or 'too large' if content is None else 'too much'})")
            continue
        left -= len(content)
        files[name] = content
    return Job(student, files, tuple(notes), _checksum(files, notes, version))


def _walk(folder: Path, ignore: Sequence[str], depth: int = 0) -> Iterator[tuple[Path, str]]:
    """Files with the reason to leave them out, which is empty for most; in the order of their names."""
    if folder.is_symlink() or not folder.is_dir():
        yield folder, "not a folder"
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if any(fnmatch.fnmatch(entry.name, pattern) for pattern in ignore):
            continue
        path = folder / entry.name
        if not _is_sound(entry.name):
            yield path, "its name is no text"
        elif entry.is_symlink():
            yield path, "a link"
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, ignore, depth + 1) if depth < MAX_DEPTH else [(path, "too deep")]
        else:
            yield path, "" if entry.is_file(follow_symlinks=False) else "no regular file"


def _is_sound(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\\" not in name and name.isprintable()


def _content(path: Path) -> bytes | None:
    """The content of a regular file that is not too large; a link that has just taken its place is not followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size > MAX_FILE:
            return None
        return file.read(MAX_FILE)


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:80]


def _checksum(files: dict[str, bytes], notes: Sequence[str], version: str) -> str:
    """Changes with any file, any note, and the version."""
    total = hashlib.blake2b(version.encode(), digest_size=16)
    for name, content in sorted(files.items()):
        total.update(f"\0{name}\0{len(content)}\0".encode())
        total.update(content)
    total.update("\0".join(_shown(note) for note in notes).encode())
    return total.hexdigest()
