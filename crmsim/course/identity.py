"""Who gets which case: the instructor's secret, and the seed made from it.

The seed of a student's case is a keyed hash of year, assignment and student, under a secret that only the
instructor has. A student can run the same recipe, but not with the same seed, and so cannot look up the truth.
Without an instructor there is a public demo secret: everybody can then make everybody's case, which is what
self-study needs and what an examination must not have.

Source: keyed BLAKE2b, RFC 7693 (Saarinen & Aumasson 2015).
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import unicodedata
from pathlib import Path
from typing import Any

from crmsim.errors import InputError, told

SECRET_FILE = "course-secret.txt"  # noqa: S105 - the name of a file, no secret
DEMO_SECRET = b"crmsim: public demo secret"


def make_secret(folder: Path | str) -> Path:
    """Make the course's secret once; an existing one is kept, for all cases depend on it.

    Parameters
    ----------
    folder : path
        The course folder, which holds ``nbgrader_config.py``. Keep the file out of version control.

    Returns the path of the file. Errors: `InputError` when it cannot be written there.
    """
    path = folder_at(folder) / SECRET_FILE
    if not path.exists():
        try:
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        except OSError as error:
            raise InputError(f"{path} cannot be written ({error.strerror}). Give the folder of the course.") from None
    return path


def read_secret(folder: Path | str, *, log: logging.Logger | None = None) -> bytes:
    """The course's secret, or the public one, with a warning in the log, when the folder has none.

    Errors: `InputError` for a file that is too short to be a secret.
    """
    path = folder_at(folder) / SECRET_FILE
    if not path.exists():
        (log or logging.getLogger("crmsim.course")).warning(
            "%s is missing: the public demo secret is used, so students can make their own cases. "
            "Make a secret with crmsim.course.make_secret(folder) before handing out case files.", path,
        )
        return DEMO_SECRET
    secret = path.read_bytes().strip()
    if len(secret) < 32:
        raise InputError(
            f"{path} holds {len(secret)} characters; a secret has at least 32. Delete it and make a new one."
        )
    return secret


def seed_of(assignment: str, student: str, *, secret: bytes = DEMO_SECRET, year: str = "") -> int:
    """The seed of a student's case: 63 bits, the same on every machine.

    With the demo secret the year does not count, so that a case made in a notebook is the one that is marked.

    >>> seed_of("u06", "anna") == seed_of("u06", " Anna ", year="2026")
    True
    >>> seed_of("u06", "anna") == seed_of("u07", "anna")
    False
    """
    when = "demo" if secret == DEMO_SECRET else year
    return hashed("\x1f".join(["case", when, assignment, plain_id(student)]), key=secret)


def nth_seed(seed: int, attempt: int) -> int:
    """The seed of another attempt at the same student's case, should the first not be fair."""
    return seed if attempt == 0 else hashed(f"attempt {attempt} after {seed}")


def folder_at(folder: Any) -> Path:
    """The folder that was given, or `InputError`."""
    if not isinstance(folder, (str, Path)):
        raise InputError(f'folder={told(folder)} is no folder: write its name in quotes, such as "my-course".')
    return Path(folder)


def id_of(student: Any) -> str:
    """A student id as text, or `InputError`; a number of a student, written without quotes, is one, too."""
    if isinstance(student, int) and not isinstance(student, bool):
        return str(student)
    if not isinstance(student, str):
        raise InputError(f'student={told(student)} is no student id: write it in quotes, such as "20260001".')
    return student


def plain_id(student: str) -> str:
    """A student id without differences of case, width and surrounding spaces."""
    return unicodedata.normalize("NFKC", student).strip().casefold()


def student_hash(student: str) -> str:
    """A short name for a student that does not show the id: 10 hexadecimal digits for file names."""
    return hashlib.blake2b(plain_id(student).encode(), digest_size=5, person=b"crmsim-student").hexdigest()


def hashed(text: str, *, key: bytes = b"") -> int:
    """A whole number of 63 bits that depends on every character of a text, and on the key."""
    short_key = hashlib.blake2b(key).digest() if key else b""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=short_key).digest(), "big") >> 1
