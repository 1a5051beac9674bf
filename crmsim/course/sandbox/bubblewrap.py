"""The outer walls: the command line of bubblewrap, and who may use it.

Inside there is a read-only system, the interpreter with its packages, this package, and nothing else: no network,
no home folders, no course folder, no environment. Where the grader is root, everything below runs as an account
that owns nothing, because root passes many limits. Where that account cannot reach the interpreter (a folder of
root's alone), a first bubblewrap, as root, shows it the parts it may see.

Source: bwrap(1) of the bubblewrap project.
"""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import crmsim
from crmsim.course.sandbox.namespaces import CACHES, HOME, STAGE, TEMPORARY
from crmsim.errors import InputError

PROGRAM = "bwrap"
FIRST_ACCOUNT = 64_200
"""Accounts from here on, one per place in the pool: between Debian's reserved ranges, so they own no files."""
_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_SYSTEM = ("ld.so.cache", "alternatives", "fonts", "localtime", "mime.types", "magic")
_SEEDS = "/sandbox/seeds"
_SPACES = (HOME, TEMPORARY, CACHES, "/dev/shm")  # noqa: S108 - a file system of its own
_INSIDE = "1000"
_DIRECTLY, _THROUGH, _AS_ITSELF = "as another account", "through a first view, as another account", "as oneself"
_STEP_DOWN = """
import ctypes, os, sys
number = int(sys.argv[1])
os.setgroups([]); os.setresgid(number, number, number); os.setresuid(number, number, number)
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
os.execv(sys.argv[2], sys.argv[2:])
"""
"""Run by root inside the first view: take the account, then start the second bubblewrap, which ends with this one."""


def require() -> str:
    """The path of bubblewrap.

    Errors: `InputError` that says how to get it, where it is missing.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise InputError(
            "Students' code runs in a sandbox while it is marked, and the program for that, bubblewrap, is not "
            "here. On Debian and Ubuntu: apt install bubblewrap. On macOS and Windows mark in a Linux container. "
            "If you trust everybody who handed in: --unsafe."
        )
    return program


def check() -> None:
    """Try whether a sandbox can be made here.

    Errors: `InputError` that says why not.
    """
    require()
    _way()


def start(
    command: Sequence[str], *, place: int, hide: Sequence[Path] = (), caches: Sequence[Path] = (), **popen: Any,
) -> subprocess.Popen[bytes]:
    """Start a command behind the outer walls.

    Parameters
    ----------
    command : sequence of str
    place : int
        Place in the pool: places have different accounts.
    hide : sequence of Path
        Folders that must not be seen even if the interpreter or a package lies around them, besides `solutions`.
    caches : sequence of Path
        Folders that are shown read-only as ``/sandbox/seeds/0``, ``/sandbox/seeds/1``, ...

    Errors: `InputError` where the system does not let bubblewrap work.
    """
    way = _way()
    walls = _walls(hide, caches)
    argv = _argv(way, walls, command, place=place)
    return subprocess.Popen(argv, **_account(way, place), **popen)  # noqa: S603 - a command of the grader's own


def seed_path(number: int) -> str:
    """Where a folder of `caches` is seen inside."""
    return f"{_SEEDS}/{number}"


def environment() -> dict[str, str]:
    """All that a process inside knows of its surroundings."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
    return threads | {
        "HOME": HOME, "USER": "student", "LOGNAME": "student", "LANG": "C.UTF-8", "TMPDIR": TEMPORARY,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "PYTHONPATH": str(_package().parent), "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1", "NBGRADER_EXECUTION": "autograde",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "MPLCONFIGDIR": f"{CACHES}/matplotlib",
        "NUMBA_CACHE_DIR": f"{CACHES}/numba", "IPYTHONDIR": f"{CACHES}/ipython",
    }


def _package() -> Path:
    return Path(crmsim.__file__).resolve().parent


def _shown() -> list[Path]:
    """The interpreter, its packages, and this one with the data it ships."""
    packages = [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]
    paths = [sys.base_prefix, sys.prefix, Path(sys.executable).resolve().parent, *packages, _package(),
             _package().parent / "datasets"]
    wanted = {Path(path).absolute() for path in map(str, paths) if Path(path).is_dir()}
    outer = [Path("/usr")]
    for path in sorted(wanted, key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(other) for other in outer):
            outer.append(path)
    return outer[1:]


