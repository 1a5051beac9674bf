"""Draw a sheet in a process of its own: `python -m crmsim.plots.painter`.

Loading matplotlib and drawing take as long as simulating. A process that is started before the simulation loads it at
the same time; then it reads the sheet from its standard input, as one line of JSON, and writes the picture to its
standard output.
"""

from __future__ import annotations

import json
import sys

from crmsim.plots.figure import draw_sheet, png
from crmsim.plots.sheet import Sheet


def main() -> None:
    """Read one sheet, draw it, write the picture; nothing to read: nothing to do."""
    line = sys.stdin.buffer.readline()
    if line:
        sys.stdout.buffer.write(png(draw_sheet(Sheet.from_dict(json.loads(line)))))


if __name__ == "__main__":
    main()
