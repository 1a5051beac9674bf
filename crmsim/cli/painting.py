"""A picture drawn by a second process while the first one simulates and writes."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


class Painter:
    """A process that loads matplotlib at once, and draws one sheet when it has been ordered.

    Where a second process cannot be started, or fails, this one draws. With `compiling` it helps with that before.
    """

    def __init__(self, *, compiling: bool = False) -> None:
        command = [sys.executable, "-P", "-m", "crmsim.plots.painter", *(["--compile"] if compiling else [])]
        pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
        self._process: Any = None
        self._sheet: Any = None
        with suppress(OSError, ValueError):
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing)  # noqa: S603

    def order(self, sheet: Any) -> None:
        """Start drawing a `Sheet`."""
        self._sheet = sheet
        if self._process is not None:
            with suppress(OSError):  # it has died; `deliver` will notice
                self._process.stdin.write(json.dumps(sheet.as_dict()).encode() + b"\n")
                self._process.stdin.close()

    def deliver(self, path: Path) -> None:
        """Wait for the picture and write it."""
        picture = self._process.stdout.read() if self._process is not None else b""
        if not picture or self._process.wait() != 0:
            from crmsim.plots.figure import draw_sheet, png

            picture = png(draw_sheet(self._sheet))
        path.write_bytes(picture)

    def __enter__(self) -> Painter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was never read cannot be flushed
                    pipe.close()
            self._process.wait()
