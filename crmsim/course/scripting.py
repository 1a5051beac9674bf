"""How call scripts are marked: by the linter, and by what they bring on callees whom the student has never seen.

Half of the points are for the linter: the share of the errors of a given draft that are gone, all for none left. The
other half is for the outcome: the mean worth of a call (`crm.phone.score`) to the callees of a simulated shop, with the
same luck for everybody's script. Calling nobody is worth 0; full marks from a share of the worth of a model script in
the same language. A fatal item (the compliance gate) leaves nothing of that half. Words pasted from one of the examples
that come with the package are noticed, and halve the points.

The question's ``worth=...`` gives a dict: `run_seed` and `seed` of the callees and of the luck, and for each language
`draft_zh`, `model_zh`, `draft_en`, `model_en`, the texts of the draft and the model.
"""

from __future__ import annotations

from functools import lru_cache
from functools import partial as bound
from typing import Any

import pandas as pd

from crmsim.course.comparing import Comparer
from crmsim.course.pasted import MUCH, pasted_from, runs
from crmsim.course.reading import Unreadable
from crmsim.course.values import Outcome, Problem
from crmsim.errors import InputError

CUSTOMERS, PERIODS, REPLICATIONS = 600, 12, 5
WORTH = {"accepted": 100.0, "complained": -40.0, "opted_out": -20.0, "minute": -1.5, "satisfaction": 20.0}
"""What a call is worth, in money [EXT]; the text of the question names these numbers."""
SHOWN = 4
"""So many different errors are named; the student can see the others with `crm.phone.lint`."""


def call_script(*, purpose: str, full: float = 0.6) -> Comparer:
    """The text of a call script with a given purpose, judged by linter and outcome."""
    return Comparer(_read, bound(_judged, purpose=purpose, full=full), is_decision=True, resembles=_much_the_same)


def _read(value: Any) -> str:
    if isinstance(value, Problem):
        raise Unreadable(value.text)
    if not isinstance(value, str):
        raise Unreadable("A text is needed: the script between triple quotes.")
    return value


def _much_the_same(answer: str, mistake: str) -> bool:
    mine, theirs = runs(answer.splitlines()), runs(mistake.splitlines())
    return bool(theirs) and len(mine & theirs) > 0.95 * max(len(mine), len(theirs))


def _judged(answer: str, truth: str, *, worth: dict[str, Any], purpose: str, full: float) -> Outcome:
    from crmsim.phone import parse

    try:
        script = parse(answer)
        if script.purpose != purpose:
            return Outcome(0.0, f"The purpose of the script should be {purpose}, but it is {script.purpose}.")
        manners, told = _manners(answer, worth[f"draft_{script.language}"])
        outcome, brought = _brings(answer, script.language, worth, full=full)
        name, share = pasted_from(script)
    except InputError as error:
        return Outcome(0.0, f"The script cannot be read. {error}")
    notes = [*told, *brought]
    if share >= MUCH:
        notes.append(f"{share:.0%} of your words stand in the example {name}: a script in your own words earns all.")
    return Outcome((manners + outcome) / (4 if share >= MUCH else 2), " ".join(notes))


def _errors(text: str) -> list[str]:
    """The errors of the linter, as node and code."""
    from crmsim.phone import lint, parse

    found = [finding for finding in lint(parse(text)) if finding.severity == "error"]
    return [f"{finding.node or 'calendar or whole'}: {finding.code}" for finding in found]


@lru_cache(maxsize=8)
def _n_errors(draft: str) -> int:
    return len(_errors(draft))


def _manners(answer: str, draft: str) -> tuple[float, list[str]]:
    found = _errors(answer)
    if not found:
        return 1.0, ["The linter finds no error."]
    named = ", ".join(list(dict.fromkeys(found))[:SHOWN])
    many = "1 error" if len(found) == 1 else f"{len(found)} errors"
    return max(0.0, 1 - len(found) / _n_errors(draft)), [f"The linter finds {many}: {named}."]


def _brings(answer: str, language: str, worth: dict[str, Any], *, full: float) -> tuple[float, list[str]]:
    """The share of the points for the outcome, and what to say about it."""
    seeds = int(worth["run_seed"]), int(worth["seed"])
    card = _scored(answer, worth[f"draft_{language}"], *seeds)
    if len(card.fatal):
        return 0.0, [f"Whatever it brings, it must not be used: {', '.join(card.fatal['en'])}."]
    aim = full * _scored(worth[f"model_{language}"], worth[f"draft_{language}"], *seeds).outcome
    note = (
        f"On {len(_people(seeds[0]))} people whom you do not know, each called {REPLICATIONS} times, a call brings "
        f"{card.outcome:.2f} (standard error {card.outcome_se:.2f}): {card.difference:+.2f} "
        f"(standard error {card.difference_se:.2f}) beside the draft, with the same people and the same luck."
    )
    if card.outcome >= aim:
        return 1.0, [note]
    return max(0.0, card.outcome / aim if aim > 0 else 0.0), [f"{note} Full points begin at {aim:.2f}."]


@lru_cache(maxsize=2)
def _people(run_seed: int) -> pd.DataFrame:
    import crmsim as crm

    shop = crm.scenario("retail").replace(customers=CUSTOMERS, periods=PERIODS, seed=run_seed)
    people: pd.DataFrame = crm.phone.callees(crm.simulate(shop, progress=False))
    return people


@lru_cache(maxsize=16)
def _scored(text: str, draft: str, run_seed: int, seed: int) -> Any:
    from crmsim.phone import parse, score

    people = _people(run_seed)
    return score(parse(text), people, parse(draft), seed=seed, replications=REPLICATIONS, worth=WORTH)
