"""What a firm records about its customers: tables, their dictionary, the warehouse, and shipped data."""

from __future__ import annotations

import importlib
from typing import Any

_MODULES = ("datasets", "dictionary", "money", "saving", "star", "tables", "warehouse")

__all__ = [*_MODULES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f"crmsim.customers.{name}")
    raise AttributeError(f"module 'crmsim.customers' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
