"""What is known of the kernel's compilation, and a second process that helps with it.

The compiler works on one function at a time. A second process (`python -m crmsim.engine.compiling`) can compile the
smaller of the kernel's two entries while the first one compiles the larger, and leaves it on the disk, where the
first one finds it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numba
import numpy as np

from crmsim.engine import kernel
from crmsim.engine.caching import collection_paused


def compiled_before() -> bool:
    """Whether this kernel has been compiled by an earlier process, with the same compiler, and kept."""
    mark = _mark()
    return mark is not None and mark.exists()


def mark_compiled() -> None:
    """Remember on the disk that this kernel has been compiled."""
    mark = _mark()
    if mark is not None:
        with suppress(OSError):  # where no mark can be left, no compiled kernel can be kept either
            mark.touch()


def _mark() -> Path | None:
    """A file beside the compiled kernel, named after all that makes the compiler work again when it changes."""
    folder = kernel.live.stats.cache_path
    source = Path(kernel.__file__).read_bytes()
    named = hashlib.sha256(source + f"{numba.__version__} {sys.version}".encode()).hexdigest()
    return Path(folder) / f"compiled-{named[:16]}" if folder else None


def compile_traits() -> None:
    """Compile `kernel.draw_traits`, or load it, by drawing the traits of nobody."""
    with warnings.catch_warnings(), collection_paused():
        warnings.simplefilter("ignore")  # an unwritable cache: then this has been in vain
        nobody, arrivals = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
        people, numbers = np.zeros(1, dtype=kernel.PEOPLE), np.zeros(0)
        kernel.draw_traits(nobody, arrivals, people, numbers, np.empty(0, dtype=kernel.TRAITS))


@contextmanager
def traits_compiled_beside() -> Iterator[None]:
    """While the block runs, a second process compiles the drawing of traits; where none can be started, nothing is."""
    process = None
    with suppress(OSError, ValueError):
        command, nothing = [sys.executable, "-m", "crmsim.engine.compiling"], subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


if __name__ == "__main__":
    compile_traits()
