"""What a cell prints, in order with what it shows: `sys.stdout`, `sys.stderr`, and the output of other programs."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import select
import socket
import sys
import threading
import time
from typing import Any

from crmsim.course.sandbox.frames import MAX_FRAME, send

MAX_TEXT = 1_000_000
"""Characters that a cell may print; the rest is left out, and a line says so."""
MAX_SHOWN = MAX_FRAME - (1 << 16)
_CHUNK = 1 << 14


class Outlet:
    """The one way out of the process; keeps the order, and cuts what is too long."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel: socket.socket | None = channel
        self._lock = threading.RLock()
        self._waiting: list[str] = []
        self._name = "stdout"
        self._left = MAX_TEXT
        self._pipes: list[int] = []

    @property
    def is_open(self) -> bool:
        """Whether messages can leave this process."""
        return self._channel is not None

    def take_streams(self) -> None:
        """Become the standard output and error of Python, and of the programs that Python starts."""
        for number, name in ((1, "stdout"), (2, "stderr")):
            reading, writing = os.pipe()
            os.dup2(writing, number)
            os.close(writing)
            self._pipes.append(reading)
            threading.Thread(target=self._forward, args=(reading, name), daemon=True).start()
            stream = Stream(self, name, number)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)

    def write(self, name: str, text: str) -> None:
        """Print."""
        with self._lock:
            if name != self._name:
                self._flush()
                self._name = name
            if self._left <= 0:
                return
            self._left -= len(text)
            if self._left <= 0:
                text = text[: self._left or None] + "\n... the rest of the output is left out ...\n"
            self._waiting.append(text)
            if len(self._waiting) > 500 or len(text) > _CHUNK:
                self._flush()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message behind what was printed before it."""
        with self._lock:
            self._flush()
            size = len(json.dumps(message))
            if size > MAX_SHOWN:
                message = {"kind": "stream", "name": "stderr", "text": f"An output of {size:,} bytes is left out.\n"}
            if self._channel is not None:
                send(self._channel, message)

    def end_cell(self) -> None:
        """Send what is still waiting; the next cell has its own allowance."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # a cell may have put anything there
                stream.flush()
        for _ in range(500):  # what other programs wrote may be on its way
            if not select.select(self._pipes, [], [], 0)[0]:
                break
            time.sleep(0.001)
        with self._lock:
            self._flush()
            self._left = MAX_TEXT

    def let_go(self) -> None:
        """In a forked process: the channel belongs to the one that executes cells."""
        channel, self._channel = self._channel, None
        self._lock = threading.RLock()
        self._waiting = []
        if channel is not None:
            channel.close()

    def _flush(self) -> None:
        text, self._waiting = "".join(self._waiting), []
        if text and self._channel is not None:
            send(self._channel, {"kind": "stream", "name": self._name, "text": text})

    def _forward(self, reading: int, name: str) -> None:
        """Print what other programs wrote.

        It is taken from the pipe and printed under one lock: what is not in the pipe any more has been printed, which
        `end_cell` relies on.
        """
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        while True:
            select.select([reading], [], [])
            with self._lock:
                taken = os.read(reading, _CHUNK)
                if not taken:
                    return
                self.write(name, decoder.decode(taken))


class Stream(io.TextIOBase):
    """What Python prints to."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outlet: Outlet, name: str, number: int) -> None:
        self._outlet, self.name, self._number, self._process = outlet, f"<{name}>", number, os.getpid()

    def write(self, text: str) -> int:
        """Print; in a forked process, the way of other programs."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() != self._process:
            os.write(self._number, text.encode("utf-8", "replace"))
        else:
            self._outlet.write(self.name[1:-1], text)
        return len(text)

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """Where programs that Python starts write to."""
        return self._number
