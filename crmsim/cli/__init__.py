"""The command `crmsim`: simulate, look at scenarios, check one, see a demonstration.

What the user gave and cannot be used ends in one message and exit code 2; Ctrl-C ends in exit code 130. Everything
heavy is imported inside the commands, so that `crmsim --help` is there at once.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress

HURRIED = ["demo"]
"""Commands after which Python does not take apart what it has loaded: half a second, a sixth of a short run."""


def main() -> None:
    """Run the command line."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a console that has no Chinese shows ? and goes on
        from crmsim.cli.commands import app

        app(prog_name="crmsim")
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit as end:
        if sys.argv[1:2] == HURRIED and not end.code:
            _leave()
        raise


def _leave() -> None:
    """End the process at once, after what has been registered for its end and after all that was printed."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody listens any more
            stream.flush()
    os._exit(0)
