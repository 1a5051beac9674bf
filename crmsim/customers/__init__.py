"""What a firm records about its customers: tables, their dictionary, the warehouse, and shipped data."""

from __future__ import annotations

from crmsim.lazily import lazily

_MODULES = ("datasets", "dictionary", "money", "saving", "star", "tables", "warehouse")

__all__ = [*_MODULES]
__getattr__, __dir__ = lazily(__name__, dict.fromkeys(_MODULES, ""))
