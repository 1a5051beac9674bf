"""A folder of results that appears complete or not at all.

Everything is written into a hidden work folder. A target that does not exist yet is the result in that work folder,
renamed at the end. A target that exists (empty, or a former output) may be a mount, or the folder that a terminal
stands in: there the work folder lies inside, its files are moved out at the end, and the manifest comes last, because
a folder with a manifest counts as an output. Files that crmsim did not write are never touched.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmsim.engine.place import FolderPlace
from crmsim.errors import InputError

MANIFEST = "manifest.json"
MADE_BY = "crmsim"
WORK = ".crmsim-unfinished"
RUN = "run.json"
"""Which run a work folder belongs to."""
COMPLETE = "complete"
"""Lies in a work folder whose result only has to be moved."""
NOTHING_LEFT = "Nothing was left behind; make room or choose another folder."
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EFBIG: "a file would be larger than allowed here",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EROFS: "that disk is read-only",
    errno.ENOTDIR: "a part of the path is a file",
    errno.ENAMETOOLONG: "the name is too long",
}


def checked_target(folder: str | Path) -> Path:
    """The folder as a full path.

    Errors: `InputError` when a file is in the way, or the folder holds something that crmsim did not write.
    """
    with explained(Path(folder)):
        target = Path(folder).expanduser().resolve()
        if not target.exists():
            return target
        if not target.is_dir():
            raise InputError(f"{target}: a file of that name is in the way; choose another folder.")
        foreign = [entry.name for entry in target.iterdir() if entry.name not in _half_moved(target)]
        if foreign and former_files(target) is None:
            raise InputError(
                f"{target}: the folder is not empty (it holds {sorted(foreign)[0]!r}) and is no output of crmsim. "
                "Choose a new folder, or empty this one."
            )
    return target


def former_files(target: Path, *, at: Path | None = None) -> list[Path] | None:
    """The files that the manifest in this folder lists, or None when there is no manifest of crmsim's.

    `at`: the folder in which they lie or are to lie, by default this one.
    """
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_by"] != MADE_BY:
            return None
        names = list(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # A manifest is only text: nothing outside the folder is ever removed because of what one says.
    folder = at or target
    inside = [folder / name for name in names if not Path(name).is_absolute()]
    return [path for path in inside if path.parent.resolve().is_relative_to(folder)]


def _half_moved(target: Path) -> set[str]:
    """What an attempt that was stopped may have left in its target: the work folder, and what it was moving out."""
    manifest = target / WORK / "files" / MANIFEST
    with suppress(OSError, ValueError, KeyError, TypeError):
        return {WORK, *(name.split("/")[0] for name in json.loads(manifest.read_text(encoding="utf-8"))["files"])}
    return {WORK}


class FolderOutput:
    """A result that comes to be in a folder. Errors as for `checked_target`."""

    def __init__(self, folder: str | Path) -> None:
        self._target = checked_target(folder)
        self.where: Path = self._target
        self._outside = self._target.parent / f".{self._target.name}{WORK}"
        within = self._target.exists() and not (self._outside / RUN).is_file()
        self.work = self._target / WORK if within else self._outside
        self.place = FolderPlace(self.work)
        self.leftover = (self.work / RUN).is_file()
        self.complete = (self.work / COMPLETE).is_file()
        self._made = [parent for parent in self._target.parents if not parent.exists()]

    def begin(self) -> None:
        """Make an empty work folder; what an earlier attempt has left goes away."""
        for work in (self.work, self._target / WORK, self._outside):
            shutil.rmtree(work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def publish(self) -> None:
        """The result is complete: put it where it belongs. May be called again after an interruption."""
        self.place.put(COMPLETE, b"")
        if (self.work / "files" / MANIFEST).is_file():
            _publish(self.work / "files", self._target)
        for name in (*(path.name for path in self.work.iterdir() if path.is_dir()), RUN):
            _remove(self.work / name)  # what says that only this is left to do goes last
        shutil.rmtree(self.work)

    def withdraw(self) -> None:
        """Leave the disk as it was found."""
        shutil.rmtree(self.work, ignore_errors=True)
        for parent in self._made:
            with suppress(OSError):
                parent.rmdir()


@contextmanager
def explained(target: object, *, rest: str = NOTHING_LEFT) -> Iterator[None]:
    """Turn what the operating system refuses into one `InputError`; `rest`: its last sentence."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise InputError(f"{target}: the results cannot be written there: {reason}. {rest}".rstrip()) from None
    except UnicodeEncodeError as error:
        raise InputError(
            f"{target}: {error.object!r} holds a character that no file can hold; correct the name in the scenario."
        ) from None


def _publish(made: Path, target: Path) -> None:
    if not target.exists():
        made.rename(target)
        return
    new = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    new.sort(key=lambda path: path == Path(MANIFEST))
    _refuse_obstacles(target, new)
    # Not only what is still to be moved: an attempt that was stopped may have moved some of it already.
    belonging = former_files(made, at=target) or []
    for former in former_files(target) or []:
        if former not in belonging:
            former.unlink(missing_ok=True)
            _remove_empty(former.parent, above=target)
    (target / MANIFEST).unlink(missing_ok=True)  # from here on the folder is no output until all has been moved
    for path in new:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(made / path, target / path)


def _refuse_obstacles(target: Path, new: list[Path]) -> None:
    """Before anything is moved: no file where a folder must be, no folder where a file must be."""
    for path in new:
        for place in [*path.parents][:-1]:
            if (target / place).exists() and not (target / place).is_dir():
                raise InputError(f"{target / place}: a file is in the way of a folder; move it elsewhere.")
        if (target / path).is_dir():
            raise InputError(f"{target / path}: a folder is in the way of a file; move it elsewhere.")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_empty(folder: Path, *, above: Path) -> None:
    with suppress(OSError):  # not empty: something of the user's lies there
        while folder != above:
            folder.rmdir()
            folder = folder.parent
