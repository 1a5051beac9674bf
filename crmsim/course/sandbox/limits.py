"""How much a submission may use."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
MAX_FILES = 256
"""Open files of one process."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cell_seconds : float
        Time for one cell; then it is interrupted, and the next cell goes on.
    seconds : float
        Time for the whole submission; then it is stopped.
    memory_mb : int
        Memory, for each process and for all together, beyond what the template itself takes.
    processes : int
        Processes and threads at a time.
    disk_mb : int
        All files together, those handed in included.
    file_mb : int
        One file.
    output_mb : int
        Everything that comes out of the cells.
    """

    cell_seconds: float = 60.0
    seconds: float = 300.0
    memory_mb: int = 2048
    processes: int = 64
    disk_mb: int = 256
    file_mb: int = 100
    output_mb: int = 64

    def as_data(self) -> dict[str, Any]:
        """The limits as JSON data."""
        return asdict(self)


@contextlib.contextmanager
def at_most(size: int) -> Iterator[None]:
    """While this lasts, this process may take so many bytes more; beyond that, Python raises `MemoryError`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = bytes_in_use() + size
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    with contextlib.suppress(ValueError, OSError):  # a system that does not know this limit
        resource.setrlimit(resource.RLIMIT_AS, (min([most, *known]), hard))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def confine(limits: Limits) -> None:
    """Set the limits of this process and of all that it starts; there is no way back."""
    size = bytes_in_use() + limits.memory_mb * MEGABYTE
    seconds = int(limits.seconds) + 10
    for what, most in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", MAX_FILES),
        ("RLIMIT_FSIZE", limits.file_mb * MEGABYTE),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_MEMLOCK", MEGABYTE),
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_AS", size),
        ("RLIMIT_NPROC", limits.processes),
    ):
        if hasattr(resource, what):
            _set(getattr(resource, what), most)


def _set(what: int, most: int) -> None:
    ceiling = resource.getrlimit(what)[1]
    most = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
    with contextlib.suppress(ValueError, OSError):  # a system that does not know this limit
        resource.setrlimit(what, (most, most))


def bytes_in_use() -> int:
    """Address space of this process."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 1024 * MEGABYTE
