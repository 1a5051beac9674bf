"""Messages between the grader and a sandbox: JSON behind its length, over a socket.

A message is four bytes of length, most significant first, and so many bytes of JSON in UTF-8.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

MAX_FRAME = 12 << 20
_LENGTH = struct.Struct(">I")


class ChannelError(Exception):
    """The other side does not keep to the form of messages."""


class Closed(Exception):  # noqa: N818 - an end, not an error
    """The other side has closed the channel."""


class TimeIsOver(Exception):  # noqa: N818 - an end, not an error
    """No whole message came in time."""


def send(channel: socket.socket, message: Any) -> None:
    """Send a message."""
    content = json.dumps(message, allow_nan=False).encode()
    channel.sendall(_LENGTH.pack(len(content)) + content)


class Reader:
    """Takes messages from a socket; keeps what has come of the next one.

    Errors of `next`: `Closed`, `TimeIsOver`, and `ChannelError` for a message that is too long or no JSON.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._kept = bytearray()
        self.n_bytes = 0
        """How much has been read."""

    def next(self, *, until: float | None = None) -> Any:
        """The next message, waiting until this moment of `time.monotonic`."""
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size, until))
        if length > MAX_FRAME:
            raise ChannelError(f"a message of {length:,} bytes")
        try:
            return json.loads(self._take(length, until), parse_constant=_no_constant)
        except (ValueError, RecursionError, MemoryError) as error:
            raise ChannelError(f"no message: {type(error).__name__}") from None

    def _take(self, n: int, until: float | None) -> bytes:
        while len(self._kept) < n:
            if until is not None and until <= time.monotonic():
                raise TimeIsOver
            self._channel.settimeout(None if until is None else max(until - time.monotonic(), 0.001))
            try:
                more = self._channel.recv(1 << 16)
            except TimeoutError:
                raise TimeIsOver from None
            except OSError:
                raise Closed from None
            if not more:
                raise Closed
            self.n_bytes += len(more)
            self._kept += more
        taken = bytes(self._kept[:n])
        del self._kept[:n]
        return taken


def _no_constant(name: str) -> None:
    raise ValueError(name)
