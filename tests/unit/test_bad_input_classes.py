"""Whatever is given to a public class, to its methods, or, in an object of it, to a function: a result or one message.

The classes are found by their public names. Those that a public function gives back (results) are not
made by users; of these the methods are tried. What a user makes is made with junk, and if that is possible, handed to
every public function that takes such a thing. A method needs an example in its docstring or in that of its class.

The building blocks of a call script are read from files and checked by `crmsim.phone.parse`: see test_phone_reading.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import junk
import pytest
from pydantic import BaseModel

import crmsim as crm
from crmsim.errors import InputError

PACKAGES = ("etiquette", "lifecycle", "phone", "prospecting", "segments", "service", "value")
# What makes a method quick that works long on good arguments.
QUICK: dict[str, dict[str, Any]] = {"value.Shoppers.buying_share": {"replications": 2}}


def is_class(thing: Any) -> bool:
    """Whether it is a class that users make or get, not an error, nor a building block of a file."""
    return inspect.isclass(thing) and not issubclass(thing, (BaseException, BaseModel))


CLASSES = [name for package in PACKAGES for name in junk.public(package, is_class)]
FUNCTIONS = [name for package in PACKAGES for name in junk.public(package, inspect.isfunction)]


def own_methods(cls: type) -> Iterator[str]:
    """Public methods, written in this project, that take something."""
    for name in dir(cls):
        method = inspect.getattr_static(cls, name)
        plain = getattr(method, "__func__", method)
        ours = inspect.isfunction(plain) and plain.__module__.startswith("crmsim")
        if ours and not name.startswith("_") and len(inspect.signature(plain).parameters) > 1:
            yield name


METHODS = [f"{name}.{method}" for name in CLASSES for method in own_methods(junk.named(name))]


def made_by_users(name: str) -> bool:
    cls = junk.named(name)
    return not any(junk.mentions(inspect.signature(junk.named(each)).return_annotation, cls) for each in FUNCTIONS)


MADE = [name for name in CLASSES if made_by_users(name)]


def takers(cls: type) -> list[tuple[str, str, bool]]:
    """Public functions with a parameter of this class, and whether it takes several of them."""
    found = []
    for name in FUNCTIONS:
        for parameter in inspect.signature(junk.named(name)).parameters.values():
            if junk.mentions(parameter.annotation, cls):
                several = any(word in str(parameter.annotation) for word in ("Sequence", "Iterable", "list", "tuple"))
                found.append((name, parameter.name, several))
    return found


def attempts(cls: type) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Ways to make an object: one argument is junk, the others as in the example or by default; or all are."""
    parameters = inspect.signature(cls).parameters
    needed = {one.name for one in parameters.values() if one.default is one.empty and one.kind in junk.BY_NAME}
    good = {name: value for name, value in junk.arguments_of_method(cls, "__init__").items() if name != "self"}
    for label, thing in junk.JUNK.items():
        base = {**dict.fromkeys(needed, thing), **good}
        for name in parameters:
            yield f"{name}={label}", partial(cls, **{**base, name: thing})


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_made_with_junk_ends_in_a_result_or_one_message(name: str) -> None:
    told = repr if name in MADE else id  # nobody prints a result that he made himself
    ends = {where: junk.complaint(lambda make: told(make()), {"make": make})
            for where, make in attempts(junk.named(name))}
    assert {where: end for where, end in ends.items() if end} == {}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_called_with_junk_ends_in_a_result_or_one_message(name: str) -> None:
    owner, method = name.rsplit(".", 1)
    cls = junk.named(owner)
    good = junk.arguments_of_method(cls, method)
    assert good, "no example in the docstring calls it"
    itself = good.pop("self", None) or good.pop("cls")
    assert list(junk.complaints(getattr(itself, method), {**good, **QUICK.get(name, {})})) == []


@dataclass(frozen=True)
class Careless:
    """A class that checks nothing."""

    length: float


def used(cls: type, taker: str, parameter: str, *, several: bool) -> Iterator[str]:
    """How a function ends that gets an object with junk in it."""
    function, good = junk.named(taker), junk.arguments_of(taker)
    for where, make in attempts(cls):
        try:
            thing = make()
        except InputError:
            continue
        end = junk.complaint(function, {**good, parameter: [thing] if several else thing})
        if end:
            yield f"{cls.__name__}({where}): {end}"


USES = [(name, *taker) for name in MADE for taker in takers(junk.named(name))]


@pytest.mark.parametrize(("name", "taker", "parameter", "several"), USES, ids=[f"{u[0]}-{u[1]}" for u in USES])
def test_an_object_with_junk_in_it_ends_in_a_result_or_one_message(
    name: str, taker: str, parameter: str, several: bool,
) -> None:
    assert list(used(junk.named(name), taker, parameter, several=several)) == []


def test_the_classes_that_users_make_are_found() -> None:
    assert {"lifecycle.ClassParams", "segments.RFMCuts", "segments.SegmentRule", "prospecting.BlockLimits",
            "service.DeskRules"} <= {use[0] for use in USES}
    assert {"value.BGNBD.expected_purchases", "value.Shoppers.choices", "etiquette.Round.do"} <= set(METHODS)


def test_a_careless_class_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crm.segments, "gini", lambda values: values.length + 1)
    monkeypatch.setattr(junk, "arguments_of", lambda name: {})
    assert any("length=text" in end for end in used(Careless, "segments.gini", "values", several=False))


@pytest.mark.parametrize(("make", "words"), [
    (lambda: crm.lifecycle.ClassParams(lapse_days="180"), "lapse_days='180' must be a number of days"),
    (lambda: crm.lifecycle.ClassParams(n_loyal=None), "n_loyal=None must be a whole number"),
    (lambda: crm.segments.RFMCuts(recency_days=30), "recency_days: a list is needed, such as .30, 60, 90, 180."),
    (lambda: crm.segments.RFMCuts().score_monetary(["much"]), "amounts: numbers are needed"),
    (lambda: crm.segments.SegmentRule("a", "甲", "m", r=5), "r: a list is needed, such as .4, 5."),
    (lambda: crm.segments.SegmentRule("a", "甲", "m", r=(5, 4)), "'a': r=.5, 4. must be the lowest and the highest"),
    (lambda: crm.service.DeskRules(stress="no"), "stress='no' is not possible: give True or False"),
    (lambda: crm.value.Historic().probability_alive(3), "summary: a table is needed, but 3 was given"),
    (lambda: crm.value.ShiftedBetaGeometric.from_params(alpha=1, beta=1).expected_purchases([1, 2]), "one length of"),
    (lambda: crm.etiquette.Round().do(["call"]), "step 1: .'call'. is no step"),
])
def test_a_real_mistake_is_told_with_what_to_do(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()
