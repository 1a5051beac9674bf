"""Inner walls: a submission's own view of files and processes, made by itself before it runs anything.

The copy of the template becomes the first of its own process namespace. Everything that can be written is one
small file system in memory, which ends with it; the rest is read-only. No further namespaces can be made, and
when the first process ends, the kernel ends all the others.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from crmsim.course.sandbox import linux
from crmsim.course.sandbox.limits import MEGABYTE

HOME, TEMPORARY, CACHES, STAGE = (f"/sandbox/{name}" for name in ("home", "tmp", "cache", "stage"))
MAX_FILES = 20_000


def leave_shared_namespaces() -> None:
    """Get namespaces of one's own; the next process forked is the first of its process namespace.

    Errors: `OSError` where the system does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    linux.unshare(linux.NEW_USERS | linux.NEW_MOUNTS | linux.NEW_PIDS | linux.NEW_IPC | linux.NEW_HOST)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def writable_places() -> list[str]:
    """Where a submission may write; the usual temporary folder too, unless the interpreter lies in it."""
    usual = "/tmp"  # noqa: S108 - private to the sandbox
    own = [HOME, TEMPORARY, CACHES, "/dev/shm"]  # noqa: S108
    return own + [usual] * (not os.listdir(usual))


def furnish(disk_mb: int) -> None:
    """Give the first process its own process table and empty places to write to; then no more such rights."""
    linux.mount("none", "/", flags=linux.RECURSIVE | linux.PRIVATE)
    harmless = linux.NO_SETUID | linux.NO_DEVICES
    linux.mount("proc", "/proc", kind="proc", flags=harmless)
    options = f"size={disk_mb * MEGABYTE},nr_inodes={MAX_FILES},mode=755"
    linux.mount("files", STAGE, kind="tmpfs", flags=harmless, options=options)
    for number, place in enumerate(writable_places()):
        own = f"{STAGE}/{number}"
        os.mkdir(own, 0o700)
        linux.mount(own, place, flags=linux.BIND)
    linux.unmount(STAGE)
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
