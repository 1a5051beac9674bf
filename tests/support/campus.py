"""A real JupyterLab with nbgrader on loopback, for a course folder and a student's home, started and stopped by id."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 90.0


@dataclass(frozen=True)
class Campus:
    """A running server.

    Attributes
    ----------
    root : Path
        What the server shows: ``course/`` and ``home/``.
    """

    root: Path
    port: int
    token: str

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def at(self, path: str) -> str:
        """An address that logs in."""
        return f"{self.url}/{path}{'&' if '?' in path else '?'}token={self.token}"


@contextmanager
def open_campus(root: Path) -> Iterator[Campus]:
    """Serve `root`, with nbgrader configured by ``root/course``; everything it writes is inside `root`."""
    campus = Campus(root, _free_port(), secrets.token_hex(16))
    log = (root / "server.log").open("wb")
    process = subprocess.Popen(
        _command(campus), cwd=root / "course", env=_environment(root), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
    )
    try:
        _wait(campus, process)
        yield campus
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _command(campus: Campus) -> list[str]:
    settings = {
        "ServerApp.ip": "127.0.0.1", "ServerApp.port": campus.port, "ServerApp.port_retries": 0,
        "ServerApp.root_dir": campus.root, "ServerApp.open_browser": False, "ServerApp.allow_root": True,
        "IdentityProvider.token": campus.token, "LabApp.news_url": "", "LabApp.check_for_updates_class":
        "jupyterlab.NeverCheckForUpdate", "ServerApp.terminals_enabled": False,
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in settings.items())]


def _environment(root: Path) -> dict[str, str]:
    import crmsim

    package = str(Path(crmsim.__file__).resolve().parents[1])
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    private = {name: str(root / "private" / name.lower()) for name in (
        "HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_CONFIG_HOME",
    )}
    for folder in private.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    return {**os.environ, **private, "PYTHONPATH": package, "PATH": programs, "PYTHONWARNINGS": "ignore",
            "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", str(root / "private" / "numba"))}


def _wait(campus: Campus, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(campus.at("api/status"), timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start: {(campus.root / 'server.log').read_text(errors='replace')[-2000:]}")
