"""The examples of the docstrings are run, and every public function of the analysis packages has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest

PACKAGES = ("customers", "etiquette", "lifecycle", "phone", "prospecting", "segments", "service", "value")
ALONE = ("crmsim.course.wordlist", "crmsim.errors", "crmsim.lazily")


def modules() -> Iterator[str]:
    yield from ALONE
    for name in PACKAGES:
        package = importlib.import_module(f"crmsim.{name}")
        yield package.__name__
        yield from (f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__))


@pytest.mark.parametrize("name", sorted(modules()))
def test_examples_print_what_they_say(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0, f"run python -m doctest on {module.__file__}"


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_every_public_function_shows_an_example(package: str) -> None:
    home = importlib.import_module(f"crmsim.{package}")
    functions = [name for name in home.__all__ if inspect.isfunction(getattr(home, name))]
    assert len(functions) >= 10
    assert [name for name in functions if ">>>" not in (inspect.getdoc(getattr(home, name)) or "")] == []


def test_a_wrong_example_would_be_noticed() -> None:
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(wrong, out=lambda text: None).failed == 1
