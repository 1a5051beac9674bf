"""Recipes: how the case of each assignment is made, and when it is fair.

A recipe is a pure function of a seed. `make_case` tries the seeds of a student's attempts 0, 1, 2, … and takes
the first case that `unfair` finds nothing against, so that nobody gets a case without, say, a single lost
customer. Data come from a simulation whose truth is known (`crm.simulate`, or customers who
choose between offers); what only the simulator knows stays with the grader.

A module ``crmsim.course.recipes.<assignment>`` defines ``RECIPE``; an instructor's own assignment can bring its
recipe in the marking scheme instead.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from crmsim.course.cases import Case
from crmsim.course.identity import DEMO_SECRET, hashed, nth_seed, seed_of
from crmsim.errors import InputError, told

MAX_ATTEMPTS = 50


def _always_fair(case: Case) -> list[str]:
    return []


@dataclass(frozen=True)
class Recipe:
    """How a case is made.

    Parameters
    ----------
    build : callable
        ``build(seed)`` returns a `Case`: only what a firm could see.
    unfair : callable
        ``unfair(case)`` returns the reasons, in words, why nobody should get this case; none for a fair one.
    truth : callable, optional
        ``truth(seed)`` returns what only the simulator knows, for marking: any object.
    """

    build: Callable[[int], Case]
    unfair: Callable[[Case], list[str]] = _always_fair
    truth: Callable[[int], Any] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class SealedCase(Case):
    """A case in the grader's hands: the student's tables, and what marking needs besides."""

    seed: int = 0
    recipe: Recipe | None = None
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def truth(self) -> Any:
        """What only the simulator knows, as the recipe gives it; made when first used."""
        if self.recipe is None or self.recipe.truth is None:
            raise InputError(f"The recipe of {self.assignment} has no truth(seed).")
        if "truth" not in self._kept:
            self._kept["truth"] = self.recipe.truth(self.seed)
        return self._kept["truth"]

    def rng(self, name: str) -> np.random.Generator:
        """A random generator for a purpose, always in the same state: for hidden inputs."""
        return np.random.default_rng(hashed(f"{name} of {self.seed}"))

    def public(self) -> Case:
        """The case as the student sees it."""
        return Case(self.assignment, self.today, self.tables, self.facts)


def recipe_of(assignment: str) -> Recipe:
    """The recipe that comes with the package.

    Errors: `InputError` for an assignment without one.
    """
    name = f"{__name__}.{assignment}"
    if not isinstance(assignment, str) or not assignment.isidentifier() or importlib.util.find_spec(name) is None:
        raise InputError(f"There is no case for an assignment called {told(assignment)}. {_known()}")
    recipe = importlib.import_module(name).RECIPE
    assert isinstance(recipe, Recipe)
    return recipe


def make_case(
    recipe: Recipe, assignment: str, student: str, *, secret: bytes = DEMO_SECRET, year: str = "",
) -> SealedCase:
    """The first fair case of a student.

    Errors: `InputError` when no attempt is fair, which means that the recipe asks for too much.
    """
    first = seed_of(assignment, student, secret=secret, year=year)
    reasons: list[str] = []
    for attempt in range(MAX_ATTEMPTS):
        seed = nth_seed(first, attempt)
        case = recipe.build(seed)
        reasons = recipe.unfair(case)
        if not reasons:
            return SealedCase(assignment, case.today, case.tables, case.facts, seed=seed, recipe=recipe)
    raise InputError(f"{assignment}: none of {MAX_ATTEMPTS} cases was fair; the last one: {'; '.join(reasons)}.")


def _known() -> str:
    import pkgutil

    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return f"There are: {', '.join(names)}."
