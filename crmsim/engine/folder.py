"""A folder of results that appears complete or not at all.

Everything is written into a hidden work folder. A target that does not exist yet is that work folder, renamed at the
end. A target that exists (empty, or a former output) may be a mount, or the folder that a terminal stands
in: there the work folder lies inside, its files are moved out at the end, and the manifest comes last, because
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

from crmsim.errors import InputError

MANIFEST = "manifest.json"
MADE_BY = "crmsim"
WORK = ".crmsim-unfinished"
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
        foreign = [entry.name for entry in target.iterdir() if entry.name != WORK]
        if foreign and former_files(target) is None:
            raise InputError(
                f"{target}: the folder is not empty (it holds {sorted(foreign)[0]!r}) and is no output of crmsim. "
                "Choose a new folder, or empty this one."
            )
    return target


def former_files(target: Path) -> list[Path] | None:
    """The files that the manifest in this folder lists, or None when there is no manifest of crmsim's."""
    try:
        manifest = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        if manifest["made_by"] != MADE_BY:
            return None
        names = list(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # A manifest is only text: nothing outside the folder is ever removed because of what one says.
    inside = [target / name for name in names if not Path(name).is_absolute()]
    return [path for path in inside if path.parent.resolve().is_relative_to(target)]


@contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """A work folder that becomes `folder` when the block ends well, and vanishes otherwise.

    The block writes a manifest.json into it (see `crmsim.engine.manifest`). A former output is replaced.

    Errors: `InputError` as for `checked_target`, and when the disk is full or the folder cannot be written.
    """
    target = checked_target(folder)
    inside = target.exists()
    work = target / WORK if inside else target.parent / f".{target.name}{WORK}"
    made = [parent for parent in target.parents if not parent.exists()]
    done = False
    with explained(target):
        try:
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(parents=True)
            yield work
            _publish(work, target, inside=inside)
            done = True
        finally:
            if not done:
                _withdraw(work, made)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one `InputError`."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise InputError(
            f"{target}: the results cannot be written there: {reason}. Nothing was left behind; "
            "make room or choose another folder."
        ) from None
    except UnicodeEncodeError as error:
        raise InputError(
            f"{target}: {error.object!r} holds a character that no file can hold; correct the name in the scenario."
        ) from None


def _publish(work: Path, target: Path, *, inside: bool) -> None:
    if not inside:
        work.rename(target)
        return
    new = sorted(path.relative_to(work) for path in work.rglob("*") if path.is_file())
    new.sort(key=lambda path: path == Path(MANIFEST))
    _refuse_obstacles(target, new)
    for former in former_files(target) or []:
        if former.relative_to(target) not in new:
            former.unlink(missing_ok=True)
            _remove_empty(former.parent, above=target)
    for path in new:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(work / path, target / path)
    shutil.rmtree(work)


def _refuse_obstacles(target: Path, new: list[Path]) -> None:
    """Before anything is moved: no file where a folder must be, no folder where a file must be."""
    for path in new:
        for place in [*path.parents][:-1]:
            if (target / place).exists() and not (target / place).is_dir():
                raise InputError(f"{target / place}: a file is in the way of a folder; move it elsewhere.")
        if (target / path).is_dir():
            raise InputError(f"{target / path}: a folder is in the way of a file; move it elsewhere.")


def _remove_empty(folder: Path, *, above: Path) -> None:
    with suppress(OSError):  # not empty: something of the user's lies there
        while folder != above:
            folder.rmdir()
            folder = folder.parent


def _withdraw(work: Path, made: list[Path]) -> None:
    """Leave the disk as it was found; `made`: the missing parents of the target, innermost first."""
    shutil.rmtree(work, ignore_errors=True)
    for parent in made:
        with suppress(OSError):
            parent.rmdir()
