"""Where a run is written: a folder, or an address such as ``s3://bucket/run`` through fsspec.

Both keep three kinds of things by name: `files/...`, which are the result; `pieces/...`, which one file of the result
is made of later; and what is needed to go on after an interruption (`run.json`, `done/...`). Whatever is put under a
name is there as a whole or not at all: a file is written under another name and renamed, an object of a store
appears when it has arrived.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

Check = dict[str, Any]
"""Size and SHA-256 of a file."""
CHUNK = 1 << 22


class Place(Protocol):
    """What writing a run needs; names have slashes."""

    def put(self, name: str, content: Any) -> Check:
        """Store some bytes as a whole."""

    def get(self, name: str) -> bytes:
        """What is stored there; `FileNotFoundError` when nothing is."""

    def check(self, name: str) -> Check:
        """Size and checksum of what is stored there; `FileNotFoundError` when nothing is."""

    def size(self, name: str) -> int:
        """The number of bytes there, -1 when nothing is."""

    def join(self, name: str, head: bytes, pieces: list[str]) -> Check:
        """Store some bytes and what lies under these names, one after the other."""

    def making(self, name: str) -> Any:
        """A context with the path at which a file is to be made; it is stored at the end."""

    def reading(self, name: str) -> Any:
        """A context with the path of a file that holds what is stored there."""


def digest(content: Any) -> Check:
    """Size and checksum of some bytes."""
    return {"bytes": len(memoryview(content)), "sha256": hashlib.sha256(content).hexdigest()}


class FolderPlace:
    """The work folder of a run on a disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, content: Any) -> Check:
        """Write beside, then rename."""
        with self.making(name) as path:
            path.write_bytes(content)
        return digest(content)

    def get(self, name: str) -> bytes:
        """Read a file."""
        return (self.root / name).read_bytes()

    def check(self, name: str) -> Check:
        """Read a file for its checksum."""
        path = self.root / name
        with path.open("rb") as file:
            return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}

    def size(self, name: str) -> int:
        """The size of a file, or -1."""
        path = self.root / name
        return path.stat().st_size if path.is_file() else -1

    def join(self, name: str, head: bytes, pieces: list[str]) -> Check:
        """One file from many."""
        with self.making(name) as path, path.open("wb") as file:
            file.write(head)
            for piece in pieces:
                with (self.root / piece).open("rb") as part:
                    shutil.copyfileobj(part, file, CHUNK)
        return self.check(name)

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """A path elsewhere with the same last name; moved at the end."""
        folder = self.root / "half" / uuid.uuid4().hex
        if not self.root.is_dir():  # never made here: a worker that is late must not bring it back
            raise FileNotFoundError(errno.ENOENT, "the work folder is gone", str(self.root))
        for parent in (folder, (self.root / name).parent):
            parent.mkdir(parents=True, exist_ok=True)
        try:
            yield folder / Path(name).name
            os.replace(folder / Path(name).name, self.root / name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def reading(self, name: str) -> Iterator[Path]:
        """The path itself."""
        yield self.root / name
