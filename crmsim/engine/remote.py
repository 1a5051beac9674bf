"""Results at an address: ``s3://bucket/run``, ``memory://run`` and whatever else fsspec can reach.

Stores of objects have no renaming, so the result is written where it belongs, the manifest last: what has no
manifest is no output yet. What is needed to go on after an interruption lies beside it, under `WORK`, until then.
A former output is never replaced there.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from crmsim.engine.folder import MANIFEST, RUN, WORK
from crmsim.engine.place import CHUNK, Check, digest
from crmsim.errors import InputError


def filesystem_of(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path there.

    Errors: `InputError` when fsspec or the package for this kind of address is missing, or nobody knows the kind.
    """
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError:
        raise InputError(f"{address}: an address needs fsspec; install it with: pip install 'crmsim[scale]'") from None
    try:
        filesystem, path = url_to_fs(address)
    except ImportError as error:
        raise InputError(f"{address}: a package for this kind of address is missing: {error}") from None
    except ValueError as error:
        raise InputError(f"{address}: no such kind of address: {error}. Give a folder, or file://, s3:// ...") from None
    except Exception as error:
        raise InputError(f"{address}: this cannot be opened: {_words(error)}") from None
    return filesystem, str(path).rstrip("/")


class RemotePlace:
    """The place of a run at an address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._fs, self._root = filesystem_of(address)

    def path(self, name: str) -> str:
        """Where something lies."""
        return f"{self._root}/{name[6:] if name.startswith('files/') else f'{WORK}/{name}'}"

    def put(self, name: str, content: Any) -> Check:
        """Store an object."""
        path, content = self.path(name), bytes(content)
        with self._explained():
            try:
                self._fs.pipe_file(path, content)
            except FileNotFoundError:  # a file system with folders
                self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
                self._fs.pipe_file(path, content)
        return digest(content)

    def get(self, name: str) -> bytes:
        """Fetch an object."""
        with self._explained():
            return bytes(self._fs.cat_file(self.path(name)))

    def check(self, name: str) -> Check:
        """Read an object for its checksum."""
        found = hashlib.sha256()
        with self._explained(), self._fs.open(self.path(name), "rb") as file:
            size = 0
            while chunk := file.read(CHUNK):
                found.update(chunk)
                size += len(chunk)
        return {"bytes": size, "sha256": found.hexdigest()}

    def size(self, name: str) -> int:
        """The size of an object, or -1."""
        with self._explained():
            self._fs.invalidate_cache()  # another machine may have written it
            return int(self._fs.size(self.path(name))) if self._fs.exists(self.path(name)) else -1

    def join(self, name: str, head: bytes, pieces: list[str]) -> Check:
        """One object from many."""
        with self.making(name) as path, path.open("wb") as file:
            file.write(head)
            for piece in pieces:
                with self._explained(), self._fs.open(self.path(piece), "rb") as part:
                    shutil.copyfileobj(part, file, CHUNK)
        return self.check(name)

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """A temporary file, sent at the end."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name.rpartition("/")[2]
            yield path
            with self._explained():
                self._fs.put_file(str(path), self.path(name))

    @contextmanager
    def reading(self, name: str) -> Iterator[Path]:
        """A temporary copy."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name.rpartition("/")[2]
            with self._explained():
                self._fs.get_file(self.path(name), str(path))
            yield path

    def names(self) -> list[str]:
        """Paths of everything there."""
        with self._explained():
            self._fs.invalidate_cache()
            return list(self._fs.find(self._root)) if self._fs.exists(self._root) else []

    def remove(self, paths: list[str]) -> None:
        """Take some of it away."""
        with self._explained():
            for path in paths:
                self._fs.rm_file(path)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the other side refuses into one `InputError`; something missing stays a missing file."""
        try:
            yield
        except (FileNotFoundError, InputError):
            raise
        except Exception as error:
            raise InputError(f"{self.address}: the results cannot be written there: {_words(error)}") from None


class RemoteOutput:
    """A result that comes to be at an address."""

    def __init__(self, address: str) -> None:
        self.where: str = address
        self.place = RemotePlace(address)
        self.work = f"{address.rstrip('/')}/{WORK}"
        names = self.place.names()
        self.leftover = self.place.path(RUN) in names
        self.complete = self.leftover and self.place.path(f"files/{MANIFEST}") in names
        if names and not self.leftover:
            self._refuse(names)

    def begin(self) -> None:
        """Take away what an earlier attempt has left."""
        names = self.place.names()
        if self.complete:
            self._refuse(names)
        self.place.remove(names)

    def publish(self) -> None:
        """The manifest has been written; nothing more is needed to go on, what says so least."""
        names = [name for name in self.place.names() if f"/{WORK}/" in name]
        self.place.remove(sorted(names, key=lambda name: name == self.place.path(RUN)))

    def withdraw(self) -> None:
        """Leave nothing; the address was empty before."""
        with suppress(InputError, OSError):
            self.place.remove(self.place.names())

    def _refuse(self, names: list[str]) -> None:
        raise InputError(
            f"{self.where}: something is there already ({names[0]!r}), and results at an address replace nothing. "
            "Choose a new address, or empty this one."
        )


def _words(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0] or type(error).__name__
