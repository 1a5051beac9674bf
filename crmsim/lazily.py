"""Names of a package that are loaded when they are first used: importing the package is quick, whatever it holds."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazily(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The functions ``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    homes : mapping
        Public name to the module of the package that holds it: "module", "module:other_name", or "" for a module that
        is meant itself.

    Examples
    --------
    >>> load, names = lazily("crmsim", {"InputError": "errors", "value": ""})
    >>> load("InputError").__module__
    'crmsim.errors'
    >>> load("valeu")
    Traceback (most recent call last):
    AttributeError: module 'crmsim' has no attribute 'valeu'
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, there = homes[name].partition(":")
        if not module:
            return importlib.import_module(f"{package}.{name}")
        return getattr(importlib.import_module(f"{package}.{module}"), there or name)

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return load, names
