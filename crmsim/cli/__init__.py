"""The command `crmsim`: simulate, look at scenarios, check one, see a demonstration.

What the user gave and cannot be used ends in one message and exit code 2; Ctrl-C ends in exit code 130. Everything
heavy is imported inside the commands, so that `crmsim --help` is there at once.
"""

from __future__ import annotations

import sys


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
