"""Three numbers for a script, never one: quality, the compliance gate, and the outcome on simulated callees.

*Quality* (0 to 100): the weights of the binary items that are met, over the weights of those that apply; each item
shows the words it was judged by. *Gate*: one fatal item and quality is 0. *Outcome*: what a call is worth on average,
over many calls with the same callees and the same luck as the baseline; its standard error counts callees, each with
the mean of his or her calls. Items, weights and worths are data (``scorecard.yaml``); they are assumptions [EXT] but
for the rules of the curriculum that they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.errors import InputError
from crmsim.phone import outcome
from crmsim.phone.checks import card, judged
from crmsim.phone.heard import spoken
from crmsim.phone.model import Script


@dataclass(frozen=True, eq=False)
class Scorecard:
    """What `score` found.

    Attributes
    ----------
    quality : float
        0 to 100; 0 when a fatal item was broken.
    items : DataFrame
        One row per item of quality, as `quality` gives it.
    fatal : DataFrame
        The fatal items that were broken, as `gate` gives them.
    outcome, outcome_se : float
        Mean worth of a call (money per callee dialled) and its standard error.
    difference, difference_se : float or None
        Outcome less that of the baseline on the same callees with the same luck; None without a baseline.
    rates : DataFrame
        Indexed by "script" and "baseline": shares of the dialled who answered, whom the script wrote down as won
        (`written_as_won`), who accepted, opted out, complained, and the mean change of satisfaction.
    """

    quality: float
    items: pd.DataFrame
    fatal: pd.DataFrame
    outcome: float
    outcome_se: float
    difference: float | None
    difference_se: float | None
    rates: pd.DataFrame

    def __repr__(self) -> str:
        parts = [f"quality {self.quality:.0f}", f"outcome {self.outcome:.2f} (se {self.outcome_se:.2f})"]
        if self.difference is not None:
            parts.append(f"{self.difference:+.2f} (se {self.difference_se:.2f}) against the baseline")
        if len(self.fatal):
            parts.append("fatal: " + ", ".join(self.fatal.index))
        return f"<Scorecard: {'; '.join(parts)}>"


def quality(what: Any, *, language: str | None = None) -> pd.DataFrame:
    """The items of quality, judged on a script or on a transcript, each with the words it was judged by.

    Parameters
    ----------
    what : Script, or DataFrame from `calls.transcript`
    language : str, optional
        "zh" or "en"; by default that of the script.

    Returns
    -------
    DataFrame
        Indexed by item: `met` (True, False, or missing where it does not apply), `weight`, `place` (node or turn),
        `evidence`, `en`, `zh`. Its `.attrs["quality"]` is the quality, 0 to 100.

    Raises
    ------
    InputError
        It is neither, or nobody said anything.

    Notes
    -----
    quality = 100 x (weights of items met) / (weights of items that apply).

    Examples
    --------
    >>> import crmsim as crm
    >>> table = quality(crm.phone.parse(crm.phone.TINY))
    >>> bool(table.loc["greets", "met"]), 0 <= table.attrs["quality"] <= 100
    (True, True)
    """
    table = _judged("items", what, language)
    table["weight"] = [row["weight"] for row in card()["items"]]
    asked = table["met"].notna()
    met = table.loc[asked, "met"].astype(bool)
    weight = table.loc[asked, "weight"]
    table.attrs["quality"] = float(100 * weight[met].sum() / weight.sum()) if len(weight) else 0.0
    return table[["met", "weight", "place", "evidence", "en", "zh"]]


def gate(what: Any, *, language: str | None = None) -> pd.DataFrame:
    """The fatal items that a script or a transcript breaks: one of them zeroes the call.

    Parameters
    ----------
    what, language
        As for `quality`.

    Returns
    -------
    DataFrame
        Indexed by item, only those broken: `place`, `evidence`, `en`, `zh`.

    Raises
    ------
    InputError
        As for `quality`.

    Examples
    --------
    >>> import crmsim as crm
    >>> list(gate(crm.phone.parse(crm.phone.TINY)).index)
    []
    """
    table = _judged("fatal", what, language)
    return table.loc[[met is False for met in table["met"]], ["place", "evidence", "en", "zh"]]


def score(
    script: Script,
    people: pd.DataFrame,
    baseline: Script | None = None,
    *,
    seed: int = 0,
    replications: int = 5,
    warm: bool = True,
    worth: Mapping[str, float] | None = None,
) -> Scorecard:
    """Quality, gate and outcome of a script, beside a baseline on the same callees with the same luck.

    Parameters
    ----------
    script : Script
    people : DataFrame
        From `crm.phone.callees`; at least two.
    baseline : Script, optional
        What to compare with.
    seed, replications : int
        Which luck, and how many calls to each callee (at least 1).
    warm : bool
        As for `call`.
    worth : dict, optional
        Other worths than those of ``scorecard.yaml``: accepted, opted_out, complained, satisfaction, minute.

    Returns
    -------
    Scorecard

    Raises
    ------
    InputError
        Too few callees or replications, an unknown worth, or an argument that `call` refuses.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=200, periods=4, seed=7))
    >>> script = crm.phone.parse(crm.phone.TINY)
    >>> score(script, crm.phone.callees(run), script, replications=2).difference
    0.0
    """
    if isinstance(replications, bool) or not isinstance(replications, int) or replications < 1:
        raise InputError(f"score: replications={replications!r} is not possible; give a whole number from 1 on.")
    if not isinstance(people, pd.DataFrame) or len(people) < 2:
        raise InputError("score: at least two callees are needed; use crm.phone.callees(run).")
    value = outcome.worths(card()["worth"], worth)
    scripts = {"script": script} | ({"baseline": baseline} if baseline is not None else {})
    how: dict[str, Any] = {"seed": seed, "replications": replications, "warm": warm}
    found = {name: outcome.called(one, people, **how) for name, one in scripts.items()}
    worths = {name: outcome.worth_of(results, value) for name, results in found.items()}
    items, fatal = quality(script), gate(script)
    difference = worths["script"] - worths["baseline"] if baseline is not None else None
    return Scorecard(
        quality=0.0 if len(fatal) else items.attrs["quality"], items=items, fatal=fatal,
        outcome=float(worths["script"].mean()), outcome_se=outcome.error_of(worths["script"]),
        difference=None if difference is None else float(difference.mean()),
        difference_se=None if difference is None else outcome.error_of(difference), rates=outcome.rates(found),
    )  # fmt: skip


@cache
def baseline() -> Script:
    """The shipped baseline: a decent call of 15 nodes that asks for an appointment, in Chinese and English.

    >>> baseline().script
    'baseline'
    """
    from crmsim.phone.reading import load

    return load(Path(__file__).with_name("baseline.yaml"))


def _judged(section: str, what: Any, language: str | None) -> pd.DataFrame:
    rows = [
        {"item": item["id"], "met": answer.met, "place": answer.place, "evidence": answer.evidence,
         "en": item["en"], "zh": item["zh"]}
        for item, answer in judged(section, spoken(what, language))
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"met": object, "place": object}).set_index("item")
