"""Junk for public functions and classes, good arguments from the examples in their docstrings, and what comes of it."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pandas as pd

from crmsim.errors import InputError

JUNK: dict[str, Any] = {
    "nothing": None,
    "whole": 3,
    "two": 2.0,
    "negative": -1.5,
    "text": "x",
    "list": [],
    "dict": {},
    "mixed": [1, "a", None],
    "set": {1, 2},
    "empty table": pd.DataFrame(),
    "table": pd.DataFrame({"a": [1, 2]}),
    "words": pd.Series(["a", "b"]),
    "nan": float("nan"),
    "function": len,
    "true": True,
    "no date": pd.NaT,
    "date elsewhere": pd.Timestamp("2026-01-31", tz="Asia/Shanghai"),
}
BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class Recorded(Exception):  # noqa: N818 - stops an example at the call that is looked for
    """The function was called with these arguments."""


def home(package: str) -> Any:
    """The package of this name within `crmsim`, or `crmsim` itself."""
    return importlib.import_module(package if package == "crmsim" else f"crmsim.{package}")


def public(package: str, is_kind: Callable[[Any], bool]) -> Iterator[str]:
    """The public names of a package that are of a kind, with the name of the package."""
    yield from (f"{package}.{name}" for name in home(package).__all__ if is_kind(getattr(home(package), name)))


def named(name: str) -> Any:
    """What stands under a name of `public`."""
    package, short = name.rsplit(".", 1)
    return getattr(home(package), short)


def arguments_of(name: str) -> dict[str, Any]:
    """The arguments of the first call in the example of a public function."""
    function, (package, short) = named(name), name.rsplit(".", 1)
    world = vars(importlib.import_module(function.__module__))
    patched = [(home(package), short)]
    return _recorded(function, inspect.getdoc(function), world, patched, names=(function.__name__, short))


def arguments_of_method(cls: type, method: str) -> dict[str, Any]:
    """The same for a method, `self` or `cls` included; the example of the class will do."""
    function = inspect.getattr_static(cls, method)
    plain, world = getattr(function, "__func__", function), vars(importlib.import_module(cls.__module__))
    for text in (plain.__doc__, inspect.getdoc(cls)):
        found = _recorded(plain, text and inspect.cleandoc(text), world, [(cls, method)], wrap=type(function))
        if found:
            return found
    return {}


def _recorded(
    function: Callable[..., Any], example: str | None, world: dict[str, Any], patched: list[tuple[Any, str]], *,
    names: tuple[str, ...] = (), wrap: Any = None,
) -> dict[str, Any]:
    """Runs an example until it calls the function; names in the example's own world are replaced, too."""
    found: dict[str, Any] = {}
    signature = inspect.signature(function)

    def record(*args: Any, **kwargs: Any) -> None:
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            keywords = signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD
            found.update(value if keywords else {name: value})
        raise Recorded

    put: Any = wrap(record) if wrap in (classmethod, staticmethod) else record
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        for owner, name in patched:
            stack.enter_context(mock.patch.object(owner, name, put))
        stack.enter_context(contextlib.suppress(Recorded))
        world = {**world, **dict.fromkeys(names, record)}
        for step in doctest.DocTestParser().get_examples(example or ""):
            shown = InputError if step.exc_msg else ()
            with contextlib.suppress(shown):
                exec(compile(step.source, "example", "single"), world)
    return found


def complaint(function: Callable[..., Any], arguments: dict[str, Any]) -> str | None:
    """None if the call ends as it should, else how it ends."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            function(**arguments)
        except InputError as error:
            return None if str(error).strip() else "an empty message"
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:90]}"
    return None


def complaints(function: Callable[..., Any], good: dict[str, Any]) -> Iterator[str]:
    """How calls end in which each argument, and all that are needed, are replaced by junk."""
    parameters = [one for one in inspect.signature(function).parameters.values() if one.kind in BY_NAME]
    needed = {one.name for one in parameters if one.default is one.empty}
    names = {one.name for one in parameters} | set(good)
    assert needed <= set(good), "the example in the docstring does not call it"
    for label, junk in JUNK.items():
        cases = {name: {**good, name: junk} for name in names} | {"all": {**good, **dict.fromkeys(needed, junk)}}
        ends = {where: complaint(function, arguments) for where, arguments in cases.items()}
        yield from (f"{where}={label}: {end}" for where, end in ends.items() if end)


def mentions(annotation: Any, cls: type) -> bool:
    """Whether a written annotation names a class."""
    return bool(re.search(rf"\b{cls.__name__}\b", str(annotation)))
