"""Who is called: simulated customers as callees, with what the engine knows of them and what only a call shows.

From the engine come money, authority and need (the MAN rule), patience, the stage of the lifecycle, satisfaction and
complaints, all as they stand at the beginning of period `at`. What the engine does not know (rudeness, time, language,
a name) is drawn by the tables of ``callee.yaml``, once for life. Two kinds of columns stand side by side: what the firm
has on record, which the conditions of a script may ask for, and the truth, which only the callee follows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import instance, names_of, seed_of
from crmsim.engine.levers import Lever
from crmsim.engine.offers import Offer
from crmsim.engine.simulate import Run, simulate
from crmsim.errors import InputError, told
from crmsim.phone import luck, records
from crmsim.phone.tables import Tables, tables

Ids = npt.NDArray[np.int64]
MOST_OBJECTIONS = 4


def callees(run: Any, at: int | None = None, *, customers: Any = None, seed: int = 0) -> pd.DataFrame:
    """The customers of a run as callees of a call at the beginning of a period.

    Parameters
    ----------
    run : Run
        A simulated firm, with its truth.
    at : int, optional
        Period from 1 on; the end of the run by default. What comes later is not looked at.
    customers : iterable of customer ids, optional
        Whom to call; everybody who has arrived by default. Who has not arrived is left out.
    seed : int
        Which luck the traits are drawn with that the engine does not know.

    Returns
    -------
    DataFrame
        Indexed by `customer_id`. On record: `stage`, `satisfaction` (score 1 to 5 of the last survey, empty if never
        asked), `open_complaint`, `member`, `months_since_purchase`, `do_not_call`, `kind`, `language`, `name`,
        `honorific`, `n_contacts` (earlier calls). Truth: `money`, `authority`, `need`, `patience` (0 to 1), `mood`
        (satisfaction as a score), `rudeness` (0 to 1), `time_budget_seconds`, `objections`, `z_trust`, `z_interest`.

    Raises
    ------
    InputError
        It is no run with its truth, `at` is not one of its periods, or the customers or the seed are no whole numbers.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=60, periods=4, seed=7))
    >>> people = callees(run, at=3)
    >>> people.index.name, bool(people["patience"].between(0, 1).all())
    ('customer_id', True)
    """
    if not isinstance(run, Run):
        raise InputError(
            f"callees: a simulated run with its truth is needed, but a {type(run).__name__} was given; "
            "use the result of crm.simulate(...), not run.until(...)."
        )
    run = as_of(run, at)
    known = run.truth.customers
    ids = _chosen(customers, known.index)
    truth, table = known.loc[ids], tables()
    found = pd.DataFrame(index=pd.Index(ids, name="customer_id", dtype="int64"))
    found["money"], found["authority"], found["need"] = (truth[f"has_{n}"] for n in ("money", "authority", "need"))
    mean = run.scenario.traits.patience_minutes
    found["patience"] = -np.expm1(-truth["patience_minutes"] / mean) if mean > 0 else 0.5
    found["mood"] = records.mood_score(run, truth["satisfaction"])
    for name, column in records.on_record(run, ids, int(table.number("people", "complaint_open_periods"))).items():
        found[name] = column
    return _with_own_luck(found, luck.keys(seed_of(seed), luck.FOR_LIFE, ids), table)


def as_of(run: Run, at: int | None) -> Run:
    """The run as it stood at the beginning of period `at`; by default as it is."""
    instance("run", run, Run, made_by="crm.simulate(scenario)")
    if at is None:
        return run
    if isinstance(at, bool) or not isinstance(at, (int, np.integer)) or not 1 <= at <= run.periods:
        raise InputError(f"callees: at={told(at)} is not possible; give a whole number from 1 to {run.periods}.")
    if at == run.periods:
        return run
    earlier: list[Offer | Lever] = [step.offer for step in run.plan.steps if step.offer.at < at]
    shorter = run.scenario.model_copy(update={"periods": int(at)})
    return simulate(shorter, policy=[*earlier, *run.plan.levers], replication=run.replication, progress=False)


def _chosen(customers: Any, known: pd.Index[Any]) -> Ids:
    """The ids to call, sorted; who has not arrived cannot be called."""
    if customers is None:
        return known.to_numpy(dtype=np.int64)
    if isinstance(customers, (pd.DataFrame, str, bytes, dict)):
        raise InputError("callees: customers must be a list of customer ids; of a table, give its index: table.index.")
    ids = pd.Index(names_of("callees: customers", customers, example="[3, 5]"))
    if len(ids) and not pd.api.types.is_integer_dtype(ids.dtype):
        raise InputError(f"callees: customer ids are whole numbers, but {ids[0]!r} was given.")
    return np.intersect1d(ids.to_numpy(dtype=np.int64), known.to_numpy(dtype=np.int64))


def _with_own_luck(found: pd.DataFrame, keys: luck.Keys, table: Tables) -> pd.DataFrame:
    """The traits that the engine does not know."""
    from scipy.special import expit, ndtri, pdtr

    def number(name: str) -> float:
        return table.number("people", name)

    normal = {purpose: ndtri(luck.uniforms(keys, purpose)) for purpose in (luck.RUDE, luck.HURRY)}
    per_score = number("rudeness_per_score") * (found["mood"] - 3)
    found["rudeness"] = expit(number("rudeness_base") + number("rudeness_sd") * normal[luck.RUDE] + per_score)
    found["time_budget_seconds"] = number("time_budget_seconds") * np.exp(
        number("time_budget_sd") * normal[luck.HURRY]
    )
    below = pdtr(np.arange(MOST_OBJECTIONS), number("objections_mean"))  # Poisson, cut at the most
    found["objections"] = np.searchsorted(below, luck.uniforms(keys, luck.OBJECTIONS)).astype(np.int64)
    found["z_trust"] = ndtri(luck.uniforms(keys, luck.TRUST))
    found["z_interest"] = ndtri(luck.uniforms(keys, luck.INTEREST))
    chinese = luck.uniforms(keys, luck.LANGUAGE) < number("chinese_share")
    found["language"] = np.where(chinese, "zh", "en")
    found["name"], found["honorific"] = _names(keys, chinese)
    return found


def _names(keys: luck.Keys, chinese: npt.NDArray[np.bool_]) -> tuple[list[str], list[str]]:
    """Surname and honorific, in the language of each callee."""
    languages = np.where(chinese, "zh", "en")
    found = []
    for kind, purpose in (("surnames", luck.SURNAME), ("honorifics", luck.HONORIFIC)):
        rows = _address()[kind]
        which = (luck.uniforms(keys, purpose) * len(rows)).astype(int)
        found.append([rows[k][language] for k, language in zip(which, languages, strict=True)])
    return found[0], found[1]


@cache
def _address() -> dict[str, list[dict[str, str]]]:
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(Path(__file__).with_name("surnames.yaml"))
    return dict(content)


def in_language(kind: str, name: str, language: str) -> str:
    """A surname or honorific in another language; kind: "surnames" or "honorifics".

    >>> in_language("surnames", "王", "en")
    'Wang'
    """
    return next((row[language] for row in _address()[kind] if name in row.values()), name)
