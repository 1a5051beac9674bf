"""Install everything the tests need into `.venv`, then run them: the one command for a fresh machine.

Standard library only. On Debian and Ubuntu, programs that the tests use and that are missing are installed
with apt-get when this runs as root; elsewhere they are named, and the tests that need them say that they skip.
The tests run in as many processes as there are processors, four at most, each file in one of them. Arguments are
handed on to pytest; `-n 0` runs them one after the other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PROGRAMS = {"bwrap": "bubblewrap", "chromium": "chromium"}
"""Program -> Debian package."""


def install_programs() -> None:
    """Install missing programs where that is possible, and say which are missing where it is not."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if not missing:
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing], check=False)
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        print(f"Not installed, so some tests will skip: {', '.join(missing)}", flush=True)


def install_packages() -> None:
    """Make `.venv` and install the project into it, with what the tests need, inside the tested versions."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this with an older one must be told
        sys.exit(f"crmsim needs Python 3.11 or newer, but this is {sys.version.split()[0]}.")
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    wanted = ["-q", "--disable-pip-version-check", "-c", "constraints.txt", "-e", ".[test]"]
    subprocess.run([str(PYTHON), "-m", "pip", "install", *wanted], cwd=HERE, check=True)


def main() -> int:
    """Install, then test; the exit code is pytest's."""
    install_programs()
    install_packages()
    shared = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    # One order of sets for all processes: they have to find the same tests under the same names.
    setting = {**os.environ, "PYTHONHASHSEED": os.environ.get("PYTHONHASHSEED", "0")}
    command = [str(PYTHON), "-m", "pytest", *shared, *sys.argv[1:]]
    return subprocess.run(command, cwd=HERE, env=setting, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
