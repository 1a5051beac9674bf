"""What the grader has already computed and a template would have to compute again: compiled code, lists of fonts."""

from __future__ import annotations

import os
from pathlib import Path

from crmsim.course.sandbox.namespaces import CACHES


def caches() -> list[tuple[Path, str]]:
    """Folders of this machine with their names inside a sandbox."""
    from crmsim.engine.caching import choose_cache

    found = [(Path(choose_cache()), f"{CACHES}/numba"), (_fonts(), f"{CACHES}/matplotlib")]
    return [(path, name) for path, name in found if path.is_dir()]


def _fonts() -> Path:
    """Where matplotlib keeps its list of fonts (its documentation, "matplotlib configuration and cache")."""
    chosen = os.environ.get("MPLCONFIGDIR")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(chosen) if chosen else Path(base) / "matplotlib"
