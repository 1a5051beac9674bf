"""System calls that students' code never needs, refused by the kernel: whatever gets round the limits, or the walls.

Memory that belongs to no process and no file system (`memfd_create`, System V shared memory) would escape every
limit; a process that chose its own processors would take the time of other submissions; namespaces, mounts, keys,
tracing and the like serve only those who look for a way out. The filter is a program for the kernel; once accepted
it holds for this process and all that it starts, for good.

Source: seccomp(2) and the tables of system calls of Linux 6.12; linux/seccomp.h, linux/filter.h, linux/audit.h.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import platform
import struct
from collections.abc import Sequence

from crmsim.course.sandbox import linux

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000
_NAMESPACES = 0x7E02_0000
"""The flags of clone(2) that make namespaces."""
_OTHER_TABLE = 0x4000_0000
"""From this number on, x86 has a second table of the same calls."""
_SINCE_5 = (425, 428, 429, 430, 432, 442, 447)
"""The same everywhere: io_uring_setup, open_tree, move_mount, fsopen, fsmount, mount_setattr, memfd_secret."""
_CLONE3 = 435
_CALLS = {
    "x86_64": (0xC000_003E, 56, (
        319, 29, 64, 68, 248, 249, 250, 272, 308, 165, 166, 155, 161, 101, 310, 311, 298, 304, 321, 323, 203,
    )),
    "aarch64": (0xC000_00B7, 220, (
        279, 194, 190, 186, 217, 218, 219, 97, 268, 40, 39, 41, 51, 117, 270, 271, 241, 265, 280, 282, 122,
    )),
}
"""By machine: its mark, clone, and memfd_create, shmget, semget, msgget, add_key, request_key, keyctl, unshare,
setns, mount, umount2, pivot_root, chroot, ptrace, process_vm_readv, process_vm_writev, perf_event_open,
open_by_handle_at, bpf, userfaultfd, sched_setaffinity."""


def refuse_odd_calls() -> None:
    """Refuse them from now on, in this thread and all that it starts; where the kernel cannot, go on without."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return
    program = filter_program(*known)
    code = ctypes.create_string_buffer(program)
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    with contextlib.suppress(OSError):
        linux.filter_calls(header)


def filter_program(machine: int, clone: int, refused: Sequence[int]) -> bytes:
    """The filter, as the kernel reads it: eight bytes an instruction.

    >>> len(filter_program(0xC000003E, 56, [319])) // 8
    28
    """
    steps = [
        (_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, machine), _answer(errno.ENOSYS),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _OTHER_TABLE), _answer(errno.ENOSYS),
        (_EQUAL, 0, 1, _CLONE3), _answer(errno.ENOSYS),
    ]
    for number in (*_SINCE_5, *refused):
        steps += [(_EQUAL, 0, 1, number), _answer(errno.EPERM)]
    steps += [
        (_EQUAL, 0, 3, clone), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, 0, 1, _NAMESPACES), _answer(errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _answer(error: int) -> tuple[int, int, int, int]:
    return _RETURN, 0, 0, _REFUSE | error
