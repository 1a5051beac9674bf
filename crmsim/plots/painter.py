"""Draw a sheet in a process of its own: `python -m crmsim.plots.painter`.

Loading matplotlib and drawing take as long as simulating. A process that is started before the simulation loads it at
the same time; then it reads the sheet from its standard input, as one line of JSON, and writes the picture to its
standard output. With `--compile` it first helps to compile the simulator: a third process would only take turns with
the other two.
"""

from __future__ import annotations

import gc
import json
import os
import sys


def main() -> None:
    """Read one sheet, draw it, write the picture; nothing to read: nothing to do."""
    gc.disable()  # what is loaded stays; to look for garbage among it takes a tenth of the time
    if sys.argv[1:] == ["--compile"]:
        from crmsim.engine.compiling import compile_parts

        compile_parts()
    from crmsim.plots.figure import draw_sheet, png
    from crmsim.plots.sheet import Sheet

    line = sys.stdin.buffer.readline()
    if line:
        sys.stdout.buffer.write(png(draw_sheet(Sheet.from_dict(json.loads(line)))))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # to take apart what has been loaded would take half a second, for which the other process would wait
