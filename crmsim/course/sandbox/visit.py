"""One submission's stay in a sandbox, seen from the grader: cells go in, messages come out, time runs.

Whatever comes out was said by a stranger. It is counted and measured here, and handed on as it is, to be rebuilt
by `outputs`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

from crmsim.course.sandbox.frames import ChannelError, Closed, Reader, TimeIsOver, send
from crmsim.course.sandbox.limits import MEGABYTE, Limits

GRACE_SECONDS = 4
"""So many times, a second apart, a cell is interrupted before the program is stopped."""
END_SECONDS = 5.0
MAX_MESSAGES = 20_000
_ENDS = {
    "memory": "used more memory than allowed", "disk": "wrote more files than allowed",
    "files": "opened more files than allowed", "killed": "was stopped",
}
Message = dict[str, Any]


class Lost(Exception):  # noqa: N818 - the student's program is gone, the grader goes on
    """The student's program is gone; the message says why, in words that follow "this cell"."""


class OutOfTime(Lost):
    """The time of the whole submission is over."""


class Unstoppable(Lost):
    """The time of a cell is over, and it ignores interrupts."""


class Visit:
    """One submission's stay.

    Parameters
    ----------
    channel : socket
        To the process that executes cells.
    command : socket
        To the supervisor.
    limits : Limits
    until : float
        The end of its time, by `time.monotonic`.
    """

    def __init__(self, channel: socket.socket, command: socket.socket, *, limits: Limits, until: float) -> None:
        self._channel, self._command, self._limits, self._until = channel, command, limits, until
        self._reader = Reader(channel)
        self._left = MAX_MESSAGES
        self._report: dict[str, Any] | None = None

    def execute(self, source: str, messages: list[Message]) -> bool:
        """Execute a cell; its messages are added to `messages` as they come.

        Returns whether it finished in time; otherwise it was interrupted, and the next cell can go on. Errors:
        `Lost` when nothing can go on.
        """
        end_of_cell = time.monotonic() + self._limits.cell_seconds
        try:
            return self._in_time(source, messages, min(end_of_cell, self._until))
        except (Closed, OSError):
            raise Lost(self._how_it_ended()) from None
        except ChannelError as error:
            raise Lost(f"disturbed the connection to the grader ({error})") from None

    def _in_time(self, source: str, messages: list[Message], until: float) -> bool:
        try:
            self._say({"source": source})
            self._collect(messages, until)
            return True
        except TimeIsOver:
            self._interrupt(messages)
            return False

    def _say(self, message: Message) -> None:
        self._channel.settimeout(max(self._until - time.monotonic(), 0.001))
        try:
            send(self._channel, message)
        except TimeoutError:
            raise TimeIsOver from None

    def _collect(self, messages: list[Message], until: float) -> None:
        """Take messages until the cell is done."""
        while True:
            message = self._reader.next(until=until)
            self._left -= 1
            if self._reader.n_bytes > self._limits.output_mb * MEGABYTE or self._left < 0:
                raise ChannelError("too much output")
            if not isinstance(message, dict):
                raise ChannelError("no object")
            if message.get("kind") == "done":
                return
            messages.append(message)

    def _interrupt(self, messages: list[Message]) -> None:
        """Interrupt a cell, more than once if need be."""
        for _ in range(GRACE_SECONDS):
            if time.monotonic() > self._until:
                raise OutOfTime("was running when the time for the whole submission was over")
            with contextlib.suppress(TimeIsOver):
                self._command.sendall(b"I")
                self._collect(messages, time.monotonic() + 1)
                return
        raise Unstoppable("could not be interrupted when its time was over")

    def _how_it_ended(self) -> str:
        report = self.end(order=b"")
        end, status = report.get("end"), report.get("status")
        if end == "exit" and isinstance(status, int):
            return f"ended the whole program (signal {status - 128})" if status > 128 else "ended the whole program"
        return _ENDS.get(str(end), "ended the whole program")

    def end(self, *, order: bytes = b"K") -> dict[str, Any]:
        """End the stay; returns the supervisor's report, or nothing when there is none in time."""
        if self._report is None:
            self._report = self._last_words(order)
        return self._report

    def _last_words(self, order: bytes) -> dict[str, Any]:
        self._channel.close()
        report = b""
        with contextlib.suppress(OSError), self._command:
            self._command.settimeout(END_SECONDS)
            if order:
                self._command.sendall(order)
            while more := self._command.recv(1 << 12):
                report += more
        with contextlib.suppress(ValueError):
            return dict(json.loads(report))
        return {}
