"""The linter of call scripts: groups of rules, each with its findings."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from crmsim.errors import InputError
from crmsim.phone.findings import Finding
from crmsim.phone.model import Script

GROUPS = ("structure", "data", "flow", "calendar", "language", "dynamic")
"""Modules of this package; each has `findings(script) -> Iterator[Finding]`."""


def lint(script: Script) -> list[Finding]:
    """What is wrong with a script: errors first, then warnings, each in the order of the file.

    Parameters
    ----------
    script : Script

    Returns
    -------
    list of Finding
        Empty when no rule is broken. The rules stand in `crm.phone.rules()`.

    Raises
    ------
    InputError
        It is no script.

    Examples
    --------
    >>> import crmsim as crm
    >>> broken = crm.phone.TINY.replace("to: later", "to: latter")
    >>> found = crm.phone.lint(crm.phone.parse(broken))[0]
    >>> found.code, found.node, found.line, found.evidence, found.advice
    ('undefined_target', 'open', 11, 'to: latter', "Did you mean 'later'?")
    """
    if not isinstance(script, Script):
        raise InputError(f"lint: a script is needed, not {type(script).__name__}; read one with `load` or `parse`.")
    found = [finding for group in _groups() for finding in group.findings(script)]
    found += _reached().findings(script, found)
    order = {"error": 0, "warning": 1}
    return sorted(dict.fromkeys(found), key=lambda one: (order[one.severity], one.line or 0, one.column or 0))


@cache
def _groups() -> tuple[Any, ...]:
    return tuple(importlib.import_module(f"{__name__}.{group}") for group in GROUPS)


def _reached() -> Any:
    """The last rule of the dynamic group, which says only what no other rule has said."""
    return importlib.import_module(f"{__name__}.reached")
