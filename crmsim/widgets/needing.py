"""What has to be installed before a widget can be made."""

from __future__ import annotations

import importlib.util

from crmsim.errors import InputError


def need_ipywidgets(what: str) -> None:
    """Raise `InputError` with the command to run where `ipywidgets` is not installed."""
    if importlib.util.find_spec("ipywidgets") is None:
        raise InputError(
            f"The {what} needs the package ipywidgets, which is not installed. Run: pip install 'crmsim[student]'"
        )