def solutions() -> list[Path]:
    """Where this package keeps marking schemes and model answers: inside itself when installed, else beside itself."""
    beside = ("assignments", "tests", "notebooks", "benchmarks", ".git")
    return [_package() / "_shipped" / "course", *(_package().parent / name for name in beside)]


def _hidden(hide: Sequence[Path]) -> list[Path]:
    """As what each folder to hide could be seen inside: under every folder that is shown and really lies around it."""
    outer: list[Path] = []
    real = {path.resolve() for path in (*hide, *solutions(), Path(tempfile.gettempdir())) if path.is_dir()}
    for path in sorted(real):
        for shown in [Path("/usr"), *_shown()]:
            if path.is_relative_to(shown.resolve()) and path != shown.resolve():
                inside = shown / path.relative_to(shown.resolve())
                outer += [inside] * (not any(inside.is_relative_to(other) for other in outer))
    return outer


def _walls(hide: Sequence[Path], caches: Sequence[Path]) -> list[str]:
    """The parts of the file system that can be seen."""
    parts = ["--ro-bind", "/usr", "/usr"]
    for path in (Path("/", name) for name in _LINKS):
        if path.is_symlink():
            parts += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            parts += ["--ro-bind", str(path), str(path)]
    for name in _SYSTEM:
        parts += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    parts += ["--dev", "/dev", "--dir", STAGE]
    parts += _spaces()
    for path in _shown():  # a bind alone would make the folders above it for its maker only
        parts += ["--dir", str(path.parent), "--ro-bind", str(path), str(path)]
    for number, path in enumerate(caches):
        parts += ["--ro-bind-try", str(path), seed_path(number)]
    for path in _hidden(hide):
        parts += ["--tmpfs", str(path), "--remount-ro", str(path)]
    return parts


def _spaces() -> list[str]:
    """Places to write to, in memory; the usual temporary folder only where the interpreter does not lie in it."""
    usual = "/tmp"  # noqa: S108 - a file system of its own
    places = (*_SPACES, *[usual] * (not any(path.is_relative_to(usual) for path in _shown())))
    return [word for place in places for word in ("--tmpfs", place)]


def _argv(way: str, walls: list[str], command: Sequence[str], *, place: int) -> list[str]:
    program = require()
    ends = ["--proc", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--", *command]
    if way != _THROUGH:
        return [program, *_cuts(), *walls, *ends]
    inner = [program, *_cuts(), "--ro-bind", "/", "/", "--dev", "/dev", *_spaces(), *ends]
    return [
        program, "--die-with-parent", *walls, "--bind", "/proc", "/proc", "--", sys.executable, "-I", "-S", "-c",
        _STEP_DOWN, str(_number(place)), *inner,
    ]


def _cuts() -> list[str]:
    """What is taken away."""
    settings = [word for name, value in environment().items() for word in ("--setenv", name, value)]
    return ["--unshare-all", "--unshare-user", "--uid", _INSIDE, "--gid", _INSIDE, "--cap-drop", "ALL",
            "--die-with-parent", "--new-session", "--hostname", "marking", "--clearenv", *settings]


def _number(place: int) -> int:
    return FIRST_ACCOUNT + place % 300


def _account(way: str, place: int) -> dict[str, Any]:
    number = _number(place)
    return {"user": number, "group": number, "extra_groups": []} if way == _DIRECTLY else {}


@lru_cache(maxsize=1)
def _way() -> str:
    """How bubblewrap can be used here: found by trying."""
    said = ""
    for way in (_DIRECTLY, _THROUGH) if os.getuid() == 0 else (_AS_ITSELF,):
        command = [sys.executable, "-I", "-S", "-c", "pass"]
        argv = _argv(way, _walls((), ()), command, place=299)
        how = _account(way, 299)
        tried = subprocess.run(argv, capture_output=True, check=False, **how)  # noqa: S603 - of the grader's own
        if tried.returncode == 0:
            return way
        said = tried.stderr.decode(errors="replace").strip() or f"exit code {tried.returncode}"
    raise InputError(
        f"bubblewrap is here but cannot make a sandbox: {said.splitlines()[-1]}. In a container, let it make user "
        "namespaces and show all of /proc (Docker: --security-opt seccomp=unconfined --security-opt "
        "systempaths=unconfined). If you trust everybody who handed in: --unsafe."
    )
