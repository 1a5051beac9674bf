"""What tests of streaming output share: small parts, a policy, and what a folder holds."""

from __future__ import annotations

import hashlib
from pathlib import Path

import crmsim as crm

PART = 90
"""Small parts: the 400 customers of the shop make five."""
GIFT = crm.Offer(at=3, customers=range(0, 400, 3), lift=0.5, cost=1.25, periods=2, name="gift")
UNFINISHED = ".crmsim-unfinished"


def sums(folder: Path) -> dict[str, str]:
    """Checksums of everything that is the same for the same seed; not of what an unfinished attempt keeps inside."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".duckdb"]
    kept = [path for path in files if UNFINISHED not in path.parts]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def names(folder: Path) -> set[str]:
    """Everything in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
