"""The public names of the phone laboratory: they exist, explain themselves, and are loaded when first used."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import crmsim as crm


@pytest.mark.parametrize("name", crm.phone.__all__)
def test_names_exist_and_explain_themselves(name: str) -> None:
    thing = getattr(crm.phone, name)
    if inspect.isclass(thing) or callable(thing):
        assert inspect.getdoc(thing)
    assert name in dir(crm.phone)


def test_a_name_is_a_function_even_when_every_module_is_loaded() -> None:
    """A module of the name of a function would take its place once it is imported."""
    code = (
        "import importlib, pkgutil, crmsim.phone as phone\n"
        "for found in pkgutil.walk_packages(phone.__path__, 'crmsim.phone.'): importlib.import_module(found.name)\n"
        "print([name for name in phone.__all__ if type(getattr(phone, name)).__name__ == 'module'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_loads_nothing_heavy() -> None:
    code = "import sys, crmsim.phone; print(*{'numpy', 'pandas', 'pydantic', 'ruamel'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_unknown_names_are_no_attributes() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        crm.phone.nosuch  # noqa: B018
