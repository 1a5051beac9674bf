"""The few system calls of Linux that Python does not offer: namespaces, mounts, privileges.

Sources: unshare(2), mount(2), prctl(2), capset(2) of the Linux man-pages project.
"""

from __future__ import annotations

import ctypes
import os
import signal

NEW_MOUNTS, NEW_HOST, NEW_IPC, NEW_USERS, NEW_PIDS = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000
READ_ONLY, NO_SETUID, NO_DEVICES, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_PARENT_DEATH_SIGNAL, _DUMPABLE, _CALL_FILTER, _DROP_BOUND, _NO_NEW_PRIVILEGES = 1, 4, 22, 24, 38
_BY_PROGRAM = 2
_CAPABILITIES_V3 = 0x20080522
_DETACH = 2


def _call(name: str, *arguments: object) -> None:
    """Call a function of the C library; an error becomes an `OSError`."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def unshare(what: int) -> None:
    """Leave the namespaces that this process shares with others."""
    _call("unshare", what)


def mount(source: str, target: str, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Put a file system at a place."""
    _call(
        "mount", source.encode(), target.encode(), kind.encode() or None, ctypes.c_ulong(flags),
        options.encode() or None,
    )


def unmount(target: str) -> None:
    """Take the topmost file system away from a place."""
    _call("umount2", target.encode(), _DETACH)


def die_with_parent() -> None:
    """Be killed when the parent ends."""
    _control(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def hide_memory() -> None:
    """Let no process of the same account read or steer this one."""
    _control(_DUMPABLE, 0)


def show_memory() -> None:
    """The opposite of `hide_memory`."""
    _control(_DUMPABLE, 1)


def give_up_privileges() -> None:
    """Drop every capability for good."""
    _control(_NO_NEW_PRIVILEGES, 1)
    for capability in range(64):
        try:
            _control(_DROP_BOUND, capability)
        except OSError:  # beyond the last one that this kernel knows, or not allowed and so not there
            continue
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", ctypes.byref(header), ctypes.byref(nothing))


def filter_calls(program: bytes) -> None:
    """Let the kernel ask a program (``struct sock_fprog``) about every system call; needs no privileges."""
    kept = ctypes.create_string_buffer(program)
    _control(_NO_NEW_PRIVILEGES, 1)
    _control(_CALL_FILTER, _BY_PROGRAM, ctypes.addressof(kept))


def _control(option: int, *values: int) -> None:
    _call("prctl", option, *(ctypes.c_ulong(number) for number in (*values, 0, 0, 0)[:4]))
