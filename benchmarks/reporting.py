"""What every benchmark program shares: where it ran, how a table looks, where the numbers go."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("numba", "numpy", "pandas", "scipy", "simpy", "mesa")


def arguments(name: str, about: str, **options: tuple[int, str]) -> argparse.Namespace:
    """The command line: `--out`, and whole numbers with their defaults."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--out", type=Path, default=RESULTS / f"{name}.json", help="file for the numbers (JSON)")
    for option, (default, text) in options.items():
        parser.add_argument(f"--{option}", type=int, default=default, help=f"{text} (default {default})")
    return parser.parse_args()


def machine() -> dict[str, Any]:
    """Processor, system and versions, without which a time means nothing."""
    return {
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def spread(seconds: Sequence[float]) -> dict[str, Any]:
    """Median and extremes of repeated times."""
    return {"median": statistics.median(seconds), "least": min(seconds), "most": max(seconds), "all": list(seconds)}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be; the first flush left, the others right."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    lines = []
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def write(path: Path, content: dict[str, Any]) -> None:
    """The numbers as JSON, beside the machine they were measured on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine(), **content}, indent=1) + "\n", encoding="utf-8")
    print(f"\nWritten to {path}")
