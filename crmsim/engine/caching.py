"""Where the compiled kernel is kept between two starts, and whether it is there.

Compiling takes seconds, loading the result half a second. The compiler keeps it beside the source, in the
package folder, which a system-wide installation cannot write to; then it raises `cannot cache function`. So a
folder of the user's own is chosen, with the version of crmsim in its name, before the compiler is imported.
A folder that the user has chosen (`NUMBA_CACHE_DIR`) is left alone.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import importlib.metadata
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import crmsim

VARIABLE = "NUMBA_CACHE_DIR"
KERNEL = Path(__file__).with_name("kernel.py")


def choose_cache() -> str:
    """Set `NUMBA_CACHE_DIR` unless it is set; the folder that will be used.

    The user's cache folder, or a temporary one, gone at the end, where that cannot be written.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return chosen
    folder = _users_own() or _temporary()
    os.environ[VARIABLE] = folder
    if "numba" in sys.modules:  # it has read its settings already
        from numba.core import config

        config.CACHE_DIR = folder  # type: ignore[attr-defined]
    return folder


def _users_own() -> str | None:
    from platformdirs import user_cache_path

    try:
        folder = user_cache_path("crmsim", appauthor=False, version=crmsim.__version__) / "numba"
        return str(folder) if _can_write(folder) else None
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return None


def _can_write(folder: Path) -> bool:
    """Try it: what permissions say is not all, as with a full disk or a read-only mount."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError:
        return False
    return True


def _temporary() -> str:
    """A folder of this process alone: what lies there is run, so nobody else may write to it."""
    folder = tempfile.mkdtemp(prefix="crmsim-numba-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def collection_paused() -> Iterator[None]:
    """The compiler makes very many objects that all stay; looking for garbage among them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def compiled_before() -> bool:
    """Whether this kernel has been compiled by an earlier process, with the same compiler, and kept."""
    return _mark().exists()


def mark_compiled() -> None:
    """Remember on the disk that this kernel has been compiled."""
    with suppress(OSError):  # where no mark can be left, no compiled kernel can be kept either
        _mark().touch()


def _mark() -> Path:
    """A file named after all that makes the compiler work again when it changes; to ask does not load the compiler."""
    known = f"{KERNEL.absolute()} {importlib.metadata.version('numba')} {sys.version}"
    return Path(choose_cache()) / f"compiled-{hashlib.sha256(KERNEL.read_bytes() + known.encode()).hexdigest()[:16]}"
