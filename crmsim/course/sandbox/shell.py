"""IPython without Jupyter's messages: what a cell shows becomes plain data on a channel.

| message | fields |
|---|---|
| stream | name (stdout, stderr), text |
| display | data, metadata, id (to be updated later) |
| update | data, metadata, id |
| result | data, metadata, count |
| error | ename, evalue, traceback |
| clear | wait |
| done | count |
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import getpass
import os
import socket
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from crmsim.course.sandbox.streams import Outlet


def make_shell() -> CellShell:
    """A shell, ready but silent: it needs a channel before it can say anything."""
    config = Config()
    config.HistoryManager.enabled = False  # it would write a file, in a thread
    config.HistoryAccessor.enabled = False
    return CellShell.instance(config=config)


class Hook(DisplayHook):
    """Sends the value of a cell's last line."""

    shell: Any

    def start_displayhook(self) -> None:
        """Nothing is written before the value."""

    def write_output_prompt(self) -> None:
        """The number goes with the value."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send the value in all its forms."""
        data, metadata = _plain(format_dict), _plain(md_dict or {})
        self.shell.send({"kind": "result", "data": data, "metadata": metadata, "count": self.prompt_count})

    def finish_displayhook(self) -> None:
        """Nothing is written after the value."""


class Publisher(DisplayPublisher):
    """Sends what `display` shows."""

    shell: Any

    def publish(
        self, data: Any, metadata: Any = None, source: Any = None, *, transient: Any = None, update: Any = False,
        **_: Any,
    ) -> None:
        """Send something to show, or a new state of something shown before."""
        name = (transient or {}).get("display_id")
        kind = "update" if update else "display"
        self.shell.send({"kind": kind, "data": _plain(data), "metadata": _plain(metadata or {}), "id": name})

    def clear_output(self, wait: bool = False) -> None:
        """Send that what was shown is to go."""
        self.shell.send({"kind": "clear", "wait": bool(wait)})


class CellShell(InteractiveShell):
    """An IPython shell that sends its outputs to a channel."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)
    _outlet: Outlet | None = None

    def take_channel(self, channel: socket.socket) -> None:
        """Begin to speak: from now on prints, values and errors go to this channel."""
        self._outlet = Outlet(channel)
        self._outlet.take_streams()
        builtins.input = getpass.getpass = _refuse_input
        os.register_at_fork(after_in_child=self._outlet.let_go)

    @property
    def speaks(self) -> bool:
        """Whether this process has the channel: forked ones have not."""
        return self._outlet is not None and self._outlet.is_open

    def send(self, message: dict[str, Any]) -> None:
        """Send one message."""
        if self._outlet is not None:
            self._outlet.send(message)

    def flush(self) -> None:
        """Send what has been printed so far; the next cell may print as much again."""
        if self._outlet is not None:
            self._outlet.end_cell()

    def ask_exit(self) -> None:
        """Go on: in marking, `exit()` ends nothing."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no screen."""

    def _tee(self, channel: Any) -> Any:
        """Keep no copy of what is printed: IPython 9 would, and so fill the memory."""
        return contextlib.nullcontext()

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        try:
            text = str(evalue)
        except Exception:  # an exception that cannot be shown
            text = ""
        self.send({"kind": "error", "ename": str(getattr(etype, "__name__", etype)), "evalue": text,
                   "traceback": [str(line) for line in stb]})


def _refuse_input(*_: Any, **__: Any) -> str:
    raise StdinNotImplementedError("Nobody is there to answer while notebooks are marked: input() cannot be used.")


def _plain(value: Any) -> Any:
    """Data that JSON knows; bytes (pictures) as base64."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and value - value != 0:
        return None
    return value if value is None or isinstance(value, (str, int, float, bool)) else repr(value)
